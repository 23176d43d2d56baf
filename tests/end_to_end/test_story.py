"""The story of the demo, all six months of it: each run finds what was planted, and nothing that was not explained.

Every exception query is asked, whether or not an edition asks for it. `truth.json` says which rows each should have. A
new query that finds something planted fails here until `comprova.sample.incidents` says that it should; one that finds
routine is wrong, or the routine is, or it is explained.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyarrow import dataset, parquet

from comprova.catalog.catalog import load_catalog
from comprova.content import ContentRoot, builtin_root
from comprova.evidence.findings import AcceptanceState, EarlierFinding, Finding, FindingsReport, Recurrence
from comprova.evidence.model import Assessment, QueryResult
from comprova.evidence.outcomes import CellState, Outcome, ReasonCode
from comprova.evidence.reader import Evidence
from comprova.jobs.preparation import Choices, prepare
from comprova.jobs.run import run_job
from comprova.sample import generate
from content_builder import framework_file, mapped, requirement, write_root

NOW = datetime(2026, 11, 22, tzinfo=UTC)
MONTHS = ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10")

DEMO = ("gdpr", "hipaa", "lgpd", "pci-dss")
EVERY = "acme.every"

NOT_PLANTED: frozenset[str] = frozenset()
"""Exception queries of which the story has no incident yet; whoever plants one strikes it out."""

OF_EVERY_CHANGE = frozenset({"behaviour.first_uses", "permissions.denied_sensitive", "privileged.manual_changes"})
"""Queries about all that people change or are refused: each planted event may have a row in them, and none besides."""

_DATED = re.compile(r"\d{8}(v\d)?\Z")

Named = tuple[str, str, str]
"""Month, query, and the event or log file that names a row."""


class Silent:
    """Progress that nobody looks at."""

    def begin(self, step: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, part: str) -> None:
        """Say nothing."""

    def end(self, step: str, **facts: str | float) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Act:
    """Whose a planted event is, and what.

    Attributes:
        account: Of the log.
        actor: ARN of the role or user.
        action: The service and the name of the call without a date.
        region: Where.
    """

    account: str
    actor: str
    action: str
    region: str


@dataclass(frozen=True)
class Story:
    """The truth, and the evidence of every month.

    Attributes:
        truth: What was planted.
        evidence: By month.
        acts: What is planted, by event.
    """

    truth: dict[str, Any]
    evidence: dict[str, Evidence]
    acts: dict[str, Act]

    def exceptions(self) -> Iterator[tuple[str, QueryResult]]:
        """Yield the exception queries of every month."""
        for month, evidence in self.evidence.items():
            yield from ((month, query) for query in evidence.assessment.queries if query.kind == "exception")

    def rows(self, month: str, query: str) -> list[dict[str, Any]]:
        """Return the rows of a query in a month."""
        rows: list[dict[str, Any]] = parquet.read_table(self.evidence[month].layout.parquet(query)).to_pylist()
        return rows

    def subject(self, month: str, query: str) -> tuple[str, ...]:
        """Return the columns that say what a row of a query is about."""
        (known,) = (item for item in self.evidence[month].catalog.current if item.id == query)
        return known.block.subject

    def planted(self) -> Counter[Named]:
        """Count the rows that exception queries should have."""
        return Counter((part["month"], row["query"], row["anchor"]) for part in self.told() for row in part["rows"])

    def told(self) -> list[dict[str, Any]]:
        """Return the incidents, their near misses, and what is explained."""
        misses = (miss | {"month": item["month"]} for item in self.truth["incidents"] for miss in item["near_misses"])
        return [*self.truth["incidents"], *self.truth["explained"], *misses]

    def found(self) -> Counter[Named]:
        """Count the rows that exception queries have."""
        return Counter(
            (month, query.id, anchor(row, self.subject(month, query.id)))
            for month, query in self.exceptions()
            for row in self.rows(month, query.id)
        )

    def follows(self, named: Named) -> bool:
        """Tell whether a row is about a planted event, of a query that asks about every change."""
        month, query, name = named
        planted = {event for part in self.told() if part["month"] == month for event in part["events"]}
        uses = {
            f"{act.account} {act.actor} {found}"
            for act in (self.acts[event] for event in planted)
            for found in ("new_identity None", f"new_action {act.action}", f"new_region {act.region}")
        }
        return query in OF_EVERY_CHANGE and (name in planted or name in uses)

    def without_history(self) -> set[tuple[str, str]]:
        """Return the months and exception queries that compare with days before the first that is held."""
        return {
            (month, query.id)
            for month, query in self.exceptions()
            if any(reason.code is ReasonCode.LOOK_BACK for reason in query.reasons)
        }

    def part(self, name: str) -> str:
        """Say what an event or log file belongs to."""
        for incident in self.truth["incidents"]:
            if name in incident["events"]:
                return f"incident {incident['id']}"
            for miss in incident["near_misses"]:
                if name in miss["events"]:
                    return f"near miss of {incident['id']}: {miss['reason']['en']}"
        told = (f"explained {part['id']}" for part in self.truth["explained"] if name in part["events"])
        return next(told, "routine")

    def offenders(self, rows: Counter[Named]) -> list[str]:
        """Describe rows, one line each."""
        return [f"{month} {query}: {name}, {self.part(name)}" for month, query, name in sorted(rows.elements())]


def anchor(row: dict[str, Any], subject: Sequence[str]) -> str:
    """Return what names a row: its event, the first of its events, or its log file; else what it is about."""
    names = (row.get(column) for column in ("event_id", "first_event_id", "event_before", "log_file"))
    return next((str(name) for name in names if name), " ".join(str(row[column]) for column in subject))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Generate the logs of the demo, and make the evidence of every month, in order and without documents."""
    folder = tmp_path_factory.mktemp("story")
    logs = folder / "logs"
    generate(logs)
    truth = json.loads((logs / "truth.json").read_text(encoding="utf-8"))
    (logs / "truth.json").unlink()
    roots = [builtin_root(), every_exception(folder / "project")]
    evidence = {}
    for month in MONTHS:
        choices = Choices(period=month, logs=logs, out=folder / "out", frameworks=(*DEMO, EVERY))
        prepared = prepare("demo", roots, choices, NOW)
        evidence[month] = run_job(prepared, lambda: NOW, Silent(), documents=False).evidence
    return Story(truth, evidence, acts(folder / "out", truth))


def every_exception(folder: Path) -> ContentRoot:
    """Write a project whose edition asks for every exception query, and return it."""
    exceptions = [str(query.ref) for query in load_catalog([builtin_root()]).current if query.block.kind == "exception"]
    edition = framework_file(EVERY, "1", *(requirement(ref, mapped(ref)) for ref in exceptions))
    return write_root(folder, {f"queries/frameworks/{EVERY}-1.toml": edition}, builtin=False)


def acts(out: Path, truth: dict[str, Any]) -> dict[str, Act]:
    """Return what is planted, by event, from the records that the runs kept."""
    columns = ["eventid", "recipientaccountid", "useridentity", "eventsource", "eventname", "awsregion"]
    parts = [*truth["incidents"], *truth["explained"]]
    parts += [miss for incident in truth["incidents"] for miss in incident["near_misses"]]
    planted = {event for part in parts for event in part["events"]}
    kept = dataset.dataset(sorted(map(str, out.glob(".records/**/*.parquet"))), format="parquet")
    return {
        row["eventid"]: Act(
            account=row["recipientaccountid"],
            actor=actor_of(row["useridentity"]),
            action=f"{row['eventsource']} {_DATED.sub('', row['eventname'])}",
            region=row["awsregion"],
        )
        for row in kept.to_table(columns, filter=dataset.field("eventid").isin(planted)).to_pylist()
    }


def actor_of(identity: dict[str, Any]) -> str:
    """Return the ARN of the role behind a session, else that of the caller."""
    issuer = ((identity["sessioncontext"] or {}).get("sessionissuer") or {}).get("arn")
    return str(issuer or identity["arn"])


def test_no_exception_query_finds_what_was_not_planted_or_explained(story: Story) -> None:
    """Every row of every exception query, in every month, is one that the truth names or that follows from it."""
    unheld = story.without_history()
    found = (story.found() - story.planted()).items()
    astray = {row: count for row, count in found if row[:2] not in unheld and not story.follows(row)}
    offenders = story.offenders(Counter(astray))

    assert not offenders, "\n".join(offenders)


def test_the_examined_months_have_the_days_that_they_are_compared_with(story: Story) -> None:
    """In the last three months no exception query lacks history; in the first, those that compare have none to tell."""
    unheld = story.without_history()

    assert {month for month, _ in unheld} == set(MONTHS[:3])
    assert len({query for _, query in unheld}) < 10


def test_every_planted_row_is_found(story: Story) -> None:
    """Every row that the truth names is there, as often as it says."""
    missing = story.offenders(story.planted() - story.found())

    assert not missing, "\n".join(missing)


def test_incidents_are_findings_under_their_requirements(story: Story) -> None:
    """A requirement under which an auditor would file an incident rests on a query that has found it."""
    astray = []
    for incident in story.truth["incidents"]:
        assessment = story.evidence[incident["month"]].assessment
        finding = {row["query"] for row in incident["rows"]} | set(incident["listed_in"])
        for edition, ids in incident["requirements"].items():
            judged = evidence_of(assessment, edition)
            astray += [
                f"{incident['month']} {incident['id']}: {edition} {requirement}"
                for requirement in ids
                if incident["rows"] and not finding & judged.get(requirement, set())
            ]

    assert not astray, "\n".join(astray)


def evidence_of(assessment: Assessment, edition: str) -> dict[str, set[str]]:
    """Return the queries with findings, accepted or not, by requirement of an edition."""
    found = {Outcome.EXCEPTIONS, Outcome.ACCEPTED}
    (framework,) = (item for item in assessment.frameworks if f"{item.id}-{item.edition}" == edition)
    return {
        requirement.id: {item.query for item in requirement.evidence if item.outcome in found}
        for requirement in framework.requirements
    }


def test_incidents_that_no_exception_query_asks_for_are_listed(story: Story) -> None:
    """What has no row of an exception query has one in a list, unless it befell the log files and has no event."""
    nowhere = [
        f"{incident['month']} {incident['id']}"
        for incident in story.truth["incidents"]
        if incident["events"] and not incident["rows"] and not incident["listed_in"]
    ]
    missing = [
        f"{incident['month']} {incident['id']}: {query}"
        for incident in story.truth["incidents"]
        for query in incident["listed_in"]
        if incident["events"] and not listed(story, incident["month"], query) & set(incident["events"])
    ]

    assert not nowhere + missing, "\n".join(nowhere + missing)


def listed(story: Story, month: str, query: str) -> set[str]:
    """Return every event id in the rows of a query."""
    return {
        str(event)
        for row in story.rows(month, query)
        for column, value in row.items()
        if column.endswith(("event_id", "event_ids", "event_before"))
        for event in (value if isinstance(value, list) else [value])
    }


def test_the_truth_names_queries_as_they_are_called(story: Story) -> None:
    """Every row is of a current exception query, and every list is a query."""
    current = load_catalog([builtin_root()]).current
    exceptions = {query.id for query in current if query.block.kind == "exception"}
    named = {row["query"] for part in story.told() for row in part["rows"]}
    lists = {query for incident in story.truth["incidents"] for query in incident["listed_in"]}

    assert sorted(named - exceptions) == []
    assert sorted(lists - {query.id for query in current}) == []


def test_every_exception_query_has_an_incident_and_a_near_miss(story: Story) -> None:
    """Each is shown to find something, and to pass by something that looks like it."""
    planted: set[str] = set()
    passed_by: set[str] = set()
    for incident in story.truth["incidents"]:
        queries = {row["query"] for row in incident["rows"]}
        planted |= queries
        for miss in incident["near_misses"]:
            passed_by |= queries - {row["query"] for row in miss["rows"]}
    asked = {query.id for query in load_catalog([builtin_root()]).current if query.block.kind == "exception"}

    assert {query.id for _, query in story.exceptions()} == asked
    assert sorted(asked - planted) == sorted(NOT_PLANTED)
    assert sorted(asked - passed_by) == sorted(NOT_PLANTED)


def test_near_misses_are_in_no_row_of_the_query_that_they_look_like(story: Story) -> None:
    """A near miss stands in no row of a query that finds its incident, unless the truth names the row."""
    taken = [
        f"{incident['month']} {query}: {miss['reason']['en']}"
        for incident in story.truth["incidents"]
        for query in sorted({row["query"] for row in incident["rows"]})
        for miss in incident["near_misses"]
        if query not in {row["query"] for row in miss["rows"]}
        and not listed(story, incident["month"], query).isdisjoint(miss["events"])
    ]

    assert not taken, "\n".join(taken)


def test_nothing_is_lost_or_counted_twice(story: Story) -> None:
    """In each month the distinct events and the copies are as many as were written, late files included."""
    counted = [
        {
            "month": month,
            "events": evidence.totals.in_period,
            "copies": sum(row["surplus_copies"] for row in story.rows(month, "logs.duplicates")),
        }
        for month, evidence in story.evidence.items()
    ]

    assert counted == story.truth["months"]
    assert {state for evidence in story.evidence.values() for state in evidence.totals.files} == {"read"}


def test_the_missing_day_is_the_only_gap(story: Story) -> None:
    """The cells without anything are those of the account and day that were left out, in every region."""
    gaps = {
        (month, cell.account, cell.day.isoformat())
        for month, evidence in story.evidence.items()
        for cell in evidence.assurance.cells
        if CellState.GAP in cell.states.values()
    }
    left_out = {
        (incident["month"], gap["account"], gap["day"])
        for incident in story.truth["incidents"]
        for gap in incident["gaps"]
    }

    assert gaps == left_out
    assert len(left_out) == 1


def test_a_month_with_a_missing_day_claims_no_absence(story: Story) -> None:
    """No query about events says that there was nothing, as the same queries do in the month before."""
    absent = {
        month: {
            query.id
            for query in story.evidence[month].assessment.queries
            if query.cells_expected and query.outcome in {Outcome.NO_EXCEPTIONS, Outcome.NOTHING_RECORDED}
        }
        for month in ("2026-06", "2026-07")
    }
    silent = {
        query.id for query in story.evidence["2026-07"].assessment.queries if query.outcome is Outcome.INCONCLUSIVE
    }

    assert absent["2026-07"] - {"logs.conflicting_ids", "logs.late_deliveries"} == set()
    assert len(absent["2026-06"] & silent) > 5


def test_findings_recur_go_away_and_come_back(story: Story) -> None:
    """An IAM user without MFA is there in May and June, gone in July, and there again in September and October."""
    told = [recurrence(findings(story, month), "signin.signins_without_mfa", "lucia.ramos") for month in MONTHS]

    new, recurring, gone = Recurrence.NEW, Recurrence.RECURRING, Recurrence.GONE
    assert told[1:4] == [recurring, Recurrence.NOT_SEEN, None]
    assert told[4:] == [new, recurring]
    assert told[0] is Recurrence.UNTOLD
    assert recurrence(findings(story, "2026-10"), "signin.signin_guessing", "HIDDEN") is None
    assert gone in {item.recurrence for item in findings(story, "2026-10").absent}


def test_decisions_are_applied_while_they_hold(story: Story) -> None:
    """The emergency user's Sundays are accepted; the exception for a user without MFA is over in October."""
    states = {
        month: {use.id: use.state for use in findings(story, month).acceptances} for month in ("2026-09", "2026-10")
    }

    assert states["2026-09"] == {"ACC-2026-004": AcceptanceState.VALID, "ACC-2026-011": AcceptanceState.VALID}
    assert states["2026-10"] == {"ACC-2026-004": AcceptanceState.EXPIRED, "ACC-2026-011": AcceptanceState.VALID}


def findings(story: Story, month: str) -> FindingsReport:
    """Return what the evidence of a month says of its findings."""
    return story.evidence[month].findings


def recurrence(report: FindingsReport, query: str, name: str) -> Recurrence | None:
    """Return what is said of the finding of a query whose subject holds a name."""
    items: tuple[Finding | EarlierFinding, ...] = (*report.findings, *report.absent)
    return next((item.recurrence for item in items if item.query == query and name in str(item.subject)), None)
