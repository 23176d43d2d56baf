"""When things happen at a Brazilian company: working days, national holidays, and the hours of a day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from comprova.period import Period, zone
from comprova.sample.company import TIME_ZONE
from comprova.sample.ids import Chance

_FIXED_HOLIDAYS = ((1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25))
"""Month and day of the national holidays: Lei 662/1949, Lei 6.802/1980, Lei 14.759/2023."""

_STATE_HOLIDAYS = ((7, 9),)
"""Of São Paulo, where the company sits: Lei estadual 9.497/1997."""

_DAYS_FROM_EASTER = (-48, -47, -2, 60)
"""Carnival Monday and Tuesday, Good Friday, Corpus Christi: bank holidays, Resolução CMN 4.880/2020."""

_SATURDAY, _SUNDAY = 5, 6

EVEN_HOURS = (1,) * 24

PAYMENT_HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 13, 14, 16, 14, 12, 12, 12, 13, 15, 14, 11, 8, 5, 3)
"""How payments spread over the 24 hours of a day, local time."""

SWEEP_HOURS = (0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0)
"""The hours, local time, at which AWS services inspect the accounts."""

OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 10, 9, 4, 5, 9, 9, 8, 0, 0, 0, 0, 0, 0, 0)
"""How office work spreads over the 24 hours of a day, local time; nobody stays after 17:00 by accident."""


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the days on which nobody works in São Paulo, weekends apart: bank holidays and that of the state."""
    easter = _easter(year)
    return frozenset(
        [date(year, month, day) for month, day in _FIXED_HOLIDAYS + _STATE_HOLIDAYS]
        + [easter + timedelta(days=days) for days in _DAYS_FROM_EASTER]
    )


def is_business_day(day: date) -> bool:
    """Tell whether people work that day."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def at(day: date, hour: int, minute: int, second: int = 0) -> datetime:
    """Return a local time of a day as UTC."""
    return datetime.combine(day, time(hour, minute, second), zone(TIME_ZONE)).astimezone(UTC)


def local_day(moment: datetime) -> date:
    """Return the company's day of a moment."""
    return moment.astimezone(zone(TIME_ZONE)).date()


def times(chance: Chance, day: date, hours: tuple[int, ...], count: int) -> list[datetime]:
    """Draw moments of a local day, in UTC, spread as `hours` weighs them; in order."""
    return _times(chance, day, hours, count, range(3600))


def batch_times(chance: Chance, day: date, hours: tuple[int, ...], count: int) -> list[datetime]:
    """Draw moments as `times` does, but of programs, which run in hourly batches from five to fourteen minutes past."""
    return _times(chance, day, hours, count, range(300, 840))


def _times(chance: Chance, day: date, hours: tuple[int, ...], count: int, seconds: range) -> list[datetime]:
    midnight = at(day, 0, 0)
    return sorted(
        midnight + timedelta(hours=hour, seconds=chance.choice(seconds))
        for hour in chance.choices(range(24), weights=hours, k=count)
    )


def count_of(chance: Chance, mean: float) -> int:
    """Draw how often something happens in a day: around the mean, a quarter more or less."""
    low = mean * chance.uniform(0.75, 1.25)
    return int(low) + (chance.random() < low % 1)


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of the company.

    Attributes:
        period: The month as a period in the company's time zone.
    """

    period: Period

    @property
    def label(self) -> str:
        """The month's name, as `2026-10`."""
        return self.period.label

    def business_day(self, number: int) -> date:
        """Return the first, second, … business day; every month has at least 18."""
        return [day for day in self.period.days if is_business_day(day)][number - 1]

    def last_business_day(self, before: int = 0) -> date:
        """Return the last business day, or the one so many business days before it."""
        return [day for day in self.period.days if is_business_day(day)][-1 - before]

    def sunday(self, number: int) -> date:
        """Return the first, second, … Sunday."""
        return [day for day in self.period.days if day.weekday() == _SUNDAY][number - 1]

    def holiday(self) -> date | None:
        """Return the first holiday that falls on a weekday, if there is one."""
        days = (day for day in self.period.days if day.weekday() < _SATURDAY and not is_business_day(day))
        return next(days, None)


def _easter(year: int) -> date:
    """Return Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - f + 15) % 30
    i, k = divmod(c, 4)
    x = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * x) // 451
    month, day = divmod(h + x - 7 * m + 114, 31)
    return date(year, month, day + 1)
