"""Was it logged? Everything that is known of the trail, from what the engine measured."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from comprova.collect.cells import Expected, Grid, build_grid
from comprova.collect.data_logging import DataLogging, made_trails
from comprova.collect.interruptions import interruptions, trail_states
from comprova.collect.measured import Measured
from comprova.collect.organizations import Organizations
from comprova.collect.unlogged import History, Place, unlogged
from comprova.evidence.model import TrailInterruption
from comprova.period import Period


@dataclass(frozen=True, slots=True)
class Logged:
    """What is known of the trail.

    Attributes:
        grid: Every cell.
        interruptions: Those that reach into the period, by trail and time.
        data: What is known of data events.
    """

    grid: Grid
    interruptions: tuple[TrailInterruption, ...]
    data: DataLogging


def what_was_logged(measured: Measured, expected: Expected, period: Period, organizations: Organizations) -> Logged:
    """Decide what was logged.

    Args:
        measured: What the engine counted.
        expected: What the cells should hold.
        period: Of the run.
        organizations: Whose trails may record several accounts.
    """
    calls = measured.trail_calls
    found = interruptions(calls)
    history = History(found, frozenset(call.moment for call in calls), organizations)
    left_out = unlogged(measured.counts, history, period, expected.needs)
    grid = build_grid(measured.counts, expected, left_out)
    told = (one.told(period, _cells_of(grid, left_out.places[one])) for one in found)
    accounts = tuple(sorted({cell.account for cell in grid.cells}))
    data = DataLogging(period, accounts, measured.data_resources, trail_states(calls), made_trails(calls))
    return Logged(grid, tuple(one for one in told if one is not None), data)


def _cells_of(grid: Grid, places: frozenset[Place]) -> Mapping[str, int]:
    """Return how many cells lie in places, by kind of event."""
    regions = Counter((cell.account, cell.day) for cell in grid.cells)
    counts: Counter[str] = Counter()
    for account, day, need in places:
        counts[need] += regions[account, day]
    return {need: count for need, count in sorted(counts.items()) if count}
