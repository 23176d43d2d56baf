"""Reads the rows of a finished execution: page by page, exact, NULL apart from ''."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyathena.error
from pyathena.connection import Connection
from pyathena.converter import Converter
from pyathena.model import AthenaQueryExecution
from pyathena.result_set import AthenaResultSet
from pyathena.util import RetryConfig

from comprova.catalog.column_types import ColumnType, TypedColumn
from comprova.engines.athena.faults import aws_error
from comprova.engines.columns import check_columns
from comprova.errors import EngineError, Problem
from comprova.evidence.results import arrow_schema

PAGE_ROWS = 1000
"""The most rows that GetQueryResults gives at once (Athena API Reference)."""

_WHOLE = "decimal(…, 0)"
_ACCEPTED: Mapping[ColumnType, frozenset[str]] = {
    ColumnType.VARCHAR: frozenset({"varchar"}),
    ColumnType.BIGINT: frozenset({"bigint", "integer", _WHOLE}),
    ColumnType.DOUBLE: frozenset({"double"}),
    ColumnType.BOOLEAN: frozenset({"boolean"}),
    ColumnType.DATE: frozenset({"date"}),
    ColumnType.TIMESTAMP: frozenset({"timestamp"}),
    ColumnType.VARCHAR_ARRAY: frozenset({"varchar"}),  # as JSON text: see comprova.sql.transport
}
"""Athena's types of what each declared type may arrive as."""

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3}0*)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE_NUMBER = re.compile(r"-?\d+", re.ASCII)
_SHOWN = 100  # characters of a value in a message


def open_result(
    connection: Connection[Any], execution: AthenaQueryExecution, columns: Sequence[TypedColumn], where: str
) -> Iterator[pa.RecordBatch]:
    """Read the first page of an execution's rows, and return all rows, a batch for each page, as they are taken.

    Args:
        connection: To Athena.
        execution: It has succeeded.
        columns: The names and types that the rows must have.
        where: Name of the statement, for messages.

    Raises:
        EngineError: The columns are not the declared ones, or a page cannot be read; also while rows are taken.
        RunStoppedError: The run cannot go on; also while rows are taken.
    """
    try:
        result = AthenaResultSet(connection, _AsText(), execution, PAGE_ROWS, RetryConfig(attempt=1))
    except pyathena.error.Error as error:
        raise aws_error(error, where) from error
    found = [(name, _type(kind, scale)) for name, kind, _, _, _, scale, _ in result.description or ()]
    check_columns(where, found, columns, _ACCEPTED)
    return _batches(result, columns, where)


def _type(kind: str, scale: int) -> str:
    return _WHOLE if kind == "decimal" and scale == 0 else kind


class _AsText(Converter):
    """Leaves values as Athena writes them; None stays None."""

    def __init__(self) -> None:
        super().__init__(mappings={}, default=str)

    def convert(self, type_: str, value: str | None, type_hint: str | None = None) -> str | None:
        """Return the value."""
        del type_, type_hint
        return value


def _batches(result: AthenaResultSet, columns: Sequence[TypedColumn], where: str) -> Iterator[pa.RecordBatch]:
    schema = arrow_schema(columns)
    while rows := _page(result, where):
        if any(len(row) != len(columns) for row in rows):
            widths = sorted({len(row) for row in rows})
            raise EngineError(Problem(where, f"rows of {len(columns)} values", f"rows of {widths} values"))
        arrays = [
            _array([row[position] for row in rows], column, field.type, where)
            for position, (column, field) in enumerate(zip(columns, schema, strict=True))
        ]
        yield pa.record_batch(arrays, schema=schema)


def _page(result: AthenaResultSet, where: str) -> list[Any]:
    try:
        return result.fetchmany(PAGE_ROWS)
    except pyathena.error.Error as error:
        raise aws_error(error, where) from error


def _array(texts: Sequence[str | None], column: TypedColumn, type_: pa.DataType, where: str) -> pa.Array:
    read = _READ[column.type]
    values: list[object] = []
    for text in texts:
        try:
            values.append(None if text is None else read(text))
        except ValueError as error:
            raise EngineError(_not_a(column, text, where)) from error
    try:
        return pa.array(values, type_)
    except (pa.ArrowException, OverflowError, UnicodeError) as error:
        raise EngineError(_not_a(column, str(error), where)) from error


def _not_a(column: TypedColumn, found: object, where: str) -> Problem:
    return Problem(f"{where}: {column.name}", f"a value of type {column.type}", repr(found)[:_SHOWN])


def _whole_number(text: str) -> int:
    return int(_matched(_WHOLE_NUMBER, text))


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _date(text: str) -> date:
    return date.fromisoformat(_matched(_DATE, text))


def _timestamp(text: str) -> datetime:
    return datetime.fromisoformat(_matched(_TIMESTAMP, text)[:23])  # milliseconds; what follows is zeros


def _list(text: str) -> list[str | None]:
    values = json.loads(text)
    if not isinstance(values, list) or not all(value is None or isinstance(value, str) for value in values):
        raise ValueError(text)
    return values


def _matched(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(text)
    return text


_READ: Mapping[ColumnType, Callable[[str], object]] = {
    ColumnType.VARCHAR: str,
    ColumnType.BIGINT: _whole_number,
    ColumnType.DOUBLE: float,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.DATE: _date,
    ColumnType.TIMESTAMP: _timestamp,
    ColumnType.VARCHAR_ARRAY: _list,
}
"""Reads a value as GetQueryResults writes it; raises ValueError where it is none of the type."""
