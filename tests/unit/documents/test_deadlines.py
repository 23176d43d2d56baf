"""Legal deadlines: each counted as its law says, from the declared moment of knowledge."""

from datetime import UTC, date, datetime

import pytest

from comprova.documents.deadlines import RULES, Deadline, DeadlineRule, deadline
from evidence_factory import CALENDAR

SAO_PAULO = "America/Sao_Paulo"


def counted(rule: DeadlineRule, aware_at: str, time_zone: str = SAO_PAULO) -> Deadline:
    """Return the deadline from a moment."""
    return deadline(rule, datetime.fromisoformat(aware_at), time_zone, CALENDAR)


@pytest.mark.parametrize(
    ("aware_at", "last", "days_off"),
    [
        ("2026-11-03T14:20:00-03:00", date(2026, 11, 6), ()),
        ("2026-11-04T14:20:00-03:00", date(2026, 11, 9), ()),
        ("2026-11-07T14:20:00-03:00", date(2026, 11, 11), ()),
        ("2026-10-30T14:20:00-03:00", date(2026, 11, 5), (date(2026, 11, 2),)),
        ("2026-11-19T23:59:59-03:00", date(2026, 11, 25), (date(2026, 11, 20),)),
        ("2026-11-20T02:59:59Z", date(2026, 11, 25), (date(2026, 11, 20),)),
    ],
)
def test_lgpd_counts_three_working_days(aware_at: str, last: date, days_off: tuple[date, ...]) -> None:
    """Not the day of knowledge, in the job's time zone; no weekends, and no day off of the calendar, which is named."""
    found = counted(DeadlineRule.LGPD, aware_at)
    assert (found.last_day, tuple(one.day for one in found.days_off)) == (last, days_off)


@pytest.mark.parametrize("aware_at", ["2027-10-29T12:00:00Z", "2026-08-03T12:00:00Z"])
def test_what_the_calendar_does_not_know_is_not_counted(aware_at: str) -> None:
    """No date is made of days of which nobody knows whether they are working days."""
    assert counted(DeadlineRule.LGPD, aware_at) == Deadline(DeadlineRule.LGPD)


@pytest.mark.parametrize(
    ("aware_at", "time_zone", "end"),
    [
        ("2026-11-03T14:20:00-03:00", SAO_PAULO, datetime(2026, 11, 6, 18, tzinfo=UTC)),
        ("2026-11-03T14:00:00-03:00", SAO_PAULO, datetime(2026, 11, 6, 18, tzinfo=UTC)),
        ("2026-11-07T23:59:59.999Z", "UTC", datetime(2026, 11, 11, tzinfo=UTC)),
        ("2026-11-03T14:20:00Z", "Asia/Kathmandu", datetime(2026, 11, 6, 15, 15, tzinfo=UTC)),
        ("2026-10-24T12:10:00Z", "Europe/Berlin", datetime(2026, 10, 27, 13, tzinfo=UTC)),
    ],
)
def test_gdpr_counts_seventy_two_hours(aware_at: str, time_zone: str, end: datetime) -> None:
    """The hour of knowledge is not counted; weekends are, and clocks that change make no hour longer."""
    assert counted(DeadlineRule.GDPR, aware_at, time_zone).moment == end


@pytest.mark.parametrize(
    ("aware_at", "individuals", "fewer"),
    [
        ("2026-11-03T14:20:00-03:00", date(2027, 1, 2), date(2027, 3, 1)),
        ("2027-12-31T22:00:00-03:00", date(2028, 2, 29), date(2028, 2, 29)),
        ("2027-01-01T02:00:00Z", date(2027, 3, 1), date(2027, 3, 1)),
    ],
)
def test_hipaa_counts_sixty_calendar_days(aware_at: str, individuals: date, fewer: date) -> None:
    """After the day of discovery; to the Secretary where fewer than 500 are affected, after the end of its year."""
    assert counted(DeadlineRule.HIPAA, aware_at).last_day == individuals
    assert counted(DeadlineRule.HIPAA_FEWER, aware_at).last_day == fewer


def test_every_rule_belongs_to_a_framework() -> None:
    """No rule is counted for a law that does not set it, and none is forgotten."""
    assert sorted(rule for rules in RULES.values() for rule in rules) == sorted(DeadlineRule)
