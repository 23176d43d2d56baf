"""`comprova accept` writes an entry that covers the finding, and changes nothing else."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from comprova.catalog.catalog import Catalog, load_catalog
from comprova.errors import ContentError
from comprova.evidence.findings import (
    Earlier,
    EarlierState,
    Finding,
    FindingsReport,
    Recurrence,
)
from comprova.evidence.subject import finding_id
from comprova.jobs.acceptance_file import find_acceptances
from comprova.jobs.accepting import Decision, accept, find_finding
from comprova.jobs.definition import JobFile, find_job
from content_builder import BUILTIN, JOB, ROOT_USE, changed, query_file, write_root

QUERY = "identity.root_use"
DECISION = Decision(
    id=None,
    reason='It is a "drill".',
    approver="Ana Lima",
    preparer="Rui Melo",
    ticket="GRC-1",
    approved_on=date(2026, 11, 5),
    expires_on=date(2026, 12, 31),
)
COMMENTED = "# Decided each quarter.\r\n\r\n# The next line ends the file"


def finding(**subject: str | None) -> Finding:
    """Return a finding with these values."""
    return Finding(
        id=finding_id(QUERY, subject), query=QUERY, version=1, subject=subject, rows=1, recurrence=Recurrence.UNTOLD
    )


FOUND = finding(event_id="é\u202e\"'\\\n", person=None)


@pytest.fixture
def project(tmp_path: Path) -> tuple[JobFile, Catalog]:
    """Return a job that names its acceptances, and the queries."""
    query = query_file(QUERY).replace('subject = ["event_id"]', 'subject = ["event_id", "person"]')
    files = changed({**BUILTIN, ROOT_USE: query}, JOB, "\n[source]", 'acceptances = "acceptances.toml"\n\n[source]')
    root = write_root(tmp_path, files)
    return find_job("monthly", [root]), load_catalog([root])


def test_the_entry_covers_the_finding(project: tuple[JobFile, Catalog]) -> None:
    """Values with quotes, line ends and invisible characters are those of the finding; NULL is named."""
    job, catalog = project
    written, path = accept(FOUND, DECISION, job, catalog)
    [acceptance] = find_acceptances(job, catalog).acceptances
    assert (written, path, acceptance.id) == ("ACC-1", job.folder / "acceptances.toml", "ACC-1")
    assert acceptance.values == FOUND.subject
    assert (acceptance.reason, acceptance.nulls) == ('It is a "drill".', ("person",))


def test_the_rest_of_the_file_stays(project: tuple[JobFile, Catalog]) -> None:
    """Comments, order and line ends; the next id follows the highest."""
    job, catalog = project
    path = job.folder / "acceptances.toml"
    path.write_bytes(COMMENTED.encode())
    accept(FOUND, replace(DECISION, id="ACC-7"), job, catalog)
    before = path.read_bytes()
    assert accept(FOUND, DECISION, job, catalog)[0] == "ACC-8"
    assert path.read_bytes().startswith(before)
    assert before.startswith(COMMENTED.encode())


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (replace(DECISION, preparer="ana lima"), "an `approver` other than the `preparer`"),
        (replace(DECISION, ticket=" "), "text that is not empty"),
        (replace(DECISION, expires_on=date(2026, 11, 4)), "or later"),
        (replace(DECISION, id="ACC 1"), "an id such as ACC-7"),
    ],
)
def test_a_decision_that_is_not_whole_is_not_written(
    project: tuple[JobFile, Catalog], decision: Decision, expected: str
) -> None:
    """The file stays as it was."""
    job, catalog = project
    path = job.folder / "acceptances.toml"
    path.write_text(COMMENTED, encoding="utf-8")
    with pytest.raises(ContentError, match=expected):
        accept(FOUND, decision, job, catalog)
    assert path.read_text(encoding="utf-8") == COMMENTED.replace("\r\n", "\n")


@pytest.mark.parametrize("text", [b"[[acceptance]]\nid = 'x'\n", b"acceptance = []\n", b"\xff"])
def test_a_file_that_is_at_fault_is_left_alone(project: tuple[JobFile, Catalog], text: bytes) -> None:
    """A half-filled entry, a list on one line, or no text at all: mend it first."""
    job, catalog = project
    path = job.folder / "acceptances.toml"
    path.write_bytes(text)
    with pytest.raises(ContentError, match=r"jobs/acceptances\.toml"):
        accept(FOUND, DECISION, job, catalog)
    assert path.read_bytes() == text


def test_a_job_without_a_file_says_how_to_have_one(tmp_path: Path) -> None:
    """Nothing is accepted for a job that does not say where; a file that is missing is not taken for an empty one."""
    root = write_root(tmp_path, BUILTIN)
    job, catalog = find_job("monthly", [root]), load_catalog([root])
    assert find_acceptances(job, catalog).acceptances == ()
    with pytest.raises(ContentError, match=r'Add a line such as acceptances = "acceptances\.toml"'):
        accept(FOUND, DECISION, job, catalog)
    named = replace(job, job=job.job.model_copy(update={"acceptances": "acceptances.toml"}))
    with pytest.raises(ContentError, match="Make an empty file"):
        find_acceptances(named, catalog)


def test_only_findings_of_the_evidence_can_be_accepted() -> None:
    """An unknown name, and one that two findings share, are refused."""
    none = Earlier(period="2026-09", state=EarlierState.NONE)
    report = FindingsReport(earlier=none, findings=(FOUND, FOUND), absent=(), comparisons=(), acceptances=())
    with pytest.raises(ContentError, match="found '00000-00000'"):
        find_finding(report, "00000-00000")
    with pytest.raises(ContentError, match="which 2 findings share"):
        find_finding(report, FOUND.id)
    alone = report.model_copy(update={"findings": (FOUND,)})
    assert find_finding(alone, FOUND.id.upper().replace("-", "")) is FOUND
