"""Finds where a selection reads `activity`, and what of its conditions is about a column there."""

from collections.abc import Iterator

from sqlglot import exp

_TABLE = "activity"
_UNDERSTOOD = frozenset({"this", "expression", "expressions"})  # arguments of the predicates that are looked into


def activities(select: exp.Select) -> Iterator[str]:
    """Yield what a selection calls `activity`, each time it reads it.

    Not where columns have other names there, nor where a join makes one of two.
    """
    start, joins = select.args.get("from_"), select.args.get("joins") or ()
    if start is None or any(join.args.get("using") for join in joins):
        return
    for source in (start.this, *(join.this for join in joins)):
        if isinstance(source, exp.Table) and source.name.lower() == _TABLE and not source.alias_column_names:
            yield source.alias_or_name


def belongs(column: exp.Column, alias: str) -> bool:
    """Tell whose a column is. Without a name before it it can only be that of the one `activity` in reach."""
    return not column.table or column.table.lower() == alias.lower()


def is_plain(predicate: exp.Expr) -> bool:
    """Tell whether a predicate says no more than its class does, such as `negate`: NOT LIKE is a LIKE with that."""
    return not ({name for name, value in predicate.args.items() if value} - _UNDERSTOOD)


def is_text(value: exp.Expr) -> bool:
    """Tell whether a node is text written in place."""
    return isinstance(value, exp.Literal) and value.is_string


def equal_texts(predicate: exp.Expr) -> tuple[exp.Column, list[str]] | None:
    """Return the column that a predicate compares with texts, and the texts; None of any other predicate."""
    if not is_plain(predicate):
        return None
    match predicate:
        case exp.EQ(this=exp.Column() as column, expression=exp.Literal() as value) if value.is_string:
            return column, [value.this]
        case exp.In(this=exp.Column() as column, expressions=values) if values and all(map(is_text, values)):
            return column, [value.this for value in values]
        case _:
            return None
