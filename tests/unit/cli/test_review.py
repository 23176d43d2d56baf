"""`comprova review` and `comprova accept`: what they print, write and refuse."""

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comprova.cli import content
from comprova.cli.app import app
from comprova.errors import ContentError
from comprova.evidence.findings import FindingsReport
from comprova.evidence.layout import RunLayout
from comprova.evidence.reader import read_findings
from content_builder import BUILTIN, JOB, changed, write_root
from evidence_factory import HOSTILE, make_evidence

RUNNER = CliRunner()
DECISION = (
    "--reason", "A drill", "--approver", "Ana", "--preparer", "Rui", "--ticket", "G-1", "--expires-on", "2027-01-31",
)  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> RunLayout:
    """Return a run with sealed evidence that holds what attackers would write."""
    layout = RunLayout(tmp_path / "r1")
    make_evidence(layout.evidence.root)
    return layout


@pytest.fixture
def report(run: RunLayout) -> FindingsReport:
    """Return what the evidence says of its findings."""
    return read_findings(run.evidence)


def test_findings_are_listed_safely(run: RunLayout, report: FindingsReport) -> None:
    """One line each, with its name; no value reaches a terminal as a command, or hides a part of itself."""
    said = RUNNER.invoke(app, ["review", "list", str(run.root)], catch_exceptions=False).stdout
    lines = said.splitlines()
    assert [line.split()[0] for line in lines] == [one.id for one in report.findings]
    assert all(character.isprintable() for line in lines for character in line)
    assert any("\\u202E" in line for line in lines)
    assert len(lines) > len(HOSTILE)


def test_a_machine_reads_all_of_it(run: RunLayout, report: FindingsReport) -> None:
    """`--json` is the file of the evidence."""
    said = RUNNER.invoke(app, ["review", "list", str(run.root), "--json"], catch_exceptions=False).stdout
    assert FindingsReport.model_validate_json(said) == report
    assert json.loads(said)["earlier"]["period"] == "2026-09"


def test_a_moment_of_knowledge_is_written_once_per_finding(run: RunLayout, report: FindingsReport) -> None:
    """A finding that is named twice stands once; names are written as documents print them."""
    name = report.findings[0].id
    named = ["review", "aware", str(run.root), name, name.upper(), report.findings[1].id]
    facts = ["--incident", "Files", "--at", "2026-11-03T14:20:00-03:00", "--by", "Rui", "--on", "2026-11-04"]
    RUNNER.invoke(app, [*named, *facts], catch_exceptions=False)
    [knowledge] = tomllib.loads(run.review.read_text(encoding="utf-8"))["knowledge"]
    assert knowledge["findings"] == [name, report.findings[1].id]
    assert (knowledge["aware_at"].isoformat(), str(knowledge["declared_on"])) == (
        "2026-11-03T14:20:00-03:00",
        "2026-11-04",
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [("yesterday", "--at: expected a moment with its offset"), ("2026-11-03T14:20:00", "a moment with its offset")],
)
def test_a_moment_without_offset_is_refused(run: RunLayout, report: FindingsReport, at: str, expected: str) -> None:
    """72 hours cannot be counted from it; nothing is written."""
    named = ["review", "aware", str(run.root), report.findings[0].id, "--incident", "Files", "--at", at, "--by", "Rui"]
    with pytest.raises(ContentError, match=expected):
        RUNNER.invoke(app, named, catch_exceptions=False)
    assert not run.review.exists()


def test_only_the_job_of_the_evidence_takes_acceptances(
    run: RunLayout, report: FindingsReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An acceptance in the file of another job would never meet the finding."""
    other = changed(BUILTIN, JOB, 'id = "monthly"', 'id = "other"')[JOB]
    root = write_root(tmp_path / "content", {**BUILTIN, "jobs/other.toml": other})
    monkeypatch.setattr(content, "roots", lambda: (root,))
    accept = ["accept", str(run.root), report.findings[0].id, *DECISION]
    with pytest.raises(ContentError, match="--job: expected the job of this evidence, monthly, found other"):
        RUNNER.invoke(app, [*accept, "--job", "other"], catch_exceptions=False)
    with pytest.raises(ContentError, match=r"jobs/monthly\.toml: expected the key `acceptances`"):
        RUNNER.invoke(app, accept, catch_exceptions=False)
