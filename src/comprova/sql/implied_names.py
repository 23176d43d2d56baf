"""States beside a selection's conditions which events they imply, for DuckDB to find rows by.

`(event_source = 'a' AND event_name = 'b') OR (event_source = 'c' AND event_name = 'd' AND …)` allows two names. DuckDB
takes that from it only where all is simple; told so, it reads the other columns of these events alone, and leaves
out parts of a file that hold none. Rows are the same with and without. Trino finds it without being told.
"""

from collections.abc import Container, Iterator, Mapping

from sqlglot import exp

from comprova.catalog.known_names import base_name
from comprova.sql.activity_reads import activities, belongs, equal_texts

_SOURCE, _NAME, _BASE_NAME = "event_source", "event_name", "event_base_name"

Allowed = Mapping[str, frozenset[str]]
"""By column the texts that it can hold. A column that is not in it can hold any."""


def state_implied(tree: exp.Query) -> exp.Query:
    """Have every selection from `activity` also state what its conditions imply, and return the statement.

    Args:
        tree: A statement whose parameters are bound; it is changed.
    """
    for select in list(tree.find_all(exp.Select)):
        condition = select.args.get("where")
        if condition is None:
            continue
        said = list(condition.this.flatten()) if isinstance(condition.this, exp.And) else [condition.this]
        for alias in activities(select):
            alone = {name for part in said for name in _of_predicate(part, alias)}
            select.where(*_implied(_allowed(condition.this, alias), alone, alias), copy=False)
    return tree


def _implied(allowed: Allowed, alone: Container[str], alias: str) -> Iterator[exp.Expr]:
    """Yield what is implied and not said by itself anyway; a base name where the name is not known."""
    for column, texts in allowed.items():
        if column not in alone and not (column == _BASE_NAME and _NAME in allowed):
            values = [exp.Literal.string(text) for text in sorted(texts)]
            yield exp.In(this=exp.column(column, table=alias), expressions=values)


def _allowed(condition: exp.Expr, alias: str) -> Allowed:
    match condition:
        case exp.Paren():
            return _allowed(condition.this, alias)
        case exp.And():
            return _of_both(_allowed(condition.left, alias), _allowed(condition.right, alias))
        case exp.Or():
            left, right = _allowed(condition.left, alias), _allowed(condition.right, alias)
            return {name: left[name] | right[name] for name in left if name in right}
        case _:
            return _of_predicate(condition, alias)


def _of_both(left: Allowed, right: Allowed) -> Allowed:
    both = {name: left[name] & right[name] for name in left if name in right}
    return {**left, **right, **both}


def _of_predicate(predicate: exp.Expr, alias: str) -> Allowed:
    compared = equal_texts(predicate)
    if compared is None or not belongs(compared[0], alias):
        return {}
    texts = frozenset(compared[1])
    match compared[0].name.lower():
        case "event_source":
            return {_SOURCE: texts}
        case "event_name":
            return {_NAME: texts, _BASE_NAME: frozenset(map(base_name, texts))}
        case "event_base_name":
            return {_BASE_NAME: texts}
        case _:
            return {}
