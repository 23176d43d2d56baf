"""The HTML document: whole, inert, self-contained, and true to the evidence."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from comprova.catalog.framework import Bearing
from comprova.catalog.text import Language
from comprova.documents.definition import Format, ReportDefinition, Section
from comprova.documents.display import Display
from comprova.documents.render import Rendered, render
from comprova.documents.statement_text import folded
from comprova.documents.view import DocumentView
from comprova.documents.wording import Wording
from comprova.evidence.outcomes import WORST_FIRST, Outcome
from comprova.evidence.reader import Evidence
from evidence_factory import FRAMEWORK, HOSTILE
from languages import ENGLISH, LANGUAGES
from parsed_page import Page

_ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "nav", "p", "ul", "li", "main", "section", "div", "svg",
    "circle", "rect", "line", "path", "text", "h1", "h2", "h3", "table", "caption", "colgroup", "col", "thead", "tbody",
    "tr", "th", "td", "span", "i", "b", "br", "figure", "figcaption", "article", "header", "pre", "details", "summary",
    "template", "button", "label", "input", "script",
}  # fmt: skip


def page_of(rendered: Rendered) -> Page:
    """Return the parsed page of a document."""
    assert rendered.html is not None
    return Page.of(rendered.html)


@pytest.fixture(scope="module")
def pages(rendered: Mapping[Language, Rendered]) -> Mapping[Language, Page]:
    """Give the parsed pages."""
    return {language: page_of(one) for language, one in rendered.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_it_runs_or_loads(pages: Mapping[Language, Page], language: Language) -> None:
    """No element or attribute that could run, load or leave, whatever the logs hold."""
    page = pages[language]
    assert page.tags <= _ALLOWED
    assert not [target for target in page.values("href") if not target.startswith("#")]
    page.assert_inert()


def test_style_and_script_stay_small(pages: Mapping[Language, Page]) -> None:
    """What is the same in every page is under 60 KB."""
    page = pages[ENGLISH]
    assert len(page.style.encode()) + len(page.script.encode()) < 60_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_somewhere(pages: Mapping[Language, Page], language: Language) -> None:
    """Anchors stand once, and every link has one."""
    page = pages[language]
    anchors = page.values("id")
    assert len(set(anchors)) == len(anchors)
    assert {target.removeprefix("#") for target in page.values("href")} <= set(anchors)
    assert language.tag in page.values("lang")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_values_stand_in_it_as_text(
    pages: Mapping[Language, Page], display: Display, language: Language
) -> None:
    """Every value that an attacker wrote is there, visible and inert."""
    shown = [display.value(text) for text in HOSTILE]
    assert not [text for text in shown if text not in pages[language].texts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_requirement_has_its_row_and_its_words(
    pages: Mapping[Language, Page], wordings: Mapping[Language, Wording], evidence: Evidence, language: Language
) -> None:
    """All requirements are in the matrix, with the word of their outcome or standing and all counts."""
    words, text = wordings[language], pages[language].text
    for one in evidence.assessment.frameworks[0].requirements:
        said = words.word(one.outcome or one.standing)
        counts = words.counts(one.counts) if one.evidence else "—"
        row = rf"{re.escape(one.id)} \S+ \S+ {re.escape(one.id)} {re.escape(said)} .*?{re.escape(counts)}"
        assert re.search(row, text), row


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_requirement_says_which_conditions_did_not_hold_and_why(
    pages: Mapping[Language, Page], wordings: Mapping[Language, Wording], evidence: Evidence, language: Language
) -> None:
    """In its row of the matrix by name, in its section with the reasons; a supporting one says so too."""
    words, text = wordings[language], pages[language].text
    unmet = {one.id: one.unmet for one in evidence.assessment.frameworks[0].requirements if one.unmet}
    assert list(unmet) == ["A.21", "A.22"]
    missing = []
    for id_, conditions in unmet.items():
        names = words.conditions(one.condition for one in conditions)
        reasons = [words.reason(reason) for one in conditions for reason in one.reasons]
        row = rf"{re.escape(id_)} \S+ .*?{re.escape(names)}"
        section = ".*?".join(map(re.escape, dict.fromkeys(reasons)))
        missing += [said for said in (row, section) if not re.search(said, text)]
    assert not missing


def test_a_requirement_names_each_of_its_questions_with_outcome_and_rows(
    view: DocumentView, pages: Mapping[Language, Page], wordings: Mapping[Language, Wording]
) -> None:
    """Proving questions come first, then the worst outcome; none of those that the edition maps is left out."""
    words, text = wordings[ENGLISH], " ".join(pages[ENGLISH].texts)
    missing = []
    for item in view.requirements:
        answers = [(one.bearing, one.outcome) for one in item.answers]
        assert answers == sorted(answers, key=lambda one: (list(Bearing).index(one[0]), WORST_FIRST.index(one[1])))
        asked = [line.question.query.id for one in item.answers for line in one.lines]
        assert sorted(asked) == sorted(line.question.query.id for line in item.lines)
        for one in item.answers:
            said = "; ".join(
                f"Q{question.number} {question.query.block.title.en} ({_rows(question.result.rows)})"
                for question in (line.question for line in one.lines)
            )
            line = f"{words.word(one.outcome)} {words.word(one.bearing)}: {said}."
            missing += [] if _plain(line) in _plain(text) else [f"{item.requirement.id}: {line}"]
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_requirement_says_why_a_question_bears_on_it(
    view: DocumentView, pages: Mapping[Language, Page], language: Language
) -> None:
    """Every reason that the edition gives stands beside the title of its question."""
    reasons = [
        (line.question.query.block.title.of(language), line.because.of(language))
        for item in view.requirements
        for line in item.lines
        if line.because
    ]
    assert reasons
    text = _plain(" ".join(pages[language].texts))
    assert not [f"{title}: {reason}" for title, reason in reasons if _plain(f"{title}: {reason}") not in text]


def _rows(count: int | None) -> str:
    return "not run" if count is None else f"{count:,} row{'' if count == 1 else 's'}"


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_query_says_what_came_of_it(
    pages: Mapping[Language, Page], wordings: Mapping[Language, Wording], evidence: Evidence, language: Language
) -> None:
    """Question, outcome, extent, reasons, cells, rows and hashes of every query stand in its section."""
    words, text = wordings[language], pages[language].text
    manifest = evidence.layout.manifest.read_text(encoding="utf-8").split()
    for one in evidence.assessment.queries:
        block = evidence.catalog.query(one.id).block
        section = text[text.index(str(block.question.of(language))) :]
        section = section[: section.index(f"{one.id}@1") + 400]
        assert words.word(one.outcome) in section
        assert words.word(one.extent) in section
        assert not [reason for reason in one.reasons if words.reason(reason) not in section]
        assert f"{one.cells_examined} " in section
        assert f"sql/{one.id}.sql {one.statement_sha256}" in section
        if one.rows is None:
            assert words.messages.text("rows.not-run") in section
            assert ".parquet" not in section[: section.index(f"sql/{one.id}.sql")]
        else:
            assert f"results/{one.id}.parquet {one.parquet_sha256}" in section
            assert one.parquet_sha256 in manifest


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_result_says_how_much_is_shown(
    pages: Mapping[Language, Page],
    evidence: Evidence,
    wordings: Mapping[Language, Wording],
    monthly: ReportDefinition,
    language: Language,
) -> None:
    """The cap of the screen limits rows and lines of a statement, never their counts."""
    messages = wordings[language].messages
    text = pages[language].text
    assert messages.text("rows.some", shown=str(monthly.screen_rows), count="60") in text
    assert messages.counted("findings", 56, n="56") in text
    assert messages.counted("accepted", 4, n="4") in text
    assert f"ConsoleLogin {monthly.screen_rows - 1} " in text
    assert f"ConsoleLogin {monthly.screen_rows} " not in text
    longest = max(evidence.layout.root.glob("sql/*.sql"), key=lambda path: path.stat().st_size)
    lines = len(folded(longest.read_text(encoding="utf-8").rstrip("\n").split("\n")))
    left = lines - monthly.screen_sql_lines
    assert left > 0
    assert messages.counted("query.sql-lines", lines, n=str(lines)) in text
    assert messages.counted("query.sql-left", left, n=str(left)) in text


def test_the_rows_of_a_page_are_bounded(evidence: Evidence, monthly: ReportDefinition, templates: Path) -> None:
    """All tables of rows together keep a bound: who has few shows all, the others share the rest; counts stay whole."""
    limits = {"screen_rows": 2000, "screen_document_rows": 50, "formats": (Format.HTML,)}
    page = page_of(render(evidence, FRAMEWORK, ENGLISH, monthly.model_copy(update=limits), templates, None))
    assert "The one row of the result" in page.text
    assert "All 10 rows of the result" in page.text
    assert "The first 19 of 30 rows" in page.text
    assert "The first 20 of 60 rows" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_control_totals_add_up_in_print(pages: Mapping[Language, Page], evidence: Evidence, language: Language) -> None:
    """Every total is printed, and the sum is said to hold."""
    text = pages[language].text
    totals = evidence.totals
    numbers = (totals.in_period, totals.look_back, totals.duplicates, totals.outside, totals.read)
    separator = "," if language == ENGLISH else "."
    positions = [text.index(f" {number:,} ".replace(",", separator)) for number in numbers]
    assert positions == sorted(positions)
    assert ("adds up" if language == ENGLISH else "soma confere") in text


def test_what_was_not_read_and_not_logged_is_named(pages: Mapping[Language, Page]) -> None:
    """Files with reasons, silent and unexpected accounts, the open period and what the digests did not show."""
    text = pages[ENGLISH].text
    for said in (
        "2 log files were not read whole",
        "AWSLogs/<b>/c.json.gz compressed data end early",
        "No log at all of accounts that the job names: 222233334444.",
        "left out: 999900001111.",
        "The period was not closed when the logs were listed",
        "Nothing has been compared with CloudTrail's signed digest files.",
        "4 of 186 cells have a gap in their logs",
        "It is evidence for an assessor's judgement, and not an attestation.",
    ):
        assert said in text, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_outcomes_are_explained(
    pages: Mapping[Language, Page], wordings: Mapping[Language, Wording], language: Language
) -> None:
    """Every word of an outcome stands with its meaning."""
    words = wordings[language]
    assert not [one for one in Outcome if f"{words.word(one)} {words.meaning(one)}" not in pages[language].text]


@pytest.mark.parametrize("section", [section for section in Section if section is not Section.COVER])
def test_any_part_can_be_left_out(
    evidence: Evidence, monthly: ReportDefinition, templates: Path, section: Section
) -> None:
    """A document without a part has no link that leads into it."""
    parts = tuple(part for part in monthly.section if part is not section)
    definition = monthly.model_copy(update={"section": parts, "formats": (Format.HTML,)})
    page = page_of(render(evidence, FRAMEWORK, ENGLISH, definition, templates, None))
    assert {target.removeprefix("#") for target in page.values("href")} <= set(page.values("id"))
    assert section.value not in page.values("id")


def test_without_rows_the_counts_stay(evidence: Evidence, monthly: ReportDefinition, templates: Path) -> None:
    """A definition that shows no rows still tells how many there are."""
    definition = monthly.model_copy(update={"screen_rows": 0, "formats": (Format.HTML,)})
    page = page_of(render(evidence, FRAMEWORK, ENGLISH, definition, templates, None))
    assert "The 10 rows stand in their files." in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_goes_around_the_display_function(
    pages: Mapping[Language, Page], display: Display, language: Language
) -> None:
    """Every character of the page is one that the display function lets through."""
    letters = set("".join(pages[language].texts)) - {"\n", "\\"}
    assert not {letter for letter in letters if display.text(letter, keep="") != letter}
