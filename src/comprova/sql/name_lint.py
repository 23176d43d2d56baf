"""Refuses names that AWS does not have: a query that asks for one can never match."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import islice

from comprova.catalog.aws_names import FILE
from comprova.catalog.known_names import KnownNames, base_name
from comprova.catalog.logged_members import ELEMENT, UnknownStep
from comprova.catalog.query import Query, View
from comprova.errors import Problem
from comprova.sql.named_events import MemberRead, NamedEvent, NamedSource, named_events
from comprova.sql.parse import Source, parse_as_written

_ADD = f"If CloudTrail does log it, add it to queries/{FILE} with its source."
_MOST_SHOWN = 3
_CLOSE = 0.6


def name_problems(query: Query | View, names: KnownNames) -> list[Problem]:
    """Tell every event source, event and JSON member of a query or view that CloudTrail cannot log.

    A member is refused only where none of the events that it can be read from has it. A query that cannot be parsed
    has no names: `check_query` tells why it cannot.
    """
    source = Source(query.sql, query.path, query.sql_line)
    tree = parse_as_written(source)
    if isinstance(tree, Problem):
        return []
    named = named_events(tree)
    check = _Check(names, source, [found.name for found in named.sources])
    return sorted(
        {
            *(problem for found in named.sources for problem in check.source(found)),
            *(problem for found in named.events for problem in check.event(found)),
            *(problem for found in named.reads for problem in check.member(found)),
        }
    )


class _Check:
    """Judges what one query names."""

    def __init__(self, names: KnownNames, source: Source, event_sources: Sequence[str]) -> None:
        self._names = names
        self._source = source
        self._event_sources = tuple(name for name in dict.fromkeys(event_sources) if names.has_event_source(name))

    def source(self, found: NamedSource) -> Iterator[Problem]:
        if not self._names.has_event_source(found.name):
            likely = self._names.likely_event_sources(found.name)
            yield Problem(
                self._source.where(found.node),
                "an event source of AWS",
                repr(found.name),
                _did_you_mean(likely) or _ADD,
            )

    def event(self, found: NamedEvent) -> Iterator[Problem]:
        base = base_name(found.name)
        sources = self._known_sources(found.sources)
        if found.sources is not None and not sources:
            return  # told of the event source
        if not self._has_event(sources, base):
            yield self._unknown_event(found, base, sources)
            return
        dated = next(filter(None, (self._names.dated_name(source, base) for source in sources)), None)
        if found.name != base or (dated is not None and found.column == "event_name"):
            hint = f"AWS logs it with the date of an interface, such as {dated or found.name}; the base name has none."
            yield Problem(
                self._source.where(found.node), f"event_base_name compared with {base!r}", _shown_event(found), hint
            )

    def member(self, found: tuple[MemberRead, ...]) -> Iterator[Problem]:
        judged = [self._unknown_step(read) for read in found]
        if None in judged:
            return
        read, unknown = max(
            ((read, step) for read, step in zip(found, judged, strict=True) if step is not None),
            key=lambda pair: pair[1].position,
        )
        events = sorted(f"{source}:{name}" for source, name in self._events(read) or ())
        shown = ", ".join(events[:_MOST_SHOWN]) + (" …" if len(events) > _MOST_SHOWN else "")
        step = read.path[unknown.position]
        yield Problem(
            self._source.where(read.node),
            f"a member that {read.column} of {shown} has",
            repr(_written(read.path[: unknown.position + 1])),
            _did_you_mean(_likely_steps(step, unknown.known, read.path[: unknown.position])) or _ADD,
        )

    def _known_sources(self, sources: frozenset[str] | None) -> tuple[str, ...]:
        return tuple(source for source in sorted(sources or ()) if self._names.has_event_source(source))

    def _has_event(self, sources: tuple[str, ...], name: str) -> bool:
        if any(self._names.has_event(source, name) for source in sources or self._event_sources):
            return True
        return not sources and next(self._names.event_sources_with(name), None) is not None

    def _unknown_event(self, found: NamedEvent, base: str, sources: tuple[str, ...]) -> Problem:
        where, expected = self._source.where(found.node), f"an event of {' or '.join(sources) or 'AWS'}"
        for source in sources or self._event_sources:
            if instead := self._names.instead_of(source, base):
                return Problem(where, expected, _shown_event(found), instead)
        likely = [event for source in sources for event in self._names.likely_events(source, base)]
        hints = [_did_you_mean(likely)]
        if base.lower() not in [event.lower() for event in likely]:
            elsewhere = islice(dict.fromkeys(self._names.event_sources_with(base)), _MOST_SHOWN)
            hints += [f"{base} is an event of {' and '.join(names)}." for names in [tuple(elsewhere)] if names]
        return Problem(where, expected, _shown_event(found), " ".join(filter(None, hints)) or _ADD)

    def _events(self, read: MemberRead) -> set[tuple[str, str]] | None:
        """Return the known events that a member can be read from; None where it can be any event source's."""
        events: set[tuple[str, str]] = set()
        for case in read.cases:
            if case.sources is None:
                return None
            for source in case.sources:
                names = self._names.events(source) if case.names is None else case.names
                events |= {(source, name) for name in names if self._names.has_event(source, name)}
        return events

    def _unknown_step(self, read: MemberRead) -> UnknownStep | None:
        """Return the step at which all events of a read end; those that come furthest say what is known there."""
        events = self._events(read)
        if not events:
            return None
        furthest = UnknownStep(-1, ())
        for source, name in sorted(events):
            unknown = self._names.unknown_step(source, name, read.column, read.path)
            if unknown is None:
                return None
            if unknown.position == furthest.position:
                furthest = UnknownStep(unknown.position, (*furthest.known, *unknown.known))
            elif unknown.position > furthest.position:
                furthest = unknown
        return furthest


def _likely_steps(step: str, known: tuple[str, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths that were probably meant, where a step is unknown."""
    same = sorted({name for name in known if name.lower() == step.lower()})
    likely = same or get_close_matches(step, sorted(set(known)), n=_MOST_SHOWN, cutoff=_CLOSE)
    if not likely and ELEMENT in known:
        likely = [ELEMENT]
    return tuple(_written((*before, name)) for name in likely)


def _written(path: tuple[str, ...]) -> str:
    """Write a path as JSON functions take it."""
    steps = ("[0]" if step == ELEMENT else f".{step}" if step.isidentifier() else f'["{step}"]' for step in path)
    return "$" + "".join(steps)


def _shown_event(found: NamedEvent) -> str:
    return f"{found.column} {found.name!r}"


def _did_you_mean(likely: Iterable[str]) -> str:
    shown = list(dict.fromkeys(likely))[:_MOST_SHOWN]
    return f"Did you mean {' or '.join(shown)}?" if shown else ""
