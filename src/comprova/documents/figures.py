"""The figures of a document, shaped with pandas from result rows and cells. They carry no evidence rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from comprova.catalog.column_types import ColumnType
from comprova.documents.questions import QueryView
from comprova.evidence.model import Cell, Scope
from comprova.evidence.outcomes import CellState
from comprova.evidence.reader import Evidence

if TYPE_CHECKING:
    import pandas as pd

_LONGEST_BY_DAY = 62
_MOST_STRIPS = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One day, or one week of a long period.

    Attributes:
        first: Its first day, in the time zone of the period.
        events: Events of the cells of these days.
        findings: Rows of exception queries whose first time falls on these days.
    """

    first: date
    events: int
    findings: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events and findings along the period.

    Attributes:
        bars: One per day, or per week where the period is long.
        weekly: Whether a bar is a week.
        dated: Rows of exception queries with a time in the period; rows of fully accepted queries are not counted.
        undated: Such rows without one.
    """

    bars: tuple[Bar, ...]
    weekly: bool
    dated: int
    undated: int

    @property
    def days_with_findings(self) -> int:
        """How many bars have findings."""
        return sum(1 for bar in self.bars if bar.findings)

    @property
    def scale(self) -> int:
        """The top of the axis of events: a round number that holds every bar."""
        most = max((bar.events for bar in self.bars), default=0)
        step: int = 10 ** (len(str(max(most, 1))) - 1)
        return min(step * factor for factor in (1, 2, 4, 6, 8, 10) if step * factor >= most)

    @property
    def peak(self) -> Bar:
        """The bar with the most findings, the first of several."""
        return max(self.bars, key=lambda bar: bar.findings)


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive days of one state: the number of days before it, its length, its state."""

    start: int
    length: int
    state: CellState


@dataclass(frozen=True, slots=True)
class Strip:
    """One account and region along the period.

    Attributes:
        account, region: As in the object keys.
        runs: Its days, by state.
        events: Of the period.
        days: By state.
    """

    account: str
    region: str
    runs: tuple[Run, ...]
    events: int
    days: dict[CellState, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was logged where and when.

    Attributes:
        strips: Per account and region; those with the most days of gap first where not all are shown.
        hidden: Strips that are not shown.
        days: The days of the period, in order.
        cells: Cells by state.
    """

    strips: tuple[Strip, ...]
    hidden: int
    days: tuple[date, ...]
    cells: dict[CellState, int]


def timeline(evidence: Evidence, questions: Sequence[QueryView]) -> Timeline:
    """Count events and findings by day, or by week where the period is long."""
    import pandas as pd  # here, for a listing has no figures and can do without

    scope = evidence.assessment.scope
    days = _days(scope)
    weekly = len(days) > _LONGEST_BY_DAY
    cells = pd.DataFrame(
        [(cell.day, cell.events) for cell in evidence.assurance.cells], columns=["day", "events"]
    ).astype({"events": "int64"})
    events = cells.groupby("day")["events"].sum()
    times = [_times(evidence, view) for view in questions if view.findings]
    moments = pd.DatetimeIndex(pd.DatetimeIndex([]).append(times))
    found = pd.Series(moments.dropna().tz_localize("UTC").tz_convert(scope.time_zone).date).value_counts()
    total = sum(view.result.rows or 0 for view in questions if view.findings)
    step = 7 if weekly else 1
    bars = tuple(
        Bar(
            days[start],
            sum(int(events.get(day, 0)) for day in days[start : start + step]),
            sum(int(found.get(day, 0)) for day in days[start : start + step]),
        )
        for start in range(0, len(days), step)
    )
    dated = sum(bar.findings for bar in bars)
    return Timeline(bars, weekly, dated, total - dated)


def coverage(evidence: Evidence) -> Coverage:
    """Lay out the cells as one strip per account and region."""
    days = _days(evidence.assessment.scope)
    places: dict[tuple[str, str], dict[date, Cell]] = {}
    for cell in evidence.assurance.cells:
        places.setdefault((cell.account, cell.region), {})[cell.day] = cell
    strips = [_strip(account, region, held, days) for (account, region), held in sorted(places.items())]
    cells = {state: sum(strip.days[state] for strip in strips) for state in CellState}
    if len(strips) > _MOST_STRIPS:
        shown = sorted(strips, key=lambda strip: -strip.days[CellState.GAP])[:_MOST_STRIPS]
    else:
        shown = strips
    return Coverage(tuple(shown), len(strips) - len(shown), days, cells)


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


def _strip(account: str, region: str, held: dict[date, Cell], days: Sequence[date]) -> Strip:
    states = [cell_state(held.get(day)) for day in days]
    runs: list[Run] = []
    for start, state in enumerate(states):
        if runs and runs[-1].state is state:
            runs[-1] = Run(runs[-1].start, runs[-1].length + 1, state)
        else:
            runs.append(Run(start, 1, state))
    events = sum(cell.events for cell in held.values())
    return Strip(account, region, tuple(runs), events, {state: states.count(state) for state in CellState})


def _times(evidence: Evidence, view: QueryView) -> "pd.DatetimeIndex":
    import pandas as pd

    column = next((one.name for one in view.query.block.column if one.type is ColumnType.TIMESTAMP), None)
    if column is None:
        return pd.DatetimeIndex([])
    return pd.DatetimeIndex(pd.read_parquet(evidence.layout.parquet(view.query.id), columns=[column])[column])


def _days(scope: Scope) -> tuple[date, ...]:
    zone = ZoneInfo(scope.time_zone)
    first, end = scope.start.astimezone(zone).date(), scope.end.astimezone(zone).date()
    return tuple(first + timedelta(days=number) for number in range((end - first).days))
