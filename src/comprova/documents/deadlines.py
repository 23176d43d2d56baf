"""Counts the legal deadlines that begin with knowledge of an incident. It never says that anything must be notified.

Sources, by rule:

- LGPD: Resolução CD/ANPD 15/2024, art. 6, three working days from knowledge that the incident affected personal data;
  art. 9, the same for data subjects. Working days are those of the job's calendar; the day of knowledge is not counted
  and the last is (Lei 9.784/1999, art. 66).
- GDPR: Regulation (EU) 2016/679, Art. 33(1), 72 hours after having become aware. Regulation (EEC, Euratom) 1182/71,
  Art. 3(1) and (2)(a): the hour in which it happened is not counted, and the period ends with its last hour; Art. 3(3):
  holidays and weekends count. Art. 3(5), by which a period of two days or more holds two working days, could only make
  it end later, and is left out.
- HIPAA: 45 CFR 164.404(b), 60 calendar days after discovery, to individuals, and 164.408(b) to the Secretary where 500
  or more are affected; 164.408(c), where fewer are, 60 days after the end of the calendar year of discovery.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo

from comprova.evidence.calendar import BusinessCalendar, DayOff

_LGPD_WORKING_DAYS = 3
_GDPR_HOURS = timedelta(hours=72)
_HIPAA_DAYS = timedelta(days=60)


class DeadlineRule(StrEnum):
    """A provision that counts from knowledge of an incident."""

    LGPD = "lgpd"
    """To the ANPD and to data subjects."""
    GDPR = "gdpr"
    """To the supervisory authority."""
    HIPAA = "hipaa"
    """To individuals, and to the Secretary where 500 or more are affected."""
    HIPAA_FEWER = "hipaa-fewer"
    """To the Secretary where fewer than 500 are affected."""


RULES: Mapping[str, tuple[DeadlineRule, ...]] = {
    "lgpd": (DeadlineRule.LGPD,),
    "gdpr": (DeadlineRule.GDPR,),
    "hipaa": (DeadlineRule.HIPAA, DeadlineRule.HIPAA_FEWER),
}
"""By the id of a framework; the others set no deadline of their own."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a deadline ends.

    Attributes:
        rule: By which it is counted.
        last_day: The last day, where it is counted in days; None where the calendar of the evidence does not reach it.
        moment: The moment, in UTC, where it is counted in hours.
        days_off: Days off on the way, which were not counted as working days.
    """

    rule: DeadlineRule
    last_day: date | None = None
    moment: datetime | None = None
    days_off: tuple[DayOff, ...] = ()


def deadline(rule: DeadlineRule, aware_at: datetime, time_zone: str, calendar: BusinessCalendar) -> Deadline:
    """Count one deadline.

    Args:
        rule: By which.
        aware_at: The aware moment from which it is counted.
        time_zone: In which days and hours begin.
        calendar: Of working days.
    """
    local = aware_at.astimezone(ZoneInfo(time_zone))
    match rule:
        case DeadlineRule.LGPD:
            found = calendar.working_day_after(local.date(), _LGPD_WORKING_DAYS)
            return Deadline(rule, last_day=found[0], days_off=found[1]) if found else Deadline(rule)
        case DeadlineRule.GDPR:
            into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            begins = aware_at.astimezone(UTC) - into + timedelta(hours=1)
            return Deadline(rule, moment=begins + _GDPR_HOURS)
        case DeadlineRule.HIPAA:
            return Deadline(rule, last_day=local.date() + _HIPAA_DAYS)
        case DeadlineRule.HIPAA_FEWER:
            return Deadline(rule, last_day=date(local.year, 12, 31) + _HIPAA_DAYS)
        case _ as never:
            assert_never(never)
