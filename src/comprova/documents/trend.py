"""The findings of an edition's queries, period by period."""

from collections.abc import Sequence
from dataclasses import dataclass

from comprova.documents.questions import QueryView
from comprova.evidence.outcomes import Outcome
from comprova.evidence.trend import Trend

_MOST_BARS = 24
_OPEN = frozenset({Outcome.FAILED, Outcome.NOT_RUN, Outcome.INCONCLUSIVE})


@dataclass(frozen=True, slots=True)
class TrendBar:
    """One period.

    Attributes:
        period: Its label.
        findings: Of the edition's queries, those that no acceptance covered.
        unanswered: Of these queries, those whose answer could not be relied on, and those that were not asked then.
        events: Of the period.
    """

    period: str
    findings: int
    unanswered: int
    events: int


@dataclass(frozen=True, slots=True)
class TrendView:
    """The periods that the evidence follows back to, oldest first; this one is the last.

    Attributes:
        bars: The newest of them.
        left: Older ones that are not shown.
    """

    bars: tuple[TrendBar, ...]
    left: int

    @property
    def now(self) -> TrendBar:
        """This period."""
        return self.bars[-1]

    @property
    def before(self) -> TrendBar:
        """The period before; there must be one."""
        return self.bars[-2]

    @property
    def least(self) -> TrendBar:
        """The period with the fewest findings, the newest of several."""
        return min(reversed(self.bars), key=lambda bar: bar.findings)

    @property
    def most(self) -> TrendBar:
        """The period with the most findings, the newest of several."""
        return max(reversed(self.bars), key=lambda bar: bar.findings)


def trend_view(trend: Trend, questions: Sequence[QueryView]) -> TrendView:
    """Count the findings of an edition's queries in each period."""
    asked = [view.query.id for view in questions]
    bars = []
    for point in trend.points:
        answers = [point.answers.get(id_) for id_ in asked]
        bars.append(
            TrendBar(
                period=point.period,
                findings=sum(answer.findings or 0 for answer in answers if answer),
                unanswered=sum(1 for answer in answers if answer is None or answer.outcome in _OPEN),
                events=point.events,
            )
        )
    return TrendView(tuple(bars[-_MOST_BARS:]), max(len(bars) - _MOST_BARS, 0))
