"""When a trail did not record what it had recorded before: stopped, deleted, or told to record less. Pure functions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from comprova.catalog.needs import DATA_PREFIX
from comprova.collect.selectors import DEFAULT, MANAGEMENT_KINDS, Selectors
from comprova.collect.trail_calls import CallKind, TrailCall, TrailName
from comprova.evidence.model import TrailInterruption
from comprova.evidence.outcomes import InterruptionCause
from comprova.period import Period

_DATA = DATA_PREFIX
"""Stands for all kinds of data events; which resources they are of is a question of its own."""

_CAUSES = {
    CallKind.STOPPED: InterruptionCause.STOPPED,
    CallKind.DELETED: InterruptionCause.DELETED,
    CallKind.SELECTED: InterruptionCause.NARROWED,
    CallKind.STARTED: InterruptionCause.NARROWED,  # of a trail that was made anew
}


@dataclass(frozen=True, slots=True)
class Interruption:
    """An interval in which a trail did not record some kinds of events.

    Attributes:
        trail: The trail.
        cause: What ended the recording.
        start: When, UTC; None where that was before anything that is held.
        end: When the trail recorded these kinds again; None where it did not, up to the end of the period.
        kinds: Of management events.
        data: Whether it recorded no data events either.
    """

    trail: TrailName
    cause: InterruptionCause
    start: datetime | None
    end: datetime | None
    kinds: frozenset[str]
    data: bool

    def stops(self, need: str) -> bool:
        """Tell whether events of a kind were not recorded."""
        return self.data if need.startswith(_DATA) else need in self.kinds

    def told(self, period: Period, cells: Mapping[str, int]) -> TrailInterruption | None:
        """Return it as evidence tells it; None where it lies outside of the period.

        Args:
            period: Of the run.
            cells: By need, how many it left open.
        """
        start, end = max(self.start or period.start, period.start), min(self.end or period.end, period.end)
        if start >= end:
            return None
        return TrailInterruption(
            account=self.trail.account,
            region=self.trail.region,
            trail=self.trail.name,
            cause=self.cause,
            start=self.start,
            end=self.end,
            minutes=-(-(end - start) // timedelta(minutes=1)),
            kinds=(*sorted(self.kinds), *(["data"] if self.data else [])),
            cells=cells,
        )


@dataclass(frozen=True, slots=True)
class TrailState:
    """What is known of a trail from a call on.

    Attributes:
        since: When the call took effect, UTC.
        until: When the next one did; None for the last.
        logging: Whether it records; a trail counts as running until a call says otherwise.
        selectors: What it was told to record; None where no call says so.
    """

    since: datetime
    until: datetime | None
    logging: bool
    selectors: Selectors | None


def trail_states(calls: Iterable[TrailCall]) -> Mapping[TrailName, tuple[TrailState, ...]]:
    """Return what is known of each trail that a call names, from each call to the next."""
    found = {}
    for trail, own in sorted(_by_trail(calls).items()):
        states: list[TrailState] = []
        for call in own:
            last = states[-1] if states else TrailState(call.moment, None, logging=True, selectors=None)
            states[-1:] = [replace(last, until=call.moment)] if states else []
            states.append(_after(call, last))
        found[trail] = tuple(states)
    return found


def interruptions(calls: Iterable[TrailCall]) -> tuple[Interruption, ...]:
    """Return every interruption, by trail and time.

    A trail counts as having recorded everything before its first call, unless that call made it: what nobody saw
    beginning, nobody may take for never begun. A trail whose first call starts it was off until then.
    """
    return tuple(one for _, own in sorted(_by_trail(calls).items()) for one in _of_trail(own))


def _by_trail(calls: Iterable[TrailCall]) -> dict[TrailName, list[TrailCall]]:
    order = list(CallKind)
    found: dict[TrailName, list[TrailCall]] = defaultdict(list)
    # Of calls of one moment nobody can tell the order: the trail is taken to record the least of what they say.
    for call in sorted(calls, key=lambda call: (call.moment, order.index(call.kind))):
        found[call.trail].append(call)
    return found


def _after(call: TrailCall, last: TrailState) -> TrailState:
    match call.kind:
        case CallKind.CREATED:
            return TrailState(call.moment, None, logging=False, selectors=DEFAULT)
        case CallKind.STARTED:
            return TrailState(call.moment, None, logging=True, selectors=last.selectors)
        case CallKind.SELECTED:
            return TrailState(call.moment, None, logging=last.logging, selectors=call.selectors)
        case CallKind.STOPPED | CallKind.DELETED:
            return TrailState(call.moment, None, logging=False, selectors=last.selectors)


def _recorded(state: TrailState) -> frozenset[str]:
    """Return the kinds that a trail records; all of them where nobody said which."""
    if not state.logging:
        return frozenset()
    return (MANAGEMENT_KINDS if state.selectors is None else state.selectors.management) | {_DATA}


def _of_trail(calls: Sequence[TrailCall]) -> Iterator[Interruption]:
    """Return the interruptions of one trail, those that end at one moment together."""
    trail, everything = calls[0].trail, MANAGEMENT_KINDS | {_DATA}
    # By kind that is not recorded now: since when, and why.
    missing: dict[str, tuple[datetime | None, InterruptionCause]] = {}
    before: frozenset[str] = everything
    match calls[0].kind:
        case CallKind.CREATED:
            before = frozenset()
        case CallKind.STARTED:
            before, missing = frozenset(), dict.fromkeys(everything, (None, InterruptionCause.NOT_STARTED))
    states = trail_states(calls)[trail]
    ever = before
    for call, state in zip(calls, states, strict=True):
        now = _recorded(state)
        ended = {kind: missing.pop(kind) for kind in sorted(missing.keys() & now)}
        yield from _together(trail, ended, call.moment)
        for kind in (ever - now) - missing.keys():
            missing[kind] = (call.moment, _CAUSES.get(call.kind, InterruptionCause.DELETED))
        ever |= now
    yield from _together(trail, missing, None)


def _together(
    trail: TrailName, kinds: Mapping[str, tuple[datetime | None, InterruptionCause]], end: datetime | None
) -> Iterator[Interruption]:
    groups: dict[tuple[datetime | None, InterruptionCause], set[str]] = defaultdict(set)
    for kind, opened in kinds.items():
        groups[opened].add(kind)
    for (start, cause), group in sorted(groups.items(), key=lambda item: (str(item[0][0] or ""), item[0][1])):
        yield Interruption(trail, cause, start, end, frozenset(group - {_DATA}), _DATA in group)
