"""What the script of the report does: filters, sorting, links. And that the report is whole without it."""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from chromium import Visit, window
from comprova.catalog.text import Language
from languages import ENGLISH, LANGUAGES, PORTUGUESE


def _column(table: Locator, number: int) -> list[str]:
    cells = table.locator(f"tbody tr:not(.rest) > :nth-child({number}):visible").all_text_contents()
    return [" ".join(cell.split()) for cell in cells]


def _sorted_by(table: Locator, number: int) -> list[str]:
    table.locator(f"thead th:nth-child({number}) button").click()
    return _column(table, number)


def _live(page: Page) -> str:
    return page.locator("[role=status]").text_content() or ""


def test_columns_sort_as_what_they_are(browser: Browser, report: Path) -> None:
    """Times, figures, texts with figures in them, outcomes by how bad they are; a third click restores the order."""
    with window(browser) as context:
        page = Visit.to(context, report).page
        table = page.locator("#q-trail-root_use table")
        times, names = _column(table, 1), _column(table, 2)
        assert len(times) == 60
        assert _sorted_by(table, 1) == sorted(times)
        assert _sorted_by(table, 1) == sorted(times, reverse=True)
        assert _sorted_by(table, 1) == times
        assert _live(page) == "In the original order"
        by_name = _sorted_by(table, 2)
        assert by_name == sorted(names, key=lambda name: int(name.split()[1]))
        assert by_name.index("ConsoleLogin 9") < by_name.index("ConsoleLogin 10")
        assert [int(figure) for figure in _sorted_by(table, 3)] == sorted(int(figure) for figure in _column(table, 3))

        index = page.locator("table.index")
        outcomes = _sorted_by(index, 3)
        assert [outcomes[0].split()[0], outcomes[-1].split()[0]] == ["Exceptions", "Recorded"]
        rows = _sorted_by(index, 4)
        assert rows[-2:] == ["not run", "not run"], "what has no figure comes last"
        assert _sorted_by(index, 4)[-2:] == ["not run", "not run"]
        assert index.locator("th[aria-sort]").count() == 1
        assert _live(page) == "Sorted by Rows, descending"


def test_rows_move_with_what_belongs_to_them(browser: Browser, report: Path) -> None:
    """The line below a row, with its other values and its finding, stays below it."""
    pairs = """table => [...table.querySelectorAll("tr.lead")].map((row) =>
      [row.cells[1].textContent, row.nextElementSibling.className, row.nextElementSibling.textContent]).sort()"""
    with window(browser) as context:
        page = Visit.to(context, report).page
        table = page.locator("#q-trail-root_use table")
        before = table.evaluate(pairs)
        assert {kind for _, kind, _ in before} == {"rest"}
        _sorted_by(table, 2)
        _sorted_by(table, 2)
        assert table.evaluate(pairs) == before


def test_groups_stand_as_long_as_their_rows_do(browser: Browser, report: Path) -> None:
    """A heading goes when none of its rows is shown, and while the order is another; sums stay at the end."""
    with window(browser) as context:
        page = Visit.to(context, report).page
        matrix, headings = page.locator("#matrix table"), page.locator("#matrix tr.grp:visible")
        groups = headings.all_text_contents()
        assert len(groups) == 2
        _sorted_by(matrix, 3)
        assert headings.count() == 0
        matrix.locator("thead th:nth-child(3) button").click()
        matrix.locator("thead th:nth-child(3) button").click()
        assert headings.all_text_contents() == groups
        page.locator("#matrix .chip", has_text="Out of reach").click()
        assert headings.all_text_contents() == groups[1:]

        cells = page.locator("#scope table", has=page.locator("tr.sum")).first
        _sorted_by(cells, 3)
        assert "sum" in (cells.locator("tbody tr").last.get_attribute("class") or "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_filters_say_what_they_hide(browser: Browser, reports: Mapping[Language, Path], language: Language) -> None:
    """The count is told beside the table and to screen readers; a notice stays in sight until all is shown again."""
    said = {ENGLISH: "Showing {} of {}", PORTUGUESE: "Mostrando {} de {}"}[language]
    with window(browser) as context:
        page = Visit.to(context, reports[language]).page
        part, notice = page.locator("#q-trail-root_use"), page.locator(".notice")
        expect(part.locator(".shown")).to_have_text(said.format(60, 60))
        expect(notice).to_be_hidden()
        part.locator(".find input").fill("consolelogin 5")
        expect(part.locator(".shown")).to_have_text(said.format(11, 60))
        expect(page.locator("[role=status]")).to_have_text(said.format(11, 60))
        expect(notice).to_be_visible()
        part.locator(".find input").fill("no such value")
        expect(part.locator(".shown")).to_have_text(said.format(0, 60))
        part.locator(".clear").click()
        expect(part.locator(".shown")).to_have_text(said.format(60, 60))
        expect(notice).to_be_hidden()


def test_a_filter_needs_no_accents(browser: Browser, reports: Mapping[Language, Path]) -> None:
    """Text is found in any case, with and without accents, across the cells of a row."""
    with window(browser) as context:
        page = Visit.to(context, reports[PORTUGUESE]).page
        shown = page.locator("#matrix .shown")
        for text, count in (("título de A.2", 4), ("TITULO  DE a.2", 4), ("a.2 titulo de", 1), ("titulo zebra", 0)):
            page.locator("#matrix .find input").fill(text)
            expect(shown).to_have_text(f"Mostrando {count} de 14")


def test_outcomes_choose_questions_with_their_evidence(browser: Browser, report: Path) -> None:
    """A tally leads to the questions of one outcome: their lines in the list and their parts, and no others."""
    with window(browser) as context:
        page = Visit.to(context, report).page
        questions, lines = page.locator("article.query:visible"), page.locator("table.index tbody tr:visible")
        assert (questions.count(), lines.count()) == (9, 9)
        page.locator(".tally a", has_text="Exceptions").first.click()
        expect(page.locator("#queries > .tools .shown")).to_have_text("Showing 2 of 9")
        assert (questions.count(), lines.count()) == (2, 2)
        page.locator("#queries > .tools .chip", has_text="Failed").click()
        assert (questions.count(), lines.count()) == (3, 3)
        page.locator("#queries > .tools .find input").fill("ConsoleLogin 59")
        expect(page.locator("#queries > .tools .shown")).to_have_text("Showing 1 of 9")


def test_a_link_shows_what_it_leads_to(browser: Browser, report: Path) -> None:
    """From the matrix to a requirement to its question; a filter that hides the target gives way."""
    with window(browser) as context:
        page = Visit.to(context, report).page
        for part in ("requirements", "queries"):
            page.locator(f"#{part} > .tools .find input").fill("no such text")
            expect(page.locator(f"#{part} article:visible")).to_have_count(0)
        page.locator("#matrix a", has_text=re.compile(r"^A\.2$")).click()
        expect(page.locator("#r-a-2")).to_be_in_viewport()
        page.locator("#r-a-2 a", has_text="Q2").click()
        expect(page.locator("#q-trail-root_use")).to_be_in_viewport()
        expect(page.locator("#queries > .tools .find input")).to_have_value("")
        page.goto(f"{report.as_uri()}#r-a-20")
        expect(page.locator("#r-a-20")).to_be_in_viewport()


def test_a_link_to_a_requirement_can_be_copied(browser: Browser, report: Path) -> None:
    """It lands on the clipboard, and a screen reader is told; where that is refused, it is selected to be copied."""
    link = f"{report.resolve().as_uri()}#r-a-2"
    with window(browser) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = Visit.to(context, report).page
        button = page.get_by_role("button", name="Copy link to A.2", exact=True)
        button.click()
        expect(button.get_by_text("Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == link
        assert _live(page) == "The link to A.2 is on the clipboard."
    with window(browser) as context:
        page = Visit.to(context, report).page
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
        page.get_by_role("button", name="Copy link to A.2", exact=True).click()
        field = page.get_by_label("Link to copy")
        expect(field).to_be_focused()
        assert page.evaluate("getSelection().toString()") == link
        assert _live(page) == "The link to A.2 is selected: copy it with the keyboard."
        page.keyboard.press("Escape")
        expect(field).to_have_count(0)


def test_without_its_script_nothing_is_missing(browser: Browser, report: Path) -> None:
    """The same words in the same order, no control that does nothing, links that lead, SQL that unfolds."""
    text = "document.querySelector('main').textContent.replace(/Copy linkCopied/g, '').replace(/\\s+/g, ' ')"
    with window(browser, script=False) as context:
        page = Visit.to(context, report).page
        assert page.locator("button:visible, input:visible").count() == 0
        assert page.locator("article.query:visible").count() == 9
        page.locator("#matrix a", has_text=re.compile(r"^A\.2$")).click()
        expect(page.locator("#r-a-2")).to_be_in_viewport()
        statement = page.locator("#q-trail-root_use details")
        expect(statement.locator("pre")).to_be_hidden()
        statement.locator("summary").click()
        expect(statement.locator("pre")).to_be_visible()
        plain = page.locator("main").text_content() or ""
    with window(browser) as context:
        page = Visit.to(context, report).page
        page.evaluate("document.querySelectorAll('main .tools').forEach((one) => one.remove())")
        assert page.evaluate(text).strip() == " ".join(plain.split())


def test_print_has_everything_and_no_controls(browser: Browser, report: Path) -> None:
    """All rows under heads that repeat, and numbered pages; of a filter only what it hides is said."""
    with window(browser) as context:
        page = Visit.to(context, report).page
        page.locator("#matrix .chip", has_text=re.compile("^Exceptions")).click()
        pages = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
        texts = [" ".join(one.extract_text().split()) for one in pages]
        whole = " ".join(texts)
        assert not [number for number in range(60) if f"ConsoleLogin {number}" not in whole]
        assert "Showing 3 of 14" in whole
        rows = [text for text in texts if len(re.findall(r"ConsoleLogin \d+", text)) > 5]
        assert len(rows) > 1
        assert not [text for text in rows if "Time (UTC)" not in text], "each page of a table has its head"
        assert "Copy link" not in whole
        assert "Show all" not in whole
        assert f"{len(pages)} / {len(pages)}" in texts[-1]
