"""`calendar.json`: the job's days off, so that a date counted in working days can be told from the evidence alone."""

from datetime import date, timedelta
from typing import Literal

from comprova.evidence.model import FORMAT, Fact

_SATURDAY = 5


class DayOff(Fact):
    """One public holiday, or another day off that the job names."""

    day: date
    name: str


class BusinessCalendar(Fact):
    """The whole file.

    Attributes:
        country: ISO 3166-1 code; empty where the job names none, and only weekends are no working days.
        subdivision: ISO 3166-2 part after the country; empty for none.
        first, last: The days that it knows of, both included; of others it says nothing.
        days_off: In order; weekends are not among them.
    """

    format: Literal[1] = FORMAT
    country: str
    subdivision: str
    first: date
    last: date
    days_off: tuple[DayOff, ...]

    def working_day_after(self, day: date, count: int) -> tuple[date, tuple[DayOff, ...]] | None:
        """Return the day on which a number of working days after a day are over, and the days off on the way.

        The day itself is not counted; Saturdays, Sundays and days off are no working days.

        Returns:
            None where the calendar does not reach that far.
        """
        off = {one.day: one for one in self.days_off}
        skipped = []
        while count:
            day += timedelta(days=1)
            if not self.first <= day <= self.last:
                return None
            if day.weekday() >= _SATURDAY:
                continue
            if day in off:
                skipped.append(off[day])
                continue
            count -= 1
        return day, tuple(skipped)
