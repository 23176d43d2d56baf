"""Puts the values of parameters into the tree, as typed literals."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import cast

from sqlglot import exp

from comprova.catalog.column_types import row_fields
from comprova.catalog.parameters import Scalar, Value
from comprova.errors import ContentError, Problem
from comprova.sql.copying import copy_of


def names(tree: exp.Expr) -> tuple[str, ...]:
    """Return the names of the parameters that a tree uses, sorted."""
    return tuple(sorted({node.name for node in tree.find_all(exp.Placeholder)}))


def bind_values(tree: exp.Query, values: Mapping[str, Value], types: Mapping[str, str]) -> exp.Query:
    """Return a copy of a tree with every `:name` replaced.

    Args:
        tree: The statement.
        values: Value by name, one for each name that the tree uses.
        types: Athena type by name.

    Raises:
        ContentError: A value cannot be written as a literal of its type.
    """
    bound = copy_of(tree)
    for node in list(bound.find_all(exp.Placeholder)):
        node.replace(literal(values[node.name], types[node.name], f"parameter :{node.name}"))
    return bound


def literal(value: Value, type_: str, where: str) -> exp.Expr:
    """Make a value a literal of an Athena type.

    Raises:
        ContentError: It cannot be written as one.
    """
    if fields := row_fields(type_):
        rows = [
            _call("ROW", [_scalar(row[name], kind, where) for name, kind in fields])
            for row in cast("Sequence[Mapping[str, Scalar]]", value)
        ]
        return _cast(exp.Array(expressions=rows), type_)
    if type_.startswith("array("):
        element = type_.removeprefix("array(").removesuffix(")")
        items = [_scalar(item, element, where) for item in cast("Sequence[Scalar]", value)]
        return _cast(exp.Array(expressions=items), type_)
    return _scalar(cast("Scalar", value), type_, where)


def timestamp(value: datetime) -> exp.Expr:
    """Make a moment with a time zone a literal, in UTC and to the millisecond."""
    return _scalar(value, "timestamp", "time")


def _scalar(value: Scalar, type_: str, where: str) -> exp.Expr:
    match type_, value:
        case "varchar", str():
            return exp.Literal.string(_text(value, where))
        case "boolean", bool():
            return exp.Boolean(this=value)
        case "bigint", int() if not isinstance(value, bool) and -(2**63) < value < 2**63:
            return _cast(_number(value), "bigint")
        case "double", int() | float() if not isinstance(value, bool) and math.isfinite(value):
            return _cast(exp.Literal.string(repr(float(value))), "double")
        case "timestamp", datetime() if value.tzinfo is not None and value.microsecond % 1000 == 0:
            text = value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")
            return _cast(exp.Literal.string(text), "timestamp(3)")
        case "date", date() if not isinstance(value, datetime):
            return _cast(exp.Literal.string(value.isoformat()), "date")
    raise ContentError(Problem(where, f"a value that Athena can hold as {type_}", repr(value)))


def _text(value: str, where: str) -> str:
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise ContentError(Problem(where, "text without NUL and without lone surrogates", repr(value)))
    return value


def _number(value: int) -> exp.Expr:
    number = exp.Literal.number(abs(value))
    return exp.Neg(this=number) if value < 0 else number


def _call(name: str, arguments: list[exp.Expr]) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=arguments)


def _cast(this: exp.Expr, type_: str) -> exp.Expr:
    return exp.Cast(this=this, to=exp.DataType.build(type_, dialect="athena"))
