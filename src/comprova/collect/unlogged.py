"""The time in which nothing shows that any trail recorded a kind of event, by account and day.

An interruption of one trail need not leave a gap: another trail may have recorded. Events show that: of that account
and kind, between the calls that changed what is recorded, and on that day. Nothing less shows it. The account alone is
asked for and not the region, as for a quiet cell: a trail of all regions is the rule, and a region may hold no events
for months. Where accounts deliver into an organization's folder, its trail may have been the one; then events of
accounts that no other trail delivers show that it went on.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from comprova.catalog.needs import KMS
from comprova.collect.interruptions import Interruption
from comprova.collect.measured import EventCount
from comprova.collect.organizations import Organizations
from comprova.period import Period

_EVER, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_MINUTE = timedelta(minutes=1)

Place = tuple[str, date, str]
"""An account, a day and a kind of event."""


@dataclass(frozen=True, slots=True)
class History:
    """What happened to the trails.

    Attributes:
        interruptions: They begin and end at moments.
        moments: Of every call that changed what a trail records, UTC.
        organizations: Whose trails may record several accounts.
    """

    interruptions: tuple[Interruption, ...]
    moments: frozenset[datetime]
    organizations: Organizations


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one day has of the time between two calls: `since` the first, None for the time before all calls."""

    day: date
    since: datetime | None
    length: timedelta


@dataclass(frozen=True, slots=True)
class Unlogged:
    """What interruptions left unrecorded, as far as can be told.

    Attributes:
        minutes: Begun minutes by account, day and kind.
        places: By interruption, the accounts, days and kinds that it left so.
    """

    minutes: Mapping[Place, int]
    places: Mapping[Interruption, frozenset[Place]]


def unlogged(counts: Iterable[EventCount], history: History, period: Period, needs: Sequence[str]) -> Unlogged:
    """Measure what interruptions left unrecorded.

    Args:
        counts: The events of the period.
        history: Of the trails.
        period: Whose days are asked about.
        needs: The kinds of events that are asked about.
    """
    recorded = _recorded(counts)
    days, organizations = _Days(period, sorted(history.moments)), history.organizations
    lengths: dict[Place, dict[datetime | None, timedelta]] = defaultdict(dict)
    places: dict[Interruption, frozenset[Place]] = {}
    for one in history.interruptions:
        owner = one.trail.account
        shared = organizations.speaking_for(owner)
        speakers = dict.fromkeys(organizations.beside(owner), shared) | {owner: shared | {owner}}
        own: set[Place] = set()
        stopped = [need for need in needs if one.stops(need)]
        for piece in days.between(one.start, one.end):
            for account, witnesses in speakers.items():
                for need in stopped:
                    if all((witness, piece.day, need, piece.since) not in recorded for witness in witnesses):
                        own.add((account, piece.day, need))
                        lengths[account, piece.day, need][piece.since] = piece.length
        places[one] = frozenset(own)
    minutes = {place: -(-sum(parts.values(), timedelta()) // _MINUTE) for place, parts in lengths.items()}
    return Unlogged(minutes, places)


def _recorded(counts: Iterable[EventCount]) -> frozenset[tuple[str, date, str, datetime | None]]:
    """Return where an event is that came after the call before it, by account, day, kind and call."""
    found = set()
    for count in counts:
        if count.events > count.events_at:
            found.add((count.account, count.day, count.need, count.since))
        if count.kms_events > count.kms_events_at:
            found.add((count.account, count.day, KMS, count.since))
    return frozenset(found)


class _Days:
    """The days of a period, cut at the moments of calls."""

    def __init__(self, period: Period, moments: Sequence[datetime]) -> None:
        self._days = [(day, *period.bounds(day)) for day in period.days]
        self._moments = moments

    def between(self, start: datetime | None, end: datetime | None) -> Iterator[_Piece]:
        """Yield every piece between two moments; None for ever."""
        first, last = start or _EVER, end or _NEVER
        for day, midnight, next_midnight in self._days:
            begin, stop = max(first, midnight), min(last, next_midnight)
            if begin >= stop:
                continue
            cuts = [begin, *self._moments[bisect_right(self._moments, begin) : bisect_left(self._moments, stop)], stop]
            for left, right in pairwise(cuts):
                place = bisect_right(self._moments, left)
                yield _Piece(day, self._moments[place - 1] if place else None, right - left)
