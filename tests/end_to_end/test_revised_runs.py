"""Late files, and what a revised run says that the run before it did not, and why."""

import csv
import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from comprova.errors import ComprovaError
from comprova.evidence.changes import BeforeState, Change, ChangeReason, RevisionChanges
from comprova.evidence.outcomes import Outcome, ReasonCode
from comprova.evidence.verifying import verify_evidence
from engines.whole_records import ACCOUNT
from month_run import DATA, ROOT, Event, Job, Ran, call, object_read, routine

EARLY = datetime(2026, 11, 2, 12, tzinfo=UTC)
"""A moment after October's end at which its last events may still come."""

AGE = "credentials.long_term_key_use"


def root_call(moment: str, event_id: str, **members: Any) -> dict[str, Any]:
    """Return a call of the root user."""
    identity = {"type": "Root", "principalId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root", "accountId": ACCOUNT}
    return call(moment, event_id, userIdentity=identity, **members)


LATE = Event(root_call("2026-10-31T22:00:00Z", "late"), delivered=date(2026, 11, 2), file="late")


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """Give a job over a month in which the root user acted twice."""
    one = Job(tmp_path, sections=("cover", "scope", "changes"), queries=(ROOT, DATA))
    one.deliver(*routine(), *(Event(root_call(f"2026-10-0{day}T01:00:00Z", f"root-{day}")) for day in (3, 4)))
    one.deliver(Event(object_read("2026-10-09T12:00:00Z", "cards")))
    return one


def changes(ran: Ran) -> RevisionChanges:
    """Return what changed since the revision before."""
    assert ran.evidence.changes is not None
    return ran.evidence.changes


def rows(ran: Ran, query: str) -> list[dict[str, str]]:
    """Return the list of rows of a query that came, went or changed."""
    with ran.evidence.layout.row_changes(query).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_before_the_period_is_closed_says_so(job: Job) -> None:
    """What was not delivered yet may still come: nothing is absent."""
    ran = job.run(EARLY)
    assert (ran.assurance.closed, ran.evidence.changes) == (False, None)
    assert ran.query(DATA).outcome is Outcome.INCONCLUSIVE
    assert ran.facts(DATA, ReasonCode.PERIOD_OPEN) == {"closes": "2026-11-03T00:00:00+00:00"}


def test_a_late_file_makes_a_revision_that_says_what_came(job: Job) -> None:
    """The run before is left as it is; the new one lists the row, with the files that came as the reason."""
    first = job.run(EARLY)
    seal = first.evidence.layout.manifest.read_bytes()
    job.deliver(LATE)
    with pytest.raises(ComprovaError, match="found other logs, period-open"):
        job.run()
    ran = job.run(revise=True, documents=True)
    assert ran.result.layout.root.name == "r2"
    assert first.evidence.layout.manifest.read_bytes() == seal
    told = changes(ran)
    assert (told.revision, told.state, told.inputs) == (1, BeforeState.COMPARED, ("logs", "period-open"))
    assert told.files.counts == {Change.CAME: 1, Change.WENT: 0, Change.CHANGED: 0}
    assert [(one.log_file, one.change) for one in told.files.first] == [(LATE.key, Change.CAME)]
    data, root = told.queries
    assert data.before
    assert data.after
    assert root.before
    assert root.after
    assert (data.id, data.before.outcome, data.after.outcome) == (DATA, Outcome.INCONCLUSIVE, Outcome.NO_EXCEPTIONS)
    assert root.counts == {Change.CAME: 1, Change.WENT: 0, Change.CHANGED: 0}
    assert (root.before.rows, root.after.rows) == (2, 3)
    assert root.reasons == data.reasons == (ChangeReason.LOG_FILES, ChangeReason.PERIOD_CLOSED)
    assert [(row["change"], row["changed_columns"], row["event_id"]) for row in rows(ran, ROOT)] == [
        ("came", "", "late")
    ]
    assert {fault for check in verify_evidence(ran.result.layout.root) for fault in check.faults} == set()
    english, portuguese = ran.document("en"), ran.document("pt_BR")
    assert "What changed since revision r1" in english
    assert "O que mudou desde a revisão r1" in portuguese
    assert LATE.key in english


def test_rows_go_and_change_too(job: Job) -> None:
    """A file that was replaced holds one root call no more, and of the other another user agent."""
    job.run()
    third, fourth = (event for event in job.written if event.record["eventID"].startswith("root-"))
    job.written.remove(third)
    job.written[job.written.index(fourth)] = Event({**fourth.record, "userAgent": "other"})
    job.deliver()
    ran = job.run(revise=True)
    [root] = changes(ran).queries
    assert root.counts == {Change.CAME: 0, Change.WENT: 1, Change.CHANGED: 1}
    assert (root.columns, root.reasons) == (("user_agent",), (ChangeReason.LOG_FILES,))
    assert [(row["change"], row["event_id"], row["changed_columns"]) for row in rows(ran, ROOT)] == [
        ("went", "root-3", ""),
        ("changed", "root-4", "user_agent"),
    ]
    assert changes(ran).unchanged == 1


def test_other_parameters_are_a_reason_of_the_queries_that_use_them(tmp_path: Path) -> None:
    """One bucket more leaves the others' answers alone; a query that is asked no more is told."""
    one = Job(tmp_path, queries=(ROOT, DATA))
    one.deliver(*routine(), Event(object_read("2026-10-09T12:00:00Z", "cards")))
    one.run()
    other = Job(tmp_path, queries=(DATA, AGE), buckets=("cards", "patients"), written=one.written)
    told = changes(other.run(revise=True))
    assert {query.id: query.reasons for query in told.queries} == {
        AGE: (ChangeReason.ASKED_ABOUT,),
        DATA: (ChangeReason.PARAMETERS,),
        ROOT: (ChangeReason.ASKED_ABOUT,),
    }
    assert [(query.before is None, query.after is None) for query in told.queries] == [
        (True, False),
        (False, False),
        (False, True),
    ]


def test_the_same_revision_has_the_same_bytes(job: Job, tmp_path: Path) -> None:
    """What changed is a function of both revisions: made again, it is the same to the byte."""
    job.run()
    copy = shutil.copytree(tmp_path / "out", tmp_path / "before")
    job.deliver(LATE)
    first = job.run(revise=True).evidence.layout.manifest.read_bytes()
    shutil.rmtree(tmp_path / "out")
    copy.rename(tmp_path / "out")
    assert job.run(revise=True).evidence.layout.manifest.read_bytes() == first
    assert b"changes.json" in first


def test_evidence_that_does_not_verify_is_not_compared_with(job: Job) -> None:
    """Somebody may have wanted a row to look old: that is said, and nothing is compared."""
    first = job.run()
    layout = first.evidence.layout
    said = json.loads(layout.totals.read_text(encoding="utf-8"))
    layout.totals.write_text(json.dumps(said | {"read": 1}), encoding="utf-8")
    job.deliver(LATE)
    told = changes(job.run(revise=True))
    assert (told.state, told.queries, told.files.first) == (BeforeState.DAMAGED, (), ())
    assert "totals.json" in told.fault


def test_a_row_without_an_id_is_listed_without_one(job: Job) -> None:
    """NULL in a grain is an empty cell, and not the empty text."""
    job.run()
    job.deliver(Event(root_call("2026-10-31T22:00:00Z", "none", eventID=None), file="late"))
    ran = job.run(revise=True)
    _, line = ran.evidence.layout.row_changes(ROOT).read_text(encoding="utf-8").splitlines()
    assert line.startswith(f'"came","","{ACCOUNT}",')
    assert line.endswith('Z",')
