"""Periods: half-open UTC intervals, cut in the time zone of a job."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comprova.errors import ComprovaError, Problem

_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(?P<year>\d{4})-Q(?P<quarter>[1-4])")
_RANGE = re.compile(r"(?P<first>\d{4}-\d{2}-\d{2})\.\.(?P<last>\d{4}-\d{2}-\d{2})")

_OTHER_CLOCKS = ("right/", "posix/", "posixrules", "localtime")
"""What lies among the zones of a machine and is none: clocks with leap seconds, and the machine's own zone."""
_YEARS = range(2000, 3000)

CLOSING_DELAY = timedelta(days=2)
"""CloudTrail may deliver an event up to two delivery dates after it happened; until then a period is not closed."""


def zone(name: str) -> ZoneInfo:
    """Return the IANA time zone of that name.

    Raises:
        ComprovaError: There is no such zone.
    """
    unknown = ComprovaError(Problem("time zone", "an IANA name such as America/Sao_Paulo or UTC", repr(name)))
    if name.startswith(_OTHER_CLOCKS):
        raise unknown
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the name of a folder, such as America
        raise unknown from error


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open interval of time, [start, end).

    Attributes:
        label: How the user names it: `2026-10`, `2026-Q3` or `2026-10-01..2026-10-15` (both days included).
        first_day: The first calendar day, in `time_zone`.
        end_day: The calendar day after the last one, in `time_zone`.
        time_zone: IANA name of the zone in which the days begin and end.
    """

    label: str
    first_day: date
    end_day: date
    time_zone: str

    @classmethod
    def parse(cls, label: str, time_zone: str) -> "Period":
        """Read a month, a quarter, or a range of days (both included), of the years 2000 to 2999.

        Raises:
            ComprovaError: The label is none of these, or the range ends before it starts.
        """
        zone(time_zone)
        try:
            first, end = _days(label)
        except (ValueError, OverflowError) as error:
            expected = "a month (2026-10), a quarter (2026-Q3) or days (2026-10-01..2026-10-15)"
            raise ComprovaError(Problem("--period", expected, repr(label))) from error
        if first.year not in _YEARS or end.year not in _YEARS:
            raise ComprovaError(Problem("--period", f"years from {_YEARS[0]} to {_YEARS[-1]}", repr(label)))
        return cls(label, first, end, time_zone)

    @classmethod
    def month_before(cls, moment: datetime, time_zone: str) -> "Period":
        """Return the last whole calendar month, in `time_zone`, before an aware moment."""
        first_of_month = moment.astimezone(zone(time_zone)).date().replace(day=1)
        return cls.parse(f"{first_of_month - timedelta(days=1):%Y-%m}", time_zone)

    @property
    def before(self) -> "Period":
        """The period of the same kind that ends where this one starts: a month, a quarter, or as many days.

        Raises:
            ComprovaError: It would lie before the years that periods may have.
        """
        last = self.first_day - timedelta(days=1)
        if _MONTH.fullmatch(self.label):
            label = f"{last:%Y-%m}"
        elif _QUARTER.fullmatch(self.label):
            label = f"{last.year:04}-Q{(last.month + 2) // 3}"
        else:
            label = f"{self.first_day - (self.end_day - self.first_day)}..{last}"
        return Period.parse(label, self.time_zone)

    @property
    def start(self) -> datetime:
        """The first instant of the period, in UTC."""
        return _midnight(self.first_day, self.time_zone)

    @property
    def end(self) -> datetime:
        """The first instant after the period, in UTC."""
        return _midnight(self.end_day, self.time_zone)

    @property
    def days(self) -> Iterator[date]:
        """The calendar days of the period in its time zone, in order."""
        return (self.first_day + timedelta(days=n) for n in range((self.end_day - self.first_day).days))

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """Return the first instant of a calendar day in the period's time zone and the first after it, in UTC."""
        return _midnight(day, self.time_zone), _midnight(day + timedelta(days=1), self.time_zone)

    def closed_at(self, moment: datetime) -> bool:
        """Tell whether all events of the period can be expected to be delivered by an aware moment."""
        return moment >= self.end + CLOSING_DELAY


def _days(label: str) -> tuple[date, date]:
    """Return the first day of a label and the day after its last."""
    if match := _MONTH.fullmatch(label):
        return _months(int(match["year"]), int(match["month"]), 1)
    if match := _QUARTER.fullmatch(label):
        return _months(int(match["year"]), 3 * int(match["quarter"]) - 2, 3)
    if match := _RANGE.fullmatch(label):
        first, last = date.fromisoformat(match["first"]), date.fromisoformat(match["last"])
        if first <= last:
            return first, last + timedelta(days=1)
    raise ValueError(label)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    after = month - 1 + count
    return date(year, month, 1), date(year + after // 12, after % 12 + 1, 1)


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time.min, zone(time_zone)).astimezone(UTC)
