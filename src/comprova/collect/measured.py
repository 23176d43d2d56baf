"""What the engine measures of the trail before any question is judged."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files

from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.collect.trail_calls import TrailCall, read_call

MEASURES: Mapping[str, tuple[PlainColumn, ...]] = {
    "cells": (
        PlainColumn("cell_account", ColumnType.VARCHAR),
        PlainColumn("cell_region", ColumnType.VARCHAR),
        PlainColumn("cell_day", ColumnType.DATE),
        PlainColumn("need", ColumnType.VARCHAR),
        PlainColumn("since", ColumnType.TIMESTAMP),
        PlainColumn("events", ColumnType.BIGINT),
        PlainColumn("kms_events", ColumnType.BIGINT),
        PlainColumn("events_at", ColumnType.BIGINT),
        PlainColumn("kms_events_at", ColumnType.BIGINT),
    ),
    "trail_calls": (
        PlainColumn("event_time", ColumnType.TIMESTAMP),
        PlainColumn("account_id", ColumnType.VARCHAR),
        PlainColumn("region", ColumnType.VARCHAR),
        PlainColumn("event_name", ColumnType.VARCHAR),
        PlainColumn("request", ColumnType.VARCHAR),
        PlainColumn("event_id", ColumnType.VARCHAR),
    ),
    "history": (PlainColumn("history_account", ColumnType.VARCHAR), PlainColumn("history_day", ColumnType.DATE)),
    "data_resources": (
        PlainColumn("need", ColumnType.VARCHAR),
        PlainColumn("resource_name", ColumnType.VARCHAR),
        PlainColumn("resource_day", ColumnType.DATE),
        PlainColumn("first_event", ColumnType.TIMESTAMP),
        PlainColumn("last_event", ColumnType.TIMESTAMP),
    ),
    "activity_totals": (
        PlainColumn("in_period", ColumnType.BIGINT),
        PlainColumn("look_back", ColumnType.BIGINT),
        PlainColumn("duplicates", ColumnType.BIGINT),
        PlainColumn("without_id", ColumnType.BIGINT),
        PlainColumn("unreadable_requests", ColumnType.BIGINT),
        PlainColumn("unreadable_responses", ColumnType.BIGINT),
    ),
    "records_totals": (
        PlainColumn("records_read", ColumnType.BIGINT),
        PlainColumn("undated", ColumnType.BIGINT),
        PlainColumn("outside", ColumnType.BIGINT),
    ),
    "conflicting_ids": (PlainColumn("conflicting_ids", ColumnType.BIGINT),),
}
"""The columns of each statement in `measures/`."""

FILE_RECORDS = (
    PlainColumn("delivery_date", ColumnType.DATE),
    PlainColumn("log_file", ColumnType.VARCHAR),
    PlainColumn("file_records", ColumnType.BIGINT),
)
"""The columns of the measure `file_records`, which is asked where loading does not count."""

Row = dict[str, object]
Ask = Callable[[str, Sequence[PlainColumn]], list[Row]]
"""Runs the measure of that name, and returns its rows."""


@dataclass(frozen=True, slots=True)
class EventCount:
    """Events of one kind in one cell, between two calls that change what a trail records.

    Attributes:
        account, region: Of the cell.
        day: In the period's time zone.
        need: The kind; may be `other`.
        events: How many.
        kms_events: Of these, those of KMS.
        since: When the last call before them took effect, UTC; None where there was none.
        events_at, kms_events_at: Of both, those of that very moment: the call among them.
    """

    account: str
    region: str
    day: date
    need: str
    events: int
    kms_events: int
    since: datetime | None = None
    events_at: int = 0
    kms_events_at: int = 0


@dataclass(frozen=True, slots=True)
class ResourceDay:
    """Data events of one resource on one day: `day` in the period's time zone, the first and last time in UTC."""

    day: date
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures, as the engine counted them.

    Attributes:
        counts: Events of the period by cell and kind.
        history: By account, the UTC days before the period of which it holds events.
        trail_calls: Calls that change whether and what a trail records, look-back included, in order of time.
        data_resources: By need, such as `data:s3`, and resource, the days of the period that hold its data events.
        read: Records in the files that were read.
        in_period: Rows of activity in the period.
        look_back: Rows of activity before it.
        duplicates: Copies that activity left out.
        without_id: Rows of activity whose record has no event id, or an empty one: they are never taken for copies.
        outside: Records of other times.
        undated: Records without a usable time.
        conflicting_ids: Event ids that records of different content share.
        unreadable_requests: Rows of activity whose request was omitted by AWS, or cannot be parsed.
        unreadable_responses: The same of responses.
    """

    counts: tuple[EventCount, ...]
    history: Mapping[str, frozenset[date]]
    trail_calls: tuple[TrailCall, ...]
    data_resources: Mapping[str, Mapping[str, tuple[ResourceDay, ...]]]
    read: int
    in_period: int
    look_back: int
    duplicates: int
    without_id: int
    outside: int
    undated: int
    conflicting_ids: int
    unreadable_requests: int
    unreadable_responses: int

    @property
    def found_again(self) -> int:
        """The records that activity and what it left out add up to: as many as were read, unless some were lost."""
        return self.in_period + self.look_back + self.duplicates + self.outside + self.undated


def measure_sql(name: str) -> str:
    """Return the Athena SQL of a measure."""
    return (files("comprova.collect") / "measures" / f"{name}.sql").read_text(encoding="utf-8")


def measure(ask: Ask) -> Measured:
    """Run every measure."""
    rows = {name: ask(name, columns) for name, columns in MEASURES.items()}
    totals: Row = rows["activity_totals"][0] | rows["records_totals"][0] | rows["conflicting_ids"][0]
    return Measured(
        counts=tuple(_event_count(row) for row in rows["cells"]),
        history=_history(rows["history"]),
        trail_calls=tuple(_trail_call(row) for row in rows["trail_calls"]),
        data_resources=_data_resources(rows["data_resources"]),
        read=_count(totals["records_read"]),
        in_period=_count(totals["in_period"]),
        look_back=_count(totals["look_back"]),
        duplicates=_count(totals["duplicates"]),
        without_id=_count(totals["without_id"]),
        outside=_count(totals["outside"]),
        undated=_count(totals["undated"]),
        conflicting_ids=_count(totals["conflicting_ids"]),
        unreadable_requests=_count(totals["unreadable_requests"]),
        unreadable_responses=_count(totals["unreadable_responses"]),
    )


def measure_files(ask: Ask) -> Mapping[date, Mapping[str, int]]:
    """Return the records of each log file that has any, by delivery date."""
    counts: dict[date, dict[str, int]] = defaultdict(dict)
    for row in ask("file_records", FILE_RECORDS):
        counts[_day(row["delivery_date"])][str(row["log_file"])] = _count(row["file_records"])
    return counts


def nothing_measured() -> Measured:
    """Return the figures of a run in which nothing could be counted."""
    return Measured(
        counts=(),
        history={},
        trail_calls=(),
        data_resources={},
        read=0,
        in_period=0,
        look_back=0,
        duplicates=0,
        without_id=0,
        outside=0,
        undated=0,
        conflicting_ids=0,
        unreadable_requests=0,
        unreadable_responses=0,
    )


def _history(rows: Sequence[Row]) -> dict[str, frozenset[date]]:
    days: dict[str, set[date]] = defaultdict(set)
    for row in rows:
        days[str(row["history_account"])].add(_day(row["history_day"]))
    return {account: frozenset(held) for account, held in days.items()}


def _event_count(row: Row) -> EventCount:
    return EventCount(
        str(row["cell_account"]),
        str(row["cell_region"]),
        _day(row["cell_day"]),
        str(row["need"]),
        _count(row["events"]),
        _count(row["kms_events"]),
        _moment(row["since"]) if row["since"] is not None else None,
        _count(row["events_at"]),
        _count(row["kms_events_at"]),
    )


def _trail_call(row: Row) -> TrailCall:
    texts = {name: value for name, value in row.items() if isinstance(value, str)}
    return read_call(
        _moment(row["event_time"]),
        texts.get("account_id", ""),
        texts.get("region", ""),
        texts["event_name"],
        texts.get("request", ""),
    )


def _data_resources(rows: Sequence[Row]) -> dict[str, dict[str, tuple[ResourceDay, ...]]]:
    found: dict[str, dict[str, list[ResourceDay]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        day = ResourceDay(_day(row["resource_day"]), _moment(row["first_event"]), _moment(row["last_event"]))
        found[str(row["need"])][str(row["resource_name"])].append(day)
    return {need: {name: tuple(days) for name, days in resources.items()} for need, resources in found.items()}


def _moment(value: object) -> datetime:
    """Return a time as aware; engines answer it naive and in UTC."""
    if not isinstance(value, datetime):
        message = f"a measured time is {value!r}"
        raise TypeError(message)
    return value.replace(tzinfo=UTC)


def _day(value: object) -> date:
    if not isinstance(value, date):
        message = f"a measured day is {value!r}"
        raise TypeError(message)
    return value


def _count(value: object) -> int:
    if not isinstance(value, int):
        message = f"a measured count is {value!r}"
        raise TypeError(message)
    return value
