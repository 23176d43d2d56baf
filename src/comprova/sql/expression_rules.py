"""One rule for each kind of expression other than calls: what its parts must be, and of what type it is."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from comprova.sql import written
from comprova.sql.casts import cast_function, cast_hint
from comprova.sql.names import Names, nearest
from comprova.sql.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    DATE,
    DECIMAL,
    DOUBLE,
    INTEGER,
    INTERVAL,
    IPADDRESS,
    JSON,
    NULL,
    TIMESTAMP,
    VARCHAR,
    Type,
    array_of,
    common,
    parse_type,
)

if TYPE_CHECKING:
    from comprova.sql.expressions import Expressions

_LITERAL_TIMESTAMP = re.compile(r"(?i)timestamp\([0-3]\)\Z")
_LARGEST_INTEGER = 2**31 - 1
_INTERVAL_UNITS = ("second", "minute", "hour", "day", "month", "year")
_NUMBERS = frozenset({INTEGER, BIGINT, DOUBLE})


def _column(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    parts = _parts(node)
    if parts is None:
        return _field(typer, node, names)
    found = names.find(parts)
    if not found:
        written_name = ".".join(parts)
        return typer.refuse(node, "a column of what is read here", written_name, names.similar(parts))
    if len(found) > 1:
        return typer.refuse(
            node,
            "a name that means one thing",
            f"{'.'.join(parts)}, which {len(found)} tables have",
            "Write table.column.",
        )
    type_, node.meta["relation"] = found[0]
    return type_


def _field(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    row, name = typer.type_of(node.this, names), node.expression.name
    if row == ANY:
        return ANY
    if row.name != "row" or row.field(name) is None:
        return typer.refuse(node, f"a row with the field {name}", str(row), nearest(name, row.fields))
    return row.field(name) or ANY


def _literal(_: "Expressions", node: exp.Expr, __: Names) -> Type:
    if node.args.get("is_string"):
        return VARCHAR
    if "e" in node.name.lower():
        return DOUBLE
    if "." in node.name:
        return DECIMAL
    return INTEGER if int(node.name) <= _LARGEST_INTEGER else BIGINT


def _placeholder(typer: "Expressions", node: exp.Expr, _: Names) -> Type:
    if node.name not in typer.parameters:
        known = nearest(node.name, typer.parameters)
        return typer.refuse(node, "a parameter that the block declares", f":{node.name}", known)
    return typer.parameters[node.name]


def _inner(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    return typer.type_of(node.this, names)


def _logical(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    for part in (node.this, node.args.get("expression")):
        if part is not None:
            typer.expect(part, BOOLEAN, names, "a condition")
    return BOOLEAN


def _arithmetic(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    left, right = typer.type_of(node.this, names), typer.type_of(node.expression, names)
    if ANY in (left, right):
        return ANY
    if right == INTERVAL and left in (DATE, TIMESTAMP) and isinstance(node, exp.Add | exp.Sub):
        return left
    if left in (DATE, TIMESTAMP) or right in (DATE, TIMESTAMP):
        return typer.refuse(
            node, "numbers", f"{left} and {right}", "Write date_diff(unit, from, to) or date_add(unit, n, from)."
        )
    if not {left, right} <= _NUMBERS:
        hint = (
            "Write 1e0 for a double: the engines compute with decimals differently." if DECIMAL in (left, right) else ""
        )
        return typer.refuse(node, "integers or doubles", f"{left} and {right}", hint)
    if isinstance(node, exp.Div | exp.Mod) and not written.is_not_zero(node.expression):
        typer.refuse(node, "a divisor that cannot be zero", written.shown(node.expression), "Write nullif(…, 0).")
    return common(left, right) or ANY


def _negative(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    type_ = typer.type_of(node.this, names)
    return type_ if type_ in _NUMBERS | {DECIMAL, ANY} else typer.refuse(node, "a number", str(type_))


def _joined_text(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    left, right = typer.type_of(node.this, names), typer.type_of(node.expression, names)
    shared = common(left, right)
    if shared is None or (shared not in (VARCHAR, ANY, NULL) and shared.name != "array"):
        return typer.refuse(
            node, "two texts, or two arrays of one type", f"{left} and {right}", "Write CAST(… AS varchar)."
        )
    return shared


def _comparison(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    typer.same(node, [node.this, node.expression], names, "two values of one type")
    return BOOLEAN


def _between(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    typer.same(node, [node.this, node.args["low"], node.args["high"]], names, "three values of one type")
    return BOOLEAN


def _is(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    typer.type_of(node.this, names)
    if not isinstance(node.expression, exp.Null):
        found = f"IS {node.expression.sql().upper()}"
        typer.refuse(node, "IS NULL", found, "Athena has no other; write coalesce(…, FALSE), or NOT coalesce(…, TRUE).")
    return BOOLEAN


def _in(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    query = node.args.get("query")
    if query is not None:
        left = typer.sortable(node.this, names, "IN")
        columns = list(typer.subquery(query.unnest(), None).values())
        if len(columns) != 1 or common(left, columns[0]) is None:
            found = ", ".join(map(str, columns))
            typer.refuse(node, f"one column of {left} in the query after IN", found)
        return BOOLEAN
    for item in node.expressions:
        if isinstance(item, exp.Placeholder) and typer.parameters.get(item.name, ANY).name == "array":
            return typer.refuse(
                node, "single values after IN", f"the list :{item.name}", f"Write contains(:{item.name}, …)."
            )
    typer.same(node, [node.this, *node.expressions], names, "values of one type")
    return BOOLEAN


def _like(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    typer.expect(node.this, VARCHAR, names, "what LIKE looks at")
    typer.expect(node.expression, VARCHAR, names, "what LIKE looks for")
    return BOOLEAN


def _escape(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    if not (isinstance(node.expression, exp.Literal) and len(node.expression.name) == 1):
        typer.refuse(node, "one character after ESCAPE", written.shown(node.expression))
    return typer.type_of(node.this, names)


def _exists(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    typer.subquery(node.this, names)
    return BOOLEAN


def _scalar_subquery(typer: "Expressions", node: exp.Expr, _: Names) -> Type:
    columns = list(typer.subquery(node.this, None).values()) if isinstance(node.this, exp.Query) else []
    return columns[0] if len(columns) == 1 else typer.refuse(node, "one column", str(len(columns)))


def _case(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    branches: Sequence[exp.Expr] = node.args["ifs"]
    if node.this is not None:
        typer.same(
            node, [node.this, *(branch.this for branch in branches)], names, "WHEN values of the type after CASE"
        )
    else:
        for branch in branches:
            typer.expect(branch.this, BOOLEAN, names, "the condition after WHEN")
    results = [branch.args["true"] for branch in branches]
    if node.args.get("default") is not None:
        results.append(node.args["default"])
    return typer.shared(node, results, names, "results of one type")


def _if(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    typer.expect(node.this, BOOLEAN, names, "the condition of if()")
    results = [part for part in (node.args["true"], node.args.get("false")) if part is not None]
    return typer.shared(node, results, names, "results of one type")


def _array(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    return array_of(typer.shared(node, node.expressions, names, "elements of one type"))


def _interval(typer: "Expressions", node: exp.Expr, _: Names) -> Type:
    if not (isinstance(node.this, exp.Literal) and node.this.name.isdecimal()):
        return typer.refuse(node, "INTERVAL 'number' unit", written.shown(node), "Write date_add(unit, n, …).")
    if node.text("unit").lower() not in _INTERVAL_UNITS:
        return typer.refuse(node, f"a unit among {', '.join(_INTERVAL_UNITS)}", node.text("unit"), "Write date_add(…).")
    return INTERVAL


def _cast(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    to = _target(typer, node)
    value = node.this
    if isinstance(value, exp.Anonymous) and value.name.lower() == "row":
        from_ = Type("row", tuple(typer.type_of(item, names) for item in value.expressions), to.fields)
        if len(from_.of) != len(to.of):
            return typer.refuse(node, f"as many values as fields in {to}", str(len(from_.of)))
        value.meta["type"] = from_
    elif isinstance(value, exp.Array) and to.name == "array" and any(_is_row(item) for item in value.expressions):
        from_ = _rows(typer, value, to, names)
    else:
        from_ = typer.type_of(value, names)
    if _is_typed_literal(node) and to in (DATE, TIMESTAMP, DOUBLE):
        return to  # a typed literal, such as DATE '2026-10-01'
    function = cast_function(from_, to, guarded=isinstance(node, exp.TryCast) or written.is_tried(node))
    if function is None:
        return typer.refuse(node, "a cast that both engines make alike", f"{from_} to {to}", cast_hint(from_, to))
    node.meta["function"] = function
    return to


def _is_typed_literal(node: exp.Expr) -> bool:
    return not isinstance(node, exp.TryCast) and isinstance(node.this, exp.Literal) and bool(node.this.is_string)


def _rows(typer: "Expressions", node: exp.Expr, to: Type, names: Names) -> Type:
    for item in node.expressions:
        for value, wanted in zip(item.expressions, to.of[0].of, strict=False):
            typer.expect(value, wanted, names, "a value")
        if len(item.expressions) != len(to.of[0].of):
            typer.refuse(item, f"as many values as fields in {to.of[0]}", str(len(item.expressions)))
    return to


def _target(typer: "Expressions", node: exp.Expr) -> Type:
    text = node.args["to"].sql(dialect="trino")
    if _is_typed_literal(node):
        text = _LITERAL_TIMESTAMP.sub("timestamp", text)  # TIMESTAMP '…' has the precision that is written
    try:
        to = parse_type(text)
    except ValueError:
        to = Type(text.lower())
    if not _is_known(to):
        return typer.refuse(
            node, "a type that both engines have", text.lower(), "Times are timestamp(3), numbers bigint or double."
        )
    return to


def _parts(node: exp.Expr) -> tuple[str, ...] | None:
    """Return `a.b.c` as its names, or None where it is a field of something else than a column."""
    if isinstance(node, exp.Column):
        return tuple(part.name for part in node.parts)
    if isinstance(node, exp.Identifier):
        return (node.name,)
    if isinstance(node, exp.Dot):
        before = _parts(node.this)
        return None if before is None else (*before, node.expression.name)
    return None


def _is_row(node: exp.Expr) -> bool:
    return isinstance(node, exp.Anonymous) and node.name.lower() == "row"


def _is_known(type_: Type) -> bool:
    if type_.name in ("array", "map", "row"):
        return all(_is_known(part) for part in type_.of)
    return type_ in (VARCHAR, BIGINT, INTEGER, DOUBLE, BOOLEAN, DATE, TIMESTAMP, JSON, IPADDRESS)


Rule = Callable[["Expressions", exp.Expr, Names], Type]
RULES: Mapping[type[exp.Expr], Rule] = {
    exp.Column: _column,
    exp.Identifier: _column,
    exp.Dot: _column,
    exp.Literal: _literal,
    exp.Boolean: lambda *_: BOOLEAN,
    exp.Null: lambda *_: NULL,
    exp.Placeholder: _placeholder,
    exp.Paren: _inner,
    exp.Alias: _inner,
    exp.And: _logical,
    exp.Or: _logical,
    exp.Not: _logical,
    exp.Neg: _negative,
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod), _arithmetic),
    exp.DPipe: _joined_text,
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ), _comparison),
    exp.Between: _between,
    exp.Is: _is,
    exp.In: _in,
    exp.Like: _like,
    exp.Escape: _escape,
    exp.Exists: _exists,
    exp.Subquery: _scalar_subquery,
    exp.Case: _case,
    exp.If: _if,
    exp.Array: _array,
    exp.Interval: _interval,
    exp.Cast: _cast,
    exp.TryCast: _cast,
}
"""The rule for each kind of node; it is given what types the parts, the node, and what names mean there."""
