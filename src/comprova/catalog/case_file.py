"""Reads a case file: whole CloudTrail records in, the rows of one query out. Pure; nothing is loaded or run here."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from comprova.catalog.column_types import ColumnType, TypedColumn
from comprova.catalog.query import QueryRef
from comprova.catalog.toml_reader import Block, read_toml
from comprova.errors import ComprovaError, Problem
from comprova.period import Period

ACCOUNT = "111122223333"
"""The account of every case file; the harness puts one of the case's own in its place."""

Row = tuple[Any, ...]


class Role(StrEnum):
    """What a record is in a case for."""

    MATCH = "match"
    NEAR_MISS = "near-miss"
    REFUSED = "refused"
    """A failed or denied call."""
    OUTSIDE = "outside"
    """Just outside the period."""
    CONTEXT = "context"
    """Needed by the others."""


REQUIRED_ROLES = frozenset({Role.MATCH, Role.NEAR_MISS, Role.REFUSED, Role.OUTSIDE})


class RecordEntry(Block):
    """One `[[record]]`: a whole record, or another one of the file changed by a JSON merge patch (RFC 7396)."""

    name: Annotated[str, Field(min_length=1)]
    role: Annotated[Role, Field(strict=False)]
    json_: Annotated[str | None, Field(alias="json")] = None
    like: str | None = None
    change: str | None = None
    delivery: str | None = None


class CaseText(Block):
    """The whole of a case file."""

    query: str
    period: str = "2026-10"
    time_zone: str = "UTC"
    parameters: dict[str, Any] = Field(default_factory=dict)
    record: Annotated[tuple[RecordEntry, ...], Field(min_length=1)]
    row: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One record, as CloudTrail would have delivered it.

    Attributes:
        name: What it is, in the case file's words.
        role: What it is there for.
        record: The record.
        log_file: The key of the log file that holds it, from `AWSLogs/` on.
    """

    name: str
    role: Role
    record: Mapping[str, Any]
    log_file: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case file.

    Attributes:
        path: Its name in messages.
        query: The query it is about.
        period: The period asked for.
        account: The account that stands where the file says 111122223333.
        parameters: What a job would set.
        records: What the trail holds.
        rows: What the query must return, each a value by column name; a column that is absent is NULL.
    """

    path: str
    query: QueryRef
    period: Period
    account: str
    parameters: Mapping[str, Any]
    records: tuple[CaseRecord, ...]
    rows: tuple[Mapping[str, Any], ...]

    def expected(self, columns: tuple[TypedColumn, ...]) -> list[Row]:
        """Return the rows as an engine returns them: in column order, with naive UTC timestamps and NULL as None.

        Raises:
            ComprovaError: A row names a column that the query does not have, or holds a value of another type.
        """
        names = {column.name for column in columns}
        problems = [
            Problem(f"{self.path}: row {number}", f"columns of {self.query}", name)
            for number, row in enumerate(self.rows, start=1)
            for name in row
            if name not in names
        ] + [
            Problem(f"{self.path}: row {number}: {column.name}", column.type.value, repr(row[column.name]))
            for number, row in enumerate(self.rows, start=1)
            for column in columns
            if column.name in row and not _is_of(row[column.name], column.type)
        ]
        if problems:
            raise ComprovaError(problems)
        return [tuple(_as_returned(row.get(column.name)) for column in columns) for row in self.rows]


def read_case(text: str, path: str, account: str) -> Case:
    """Read one case file.

    Args:
        text: The TOML.
        path: Its name in messages.
        account: Takes the place of 111122223333 in records and rows.

    Raises:
        ComprovaError: With everything that is wrong.
    """
    parsed = read_toml(text.replace(ACCOUNT, account), CaseText, path)
    if isinstance(parsed, list):
        raise ComprovaError(parsed)
    try:
        query = QueryRef.parse(parsed.query)
    except ValueError as error:
        raise ComprovaError(Problem(f"{path}: query", str(error), parsed.query)) from error
    period = Period.parse(parsed.period, parsed.time_zone)
    built: dict[str, CaseRecord] = {}
    for position, entry in enumerate(parsed.record, start=1):
        where = f"{path}: record {position}"
        if entry.name in built:
            raise ComprovaError(Problem(where, "a name of its own", repr(entry.name)))
        record = _record(entry, position, built, where)
        log_file = entry.delivery or _log_file(record, account, period.first_day)
        built[entry.name] = CaseRecord(entry.name, entry.role, record, log_file)
    case = Case(path, query, period, account, parsed.parameters, tuple(built.values()), parsed.row)
    if problems := list(_misplaced(case)):
        raise ComprovaError(problems)
    return case


def _record(entry: RecordEntry, position: int, built: Mapping[str, CaseRecord], where: str) -> dict[str, Any]:
    match entry:
        case RecordEntry(json_=str(whole), like=None, change=None):
            return _object(whole, where)
        case RecordEntry(json_=None, like=str(base), change=str(change)) if base in built:
            patch = _object(change, where)
            record = merge_patch(built[base].record, patch)
            if "eventID" not in patch and isinstance(record.get("eventID"), str):
                record["eventID"] = f"{record['eventID'][:-12]}{position:012d}"
            return dict(record)
    raise ComprovaError(
        Problem(where, "either `json`, or `like` (the name of an earlier record) and `change`", "neither")
    )


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ComprovaError(Problem(where, "JSON", str(error))) from error
    if not isinstance(value, dict):
        raise ComprovaError(Problem(where, "a JSON object", repr(value)))
    return value


def merge_patch(target: Any, patch: Any) -> Any:
    """Apply a JSON merge patch (RFC 7396, section 2): null removes, objects merge, all else replaces."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def event_time(record: Mapping[str, Any]) -> datetime | None:
    """Return the time of a record, or None where it has none that can be read."""
    try:
        return datetime.fromisoformat(record["eventTime"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return None


def _log_file(record: Mapping[str, Any], account: str, otherwise: date) -> str:
    """Return the key of the file for records of one region and day: dated the day of the event, at its last minute."""
    moment = event_time(record)
    day = moment.date() if moment else otherwise
    region = record.get("awsRegion", "us-east-1")
    name = f"{account}_CloudTrail_{region}_{day:%Y%m%d}T2355Z_aaaaaaaaaaaaaaaa.json.gz"
    return f"AWSLogs/{account}/CloudTrail/{region}/{day:%Y/%m/%d}/{name}"


def _misplaced(case: Case) -> Iterator[Problem]:
    for record in case.records:
        moment = event_time(record.record)
        inside = moment is not None and case.period.start <= moment < case.period.end
        if record.role is Role.OUTSIDE and inside:
            yield Problem(f"{case.path}: {record.name}", "an eventTime outside the period", str(moment))


_PYTHON_TYPES: Mapping[ColumnType, type] = {
    ColumnType.VARCHAR: str,
    ColumnType.BIGINT: int,
    ColumnType.DOUBLE: float,
    ColumnType.BOOLEAN: bool,
    ColumnType.DATE: date,
    ColumnType.TIMESTAMP: datetime,
}


def _is_of(value: Any, column_type: ColumnType) -> bool:
    if column_type is ColumnType.VARCHAR_ARRAY:
        return isinstance(value, tuple) and all(isinstance(item, str) for item in value)
    if isinstance(value, datetime) and value.tzinfo is None:
        return False
    return type(value) is _PYTHON_TYPES[column_type]


def _as_returned(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return list(value) if isinstance(value, tuple) else value
