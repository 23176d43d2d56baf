"""The layout of PDFs, from its boxes: nothing overflows, is clipped, or lies on other text."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from weasyprint import HTML, Document

from comprova.catalog.text import Language
from comprova.documents.definition import Format, ReportDefinition
from comprova.documents.render import listing_files, render
from comprova.evidence.reader import Evidence, open_evidence
from evidence_factory import FRAMEWORK
from languages import ENGLISH, LANGUAGES
from layout_checks import kept_layouts, overflows
from strained_evidence import make_strained_evidence

_PAGE = """<style>@page {{ size: 400px 300px; margin: 20px }} body {{ margin: 0; font: 16px/1.3 sans-serif }}
table {{ table-layout: fixed; width: 100%; border-collapse: collapse }} td {{ padding: 0 4px }} {style}</style>{body}"""
_TABLE = '<table><col style="width: {width}px"><col><tr><td>AccessKeyLastUsed<td>now</table>'


@pytest.fixture(scope="module")
def paper(monthly: ReportDefinition) -> ReportDefinition:
    """Give the monthly report as PDF alone."""
    return monthly.model_copy(update={"formats": (Format.PDF,)})


@pytest.fixture(scope="module")
def strained(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Give evidence of fifty accounts with long names of everything."""
    return open_evidence(make_strained_evidence(tmp_path_factory.mktemp("strained") / "evidence").root)


def _laid_out(style: str, body: str) -> Document:
    return HTML(string=_PAGE.format(style=style, body=body)).render()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", ["evidence", "strained"])
def test_nothing_overflows_in_a_report(
    request: pytest.FixtureRequest, paper: ReportDefinition, templates: Path, which: str, language: Language
) -> None:
    """Of hostile values, long words, ARNs and 64 KiB values, none leaves its cell or page or lies over other text."""
    with kept_layouts(pytest.MonkeyPatch()) as layouts:
        render(request.getfixturevalue(which), FRAMEWORK, language, paper, templates, None)
    [document] = layouts
    assert len(document.pages) > 10
    assert not list(overflows(document))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", ["trail.population", "trail.hostile_names"])
def test_nothing_overflows_in_a_listing(
    strained: Evidence, paper: ReportDefinition, templates: Path, query: str, language: Language
) -> None:
    """The same of a listing of all rows."""
    with kept_layouts(pytest.MonkeyPatch()) as layouts:
        listing_files(strained, query, 1, language, paper, templates)
    assert not list(overflows(layouts[0]))


def test_a_column_that_is_too_narrow_is_found() -> None:
    """The check sees a word that leaves its cell, and lies over the next one."""
    assert not list(overflows(_laid_out("", _TABLE.format(width=200))))
    found = list(overflows(_laid_out("", _TABLE.format(width=60))))
    assert any("'AccessKeyLastUsed' reaches" in one and "beyond its table cell" in one for one in found)
    assert "page 1: 'now' lies over 'AccessKeyLastUsed'" in found


def test_a_narrow_column_of_the_report_is_found(
    evidence: Evidence, paper: ReportDefinition, tmp_path: Path, templates: Path
) -> None:
    """With a column of three percent and without breaks in words, the report itself fails the check."""
    narrow = tmp_path / "templates"
    narrow.mkdir()
    for path in templates.iterdir():
        (narrow / path.name).symlink_to(path)
    (narrow / "paper.css").unlink()
    style = (templates / "paper.css").read_text(encoding="utf-8").replace("overflow-wrap: break-word", "")
    (narrow / "paper.css").write_text(f"{style} col:first-child {{ width: 3% }}", encoding="utf-8")
    with kept_layouts(pytest.MonkeyPatch()) as layouts:
        render(evidence, FRAMEWORK, ENGLISH, paper, narrow, None)
    assert any("beyond its table cell" in one for one in overflows(layouts[0]))


_CHART = """<svg viewBox="0 0 100 30" style="width: 200px">{bar}
<text x="{x}" y="{y}" font-size="8" font-family="sans-serif">a long label</text></svg>"""

_FAULTS: Mapping[str, tuple[str, str, str]] = {
    "beyond the page": ("", "<p style='white-space: nowrap'>" + "a word " * 40, "beyond the page's content"),
    "beyond the sheet": (
        "",
        "<div style='position: absolute; left: 360px; white-space: nowrap'>a word</div>",
        "beyond the sheet",
    ),
    "clipped": ("", "<div style='height: 20px; overflow: hidden'>one<br>two<br>three</div>", "beyond what clips it"),
    "beyond its box": ("", "<div style='width: 30px'>Unbreakable", "beyond its line"),
    "lines on lines": ("", "<p style='line-height: .5'>one<br>one", "lies over"),
    "beyond a chart": ("", _CHART.format(x=60, y=10, bar=""), "beyond its chart"),
    "beyond a chart to the left": ("", _CHART.format(x='5" text-anchor="middle', y=10, bar=""), "beyond its chart"),
    "a label on a bar": (
        "",
        _CHART.format(x=2, y=10, bar='<rect x="20" y="5" width="4" height="20"/>'),
        "'a long label' lies over a bar",
    ),
    "labels on labels": (
        "",
        _CHART.format(x=2, y=10, bar='<text x="9" y="12" font-size="8" font-family="serif">two</text>'),
        "lies over",
    ),
    "text on text": ("", "<div>one</div><div style='position: absolute; top: 0; left: 0'>two</div>", "lies over"),
}


@pytest.mark.parametrize("fault", _FAULTS)
def test_every_kind_of_fault_is_found(fault: str) -> None:
    """The check sees what is clipped, what leaves the page or its box, and what lies on something else."""
    style, body, said = _FAULTS[fault]
    assert [one for one in overflows(_laid_out(style, body)) if said in one]


def test_a_tidy_page_has_no_faults() -> None:
    """Text that fits, under a line that is lower than its font, is left alone."""
    assert not list(overflows(_laid_out("", "<h1 style='line-height: 1.05'>A heading<br>of two lines</h1><p>Text.")))
    chart = _CHART.format(x='50" text-anchor="middle', y=10, bar='<rect x="20" y="14" width="4" height="16"/>')
    assert not list(overflows(_laid_out("", chart)))
