"""What is planted: every record is there, told apart from its near misses, and shows what its title says."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from comprova.sample import Incident
from unit.sample.generated import Sample


@pytest.fixture(scope="session")
def by_id(sample: Sample) -> dict[str, dict[str, Any]]:
    """The records by event id."""
    return {record["eventID"]: record for record in sample.records()}


@pytest.fixture(scope="session")
def incidents(sample: Sample) -> dict[str, Incident]:
    """The incidents by id."""
    return {incident.id: incident for incident in sample.facts.incidents}


def _names(anchor: str, known: set[str]) -> bool:
    return anchor in known or " " in anchor


def _times(incident: Incident, by_id: dict[str, dict[str, Any]]) -> list[datetime]:
    return [datetime.fromisoformat(by_id[event]["eventTime"]) for event in incident.events]


def test_every_planted_event_exists_once_besides_copies(sample: Sample) -> None:
    """Each planted id names exactly one record; no id serves two incidents or near misses."""
    distinct = Counter({record["eventID"]: 1 for record in sample.records()})
    planted = Counter(
        event
        for incident in sample.facts.incidents
        for event in (*incident.events, *(event for miss in incident.near_misses for event in miss.events))
    )

    assert [event for event in planted if distinct[event] != 1] == []
    assert [event for event, count in planted.items() if count > 1] == []
    assert len(planted) > 200


def test_the_truth_is_complete(sample: Sample) -> None:
    """`truth.json` has every incident in both languages, with events, requirements, and rows or lists."""
    told = {incident["id"]: incident for incident in sample.truth["incidents"]}
    incomplete = [
        incident.id
        for incident in sample.facts.incidents
        if told[incident.id] != incident.as_json()
        or not (incident.requirements and incident.events and (incident.rows or incident.listed_in))
        or any(not text.en or not text.pt or text.en == text.pt for text in (incident.title, incident.story))
    ]

    assert incomplete == []
    assert len(told) == len(sample.facts.incidents) >= 25


def test_near_misses_are_marked_and_harmless(sample: Sample, by_id: dict[str, dict[str, Any]]) -> None:
    """Refused near misses have an error, and every near miss has a reason in both languages."""
    misses = [miss for incident in sample.facts.incidents for miss in incident.near_misses]
    refused = [miss for miss in misses if miss.reason.en == "The call was refused."]

    assert [miss.reason for miss in misses if not (miss.reason.en and miss.reason.pt and miss.events)] == []
    assert len(refused) >= 7
    assert [event for miss in refused for event in miss.events if "errorCode" not in by_id[event]] == []
    assert len(misses) >= 20


def test_rows_are_named_by_records_of_their_part(sample: Sample) -> None:
    """The event that names a row belongs to the incident, near miss or habit that should have it.

    Rows without events are named by what they are about, in several words.
    """
    files = {path.as_posix() for path in sample.files}
    parts = [
        *((incident.events, incident.rows) for incident in sample.facts.incidents),
        *((miss.events, miss.rows) for incident in sample.facts.incidents for miss in incident.near_misses),
        *((explained.events, explained.rows) for explained in sample.facts.explained),
    ]

    assert [row for events, rows in parts for row in rows if not _names(row.anchor, {*events, *files})] == []
    assert len(sample.facts.explained) >= 1


def test_no_incident_is_a_refused_call(sample: Sample, by_id: dict[str, dict[str, Any]]) -> None:
    """What is planted happened: only failed sign-ins may fail, as part of guessing."""
    refused = [
        (incident.id, by_id[event]["eventName"])
        for incident in sample.facts.incidents
        for event in incident.events
        if "errorCode" in by_id[event]
    ]

    assert refused == []


def test_guessing_ends_in_a_success(incidents: dict[str, Incident], by_id: dict[str, dict[str, Any]]) -> None:
    """Fourteen failures on one user from one address are followed by one success."""
    records = [by_id[event] for event in incidents["password-guessing"].events]

    assert [record["responseElements"]["ConsoleLogin"] for record in records] == ["Failure"] * 14 + ["Success"]
    assert len({(record["sourceIPAddress"], record["userIdentity"]["userName"]) for record in records}) == 1


@pytest.mark.parametrize(
    ("incident", "length"),
    [
        ("trail-stopped", timedelta(minutes=95)),
        ("mfa-restored-next-day", timedelta(hours=26)),
        ("ssh-open-for-forty-minutes", timedelta(minutes=40)),
        ("detector-disabled", timedelta(hours=3)),
        ("key-deletion-cancelled", timedelta(minutes=50)),
    ],
)
def test_pairs_last_as_long_as_they_say(
    incidents: dict[str, Incident], by_id: dict[str, dict[str, Any]], incident: str, length: timedelta
) -> None:
    """Between the two events of a pair lies the time that the incident speaks of, give or take a minute."""
    first, second = _times(incidents[incident], by_id)

    assert abs(second - first - length) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("incident", "day"), [("cards-read-on-sunday-night", "2026-10-18"), ("cards-read-on-holiday-night", "2026-10-12")]
)
def test_cards_are_read_in_the_night(
    incidents: dict[str, Incident], by_id: dict[str, dict[str, Any]], incident: str, day: str
) -> None:
    """A person reads at half past two local time, half past five UTC, on a Sunday and on a holiday."""
    reads = [r for r in (by_id[e] for e in incidents[incident].events) if r["eventName"] == "GetObject"]

    assert len(reads) == 18
    assert {record["eventTime"][:14] for record in reads} == {f"{day}T05:"}
    assert {record["requestParameters"]["bucketName"] for record in reads} == {"ipe-cartoes-prod"}
    assert {record["sessionCredentialFromConsole"] for record in reads} == {"true"}


def test_logging_goes_on_while_a_trail_stands_still(
    sample: Sample, incidents: dict[str, Incident], by_id: dict[str, dict[str, Any]]
) -> None:
    """The stopped trail is not the organisation's, which goes on recording in the same account and region."""
    stopped = by_id[incidents["trail-stopped"].events[0]]
    first, second = _times(incidents["trail-stopped"], by_id)
    meanwhile = [
        record
        for record in sample.records()
        if record["recipientAccountId"] == stopped["recipientAccountId"]
        and record["awsRegion"] == stopped["awsRegion"]
        and first < datetime.fromisoformat(record["eventTime"]) < second
    ]

    assert stopped["requestParameters"]["name"].endswith(":trail/ipe-producao-local")
    assert len(meanwhile) > 5


def test_policies_are_written_as_cloudtrail_writes_them(
    incidents: dict[str, Incident], by_id: dict[str, dict[str, Any]]
) -> None:
    """IAM documents are text inside JSON, bucket policies are objects, and a widened rule is in its wrapper."""
    inline = by_id[incidents["wildcard-inline-policy"].events[0]]["requestParameters"]["policyDocument"]
    bucket = by_id[incidents["bucket-policy-public"].events[0]]["requestParameters"]["bucketPolicy"]
    rule = by_id[incidents["rule-widened-to-ipv6"].events[0]]["requestParameters"]["ModifySecurityGroupRulesRequest"]

    assert isinstance(inline, str)
    assert '"Action": "*"' in inline
    assert bucket["Statement"][0]["Principal"] == "*"
    assert rule["SecurityGroupRule"]["SecurityGroupRule"]["CidrIpv6"] == "::/0"


def test_the_sample_is_said_to_be_whole_by_its_last_file(sample: Sample) -> None:
    """`truth.json` lies beside the logs, not among them, and nothing else does."""
    assert {path.name for path in Path(sample.folder).iterdir()} == {"AWSLogs", "truth.json"}
