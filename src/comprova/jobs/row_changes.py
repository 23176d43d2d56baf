"""Compares the rows of two results of one query by its grain, in DuckDB, which spills what memory does not hold."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from comprova.catalog.column_types import TypedColumn
from comprova.evidence.changes import Change

_MEMORY = "800MB"
_FETCHED = 10_000
_PLACE = '"place among its like"'  # no column of a result can be called so


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that came, went or changed.

    Attributes:
        change: Which of these.
        grain: Its values of the grain's columns, in their order.
        columns: The columns that changed.
    """

    change: Change
    grain: tuple[object, ...]
    columns: tuple[str, ...]


def row_changes(
    before: Path, after: Path, columns: Sequence[TypedColumn], grain: Sequence[str], work: Path
) -> Iterator[RowChange]:
    """Yield what became of rows, in order of the grain.

    Rows that are equal in both results are left out first, as often as they are in both. Of those that are left, rows
    that share their grain are taken for one that changed; where several share it, as records do that share an id and
    differ, in the order of all their values.

    Args:
        before: Parquet file of the one result.
        after: Of the other.
        columns: That both have, with the same types; the grain's among them.
        grain: Names of the columns that tell rows apart.
        work: A folder for what memory does not hold.
    """
    import duckdb

    names = [_quoted(column.name) for column in columns]
    keys = [_quoted(name) for name in grain]
    work.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY,
        "temp_directory": str(work),
        "autoinstall_known_extensions": False,
    }
    with closing(duckdb.connect(config=config)) as connection:
        for table, files in (("went", (before, after)), ("came", (after, before))):
            connection.execute(_left(table, names, keys), [str(path) for path in files])
        found = connection.execute(_compared(names, keys))
        while rows := found.fetchmany(_FETCHED):
            for change, *values in rows:
                differing = values[len(keys) :]
                changed = (column.name for column, differs in zip(columns, differing, strict=True) if differs)
                told = tuple(changed) if change == Change.CHANGED else ()
                yield RowChange(Change(change), tuple(values[: len(keys)]), told)


def _left(table: str, names: Sequence[str], keys: Sequence[str]) -> str:
    listed = ", ".join(names)
    return (
        f"CREATE TEMP TABLE {table} AS "  # noqa: S608 - of names from a checked block
        f"SELECT *, row_number() OVER (PARTITION BY {', '.join(keys)} ORDER BY {listed}) AS {_PLACE} "
        f"FROM (SELECT {listed} FROM read_parquet(?) EXCEPT ALL SELECT {listed} FROM read_parquet(?))"
    )


def _compared(names: Sequence[str], keys: Sequence[str]) -> str:
    order = ", ".join(str(2 + number) for number in range(len(keys)))
    same = " AND ".join(f"went.{name} IS NOT DISTINCT FROM came.{name}" for name in (*keys, _PLACE))
    values = [f"CASE WHEN came.{_PLACE} IS NULL THEN went.{key} ELSE came.{key} END AS {key}" for key in keys]
    differing = [f"went.{name} IS DISTINCT FROM came.{name}" for name in names]
    return (
        f"SELECT CASE WHEN went.{_PLACE} IS NULL THEN '{Change.CAME}' "  # noqa: S608 - as above
        f"WHEN came.{_PLACE} IS NULL THEN '{Change.WENT}' ELSE '{Change.CHANGED}' END AS change, "
        f"{', '.join((*values, *differing))} FROM went FULL JOIN came ON {same} "
        f"ORDER BY {order}, coalesce(came.{_PLACE}, went.{_PLACE}), 1"
    )


def _quoted(name: str) -> str:
    return f'"{name}"'
