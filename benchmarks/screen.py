"""Measures how an HTML report opens in Chromium at its limits of rows: `python -m benchmarks.screen`.

Five tables of 2,000 rows are what a report may have on the screen. Wall time of the browser alone, so nothing else may
run meanwhile; each figure is the best of several, with a new profile each time.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from benchmarks.documents import lengthen, make_run
from benchmarks.measure import Target
from playwright.sync_api import Page, sync_playwright

from comprova.catalog.text import SOURCE
from comprova.content import builtin_root
from comprova.documents.definition import Format, ReportDefinition, read_report
from comprova.documents.render import render
from comprova.evidence.layout import EvidenceLayout, RunLayout
from comprova.evidence.reader import open_evidence

_TABLES, _ROWS = 5, 2000
_TARGETS = {"load": 1.0, "sort": 1.0, "filter": 1.0}
"""Seconds, each."""

_LOADED = """() => {
  document.body.getBoundingClientRect();
  return new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now() / 1000))));
}"""
"""Since the navigation began, until what is in the window is painted and the script has run."""

_SORTED = """() => {
  const rows = (table) => table.querySelectorAll("tbody tr").length;
  const tables = [...document.querySelectorAll(".query .long")];
  const table = tables.reduce((most, one) => rows(one) > rows(most) ? one : most);
  table.scrollIntoView();
  document.body.getBoundingClientRect();
  const start = performance.now();
  table.querySelector(".sort").click();
  document.body.getBoundingClientRect();
  return new Promise((done) => requestAnimationFrame(() => setTimeout(() => done((performance.now() - start) / 1000))));
}"""
"""Of the table with the most rows, scrolled to: what is out of the window is not laid out."""

_FILTERED = """() => {
  const bar = document.querySelector("#queries > .tools");
  const start = performance.now();
  return new Promise((done) => {
    new MutationObserver(() => {
      document.body.getBoundingClientRect();
      requestAnimationFrame(() => setTimeout(() => done((performance.now() - start) / 1000)));
    }).observe(bar.querySelector(".shown"), { childList: true });
    bar.querySelector("input").value = "root";
    bar.querySelector("input").dispatchEvent(new Event("input"));
  });
}"""
"""Over the text of all questions and rows; a tenth of a second of it is waiting for the next key."""


def most_rows(evidence: EvidenceLayout) -> set[str]:
    """Return the queries of the first edition that have the most rows."""
    assessment = open_evidence(evidence.root).assessment
    asked = {item.query for requirement in assessment.frameworks[0].requirements for item in requirement.evidence}
    by_rows = sorted((result.rows or 0, result.id) for result in assessment.queries if result.id in asked)
    return {query for _, query in by_rows[-_TABLES:]}


def write_report(evidence: EvidenceLayout, file: Path) -> None:
    """Render the HTML file of a report with as many rows as the shipped definition lets it have."""
    text = (builtin_root().folder("reports") / "monthly.toml").read_text(encoding="utf-8")
    definition = read_report(text, "monthly.toml")
    if not isinstance(definition, ReportDefinition):
        raise TypeError(definition)
    screen = definition.model_copy(update={"formats": (Format.HTML,)})
    templates = builtin_root().folder("templates")
    opened = open_evidence(evidence.root)
    edition = opened.assessment.frameworks[0]
    html = render(opened, f"{edition.id}-{edition.edition}", SOURCE, screen, templates, None).html
    if html is None:
        raise TypeError(html)
    file.write_bytes(html)


def measure(file: Path, repeat: int) -> dict[str, float]:
    """Open a report several times, and return the least seconds of each thing that its reader waits for."""
    best = dict.fromkeys(_TARGETS, float("inf"))
    with sync_playwright() as playwright:
        for _ in range(repeat):
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(file.as_uri())
            for name, took in _waited(page).items():
                best[name] = min(best[name], took)
            browser.close()
    return best


def _waited(page: Page) -> dict[str, float]:
    return {"load": page.evaluate(_LOADED), "sort": page.evaluate(_SORTED), "filter": page.evaluate(_FILTERED)}


def main() -> None:
    """Make a run, or take one, lengthen its results, and print what Chromium takes beside the targets."""
    parser = argparse.ArgumentParser(description="Measure an HTML report in Chromium.")
    parser.add_argument("--run", type=Path, help="the folder of a run of the demo's job, instead of a new one")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    if not shutil.which("chromium"):
        print("screen: no chromium on the PATH")
        return
    with tempfile.TemporaryDirectory(prefix="comprova-benchmark-") as folder:
        run, longer, file = options.run or make_run(Path(folder)), Path(folder) / "longer", Path(folder) / "report.html"
        evidence = RunLayout(run.resolve()).evidence
        lengthen(evidence, EvidenceLayout(longer), most_rows(evidence), _ROWS)
        write_report(EvidenceLayout(longer), file)
        print(f"report with {_TABLES} tables of {_ROWS:,} rows: {file.stat().st_size / 1e6:.1f} MB")
        for name, took in measure(file, options.repeat).items():
            print(Target(f"{name}, seconds", took, _TARGETS[name]))


if __name__ == "__main__":
    main()
