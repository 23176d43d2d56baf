"""Was it logged? The state of every cell: log account x region x day, for every kind of event that queries need."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from comprova.catalog.needs import DATA_PREFIX, KMS
from comprova.collect.measured import EventCount
from comprova.collect.unlogged import Unlogged
from comprova.evidence.model import Cell
from comprova.evidence.outcomes import Assurance, CellState

GLOBAL_REGION = "us-east-1"
"""Where global services log, so where an account without any log should have some.

CloudTrail User Guide, "Global service events".
"""

NOTHING_LEFT_OUT = Unlogged({}, {})
"""Of trails that were never interrupted."""

BLOCKING = frozenset({CellState.GAP, CellState.UNKNOWN})
"""States that forbid a claim of absence."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Every cell of the scope.

    Attributes:
        cells: By account, region and day.
        unexpected_accounts: With logs, and not named by a job that names accounts.
        silent_accounts: Named by the job, and without logs.
    """

    cells: tuple[Cell, ...]
    unexpected_accounts: tuple[str, ...]
    silent_accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What the cells should hold.

    Attributes:
        days: Of the period, in its time zone.
        accounts: That the job names; empty where it takes all it finds.
        regions: The same for regions.
        needs: Kinds of events that the queries need.
        logged_accounts: Accounts of which there is a log file, in the job's scope or not.
    """

    days: tuple[date, ...]
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    needs: tuple[str, ...]
    logged_accounts: frozenset[str]


def build_grid(counts: Sequence[EventCount], expected: Expected, left_out: Unlogged = NOTHING_LEFT_OUT) -> Grid:
    """Decide the state of every cell.

    Args:
        counts: Events by cell and kind.
        expected: What the cells should hold.
        left_out: What interruptions of trails left unrecorded.
    """
    held: dict[tuple[str, str, date], dict[str, int]] = defaultdict(dict)
    account_days: set[tuple[str, date]] = set()
    kms_accounts: set[str] = set()
    seen_regions: dict[str, set[str]] = defaultdict(set)
    for count in counts:
        kinds = held[count.account, count.region, count.day]
        kinds[count.need] = kinds.get(count.need, 0) + count.events
        kinds[KMS] = kinds.get(KMS, 0) + count.kms_events
        account_days.add((count.account, count.day))
        seen_regions[count.account].add(count.region)
        if count.kms_events:
            kms_accounts.add(count.account)
    cells = []
    for account in sorted(set(expected.accounts) or set(seen_regions) | expected.logged_accounts):
        own = set(expected.regions) or seen_regions[account] or {GLOBAL_REGION}
        for region in sorted(own):
            for day in expected.days:
                kinds = held.get((account, region, day), {})
                active = (account, day) in account_days
                minutes = {need: left_out.minutes.get((account, day, need), 0) for need in expected.needs}
                states = {
                    need: _state(
                        need,
                        kinds.get(need, 0),
                        active=active,
                        kms=account in kms_accounts,
                        whole=not minutes[need],
                    )
                    for need in expected.needs
                }
                cells.append(
                    Cell(
                        account=account,
                        region=region,
                        day=day,
                        events=sum(count for kind, count in kinds.items() if kind != KMS),
                        states=states,
                        unlogged_minutes={need: count for need, count in minutes.items() if count},
                        assurance=Assurance.PARTLY if active else Assurance.NOT_PROVEN,
                    )
                )
    named = set(expected.accounts)
    unexpected = tuple(sorted(expected.logged_accounts - named)) if named else ()
    return Grid(tuple(cells), unexpected, tuple(sorted(named - expected.logged_accounts)))


def _state(need: str, events: int, *, active: bool, kms: bool, whole: bool) -> CellState:
    if not active:
        return CellState.GAP
    if not whole:
        return CellState.UNKNOWN
    if events:
        return CellState.RECORDED
    # A trail may exclude KMS events, and logs data events only of the resources it is told to: that other events
    # were recorded says nothing of these.
    if need.startswith(DATA_PREFIX) or (need == KMS and not kms):
        return CellState.UNKNOWN
    return CellState.QUIET


def held_from(history: Mapping[str, frozenset[date]], accounts: Iterable[str], start: date) -> date | None:
    """Return the first day from which on, up to a period, no account lacks a whole day of events.

    One old event of one account proves nothing of the other accounts, nor of the days between.

    Args:
        history: By account, the UTC days before the period of which it holds events.
        accounts: Of the grid.
        start: The UTC day on which the period starts.

    Returns:
        `start` where nothing is held before it; None where there are no accounts.
    """
    return max((_reach(history.get(account, frozenset()), start) for account in accounts), default=None)


def _reach(days: frozenset[date], start: date) -> date:
    while (before := start - timedelta(days=1)) in days:
        start = before
    return start


def cells_in_state(cells: Iterable[Cell], needs: Sequence[str], states: frozenset[CellState]) -> tuple[Cell, ...]:
    """Return the cells in which any of the needs is in one of the states."""
    return tuple(cell for cell in cells if any(cell.states[need] in states for need in needs))


def cell_name(cell: Cell) -> str:
    """Return how documents name a cell."""
    return f"{cell.account} {cell.region} {cell.day.isoformat()}"
