"""Translates a checked tree into DuckDB's terms. What has no rule here, both engines write and answer alike."""

from collections.abc import Callable, Mapping

from sqlglot import exp

from comprova.sql.functions import FUNCTIONS
from comprova.sql.patterns import duckdb_path, duckdb_replacement
from comprova.sql.scope import SUFFIX
from comprova.sql.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    IPADDRESS,
    TIMESTAMP,
    VARCHAR,
    Type,
    array_of,
)
from comprova.sql.unrolling import conditions_of, elements_of, is_constant_list
from comprova.sql.written import duckdb_format, text_of

_RESULT_TYPES = frozenset({VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE, TIMESTAMP, array_of(VARCHAR)})
_HUGE = frozenset({"sum"})  # DuckDB answers it with a HUGEINT


def translate(tree: exp.Query) -> exp.Query:
    """Change a bound, narrowed and checked tree so that, written as DuckDB, it gives Athena's answers; return it."""
    for node in reversed(list(tree.walk())):
        rewrite = _REWRITES.get(type(node))
        if rewrite is None or node.parent is None or node.arg_key is None:
            continue
        parent, key, index = node.parent, node.arg_key, node.index  # the node may come to stand within the new one
        new = rewrite(node)
        if new is not node:
            new.meta.setdefault("type", _type(node))
            parent.set(key, new, index)
    _cast_results(tree)
    return tree


def _cast_results(query: exp.Expr) -> None:
    """Give the statement's columns the very types that Athena gives them."""
    if isinstance(query, exp.SetOperation | exp.Subquery):
        for side in (query.this, query.args.get("expression")):
            if isinstance(side, exp.Query):
                _cast_results(side)
        return
    for projection in query.expressions:
        type_ = projection.meta.get("type")
        if isinstance(projection, exp.Alias) and type_ in _RESULT_TYPES and not isinstance(projection.this, exp.Column):
            projection.set("this", _cast(projection.this, type_))


def _cast(node: exp.Expr, type_: Type) -> exp.Expr:
    return exp.Cast(this=node, to=exp.DataType.build(str(type_), dialect="trino"))


def _narrowed(node: exp.Expr) -> exp.Expr:
    """Let filters and unread columns reach into a narrowed table, which DuckDB would make first and whole."""
    if node.alias.endswith(SUFFIX):
        node.set("materialized", False)
    return node


def _call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _type(node: exp.Expr) -> Type:
    type_ = node.meta.get("type", ANY)
    return type_ if isinstance(type_, Type) else ANY


def _data_type(node: exp.Expr) -> exp.Expr:
    if node.is_type("timestamp"):
        node.set("expressions", [])
    return node


def _literal(node: exp.Expr) -> exp.Expr:
    """Write 1.5 as a double, for which Athena takes it; DuckDB takes it for a decimal."""
    is_decimal = not node.is_string and "." in node.name and "e" not in node.name.lower()
    return exp.Literal.number(f"{node.name}e0") if is_decimal else node


def _cast_node(node: exp.Expr) -> exp.Expr:
    function = node.meta.get("function")
    return _call(function, node.this) if function else node


def _division(node: exp.Expr) -> exp.Expr:
    if _type(node) in (BIGINT, INTEGER):
        return exp.Paren(this=exp.IntDiv(this=node.this, expression=node.expression))
    return node


def _date_arithmetic(node: exp.Expr) -> exp.Expr:
    return _cast(node, DATE) if _type(node) == DATE and not isinstance(node.parent, exp.Cast) else node


def _bigint(node: exp.Expr) -> exp.Expr:
    """Cast a sum to bigint, together with its FILTER and OVER."""
    if isinstance(node.parent, exp.Filter | exp.Window) and node.arg_key == "this":
        return node
    called = node
    while isinstance(called, exp.Filter | exp.Window):
        called = called.this
    return _cast(node, BIGINT) if called.name.lower() in _HUGE else node


def _function(node: exp.Expr) -> exp.Expr:
    name = node.name.lower()
    special = _FUNCTIONS.get(name)
    if special is not None:
        return special(node, node.expressions)
    if name in _HUGE:
        return _bigint(node)
    function = FUNCTIONS.get(name)
    if function is not None and function.duckdb != name:
        node.set("this", function.duckdb)
    return node


Arguments = list[exp.Expr]


def _try(_: exp.Expr, arguments: Arguments) -> exp.Expr:
    return arguments[0]


def _count_if(_: exp.Expr, arguments: Arguments) -> exp.Expr:
    # DuckDB's own count_if is a sum: NULL, and not 0, where there is nothing to count.
    counted = exp.Case(ifs=[exp.If(this=arguments[0], true=exp.Literal.number(1))])
    return _call("count", counted)


def _json_parse(_: exp.Expr, arguments: Arguments) -> exp.Expr:
    return _call("athena_json_parse", *arguments)


def _json_path(node: exp.Expr, arguments: Arguments) -> exp.Expr:
    path = exp.Literal.string(duckdb_path(text_of(arguments[1]) or ""))
    return _call(FUNCTIONS[node.name.lower()].duckdb, arguments[0], path)


def _regexp_replace(_: exp.Expr, arguments: Arguments) -> exp.Expr:
    written = text_of(arguments[2]) or "" if len(arguments) > 2 else ""  # noqa: PLR2004 - text, pattern, replacement
    replacement = exp.Literal.string(duckdb_replacement(written, groups=9))
    return _call("regexp_replace", arguments[0], arguments[1], replacement, exp.Literal.string("g"))


def _any_match(_: exp.Expr, arguments: Arguments) -> exp.Expr:
    conditions = conditions_of(*arguments)
    if conditions is not None:
        return exp.Paren(this=exp.or_(*conditions, copy=False, wrap=False))
    return _call("athena_any", _call("list_transform", *arguments))


def _all_match(_: exp.Expr, arguments: Arguments) -> exp.Expr:
    conditions = conditions_of(*arguments)
    if conditions is not None:
        return exp.Paren(this=exp.and_(*conditions, copy=False, wrap=False))
    return _call("athena_all", _call("list_transform", *arguments))


def _none_match(node: exp.Expr, arguments: Arguments) -> exp.Expr:
    return exp.Paren(this=exp.Not(this=_any_match(node, arguments)))


def _concat(_: exp.Expr, arguments: Arguments) -> exp.Expr:
    """Join with ||, which gives NULL where a part is NULL; DuckDB's concat() leaves that part out."""
    joined = arguments[0]
    for argument in arguments[1:]:
        joined = exp.DPipe(this=joined, expression=argument)
    return exp.Paren(this=joined)


def _contains(_: exp.Expr, arguments: Arguments) -> exp.Expr:
    if _type(arguments[1]) == IPADDRESS:
        return _call("athena_cidr_contains", arguments[0], arguments[1].this)
    if is_constant_list(arguments[0]):
        return exp.Paren(this=exp.In(this=arguments[1], expressions=elements_of(arguments[0])))
    return _call("athena_contains", *arguments)


def _date(_: exp.Expr, arguments: Arguments) -> exp.Expr:
    return _cast(arguments[0], DATE)


def _date_add(node: exp.Expr, arguments: Arguments) -> exp.Expr:
    unit, count, time = arguments
    step = exp.Interval(this=exp.Literal.string("1"), unit=exp.var(unit.name.upper()))
    added = exp.Paren(
        this=exp.Add(this=time, expression=exp.Paren(this=exp.Mul(this=exp.Paren(this=count), expression=step)))
    )
    return _cast(added, DATE) if _type(node) == DATE else added


def _date_trunc(node: exp.Expr, _: Arguments) -> exp.Expr:
    return _cast(node, _type(node))


def _date_format(_: exp.Expr, arguments: Arguments) -> exp.Expr:
    return _call("strftime", arguments[0], exp.Literal.string(duckdb_format(text_of(arguments[1]) or "")))


def _element_at(_: exp.Expr, arguments: Arguments) -> exp.Expr:
    return _call("map_extract_value" if _type(arguments[0]).name == "map" else "list_extract", *arguments)


def _sequence(node: exp.Expr, arguments: Arguments) -> exp.Expr:
    return _call("athena_sequence_of_dates" if _type(node) == array_of(DATE) else "athena_sequence", *arguments)


def _unnest(node: exp.Expr) -> exp.Expr:
    """Unnest in the SELECT of a subquery: DuckDB filters what UNNEST in FROM gives many times slower.

    A row's fields become columns, as on Athena.
    """
    alias, offset, unnested = node.args["alias"], node.args.get("offset"), node.expressions[0]
    names = [column.name for column in alias.columns]
    if offset:
        names.append(offset.name)
    type_ = _type(unnested)
    if type_.name == "map":
        values: list[exp.Expr] = [_call("unnest", _call(part, unnested.copy())) for part in ("map_keys", "map_values")]
        inner = _selected(values, ["key", "value"])
        fields: list[exp.Expr] = [exp.column("key"), exp.column("value")]
    else:
        inner = _selected([_call("unnest", unnested.copy())], ["element"])
        element = exp.column("element")
        fields = (
            [
                exp.Dot(this=exp.Paren(this=element.copy()), expression=exp.to_identifier(name))
                for name in type_.of[0].fields
            ]
            if type_.of[0].name == "row"
            else [element]
        )
    if offset:
        whole = _call("map_keys", unnested.copy()) if type_.name == "map" else unnested.copy()
        inner.append("expressions", exp.alias_(_call("generate_subscripts", whole, exp.Literal.number(1)), "ordinal"))
        fields.append(_cast(exp.column("ordinal"), BIGINT))
    outer = _selected(fields, names).from_(
        exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("unnested")))
    )
    table = exp.TableAlias(this=alias.this)
    subquery = exp.Subquery(this=outer)
    if isinstance(node.parent, exp.From):
        subquery.set("alias", table)
        return subquery
    return exp.Lateral(this=subquery, alias=table)


def _selected(values: list[exp.Expr], names: list[str]) -> exp.Select:
    return exp.Select(expressions=[exp.alias_(value, name) for value, name in zip(values, names, strict=True)])


_REWRITES: Mapping[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.CTE: _narrowed,
    exp.DataType: _data_type,
    exp.Cast: _cast_node,
    exp.TryCast: _cast_node,
    exp.Div: _division,
    exp.Add: _date_arithmetic,
    exp.Sub: _date_arithmetic,
    exp.Filter: _bigint,
    exp.Literal: _literal,
    exp.Window: _bigint,
    exp.Anonymous: _function,
    exp.Unnest: _unnest,
}
_FUNCTIONS: Mapping[str, Callable[[exp.Expr, Arguments], exp.Expr]] = {
    "all_match": _all_match,
    "any_match": _any_match,
    "concat": _concat,
    "contains": _contains,
    "count_if": _count_if,
    "date": _date,
    "date_add": _date_add,
    "date_format": _date_format,
    "date_trunc": _date_trunc,
    "element_at": _element_at,
    "json_extract": _json_path,
    "json_extract_scalar": _json_path,
    "json_parse": _json_parse,
    "none_match": _none_match,
    "regexp_replace": _regexp_replace,
    "sequence": _sequence,
    "try": _try,
}
