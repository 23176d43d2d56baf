"""Reads the rows of `activity` and `deliveries`, column by column as the design names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.catalog.parameters import Bindings
from comprova.engines.duckdb import DuckDBEngine
from comprova.period import Period
from comprova.sql.compile import compile_measure
from comprova.sql.schema import ACTIVITY, DELIVERIES
from comprova.sql.statement import Scope
from comprova.sql.types import Type

PERIOD = Period.parse("2026-10", "UTC")

_RESOURCE = {"resource_arns": "arn", "resource_prefixes": "arn_prefix", "resource_accounts": "account_id"}


def _columns(table: Mapping[str, Type]) -> tuple[PlainColumn, ...]:
    return tuple(PlainColumn(name, ColumnType(kind.name)) for name, kind in table.items() if name != "resources")


ACTIVITY_COLUMNS = _columns(ACTIVITY)
DELIVERIES_COLUMNS = _columns(DELIVERIES)
_ACTIVITY = f"""
SELECT {", ".join(column.name for column in ACTIVITY_COLUMNS)},
  {", ".join(f"transform(resources, r -> r.{field}) AS {name}" for name, field in _RESOURCE.items())}
FROM activity ORDER BY event_time, event_id, log_file, event_name, user_agent
"""  # noqa: S608 - of our own column names

_DELIVERIES = f"SELECT {', '.join(c.name for c in DELIVERIES_COLUMNS)} FROM deliveries ORDER BY log_file"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Built:
    """Both views over some log files.

    Attributes:
        activity: Its rows, each a value by column name, by time; `resources` as one list per field.
        deliveries: Its rows, by log file.
    """

    activity: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]


def read_rows(engine: DuckDBEngine, sql: str, columns: Sequence[PlainColumn]) -> list[dict[str, Any]]:
    """Return the rows of a statement."""
    statement = compile_measure("test", sql, Bindings({}, frozenset()), Scope(PERIOD))
    return [row for batch in engine.run(statement, columns).batches for row in batch.to_pylist()]


def read_views(engine: DuckDBEngine) -> Built:
    """Return the rows of both views."""
    resources = [PlainColumn(name, ColumnType.VARCHAR_ARRAY) for name in _RESOURCE]
    return Built(
        read_rows(engine, _ACTIVITY, [*ACTIVITY_COLUMNS, *resources]),
        read_rows(engine, _DELIVERIES, DELIVERIES_COLUMNS),
    )
