"""All rows of one question, as a PDF of their own."""

import re
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from comprova.catalog.text import Language
from comprova.documents import listing
from comprova.documents.definition import Personal, ReportDefinition
from comprova.documents.display import Display
from comprova.documents.listing import build_listing, volumes_of
from comprova.documents.masking import masking_of
from comprova.documents.render import listing_files
from comprova.documents.rendition import Rendition
from comprova.errors import ContentError
from comprova.evidence.reader import Evidence
from evidence_factory import HOSTILE
from languages import ENGLISH, LANGUAGES
from pdf_checks import pdf_faults
from pdf_checks.content import text_of


def _made(  # noqa: PLR0913, PLR0917 - as `listing_files`
    evidence: Evidence, query: str, language: Language, definition: ReportDefinition, templates: Path, volume: int = 1
) -> tuple[str, bytes]:
    ((name, data),) = listing_files(evidence, query, volume, language, definition, templates).items()
    return name, data


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", ["trail.hostile_names", "trail.no_use", "trail.root_use"])
def test_a_listing_keeps_both_standards(
    evidence: Evidence, monthly: ReportDefinition, templates: Path, query: str, language: Language
) -> None:
    """With hostile values, with no row, with many: nothing that the checks look at is wrong."""
    name, data = _made(evidence, query, language, monthly, templates)
    assert name == f"2026-10_listing-{query}_{language}.pdf"
    assert pdf_faults(data, language.tag) == []
    assert data == _made(evidence, query, language, monthly, templates)[1]


def test_every_row_and_value_is_there(
    evidence: Evidence, monthly: ReportDefinition, templates: Path, display: Display
) -> None:
    """Rows are numbered, values shown as in a report, and columns without a value are named once."""
    data = _made(evidence, "trail.hostile_names", ENGLISH, monthly, templates)[1]
    with pikepdf.open(BytesIO(data)) as pdf:
        text = re.sub(r"\s", "", "".join(text_of(page) for page in pdf.pages))
    for number, value in enumerate(HOSTILE, start=1):
        shown = re.sub(r"\s", "", display.value(value.encode("utf-8", "replace").decode()))
        assert re.search(rf"{number}\|[\d:-]+Z\|{re.escape(shown)}\|{999 + number}\|", text), value
    assert "Columnswithoutanyvaluehereareleftout:Neverset." in text
    assert f"All{len(HOSTILE)}rows" in text


def test_a_long_listing_has_volumes(
    evidence: Evidence,
    monthly: ReportDefinition,
    templates: Path,
    display: Display,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each volume says which rows of how many it holds; together they hold each row once."""
    monkeypatch.setattr(listing, "ROWS_OF_A_VOLUME", 25)
    monkeypatch.setattr(listing, "_ROWS_OF_A_PART", 10)
    assert volumes_of(evidence, "trail.root_use") == 3
    rendition = Rendition(evidence, monthly, ENGLISH, display, masking_of(evidence, monthly.personal))
    views = [build_listing(rendition, "trail.root_use", volume) for volume in (1, 2, 3)]
    assert [(view.first, view.last, view.rows) for view in views] == [(1, 25, 60), (26, 50, 60), (51, 60, 60)]
    lines = [line for view in views for part in view.parts for block in part.blocks for line in block.split("\n")]
    assert [int(line.split("|")[0]) for line in lines] == list(range(1, 61))
    name, data = _made(evidence, "trail.root_use", ENGLISH, monthly, templates, volume=2)
    assert name == "2026-10_listing-trail.root_use-2-of-3_en.pdf"
    with pikepdf.open(BytesIO(data)) as pdf:
        text = "".join(text_of(page) for page in pdf.pages)
        assert len(list(pdf.open_outline().root[0].children)) == 3
    assert "Volume 2 of 3: rows 26 to 50." in " ".join(text.split())


def test_blocks_are_bounded(evidence: Evidence, monthly: ReportDefinition, display: Display) -> None:
    """No block has more than forty rows, nor more text than one row needs."""
    rendition = Rendition(evidence, monthly, ENGLISH, display, masking_of(evidence, monthly.personal))
    blocks = {
        query: [block for part in build_listing(rendition, query, 1).parts for block in part.blocks]
        for query in ("trail.root_use", "trail.hostile_names")
    }
    assert [block.count("\n") + 1 for block in blocks["trail.root_use"]] == [40, 20]
    assert all(len(block) <= 6_100 for held in blocks.values() for block in held)


def test_names_of_people_are_masked_where_the_report_says_so(
    evidence: Evidence, monthly: ReportDefinition, templates: Path
) -> None:
    """A listing of a masked report shows pseudonyms, and no hash with which a guessed name could be tried."""
    masked = monthly.model_copy(update={"personal": Personal.MASKED})
    data = _made(evidence, "trail.root_use", ENGLISH, masked, templates)[1]
    with pikepdf.open(BytesIO(data)) as pdf:
        text = "".join(text_of(page) for page in pdf.pages)
    assert "ConsoleLogin" not in text
    assert evidence.results["trail.root_use"].parquet_sha256 not in text.replace("\n", "")


@pytest.mark.parametrize("query", ["trail.broken", "trail.unheard_of"])
def test_without_a_result_there_is_nothing_to_list(evidence: Evidence, query: str) -> None:
    """The error names the questions that have one."""
    with pytest.raises(ContentError, match=f"trail.hostile_names.* found '{query}'"):
        volumes_of(evidence, query)
