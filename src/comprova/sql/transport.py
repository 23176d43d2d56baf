"""Lets lists arrive whole from Athena, whose results are text: of a list it writes no quotes.

`ARRAY['a, b', NULL]` arrives as `[a, b, null]`, like `ARRAY['a', 'b', 'null']`. As JSON text, `["a, b",null]`, it can
be read back. Only what a statement returns is written so; it filters, groups and sorts by the list as before.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

from comprova.catalog.column_types import ColumnType, TypedColumn
from comprova.sql.copying import copy_of

_WHOLE = "result"
_SORTED_BY = "sorted_by_"


def lists_as_json(tree: exp.Query, columns: Sequence[TypedColumn]) -> exp.Query:
    """Return a statement that returns as JSON text what a statement returns as array(varchar).

    Args:
        tree: A checked SELECT, or a union of them; it stays as it is.
        columns: What it returns, in order.
    """
    names = [column.name for column in columns]
    lists = frozenset(column.name for column in columns if column.type is ColumnType.VARCHAR_ARRAY)
    if not lists:
        return tree
    sent = copy_of(tree)
    if _sorts_by(sent, names, lists):
        return _around(sent, names, lists)
    for select in _selects(sent):
        for place, name in enumerate(names):
            if name in lists:
                projection = select.expressions[place]
                projection.replace(_named(_as_json(_value(projection).copy()), projection))
    return sent


def _selects(query: exp.Expr) -> Iterator[exp.Select]:
    """Yield the SELECTs whose rows the statement returns: itself, or all sides of a union."""
    if isinstance(query, exp.Select):
        yield query
    else:
        for side in (query.this, query.args.get("expression")):
            if side is not None:
                yield from _selects(side)


def _as_json(value: exp.Expr) -> exp.Expr:
    cast = exp.Cast(this=value, to=exp.DataType.build("json", dialect="trino"))
    return exp.Anonymous(this="json_format", expressions=[cast])


def _named(value: exp.Expr, projection: exp.Expr) -> exp.Expr:
    """Give a value the name of what it replaces; NULL in a later side of a union may have none."""
    return exp.alias_(value, _name_of(projection)) if isinstance(projection, exp.Alias | exp.Column) else value


def _name_of(projection: exp.Expr) -> exp.Identifier:
    name: exp.Identifier = projection.args["alias"] if isinstance(projection, exp.Alias) else projection.this
    return name.copy()


def _sorts_by(query: exp.Query, columns: Sequence[str], lists: frozenset[str]) -> bool:
    """Tell whether ORDER BY names a list: it would sort by the JSON text, where `["a"]` comes after `["a","b"]`."""
    return any(
        _ordinal(part.this, columns) in lists or any(node.name.lower() in lists for node in part.find_all(exp.Column))
        for part in _order(query)
    )


def _order(query: exp.Query) -> list[exp.Ordered]:
    order = query.args.get("order")
    return [] if order is None else order.expressions


def _ordinal(node: exp.Expr, columns: Sequence[str]) -> str | None:
    """Return the name of the column that ORDER BY names by its place."""
    if isinstance(node, exp.Literal) and not node.is_string:
        return columns[int(node.name) - 1]
    return None


def _around(query: exp.Query, columns: Sequence[str], lists: frozenset[str]) -> exp.Query:
    """Wrap a statement in a SELECT that converts its lists, and sorts by them as they were."""
    tables, order = query.args.get("with_"), query.args["order"].copy()
    query.set("with_", None)
    query.set("order", None)
    first = next(_selects(query))
    names = [_name_of(projection) for projection in first.expressions]
    values = [
        exp.alias_(_as_json(_whole(name)), name.copy()) if column in lists else _whole(name)
        for name, column in zip(names, columns, strict=True)
    ]
    results = {column: _whole(name) for column, name in zip(columns, names, strict=True)}
    for number, part in enumerate(order.expressions, 1):
        part.set("this", _sorted(part.this, query, columns, results, number))
    inner = exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(_WHOLE)))
    outer = exp.Select(expressions=values).from_(inner)
    outer.set("order", order)
    outer.set("with_", tables)
    return outer


def _whole(name: exp.Identifier) -> exp.Column:
    return exp.Column(this=name.copy(), table=exp.to_identifier(_WHOLE))


def _sorted(
    node: exp.Expr, query: exp.Query, columns: Sequence[str], results: Mapping[str, exp.Expr], number: int
) -> exp.Expr:
    """Return what the outer SELECT sorts by in place of a part of ORDER BY.

    A name there means a column of the result first (Trino, "SELECT": "ORDER BY"); what is computed of the tables is
    computed within, as one more column.
    """
    selected = query.expressions if isinstance(query, exp.Select) else []
    values = {column: _value(projection) for column, projection in zip(columns, selected, strict=False)}
    name = node.name.lower() if _is_bare(node) else _ordinal(node, columns)
    if name not in results:
        name = next((column for column, value in values.items() if value == node), None)
    if name is not None:
        return results[name].copy()
    if not isinstance(query, exp.Select) or query.args.get("distinct"):
        return node.transform(_replaced, results)
    within = node.transform(_replaced, values)
    extra = exp.to_identifier(f"{_SORTED_BY}{number}")
    query.append("expressions", exp.alias_(within, extra))
    return _whole(extra)


def _is_bare(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and not node.table


def _value(projection: exp.Expr) -> exp.Expr:
    value: exp.Expr = projection.this if isinstance(projection, exp.Alias) else projection
    return value


def _replaced(part: exp.Expr, values: Mapping[str, exp.Expr]) -> exp.Expr:
    if not _is_bare(part) or part.name.lower() not in values:
        return part
    value = values[part.name.lower()].copy()
    return value if isinstance(value, exp.Column) else exp.Paren(this=value)
