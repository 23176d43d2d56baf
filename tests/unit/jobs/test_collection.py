"""Collecting the evidence of a revision: in a fixed order, resumable, and honest about what was not run."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import parquet

from comprova.engines.interface import Answer, Execution
from comprova.errors import BudgetError, EngineError, Problem, RunStoppedError
from comprova.evidence.layout import RunLayout
from comprova.evidence.model import Assessment, LogFile, Totals
from comprova.evidence.outcomes import Outcome, ReasonCode
from comprova.evidence.pseudonyms import pseudonyms_of
from comprova.evidence.results import arrow_schema
from comprova.evidence.subject import finding_id
from comprova.jobs.collection import Collection, compose_questions
from comprova.jobs.ledger import Attempt, Ledger, read_ledger
from comprova.jobs.preparation import Choices, Prepared, prepare
from comprova.jobs.revisions import Revision
from content_builder import BUILTIN, KEY_AGE, query_file, write_root
from unit.jobs.read_logs import ACCOUNT, ATHENA, NO_EARLIER, logs_of

if TYPE_CHECKING:
    from comprova.catalog.column_types import TypedColumn
    from comprova.engines.interface import Engine
    from comprova.evidence.cost import Cost
    from comprova.evidence.layout import EvidenceLayout
    from comprova.jobs.logs import Logs
    from comprova.sql.statement import Statement

NOW = datetime(2026, 11, 4, tzinfo=UTC)
AGE, ROOT = "identity.key_age@1", "identity.root_use@1"
LOG = LogFile(log_file="a.json.gz", state="read", bytes=1, sha256="", records=1, unreadable=None, etag="e")
ROWS: dict[str, list[dict[str, object]]] = {
    "activity_totals@1": [
        {
            "in_period": 1,
            "look_back": 0,
            "duplicates": 0,
            "without_id": 0,
            "unreadable_requests": 0,
            "unreadable_responses": 0,
        }
    ],
    "records_totals@1": [{"records_read": 1, "undated": 0, "outside": 0}],
    "conflicting_ids@1": [{"conflicting_ids": 0}],
    "cells@1": [
        {
            "cell_account": ACCOUNT,
            "cell_region": "sa-east-1",
            "cell_day": date(2026, 10, 1),
            "need": "management:write",
            "events": 1,
            "kms_events": 0,
            "events_at": 0,
            "kms_events_at": 0,
        }
    ],
    ROOT: [{"event_id": "1", "person": "ana"}],
}
"""What the engine answers; nothing to all else."""


@dataclass
class StubEngine:
    """An engine that answers from a table, and tells what it was asked.

    Attributes:
        refusals: By statement, or `build`: what it raises in place of an answer.
        told: What was announced.
        asked: What was run.
    """

    refusals: dict[str, Exception] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def build(self, activity: "Statement", deliveries: "Statement") -> None:
        """Build nothing."""
        assert (str(activity.ref), str(deliveries.ref)) == ("activity@1", "deliveries@1")
        self._refuse("build")

    def announce(self, statements: "Sequence[Statement]") -> None:
        """Take down what was announced."""
        assert not self.asked
        self.told += [str(statement.ref) for statement in statements]

    def run(self, statement: "Statement", columns: "Sequence[TypedColumn]") -> Answer:
        """Answer from the table."""
        name = str(statement.ref)
        self.asked.append(name)
        self._refuse(name)
        batch = pa.RecordBatch.from_pylist(ROWS.get(name, []), arrow_schema(columns))
        return Answer(Execution("athena", "3", f"execution of {name}", 10, 1), iter([batch]))

    def close(self) -> None:
        """Hold nothing."""

    def _refuse(self, name: str) -> None:
        if name in self.refusals:
            raise self.refusals[name]


@dataclass
class StubSource:
    """Logs of one file, over a stub engine."""

    stub: StubEngine
    logs: "Logs" = field(default_factory=lambda: logs_of(LOG, of=ATHENA))

    @contextmanager
    def engine(self, revision: Revision, fingerprint: str) -> "Iterator[Engine]":
        """Give the engine."""
        assert (revision.number, fingerprint) == (1, "f")
        yield self.stub

    def counted(self, engine: "Engine") -> "Logs":
        """Return the logs."""
        assert engine is self.stub
        return self.logs

    def account(self, evidence: "EvidenceLayout") -> "Cost | None":
        """Cost nothing."""
        del evidence
        return None


class Quiet:
    """Shows nothing."""

    def begin(self, step: str, total: int | None = None) -> None:
        """Show nothing."""

    def advance(self, part: str) -> None:
        """Show nothing."""

    def end(self, step: str, **facts: str | float) -> None:
        """Show nothing."""


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    """Prepare the monthly job, with a limit of what it may scan."""
    root = write_root(tmp_path / "content", {**BUILTIN, KEY_AGE: query_file("identity.key_age")})
    return replace(prepare("monthly", [root], Choices(period="2026-10"), NOW), max_scan=10**9)


@pytest.fixture
def collect(prepared: Prepared, tmp_path: Path) -> Callable[[StubEngine], Ledger]:
    """Return what collects into one revision, again and again."""
    layout = RunLayout(tmp_path / "r1")

    def run(engine: StubEngine) -> Ledger:
        ledger = read_ledger(layout.ledger) or Ledger(
            job="monthly",
            period="2026-10",
            revision=1,
            comprova="0",
            fingerprint="f",
            inputs={},
            engine="athena",
            attempts=(Attempt(started=NOW),),
        )
        revision = Revision(1, layout, ledger)
        collection = Collection(prepared, StubSource(engine), revision, NO_EARLIER, lambda: NOW, Quiet())
        return collection.collect(compose_questions(prepared), ledger)

    return run


def outcomes(folder: Path) -> dict[str, Outcome]:
    """Return what the assessment says of each query."""
    assessment = Assessment.model_validate_json(RunLayout(folder / "r1").evidence.assessment.read_bytes())
    return {f"{query.id}@{query.version}": query.outcome for query in assessment.queries}


def refusal(kind: type[Exception] = EngineError) -> Exception:
    """Return what an engine raises."""
    return kind(Problem("a statement", "Athena to answer", "no"))


def test_everything_is_announced_before_anything_is_asked(collect: Callable[[StubEngine], Ledger]) -> None:
    """An engine may begin all of it; answers are taken in the order in which they were announced."""
    engine = StubEngine()
    ledger = collect(engine)
    assert engine.told == engine.asked
    assert engine.asked[-2:] == [AGE, ROOT]
    entry = ledger.queries["identity.root_use"]
    assert (entry.rows, entry.execution_id, entry.bytes_read) == (1, f"execution of {ROOT}", 10)


def test_a_restart_asks_what_is_missing(collect: Callable[[StubEngine], Ledger], tmp_path: Path) -> None:
    """What was answered before the run was stopped is in the ledger, and is neither announced nor asked again."""
    with pytest.raises(RunStoppedError):
        collect(StubEngine({ROOT: refusal(RunStoppedError)}))
    stopped = read_ledger(RunLayout(tmp_path / "r1").ledger)
    assert stopped is not None
    assert list(stopped.queries) == ["identity.key_age"]
    assert not RunLayout(tmp_path / "r1").evidence.assessment.exists()
    engine = StubEngine()
    collect(engine)
    assert AGE not in {*engine.told, *engine.asked}
    assert engine.asked[-1] == ROOT


def test_a_refused_query_failed_and_the_others_are_asked(
    collect: Callable[[StubEngine], Ledger], tmp_path: Path
) -> None:
    """The engine's no is an outcome, of that query only."""
    collect(StubEngine({AGE: refusal()}))
    assert outcomes(tmp_path) == {AGE: Outcome.FAILED, ROOT: Outcome.EXCEPTIONS}


def test_a_query_over_budget_was_not_run(collect: Callable[[StubEngine], Ledger], tmp_path: Path) -> None:
    """It is told with the limit, and a smaller one after it is answered."""
    ledger = collect(StubEngine({AGE: refusal(BudgetError)}))
    assert outcomes(tmp_path) == {AGE: Outcome.NOT_RUN, ROOT: Outcome.EXCEPTIONS}
    assert ledger.queries["identity.key_age"].outcome is Outcome.NOT_RUN


@pytest.mark.parametrize("step", ["build", "cells@1"])
def test_where_nothing_could_be_asked_nothing_was_run(
    collect: Callable[[StubEngine], Ledger], tmp_path: Path, step: str
) -> None:
    """If the tables alone are over budget, no query was run, no file was examined, and all of that is sealed."""
    collect(StubEngine({step: refusal(BudgetError)}))
    assert set(outcomes(tmp_path).values()) == {Outcome.NOT_RUN}
    evidence = RunLayout(tmp_path / "r1").evidence
    totals = Totals.model_validate_json(evidence.totals.read_bytes())
    assert (dict(totals.files), totals.read, totals.balanced) == ({"over_budget": 1}, 0, True)
    (query, *_) = json.loads(evidence.assessment.read_bytes())["queries"]
    assert query["reasons"] == [{"code": ReasonCode.OVER_BUDGET.value, "facts": {"limit": 10**9}}]


@pytest.mark.parametrize("counted", [{"records_read": 1, "outside": 1}, {"records_read": 2, "outside": 1}])
def test_rows_that_have_gone_stop_the_run(
    collect: Callable[[StubEngine], Ledger], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: dict[str, object]
) -> None:
    """Where activity, records and log files do not agree, no question is asked, and no absence can be claimed."""
    monkeypatch.setitem(ROWS, "records_totals@1", [{"undated": 0, **counted}])
    engine = StubEngine()
    with pytest.raises(EngineError, match=r"expected the 1 records of all log files.*found 2, made of.*athena away"):
        collect(engine)
    assert ROOT not in engine.asked
    assert not RunLayout(tmp_path / "r1").evidence.assessment.exists()


def test_tables_that_cannot_be_made_stop_the_run(collect: Callable[[StubEngine], Ledger], tmp_path: Path) -> None:
    """Without them there is nothing to say of any query."""
    with pytest.raises(EngineError):
        collect(StubEngine({"build": refusal()}))
    assert not RunLayout(tmp_path / "r1").evidence.assessment.exists()


def test_secrets_stand_in_parquet_alone(
    collect: Callable[[StubEngine], Ledger], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are masked in the CSV and in what an engine says; ledger and assessment count them."""
    name = '{"userName":"ana","masterUserPassword":"hunter2"}'
    monkeypatch.setitem(ROWS, ROOT, [{"event_id": "1", "person": name}, {"event_id": "2", "person": "ana"}])
    said = EngineError(Problem("a statement", "Athena to answer", 'a cell: {"password":"hunter2"}'))
    ledger = collect(StubEngine({AGE: said}))
    evidence = RunLayout(tmp_path / "r1").evidence
    assert {query_id: entry.secrets for query_id, entry in ledger.queries.items()} == {
        "identity.key_age": 0,
        "identity.root_use": 1,
    }
    assessment = Assessment.model_validate_json(evidence.assessment.read_bytes())
    assert [query.secrets for query in assessment.queries] == [0, 1]
    assert parquet.read_table(evidence.parquet("identity.root_use")).column("person").to_pylist() == [name, "ana"]
    held = {path.name for path in tmp_path.rglob("*") if path.is_file() and b"hunter2" in path.read_bytes()}
    assert held == {"identity.root_use.parquet"}
    assert b"[masked]" in evidence.csv("identity.root_use").read_bytes()


def test_the_evidence_says_whom_each_pseudonym_stands_for(
    collect: Callable[[StubEngine], Ledger], tmp_path: Path
) -> None:
    """Its table has who stands in a personal column, and each finding, beside the pseudonym that documents show."""
    collect(StubEngine())
    evidence = RunLayout(tmp_path / "r1").evidence
    pseudonyms = pseudonyms_of(evidence.files)
    names = ("ana", finding_id("identity.root_use", {"event_id": "1"}))
    rows = sorted(f'"{pseudonyms.of(name)}","{name}"\n' for name in names)
    assert evidence.pseudonyms.read_text() == '"pseudonym","name"\n' + "".join(rows)
