"""Tests what a document says of the periods before."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from comprova.catalog.text import Language
from comprova.documents.definition import Format, ReportDefinition
from comprova.documents.render import Rendered, render
from comprova.documents.trend import trend_view
from comprova.documents.view import DocumentView
from comprova.evidence.reader import Evidence
from comprova.evidence.trend import Trend
from evidence_factory import FRAMEWORK
from languages import ENGLISH, PORTUGUESE


def test_a_bar_counts_the_findings_of_the_edition(view: DocumentView) -> None:
    """The last bar says what the rest of the document says, and the first that some questions were not asked then."""
    first, second, own = view.trend.bars

    assert [bar.period for bar in view.trend.bars] == ["2026-08", "2026-09", "2026-10"]
    assert own.findings == second.findings == view.findings
    assert first.unanswered > own.unanswered


def test_only_the_newest_periods_are_drawn_and_the_others_are_counted(view: DocumentView, evidence: Evidence) -> None:
    """A chart of five years could not be read."""
    points = tuple(evidence.trend.points[0].model_copy(update={"period": f"p{number}"}) for number in range(30))

    months = trend_view(Trend(points=points), view.questions)

    assert (len(months.bars), months.left, months.now.period) == (24, 6, "p29")


def test_the_title_says_what_changed(rendered: Mapping[Language, Rendered]) -> None:
    """As many findings as in the month before are said to be that, in both languages."""
    pages = {language: (one.html or b"").decode() for language, one in rendered.items()}

    assert "as many as in 2026-09" in pages[ENGLISH]
    assert "tantos quanto em 2026-09" in pages[PORTUGUESE]


def test_a_first_period_has_no_trend(evidence: Evidence, monthly: ReportDefinition, templates: Path) -> None:
    """One bar is no trend: the chart is left out."""
    first = replace(evidence, trend=Trend(points=evidence.trend.points[-1:]))
    definition = monthly.model_copy(update={"formats": (Format.HTML,)})

    page = (render(first, FRAMEWORK, ENGLISH, definition, templates, None).html or b"").decode()

    assert "Findings in each period up to this one" not in page
