"""Each trap of CloudTrail data that the view `activity` answers for: a whole record in, columns out."""

import json
from collections.abc import Mapping
from datetime import UTC, date, timedelta
from typing import Any

import pytest

from engines.activity_oracle import columns_of
from engines.activity_traps import TRAPS, trap_records
from engines.built import PERIOD
from engines.conftest import Build
from engines.whole_records import ACCOUNT, KEY_CALL, log_file

FOREIGN = "444455556666"


@pytest.fixture(scope="module")
def records() -> Mapping[str, Mapping[str, Any]]:
    """Give the record of each trap by the trap's name, which is its request id."""
    return trap_records()


@pytest.fixture(scope="module")
def rows(build: Build, records: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """Give the rows of `activity` for all traps at once, by the trap's name."""
    return {row["request_id"]: row for row in build([(log_file(), record) for record in records.values()]).activity}


@pytest.mark.parametrize("trap", TRAPS, ids=[trap["name"] for trap in TRAPS])
def test_activity_is_not_caught_by_the_trap(rows: Mapping[str, Mapping[str, Any]], trap: dict[str, str]) -> None:
    """What `activity` says of a record that sets a trap."""
    row, expected = rows[trap["name"]], json.loads(trap["expected"])
    assert {name: _as_json(row[name]) for name in expected} == expected


def test_an_independent_reading_of_the_traps_agrees(
    rows: Mapping[str, Mapping[str, Any]], records: Mapping[str, Mapping[str, Any]]
) -> None:
    """The oracle, which shares nothing with activity.sql, says of each trap what `activity` says."""
    differing = [
        f"{name}: {column} is {rows[name][column]!r}, the oracle says {value!r}"
        for name, record in records.items()
        for column, value in columns_of(record, log_file()).items()
        if rows[name][column] != value
    ]
    assert not differing, "\n".join(differing)


def _as_json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def test_t22_two_records_of_one_call_across_accounts_stay_two(build: Build) -> None:
    """A call across accounts has two ids and one shared id: both rows stay, and queries count by the shared id."""
    own = {**KEY_CALL, "sharedEventID": "s-1"}
    other = {**own, "eventID": "e-other", "recipientAccountId": FOREIGN}
    rows = build([(log_file(), own), (log_file(), other)]).activity
    assert [(row["event_id"], row["account_id"], row["shared_event_id"]) for row in rows] == [
        ("e-key", ACCOUNT, "s-1"),
        ("e-other", FOREIGN, "s-1"),
    ]


def test_t26_a_file_holds_events_of_earlier_days(build: Build) -> None:
    """The cut is by the time of the event, not by the date of the file."""
    late = {**KEY_CALL, "eventID": "e-late", "eventTime": "2026-10-31T23:59:59Z"}
    after = {**KEY_CALL, "eventID": "e-after", "eventTime": "2026-11-01T00:00:00Z"}
    rows = build([(log_file("2026/11/02"), late), (log_file("2026/11/02"), after)]).activity
    assert [(row["event_id"], row["delivery_date"]) for row in rows] == [("e-late", date(2026, 11, 2))]


def test_look_back_rows_are_marked(build: Build) -> None:
    """Rows before the period are there from the start of the look-back on, and are not in the period."""
    times = ("2026-09-29T23:59:59.999Z", "2026-09-30T00:00:00Z", "2026-09-30T23:59:59Z", "2026-10-01T00:00:00Z")
    records = [(log_file(), {**KEY_CALL, "eventID": f"e-{time}", "eventTime": time}) for time in times]
    rows = build(records, PERIOD.start.astimezone(UTC) - timedelta(days=1)).activity
    assert [(row["event_id"].removeprefix("e-"), row["in_period"]) for row in rows] == [
        ("2026-09-30T00:00:00Z", False),
        ("2026-09-30T23:59:59Z", False),
        ("2026-10-01T00:00:00Z", True),
    ]
