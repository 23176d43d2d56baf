"""The rules for calls: which functions, with what arguments, and of what type the answer is."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from comprova.sql import written
from comprova.sql.allow import FUNCTIONS as REFUSED_FUNCTIONS
from comprova.sql.functions import FUNCTIONS, WRITTEN, Function, Signature, Use
from comprova.sql.names import Names, nearest
from comprova.sql.patterns import PatternError
from comprova.sql.types import ANY, BOOLEAN, JSON, NULL, VARCHAR, Type, common, converts, is_sortable

if TYPE_CHECKING:
    from comprova.sql.expressions import Expressions


def _call(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    name = node.name.lower()
    if name == "try":
        return _try(typer, node, names)
    function = FUNCTIONS.get(name)
    if function is None:
        why, instead = REFUSED_FUNCTIONS.get(name, ("", nearest(name, FUNCTIONS)))
        found = f"{name}() ({why})" if why else f"{name}()"
        return typer.refuse(node, "a function that answers alike on both engines", found, instead)
    if function.use is Use.WINDOW and not isinstance(node.parent, exp.Window):
        typer.refuse(node, f"{name}() {function.use.value}", "none")
    arguments = _arguments(typer, node, function, names)
    for signature in function.signatures:
        bound = _match(typer, signature, arguments, names)
        if bound is not None and ANY in bound.values():
            return ANY
        if bound is not None:
            _written(typer, node, signature, arguments)
            return _substitute(signature.result, bound)
    types = ["a lambda" if isinstance(item, exp.Lambda) else str(typer.type_of(item, names)) for item in arguments]
    if str(ANY) in types:
        return ANY
    expected = " or ".join(f"{name}({', '.join(map(str, signature.parameters))})" for signature in function.signatures)
    return typer.refuse(node, expected, f"{name}({', '.join(types)})")


def _try(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    inner = node.expressions[0] if len(node.expressions) == 1 else node
    if isinstance(inner, exp.Cast):
        return typer.type_of(inner, names)
    if isinstance(inner, exp.Anonymous) and inner.name.lower() == "json_parse" and len(inner.expressions) == 1:
        typer.expect(inner.expressions[0], VARCHAR, names, "what json_parse reads")
        if isinstance(node.parent, exp.Is):
            return JSON
        found = f"{written.shown(node)}, whose members Athena sorts and leaves out where two share a name"
        return typer.refuse(node, "TRY(json_parse(…)) IS NULL", found, "Write json_extract(…, '$').")
    hint = "The engines do not catch the same errors of anything else."
    return typer.refuse(node, "TRY(json_parse(…)) IS NULL or TRY(CAST(…))", written.shown(node), hint)


def _arguments(typer: "Expressions", node: exp.Expr, function: Function, names: Names) -> list[exp.Expr]:
    """Return the arguments of a call; those of an aggregate without its DISTINCT and ORDER BY."""
    arguments = list(node.expressions)
    if function.use is Use.SCALAR or len(arguments) != 1:
        return arguments
    argument = arguments[0]
    if isinstance(argument, exp.Star) and function.name == "count":
        return []
    if isinstance(argument, exp.Order):
        for part in argument.expressions:
            typer.sortable(part.this, names, "ORDER BY")
        argument = argument.this
    elif function.name == "array_agg" and not written.is_sorted(node):
        found = "array_agg() in the order in which rows happen to come"
        typer.refuse(node, "an order", found, "Write array_agg(… ORDER BY …).")
    return list(argument.expressions) if isinstance(argument, exp.Distinct) else [argument]


def _match(
    typer: "Expressions", signature: Signature, arguments: Sequence[exp.Expr], names: Names
) -> dict[str, Type] | None:
    parameters = list(signature.parameters)
    if signature.repeats and arguments:
        parameters += [parameters[-1]] * (len(arguments) - len(parameters))
    if len(parameters) != len(arguments):
        return None
    bound: dict[str, Type] = {}
    pairs = sorted(zip(parameters, arguments, strict=True), key=lambda pair: isinstance(pair[1], exp.Lambda))
    for parameter, argument in pairs:
        if parameter.name == "f" and isinstance(argument, exp.Lambda):
            taken = [_substitute(item, bound) for item in parameter.of[:-1]]
            variables = {
                identifier.name.lower(): kind for identifier, kind in zip(argument.expressions, taken, strict=False)
            }
            for name in filter(names.has, variables):
                hint = "In the lambda, DuckDB would read that instead."
                typer.refuse(argument, "a name in a lambda that no table and no column has", name, hint)
            if len(variables) != len(taken) or not _bind(
                parameter.of[-1], typer.type_of(argument.this, names.with_variables(variables)), bound
            ):
                return None
        elif (
            parameter.name == "f"
            or isinstance(argument, exp.Lambda)
            or (parameter.name not in WRITTEN and not _bind(parameter, typer.type_of(argument, names), bound))
        ):
            return None
    return bound


def _written(typer: "Expressions", node: exp.Expr, signature: Signature, arguments: Sequence[exp.Expr]) -> None:
    """Check what must be written in place."""
    for parameter, argument in zip(signature.parameters, arguments, strict=False):
        if parameter.name in WRITTEN:
            argument.meta.setdefault("type", VARCHAR)
            try:
                written.RULES[parameter.name](node.name.lower(), arguments, argument)
            except PatternError as error:
                typer.refuse(
                    argument,
                    f"{parameter} of {node.name.lower()}() that both engines take alike",
                    error.found,
                    error.hint,
                )


def _filter(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    typer.expect(node.expression.this, BOOLEAN, names, "the condition of FILTER")
    return typer.type_of(node.this, names)


def _window(typer: "Expressions", node: exp.Expr, names: Names) -> Type:
    for part in node.args.get("partition_by") or []:
        typer.sortable(part, names, "PARTITION BY")
    order = node.args.get("order")
    for part in order.expressions if order is not None else []:
        typer.sortable(part.this, names, "ORDER BY")
    called = node.this
    if isinstance(called, exp.Filter):
        hint = "Write count_if(…), or CASE within the aggregate: Athena has no FILTER before OVER."
        return typer.refuse(node, "an aggregate or window function before OVER", "FILTER", hint)
    name = called.name.lower()
    if name in FUNCTIONS and FUNCTIONS[name].use is Use.SCALAR:
        typer.refuse(node, "an aggregate or window function before OVER", written.shown(called))
    elif name in FUNCTIONS and FUNCTIONS[name].use is Use.WINDOW and order is None and node.args.get("alias") is None:
        typer.refuse(node, f"ORDER BY in the window of {name}()", "none")
    return typer.type_of(node.this, names)


def _bind(parameter: Type, argument: Type, bound: dict[str, Type]) -> bool:
    """Tell whether an argument fits a parameter, and note what its capital letters stand for."""
    if parameter.is_variable:
        if parameter.name == "O" and not is_sortable(argument):
            return False
        shared = common(bound.get(parameter.name, NULL), argument)
        if shared is not None:
            bound[parameter.name] = shared
        return shared is not None
    if argument in (ANY, NULL):
        return True
    if parameter.of and parameter.name == argument.name and len(parameter.of) == len(argument.of):
        return all(_bind(left, right, bound) for left, right in zip(parameter.of, argument.of, strict=True))
    return converts(argument, parameter)


def _substitute(type_: Type, bound: Mapping[str, Type]) -> Type:
    if type_.is_variable:
        return bound.get(type_.name, NULL)
    return Type(type_.name, tuple(_substitute(part, bound) for part in type_.of), type_.fields) if type_.of else type_


RULES: Mapping[type[exp.Expr], Callable[["Expressions", exp.Expr, Names], Type]] = {
    exp.Anonymous: _call,
    exp.Filter: _filter,
    exp.Window: _window,
}
"""The rule for each kind of node that calls a function."""
