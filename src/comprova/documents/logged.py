"""Was it logged? The cells as a document shows them: by account, regions of the same days on one line."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from comprova.catalog.needs import DATA_PREFIX, KMS
from comprova.documents.coverage import Run
from comprova.evidence.model import Cell, TrailInterruption
from comprova.evidence.outcomes import CellState
from comprova.evidence.reader import Evidence

MANAGEMENT = "management"
_WORST_FIRST = (CellState.GAP, CellState.UNKNOWN, CellState.QUIET, CellState.RECORDED)
_OPEN = (CellState.GAP, CellState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Days:
    """Consecutive days of the period."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class GridLine:
    """Regions of an account whose days are alike.

    Attributes:
        kind: `management`, for reads and writes together, or `kms`.
        regions: As in the object keys, sorted.
        runs: Their days, by state; of two kinds the worse.
        open_days: The days of gaps, and those that are unknown: what the picture shows, in words.
    """

    kind: str
    regions: tuple[str, ...]
    runs: tuple[Run, ...]
    open_days: Mapping[CellState, tuple[Days, ...]]


@dataclass(frozen=True, slots=True)
class AccountGrid:
    """One account: its lines, and how many of its cells are in which state for any kind but data events."""

    account: str
    lines: tuple[GridLine, ...]
    cells: Mapping[CellState, int]


@dataclass(frozen=True, slots=True)
class Logged:
    """What is known of the trail, cell by cell.

    Attributes:
        days: Of the period, in order.
        accounts: Those with the most open cells first.
        needs: By kind of event that queries need, the cells by state.
        interruptions: Of trails.
    """

    days: tuple[date, ...]
    accounts: tuple[AccountGrid, ...]
    needs: Mapping[str, Mapping[CellState, int]]
    interruptions: tuple[TrailInterruption, ...]


def logged(evidence: Evidence) -> Logged:
    """Lay out the cells of the evidence."""
    cells = evidence.assurance.cells
    days = tuple(sorted({cell.day for cell in cells}))
    by_account: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_account[cell.account].append(cell)
    accounts = [_account(account, own, evidence.assurance.needs) for account, own in sorted(by_account.items())]
    return Logged(
        days=days,
        accounts=tuple(sorted(accounts, key=lambda one: -sum(one.cells[state] for state in _OPEN))),
        needs={need: _counted([cell.states[need] for cell in cells]) for need in evidence.assurance.needs},
        interruptions=evidence.assurance.interruptions,
    )


def _account(account: str, cells: Sequence[Cell], needs: Sequence[str]) -> AccountGrid:
    kinds = {
        MANAGEMENT: [need for need in needs if need != KMS and not need.startswith(DATA_PREFIX)],
        KMS: [need for need in needs if need == KMS],
    }
    days: dict[tuple[str, str], dict[date, CellState]] = defaultdict(dict)
    for cell in cells:
        for kind, own in kinds.items():
            if own:
                days[kind, cell.region][cell.day] = _worst([cell.states[need] for need in own])
    alike: dict[tuple[str, tuple[tuple[date, CellState], ...]], list[str]] = defaultdict(list)
    for (kind, region), states in sorted(days.items()):
        alike[kind, tuple(sorted(states.items()))].append(region)
    # Management first, then by region.
    ordered = sorted(alike.items(), key=lambda item: (item[0][0] != MANAGEMENT, item[1]))
    asked = [need for own in kinds.values() for need in own]
    worst = [_worst([cell.states[need] for need in asked]) for cell in cells if asked]
    return AccountGrid(
        account, tuple(_line(kind, regions, dict(states)) for (kind, states), regions in ordered), _counted(worst)
    )


def _line(kind: str, regions: Sequence[str], states: Mapping[date, CellState]) -> GridLine:
    runs: list[Run] = []
    spans: dict[CellState, list[Days]] = defaultdict(list)
    for place, (day, state) in enumerate(sorted(states.items())):
        if runs and runs[-1].state is state:
            runs[-1] = Run(runs[-1].start, runs[-1].length + 1, state)
        else:
            runs.append(Run(place, 1, state))
            spans[state].append(Days(day, day))
        last = spans[state][-1]
        spans[state][-1] = Days(last.first, last.first + timedelta(days=runs[-1].length - 1))
    open_days = {state: tuple(spans[state]) for state in _OPEN if spans[state]}
    return GridLine(kind, tuple(sorted(regions)), tuple(runs), open_days)


def _worst(states: Sequence[CellState]) -> CellState:
    return min(states, key=_WORST_FIRST.index)


def _counted(states: Sequence[CellState]) -> dict[CellState, int]:
    found = Counter(states)
    return {state: found[state] for state in CellState}
