"""The grid of a document: every account, region and day, and its gaps in words."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from comprova.catalog.text import Language
from comprova.documents.definition import Format, ReportDefinition, Section
from comprova.documents.display import Display
from comprova.documents.logged import MANAGEMENT, Days, logged
from comprova.documents.masking import masking_of
from comprova.documents.render import Rendered, render
from comprova.documents.rendition import Rendition
from comprova.documents.view import build_view
from comprova.evidence.canonical import canonical_json, write_whole
from comprova.evidence.model import AssuranceReport, Cell
from comprova.evidence.outcomes import Assurance, CellState
from comprova.evidence.reader import Evidence
from evidence_factory import FRAMEWORK
from languages import ENGLISH, PORTUGUESE

FIRST = date(2026, 10, 1)
NEEDS = ("management:read", "management:write", "kms", "data:s3")
MANY = (50, 17, 31)
"""Accounts, regions and days of a large organization."""


def cell(account: int, region: int, day: int, **states: CellState) -> Cell:
    """Return a cell in which all is recorded but for some kinds of events."""
    known = dict.fromkeys(NEEDS, CellState.RECORDED) | {name.replace("_", ":"): state for name, state in states.items()}
    return Cell(
        account=f"{111111111111 + account}",
        region=f"region-{region:02}",
        day=FIRST + timedelta(days=day),
        events=1,
        states=known,
        assurance=Assurance.PARTLY,
    )


def over(evidence: Evidence, *cells: Cell) -> Evidence:
    """Return evidence with other cells."""
    assurance = evidence.assurance.model_copy(update={"cells": cells, "needs": NEEDS})
    return replace(evidence, assurance=assurance)


def test_regions_with_the_same_days_stand_on_one_line(evidence: Evidence) -> None:
    """Fifty accounts of seventeen regions are told in a few lines each, and nothing is left out."""
    accounts, regions, days = MANY
    gaps = {(3, day) for day in (4, 6, 7, 8)}
    cells = (
        cell(account, region, day, management_write=CellState.GAP if (account, day) in gaps else CellState.RECORDED)
        for account in range(accounts)
        for region in range(regions)
        for day in range(days)
    )
    known = logged(over(evidence, *cells))
    assert len(known.accounts) == accounts
    assert {len(one.lines) for one in known.accounts} == {2}
    worst = known.accounts[0]
    assert worst.account == "111111111114"
    assert sum(worst.cells.values()) == regions * days
    line = worst.lines[0]
    assert (line.kind, len(line.regions)) == (MANAGEMENT, regions)
    october = [FIRST + timedelta(days=number) for number in range(days)]
    assert line.open_days == {CellState.GAP: (Days(october[4], october[4]), Days(october[6], october[8]))}
    assert [(run.start, run.length, run.state.value) for run in line.runs] == [
        (0, 4, "recorded"), (4, 1, "gap"), (5, 1, "recorded"), (6, 3, "gap"), (9, 22, "recorded"),
    ]  # fmt: skip
    assert known.needs["management:write"][CellState.GAP] == len(gaps) * regions
    assert known.needs["management:read"][CellState.GAP] == 0


def test_kms_has_a_line_of_its_own_and_data_events_have_none(evidence: Evidence) -> None:
    """An account without KMS events is not hidden behind its other events; data events are proven per resource."""
    known = logged(over(evidence, cell(0, 0, 0, kms=CellState.UNKNOWN, data_s3=CellState.UNKNOWN)))
    states = {line.kind: [run.state for run in line.runs] for line in known.accounts[0].lines}
    assert states == {MANAGEMENT: [CellState.RECORDED], "kms": [CellState.UNKNOWN]}


@pytest.mark.parametrize(("language", "words"), [(ENGLISH, "There are no cells"), (PORTUGUESE, "Não há células")])
def test_a_trail_of_which_nothing_is_known_is_said_to_be_one(
    evidence: Evidence, monthly: ReportDefinition, templates: Path, language: Language, words: str
) -> None:
    """A run without any log has no grid, and its document says so."""
    on_screen = monthly.model_copy(update={"formats": (Format.HTML,)})
    html = (render(over(evidence), FRAMEWORK, language, on_screen, templates, None).html or b"").decode()
    assert words in html[html.index('<section id="logged">') :]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (ENGLISH, ("Was it logged?", "Gap: 12 Oct", "before anything that is held", "Not started before")),
        (PORTUGUESE, ("Foi registrado?", "Lacuna: 12 de out", "Parada", "antes de tudo o que se tem")),
    ],
)
def test_gaps_and_interruptions_are_said_in_words(
    rendered: Mapping[Language, Rendered], language: Language, words: tuple[str, ...]
) -> None:
    """Whoever cannot see the marks reads the same; a trail's name is inert text."""
    html = (rendered[language].html or b"").decode()
    text = re.sub(r"\s+", " ", html)
    assert [word for word in words if word not in text] == []
    assert "org<b>" not in html


def test_assurance_is_read_back_as_it_was_written(tmp_path: Path, evidence: Evidence) -> None:
    """Interruptions and minutes are part of the sealed file."""
    write_whole(tmp_path / "assurance.json", canonical_json(evidence.assurance))
    assert AssuranceReport.model_validate_json((tmp_path / "assurance.json").read_bytes()) == evidence.assurance
    assert evidence.assurance.interruptions


def test_what_changed_since_the_revision_before_has_a_part(rendered: Mapping[Language, Rendered]) -> None:
    """It names every reason in words, and says where a comparison was not possible; file names are inert text."""
    html = (rendered[ENGLISH].html or b"").decode()
    part = html[html.index('<section id="changes">') :]
    part = part[: part.index("</section>")]
    words = (
        "revision r1",
        "Came: 21",
        "other parameters",
        "not asked",
        "nothing that the answer is known to depend on",
    )
    assert [word for word in words if word not in part] == []
    assert "<script>" not in part
    assert 'href="#changes"' in html


def test_a_first_revision_has_no_such_part(evidence: Evidence, monthly: ReportDefinition, display: Display) -> None:
    """Neither the part nor its line among the contents."""
    first = replace(evidence, changes=None)
    rendition = Rendition(first, monthly, ENGLISH, display, masking_of(first, monthly.personal))
    view = build_view(rendition, FRAMEWORK, None, modified_templates=False)
    assert Section.CHANGES not in view.parts
    assert Section.LOGGED in view.parts
