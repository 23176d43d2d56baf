"""Tells the engine which groups of events a statement asks about, so that it reads no others.

A condition on the source and the name of an event, or on the kind of its actor, implies a condition on its group
(`event_groups`). Stated beside it, that lets Athena leave whole folders of `activity` unread; rows are the same with
and without.
"""

import re

from sqlglot import exp

from comprova.sql.activity_reads import activities, belongs, equal_texts, is_plain
from comprova.sql.copying import copy_of
from comprova.sql.event_groups import (
    FREQUENT,
    OTHER,
    PEOPLE,
    SERVICES,
    Kind,
    all_groups,
    ending_of,
    group_of,
    is_frequent,
    service_of,
)

_SOURCE = "event_source"
_ACTOR_KIND = "actor_kind"
GROUP = "event_group"
"""The column of `activity` that holds the group of an event."""

_NAMES = frozenset({"event_name", "event_base_name"})
"""What is cut off for the base name is at the end, and cut so that it decides nothing: no beginning holds a digit."""

_EVERY_SERVICE = frozenset((*SERVICES, OTHER))
_EVERY_KIND = frozenset(Kind)
_FREQUENT_KINDS = _EVERY_KIND - {Kind.CHANGES}
_ALL = frozenset(all_groups())
_WILDCARDS = "%_"  # of a pattern without ESCAPE
_BEGINNINGS = re.compile(r"\^\(([A-Za-z]+(?:\|[A-Za-z]+)*)\)")


def prune(tree: exp.Query) -> exp.Query:
    """Return a copy of a statement in which every selection from `activity` also names the groups it can find rows in.

    Args:
        tree: A statement whose parameters are bound.
    """
    pruned = copy_of(tree)
    for select in list(pruned.find_all(exp.Select)):
        condition = select.args.get("where")
        if condition is None:
            continue
        found = [(alias, _groups(condition.this, alias)) for alias in activities(select)]
        named = [
            _naming(groups, exp.column(GROUP, table=alias)) for alias, groups in found if groups and groups != _ALL
        ]
        select.where(*named, copy=False)
    return pruned


def _naming(groups: frozenset[str], column: exp.Column) -> exp.Expr:
    """Return the condition that a column holds one of some groups."""
    kinds = [kind for kind in Kind if groups >= _product(_EVERY_SERVICE, frozenset({kind}))]
    if groups == _product(_EVERY_SERVICE, frozenset(kinds)):
        endings = [exp.Literal.string(f"%{ending_of(kind)}") for kind in kinds]
        return exp.or_(*(exp.Like(this=column.copy(), expression=ending) for ending in endings))
    return exp.In(this=column, expressions=[exp.Literal.string(group) for group in sorted(groups)])


def _groups(condition: exp.Expr, alias: str) -> frozenset[str]:
    """Return the groups in which rows can lie that meet a condition; all of them where it does not tell."""
    match condition:
        case exp.Paren():
            return _groups(condition.this, alias)
        case exp.And():
            return _groups(condition.left, alias) & _groups(condition.right, alias)
        case exp.Or():
            return _groups(condition.left, alias) | _groups(condition.right, alias)
        case _:
            return _of_predicate(condition, alias)


def _of_predicate(predicate: exp.Expr, alias: str) -> frozenset[str]:
    if (compared := equal_texts(predicate)) is not None:
        return _of_values(*compared, alias)
    if not is_plain(predicate):
        return _ALL
    match predicate:
        case exp.Like(this=exp.Column() as column, expression=exp.Literal() as pattern) if pattern.is_string:
            end = next((place for place, char in enumerate(pattern.this) if char in _WILDCARDS), None)
            return _of_beginnings(column, [pattern.this[:end]], alias) if end is not None else _ALL
        case exp.Anonymous(this="regexp_like", expressions=[exp.Column() as column, exp.Literal() as pattern]):
            beginnings = _BEGINNINGS.fullmatch(pattern.this)
            return _of_beginnings(column, beginnings[1].split("|"), alias) if beginnings else _ALL
        case _:
            return _ALL


def _of_values(column: exp.Column, values: list[str], alias: str) -> frozenset[str]:
    if not belongs(column, alias):
        return _ALL
    if column.name.lower() == _SOURCE:
        return _product(frozenset(map(service_of, values)), _EVERY_KIND)
    if column.name.lower() in _NAMES:
        return _product(_EVERY_SERVICE, frozenset().union(*(_kinds(frequent=is_frequent(value)) for value in values)))
    if column.name.lower() == _ACTOR_KIND:
        frequent = frozenset(Kind.PEOPLE if value in PEOPLE else Kind.USES for value in values)
        return _product(_EVERY_SERVICE, frequent | {Kind.CHANGES})
    return _ALL


def _of_beginnings(column: exp.Column, beginnings: list[str], alias: str) -> frozenset[str]:
    if column.name.lower() not in _NAMES or not belongs(column, alias):
        return _ALL
    kinds = frozenset(kind for beginning in beginnings for kind in _kinds_beginning(beginning))
    return _product(_EVERY_SERVICE, kinds)


def _kinds(*, frequent: bool) -> frozenset[Kind]:
    """Return the kinds of groups in which events with frequent names lie, or with others."""
    return _FREQUENT_KINDS if frequent else frozenset({Kind.CHANGES})


def _kinds_beginning(text: str) -> frozenset[Kind]:
    """Return the kinds of groups in which events lie whose names begin with a text: some names may be frequent ones."""
    if any(beginning.startswith(text) for beginning in FREQUENT) and not is_frequent(text):
        return _EVERY_KIND
    return _kinds(frequent=is_frequent(text))


def _product(services: frozenset[str], kinds: frozenset[Kind]) -> frozenset[str]:
    return frozenset(group_of(service, kind) for service in services for kind in kinds)
