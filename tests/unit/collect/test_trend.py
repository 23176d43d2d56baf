"""Tests that each period takes over the trend of the one before, by its seal."""

from comprova.collect.trend import MOST_POINTS, continued
from comprova.evidence.findings import Earlier, EarlierState
from comprova.evidence.trend import Trend, TrendPoint

ABOUT = Earlier(period="2026-09", state=EarlierState.COMPARED, revision=2, seal="9" * 64)
NONE = Earlier(period="2026-09", state=EarlierState.NONE)


def point(period: str, seal: str = "") -> TrendPoint:
    """Return a point of a period; one without a seal is that of the evidence itself."""
    revision = 1 if seal else None
    return TrendPoint(period=period, revision=revision, seal=seal, events=1, cells=1, gaps=0, answers={})


def test_a_trend_begins_where_there_is_no_earlier_evidence() -> None:
    """The first period stands alone, and names no seal."""
    assert continued(None, NONE, point("2026-10")).points == (point("2026-10"),)


def test_the_point_of_the_period_before_gets_the_seal_of_its_evidence() -> None:
    """Evidence cannot name its own seal: the next one does, and leaves older points as they are."""
    before = Trend(points=(point("2026-08", "8" * 64), point("2026-09")))

    points = continued(before, ABOUT, point("2026-10")).points

    assert [(one.period, one.revision, one.seal) for one in points] == [
        ("2026-08", 1, "8" * 64),
        ("2026-09", 2, "9" * 64),
        ("2026-10", None, ""),
    ]


def test_a_trend_is_bounded_and_loses_its_oldest_points() -> None:
    """After five years of months the file stays as large as it is."""
    before = Trend(points=tuple(point(f"old-{number}", "1" * 64) for number in range(MOST_POINTS)))

    points = continued(before, ABOUT, point("2026-10")).points

    assert (len(points), points[0].period, points[-1].period) == (MOST_POINTS, "old-1", "2026-10")
