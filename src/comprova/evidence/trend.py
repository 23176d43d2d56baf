"""`trend.json`: what each period said, back to the first one from which on the evidence follows without a break.

It is a chain: the evidence of a period takes over the points of the period before, whose seal it names, and adds its
own. Nothing older than the period before has to be there.
"""

from collections.abc import Mapping
from typing import Literal

from comprova.evidence.model import FORMAT, Fact
from comprova.evidence.outcomes import Outcome


class PointAnswer(Fact):
    """What one period said of one query.

    Attributes:
        version: Of the query.
        outcome: As its evidence says.
        findings: Those that no acceptance covered; None of other kinds of queries, and where there was no result.
    """

    version: int
    outcome: Outcome
    findings: int | None


class TrendPoint(Fact):
    """What one period said.

    Attributes:
        period: Its label.
        revision: Of its evidence; None of the evidence that this file is part of, which cannot name itself.
        seal: SHA-256 of its manifest; empty of the evidence that this file is part of.
        events: Rows of activity in the period.
        cells: Of its grid.
        gaps: Cells in which nothing was logged of some kind of events.
        answers: By query id.
    """

    period: str
    revision: int | None
    seal: str
    events: int
    cells: int
    gaps: int
    answers: Mapping[str, PointAnswer]


class Trend(Fact):
    """The whole file.

    Attributes:
        points: Oldest first; the last is the period of the evidence itself.
    """

    format: Literal[1] = FORMAT
    points: tuple[TrendPoint, ...]
