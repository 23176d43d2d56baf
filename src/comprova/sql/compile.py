"""Compiles queries, views and the engine's own measures into statements."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from comprova.catalog.parameters import Bindings, Parameter, Value
from comprova.catalog.query import Query, QueryRef, View
from comprova.errors import ContentError, Problem
from comprova.sql import scope as scoping
from comprova.sql.bind import bind_values, names
from comprova.sql.duckdb_layer import LAYER_VERSION
from comprova.sql.parse import Source, parse
from comprova.sql.statement import Dialect, Scope, Statement
from comprova.sql.to_duckdb import translate
from comprova.sql.write import within_limit, write

_GIVEN_TYPES = {
    "history_start": "timestamp",
    "period_start": "timestamp",
    "period_end": "timestamp",
    "time_zone": "varchar",
}


def compile_query(
    query: Query, parameters: Mapping[str, Parameter], bindings: Bindings, scope: Scope
) -> Statement:
    """Compile a query for one run.

    Args:
        query: The query.
        parameters: All declared parameters, by name.
        bindings: Their values in this run; every one that the query uses must have one.
        scope: What part of the trail it may see.

    Raises:
        ContentError: The query is refused, or a parameter that it uses has no value.
    """
    values = {**bindings.values, **_given(scope)}
    types = {**{name: parameter.type for name, parameter in parameters.items()}, **_GIVEN_TYPES}
    narrowings = scoping.of_query(scope, _history_start(query, values, scope))
    return _compile(Source(query.sql, query.path, query.sql_line), query.ref, values, types, narrowings)


def compile_view(view: View, values: Mapping[str, datetime]) -> Statement:
    """Compile `activity` or `deliveries`, with the bounds of a run as `values`."""
    return _compile(Source(view.sql, view.path, view.sql_line), view.ref, values, _GIVEN_TYPES, ())


def compile_measure(name: str, sql: str, bindings: Bindings, scope: Scope) -> Statement:
    """Compile one of the engine's own statements over `activity`, `deliveries` and `records`."""
    values = {**bindings.values, **_given(scope)}
    return _compile(Source(sql, name), QueryRef(name, 1), values, _GIVEN_TYPES, scoping.of_measure(scope))


def _given(scope: Scope) -> dict[str, Value]:
    period = scope.period
    return {"period_start": period.start, "period_end": period.end, "time_zone": period.time_zone}


def _history_start(query: Query, values: Mapping[str, Value], scope: Scope) -> datetime | None:
    lookback = query.block.lookback_days
    if lookback is None:
        return None
    days = values.get(lookback) if isinstance(lookback, str) else lookback
    if not isinstance(days, int):
        raise ContentError(Problem(query.path, f"a number of days for :{lookback}", repr(days)))
    return scope.period.start - timedelta(days=days)


def _compile(
    source: Source,
    ref: QueryRef,
    values: Mapping[str, Value],
    types: Mapping[str, str],
    narrowings: tuple[scoping.Narrowing, ...],
) -> Statement:
    tree = parse(source)
    if isinstance(tree, Problem):
        raise ContentError(tree)
    used = names(tree)
    if unset := [name for name in used if name not in values]:
        raise ContentError(Problem(source.path, "a value for every parameter", ", ".join(f":{name}" for name in unset)))
    narrowed = scoping.narrow(bind_values(tree, values, types), narrowings)
    return Statement(
        ref=ref,
        athena=within_limit(write(narrowed, Dialect.ATHENA), source.path),
        duckdb=write(translate(narrowed), Dialect.DUCKDB),
        parameters={name: values[name] for name in used},
        layer=LAYER_VERSION,
    )
