"""The engine answers statements as they can be pasted, ahead where it is told of them, and says what they took."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from comprova.catalog.query import QueryRef
from comprova.collect.asking import Question, ask
from comprova.engines.athena.engine import AthenaEngine
from comprova.engines.athena.session import AthenaSession
from comprova.engines.interface import Engine, Execution
from comprova.errors import BudgetError, EngineError, RunStoppedError
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.outcomes import Outcome
from comprova.evidence.secrets import Secrets
from comprova.sql.statement import Statement
from unit.engines.athena.athena_service import ENGINE, AthenaService, Script
from unit.engines.athena.conftest import PLACE, OpenSession
from unit.engines.athena.test_results import N
from unit.engines.athena.test_session import SLOW, held_at
from unit.sql.written_queries import written_query


class Tables:
    """Tables that need no making, and of which a scan is known."""

    def __init__(self) -> None:
        self.made: list[Statement] = []

    def make(self, activity: Statement, deliveries: Statement) -> None:
        """Take down of what they are made."""
        self.made += [activity, deliveries]

    def at_most(self, statement: Statement) -> int | None:
        """Return what the statement's text says."""
        return int(statement.athena.split()[1])


def statement(n: int, of: str = "identity.asked") -> Statement:
    """Return a statement whose text tells it from others."""
    return Statement(QueryRef(of, 1), f"SELECT {n} AS n\n", "SELECT wrong", {}, "1")


def engine_over(session: AthenaSession) -> Engine:
    """Return an engine over a session."""
    return AthenaEngine(session, "comprova_monthly_2026_10_r1", Tables())


def test_a_statement_is_sent_as_it_stands(session: AthenaSession, service: AthenaService) -> None:
    """The Athena text goes into the run's own database, and provenance says what came of it."""
    service.script("", Script(rows=[["7"]], scanned=345))
    answer = engine_over(session).run(statement(7), N)
    (started,) = service.started()
    assert started.sql == "SELECT 7 AS n"
    assert started.request["QueryExecutionContext"]["Database"] == "comprova_monthly_2026_10_r1"
    assert [batch.to_pylist() for batch in answer.batches] == [[{"n": 7}]]
    assert answer.execution == Execution("athena", ENGINE, started.id, 345, 7)


def test_tables_are_made_by_whoever_knows_them(session: AthenaSession) -> None:
    """The engine hands on both views."""
    tables = Tables()
    AthenaEngine(session, "run", tables).build(statement(1), statement(2))
    assert tables.made == [statement(1), statement(2)]


def test_announced_statements_are_begun_ahead_and_run_once(session: AthenaSession, service: AthenaService) -> None:
    """While the first is awaited the others are under way; asking for them starts nothing more."""
    service.script("", Script(states=("RUNNING", "RUNNING", "SUCCEEDED"), rows=[["1"]]))
    engine = engine_over(session)
    statements = [statement(n, f"identity.asked_{n}") for n in range(4)]
    engine.announce([*statements, *statements])
    for asked in statements:
        assert len(list(engine.run(asked, N).batches)) == 1
    assert service.most_under_way > 1
    assert len(service.started()) == 4


def test_statements_of_one_name_and_other_texts_are_told_apart(session: AthenaSession, service: AthenaService) -> None:
    """A query asked with other parameters is another statement."""
    engine = engine_over(session)
    engine.announce([statement(1), statement(2)])
    engine.run(statement(2), N)
    engine.run(statement(1), N)
    assert sorted(started.sql for started in service.started()) == ["SELECT 1 AS n", "SELECT 2 AS n"]


def test_what_was_announced_and_not_begun_is_taken_back(open_session: OpenSession, service: AthenaService) -> None:
    """Closing the engine leaves the session usable; what is under way is the session's to stop."""
    session = open_session(replace(PLACE, concurrency=1))
    service.script("", SLOW)
    reached, passing = held_at(service, "GetQueryExecution", 1)
    engine = engine_over(session)
    engine.announce([statement(1), statement(2)])
    assert reached.wait(10)
    engine.close()
    passing.set()
    service.started()[0].script = Script()
    service.script("SELECT 3", Script())
    session.execute("SELECT 3 AS n", "run", name="other")
    assert [started.sql for started in service.started()] == ["SELECT 1 AS n", "SELECT 3 AS n"]


def test_a_statement_that_may_not_be_scanned_for_is_not_run(open_session: OpenSession, service: AthenaService) -> None:
    """What the tables know of a statement's scan decides."""
    engine = engine_over(open_session(replace(PLACE, max_scan=100)))
    engine.run(statement(50), N)
    with pytest.raises(BudgetError):
        engine.run(statement(101), N)
    assert len(service.started()) == 1


def asked(session: AthenaSession, folder: Path) -> Callable[[], Outcome | None]:
    """Return what asks a question and tells its outcome."""
    query = written_query("SELECT event_id FROM activity ORDER BY event_id\n")
    question = Question(query, replace(statement(200), ref=query.ref), (), frozenset())
    return lambda: ask(engine_over(session), question, Secrets((), ()), EvidenceLayout(folder / "evidence")).outcome


def test_a_question_is_failed_not_run_or_neither(
    open_session: OpenSession, service: AthenaService, tmp_path: Path
) -> None:
    """Athena's no is `failed`, the budget's is `not-run`; a run that cannot go on says nothing of the question."""
    assert asked(open_session(replace(PLACE, max_scan=100)), tmp_path)() is Outcome.NOT_RUN
    service.script("", Script(states=("FAILED",), reason="SYNTAX_ERROR: no"))
    assert asked(open_session(), tmp_path)() is Outcome.FAILED
    service.script("", Script(columns=[("event_id", "varchar")], rows=[["a"]]))
    assert asked(open_session(), tmp_path)() is None
    service.refuse("StartQueryExecution", "ExpiredTokenException")
    with pytest.raises(RunStoppedError):
        asked(open_session(scope="run 2"), tmp_path)()


def test_nothing_is_left_of_a_result_that_breaks_off(
    session: AthenaSession, service: AthenaService, tmp_path: Path
) -> None:
    """A page that is gone leaves no file that could be sealed."""
    service.script("", Script(columns=[("event_id", "varchar")], rows=[["a"]] * 2500))
    service.refuse(
        "GetQueryResults",
        "InvalidRequestException",
        "Could not find results",
        when=lambda request: "NextToken" in request,
    )
    assert asked(session, tmp_path)() is Outcome.FAILED
    assert [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == []


def test_errors_name_the_statement(session: AthenaSession, service: AthenaService) -> None:
    """A reader of the report finds the query by it."""
    service.script("", Script(states=("FAILED",), reason="SYNTAX_ERROR: no"))
    with pytest.raises(EngineError) as caught:
        engine_over(session).run(statement(1), N)
    assert caught.value.problems[0].where == "identity.asked@1"
