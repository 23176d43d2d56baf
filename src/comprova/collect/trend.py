"""Continues the trend of the period before with what this one says. Pure functions."""

from comprova.evidence.findings import Earlier
from comprova.evidence.model import Assessment, Cell, Totals
from comprova.evidence.outcomes import CellState
from comprova.evidence.trend import PointAnswer, Trend, TrendPoint

MOST_POINTS = 60
"""Of one file: five years of months. The oldest are left out first."""


def point_of(assessment: Assessment, cells: tuple[Cell, ...], totals: Totals) -> TrendPoint:
    """Return what the evidence of a period adds to the trend."""
    return TrendPoint(
        period=assessment.scope.period,
        revision=None,
        seal="",
        events=totals.in_period,
        cells=len(cells),
        gaps=sum(1 for cell in cells if CellState.GAP in cell.states.values()),
        answers={
            result.id: PointAnswer(version=result.version, outcome=result.outcome, findings=result.findings)
            for result in assessment.queries
        },
    )


def continued(before: Trend | None, about: Earlier, point: TrendPoint) -> Trend:
    """Return the trend up to this period.

    Args:
        before: The trend in the evidence of the period before; None where there is none that verifies.
        about: Which evidence that is.
        point: What this period adds.
    """
    if before is None:
        return Trend(points=(point,))
    *older, last = before.points
    named = last.model_copy(update={"revision": about.revision, "seal": about.seal})
    return Trend(points=(*older, named, point)[-MOST_POINTS:])
