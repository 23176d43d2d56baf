"""Injected partition columns: Athena takes their values from the statement, which has to name some.

Athena User Guide, "Dynamic ID partitioning". Trino's hive connector projects everything else as Athena does, but takes
one value at most for such a column; so the values that a statement names are given to it as an enum.
"""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from athena_endpoint.hive_ddl import Table
from athena_endpoint.refusals import failed


def injected_columns(table: Table) -> tuple[str, ...]:
    """Return the columns of a table that are injected."""
    return tuple(
        column.name
        for column in table.partitions
        if table.properties.get(f"projection.{column.name}.type", "").strip().lower() == "injected"
    )


def named_values(sql: str, database: str, table: Table, column: str) -> frozenset[str]:
    """Return the values of an injected column that a query names.

    They are looked for where the table is: `column = 'a'` and `column IN ('a', 'b')` among the conditions that WHERE
    joins by AND.

    Args:
        sql: The query.
        database: Of names without one.
        table: That has the column.
        column: The column's name.

    Raises:
        EndedError: Somewhere it names none.
    """
    values: set[str] = set()
    try:
        query = sqlglot.parse_one(sql, read="trino")
    except sqlglot.ParseError:
        return frozenset()  # Trino says what is wrong with it
    for reference in query.find_all(exp.Table):
        if ((reference.db or database).lower(), reference.name.lower()) != (table.database, table.name):
            continue
        named = set(_values(reference, column))
        if not named:
            raise failed(
                f"CONSTRAINT_VIOLATION: For the injected projected partition column {column}, the WHERE clause must "
                "contain only static equality conditions, and at least one such condition must be present."
            )
        values |= named
    return frozenset(values)


def _values(reference: exp.Table, column: str) -> Iterator[str]:
    select = reference.find_ancestor(exp.Select)
    where = select.args.get("where") if select else None
    for condition in where.this.flatten() if where and isinstance(where.this, exp.And) else [where and where.this]:
        bare = condition.unnest() if condition is not None else None
        if isinstance(bare, exp.EQ | exp.In) and _is(bare.this, column):
            for value in bare.expressions if isinstance(bare, exp.In) else [bare.expression]:
                if isinstance(value, exp.Literal):
                    yield value.name


def _is(expression: exp.Expr, column: str) -> bool:
    return isinstance(expression, exp.Column) and expression.name.lower() == column
