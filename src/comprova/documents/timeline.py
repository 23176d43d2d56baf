"""Events and findings along the period, shaped with pandas from result rows and cells. It carries no evidence rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from comprova.catalog.column_types import ColumnType
from comprova.documents.coverage import days_of
from comprova.documents.questions import QueryView
from comprova.evidence.reader import Evidence

if TYPE_CHECKING:
    import pandas as pd

_LONGEST_BY_DAY = 62
_ROUND = (10, 15, 20, 30, 40, 50, 60, 80, 100)
"""Tenths of a power of ten at which an axis may end."""


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
class Week:
    """The bars of one week, which begins on Monday; the first and the last of a period may be cut."""

    bars: tuple[Bar, ...]

    @property
    def first(self) -> date:
        """Its first day in the period."""
        return self.bars[0].first

    @property
    def events(self) -> int:
        """Events of its days."""
        return sum(bar.events for bar in self.bars)

    @property
    def findings(self) -> int:
        """Rows of exception queries of its days."""
        return sum(bar.findings for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events and findings along the period.

    Attributes:
        weeks: With a bar per day, or one for the whole week where the period is long.
        weekly: Whether a bar is a week.
        dated: Rows of exception queries with a time in the period; rows of fully accepted queries are not counted.
        undated: Such rows without one.
        accepted: Of all of them, those that an acceptance covers.
    """

    weeks: tuple[Week, ...]
    weekly: bool
    dated: int
    undated: int
    accepted: int

    @property
    def bars(self) -> tuple[Bar, ...]:
        """All bars, in order."""
        return tuple(bar for week in self.weeks for bar in week.bars)

    @property
    def events(self) -> int:
        """Events of the period."""
        return sum(week.events for week in self.weeks)

    @property
    def weeks_with_findings(self) -> int:
        """How many weeks have findings."""
        return sum(1 for week in self.weeks if week.findings)

    @property
    def scale(self) -> int:
        """The top of the axis of events: a round number that holds every bar."""
        most = max((bar.events for bar in self.bars), default=0)
        step: int = 10 ** (len(str(max(most, 1))) - 1)
        return min(step * tenths // 10 for tenths in _ROUND if step * tenths >= 10 * most and step * tenths % 10 == 0)

    @property
    def peak(self) -> Week:
        """The week with the most findings, the first of several."""
        return max(self.weeks, key=lambda week: week.findings)


def timeline(evidence: Evidence, questions: Sequence[QueryView]) -> Timeline:
    """Count events and findings by day, or by week where the period is long."""
    import pandas as pd  # here, for a listing has no figures and can do without

    scope = evidence.assessment.scope
    days = days_of(scope)
    cells = pd.DataFrame(
        [(cell.day, cell.events) for cell in evidence.assurance.cells], columns=["day", "events"]
    ).astype({"events": "int64"})
    events = cells.groupby("day")["events"].sum()
    open_questions = [view for view in questions if view.findings]
    times = [_times(evidence, view) for view in open_questions]
    moments = pd.DatetimeIndex(pd.DatetimeIndex([]).append(times))
    found = pd.Series(moments.dropna().tz_localize("UTC").tz_convert(scope.time_zone).date).value_counts()
    by_day = [Bar(day, int(events.get(day, 0)), int(found.get(day, 0))) for day in days]
    weekly = len(days) > _LONGEST_BY_DAY
    weeks = tuple(
        Week((_joined(week),) if weekly else week)
        for week in (tuple(bars) for _, bars in groupby(by_day, key=lambda bar: bar.first.isocalendar()[:2]))
    )
    dated = sum(week.findings for week in weeks)
    total = sum(view.result.rows or 0 for view in open_questions)
    return Timeline(weeks, weekly, dated, total - dated, sum(view.result.accepted_rows for view in open_questions))


def _joined(bars: Sequence[Bar]) -> Bar:
    return Bar(bars[0].first, sum(bar.events for bar in bars), sum(bar.findings for bar in bars))


def _times(evidence: Evidence, view: QueryView) -> "pd.DatetimeIndex":
    import pandas as pd

    column = next((one.name for one in view.query.block.column if one.type is ColumnType.TIMESTAMP), None)
    if column is None:
        return pd.DatetimeIndex([])
    return pd.DatetimeIndex(pd.read_parquet(evidence.layout.parquet(view.query.id), columns=[column])[column])
