"""What attackers wrote runs nothing and asks for nothing, seen from the browser's side."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from chromium import Visit, window
from comprova.catalog.text import Language
from languages import LANGUAGES

SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestIdleCallback(() => setTimeout(done))))"
"""Answers when the page has drawn, has nothing left to do, and timers without delay have run."""

MUST_BE_SEEN = {
    "a script": ("<script>alert(1)</script>", "console"),
    "a handler": ("<p onclick='1'>x</p>", "console"),
    "an image": ("<img src='http://192.0.2.1/x'>", "console"),
    "a style": ("<p style='color: red'>x</p>", "console"),
    "a frame": ("<iframe src='http://192.0.2.1/x'></iframe>", "console"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_values_do_nothing(browser: Browser, reports: Mapping[Language, Path], language: Language) -> None:
    """Opened, filtered by such values, sorted by every column, unfolded and copied from: not one event or request."""
    with window(browser) as context:
        visit = Visit.to(context, reports[language])
        page = visit.page
        table = page.get_by_role("region", name="hostile_names")
        rows = table.locator("tbody tr.lead:visible")
        assert table.get_by_text("<script>alert(1)</script>", exact=True).count() == 1
        for text in ("<script>", "onerror", "<textarea>", "javascript:", "\\", "{{7*7}}"):
            field = page.locator("#q-trail-hostile_names .find input")
            field.fill(text)
            expect(rows).not_to_have_count(30)
            assert rows.count() > 0, text
            page.locator(".notice button").click()
            expect(rows).to_have_count(30)
        for button in page.locator("button.sort").all():
            button.click()
        for summary in page.locator("summary").all():
            summary.click()
        page.locator("button.copy").first.click()
        page.evaluate(SETTLED)
        visit.assert_quiet()


@pytest.mark.parametrize("hostile", MUST_BE_SEEN)
def test_what_got_through_would_be_refused_and_seen(
    browser: Browser, report: Path, tmp_path: Path, hostile: str
) -> None:
    """If a value ever stood in a page as markup, its policy would still refuse it; and these tests would notice."""
    markup, where = MUST_BE_SEEN[hostile]
    file = tmp_path / "pierced.html"
    file.write_text(report.read_text(encoding="utf-8").replace('<main id="main"', f'{markup}<main id="main"'), "utf-8")
    with window(browser) as context:
        visit = Visit.to(context, file)
        visit.page.evaluate(SETTLED)
        assert not visit.requests
        assert [event for event in visit.events if event.startswith(where)]
        assert not [event for event in visit.events if event.startswith("dialog")]
