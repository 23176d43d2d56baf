"""Which records are copies of each other, which of them stays, and that every record read is accounted for."""

from collections.abc import Mapping
from datetime import UTC, date, timedelta
from typing import Any

import pytest

from comprova.catalog.case_file import merge_patch
from engines.built import PERIOD, Built
from engines.conftest import Build
from engines.whole_records import KEY_CALL, ROLE_CALL, SERVICE_EVENT, SIGN_IN, log_file

FIRST, SECOND = log_file("2026/10/05", "first"), log_file("2026/10/06", "second")
OTHER_TRAIL = "AWSLogs/o-abcd/" + FIRST.removeprefix("AWSLogs/")
_START = PERIOD.start.astimezone(UTC)


def _kept(built: Built) -> list[tuple[str | None, str, int]]:
    return [(row["event_id"], row["log_file"], row["copies"]) for row in built.activity]


def test_equal_records_leave_the_first_delivered(build: Build) -> None:
    """The row that stays is that of the smallest delivery date, and says how many copies there were."""
    assert _kept(build([(SECOND, KEY_CALL), (FIRST, KEY_CALL)])) == [("e-key", FIRST, 2)]


def test_equal_records_in_files_of_one_day_leave_that_of_the_first_name(build: Build) -> None:
    """Where the dates are the same, the file's name decides, so that every run keeps the same row."""
    assert _kept(build([(log_file(name="b"), KEY_CALL), (log_file(name="a"), KEY_CALL)])) == [
        ("e-key", log_file(name="a"), 2)
    ]


def test_equal_records_within_one_file_leave_one(build: Build) -> None:
    """Copies need not lie in different files."""
    assert _kept(build([(FIRST, ROLE_CALL)] * 3)) == [("e-role", FIRST, 3)]


def test_two_trails_into_one_bucket_leave_one(build: Build) -> None:
    """The organisation's trail delivers what the account's own trail delivers."""
    records = [KEY_CALL, ROLE_CALL, SIGN_IN, SERVICE_EVENT]
    built = build([(key, record) for key in (OTHER_TRAIL, FIRST) for record in records])
    assert _kept(built) == [(record["eventID"], FIRST, 2) for record in (KEY_CALL, ROLE_CALL, SERVICE_EVENT, SIGN_IN)]


_CHANGES: tuple[Mapping[str, Any], ...] = (
    {"eventVersion": "1.09"}, {"userIdentity": {"principalId": "AIDAOTHER"}}, {"eventTime": "2026-10-05T12:00:00.000Z"},
    {"eventSource": "rds.amazonaws.com"}, {"eventName": "StopInstances"}, {"awsRegion": "sa-east-1"},
    {"sourceIPAddress": ""}, {"userAgent": None}, {"errorCode": "AccessDenied"}, {"errorMessage": "no"},
    {"requestParameters": {"more": 1}}, {"responseElements": None}, {"additionalEventData": {}}, {"requestID": "other"},
    {"readOnly": None}, {"resources": [{"ARN": "arn:aws:s3:::b"}]}, {"eventType": "AwsConsoleAction"},
    {"apiVersion": "2016-11-15"}, {"managementEvent": False}, {"recipientAccountId": "444455556666"},
    {"serviceEventDetails": {"a": 1}}, {"sharedEventID": "s-1"}, {"vpcEndpointId": "vpce-1"},
    {"vpcEndpointAccountId": "444455556666"}, {"eventCategory": "Data"}, {"addendum": {"reason": "DELIVERY_DELAY"}},
    {"sessionCredentialFromConsole": "true"}, {"edgeDeviceDetails": {"a": 1}},
    {"tlsDetails": {"tlsVersion": "TLSv1.2"}}, {"insightDetails": {"state": "Start"}}, {"eventContext": {"a": 1}},
    {"userIdentity": {"sessionContext": {"webIdFederationData": {"attributes": {"aud": "x"}}}}},
)  # fmt: skip


@pytest.fixture(scope="module")
def changed(build: Build) -> Mapping[str, list[int]]:
    """Give the copies of the rows of each id: a record and one that differs from it in one member."""
    records = [
        (FIRST, {**record, "eventID": f"e-{number}"})
        for number, change in enumerate(_CHANGES)
        for record in (KEY_CALL, merge_patch(KEY_CALL, change))
    ]
    rows = build(records).activity
    return {name: [row["copies"] for row in rows if row["event_id"] == name] for name in {r["event_id"] for r in rows}}


@pytest.mark.parametrize("number", range(len(_CHANGES)), ids=[str(change) for change in _CHANGES])
def test_records_that_share_an_id_and_differ_both_stay(changed: Mapping[str, list[int]], number: int) -> None:
    """One id, two contents: nobody decides here which of them is true."""
    assert changed[f"e-{number}"] == [1, 1]


def test_rows_say_whether_another_record_has_their_id(build: Build) -> None:
    """Copies, records that differ, and one outside the period; records without an id say that."""
    early = {**KEY_CALL, "eventTime": "2025-01-01T00:00:00Z"}
    differing = {**ROLE_CALL, "userAgent": "other"}
    records = [KEY_CALL, early, ROLE_CALL, differing, SIGN_IN, SIGN_IN, SERVICE_EVENT]
    nameless = [{**KEY_CALL, "eventID": nothing} for nothing in (None, None, "", "")]
    rows = build([(FIRST, record) for record in (*records, *nameless)]).activity
    assert {(row["event_id"], row["repeated_id"]) for row in rows} == {
        *((record["eventID"], record["eventID"]) for record in (KEY_CALL, ROLE_CALL, SIGN_IN)),
        (SERVICE_EVENT["eventID"], None),
        (None, ""),
        ("", ""),
    }


@pytest.mark.parametrize("nothing", [None, ""])
def test_records_without_an_id_are_never_copies(build: Build, nothing: str | None) -> None:
    """Equal records with no id, or an empty one, may be two events."""
    record = {**KEY_CALL, "eventID": nothing}
    assert _kept(build([(FIRST, record), (SECOND, record)])) == [(nothing, FIRST, 1), (nothing, SECOND, 1)]


def test_control_totals_add_up(build: Build) -> None:
    """Read = in period + look-back + duplicates + outside + undated, each counted on its own."""

    def at(time: str | None, name: str) -> Mapping[str, Any]:
        return {**KEY_CALL, "eventTime": time, "eventID": name}

    inside, before = at("2026-10-09T00:00:00Z", "in"), at("2026-09-30T00:00:00Z", "before")
    outside = [at("2026-11-01T00:00:00Z", "after"), at("2026-09-01T00:00:00Z", "long ago")]
    undated = [
        at(time, f"undated {time}")
        for time in (
            *(None, "", "2026-10-09", "2026-10-09T24:00:00Z", "2026-02-30T00:00:00Z"),
            *("2026-10-09T00:00:00+03:00", "2026-10-09T00:00:60Z", "2026-10-09T00:00:00Z\n"),
        )
    ]
    records = [inside, inside, inside, before, before, *outside, outside[0], *undated, undated[0]]
    built = build([(FIRST, record) for record in records], _START - timedelta(days=2))

    in_period = sum(row["in_period"] for row in built.activity)
    duplicates = sum(row["copies"] - 1 for row in built.activity)
    assert (in_period, len(built.activity) - in_period, duplicates) == (1, 1, 3)
    assert (
        len(records) == in_period + (len(built.activity) - in_period) + duplicates + len(outside) + 1 + len(undated) + 1
    )


def test_deliveries_count_what_each_file_holds(build: Build) -> None:
    """One row per file: records, those of the period, copies left out, undated ones, first and last time."""
    late = {**KEY_CALL, "eventID": "e-late", "eventTime": "2026-10-04T08:00:00Z"}
    undated = {**KEY_CALL, "eventID": "e-undated", "eventTime": "soon"}
    after = {**KEY_CALL, "eventID": "e-after", "eventTime": "2026-11-01T00:00:00Z"}
    built = build(
        [(FIRST, KEY_CALL), (FIRST, after), (SECOND, KEY_CALL), (SECOND, late), (SECOND, undated), (SECOND, after)]
    )
    names = ("log_file", "delivery_date", "records", "in_period", "duplicates", "undated", "unreadable", "state")
    assert [tuple(row[name] for name in names) for row in built.deliveries] == [
        (FIRST, date(2026, 10, 5), 2, 1, 0, 0, 0, "read"),
        (SECOND, date(2026, 10, 6), 4, 2, 1, 1, 0, "read"),
    ]
    assert [f"{row['first_event_time']} {row['last_event_time']}" for row in built.deliveries] == [
        "2026-10-05 12:00:00 2026-11-01 00:00:00",
        "2026-10-04 08:00:00 2026-11-01 00:00:00",
    ]
    assert sum(row["duplicates"] for row in built.deliveries) == sum(row["copies"] - 1 for row in built.activity)


def test_deliveries_say_where_and_when_a_file_was_delivered(build: Build) -> None:
    """Account, region and date of the key, and the minute in the file's name."""
    row = build([(FIRST, KEY_CALL)]).deliveries[0]
    assert (row["log_account"], row["log_region"], str(row["delivered_at"])) == (
        "111122223333",
        "us-east-1",
        "2026-10-05 23:55:00",
    )
    assert row["bytes"] > 0


def test_deliveries_list_files_that_hold_no_record(build: Build) -> None:
    """A log file without records is a delivery too."""
    built = build([(FIRST, KEY_CALL)], empty=[SECOND])
    assert [(row["log_file"], row["records"], row["first_event_time"], row["state"]) for row in built.deliveries][
        1
    ] == (
        SECOND,
        0,
        None,
        "read",
    )
