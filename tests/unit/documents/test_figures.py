"""The figures: nothing is lost between the evidence and a chart."""

from dataclasses import replace
from datetime import date

import pytest

from comprova.documents.attention import attention
from comprova.documents.coverage import cell_state, coverage
from comprova.documents.recurrence import ComparedQuery
from comprova.documents.timeline import Bar, Timeline, Week
from comprova.documents.view import DocumentView
from comprova.evidence.findings import EarlierState, Obstacle, Recurrence
from comprova.evidence.model import Cell
from comprova.evidence.outcomes import Assurance, CellState, Outcome, Standing
from comprova.evidence.reader import Evidence
from evidence_factory import ACCOUNTS, DAYS, REGIONS
from languages import ENGLISH


def test_bars_hold_all_events_and_all_rows(view: DocumentView, evidence: Evidence) -> None:
    """Events of all bars are those of all cells, and dated and undated rows are all rows of open exceptions."""
    line = view.timeline
    assert len(line.bars) == 31
    assert sum(bar.events for bar in line.bars) == sum(cell.events for cell in evidence.assurance.cells)
    rows = sum(one.rows or 0 for one in evidence.assessment.queries if one.outcome is Outcome.EXCEPTIONS)
    assert sum(bar.findings for bar in line.bars) == line.dated
    assert line.dated + line.undated == rows
    assert line.peak.findings == max(week.findings for week in line.weeks)
    assert [week.first.day for week in line.weeks] == [1, 5, 12, 19, 26]


def test_strips_hold_all_cells(view: DocumentView, evidence: Evidence) -> None:
    """Every cell is counted once, in its own state."""
    cover = view.coverage
    assert sum(cover.cells.values()) == len(evidence.assurance.cells)
    assert cover.cells[CellState.GAP] == 2 * len(REGIONS)
    assert cover.cells[CellState.QUIET] == 31
    assert [strip.places for strip in cover.strips] == [((a, r),) for a in ACCOUNTS for r in REGIONS]
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


def test_a_reason_of_many_is_said_once(view: DocumentView) -> None:
    """What is open stands under its first reason: every question once, every reason once, the most urgent first."""
    [broken, dear, key_use] = view.attention.open
    alike = replace(dear, result=dear.result.model_copy(update={"reasons": broken.result.reasons}))
    without = replace(key_use, result=key_use.result.model_copy(update={"reasons": ()}))
    groups = replace(view.attention, open=(broken, key_use, alike, without)).open_by_reason
    assert [one.reason for one in groups] == [broken.result.reasons[0], key_use.result.reasons[0], None]
    assert [one.questions for one in groups] == [(broken, alike), (key_use,), (without,)]


def test_what_cannot_be_told_is_said_once_with_its_questions(view: DocumentView) -> None:
    """Questions with the same obstacle stand beside it; one obstacle to both is said of new findings alone."""
    first, second, third, *_ = view.recurrence.queries
    whole, version = Obstacle.NOT_WHOLE, Obstacle.OTHER_VERSION

    def hindered(one: ComparedQuery, new: Obstacle | None, gone: Obstacle | None) -> ComparedQuery:
        return replace(one, comparison=one.comparison.model_copy(update={"new": new, "gone": gone}))

    queries = (hindered(first, version, version), hindered(second, None, whole), hindered(third, version, whole))
    told = replace(view.recurrence, queries=queries).untold
    assert [(one.recurrence, one.obstacle, one.questions) for one in told] == [
        (Recurrence.NEW, version, (first.question, third.question)),
        (Recurrence.GONE, whole, (second.question, third.question)),
    ]
    earlier = view.recurrence.earlier.model_copy(update={"state": EarlierState.NONE})
    assert replace(view.recurrence, queries=queries, earlier=earlier).untold == ()


def test_long_values_stand_under_their_rows_on_paper(view: DocumentView) -> None:
    """A column of ARNs would make every row tall; on the screen it stays a column, by which rows can be sorted."""
    [asked] = [one for one in view.questions if one.query.id == "trail.root_use"]
    assert "Actor" in [column.title for column in asked.screen.columns]
    assert "Actor" not in [column.title for column in asked.extract.columns]
    told = [dict(row.details).get("Actor", "") for row in asked.extract.rows]
    place = [column.title for column in asked.screen.columns].index("Actor")
    assert [one or "—" for one in told] == [row.cells[place] for row in asked.screen.rows[: len(told)]]
    assert any(one.startswith("arn:") for one in told)


@pytest.mark.parametrize(
    ("events", "scale"), [(0, 1), (1, 1), (3, 3), (14, 15), (999, 1000), (1000, 1000), (1240, 1500), (4211, 5000)]
)
def test_the_axis_ends_at_a_round_number(events: int, scale: int, view: DocumentView) -> None:
    """The axis starts at zero and holds every bar."""
    day = view.coverage.days[0]
    weeks = (Week((Bar(day, events, 0),)),)
    assert Timeline(weeks, weekly=False, dated=0, undated=0, accepted=0).scale == scale


def test_only_evidence_of_the_edition_is_named(view: DocumentView, evidence: Evidence) -> None:
    """Every file that the document names is in the manifest, and the rest is counted."""
    manifest = evidence.layout.manifest.read_text(encoding="utf-8").splitlines()
    named = [*view.files, *(file for question in view.questions for file in question.files)]
    assert {f"{file.sha256}  {file.name}" for file in named} <= set(manifest)
    assert len(named) + view.other_files == len(manifest)


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


def test_many_places_with_the_same_days_share_a_strip(evidence: Evidence) -> None:
    """Fifty accounts are a few strips, the worst first; every place is counted, shown or not."""
    cells = [
        cell.model_copy(update={"account": f"{number:012}"})
        for number in range(50)
        for cell in evidence.assurance.cells
        if cell.account == ACCOUNTS[1 if number == 7 else 0]
    ]
    known = coverage(replace(evidence, assurance=evidence.assurance.model_copy(update={"cells": tuple(cells)})))
    assert [len(strip.places) for strip in known.strips] == [2, 98]
    assert [strip.accounts for strip in known.strips] == [1, 49]
    assert known.hidden == 0
    assert known.total == len(cells)


def test_strips_that_differ_are_cut_with_their_number(evidence: Evidence) -> None:
    """Twenty places of which none is like another: some are shown, the others counted."""
    first = evidence.assurance.cells[0]
    cells = tuple(
        first.model_copy(update={"account": f"{number:012}", "day": day})
        for number in range(20)
        for day in DAYS[: number + 1]
    )
    known = coverage(replace(evidence, assurance=evidence.assurance.model_copy(update={"cells": cells})))
    assert (len(known.strips), known.hidden) == (12, 8)
    assert known.strips[0].days(CellState.UNKNOWN) == len(DAYS) - 1


def test_the_summary_takes_the_first_that_have_room(view: DocumentView) -> None:
    """What stands on the one page is the beginning of what needs attention."""
    many = attention(view.questions * 4, ENGLISH, 6)
    assert many.first == many.items[: len(many.first)]
    assert 0 < len(many.first) < len(many.items)


def test_the_cover_takes_fewer_where_titles_are_long(view: DocumentView) -> None:
    """The cover is one page, whatever the questions are called."""
    many = attention(view.questions * 12, ENGLISH, 6).items
    block = many[0].query.block
    title = block.title.model_copy(update={"en": "A title of many words " * 8})
    query = replace(many[0].query, block=block.model_copy(update={"title": title}))
    long = [replace(many[0], query=query)] * 12
    assert [len(attention(views, ENGLISH, 6).cover) for views in (many, long)] == [6, 2]
