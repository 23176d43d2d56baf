"""A review beside the evidence: written, refused where it is at fault, and named by the documents made with it."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from comprova.content import builtin_root
from comprova.documents.definition import Format, ReportDefinition, read_report
from comprova.errors import ContentError
from comprova.evidence.layout import RunLayout
from comprova.evidence.reader import read_findings
from comprova.jobs.rendering import Rendering, is_rendered, render_documents
from comprova.jobs.reviewing import add_to_review
from evidence_factory import FRAMEWORK, make_evidence
from languages import ENGLISH


@pytest.fixture
def run(tmp_path: Path) -> RunLayout:
    """Return a run with sealed evidence."""
    layout = RunLayout(tmp_path / "r1")
    make_evidence(layout.evidence.root)
    return layout


def rendering(run: RunLayout) -> Rendering:
    """Return what renders one small HTML file of the run."""
    path = builtin_root().folder("reports") / "monthly.toml"
    definition = read_report(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(definition, ReportDefinition)
    small = definition.model_copy(update={"formats": (Format.HTML,), "screen_rows": 1, "screen_sql_lines": 1})
    templates = builtin_root().folder("templates")
    return Rendering(run.evidence, run.documents, (FRAMEWORK,), (ENGLISH,), small, templates, None)


def note(run: RunLayout, finding: str) -> None:
    """Record a disposition."""
    ids = {one.id for one in read_findings(run.evidence).findings}
    said = {"text": "A drill.", "by": "Ana"}
    add_to_review(run, "disposition", {"finding": finding, **said, "on": date(2026, 11, 5)}, ids)


def test_documents_name_the_review_that_they_were_made_with(run: RunLayout) -> None:
    """Another review is another document; the same evidence and review give the same bytes."""
    finding = read_findings(run.evidence).findings[-1].id
    asked = rendering(run)
    [document] = render_documents(asked, lambda _: None)
    without = document.read_bytes()
    about = json.loads((run.documents / "rendered-from.json").read_bytes())
    assert (about["review_sha256"], is_rendered(asked)) == ("", True)

    note(run, finding)
    assert not is_rendered(asked)
    render_documents(asked, lambda _: None)
    with_review = document.read_bytes()
    about = json.loads((run.documents / "rendered-from.json").read_bytes())
    assert about["review_sha256"] == hashlib.sha256(run.review.read_bytes()).hexdigest()
    assert is_rendered(asked)
    assert with_review != without
    assert about["review_sha256"].encode() in with_review

    document.unlink()
    render_documents(asked, lambda _: None)
    assert document.read_bytes() == with_review


def test_a_review_at_fault_renders_nothing(run: RunLayout) -> None:
    """The line and key are told, before any document is touched."""
    run.review.write_text('[[disposition]]\nfinding = "00000-00000"\ntext = "x"\nby = "Ana"\n', encoding="utf-8")
    with pytest.raises(ContentError, match=r"review\.toml:1: expected the key `disposition\.0\.on`"):
        render_documents(rendering(run), lambda _: None)
    run.review.write_text(run.review.read_text(encoding="utf-8") + "on = 2026-11-05\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"review\.toml:2: expected `finding` to name findings of this evidence"):
        render_documents(rendering(run), lambda _: None)
    assert not run.documents.exists()


def test_entries_are_added_and_nothing_is_lost(run: RunLayout) -> None:
    """What people wrote stays, comments included; an entry that is not whole changes nothing."""
    run.review.write_text("# Reviewed on 5 November.\n", encoding="utf-8")
    finding = read_findings(run.evidence).findings[0].id
    note(run, finding)
    before = run.review.read_text(encoding="utf-8")
    assert before.startswith("# Reviewed on 5 November.\n")
    with pytest.raises(ContentError):
        note(run, "00000-00000")
    assert run.review.read_text(encoding="utf-8") == before
