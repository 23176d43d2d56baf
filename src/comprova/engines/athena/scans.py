"""How often a statement scans each table that it names, so that what it may cost is bounded before it runs."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp

from comprova.sql.dialects import AthenaAsWritten
from comprova.sql.event_groups import all_groups
from comprova.sql.pruning import GROUP
from comprova.sql.scope import SUFFIX


@dataclass(frozen=True, slots=True)
class Scan:
    """One way to read a table.

    Attributes:
        table: Its name in small letters.
        groups: Of events that are read; None for all there is.
    """

    table: str
    groups: frozenset[str] | None = None


_Scans = Mapping[Scan, int]


def scans_of(sql: str) -> Counter[Scan]:
    """Return how often a SELECT scans each table.

    "The SQL for the WITH clause will be inlined anywhere the named relation is used" (Trino documentation, "SELECT"):
    a common table expression scans its tables once for each use, and not at all where nothing uses it. A selection
    that names groups of events, of a partitioned table or of the expression that narrows it to a run, reads no others.
    """
    return _scans(sqlglot.parse_one(sql, read=AthenaAsWritten), {})


def _scans(part: exp.Expr, named: Mapping[str, _Scans]) -> Counter[Scan]:
    """Count the scans of a part of a statement.

    Args:
        part: Of the tree.
        named: The common table expressions that it may use, with the scans of each.
    """
    scans: Counter[Scan] = Counter()
    left = [(part, named)]
    while left:
        node, known = left.pop()
        if isinstance(node, exp.Table):
            name, groups = node.name.lower(), _groups_named(node)
            for scan, times in known.get(name, {Scan(name): 1}).items():
                narrowed = groups is not None and name in {scan.table, scan.table + SUFFIX}
                scans[replace(scan, groups=groups) if narrowed else scan] += times
        clause = node.args.get("with_")
        if clause is not None:
            for expression in clause.expressions:
                known = {**known, expression.alias.lower(): _scans(expression.this, known)}
        left += [(child, known) for child in node.iter_expressions() if child is not clause]
    return scans


def _groups_named(table: exp.Table) -> frozenset[str] | None:
    """Return the groups that the selection from a table names, as `prune` does; None where it names none."""
    select = table.parent_select
    where = select.args.get("where") if isinstance(select, exp.Select) else None
    if where is None:
        return None
    named = (_groups_of(condition, table.alias_or_name) for condition in _conjuncts(where.this))
    return next((groups for groups in named if groups is not None), None)


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    left = [condition]
    while left:
        part = left.pop()
        if isinstance(part, exp.And):
            left += [part.left, part.right]
        else:
            yield part


def _groups_of(condition: exp.Expr, alias: str) -> frozenset[str] | None:
    if condition.args.get("negate"):
        return None
    match condition:
        case exp.Paren():
            return _groups_of(condition.this, alias)
        case exp.Or():
            left, right = _groups_of(condition.left, alias), _groups_of(condition.right, alias)
            return None if left is None or right is None else left | right
        case exp.In(this=exp.Column(name=column, table=owner), expressions=values) if column == GROUP:
            return frozenset(value.name for value in values) if owner == alias else None
        case exp.Like(this=exp.Column(name=column, table=owner), expression=pattern) if column == GROUP:
            ending = pattern.name.removeprefix("%")
            return frozenset(group for group in all_groups() if group.endswith(ending)) if owner == alias else None
        case _:
            return None
