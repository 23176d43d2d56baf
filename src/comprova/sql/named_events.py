"""Everything that a query names of AWS: event sources, events, and members of their JSON."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from comprova.catalog.aws_names import JsonColumn
from comprova.sql.event_cases import Cases, Comparison, EventCases, comparison
from comprova.sql.row_origin import called, reads_json, trace

_JSON_COLUMNS: dict[str, JsonColumn] = {
    "request": "request",
    "response": "response",
    "additional": "additional",
    "service_details": "service_details",
}
_SOURCE_COLUMN = "event_source"
_NAME_COLUMNS = frozenset({"event_name", "event_base_name"})
_PATTERNS = frozenset({"contains", "regexp_like", "starts_with", "strpos"})


@dataclass(frozen=True, slots=True)
class NamedSource:
    """An event source that a query compares with.

    Attributes:
        name: As written.
        node: Where it stands.
    """

    name: str
    node: exp.Expr


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """An event name that a query compares with.

    Attributes:
        name: As written.
        column: `event_name` or `event_base_name`.
        sources: The event sources that the conditions around it allow; None where they allow any.
        node: Where it stands.
    """

    name: str
    column: str
    sources: frozenset[str] | None
    node: exp.Expr


@dataclass(frozen=True, slots=True)
class MemberRead:
    """A member that a query reads from the JSON of an event.

    Attributes:
        column: The column of `activity`.
        path: Keys, and `[]` for an element of a list.
        cases: The events that it can be read from.
        node: Where it stands.
    """

    column: JsonColumn
    path: tuple[str, ...]
    cases: Cases
    node: exp.Expr


@dataclass(frozen=True, slots=True)
class NamedEvents:
    """What a query names.

    Attributes:
        sources: Event sources.
        events: Events.
        reads: Members; those that are read in more than one way once for each.
        unchecked: Conditions on event sources and names that cannot be checked, because they compare with more than
            literals: LIKE, regexp_like, strpos, and contains() of a parameter.
    """

    sources: tuple[NamedSource, ...]
    events: tuple[NamedEvent, ...]
    reads: tuple[tuple[MemberRead, ...], ...]
    unchecked: tuple[exp.Expr, ...]


def named_events(tree: exp.Query) -> NamedEvents:
    """Collect what a query names; its tree is that of `parse_as_written`."""
    cases = EventCases(tree)
    nodes = list(tree.walk())
    comparisons = [compared for node in nodes if (compared := comparison(node)) is not None]
    reads = (tuple(_reads(node, cases)) for node in nodes if reads_json(node))
    return NamedEvents(
        sources=tuple(source for compared in comparisons for source in _sources(compared)),
        events=tuple(event for compared in comparisons for event in _events(compared, cases)),
        reads=tuple(read for read in reads if read),
        unchecked=tuple(node for node in nodes if _is_pattern(node)),
    )


def _sources(compared: Comparison) -> Iterator[NamedSource]:
    for position, column in enumerate(compared.columns):
        if _SOURCE_COLUMN in _columns_of(column):
            for row, literal in zip(compared.rows, compared.literals, strict=True):
                yield NamedSource(row[position], literal)


def _events(compared: Comparison, cases: EventCases) -> Iterator[NamedEvent]:
    columns = [_columns_of(column) for column in compared.columns]
    beside = next((position for position, names in enumerate(columns) if _SOURCE_COLUMN in names), None)
    for position, names in enumerate(columns):
        for name_column in sorted(names & _NAME_COLUMNS):
            around = _sources_around(compared.columns[position], cases) if beside is None else None
            for row, literal in zip(compared.rows, compared.literals, strict=True):
                sources = around if beside is None else frozenset({row[beside]})
                yield NamedEvent(row[position], name_column, sources, literal)


def _columns_of(column: exp.Column) -> frozenset[str]:
    return frozenset(origin.column for origin in trace(column) if origin.is_whole and not origin.path)


def _sources_around(column: exp.Column, cases: EventCases) -> frozenset[str] | None:
    sources: set[str] = set()
    for origin in trace(column):
        for case in cases.at(column, origin.hops):
            if case.sources is None:
                return None
            sources |= case.sources
    return frozenset(sources) or None


def _reads(node: exp.Expr, cases: EventCases) -> Iterator[MemberRead]:
    for origin in trace(node):
        column = _JSON_COLUMNS.get(origin.column)
        if column is not None and origin.is_member:
            yield MemberRead(column, origin.path, cases.at(node, origin.hops), node)


def _is_pattern(node: exp.Expr) -> bool:
    """Tell whether a node compares event sources or names with what is not written in place."""
    match node:
        case exp.Like():
            sides = [node.this]
        case exp.Anonymous() if called(node) in _PATTERNS and comparison(node) is None:
            sides = node.expressions
        case _:
            return False
    columns = (column for side in sides for column in side.find_all(exp.Column))
    return any(_columns_of(column) & {_SOURCE_COLUMN, *_NAME_COLUMNS} for column in columns)
