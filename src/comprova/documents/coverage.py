"""What was logged where and when: the days of accounts and regions as strips, for the one page of the summary."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from comprova.evidence.model import Cell, Scope
from comprova.evidence.outcomes import CellState
from comprova.evidence.reader import Evidence

_MOST_STRIPS = 12
_OPEN = (CellState.GAP, CellState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive days of one state: the number of days before it, its length, its state."""

    start: int
    length: int
    state: CellState


@dataclass(frozen=True, slots=True)
class Strip:
    """Places along the period: one account and region, or all whose days are alike where there are many.

    Attributes:
        places: Account and region, as in the object keys.
        runs: Their days, by state.
    """

    places: tuple[tuple[str, str], ...]
    runs: tuple[Run, ...]

    @property
    def accounts(self) -> int:
        """How many accounts it speaks of."""
        return len({account for account, _ in self.places})

    def days(self, *states: CellState) -> int:
        """Return how many days are in one of some states."""
        return sum(run.length for run in self.runs if run.state in states)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was logged where and when.

    Attributes:
        strips: By account and region; where there are many, places with the same days share one, the worst first.
        hidden: Accounts and regions whose strips are not shown.
        days: The days of the period, in order.
        cells: Cells by state.
    """

    strips: tuple[Strip, ...]
    hidden: int
    days: tuple[date, ...]
    cells: dict[CellState, int]

    @property
    def total(self) -> int:
        """How many cells there are."""
        return sum(self.cells.values())


def coverage(evidence: Evidence) -> Coverage:
    """Lay out the cells as strips."""
    days = days_of(evidence.assessment.scope)
    held: dict[tuple[str, str], dict[date, Cell]] = defaultdict(dict)
    for cell in evidence.assurance.cells:
        held[cell.account, cell.region][cell.day] = cell
    strips = [
        Strip((place,), _runs([cell_state(cells.get(day)) for day in days])) for place, cells in sorted(held.items())
    ]
    cells = {state: sum(strip.days(state) for strip in strips) for state in CellState}
    if len(strips) > _MOST_STRIPS:
        strips = sorted(_alike(strips), key=lambda strip: (-strip.days(*_OPEN), -len(strip.places)))
    shown, hidden = strips[:_MOST_STRIPS], strips[_MOST_STRIPS:]
    return Coverage(tuple(shown), sum(len(strip.places) for strip in hidden), days, cells)


def cell_state(cell: Cell | None) -> CellState:
    """Return one state for all kinds of events.

    Recorded where there is any event, unless for some time nobody is known to have recorded some kind; else the worst
    of its kinds.
    """
    if cell is None:
        return CellState.UNKNOWN
    states = set(cell.states.values())
    if not cell.events and states and states <= {CellState.GAP}:
        return CellState.GAP
    if cell.unlogged_minutes:
        return CellState.UNKNOWN
    if cell.events:
        return CellState.RECORDED
    return next((state for state in (CellState.GAP, CellState.QUIET) if state in states), CellState.UNKNOWN)


def days_of(scope: Scope) -> tuple[date, ...]:
    """Return the days of a period, in the time zone in which it is cut."""
    zone = ZoneInfo(scope.time_zone)
    first, end = scope.start.astimezone(zone).date(), scope.end.astimezone(zone).date()
    return tuple(first + timedelta(days=number) for number in range((end - first).days))


def _alike(strips: Sequence[Strip]) -> list[Strip]:
    places: dict[tuple[Run, ...], list[tuple[str, str]]] = defaultdict(list)
    for strip in strips:
        places[strip.runs] += strip.places
    return [Strip(tuple(own), runs) for runs, own in places.items()]


def _runs(states: Sequence[CellState]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for start, state in enumerate(states):
        if runs and runs[-1].state is state:
            runs[-1] = Run(runs[-1].start, runs[-1].length + 1, state)
        else:
            runs.append(Run(start, 1, state))
    return tuple(runs)
