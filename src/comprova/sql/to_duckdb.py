"""Translates a checked tree into DuckDB's terms; what has no rule here, sqlglot writes alike (the tests hold the proof)."""

from collections.abc import Callable, Mapping

from sqlglot import exp

Rewrite = Callable[[exp.Expr], exp.Expr]


def translate(tree: exp.Query) -> exp.Query:
    """Return a copy of a bound and narrowed tree that, written as DuckDB, gives Athena's answers."""
    translated = tree.copy()
    for node in reversed(list(translated.walk())):
        rewrite = _REWRITES.get(type(node)) or _CALLS.get(node.name.lower() if isinstance(node, exp.Anonymous) else "")
        if rewrite is not None and (new := rewrite(node)) is not node:
            node.replace(new)
    return translated


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _path(node: exp.Expr) -> exp.Expr:
    """Return a JSON path in DuckDB's notation: every key quoted."""
    steps = []
    for part in node.expressions:
        match part:
            case exp.JSONPathKey():
                steps.append('."' + str(part.this).replace("\\", "\\\\").replace('"', '\\"') + '"')
            case exp.JSONPathSubscript():
                steps.append(f"[{part.this}]")
    return exp.Literal.string("$" + "".join(steps))


def _json_extract_scalar(node: exp.Expr) -> exp.Expr:
    return _call("athena_json_extract_scalar", node.this, _path(node.expression))


def _json_extract(node: exp.Expr) -> exp.Expr:
    return _call("athena_json_extract", node.this, _path(node.expression))


def _try(node: exp.Expr) -> exp.Expr:
    return _call("athena_json_parse", node.this.this) if isinstance(node.this, exp.ParseJSON) else node


def _regexp_extract(node: exp.Expr) -> exp.Expr:
    group = node.args.get("group") or exp.Literal.number(0)
    return _call("athena_regexp_extract", node.this, node.expression, group)


def _cast(node: exp.Expr) -> exp.Expr:
    kind = node.args["to"]
    if kind.is_type("timestamp") and kind.expressions:
        kind.set("expressions", [])
    return node


def _date_diff(node: exp.Expr) -> exp.Expr:
    return _call("date_sub", exp.Literal.string(node.text("unit").lower()), node.expression, node.this)


def _contains(node: exp.Expr) -> exp.Expr:
    if isinstance(node.expression, exp.Cast) and node.expression.to.is_type("ipaddress"):
        return _call("athena_cidr_contains", node.this, node.expression.this)
    return _call("athena_contains", node.this, node.expression)


def _any_match(node: exp.Expr) -> exp.Expr:
    return _call("athena_any", exp.Transform(this=node.expressions[0], expression=node.expressions[1]))


def _all_match(node: exp.Expr) -> exp.Expr:
    return _call("athena_all", exp.Transform(this=node.expressions[0], expression=node.expressions[1]))


def _none_match(node: exp.Expr) -> exp.Expr:
    return exp.paren(exp.Not(this=_any_match(node)), copy=False)


_REWRITES: Mapping[type[exp.Expr], Rewrite] = {
    exp.JSONExtractScalar: _json_extract_scalar,
    exp.JSONExtract: _json_extract,
    exp.Try: _try,
    exp.RegexpExtract: _regexp_extract,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.DateDiff: _date_diff,
    exp.ArrayContains: _contains,
}
_CALLS: Mapping[str, Rewrite] = {"any_match": _any_match, "all_match": _all_match, "none_match": _none_match}
