"""Rendering as a whole: the PDF, its determinism, and what it refuses."""

import hashlib
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from comprova.catalog.text import Language
from comprova.documents.definition import Format, ReportDefinition
from comprova.documents.fonts import Fonts
from comprova.documents.pdf import write_pdf
from comprova.documents.render import Rendered, document_name, render, templates_sha256
from comprova.documents.wording import Wording
from comprova.errors import ContentError
from comprova.evidence.manifest import read_manifest, sha256_file
from comprova.evidence.reader import Evidence
from evidence_factory import END, FRAMEWORK
from languages import ENGLISH, LANGUAGES, PORTUGUESE

_AGAIN = """
import hashlib, sys
from datetime import datetime, UTC
from pathlib import Path
from comprova.catalog.text import Language
from comprova.documents.definition import read_report
from comprova.documents.render import render
from comprova.evidence.reader import open_evidence
folder, report, templates, key = sys.argv[1:]
definition = read_report(Path(report).read_text(encoding="utf-8"), "monthly")
definition = definition.model_copy(update={"finding_rows": 12, "screen_rows": 40, "screen_sql_lines": 10})
sealed = datetime(2026, 11, 3, 6, 10, tzinfo=UTC)
made = render(open_evidence(Path(folder)), key, Language("pt_BR"), definition, Path(templates), sealed)
print(hashlib.sha256(made.pdf).hexdigest(), hashlib.sha256(made.html).hexdigest())
"""


@pytest.fixture(scope="module")
def readers(rendered: Mapping[Language, Rendered]) -> Mapping[Language, PdfReader]:
    """Give the PDFs, open."""
    return {language: PdfReader(BytesIO(one.pdf or b"")) for language, one in rendered.items()}


def test_the_same_input_gives_the_same_bytes_anywhere(
    rendered: Mapping[Language, Rendered], evidence: Evidence, templates: Path, tmp_path: Path
) -> None:
    """Another process, time zone, locale, hash seed and folder change no byte of either format."""
    copy = tmp_path / "copy" / "templates"
    shutil.copytree(templates, copy)
    source = Path(sys.modules["comprova"].__file__ or "").parents[1]
    environment = {
        **os.environ,
        "TZ": "Asia/Kathmandu",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "77",
        "PYTHONPATH": str(source),
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": "1",
    }
    report = templates.parent / "reports" / "monthly.toml"
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", _AGAIN, str(evidence.layout.root), str(report), str(copy), FRAMEWORK],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    here = rendered[PORTUGUESE]
    assert done.stdout.split() == [hashlib.sha256(data or b"").hexdigest() for data in (here.pdf, here.html)]


def test_a_page_for_the_screen_needs_no_weasyprint(evidence: Evidence, templates: Path) -> None:
    """What lays out print takes longer to load than a small page to render."""
    report = templates.parent / "reports" / "monthly.toml"
    screen = _AGAIN.replace('{"finding_rows"', '{"formats": ("html",), "finding_rows"')
    code = screen.rpartition("print(")[0] + "sys.exit(made.html is None or 'weasyprint' in sys.modules)"
    subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", code, str(evidence.layout.root), str(report), str(templates), FRAMEWORK],
        env=os.environ | {"PYTHONPATH": str(Path(sys.modules["comprova"].__file__ or "").parents[1])},
        check=True,
    )


def _titles(outline: Iterable[object]) -> list[str]:
    titles: list[str] = []
    for item in outline:
        titles += _titles(item) if isinstance(item, list) else [str(item["/Title"])] if isinstance(item, dict) else []
    return titles


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_says_what_it_is(readers: Mapping[Language, PdfReader], language: Language) -> None:
    """Title, language, author and dates; the dates are the end of the period, for there is no clock."""
    reader = readers[language]
    information = reader.metadata
    assert information is not None
    assert "2026-10" in (information.title or "")
    assert information.author == "Ipê <b>S.A.</b>"
    assert information.creation_date == information.modification_date == END
    assert str(reader.root_object["/Lang"]) == language.tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_has_bookmarks_for_parts_requirements_and_questions(
    readers: Mapping[Language, PdfReader], monthly: ReportDefinition, evidence: Evidence, language: Language
) -> None:
    """A reader finds every part, requirement and question in the outline."""
    titles = _titles(readers[language].outline)
    asked = [one for one in evidence.assessment.frameworks[0].requirements if one.evidence]
    assert not [one.id for one in asked if not any(title.startswith(f"{one.id} ") for title in titles)]
    letter = "Q" if language == ENGLISH else "P"
    numbers = {f"{letter}{number}" for number in range(1, len(evidence.assessment.queries) + 1)}
    assert numbers <= {title.split(" ")[0] for title in titles}
    assert len(titles) >= len(monthly.section) - 1 + len(asked) + len(numbers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_annex_has_version_rows_and_hashes_of_every_question(
    readers: Mapping[Language, PdfReader], evidence: Evidence, wordings: Mapping[Language, Wording], language: Language
) -> None:
    """On paper they stand once, beside its number and the lines of its SQL; hashes of no rows are all alike."""
    whole = "".join("".join(page.extract_text().split()) for page in readers[language].pages)
    annex = whole[whole.rindex("".join(wordings[language].messages.text("annex.questions").split())) :]
    hashes = read_manifest(evidence.layout.manifest)
    letter = "Q" if language == ENGLISH else "P"
    for number, one in enumerate(evidence.assessment.queries, start=1):
        rows = wordings[language].messages.text("rows.none") if one.rows is None else str(one.rows)
        lines = len(evidence.layout.statement(one.id).read_text(encoding="utf-8").splitlines())
        names = [f"results/{one.id}.parquet", f"results/{one.id}.csv", f"sql/{one.id}.sql"]
        files = [f"{hashes[name]}{name.rpartition('.')[2]}" for name in names if name in hashes]
        assert f"{letter}{number}{one.id}@{one.version}{''.join(rows.split())}{lines}{''.join(files)}" in annex
        assert whole.count(one.statement_sha256) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_but_the_cover_names_report_and_page(
    readers: Mapping[Language, PdfReader], evidence: Evidence, language: Language
) -> None:
    """The report's number is the beginning of the seal, and pages are counted."""
    pages = readers[language].pages
    seal = sha256_file(evidence.layout.manifest)
    for number, page in enumerate(pages[1:], start=2):
        text = page.extract_text()
        assert seal[:12] in text
        assert f"{number} / {len(pages)}" in text
    assert seal[:12] in pages[0].extract_text()
    assert len(pages) < 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_holds_its_own_fonts_and_nothing_active(
    readers: Mapping[Language, PdfReader], language: Language
) -> None:
    """No font of the machine, no script, and no link that leaves the document."""
    reader = readers[language]
    names: set[str] = set()
    for page in reader.pages:
        fonts = page["/Resources"].get("/Font", {})  # type: ignore[attr-defined]
        names |= {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
        for annotation in page.get("/Annots") or []:
            target = annotation.get_object()
            assert isinstance(target, DictionaryObject)
            assert str(target["/Subtype"]) == "/Link"
            assert "/Dest" in target or "/GoTo" in str(target["/A"])
    assert names
    assert not {name for name in names if not re.fullmatch(r"/[A-Z]{6}\+Comprova-(Sans|Serif|Mono).*", name)}
    assert not {"/OpenAction", "/AA", "/AcroForm"} & reader.root_object.keys()


@pytest.mark.parametrize(
    "html",
    [
        "<link rel=stylesheet href=https://example.org/x.css>",
        "<style>@import 'file:///etc/passwd'</style>",
        "<style>p { background: url(http://192.0.2.1/x) }</style><p>a",
        "<style>@font-face { font-family: x; src: url(file:///etc/passwd) }</style><p>a",
        "<img src=file:///etc/passwd>",
        "<object data=file:///etc/passwd></object>",
        "<link rel=attachment href=file:///etc/passwd>",
    ],
)
def test_a_document_that_asks_for_more_than_its_fonts_is_not_made(fonts: Fonts, html: str) -> None:
    """What a value or a modified template would fetch ends the rendering."""
    with pytest.raises(ContentError, match="no address but those of its own fonts"):
        write_pdf(html, fonts, "00")


def test_a_picture_inside_a_picture_is_refused_too(fonts: Fonts, monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint only logs what goes wrong inside an SVG image; the refusal still ends the rendering."""
    monkeypatch.setattr(logging.getLogger("weasyprint"), "disabled", True)
    with pytest.raises(ContentError, match="no address but those of its own fonts"):
        write_pdf("<svg><image href='http://192.0.2.1/x'/></svg>", fonts, "00")


def test_formats_are_those_of_the_definition(evidence: Evidence, monthly: ReportDefinition, templates: Path) -> None:
    """A format that the definition does not name is not made."""
    definition = monthly.model_copy(update={"formats": (Format.HTML,)})
    made = render(evidence, FRAMEWORK, ENGLISH, definition, templates, None)
    assert made.pdf is None
    assert made.html is not None
    assert "the run's ledger is not with the evidence" in made.html.decode().replace("&#39;", "'")


def test_an_edition_that_was_not_assessed_is_refused(
    evidence: Evidence, monthly: ReportDefinition, templates: Path
) -> None:
    """The error names the editions that the evidence speaks of."""
    with pytest.raises(ContentError, match=FRAMEWORK):
        render(evidence, "pci-dss-4.0.1", ENGLISH, monthly, templates, None)


def test_other_looks_are_said_on_the_cover(
    evidence: Evidence, monthly: ReportDefinition, templates: Path, tmp_path: Path
) -> None:
    """A changed template gives another hash and a note; the shipped one gives none."""
    changed = tmp_path / "templates"
    shutil.copytree(templates, changed)
    assert templates_sha256(changed) == templates_sha256(templates)
    style = changed / "screen.css"
    style.write_text(style.read_text(encoding="utf-8") + "\np { color: red }\n", encoding="utf-8")
    assert templates_sha256(changed) != templates_sha256(templates)
    definition = monthly.model_copy(update={"formats": (Format.HTML,)})
    for folder, said in ((changed, True), (templates, False)):
        html = render(evidence, FRAMEWORK, ENGLISH, definition, folder, None).html or b""
        assert (b"Modified template." in html) is said


@pytest.mark.parametrize(
    ("language", "suffix", "name"),
    [
        (ENGLISH, "pdf", "2026-10_acts-2026_en.pdf"),
        (PORTUGUESE, "html", "2026-10_acts-2026_pt_BR.html"),
    ],
)
def test_names_say_period_edition_and_language(evidence: Evidence, language: Language, suffix: str, name: str) -> None:
    """Files sort by period."""
    assert document_name(evidence, FRAMEWORK, language, suffix) == name
