"""Whether the trend ends with what the evidence says, and goes on from the evidence that it was compared with."""

from collections.abc import Iterator

from comprova.evidence.findings import EarlierState
from comprova.evidence.outcomes import CellState
from comprova.evidence.reader import Evidence


def trend_faults(evidence: Evidence) -> Iterator[str]:
    """Yield what `trend.json` says that assessment, assurance, totals and findings do not."""
    points = evidence.trend.points
    if not points:
        yield "it has no points"
        return
    *older, own = points
    cells = evidence.assurance.cells
    said = {id_: (one.version, one.outcome, one.findings) for id_, one in own.answers.items()}
    if said != {one.id: (one.version, one.outcome, one.findings) for one in evidence.assessment.queries}:
        yield "its last point has other answers than the assessment"
    gaps = sum(1 for cell in cells if CellState.GAP in cell.states.values())
    figures = (evidence.assessment.scope.period, evidence.totals.in_period, len(cells), gaps)
    if (own.period, own.events, own.cells, own.gaps) != figures:
        yield "its last point has other figures than the evidence"
    earlier = evidence.findings.earlier
    if bool(older) != (earlier.state is EarlierState.COMPARED):
        yield "it has earlier periods, and findings were compared with none, or the other way round"
    elif older and (older[-1].period, older[-1].revision, older[-1].seal) != (
        earlier.period,
        earlier.revision,
        earlier.seal,
    ):
        yield "it goes on from other evidence than findings were compared with"
