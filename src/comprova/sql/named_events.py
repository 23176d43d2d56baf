"""Everything that a query names of AWS: event sources, events, and members of their JSON."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from comprova.catalog.aws_names import JsonColumn
from comprova.sql.event_cases import Cases, Comparison, EventCases, comparison
from comprova.sql.row_origin import Origin, called, reads_json, trace

_JSON_COLUMNS: dict[str, JsonColumn] = {
    "request": "request",
    "response": "response",
    "additional": "additional",
    "service_details": "service_details",
}
_NAME_COLUMNS = frozenset({"event_name", "event_base_name"})
_PATTERNS = frozenset({"regexp_like", "starts_with", "strpos"})


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
        unchecked: Conditions on event sources and names that are not by literal, such as LIKE and parameters.
    """

    sources: tuple[NamedSource, ...]
    events: tuple[NamedEvent, ...]
    reads: tuple[tuple[MemberRead, ...], ...]
    unchecked: tuple[exp.Expr, ...]


def named_events(tree: exp.Query) -> NamedEvents:
    """Collect what a parsed query names."""
    sources: list[NamedSource] = []
    events: list[NamedEvent] = []
    reads: list[tuple[MemberRead, ...]] = []
    unchecked: list[exp.Expr] = []
    cases = EventCases(tree)
    for node in tree.walk():
        compared = comparison(node)
        if compared is not None:
            for position, column in enumerate(compared.columns):
                for origin in trace(column)[:1]:
                    if origin.column == "event_source":
                        sources += _sources(compared, position)
                    elif origin.column in _NAME_COLUMNS:
                        events += _events(compared, position, origin.column, around)
        elif _is_unread_condition(node):
            unchecked.append(node)
        if found := tuple(_reads(node)):
            reads.append(found)
    return NamedEvents(tuple(sources), tuple(events), tuple(reads), tuple(unchecked))


def _sources(compared: Comparison, position: int) -> Iterator[NamedSource]:
    for row, literal in zip(compared.rows, compared.literals, strict=True):
        yield NamedSource(row[position], literal)


def _events(node: exp.Expr, compared: Comparison, position: int, origin: Origin) -> Iterator[NamedEvent]:
    around: frozenset[str] | None = None
    others = [index for index in range(len(compared.columns)) if index != position]
    if not others:
        around = _sources_of(cases_at(node, origin.hops))
    for row, literal in zip(compared.rows, compared.literals, strict=True):
        sources = frozenset(row[index] for index in others) if others else around
        yield NamedEvent(row[position], origin.column, sources, literal)


def _sources_of(cases: Cases) -> frozenset[str] | None:
    sources: set[str] = set()
    for case in cases:
        if case.sources is None:
            return None
        sources |= case.sources
    return frozenset(sources) or None


def _reads(node: exp.Expr) -> Iterator[MemberRead]:
    for origin in trace(node) if reads_json(node) else ():
        column = _JSON_COLUMNS.get(origin.column)
        if column is not None and origin.is_member:
            yield MemberRead(column, origin.path, cases_at(node, origin.hops), node)


def _is_unread_condition(node: exp.Expr) -> bool:
    """Tell whether a node restricts event sources or names in a way that cannot be checked."""
    match node:
        case exp.Like() | exp.EQ() | exp.In():
            side = node.this
        case exp.Anonymous() if called(node) in _PATTERNS:
            side = node.expressions[0]
        case exp.Anonymous() if called(node) == "contains":
            side = node.expressions[1]
        case _:
            return False
    return any(
        origin.column in {"event_source", *_NAME_COLUMNS}
        for column in side.find_all(exp.Column)
        for origin in trace(column)
    )
