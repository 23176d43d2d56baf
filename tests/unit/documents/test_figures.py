"""The figures: nothing is lost between the evidence and a chart."""

from datetime import date

import pytest

from comprova.documents.figures import Bar, Timeline, cell_state
from comprova.documents.view import DocumentView
from comprova.evidence.model import Cell
from comprova.evidence.outcomes import Assurance, CellState, Outcome, Standing
from comprova.evidence.reader import Evidence
from evidence_factory import ACCOUNTS, REGIONS


def test_bars_hold_all_events_and_all_rows(view: DocumentView, evidence: Evidence) -> None:
    """Events of all bars are those of all cells, and dated and undated rows are all rows of open exceptions."""
    line = view.timeline
    assert len(line.bars) == 31
    assert sum(bar.events for bar in line.bars) == sum(cell.events for cell in evidence.assurance.cells)
    rows = sum(one.rows or 0 for one in evidence.assessment.queries if one.outcome is Outcome.EXCEPTIONS)
    assert sum(bar.findings for bar in line.bars) == line.dated
    assert line.dated + line.undated == rows
    assert line.peak.findings == max(bar.findings for bar in line.bars)


def test_strips_hold_all_cells(view: DocumentView, evidence: Evidence) -> None:
    """Every cell is counted once, in its own state."""
    cover = view.coverage
    assert sum(cover.cells.values()) == len(evidence.assurance.cells)
    assert cover.cells[CellState.GAP] == 2 * len(REGIONS)
    assert cover.cells[CellState.QUIET] == 31
    assert [(strip.account, strip.region) for strip in cover.strips] == [(a, r) for a in ACCOUNTS for r in REGIONS]
    assert all(sum(run.length for run in strip.runs) == 31 for strip in cover.strips)


def test_counts_are_those_of_the_assessment(view: DocumentView, evidence: Evidence) -> None:
    """Requirements, questions and findings are counted as the assessment says."""
    result = evidence.assessment.frameworks[0]
    assert [one.requirement.id for one in view.requirements] == [one.id for one in result.requirements]
    assert view.judged == sum(one.standing is Standing.JUDGED for one in result.requirements)
    assert view.supported == sum(
        one.standing is not Standing.JUDGED and bool(one.evidence) for one in result.requirements
    )
    assert view.findings == sum(
        (one.rows or 0) - one.accepted_rows
        for one in evidence.assessment.queries
        if one.outcome in (Outcome.EXCEPTIONS, Outcome.ACCEPTED)
    )
    for shown, said in zip(view.requirements, result.requirements, strict=True):
        assert (shown.findings or 0) == said.findings


def test_what_failed_has_no_findings_and_not_zero(view: DocumentView) -> None:
    """Unknown is not zero."""
    for one in view.questions:
        if one.result.outcome in (Outcome.FAILED, Outcome.NOT_RUN):
            assert one.findings is None


def test_attention_puts_exceptions_first_by_severity(view: DocumentView) -> None:
    """Findings first, then what has no answer; nothing calm is among them."""
    assert [one.result.outcome for one in view.attention.items] == [
        Outcome.EXCEPTIONS,
        Outcome.EXCEPTIONS,
        Outcome.FAILED,
        Outcome.NOT_RUN,
        Outcome.INCONCLUSIVE,
    ]
    assert [one.query.id for one in view.attention.exceptions] == ["trail.hostile_names", "trail.root_use"]


@pytest.mark.parametrize(("events", "scale"), [(0, 1), (1, 1), (3, 4), (999, 1000), (1000, 1000), (4211, 6000)])
def test_the_axis_ends_at_a_round_number(events: int, scale: int, view: DocumentView) -> None:
    """The axis starts at zero and holds every bar."""
    day = view.coverage.days[0]
    assert Timeline((Bar(day, events, 0),), weekly=False, dated=0, undated=0).scale == scale


def test_only_evidence_of_the_edition_is_named(view: DocumentView, evidence: Evidence) -> None:
    """Every file that the document names is in the manifest, and the rest is counted."""
    manifest = evidence.layout.manifest.read_text(encoding="utf-8").splitlines()
    assert {f"{file.sha256}  {file.name}" for file in view.files} <= set(manifest)
    assert len(view.files) + view.other_files == len(manifest)


@pytest.mark.parametrize(
    ("events", "minutes", "kinds", "state"),
    [
        (9, 0, {CellState.RECORDED, CellState.UNKNOWN}, CellState.RECORDED),
        (9, 5, {CellState.UNKNOWN}, CellState.UNKNOWN),
        (0, 1440, {CellState.GAP}, CellState.GAP),
        (0, 0, {CellState.QUIET}, CellState.QUIET),
    ],
)
def test_hours_that_nobody_recorded_show_in_the_cell(
    events: int, minutes: int, kinds: set[CellState], state: CellState
) -> None:
    """A cell with events is not shown as recorded where a trail was off for a part of it."""
    states = {f"data:{kind}": kind for kind in kinds}
    unlogged = dict.fromkeys(states, minutes) if minutes else {}
    cell = Cell(
        account="1",
        region="r",
        day=date(2026, 10, 5),
        events=events,
        states=states,
        unlogged_minutes=unlogged,
        assurance=Assurance.PARTLY,
    )
    assert cell_state(cell) is state
