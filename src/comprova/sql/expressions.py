"""Finds the type of every expression, and refuses what is not proven to answer alike on both engines.

The type is left with each node, as `meta["type"]`, for the translation to read.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from comprova.errors import Problem
from comprova.sql import call_rules, expression_rules
from comprova.sql.allow import NODES
from comprova.sql.names import Names
from comprova.sql.parse import Source
from comprova.sql.types import (
    ANY,
    INSTANT,
    IPADDRESS,
    JSON,
    LOCAL,
    NULL,
    Type,
    common,
    converts,
    is_groupable,
    is_sortable,
)
from comprova.sql.written import shown

_NOT_COMPARED = {
    LOCAL: "Compare event_time itself with a parameter, or the date(…) or hour(…) of the local time.",
    INSTANT: "Bring it to a zone and to a timestamp: CAST(at_timezone(…, 'UTC') AS timestamp(3)).",
    JSON: "Read a text of it with json_extract_scalar(…).",
    IPADDRESS: "Write contains('network/bits', TRY_CAST(… AS ipaddress)).",
}
_RULES = {**expression_rules.RULES, **call_rules.RULES}


def _hint(type_: Type) -> str:
    parts = "Compare its parts: where one is NULL, Athena cannot sort, and does not say whether two are equal."
    return parts if type_.name in {"array", "row"} else _NOT_COMPARED.get(type_, "")


Subquery = Callable[[exp.Query, Names | None], Mapping[str, Type]]
"""Returns the columns of a query inside of an expression; the names around it, where it may use them."""


class Expressions:
    """Types the expressions of one statement.

    Attributes:
        problems: What was refused so far.
        parameters: Type by name of the parameters that may be used.
        subquery: What finds the columns of a subquery.
    """

    def __init__(self, source: Source, parameters: Mapping[str, Type], subquery: Subquery) -> None:
        self.problems: list[Problem] = []
        self.parameters = parameters
        self.subquery = subquery
        self._source = source

    def refuse(self, node: exp.Expr, expected: str, found: str, hint: str = "") -> Type:
        """Note a problem at a node; the type that is returned keeps others from being made of it."""
        self.problems.append(Problem(self._source.where(node), expected, found, hint))
        return ANY

    def type_of(self, node: exp.Expr, names: Names) -> Type:
        """Return the type of an expression."""
        rule = _RULES.get(type(node))
        if rule is not None:
            type_ = rule(self, node, names)
        elif type(node) in NODES:
            type_ = self.refuse(node, "a single value", shown(node))
        else:
            type_ = ANY  # refused by its kind
        node.meta["type"] = type_
        return type_

    def expect(self, node: exp.Expr, wanted: Type, names: Names, what: str) -> None:
        """Note a problem unless an expression is of a type."""
        found = self.type_of(node, names)
        if not converts(found, wanted):
            self.refuse(node, f"{what} to be {wanted}", str(found))

    def sortable(self, node: exp.Expr, names: Names, clause: str) -> Type:
        """Return the type of an expression by which rows are compared or sorted."""
        return self._compared(node, names, clause, is_sortable)

    def groupable(self, node: exp.Expr, names: Names, clause: str) -> Type:
        """Return the type of an expression by which rows are grouped."""
        return self._compared(node, names, clause, is_groupable)

    def _compared(self, node: exp.Expr, names: Names, clause: str, compares: Callable[[Type], bool]) -> Type:
        found = self.type_of(node, names)
        if not compares(found):
            expected = f"a value after {clause} that compares alike on both engines"
            self.refuse(node, expected, str(found), _hint(found))
        return found

    def same(self, node: exp.Expr, parts: Sequence[exp.Expr], names: Names, expected: str) -> None:
        """Note a problem unless expressions can be compared with each other."""
        shared = self.shared(node, parts, names, expected)
        if not is_sortable(shared):
            expected = "values that compare alike on both engines"
            self.refuse(node, expected, str(shared), _hint(shared))

    def shared(self, node: exp.Expr, parts: Sequence[exp.Expr], names: Names, expected: str) -> Type:
        """Return the type that expressions take side by side."""
        types = [self.type_of(part, names) for part in parts]
        shared: Type | None = NULL
        for type_ in types:
            shared = common(shared, type_) if shared is not None else None
        if shared is None:
            found = " and ".join(dict.fromkeys(map(str, types)))
            return self.refuse(node, expected, found, "Write CAST(…) or TRY_CAST(…).")
        return shared
