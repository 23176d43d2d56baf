"""Writes the rows of one result: exact in Parquet, safe for spreadsheets in CSV."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, assert_never, cast

from comprova.catalog.column_types import ColumnType, TypedColumn
from comprova.evidence.canonical import whole
from comprova.evidence.csv_guard import guarded
from comprova.evidence.secrets import Secrets

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa

ROW_GROUP = 65_536
"""Rows of a Parquet row group; fixed, so that the same rows make the same bytes whatever batches an engine returns."""

_TEXTUAL = frozenset({ColumnType.VARCHAR, ColumnType.VARCHAR_ARRAY})


def arrow_schema(columns: Sequence[TypedColumn]) -> "pa.Schema":
    """Return the Arrow types of declared columns. Timestamps are naive, in UTC, to the millisecond."""
    import pyarrow as pa

    types = {
        ColumnType.VARCHAR: pa.string(),
        ColumnType.BIGINT: pa.int64(),
        ColumnType.DOUBLE: pa.float64(),
        ColumnType.BOOLEAN: pa.bool_(),
        ColumnType.DATE: pa.date32(),
        ColumnType.TIMESTAMP: pa.timestamp("ms"),
        ColumnType.VARCHAR_ARRAY: pa.list_(pa.string()),
    }
    return pa.schema([pa.field(column.name, types[column.type]) for column in columns])


@dataclass(frozen=True, slots=True)
class Written:
    """What a result came to: its rows, and the secrets that its CSV masks."""

    rows: int
    secrets: int


def write_result(
    batches: Iterable["pa.RecordBatch"], columns: Sequence[TypedColumn], secrets: Secrets, parquet: Path, csv: Path
) -> Written:
    """Write the rows of a result to both files, whole or not at all.

    Args:
        batches: The rows, in order, with the types of `arrow_schema(columns)`.
        columns: As the query declares them.
        secrets: What is masked in the copy.
        parquet: Gets the exact rows.
        csv: Gets the guarded copy: NULL is an empty cell, the empty text is `""`.
    """
    from pyarrow import csv as arrow_csv
    from pyarrow import parquet as arrow_parquet

    schema = arrow_schema(columns)
    rows = masked = 0
    options = arrow_csv.WriteOptions(quoting_style="all_valid")
    text_schema = _text_schema(columns)
    # An engine may fail between two batches, and what it left would be sealed with the rest.
    with (
        whole(parquet) as exact_part,
        whole(csv) as copy_part,
        arrow_parquet.ParquetWriter(exact_part, schema, compression="zstd") as exact,
        arrow_csv.CSVWriter(copy_part, text_schema, write_options=options) as copy,
    ):
        for table in _row_groups(batches, schema):
            exact.write_table(table, row_group_size=ROW_GROUP)
            text, count = _as_text(table, columns, secrets)
            copy.write_table(text)
            rows += table.num_rows
            masked += count
    return Written(rows, masked)


def _row_groups(batches: Iterable["pa.RecordBatch"], schema: "pa.Schema") -> Iterator["pa.Table"]:
    import pyarrow as pa

    held = pa.Table.from_batches([], schema)
    for batch in batches:
        held = pa.concat_tables([held, pa.Table.from_batches([batch], schema)])
        while held.num_rows >= ROW_GROUP:
            yield held.slice(0, ROW_GROUP).combine_chunks()
            held = held.slice(ROW_GROUP)
    if held.num_rows:
        yield held.combine_chunks()


def _text_schema(columns: Sequence[TypedColumn]) -> "pa.Schema":
    import pyarrow as pa

    return pa.schema([pa.field(column.name, pa.string()) for column in columns])


def _as_text(table: "pa.Table", columns: Sequence[TypedColumn], secrets: Secrets) -> tuple["pa.Table", int]:
    import pyarrow as pa

    count = 0
    texts = []
    for column in columns:
        values = table.column(column.name).to_pylist()
        if column.type in _TEXTUAL:
            masked = [secrets.masked_value(value) for value in values]
            values = [value for value, _ in masked]
            count += sum(found for _, found in masked)
        texts.append(pa.array([cell_text(value, column.type) for value in values], pa.string()))
    return pa.table(texts, schema=_text_schema(columns)), count


def cell_text(value: object, column_type: ColumnType) -> str | None:
    """Return the guarded text of one value: timestamps as ISO 8601 in UTC, lists as JSON, NULL as None."""
    if value is None:
        return None
    match column_type:
        case ColumnType.TIMESTAMP:
            return cast("datetime", value).isoformat(timespec="milliseconds") + "Z"
        case ColumnType.VARCHAR_ARRAY:
            return guarded(json.dumps(value, ensure_ascii=False))
        case ColumnType.VARCHAR:
            return guarded(str(value))
        case ColumnType.BOOLEAN:
            return "true" if value else "false"
        case ColumnType.BIGINT | ColumnType.DOUBLE | ColumnType.DATE:
            return str(value)
        case _:
            assert_never(column_type)
