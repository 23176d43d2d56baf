"""Finds the type of every expression, and refuses what is not proven to answer alike on both engines.

The type is left with each node, as `meta["type"]`, for the translation to read.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from comprova.errors import Problem
from comprova.sql import written
from comprova.sql.allow import FUNCTIONS as REFUSED_FUNCTIONS
from comprova.sql.casts import cast_function, cast_hint
from comprova.sql.functions import FUNCTIONS, WRITTEN, Function, Signature, Use
from comprova.sql.names import Names, nearest
from comprova.sql.parse import Source
from comprova.sql.patterns import PatternError
from comprova.sql.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    DATE,
    DECIMAL,
    DOUBLE,
    INSTANT,
    INTEGER,
    INTERVAL,
    IPADDRESS,
    JSON,
    LOCAL,
    NULL,
    ORDERABLE,
    TIMESTAMP,
    VARCHAR,
    Type,
    array_of,
    common,
    converts,
    parse_type,
)

_LARGEST_INTEGER = 2**31 - 1
_NUMBERS = frozenset({INTEGER, BIGINT, DOUBLE, ANY})
_NOT_COMPARED = {
    LOCAL: "Compare event_time itself with a parameter, or the date(…) or hour(…) of the local time.",
    INSTANT: "Bring it to a zone and to a timestamp: CAST(at_timezone(…, 'UTC') AS timestamp(3)).",
    JSON: "Read a text of it with json_extract_scalar(…).",
    IPADDRESS: "Write contains('network/bits', TRY_CAST(… AS ipaddress)).",
}

Subquery = Callable[[exp.Query, Names | None], Mapping[str, Type]]
"""Returns the columns of a query inside of an expression; the names around it, where it may use them."""


class Expressions:
    """Types the expressions of one statement.

    Args:
        source: The statement's text, for places in messages.
        parameters: Type by name of the parameters that may be used.
        subquery: What finds the columns of a subquery.
    """

    def __init__(self, source: Source, parameters: Mapping[str, Type], subquery: Subquery) -> None:
        self.problems: list[Problem] = []
        self._source = source
        self._parameters = parameters
        self._subquery = subquery

    def refuse(self, node: exp.Expr, expected: str, found: str, hint: str = "") -> Type:
        """Note a problem at a node; the type that is returned keeps others from being made of it."""
        self.problems.append(Problem(self._source.where(node), expected, found, hint))
        return ANY

    def type_of(self, node: exp.Expr, names: Names) -> Type:
        """Return the type of an expression."""
        rule = _RULES.get(type(node))
        type_ = ANY if rule is None else rule(self, node, names)  # what has no rule is refused by its kind
        node.meta["type"] = type_
        return type_

    def expect(self, node: exp.Expr, wanted: Type, names: Names, what: str) -> None:
        """Note a problem unless an expression is of a type."""
        found = self.type_of(node, names)
        if not converts(found, wanted):
            self.refuse(node, f"{what} to be {wanted}", str(found))

    def comparable(self, node: exp.Expr, names: Names, what: str) -> Type:
        """Return the type of an expression by which rows are compared, grouped or sorted."""
        found = self.type_of(node, names)
        if not _is_comparable(found):
            self.refuse(node, f"{what} by a value that compares alike on both engines", str(found), _NOT_COMPARED.get(found, ""))
        return found

    # One rule per kind of node.

    def _column(self, node: exp.Expr, names: Names) -> Type:
        parts = _parts(node)
        if parts is None:
            return self._field(node, names)
        found = names.find(parts)
        if not found:
            written_name = ".".join(parts)
            return self.refuse(node, "a column of what is read here", written_name, names.similar(parts))
        if len(found) > 1:
            return self.refuse(node, "a name that means one thing", f"{'.'.join(parts)}, which {len(found)} tables have", "Write table.column.")
        type_, node.meta["relation"] = found[0]
        return type_

    def _field(self, node: exp.Expr, names: Names) -> Type:
        row, name = self.type_of(node.this, names), node.expression.name
        if row == ANY:
            return ANY
        if row.name != "row" or row.field(name) is None:
            return self.refuse(node, f"a row with the field {name}", str(row), nearest(name, row.fields))
        return row.field(name) or ANY

    def _literal(self, node: exp.Expr, names: Names) -> Type:
        del names
        if node.args.get("is_string"):
            return VARCHAR
        if "e" in node.name.lower():
            return DOUBLE
        if "." in node.name:
            return DECIMAL
        return INTEGER if int(node.name) <= _LARGEST_INTEGER else BIGINT

    def _placeholder(self, node: exp.Expr, names: Names) -> Type:
        del names
        if node.name not in self._parameters:
            known = nearest(node.name, self._parameters)
            return self.refuse(node, "a parameter that the block declares", f":{node.name}", known)
        return self._parameters[node.name]

    def _inner(self, node: exp.Expr, names: Names) -> Type:
        return self.type_of(node.this, names)

    def _logical(self, node: exp.Expr, names: Names) -> Type:
        for part in (node.this, node.args.get("expression")):
            if part is not None:
                self.expect(part, BOOLEAN, names, "a condition")
        return BOOLEAN

    def _arithmetic(self, node: exp.Expr, names: Names) -> Type:
        left, right = self.type_of(node.this, names), self.type_of(node.expression, names)
        if right == INTERVAL and left in (DATE, TIMESTAMP) and isinstance(node, exp.Add | exp.Sub):
            return left
        if left in (DATE, TIMESTAMP) or right in (DATE, TIMESTAMP):
            return self.refuse(node, "numbers", f"{left} and {right}", "Write date_diff(unit, from, to) or date_add(unit, n, from).")
        if not {left, right} <= _NUMBERS:
            hint = "Write 1e0 for a double: the engines compute with decimals differently." if DECIMAL in (left, right) else ""
            return self.refuse(node, "integers or doubles", f"{left} and {right}", hint)
        if isinstance(node, exp.Div | exp.Mod) and not written.is_not_zero(node.expression):
            self.refuse(node, "a divisor that cannot be zero", self._text(node.expression), "Write nullif(…, 0).")
        return common(left, right) or ANY

    def _negative(self, node: exp.Expr, names: Names) -> Type:
        type_ = self.type_of(node.this, names)
        return type_ if type_ in _NUMBERS | {DECIMAL} else self.refuse(node, "a number", str(type_))

    def _joined_text(self, node: exp.Expr, names: Names) -> Type:
        left, right = self.type_of(node.this, names), self.type_of(node.expression, names)
        shared = common(left, right)
        if shared is None or (shared not in (VARCHAR, ANY, NULL) and shared.name != "array"):
            return self.refuse(node, "two texts, or two arrays of one type", f"{left} and {right}", "Write CAST(… AS varchar).")
        return shared

    def _comparison(self, node: exp.Expr, names: Names) -> Type:
        self._same(node, [node.this, node.expression], names, "two values of one type")
        return BOOLEAN

    def _between(self, node: exp.Expr, names: Names) -> Type:
        self._same(node, [node.this, node.args["low"], node.args["high"]], names, "three values of one type")
        return BOOLEAN

    def _is(self, node: exp.Expr, names: Names) -> Type:
        self.type_of(node.this, names)
        if not isinstance(node.expression, exp.Null):
            found = f"IS {node.expression.sql().upper()}"
            self.refuse(node, "IS NULL", found, "Athena has no other; write coalesce(…, FALSE), or NOT coalesce(…, TRUE).")
        return BOOLEAN

    def _in(self, node: exp.Expr, names: Names) -> Type:
        query = node.args.get("query")
        if query is not None:
            left = self.comparable(node.this, names, "IN")
            columns = list(self._subquery(query.unnest(), None).values())
            if len(columns) != 1 or common(left, columns[0]) is None:
                found = ", ".join(map(str, columns))
                self.refuse(node, f"one column of {left} in the query after IN", found)
            return BOOLEAN
        for item in node.expressions:
            if isinstance(item, exp.Placeholder) and self._parameters.get(item.name, ANY).name == "array":
                return self.refuse(node, "single values after IN", f"the list :{item.name}", f"Write contains(:{item.name}, …).")
        self._same(node, [node.this, *node.expressions], names, "values of one type")
        return BOOLEAN

    def _like(self, node: exp.Expr, names: Names) -> Type:
        self.expect(node.this, VARCHAR, names, "what LIKE looks at")
        self.expect(node.expression, VARCHAR, names, "what LIKE looks for")
        return BOOLEAN

    def _escape(self, node: exp.Expr, names: Names) -> Type:
        if not (isinstance(node.expression, exp.Literal) and len(node.expression.name) == 1):
            self.refuse(node, "one character after ESCAPE", self._text(node.expression))
        return self.type_of(node.this, names)

    def _exists(self, node: exp.Expr, names: Names) -> Type:
        self._subquery(node.this.unnest(), names)
        return BOOLEAN

    def _scalar_subquery(self, node: exp.Expr, names: Names) -> Type:
        del names
        columns = list(self._subquery(node.unnest(), None).values())
        return columns[0] if len(columns) == 1 else self.refuse(node, "one column", str(len(columns)))

    def _case(self, node: exp.Expr, names: Names) -> Type:
        branches: Sequence[exp.Expr] = node.args["ifs"]
        if node.this is not None:
            self._same(node, [node.this, *(branch.this for branch in branches)], names, "WHEN values of the type after CASE")
        else:
            for branch in branches:
                self.expect(branch.this, BOOLEAN, names, "the condition after WHEN")
        results = [branch.args["true"] for branch in branches]
        if node.args.get("default") is not None:
            results.append(node.args["default"])
        return self._shared(node, results, names, "results of one type")

    def _if(self, node: exp.Expr, names: Names) -> Type:
        self.expect(node.this, BOOLEAN, names, "the condition of if()")
        results = [part for part in (node.args["true"], node.args.get("false")) if part is not None]
        return self._shared(node, results, names, "results of one type")

    def _array(self, node: exp.Expr, names: Names) -> Type:
        return array_of(self._shared(node, node.expressions, names, "elements of one type"))

    def _interval(self, node: exp.Expr, names: Names) -> Type:
        del names
        if not (isinstance(node.this, exp.Literal) and node.this.name.isdecimal()):
            return self.refuse(node, "INTERVAL 'number' unit", self._text(node), "Write date_add(unit, n, …).")
        if node.text("unit").lower() not in written.UNITS:
            return self.refuse(node, f"a unit among {', '.join(written.UNITS)}", node.text("unit"))
        return INTERVAL

    def _cast(self, node: exp.Expr, names: Names) -> Type:
        to = self._target(node)
        value = node.this
        if isinstance(value, exp.Anonymous) and value.name.lower() == "row":
            from_ = Type("row", tuple(self.type_of(item, names) for item in value.expressions), to.fields)
            if len(from_.of) != len(to.of):
                return self.refuse(node, f"as many values as fields in {to}", str(len(from_.of)))
            value.meta["type"] = from_
        elif isinstance(value, exp.Array) and to.name == "array" and any(_is_row(item) for item in value.expressions):
            from_ = self._rows(value, to, names)
        else:
            from_ = self.type_of(value, names)
        function = cast_function(from_, to, guarded=isinstance(node, exp.TryCast) or written.is_tried(node))
        if function is None:
            return self.refuse(node, "a cast that both engines make alike", f"{from_} to {to}", cast_hint(from_, to))
        node.meta["function"] = function
        return to

    def _rows(self, node: exp.Expr, to: Type, names: Names) -> Type:
        for item in node.expressions:
            for value, wanted in zip(item.expressions, to.of[0].of, strict=False):
                self.expect(value, wanted, names, "a value")
            if len(item.expressions) != len(to.of[0].of):
                self.refuse(item, f"as many values as fields in {to.of[0]}", str(len(item.expressions)))
        return to

    def _target(self, node: exp.Expr) -> Type:
        text = node.args["to"].sql(dialect="trino")
        try:
            to = parse_type(text)
        except ValueError:
            to = Type(text.lower())
        if not _is_known(to):
            return self.refuse(node, "a type that both engines have", text.lower(), "Times are timestamp(3), numbers bigint or double.")
        return to

    def _call(self, node: exp.Expr, names: Names) -> Type:
        name = node.name.lower()
        if name == "try":
            return self._try(node, names)
        if name == "json_parse" and written.is_tried(node):
            self.expect(node.expressions[0], VARCHAR, names, "what json_parse reads")
            return JSON
        function = FUNCTIONS.get(name)
        if function is None:
            why, instead = REFUSED_FUNCTIONS.get(name, ("", nearest(name, FUNCTIONS)))
            if name == "json_parse":
                why, instead = "fails on text that is not JSON", "Write TRY(json_parse(…))."
            return self.refuse(node, "a function that answers alike on both engines", f"{name}()" + (f" ({why})" if why else ""), instead)
        arguments = self._arguments(node, function)
        if function.use is Use.WINDOW and not isinstance(node.parent, exp.Window):
            self.refuse(node, f"{name}() {function.use.value}", "none")
        for signature in function.signatures:
            bound = self._match(signature, arguments, names)
            if bound is not None:
                self._written(node, signature, arguments)
                return _substitute(signature.result, bound)
        found = ", ".join(str(self.type_of(item, names)) if not isinstance(item, exp.Lambda) else "a lambda" for item in arguments)
        expected = " or ".join(f"{name}({', '.join(map(str, signature.parameters))})" for signature in function.signatures)
        return ANY if "any" in found.split(", ") else self.refuse(node, expected, f"{name}({found})")

    def _try(self, node: exp.Expr, names: Names) -> Type:
        inner = node.expressions[0] if len(node.expressions) == 1 else node
        if not (isinstance(inner, exp.Cast) or (isinstance(inner, exp.Anonymous) and inner.name.lower() == "json_parse")):
            return self.refuse(
                node, "TRY(json_parse(…)) or TRY(CAST(…))", self._text(node), "The engines do not catch the same errors of anything else."
            )
        return self.type_of(inner, names)

    def _arguments(self, node: exp.Expr, function: Function) -> list[exp.Expr]:
        """Return the arguments of a call; those of an aggregate without its DISTINCT and ORDER BY."""
        arguments = list(node.expressions)
        if function.use is Use.SCALAR or len(arguments) != 1:
            return arguments
        if isinstance(arguments[0], exp.Star) and function.name == "count":
            return []
        argument = arguments[0].this if isinstance(arguments[0], exp.Order) else arguments[0]
        if function.name == "array_agg" and argument is arguments[0] and not written.is_sorted(node):
            self.refuse(node, "an order", "array_agg() in the order in which rows happen to come", "Write array_agg(… ORDER BY …).")
        if isinstance(argument, exp.Distinct):
            return list(argument.expressions)
        return [argument]

    def _match(self, signature: Signature, arguments: Sequence[exp.Expr], names: Names) -> dict[str, Type] | None:
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
                variables = {identifier.name.lower(): kind for identifier, kind in zip(argument.expressions, taken, strict=False)}
                if len(variables) != len(taken) or not _bind(parameter.of[-1], self.type_of(argument.this, names.with_variables(variables)), bound):
                    return None
            elif parameter.name == "f" or isinstance(argument, exp.Lambda):
                return None
            elif parameter.name not in WRITTEN and not _bind(parameter, self.type_of(argument, names), bound):
                return None
        return bound

    def _written(self, node: exp.Expr, signature: Signature, arguments: Sequence[exp.Expr]) -> None:
        """Check what must be written in place."""
        for parameter, argument in zip(signature.parameters, arguments, strict=False):
            if parameter.name in WRITTEN:
                argument.meta.setdefault("type", VARCHAR)
                try:
                    written.RULES[parameter.name](node.name.lower(), arguments, argument)
                except PatternError as error:
                    self.refuse(argument, f"{parameter} of {node.name.lower()}() that both engines take alike", error.found, error.hint)

    def _filter(self, node: exp.Expr, names: Names) -> Type:
        self.expect(node.expression.this, BOOLEAN, names, "the condition of FILTER")
        return self.type_of(node.this, names)

    def _window(self, node: exp.Expr, names: Names) -> Type:
        for part in node.args.get("partition_by") or []:
            self.comparable(part, names, "PARTITION BY")
        order = node.args.get("order")
        for part in order.expressions if order is not None else []:
            self.comparable(part.this, names, "ORDER BY")
        called = node.this.this if isinstance(node.this, exp.Filter) else node.this
        name = called.name.lower()
        if name not in FUNCTIONS or FUNCTIONS[name].use is Use.SCALAR:
            self.refuse(node, "an aggregate or window function before OVER", self._text(called))
        elif FUNCTIONS[name].use is Use.WINDOW and order is None and node.args.get("alias") is None:
            self.refuse(node, f"ORDER BY in the window of {name}()", "none")
        return self.type_of(node.this, names)

    # What the rules share.

    def _same(self, node: exp.Expr, parts: Sequence[exp.Expr], names: Names, expected: str) -> None:
        shared = self._shared(node, parts, names, expected)
        if not _is_comparable(shared):
            self.refuse(node, "values that compare alike on both engines", str(shared), _NOT_COMPARED.get(shared, ""))

    def _shared(self, node: exp.Expr, parts: Sequence[exp.Expr], names: Names, expected: str) -> Type:
        types = [self.type_of(part, names) for part in parts]
        shared: Type | None = NULL
        for type_ in types:
            shared = common(shared, type_) if shared is not None else None
        if shared is None:
            return self.refuse(node, expected, " and ".join(dict.fromkeys(map(str, types))), "Write CAST(…) or TRY_CAST(…).")
        return shared

    def _text(self, node: exp.Expr) -> str:
        return node.sql(dialect="trino", normalize_functions="lower")


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


def _is_comparable(type_: Type) -> bool:
    if type_.name in ("array", "map", "row"):
        return all(_is_comparable(part) for part in type_.of)
    return type_ in ORDERABLE


def _bind(parameter: Type, argument: Type, bound: dict[str, Type]) -> bool:
    """Tell whether an argument fits a parameter, and note what its capital letters stand for."""
    if parameter.is_variable:
        if parameter.name == "O" and not _is_comparable(argument):
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


_Rule = Callable[[Expressions, exp.Expr, Names], Type]
_RULES: Mapping[type[exp.Expr], _Rule] = {
    exp.Column: Expressions._column,
    exp.Identifier: Expressions._column,
    exp.Dot: Expressions._column,
    exp.Literal: Expressions._literal,
    exp.Boolean: lambda *_: BOOLEAN,
    exp.Null: lambda *_: NULL,
    exp.Placeholder: Expressions._placeholder,
    exp.Paren: Expressions._inner,
    exp.Alias: Expressions._inner,
    exp.And: Expressions._logical,
    exp.Or: Expressions._logical,
    exp.Not: Expressions._logical,
    exp.Neg: Expressions._negative,
    exp.Add: Expressions._arithmetic,
    exp.Sub: Expressions._arithmetic,
    exp.Mul: Expressions._arithmetic,
    exp.Div: Expressions._arithmetic,
    exp.Mod: Expressions._arithmetic,
    exp.DPipe: Expressions._joined_text,
    **dict.fromkeys(
        (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ), Expressions._comparison
    ),
    exp.Between: Expressions._between,
    exp.Is: Expressions._is,
    exp.In: Expressions._in,
    exp.Like: Expressions._like,
    exp.Escape: Expressions._escape,
    exp.Exists: Expressions._exists,
    exp.Subquery: Expressions._scalar_subquery,
    exp.Case: Expressions._case,
    exp.If: Expressions._if,
    exp.Array: Expressions._array,
    exp.Interval: Expressions._interval,
    exp.Cast: Expressions._cast,
    exp.TryCast: Expressions._cast,
    exp.Anonymous: Expressions._call,
    exp.Filter: Expressions._filter,
    exp.Window: Expressions._window,
}
