"""Compiles queries, views and the engine's own measures into statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlglot import exp

from comprova.catalog.column_types import TypedColumn
from comprova.catalog.parameters import Bindings, Parameter, Value
from comprova.catalog.query import Query, QueryRef, View
from comprova.errors import ContentError, Problem
from comprova.sql import schema
from comprova.sql import scope as scoping
from comprova.sql.bind import bind_values, names
from comprova.sql.check import GIVEN, check_tree, constants, declared, parameters_used
from comprova.sql.duckdb_layer import LAYER_VERSION
from comprova.sql.implied_names import state_implied
from comprova.sql.parse import Source, parse_as_written
from comprova.sql.pruning import prune
from comprova.sql.relations import Tables
from comprova.sql.statement import Dialect, Scope, Statement
from comprova.sql.to_duckdb import translate
from comprova.sql.transport import lists_as_json
from comprova.sql.write import within_limit, write


def check_query(query: Query, parameters: Mapping[str, Parameter]) -> list[Problem]:
    """Return everything in a query that is refused, each at its line and with what to write instead.

    Args:
        query: The query.
        parameters: All declared parameters, by name.
    """
    tree = parse_as_written(_source(query))
    return [tree] if isinstance(tree, Problem) else _problems(tree, query, parameters)


def _problems(tree: exp.Query, query: Query, parameters: Mapping[str, Parameter]) -> list[Problem]:
    source = _source(query)
    checked = check_tree(tree, source, schema.OF_QUERIES, _types(query, parameters))
    return [
        *checked.problems,
        *constants(tree, source),
        *declared(tree, checked.columns, query.block, source),
        *parameters_used(tree, query.block, source),
    ]


def columns_read(query: Query) -> frozenset[str]:
    """Return the names of all columns that the SQL of a query reads, those of its own table expressions included.

    Raises:
        ContentError: It is not SQL.
    """
    tree = parse_as_written(_source(query))
    if isinstance(tree, Problem):
        raise ContentError(tree)
    return frozenset(column.name.lower() for column in tree.find_all(exp.Column))


def compile_query(query: Query, parameters: Mapping[str, Parameter], bindings: Bindings, scope: Scope) -> Statement:
    """Compile a query for one run.

    Args:
        query: The query.
        parameters: All declared parameters, by name.
        bindings: Their values in this run; every one that the query uses must have one.
        scope: What part of the trail it may see.

    Raises:
        ContentError: The query is refused, or a parameter that it uses has no value, or one that is refused there.
    """
    tree = _parsed(_source(query))
    if problems := _problems(tree, query, parameters):
        raise ContentError(problems)
    values = {**bindings.values, **_given(scope)}
    narrowings = scoping.of_query(scope, _history_start(query, values, scope))
    text = _Text(_source(query), query.ref, schema.OF_QUERIES, _types(query, parameters), query.block.column)
    return _compile(tree, text, values, narrowings)


def compile_view(view: View, values: Mapping[str, datetime]) -> Statement:
    """Compile `activity` or `deliveries`.

    Args:
        view: The view; it reads the tables that its block names.
        values: `history_start`, `period_start` and `period_end` of the run, with a time zone.

    Raises:
        ContentError: The view is refused.
    """
    source = Source(view.sql, view.path, view.sql_line)
    tables: Tables = {name: schema.OF_VIEWS[name] for name in view.block.reads}
    return _compile_unchecked(_Text(source, view.ref, tables, GIVEN), values, ())


def compile_measure(
    name: str, sql: str, bindings: Bindings, scope: Scope, columns: Sequence[TypedColumn] = ()
) -> Statement:
    """Compile one of the engine's own statements over `activity`, `deliveries` and `records`.

    It sees every event of the accounts and regions under which logs were delivered, look-back included.

    Args:
        name: What provenance calls it.
        sql: Athena SQL.
        bindings: Values of parameters beside those that the period gives, such as `history_start`.
        scope: What part of the trail it may see.
        columns: What it returns, in order; needed where there is a list among them.

    Raises:
        ContentError: The statement is refused.
    """
    values = {**bindings.values, **_given(scope)}
    text = _Text(Source(sql, name), QueryRef(name, 1), schema.OF_MEASURES, GIVEN, columns)
    return _compile_unchecked(text, values, scoping.of_measure(scope))


def _source(query: Query) -> Source:
    return Source(query.sql, query.path, query.sql_line)


def _types(query: Query, parameters: Mapping[str, Parameter]) -> Mapping[str, str]:
    own = {name: parameters[name].type for name in query.block.parameters if name in parameters}
    return {name: type_ for name, type_ in GIVEN.items() if name != "history_start"} | own


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


@dataclass(frozen=True, slots=True)
class _Text:
    """What is compiled.

    Attributes:
        source: The text.
        ref: What it is called.
        tables: What it may read.
        types: Athena type by name of the parameters that it may use.
        columns: What it returns, in order; none are told where there is no list among them.
    """

    source: Source
    ref: QueryRef
    tables: Tables
    types: Mapping[str, str]
    columns: Sequence[TypedColumn] = ()


def _compile_unchecked(
    text: _Text, values: Mapping[str, Value], narrowings: tuple[scoping.Narrowing, ...]
) -> Statement:
    tree = _parsed(text.source)
    _refuse(tree, text, text.types)
    return _compile(tree, text, values, narrowings)


def _parsed(source: Source) -> exp.Query:
    tree = parse_as_written(source)
    if isinstance(tree, Problem):
        raise ContentError(tree)
    return tree


def _compile(
    tree: exp.Query, text: _Text, values: Mapping[str, Value], narrowings: tuple[scoping.Narrowing, ...]
) -> Statement:
    used = names(tree)
    if unset := [f":{name}" for name in used if name not in values]:
        raise ContentError(Problem(text.source.path, "a value for every parameter", f"none for {', '.join(unset)}"))
    bound = bind_values(tree, values, text.types)
    if used:
        _refuse(bound, text, {})  # a value may stand where only some are allowed, such as a pattern
    # Only Athena keeps groups apart; that DuckDB answers without their names puts these to the test.
    narrowed = scoping.narrow(prune(bound), narrowings)
    translated = translate(scoping.narrow(state_implied(bound), narrowings))
    return Statement(
        ref=text.ref,
        athena=within_limit(write(lists_as_json(narrowed, text.columns), Dialect.ATHENA), text.source.path),
        duckdb=write(translated, Dialect.DUCKDB),
        parameters={name: values[name] for name in used},
        layer=LAYER_VERSION,
    )


def _refuse(tree: exp.Query, text: _Text, types: Mapping[str, str]) -> None:
    if problems := check_tree(tree, text.source, text.tables, types).problems:
        raise ContentError(problems)
