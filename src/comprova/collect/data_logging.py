"""Whether data events were recorded: proven per resource, by an event on it or by a selector that names it.

An event on a resource proves it for the period, until a trail is told to record it no longer. A selector proves it from
the moment it was set, for as long as the trail runs: what was recorded before that, it does not tell.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from comprova.collect.interruptions import TrailState
from comprova.collect.measured import ResourceDay
from comprova.collect.selectors import plain_arn
from comprova.collect.trail_calls import CallKind, TrailCall, TrailName
from comprova.period import Period

Interval = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Unproven:
    """Where data events of one kind are not known to have been recorded.

    Attributes:
        resources: Those in scope of which that is so on any day; none where a query asks about all there are.
        places: Accounts and days.
    """

    resources: tuple[str, ...]
    places: frozenset[tuple[str, date]]


@dataclass(frozen=True, slots=True)
class DataLogging:
    """What is known of data events.

    Attributes:
        period: Of which days are asked about.
        accounts: Of the scope.
        resources: By need and resource, the days that hold its data events.
        states: What is known of each trail.
        made: Trails that were made by a call that is seen: before it they recorded nothing.
    """

    period: Period
    accounts: tuple[str, ...]
    resources: Mapping[str, Mapping[str, tuple[ResourceDay, ...]]]
    states: Mapping[TrailName, tuple[TrailState, ...]]
    made: frozenset[TrailName]

    def unproven(self, need: str, resources: Collection[str]) -> Unproven:
        """Return where data events of these resources are not proven; of none, where those of all resources are not."""
        if not resources:
            return Unproven((), frozenset(self._without_all(need)))
        days = {resource: self._unproven_days(need, resource) for resource in sorted(resources)}
        lacking = {day for of_resource in days.values() for day in of_resource}
        places = frozenset((account, day) for account in self.accounts for day in lacking)
        return Unproven(tuple(resource for resource, of_resource in days.items() if of_resource), places)

    def _without_all(self, need: str) -> Iterator[tuple[str, date]]:
        for account in self.accounts:
            own = [states for trail, states in self.states.items() if trail.account == account]
            chosen = [interval for states in own for interval in _chosen(states, need, None)]
            for day in self.period.days:
                if not self._covered(day, chosen):
                    yield account, day

    def _unproven_days(self, need: str, resource: str) -> tuple[date, ...]:
        seen = [day for name, days in self.resources.get(need, {}).items() if is_called(name, resource) for day in days]
        chosen = [interval for states in self.states.values() for interval in _chosen(states, need, resource)]
        dropped = [
            interval
            for trail, states in self.states.items()
            for interval in _dropped(states, need, resource, made=trail in self.made)
            if not any(_inside(interval, day.first) or _inside(interval, day.last) for day in seen)
        ]
        return tuple(
            day
            for day in self.period.days
            if not self._covered(day, chosen) and (not seen or self._touched(day, dropped))
        )

    def _covered(self, day: date, intervals: Sequence[Interval]) -> bool:
        start, end = self.period.bounds(day)
        return any(since <= start and (until is None or until >= end) for since, until in intervals)

    def _touched(self, day: date, intervals: Sequence[Interval]) -> bool:
        start, end = self.period.bounds(day)
        return any(since < end and (until is None or until > start) for since, until in intervals)


def made_trails(calls: Sequence[TrailCall]) -> frozenset[TrailName]:
    """Return the trails whose first call made them."""
    first: dict[TrailName, CallKind] = {}
    for call in calls:
        first.setdefault(call.trail, call.kind)
    return frozenset(trail for trail, kind in first.items() if kind is CallKind.CREATED)


def is_called(name: str, resource: str) -> bool:
    """Tell whether a resource as an event names it is the one that a job names, by its ARN or the end of it."""
    if resource.startswith("arn:"):
        return plain_arn(resource).rstrip("/") in {plain_arn(name), f"arn:aws:s3:::{name}"}
    return resource in {name, re.split("[:/]", name)[-1]}


def _chosen(states: Sequence[TrailState], need: str, resource: str | None) -> Iterator[Interval]:
    """Yield when a trail is known to record all data events of a resource, or of all resources; none overlap."""
    since: datetime | None = None
    for state in states:
        chooses = state.logging and state.selectors is not None and state.selectors.chooses(need, resource)
        if chooses and since is None:
            since = state.since
        if not chooses and since is not None:
            yield since, state.since
            since = None
    if since is not None:
        yield since, None


def _dropped(states: Sequence[TrailState], need: str, resource: str, *, made: bool) -> Iterator[Interval]:
    """Yield when a trail is known not to record a resource that it had, or may have, recorded before."""
    before, since = not made, None
    for state in states:
        chooses = state.selectors is None or state.selectors.chooses(need, resource)
        if chooses and since is not None:
            yield since, state.since
            since = None
        if not chooses and before and since is None:
            since = state.since
        before = before or (chooses and state.selectors is not None)
    if since is not None:
        yield since, None


def _inside(interval: Interval, moment: datetime) -> bool:
    since, until = interval
    return moment > since and (until is None or moment < until)
