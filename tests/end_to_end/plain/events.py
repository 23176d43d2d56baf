"""The records of a folder as a person with a text editor finds them: dated, counted once, each with who did what.

No DuckDB, no SQL and nothing of the project: gzip, json and the rules of `engines.activity_oracle`, themselves written
from what AWS documents about a record.
"""

import gzip
import json
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engines.activity_oracle import Record, columns_of, event_time, read_trail

Row = dict[str, Any]

WHEN = "event_time account_id event_id"
WHO = "actor_kind actor person mfa source_address"

_PEOPLE = frozenset({"iam_user", "human_role", "federated", "identity_center"})
_ROOT = frozenset({"root", "assumed_root"})
_READING = ("AssumeRole", "Decrypt", "Describe", "Encrypt", "Generate", "Get", "Head", "List", "Lookup", "Simulate")
_LOOK_BACK = timedelta(days=90)
_OBTAINS = {
    "sts": "AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot GetFederationToken GetSessionToken",
    "secretsmanager": "GetSecretValue BatchGetSecretValue",
    "ssm": "GetParameter GetParameters GetParametersByPath GetParameterHistory",
    "kms": "Decrypt GenerateDataKey GenerateDataKeyPair ReEncrypt DeriveSharedSecret",
    "iam": "CreateAccessKey CreateServiceSpecificCredential GetCredentialReport",
    "ec2": "GetPasswordData CreateKeyPair GetConsoleOutput GetConsoleScreenshot",
    "ecr": "GetAuthorizationToken",
    "signin": "GetSigninToken",
    "sso": "GetRoleCredentials CreateToken",
    "rolesanywhere": "CreateSession",
    "redshift": "GetClusterCredentials GetClusterCredentialsWithIAM",
}
_NAMED_MINUTE = re.compile(r"_([0-9]{8}T[0-9]{4}Z)_")
_AS_LOGGED = {
    "event_id": "eventID",
    "event_type": "eventType",
    "user_agent": "userAgent",
    "error_message": "errorMessage",
    "shared_event_id": "sharedEventID",
    "vpc_endpoint_id": "vpcEndpointId",
}


def like(text: str | None, patterns: Iterable[str]) -> bool:
    """Tell whether a text is as one of some patterns, in which `*` stands for any text."""
    return any(re.fullmatch(".*".join(map(re.escape, one.split("*"))), text or "", re.DOTALL) for one in patterns)


def text_at(payload: Any, path: str) -> str | None:
    """Return the text, number or truth value at a dotted path, as text; None where there is none."""
    for step in path.split("."):
        payload = payload.get(step) if isinstance(payload, dict) else None
    if isinstance(payload, bool):
        return str(payload).lower()
    return None if payload is None or isinstance(payload, dict | list) else str(payload)


def items_at(payload: Any, path: str) -> list[Any]:
    """Return the list at a dotted path; an empty one where there is none."""
    for step in path.split("."):
        payload = payload.get(step) if isinstance(payload, dict) else None
    return payload if isinstance(payload, list) else []


@dataclass(frozen=True, slots=True)
class Event:
    """One record, counted once however often it was delivered.

    Attributes:
        record: As logged.
        log_file: The first file that holds it.
        copies: How many files hold it.
        time: Naive, UTC.
        facts: What every reader wants to know of it, by the name of the column.
    """

    record: Record
    log_file: str
    copies: int
    time: datetime
    facts: Mapping[str, Any]

    def is_a(self, service: str, *names: str) -> bool:
        """Tell whether it is a call, of one of these names if any are given, of a service such as `iam`."""
        return self.facts["event_source"] == f"{service}.amazonaws.com" and (
            not names or self.facts["event_name"] in names
        )

    @property
    def done(self) -> bool:
        """Whether the call had an effect, at least in part."""
        return self.facts["call_result"] in {"success", "partial"}

    @property
    def succeeded(self) -> bool:
        """Whether the call had its whole effect."""
        return bool(self.facts["call_result"] == "success")

    @property
    def refused(self) -> bool:
        """Whether the record says that the call had no effect."""
        return self.facts["call_result"] not in {"success", "partial", "unknown"}

    @property
    def named_person(self) -> str | None:
        """The name as logged, where it is a person's."""
        return self.facts["person"] if self.facts["actor_kind"] in _PEOPLE else None

    @property
    def is_by_person(self) -> bool:
        """Whether a person acted, root included."""
        return self.facts["actor_kind"] in _PEOPLE | _ROOT

    @property
    def signs_in(self) -> bool:
        """Whether it is a sign-in; the steps of one, such as the question for the second factor, are none."""
        return self.is_a("signin", "ConsoleLogin", "UserAuthentication")

    @property
    def changes(self) -> bool:
        """Whether the call is not one that only reads; where the record does not say so, its name does."""
        return not self.only_reads

    @property
    def obtains(self) -> bool:
        """Whether the call hands out a secret or a credential."""
        return any(self.is_a(service, *names.split()) for service, names in _OBTAINS.items())

    @property
    def is_data(self) -> bool:
        """Whether it is a data event."""
        return bool(self.facts["event_category"] == "Data")

    @property
    def arns(self) -> list[str]:
        """The ARNs of the resources, as logged."""
        listed = self.record.get("resources") or []
        return [arn for one in listed for arn in [one.get("ARN") or one.get("arn")] if arn]

    @property
    def only_reads(self) -> bool:
        """Whether the call changes nothing; the records of 2013 and 2014 leave it to the name."""
        marked = self.facts["read_only"]
        return bool(self.facts["event_name"].startswith(_READING) if marked is None else marked)

    def asked(self, *paths: str) -> str | None:
        """Return the first of some members that the request has."""
        return first(text_at(self.record.get("requestParameters"), path) for path in paths)

    def answered(self, *paths: str) -> str | None:
        """Return the first of some members that the response has."""
        return first(text_at(self.record.get("responseElements"), path) for path in paths)

    def row(self, names: str, **own: Any) -> Row:
        """Return the named facts, and what the question adds of its own."""
        return {name: self.facts[name] for name in names.split()} | own


@dataclass(frozen=True, slots=True)
class Trail:
    """What is read of a folder for a period.

    Attributes:
        start: Of the period, naive, UTC.
        events: Of the period, by time and id.
        history: The same and those of the 90 days before it.
        files: Every log file, with the times of the events in it.
        not_logs: JSON files that hold no records, as their paths below the folder.
        end: Of the period, naive, UTC, not included.
        zone: In which the period and its days are cut.
    """

    events: Sequence[Event]
    history: Sequence[Event]
    files: Mapping[str, Sequence[datetime]]
    not_logs: Sequence[str]
    start: datetime
    end: datetime
    zone: ZoneInfo

    def local_day(self, event: Event) -> date:
        """Return the day on a calendar in the zone."""
        return event.time.replace(tzinfo=UTC).astimezone(self.zone).date()


def read_plainly(folder: Path, first_day: date, last_day: date, time_zone: str) -> Trail:
    """Read every record under a folder.

    Args:
        folder: Holds `AWSLogs/`.
        first_day: Of the period, in its zone.
        last_day: Of the period, included.
        time_zone: Of the period.
    """
    zone = ZoneInfo(time_zone)
    start, end = (_midnight(day, zone) for day in (first_day, last_day + timedelta(days=1)))
    delivered = list(read_trail(folder))
    history = [event for event in _events(delivered) if start - _LOOK_BACK <= event.time < end]
    files: dict[str, list[datetime]] = {}
    for log_file, record in delivered:
        if (time := event_time(record)) is not None:
            files.setdefault(log_file, []).append(time)
    not_logs = [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.name.endswith((".json", ".json.gz")) and not items_at(_content(path), "Records")
    ]
    return Trail([event for event in history if event.time >= start], history, files, not_logs, start, end, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def _content(path: Path) -> Any:
    data = path.read_bytes()
    return json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)


def _events(delivered: Iterable[tuple[str, Record]]) -> list[Event]:
    alike: dict[str, list[tuple[str, Record]]] = {}
    for log_file, record in delivered:
        own_account = columns_of(record, log_file)["account_id"]
        same = json.dumps([own_account, record], sort_keys=True) if record.get("eventID") else f"{len(alike)}"
        alike.setdefault(same, []).append((log_file, record))
    events = []
    for copies in alike.values():
        log_file, record = min(copies, key=lambda copy: (_NAMED_MINUTE.findall(copy[0])[0][:8], copy[0]))
        time = event_time(record)
        if time is not None:
            events.append(Event(record, log_file, len(copies), time, _facts(record, log_file)))
    return sorted(events, key=lambda event: (event.time, event.facts["account_id"], event.facts["event_id"] or ""))


def _facts(record: Record, log_file: str) -> Row:
    who = record.get("userIdentity")
    columns = columns_of(record, log_file)
    return {
        **columns,
        "source_ip": columns["source_address"] if columns["source_kind"] in {"ip4", "ip6"} else None,
        **{name: record.get(member) for name, member in _AS_LOGGED.items()},
        "identity_type": text_at(who, "type"),
        "access_key_id": text_at(who, "accessKeyId"),
        "invoked_by": text_at(who, "invokedBy"),
        "principal_id": text_at(who, "principalId"),
        "log_file": log_file,
    }


def first(values: Iterable[str | None]) -> str | None:
    """Return the first value that is there."""
    return next((value for value in values if value is not None), None)


def in_order(rows: Iterable[Row], names: str) -> list[Row]:
    """Return rows by the named columns, what is missing last."""
    return sorted(rows, key=lambda row: [(row[name] is None, row[name]) for name in names.split()])


def gathered(events: Iterable[Event], names: str) -> list[tuple[Row, list[Event]]]:
    """Return events that agree in the named facts, together."""
    groups: dict[Hashable, tuple[Row, list[Event]]] = {}
    for event in events:
        row = event.row(names)
        groups.setdefault(tuple(row.values()), (row, []))[1].append(event)
    return list(groups.values())


def span(events: Sequence[Event]) -> Row:
    """Return when the first and the last of some events were, and which was the first."""
    return {
        "first_time": events[0].time,
        "last_time": events[-1].time,
        "first_event_id": events[0].facts["event_id"],
        "first_log_file": events[0].log_file,
    }


def seen_in(events: Sequence[Event], *names: str) -> Row:
    """Return what the columns that are named say of some events: times, first event, and counts by result."""
    every = span(events) | {
        "calls": len(events),
        "denied": sum(event.facts["call_result"] == "denied" for event in events),
        "changes": sum(event.changes for event in events),
        "source_addresses": different(events, "source_address")[:20] or None,
        "event_sources": different(events, "event_source")[:20],
        "event_names": different(events, "event_name")[:20],
        "user_agents": sorted({agent[:200] for agent in different(events, "user_agent")})[:5] or None,
        "people": different(events, "person")[:20] or None,
    }
    return {name: every[name] for name in names}


def different(events: Iterable[Event], name: str) -> list[str]:
    """Return the values of a fact, each once, sorted; a missing one is no value."""
    return sorted({event.facts[name] for event in events} - {None})


def hours_of(time: datetime) -> Iterable[datetime]:
    """Return when the two hours begin in which a time lies, one at a full hour and one at half past."""
    full = time.replace(minute=0, second=0, microsecond=0)
    half = timedelta(minutes=30)
    return full, (full + half if time >= full + half else full - half)


def network_of(address: str) -> str:
    """Return the network of an address as its first three numbers, or its first three groups, name it."""
    if ":" in address:
        return ":".join(address.split(":")[:3]) + "::/48"
    return ".".join(address.split(".")[:3]) + ".0/24"
