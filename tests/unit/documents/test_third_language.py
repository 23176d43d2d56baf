"""A third language needs a catalogue and no code: a project adds one, and a document is rendered in it."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from comprova.catalog.text import Language
from comprova.catalog.translations import catalogue_path, languages_in
from comprova.content import ContentRoot, builtin_root, templates_of
from comprova.documents.definition import ReportDefinition
from comprova.documents.display import Display
from comprova.documents.render import Rendered, render
from comprova.documents.wording import wording_of
from comprova.errors import ContentError
from comprova.evidence.manifest import seal
from comprova.evidence.reader import Evidence, open_evidence
from evidence_factory import FRAMEWORK, QUERIES, make_evidence
from layout_checks import kept_layouts, overflows
from parsed_page import Page
from third_language import MARK, SPANISH, write_spanish


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> ContentRoot:
    """Give a project with a Spanish catalogue, in which each text is the English one with a mark around it."""
    return write_spanish(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def spanish(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Give evidence whose first question somebody has translated."""
    layout = make_evidence(tmp_path_factory.mktemp("run") / "evidence")
    query = layout.content / "queries" / "trail" / "root_use.sql"
    text = query.read_text(encoding="utf-8")
    query.write_text(
        text.replace("title.pt_BR =", 'title.es = "Uso de la cuenta raíz"\ntitle.pt_BR =', 1), encoding="utf-8"
    )
    seal(layout.root, layout.manifest)
    return open_evidence(layout.root)


@pytest.fixture(scope="module")
def made(project: ContentRoot, spanish: Evidence, monthly: ReportDefinition) -> Rendered:
    """Give the report in Spanish; nothing of it overflows."""
    with templates_of((builtin_root(), project)) as templates, kept_layouts(pytest.MonkeyPatch()) as layouts:
        made = render(spanish, FRAMEWORK, SPANISH, monthly, templates, None)
    assert not list(overflows(layouts[0]))
    return made


def test_a_catalogue_makes_a_language(project: ContentRoot) -> None:
    """The languages are those that have a catalogue, comprova's or the project's."""
    folders = (builtin_root().folder("templates"), project.folder("templates"))
    assert languages_in(*folders) == ("en", "es", "pt_BR")
    assert languages_in(folders[0]) == ("en", "pt_BR")


def test_a_document_is_all_in_the_third_language(made: Rendered) -> None:
    """Every word of ours comes from the catalogue; dates, numbers and what the files say of themselves are Spanish."""
    page = Page.of(made.html or b"")
    assert page.values("lang")[0] == "es"
    assert "«1\N{EN DASH}31 de octubre de 2026»" in page.text
    assert "150.000" in page.text
    reader = PdfReader(BytesIO(made.pdf or b""))
    assert str(reader.root_object["/Lang"]) == "es"
    words = re.compile(r"\b(Exceptions|Inconclusive|Summary|Contents|Findings|Severity|Outcome)\b")
    loose = [text for text in page.texts if words.search(text) and MARK not in text]
    assert not loose


def test_what_nobody_has_translated_stands_in_english_and_says_so(made: Rendered) -> None:
    """A question without a Spanish title has the English one with a mark; the scope says how many there are."""
    text = Page.of(made.html or b"").text
    assert "Uso de la cuenta raíz" in text
    assert "Uso de la cuenta raíz [en]" not in text
    others = [name.partition(".")[2] for name in QUERIES if name != "trail.root_use"]
    assert not [name for name in others if f"Title of {name} [en]" not in text]
    assert "It does not show what <was> not logged → ever. [en]" in text
    assert re.search(r"«\d+ texts of questions and requirements are not translated yet\.", text)


def test_a_language_of_our_own_has_no_such_mark(rendered: dict[Language, Rendered]) -> None:
    """Nothing is marked as English in a document whose language the content has."""
    assert not [language for language, one in rendered.items() if b"[en]" in (one.html or b"")]


def test_a_text_that_the_catalogue_lacks_is_refused(tmp_path: Path, project: ContentRoot, display: Display) -> None:
    """A catalogue that is not whole makes no document: the message names file and key."""
    text = catalogue_path(project.folder("templates"), SPANISH).read_text(encoding="utf-8")
    path = catalogue_path(tmp_path, SPANISH)
    path.parent.mkdir(parents=True)
    path.write_text(re.sub(r'msgid "outcome.failed"\nmsgstr ".*"\n', "", text), encoding="utf-8")
    wording = wording_of(tmp_path, SPANISH, display)
    with pytest.raises(ContentError, match=r"es/LC_MESSAGES/comprova\.po: expected a text for 'outcome\.failed'"):
        wording.messages.text("outcome.failed")


def test_a_project_replaces_looks_by_name_and_nothing_else(tmp_path: Path) -> None:
    """Its files come before ours, ours stay where it has none, and its README is no template."""
    own = ContentRoot(tmp_path, builtin=False)
    own.folder("templates").mkdir()
    (own.folder("templates") / "paper.css").write_text("/* own */", encoding="utf-8")
    (own.folder("templates") / "README.md").write_text("what this is", encoding="utf-8")
    ours = builtin_root().folder("templates")
    with templates_of((builtin_root(), own)) as merged:
        assert (merged / "paper.css").read_text(encoding="utf-8") == "/* own */"
        names = {path.relative_to(merged) for path in merged.rglob("*")}
        assert names == {path.relative_to(ours) for path in ours.rglob("*")}
    assert not merged.exists()
    with templates_of((builtin_root(),)) as alone:
        assert alone == ours
