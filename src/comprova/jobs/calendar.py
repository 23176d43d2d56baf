"""The business calendar of a job: its public holidays in a period, as a parameter that queries can use."""

from collections.abc import Iterable
from datetime import date, timedelta

from comprova.errors import ContentError, Problem
from comprova.evidence.calendar import BusinessCalendar, DayOff
from comprova.jobs.definition import Calendar
from comprova.period import Period

_LATER = timedelta(days=365)


def holidays_of(calendar: Calendar, period: Period, where: str) -> tuple[dict[str, str | date], ...]:
    """Return the holidays of a period: rows of `day` and `name`, in order.

    The names are the country's own, from the package `holidays`; an extra day's name takes their place.

    Raises:
        ContentError: The country or subdivision is not known.
    """
    named = dict(_public(calendar, period, where)) | {holiday.day: holiday.name for holiday in calendar.extra}
    return tuple({"day": day, "name": named[day]} for day in period.days if day in named)


def calendar_of(calendar: Calendar, period: Period, where: str) -> BusinessCalendar:
    """Return the days off from the start of a period until a year after its end: deadlines are counted in it later.

    Raises:
        ContentError: The country or subdivision is not known.
    """
    first, last = period.first_day, period.end_day + _LATER
    whole = Period.parse(f"{first}..{last}", period.time_zone)
    days_off = tuple(DayOff.model_validate(one) for one in holidays_of(calendar, whole, where))
    return BusinessCalendar(
        country=calendar.country, subdivision=calendar.subdivision, first=first, last=last, days_off=days_off
    )


def _public(calendar: Calendar, period: Period, where: str) -> Iterable[tuple[date, str]]:
    if not calendar.country:
        return ()
    import holidays

    last = period.end_day - timedelta(days=1)
    subdivision = calendar.subdivision or None
    try:
        # Without a language, the names would be in that of the machine's environment.
        language = holidays.country_holidays(calendar.country, subdiv=subdivision).default_language
        known = holidays.country_holidays(
            calendar.country, subdiv=subdivision, years=range(period.first_day.year, last.year + 1), language=language
        )
    except NotImplementedError as error:
        found = f"{calendar.country} {calendar.subdivision}".strip()
        raise ContentError(
            Problem(
                f"{where}: calendar", "a country and subdivision of the package `holidays`, such as BR and SP", found
            )
        ) from error
    return known.items()
