"""The business calendar of a job: its public holidays in a period, as a parameter that queries can use."""

from collections.abc import Iterable
from datetime import date, timedelta

from comprova.errors import ContentError, Problem
from comprova.jobs.definition import Calendar
from comprova.period import Period


def holidays_of(calendar: Calendar, period: Period, where: str) -> tuple[dict[str, str | date], ...]:
    """Return the holidays of a period: rows of `day` and `name`, in order.

    The names are the country's own, from the package `holidays`.

    Raises:
        ContentError: The country or subdivision is not known, or an extra day is no date.
    """
    extra = [(_day(holiday.day, where), holiday.name) for holiday in calendar.extra]
    named = dict(sorted([*_public(calendar, period, where), *extra]))
    within = set(period.days)
    return tuple({"day": day, "name": name} for day, name in named.items() if day in within)


def _public(calendar: Calendar, period: Period, where: str) -> Iterable[tuple[date, str]]:
    if not calendar.country:
        return ()
    import holidays

    last = period.end_day - timedelta(days=1)
    try:
        known = holidays.country_holidays(
            calendar.country,
            subdiv=calendar.subdivision or None,
            years=range(period.first_day.year, last.year + 1),
        )
    except NotImplementedError as error:
        found = f"{calendar.country} {calendar.subdivision}".strip()
        raise ContentError(
            Problem(
                f"{where}: calendar", "a country and subdivision of the package `holidays`, such as BR and SP", found
            )
        ) from error
    return sorted(known.items())


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ContentError(Problem(f"{where}: calendar.extra", "a date such as 2026-10-12", repr(text))) from error
