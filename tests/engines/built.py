"""Reads the rows of `activity` and `deliveries`, column by column as the design names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.catalog.parameters import Bindings
from comprova.engines.duckdb import DuckDBEngine
from comprova.period import Period
from comprova.sql.compile import compile_measure
from comprova.sql.statement import Scope

PERIOD = Period.parse("2026-10", "UTC")

_TEXTS = """event_id shared_event_id request_id event_source event_name event_version event_type event_category
event_base_name account_id region log_account log_region log_file actor actor_kind identity_type principal_id
actor_account person session_issuer source_identity identity_provider ec2_role_delivery access_key_id credential mfa
mfa_logged invoked_by source_address source_kind source_ip user_agent call_result error_code error_message request response
additional service_details request_state response_state addendum_reason original_event_id tls_version tls_cipher
vpc_endpoint_id vpc_endpoint_account_id""".split()
_BOOLEANS = "in_period management_event service_initiated read_only discloses".split()
_RESOURCE = {"resource_arns": "arn", "resource_prefixes": "arn_prefix", "resource_accounts": "account_id"}

ACTIVITY_COLUMNS = (
    *(PlainColumn(name, ColumnType.VARCHAR) for name in _TEXTS),
    *(PlainColumn(name, ColumnType.BOOLEAN) for name in _BOOLEANS),
    PlainColumn("event_time", ColumnType.TIMESTAMP),
    PlainColumn("session_created", ColumnType.TIMESTAMP),
    PlainColumn("delivery_date", ColumnType.DATE),
    PlainColumn("copies", ColumnType.BIGINT),
)
_ACTIVITY = f"""
SELECT {", ".join(column.name for column in ACTIVITY_COLUMNS)},
  {", ".join(f"transform(resources, r -> r.{field}) AS {name}" for name, field in _RESOURCE.items())}
FROM activity ORDER BY event_time, event_id, log_file, event_name, user_agent
"""  # noqa: S608 - of our own column names

DELIVERIES_COLUMNS = (
    *(PlainColumn(name, ColumnType.VARCHAR) for name in ("log_file", "log_account", "log_region")),
    PlainColumn("delivery_date", ColumnType.DATE),
    PlainColumn("delivered_at", ColumnType.TIMESTAMP),
    *(
        PlainColumn(n, ColumnType.BIGINT)
        for n in ("bytes", "records", "in_period", "duplicates", "undated", "unreadable")
    ),
    PlainColumn("first_event_time", ColumnType.TIMESTAMP),
    PlainColumn("last_event_time", ColumnType.TIMESTAMP),
    PlainColumn("state", ColumnType.VARCHAR),
)
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
