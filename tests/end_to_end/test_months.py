"""Two months of one job: findings beside the month before, from a finding to its acceptance, and a review."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from comprova.sample import generate
from installed import Installed
from monthly_project import JOB, write_monthly

SEPTEMBER, OCTOBER = Path(f"out/{JOB}/2026-09/r1"), Path(f"out/{JOB}/2026-10/r1")
DECISION = (
    "--reason", "A drill", "--approver", "Ana Lima", "--preparer", "Rui Melo", "--ticket", "GRC-1",
    "--approved-on", "2026-08-03", "--expires-on", "2026-12-31",
)  # fmt: skip


def run(month: str, *options: str) -> tuple[str, ...]:
    """Return the arguments of a run of a month."""
    return ("run", JOB, "--period", month, "--logs", "logs", "--frameworks", "lgpd", "--languages", "en", *options)


@pytest.fixture(scope="module")
def finished(comprova: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run September, then October, as a project's job that names its acceptances and renders HTML alone."""
    folder = tmp_path_factory.mktemp("months")
    generate(folder / "logs", months=2)
    (folder / "logs" / "truth.json").unlink()
    job = write_monthly(folder, lines='acceptances = "acceptances.toml"\n')
    job.with_name("acceptances.toml").write_text("# Nothing is accepted yet.\n", encoding="utf-8")
    for month in ("2026-09", "2026-10"):
        comprova(*run(month), cwd=folder)
    return folder


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    """Return a copy of the project that a test may change."""
    shutil.copytree(finished, tmp_path / "copy")
    return tmp_path / "copy"


def said_in(run_folder: Path, name: str = "findings.json") -> dict[str, Any]:
    """Return a file of the evidence of a run."""
    said: dict[str, Any] = json.loads((run_folder / "evidence" / name).read_bytes())
    return said


def digests(folder: Path) -> dict[str, str]:
    """Return the hash of every file of a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def page(run_folder: Path) -> str:
    """Return the document of a run."""
    (path,) = (run_folder / "documents").glob("*.html")
    return path.read_text(encoding="utf-8")


def test_october_is_compared_with_september(finished: Path) -> None:
    """The run finds the evidence by itself and names its seal; what recurs, is new or is gone follows from both."""
    september, october = said_in(finished / SEPTEMBER), said_in(finished / OCTOBER)
    manifest = (finished / SEPTEMBER / "evidence" / "manifest-sha256.txt").read_bytes()
    seal = hashlib.sha256(manifest).hexdigest()
    assert (september["earlier"]["state"], september["earlier"]["period"]) == ("none", "2026-08")
    assert {one["recurrence"] for one in september["findings"]} == {"untold"}
    assert (october["earlier"]["state"], october["earlier"]["revision"], october["earlier"]["seal"]) == (
        "compared",
        1,
        seal,
    )
    before = {one["id"] for one in september["findings"]}
    told = {one["id"]: one["recurrence"] for one in october["findings"]}
    assert {name for name, recurrence in told.items() if recurrence == "recurring"} == before & told.keys() != set()
    assert "new" in told.values()
    assert {one["id"] for one in october["absent"]} == before - told.keys()
    assert seal in page(finished / OCTOBER)


def test_another_september_is_told_and_changes_nothing(comprova: Installed, copied: Path) -> None:
    """Sealed evidence says what it was compared with; a newer revision of the month before is told, with code 0."""
    shutil.copytree(copied / SEPTEMBER, copied / SEPTEMBER.parent / "r2")
    before = digests(copied / OCTOBER)
    said = comprova(*run("2026-10"), cwd=copied).stdout
    assert "Nothing to do" in said
    assert "--revise compares with 2026-09 r2" in said
    assert digests(copied / OCTOBER) == before


def test_a_finding_is_accepted(comprova: Installed, copied: Path) -> None:
    """From its name to the outcome: the next revision counts its rows as accepted, keeps them, and says who decided."""
    results = {one["id"]: one for one in said_in(copied / OCTOBER, "assessment.json")["queries"]}
    findings = said_in(copied / OCTOBER)["findings"]
    finding = next(one for one in findings if results[one["query"]]["findings"] == 1)
    comprova("accept", str(OCTOBER), finding["id"].upper(), *DECISION, cwd=copied)
    assert (copied / "jobs" / "acceptances.toml").read_text(encoding="utf-8").startswith("# Nothing is accepted yet.\n")
    assert "other acceptances, content" in comprova(*run("2026-10"), cwd=copied, code=2).stderr
    comprova(*run("2026-10", "--revise"), cwd=copied)
    revised = copied / OCTOBER.parent / "r2"
    result = next(one for one in said_in(revised, "assessment.json")["queries"] if one["id"] == finding["query"])
    rows = results[finding["query"]]["rows"]
    assert (result["outcome"], result["rows"], result["accepted_rows"], result["findings"]) == (
        "accepted",
        rows,
        rows,
        0,
    )
    assert "Approved by Ana Lima on 3 August 2026, prepared by Rui Melo, ticket GRC-1" in page(revised)
    assert "FAULT" not in comprova("verify", str(revised), cwd=copied).stdout


def test_a_review_is_recorded_and_rendered(comprova: Installed, copied: Path) -> None:
    """Beside the evidence, which stays as it was sealed; a half-filled one is refused at its line."""
    before = digests(copied / OCTOBER / "evidence")
    name = said_in(copied / OCTOBER)["findings"][0]["id"]
    comprova("review", "note", str(OCTOBER), name, "--text", "It was a drill.", "--by", "Ana Lima", cwd=copied)
    aware = ("--incident", "Files made public", "--at", "2026-11-03T14:20:00-03:00", "--by", "Rui Melo")
    comprova("review", "aware", str(OCTOBER), name, *aware, cwd=copied)
    assert name in comprova("review", "list", str(OCTOBER), cwd=copied).stdout
    comprova("render", str(OCTOBER), "--frameworks", "lgpd", "--languages", "en", cwd=copied)
    review = copied / OCTOBER / "review.toml"
    digest = hashlib.sha256(review.read_bytes()).hexdigest()
    assert json.loads((copied / OCTOBER / "documents" / "rendered-from.json").read_bytes())["review_sha256"] == digest
    for said in (digest, "It was a drill.", "Files made public", "Until 6 November 2026."):
        assert said in page(copied / OCTOBER), said
    assert digests(copied / OCTOBER / "evidence") == before
    review.write_text(review.read_text(encoding="utf-8") + "\n[[disposition]]\n", encoding="utf-8")
    line = review.read_text(encoding="utf-8").count("\n")
    refused = comprova("render", str(OCTOBER), cwd=copied, code=2).stderr
    assert f"review.toml:{line}: expected the key `disposition.1.finding`" in refused


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("accept", str(OCTOBER), "00000-00000", *DECISION), "the name of a finding of this evidence"),
        (("review", "note", str(OCTOBER), "00000-00000", "--text", "x", "--by", "x"), "the name of a finding"),
        (("accept", str(OCTOBER), "00000-00000", *DECISION[:-4]), "Missing option"),
    ],
)
def test_unknown_findings_are_refused(
    comprova: Installed, finished: Path, arguments: tuple[str, ...], expected: str
) -> None:
    """With code 2; no file is written."""
    assert expected in comprova(*arguments, cwd=finished, code=2).stderr
    assert not (finished / OCTOBER / "review.toml").exists()
