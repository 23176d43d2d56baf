"""Narrows what a statement reads to the period, the accounts and the regions of a run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from comprova.sql.bind import timestamp
from comprova.sql.statement import Scope

SUFFIX = "_in_scope"
"""The narrowed `activity` is called `activity_in_scope`; no query may use such a name."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The rows of one table that a statement may see.

    Attributes:
        table: The table.
        condition: Of its rows.
    """

    table: str
    condition: exp.Expr


def of_query(scope: Scope, history_start: datetime | None) -> tuple[Narrowing, ...]:
    """Return what a query may see: its period, or from `history_start` on where it looks back."""
    time = (
        exp.column("in_period")
        if history_start is None
        else exp.GTE(this=exp.column("event_time"), expression=timestamp(history_start))
    )
    return (
        *_narrowing("activity", [time, *_places(scope, "account_id", "region")]),
        *_narrowing("deliveries", list(_places(scope, "log_account", "log_region"))),
    )


def of_measure(scope: Scope) -> tuple[Narrowing, ...]:
    """Return what a measure of the logs may see: every event, by account and region of its delivery."""
    return tuple(
        narrowing
        for table in ("activity", "deliveries", "records")
        for narrowing in _narrowing(table, list(_places(scope, "log_account", "log_region")))
    )


def narrow(tree: exp.Query, narrowings: tuple[Narrowing, ...]) -> exp.Query:
    """Have a statement read each narrowed table through a common table expression, and return it.

    Args:
        tree: A statement whose own table expressions bear no table's name; it is changed.
        narrowings: What it may see of each table.
    """
    used: list[exp.CTE] = []
    for narrowing in narrowings:
        tables = [node for node in tree.find_all(exp.Table) if node.name.lower() == narrowing.table]
        for node in tables:
            if not node.alias:
                node.set("alias", exp.TableAlias(this=exp.to_identifier(narrowing.table)))
            node.set("this", exp.to_identifier(narrowing.table + SUFFIX))
        if tables:
            rows = exp.select("*").from_(narrowing.table).where(narrowing.condition)
            used.append(exp.CTE(this=rows, alias=exp.TableAlias(this=exp.to_identifier(narrowing.table + SUFFIX))))
    if used:
        own = tree.args.get("with_")
        tree.set("with_", exp.With(expressions=[*used, *(own.expressions if own else [])]))
    return tree


def _narrowing(table: str, conditions: list[exp.Expr]) -> Iterator[Narrowing]:
    if conditions:
        yield Narrowing(table, exp.and_(*conditions, copy=False))


def _places(scope: Scope, account: str, region: str) -> Iterator[exp.Expr]:
    for column, chosen in ((account, scope.accounts), (region, scope.regions)):
        if chosen is not None:
            among = exp.In(this=exp.column(column), expressions=[exp.Literal.string(item) for item in chosen])
            yield among if chosen else exp.false()
