"""From rows to findings: one for rows that share a subject, accepted or not, beside the month before."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from comprova.collect.recurrence import EarlierSide, Side
from comprova.evidence.canonical import canonical_json
from comprova.evidence.findings import AcceptanceState, Earlier, EarlierState, Finding, FindingsReport, Recurrence
from comprova.evidence.layout import RunLayout
from comprova.evidence.model import Assessment
from comprova.evidence.outcomes import Outcome
from comprova.evidence.subject import finding_id
from comprova.jobs.collection import Collection, compose_questions
from comprova.jobs.content_copy import content_of
from comprova.jobs.inputs import inputs_of
from comprova.jobs.ledger import Attempt, Ledger
from comprova.jobs.preparation import Choices, Prepared, prepare
from comprova.jobs.revisions import Revision
from content_builder import BUILTIN, JOB, KEY_AGE, changed, query_file, write_root
from unit.jobs.read_logs import NO_EARLIER, logs_of
from unit.jobs.test_collection import LOG, NOW, ROOT, ROWS, Quiet, StubEngine, StubSource

QUERY = "identity.root_use"
TWO_OF_ONE = [{"event_id": "1", "person": "ana"}, {"event_id": "1", "person": "rui"}, {"event_id": "2", "person": None}]
ENTRY = """[[acceptance]]
id = "{id}"
query = "identity.root_use"
subject = {{ event_id = "{event}" }}
reason = "A drill."
approver = "Ana"
preparer = "Rui"
ticket = "GRC-1"
approved_on = 2026-08-01
expires_on = {expires}
"""


def entry(event: str, expires: str = "2026-10-31", id_: str = "ACC-1") -> str:
    """Return an acceptance of one event."""
    return ENTRY.format(id=id_, event=event, expires=expires)


@pytest.fixture
def prepared(tmp_path: Path) -> Callable[[str], Prepared]:
    """Return what prepares October with a file of acceptances."""

    def prepare_with(acceptances: str) -> Prepared:
        files = {**BUILTIN, KEY_AGE: query_file("identity.key_age"), "jobs/acceptances.toml": acceptances}
        files = changed(files, JOB, "\n[source]", 'acceptances = "acceptances.toml"\n\n[source]')
        return prepare("monthly", [write_root(tmp_path / "content", files)], Choices(period="2026-10"), NOW)

    return prepare_with


@pytest.fixture
def collected(
    prepared: Callable[[str], Prepared], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Assessment, FindingsReport]]:
    """Return what asks a query that answers three rows of two findings, and what is said of them."""
    monkeypatch.setitem(ROWS, ROOT, TWO_OF_ONE)

    def collect(acceptances: str = "", earlier: EarlierSide = NO_EARLIER) -> tuple[Assessment, FindingsReport]:
        asked = prepared(acceptances)
        layout = RunLayout(tmp_path / "r1")
        ledger = Ledger(
            job="monthly", period="2026-10", revision=1, comprova="0", fingerprint="f", inputs={}, engine="athena",
            attempts=(Attempt(started=NOW),),
        )  # fmt: skip
        revision = Revision(1, layout, ledger)
        collection = Collection(asked, StubSource(StubEngine()), revision, earlier, lambda: NOW, Quiet())
        collection.collect(compose_questions(asked), ledger)
        evidence = layout.evidence
        report = FindingsReport.model_validate_json(evidence.findings.read_bytes())
        assert canonical_json(report) == evidence.findings.read_bytes()
        return Assessment.model_validate_json(evidence.assessment.read_bytes()), report

    return collect


def said_of(assessment: Assessment) -> tuple[Outcome, int | None, int, int | None, int]:
    """Return outcome, rows, accepted rows and findings of the query, and the findings of its requirement."""
    result = next(one for one in assessment.queries if one.id == QUERY)
    requirement = assessment.frameworks[0].requirements[0]
    assert requirement.outcome is result.outcome
    return result.outcome, result.rows, result.accepted_rows, result.findings, requirement.findings


Collected = Callable[..., tuple[Assessment, FindingsReport]]


def test_rows_that_share_a_subject_are_one_finding(collected: Collected) -> None:
    """It has a name and the number of its rows; without earlier evidence nobody says that it is new."""
    assessment, report = collected()
    assert said_of(assessment) == (Outcome.EXCEPTIONS, 3, 0, 2, 2)
    assert [(one.id, one.rows, one.recurrence) for one in report.findings] == [
        (finding_id(QUERY, {"event_id": "1"}), 2, Recurrence.UNTOLD),
        (finding_id(QUERY, {"event_id": "2"}), 1, Recurrence.UNTOLD),
    ]
    assert report.earlier == Earlier(period="2026-09", state=EarlierState.NONE)


@pytest.mark.parametrize(
    ("acceptances", "said"),
    [
        (entry("1"), (Outcome.EXCEPTIONS, 3, 2, 1, 1)),
        (entry("1") + entry("2", id_="ACC-2"), (Outcome.ACCEPTED, 3, 3, 0, 0)),
        (entry("1", "2026-10-30") + entry("2", id_="ACC-2"), (Outcome.EXCEPTIONS, 3, 1, 1, 1)),
        (entry("3"), (Outcome.EXCEPTIONS, 3, 0, 2, 2)),
    ],
)
def test_outcomes_follow_from_acceptances(
    collected: Collected, acceptances: str, said: tuple[Outcome, int, int, int, int]
) -> None:
    """The query's, its rows', and the requirement's; all rows stay in the result."""
    assert said_of(collected(acceptances)[0]) == said


def test_the_evidence_names_who_accepted_what(collected: Collected) -> None:
    """At the finding by id, and once with the decision; expired and unmatched ones too."""
    acceptances = entry("1", "2026-10-30", "OLD") + entry("1", id_="NEW") + entry("3", id_="LOST")
    report = collected(acceptances)[1]
    assert (report.findings[0].acceptances, report.findings[0].expired) == (("NEW",), ("OLD",))
    assert [(use.id, use.state, use.rows, use.approver, use.ticket) for use in report.acceptances] == [
        ("OLD", AcceptanceState.EXPIRED, 2, "Ana", "GRC-1"),
        ("NEW", AcceptanceState.VALID, 2, "Ana", "GRC-1"),
        ("LOST", AcceptanceState.UNMATCHED, 0, "Ana", "GRC-1"),
    ]
    assert report.acceptances[0].expires_on == date(2026, 10, 30)


def test_findings_are_compared_with_earlier_ones(collected: Collected, prepared: Callable[[str], Prepared]) -> None:
    """What was used is said; a finding that the month before had too recurs."""
    assessment, _ = collected()
    about = Earlier(period="2026-09", state=EarlierState.COMPARED, revision=2, seal="5" * 64)
    subject = {"event_id": "1"}
    known = Finding(
        id=finding_id(QUERY, subject), query=QUERY, version=1, subject=subject, rows=1, recurrence=Recurrence.NEW
    )
    results: Mapping[str, object] = {one.id: one for one in assessment.queries}
    side = Side(assessment.scope, (), results, prepared("").catalog)  # type: ignore[arg-type]
    report = collected("", EarlierSide(about, side, (known,)))[1]
    assert report.earlier == about
    assert [one.recurrence for one in report.findings] == [Recurrence.RECURRING, Recurrence.UNTOLD]


def test_acceptances_are_inputs_of_the_run_and_part_of_the_evidence(prepared: Callable[[str], Prepared]) -> None:
    """Another file is another input, named in the message; the file goes into the evidence."""
    before, after = prepared(entry("1")), prepared(entry("2"))
    assert content_of(before)["jobs/acceptances.toml"] == entry("1").encode()
    inputs = [inputs_of(one, content_of(one), logs_of(LOG)) for one in (before, after)]
    assert {name for name in inputs[0] if inputs[0][name] != inputs[1][name]} == {"acceptances", "content"}


def test_the_calendar_is_an_input_of_the_run(prepared: Callable[[str], Prepared]) -> None:
    """Deadlines are counted in it for a year after the period, from the evidence alone."""
    now = prepared("")
    assert now.calendar.last == date(2027, 11, 1)
    assert date(2027, 1, 1) in {one.day for one in now.calendar.days_off}
    other = replace(now, calendar=now.calendar.model_copy(update={"days_off": ()}))
    inputs = [inputs_of(one, content_of(one), logs_of(LOG)) for one in (now, other)]
    assert {name for name in inputs[0] if inputs[0][name] != inputs[1][name]} == {"calendar"}
