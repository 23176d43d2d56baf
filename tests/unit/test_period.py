"""Periods are cut where the job's own days begin and end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comprova.errors import ComprovaError
from comprova.period import Period

SAO_PAULO = "America/Sao_Paulo"


def test_a_month_starts_at_local_midnight() -> None:
    """A month in São Paulo starts at 03:00 UTC and ends at 03:00 UTC of the next."""
    period = Period.parse("2026-10", SAO_PAULO)
    assert (period.start, period.end) == (
        datetime(2026, 10, 1, 3, tzinfo=UTC),
        datetime(2026, 11, 1, 3, tzinfo=UTC),
    )


def test_daylight_saving_time_moves_the_end() -> None:
    """A month in which clocks change is an hour longer in UTC than its days are."""
    period = Period.parse("2026-10", "Europe/Berlin")
    assert period.end - period.start == timedelta(days=31, hours=1)


@pytest.mark.parametrize(
    ("label", "first", "end"),
    [
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-10-01..2026-10-15", date(2026, 10, 1), date(2026, 10, 16)),
        ("2024-02-29..2024-02-29", date(2024, 2, 29), date(2024, 3, 1)),
    ],
)
def test_labels(label: str, first: date, end: date) -> None:
    """Months, quarters and ranges of days, both days included, are read."""
    period = Period.parse(label, "UTC")
    assert (period.label, period.first_day, period.end_day) == (label, first, end)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "2026",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026-10-02..2026-10-01",
        "2026-02-30..2026-03-01",
        "9999-12",
        "1999-12",
        "2999-12",
        "26-10",
    ],
)
def test_what_is_no_period(label: str) -> None:
    """Anything else is refused with what a period looks like."""
    with pytest.raises(ComprovaError, match="--period: expected"):
        Period.parse(label, "UTC")


@pytest.mark.parametrize("name", ["", "Sao_Paulo", "../../etc/passwd", "UTC\0", "America", "right/UTC", "localtime"])
def test_what_is_no_time_zone(name: str) -> None:
    """A time zone must be an IANA name."""
    with pytest.raises(ComprovaError, match="time zone: expected an IANA name"):
        Period.parse("2026-10", name)


def test_the_month_before_is_that_of_the_time_zone() -> None:
    """At 02:00 UTC on the first of November it is still October in São Paulo, so the month before is September."""
    moment = datetime(2026, 11, 1, 2, tzinfo=UTC)
    assert Period.month_before(moment, SAO_PAULO).label == "2026-09"
    assert Period.month_before(moment, "UTC").label == "2026-10"


def test_a_period_closes_two_days_after_its_end() -> None:
    """CloudTrail may deliver late, so absence is not claimed in the first two days."""
    period = Period.parse("2026-10", SAO_PAULO)
    assert not period.closed_at(datetime(2026, 11, 3, 2, 59, 59, tzinfo=UTC))
    assert period.closed_at(datetime(2026, 11, 3, 3, tzinfo=UTC))


ZONES = [SAO_PAULO, "UTC", "Europe/Berlin", "Asia/Kolkata"]


@given(st.integers(2000, 2998), st.integers(1, 12), st.sampled_from(ZONES))
def test_months_leave_no_gap_and_no_overlap(year: int, month: int, time_zone: str) -> None:
    """Each month ends where the next one starts, in every time zone."""
    this = Period.parse(f"{year:04}-{month:02}", time_zone)
    after = Period.parse(f"{this.end_day:%Y-%m}".rjust(7, "0"), time_zone)
    assert this.end == after.start
    assert len(list(this.days)) == (this.end_day - this.first_day).days


@pytest.mark.parametrize(
    ("label", "before"),
    [
        ("2026-10", "2026-09"),
        ("2027-01", "2026-12"),
        ("2026-Q1", "2025-Q4"),
        ("2026-Q3", "2026-Q2"),
        ("2026-10-01..2026-10-15", "2026-09-16..2026-09-30"),
        ("2024-03-01..2024-03-01", "2024-02-29..2024-02-29"),
    ],
)
def test_the_period_before_ends_where_this_one_starts(label: str, before: str) -> None:
    """A month follows a month, a quarter a quarter, and days as many days."""
    period = Period.parse(label, SAO_PAULO)
    assert period.before.label == before
    assert period.before.end == period.start
