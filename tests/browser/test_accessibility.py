"""Everyone can read the report: axe-core, the keyboard alone, narrow windows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from chromium import Visit, Width, window
from comprova.catalog.text import Language
from languages import LANGUAGES, PORTUGUESE

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
"""The rules of axe-core for WCAG 2.2, levels A and AA."""

FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect();
  const [x, y] = [box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 10)];
  const top = document.elementFromPoint(x, y);
  const style = getComputedStyle(at);
  window.stops = window.stops || [];
  if (!window.stops.includes(at)) window.stops.push(at);
  return {
    number: window.stops.indexOf(at),
    name: `${at.tagName} ${at.className} ${at.textContent.slice(0, 40)}`,
    inWindow: box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.height > 0,
    onTop: top !== null && (at.contains(top) || top.contains(at)),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}"""
"""What has the keyboard's focus, and whether a reader sees it."""

WIDER = """() => [...document.querySelectorAll("main *")]
  .filter((one) => !one.closest(".scroll, svg, .unseen") && one.checkVisibility())
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 120))"""
"""What stands out of the window on the right; tables may, in regions of their own that scroll."""

TABBABLE = """() => [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility({ contentVisibilityAuto: false }) && !one.closest("template")).length"""


def _faults(page: Page) -> list[str]:
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response
    assert len(found["passes"]) > 10, "axe-core looked at the page"
    return [
        f"{one['id']}: {node['target']} {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]
    ]


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [
        *((language, scheme, "desk") for language in LANGUAGES for scheme in ("light", "dark")),
        (PORTUGUESE, "light", "phone"),
    ],
)
def test_axe_core_finds_nothing(
    browser: Browser,
    reports: Mapping[Language, Path],
    language: Language,
    scheme: Literal["light", "dark"],
    width: Width,
) -> None:
    """No rule of WCAG 2.2 A or AA is broken, with a filter on, a column sorted, a statement unfolded."""
    with window(browser, width, scheme) as context:
        page = Visit.to(context, reports[language]).page
        page.locator("summary").first.click()
        page.locator("#matrix .chip").first.click()
        page.locator("#matrix .sort").first.click()
        assert _faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_nothing_in_the_overview_of_runs(
    browser: Browser, overviews: tuple[Path, ...], scheme: Literal["light", "dark"]
) -> None:
    """The page of all runs has the same style, script and policy, and keeps the same rules."""
    assert len(overviews) == len(LANGUAGES)
    for file in overviews:
        with window(browser, "desk", scheme) as context:
            visit = Visit.to(context, file)
            visit.assert_quiet()
            assert _faults(visit.page) == []


def test_axe_core_would_find_something(browser: Browser, report: Path, tmp_path: Path) -> None:
    """A page with pale text and a field without a name is told: the check above can fail."""
    file = tmp_path / "faulty.html"
    text = report.read_text(encoding="utf-8").replace("<main id", "<input><main id").replace('lang="en"', "", 1)
    file.write_text(text, encoding="utf-8")
    with window(browser) as context:
        found = {fault.partition(":")[0] for fault in _faults(Visit.to(context, file).page)}
    assert {"label", "html-has-lang"} <= found


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_keyboard_reaches_everything(browser: Browser, report: Path, width: Width) -> None:
    """Tab goes once through all links and controls and out again; each is in sight, on top, and outlined."""
    with window(browser, width) as context:
        page = Visit.to(context, report).page
        seen, lost = 0, []
        for _ in range(page.evaluate(TABBABLE) + 50):
            page.keyboard.press("Tab")
            at = page.evaluate(FOCUSED)
            if at is None:
                break
            seen = max(seen, at["number"] + 1)
            if not (at["inWindow"] and at["onTop"] and at["outlined"]):
                lost.append(at)
        assert not lost
        assert seen >= page.evaluate(TABBABLE) > 100


def test_the_keyboard_is_enough(browser: Browser, report: Path) -> None:
    """Skip the overview, sort, filter, choose an outcome, unfold SQL, show everything: no pointer is needed."""
    with window(browser) as context:
        visit = Visit.to(context, report)
        page, keys = visit.page, visit.page.keyboard
        keys.press("Tab")
        keys.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"

        head = page.locator("#matrix thead th").nth(4)
        head.locator("button").focus()
        keys.press("Enter")
        assert head.get_attribute("aria-sort") == "ascending"
        keys.press("Space")
        assert head.get_attribute("aria-sort") == "descending"

        chip = page.locator("#matrix .chip").first
        chip.focus()
        keys.press("Space")
        assert chip.get_attribute("aria-pressed") == "true"
        page.locator("#matrix .find input").focus()
        keys.type("A.2")
        expect(page.locator("#matrix .shown")).to_have_text("Showing 2 of 14")

        page.locator("summary").first.focus()
        keys.press("Enter")
        assert page.locator("details").first.get_attribute("open") is not None

        page.locator(".notice button").focus()
        keys.press("Enter")
        assert page.locator("#matrix .shown").text_content() == "Showing 14 of 14"
        assert page.evaluate("document.activeElement.id") == "main"
        visit.assert_quiet()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_narrow_window_scrolls_one_way(
    browser: Browser, reports: Mapping[Language, Path], language: Language, *, script: bool
) -> None:
    """At 320 pixels nothing but tables needs scrolling sideways, with and without the script (WCAG 1.4.10)."""
    with window(browser, "narrow", script=script) as context:
        page = Visit.to(context, reports[language]).page
        assert page.evaluate(WIDER) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
