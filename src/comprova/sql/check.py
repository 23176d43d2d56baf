"""Checks a statement: its parts, its functions, its names and types, its columns, its order and its parameters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from comprova.catalog.column_types import ColumnType
from comprova.catalog.query import QueryBlock
from comprova.errors import Problem
from comprova.sql.allow import ARGUMENTS, NODES, PARTS, RESERVED
from comprova.sql.parse import Source
from comprova.sql.relations import Relations, Tables
from comprova.sql.scope import SUFFIX
from comprova.sql.types import ANY, Type, parse_type

GIVEN: Mapping[str, str] = {
    "history_start": "timestamp",
    "period_start": "timestamp",
    "period_end": "timestamp",
    "time_zone": "varchar",
}
"""Parameters that the run gives; a statement need not declare them."""

_TIMES = ("date", "timestamp", "timestamptz", "time", "timetz")


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a statement that is whole.

    Attributes:
        problems: Everything refused, in the order of the text.
        columns: Type by name of its columns, in order.
    """

    problems: tuple[Problem, ...]
    columns: Mapping[str, Type]


def check_tree(tree: exp.Query, source: Source, tables: Tables, parameters: Mapping[str, str]) -> Checked:
    """Check a statement on its own, and leave the type of each expression with its node.

    Args:
        tree: The statement; values may be bound already.
        source: Its text, for places in messages.
        tables: What it may read.
        parameters: Athena type by name of the parameters that it may use.
    """
    relations = Relations(source, tables, {name: parse_type(type_) for name, type_ in parameters.items()})
    parts = list(_parts(tree, source))
    columns = relations.columns_of(tree, whole=True)
    problems = dict.fromkeys([*parts, *relations.expressions.problems])
    return Checked(tuple(sorted(problems, key=_place)), columns)


def _place(problem: Problem) -> tuple[str, int]:
    path, _, line = problem.where.rpartition(":")
    return path, int(line) if line.isdecimal() else 0


def _parts(tree: exp.Query, source: Source) -> Iterator[Problem]:
    for node in tree.walk():
        allowed = NODES.get(type(node))
        if allowed is None:
            found, instead = PARTS.get(type(node), (node.key.upper(), ""))
            yield Problem(source.where(node), "SQL that both engines answer alike", found, instead)
            continue
        for key, value in node.args.items():
            if value in (None, False, []) or key in allowed or _is_refused_itself(value):
                continue
            found, instead = ARGUMENTS.get((type(node), key), (f"{key.rstrip('_').upper()} in {node.key.upper()}", ""))
            yield Problem(source.where(node), "SQL that both engines answer alike", found, instead)
        yield from _reserved(node, source)


def _is_refused_itself(value: object) -> bool:
    return isinstance(value, exp.Expr) and type(value) not in NODES


def _reserved(node: exp.Expr, source: Source) -> Iterator[Problem]:
    if isinstance(node, exp.Identifier) and not node.args.get("quoted") and node.name.lower() in RESERVED:
        yield Problem(source.where(node), "a name that Athena does not reserve", node.name, "Choose another.")
    if isinstance(node, exp.TableAlias) and node.name.lower().endswith(SUFFIX):
        yield Problem(source.where(node), f"a name that does not end in {SUFFIX}", node.name, "Choose another.")


def constants(tree: exp.Query, source: Source) -> Iterator[Problem]:
    """Yield every date or time that is written in the text: a question must not be about one month only."""
    for node in tree.walk():
        made = isinstance(node, exp.Cast) and node.args["to"].this.value.lower() in _TIMES
        made = made or (isinstance(node, exp.Anonymous) and node.name.lower() == "from_unixtime")
        if made and node.find(exp.Literal) and not node.find(exp.Column, exp.Placeholder, exp.Subquery):
            hint = "Write :period_start, :period_end or a parameter of type date or timestamp."
            yield Problem(source.where(node), "no date in the text", node.sql(dialect="trino"), hint)


def declared(tree: exp.Query, columns: Mapping[str, Type], block: QueryBlock, source: Source) -> Iterator[Problem]:
    """Yield where a query's columns and order are not as its block says."""
    names = list(columns)
    wanted = [column.name for column in block.column]
    if names != wanted:
        yield Problem(
            source.where(), f"the columns of its block, in order: {', '.join(wanted)}", ", ".join(names) or "none"
        )
    for column in block.column:
        found = columns.get(column.name, ANY)
        if not _is_column_type(found, column.type):
            hint = f"Write CAST(… AS {column.type}), or change the block."
            yield Problem(
                source.where(_projection(tree, column.name)), f"{column.name} to be {column.type}", str(found), hint
            )
    order = tree.args.get("order")
    sorted_by = {name for part in (order.expressions if order is not None else []) for name in _names(part.this, names)}
    if missing := [name for name in block.grain if name not in sorted_by]:
        yield Problem(
            source.where(order), f"the grain in ORDER BY: {', '.join(block.grain)}", f"not {', '.join(missing)}"
        )


def _is_column_type(found: Type, declared_type: ColumnType) -> bool:
    return found == ANY or found == parse_type(declared_type.value)


def _projection(tree: exp.Query, name: str) -> exp.Expr:
    select = tree.find(exp.Select)
    chosen = [node for node in (select.expressions if select is not None else []) if node.alias_or_name.lower() == name]
    return chosen[0] if chosen else tree


def _names(node: exp.Expr, columns: list[str]) -> Iterator[str]:
    if isinstance(node, exp.Column):
        yield node.name.lower()
    elif isinstance(node, exp.Literal) and node.name.isdecimal() and int(node.name) <= len(columns):
        yield columns[int(node.name) - 1]


def parameters_used(tree: exp.Query, block: QueryBlock, source: Source) -> Iterator[Problem]:
    """Yield the parameters that a query declares and does not use; those undeclared are found with the types."""
    used = {node.name for node in tree.find_all(exp.Placeholder)} | {str(block.lookback_days)}
    for name in block.parameters:
        if name not in used:
            yield Problem(source.where(), f"a use of the parameter :{name}, or no mention of it in the block", "none")
