"""A restart finds what earlier attempts of its run started: awaited, used, or made anew, and paid once."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.engines.athena.journal import FileJournal, State
from comprova.engines.athena.notes import FolderSpentError
from comprova.engines.athena.session import AthenaSession
from comprova.errors import EngineError, RunStoppedError
from unit.engines.athena.athena_service import AthenaService, Execution, Script
from unit.engines.athena.conftest import OpenSession
from unit.engines.athena.test_session import held_at

TESTS = Path(__file__).parents[3]
SQL = "SELECT 1 AS n"
COLUMNS = (PlainColumn("n", ColumnType.BIGINT),)


def test_what_has_succeeded_is_used(open_session: OpenSession, service: AthenaService) -> None:
    """The second attempt starts nothing, and reads the rows of the first."""
    service.script("", Script(states=("RUNNING", "SUCCEEDED"), rows=[["1"]]))
    first = open_session().execute(SQL, "run", name="asked@1")
    session = open_session()
    again = session.execute(SQL, "run", name="asked@1")
    assert again == first
    assert [batch.to_pylist() for batch in session.batches(again, COLUMNS)] == [[{"n": 1}]]
    assert service.count("StartQueryExecution") == 1


@pytest.mark.parametrize(
    ("change", "executions"),
    [
        ({"name": "other@1"}, 2),
        ({"sql": "SELECT 2 AS n"}, 2),
        ({"database": "run_2"}, 2),
        ({"scope": "run 2"}, 2),
        ({}, 1),
    ],
)
def test_only_the_same_statement_of_the_same_run_is_found(
    open_session: OpenSession, service: AthenaService, change: dict[str, str], executions: int
) -> None:
    """Another run, name, text or database is another execution: it may find other logs."""
    same = {"name": "asked@1", "sql": SQL, "database": "run", "scope": "run 1"}
    for asked in (same, same | change):
        open_session(scope=asked["scope"]).execute(asked["sql"], asked["database"], name=asked["name"])
    assert len(service.started()) == executions


def test_what_was_started_and_not_written_down_is_found_by_its_token(
    open_session: OpenSession, service: AthenaService, journal_file: Path
) -> None:
    """A kill between the answer and the journal loses the id; Athena gives it again for the same token."""
    first = open_session().execute(SQL, "run", name="asked@1")
    journal_file.unlink()
    again = open_session().execute(SQL, "run", name="asked@1")
    assert again.execution_id == first.execution_id
    assert (service.count("StartQueryExecution"), len(service.started())) == (2, 1)


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
def test_what_did_not_succeed_is_made_anew(open_session: OpenSession, service: AthenaService, state: str) -> None:
    """The new attempt has a token of its own, which the next restart finds."""
    service.script("", Script(states=(state,), reason="no"))
    with pytest.raises(EngineError):
        open_session().execute(SQL, "run", name="asked@1")
    service.script("", Script())
    made = open_session().execute(SQL, "run", name="asked@1")
    assert open_session().execute(SQL, "run", name="asked@1") == made
    assert [started.state for started in service.started()] == [state, "SUCCEEDED"]


UNLOAD = "UNLOAD (SELECT 1 AS n) TO 's3://acme-store/comprova/x/' WITH (format = 'PARQUET')"


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
def test_what_writes_and_did_not_succeed_is_never_sent_again(
    open_session: OpenSession, service: AthenaService, state: str
) -> None:
    """What was stopped may be writing still: whoever asked for it is told to write elsewhere, after a restart too."""
    service.script("", Script(states=("RUNNING",)))
    reached, passing = held_at(service, "GetQueryExecution", 1)
    first = open_session()
    waiting = first.start(UNLOAD, "run", name="activity", writes=True)
    assert reached.wait(10)
    passing.set()
    first.stop()
    assert isinstance(waiting.exception(), RunStoppedError)
    service.started()[0].script = Script(states=(state,), reason="Access Denied (Service: Amazon S3)")
    for _ in range(2):
        with pytest.raises(FolderSpentError, match=state):
            open_session().execute(UNLOAD, "run", name="activity", writes=True)
    assert service.count("StartQueryExecution") == 1


def test_what_writes_and_may_succeed_later_is_written_elsewhere(session: AthenaSession, service: AthenaService) -> None:
    """Athena calls the failure retryable; the folder holds what was written until then."""
    service.script("", Script(states=("FAILED",), reason="Query exhausted resources", retryable=True))
    with pytest.raises(FolderSpentError, match="Query exhausted resources"):
        session.execute(UNLOAD, "run", name="activity", writes=True)
    assert service.count("StartQueryExecution") == 1


def test_what_athena_has_forgotten_is_made_anew(open_session: OpenSession, service: AthenaService) -> None:
    """Athena keeps executions for 45 days."""
    first = open_session().execute(SQL, "run", name="asked@1")
    service.executions.clear()
    made = open_session().execute(SQL, "run", name="asked@1")
    assert made.execution_id != first.execution_id


def test_what_has_no_rows_any_more_is_made_anew(open_session: OpenSession, service: AthenaService) -> None:
    """A bucket's lifecycle may have removed the result between two attempts."""
    first = open_session().execute(SQL, "run", name="asked@1")
    service.refuse(
        "GetQueryResults",
        "InvalidRequestException",
        "Could not find results",
        when=lambda request: request["QueryExecutionId"] == first.execution_id,
    )
    made = open_session().execute(SQL, "run", name="asked@1")
    assert made.execution_id != first.execution_id


def test_rows_that_may_not_be_read_stop_the_run(open_session: OpenSession, service: AthenaService) -> None:
    """A result that is denied is there, and was paid: it is not made anew."""
    open_session().execute(SQL, "run", name="asked@1")
    service.refuse(
        "GetQueryResults",
        "InvalidRequestException",
        "You do not seem to have access to the S3 location of your query results.",
    )
    with pytest.raises(RunStoppedError, match="Grant what"):
        open_session().execute(SQL, "run", name="asked@1")
    assert len(service.started()) == 1


def test_a_token_that_expires_in_the_middle_loses_nothing(open_session: OpenSession, service: AthenaService) -> None:
    """The first attempt ends while Athena works on; with new credentials the same command uses what it made."""
    service.script("", Script(states=("RUNNING", "RUNNING", "SUCCEEDED"), rows=[["1"]]))
    service.refuse(
        "GetQueryExecution", "ExpiredTokenException", times=1, when=lambda _: service.started()[0].looks == 1
    )
    with pytest.raises(RunStoppedError, match="Renew the AWS credentials; the same command goes on"):
        open_session().execute(SQL, "run", name="asked@1")
    assert open_session().execute(SQL, "run", name="asked@1").state is State.SUCCEEDED
    assert len(service.started()) == 1


ATTEMPT = """
import signal, sys, time
from datetime import UTC, datetime
from pathlib import Path
from comprova.engines.athena.journal import FileJournal
from comprova.engines.athena.session import AthenaSession
from unit.engines.athena.conftest import PLACE

class Stop(BaseException):
    pass

def stop(*_):
    raise Stop

signal.signal(signal.SIGTERM, stop)
journal = FileJournal(Path(sys.argv[1]))
with AthenaSession(PLACE, journal, scope="run 1", clock=lambda: datetime.now(UTC), sleep=time.sleep) as session:
    session.execute("SELECT 1 AS n", "run", name="asked@1")
"""


def test_a_killed_process_is_followed_by_one_that_finds_its_statement(
    open_session: OpenSession, service: AthenaService, journal_file: Path
) -> None:
    """Kill -9 while Athena works: the statement runs on, and the next process awaits it."""
    (started,) = ended_by(signal.SIGKILL, service, journal_file)
    assert not started.stopped
    started.script = Script(rows=[["1"]])
    finished = open_session().execute(SQL, "run", name="asked@1")
    assert finished.execution_id == started.id
    assert service.count("StartQueryExecution") == 1
    assert FileJournal(journal_file).executions == (finished,)


def test_a_process_that_is_asked_to_end_stops_its_statement(
    open_session: OpenSession, service: AthenaService, journal_file: Path
) -> None:
    """SIGTERM raises where the main thread waits, as the command line has it; the next process makes it anew."""
    (started,) = ended_by(signal.SIGTERM, service, journal_file)
    assert started.stopped
    service.script("", Script(rows=[["1"]]))
    assert open_session().execute(SQL, "run", name="asked@1").execution_id != started.id
    assert [execution.state for execution in FileJournal(journal_file).executions] == [State.CANCELLED, State.SUCCEEDED]


def ended_by(number: signal.Signals, service: AthenaService, journal_file: Path) -> list[Execution]:
    """Run an attempt in a process of its own, and send it a signal while its statement runs; return what it started."""
    service.script("", Script(states=("RUNNING",)))
    awaited = threading.Event()
    service.on_call = lambda operation, _: awaited.set() if operation == "GetQueryExecution" else None
    command = [sys.executable, "-c", ATTEMPT, str(journal_file)]
    process = subprocess.Popen(command, cwd=TESTS, stderr=subprocess.DEVNULL)  # noqa: S603 - the text above
    assert awaited.wait(60)
    process.send_signal(number)
    assert process.wait(60) != 0
    return service.started()
