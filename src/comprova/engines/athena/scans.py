"""How often a statement scans each table that it names, so that what it may cost is bounded before it runs."""

from collections import Counter
from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from comprova.sql.dialects import AthenaAsWritten

_Scans = Mapping[str, int]


def scans_of(sql: str) -> Counter[str]:
    """Return how often a SELECT scans each table, by its name in small letters.

    "The SQL for the WITH clause will be inlined anywhere the named relation is used" (Trino documentation, "SELECT"):
    a common table expression scans its tables once for each use, and not at all where nothing uses it.
    """
    return _scans(sqlglot.parse_one(sql, read=AthenaAsWritten), {})


def _scans(part: exp.Expr, named: Mapping[str, _Scans]) -> Counter[str]:
    """Count the scans of a part of a statement.

    Args:
        part: Of the tree.
        named: The common table expressions that it may use, with the scans of each.
    """
    scans: Counter[str] = Counter()
    left = [(part, named)]
    while left:
        node, known = left.pop()
        if isinstance(node, exp.Table):
            name = node.name.lower()
            scans.update(known.get(name, {name: 1}))
        clause = node.args.get("with_")
        if clause is not None:
            for expression in clause.expressions:
                known = {**known, expression.alias.lower(): _scans(expression.this, known)}
        left += [(child, known) for child in node.iter_expressions() if child is not clause]
    return scans
