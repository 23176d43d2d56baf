"""Statements that return all of a table: every column, down to each field, and whether a row is NULL or holds NULL."""

from collections.abc import Iterator, Mapping

from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.catalog.parameters import Bindings
from comprova.period import Period
from comprova.sql.compile import compile_measure
from comprova.sql.schema import ACTIVITY, DELIVERIES, RECORDS
from comprova.sql.statement import Scope
from comprova.sql.types import Type, parse_type
from engines.trino.both_engines import Asked

TABLES: Mapping[str, Mapping[str, Type]] = {
    "records": RECORDS,
    "activity": ACTIVITY,
    "deliveries": DELIVERIES,
}
_TEXT_BY_NAME = parse_type("map(varchar, varchar)")


def whole(table: str, period: Period) -> Asked:
    """Return the statement for a table; rows that are equal in all that it returns stand side by side."""
    parts = [part for name, type_ in TABLES[table].items() for part in _parts(f"{table}.{name}", name, type_)]
    columns = tuple(PlainColumn(name, kind) for name, kind, _ in parts)
    selected = ", ".join(f"{sql} AS {name}" for name, _, sql in parts)
    order = ", ".join(column.name for column in columns if column.type is not ColumnType.VARCHAR_ARRAY)
    sql = f"SELECT {selected} FROM {table} ORDER BY {order}"  # noqa: S608 - of the schema's own names
    return Asked(compile_measure(f"whole.{table}", sql, Bindings({}, frozenset()), Scope(period), columns), columns)


def accounts_of(table: str, period: Period) -> Asked:
    """Return the statement for the accounts of whose logs a table has rows."""
    columns = (PlainColumn("log_account", ColumnType.VARCHAR),)
    sql = f"SELECT DISTINCT log_account FROM {table} ORDER BY log_account"  # noqa: S608 - of the schema's own names
    return Asked(compile_measure(f"accounts.{table}", sql, Bindings({}, frozenset()), Scope(period), columns), columns)


def _parts(path: str, name: str, type_: Type) -> Iterator[tuple[str, ColumnType, str]]:
    """Yield names, types and expressions of the single values that make up a value."""
    if type_.name == "row":
        yield f"{name}_is_null", ColumnType.BOOLEAN, f"{path} IS NULL"
        for field, of in zip(type_.fields, type_.of, strict=True):
            yield from _parts(f"{path}.{field}", f"{name}_{field}", of)
    elif type_.name == "array":
        (element,) = type_.of
        yield f"{name}_elements", ColumnType.BIGINT, f"cardinality({path})"
        for field in element.fields:
            yield f"{name}_{field}", ColumnType.VARCHAR_ARRAY, f"transform({path}, element -> element.{field})"
    elif type_ == _TEXT_BY_NAME:
        keys = f"array_sort(map_keys({path}))"
        yield f"{name}_keys", ColumnType.VARCHAR_ARRAY, keys
        yield f"{name}_values", ColumnType.VARCHAR_ARRAY, f"transform({keys}, name -> element_at({path}, name))"
    else:
        yield name, ColumnType(type_.name), path
