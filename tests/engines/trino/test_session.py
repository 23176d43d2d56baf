"""The session over the local endpoint: real statements on Trino, real faults on the way, and nothing paid twice."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from athena_endpoint.endpoint import Endpoint
from athena_endpoint.faults import TOO_MANY_QUERIES, ResultFault
from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.engines.athena.journal import FileJournal, State
from comprova.engines.athena.place import AthenaPlace, S3Place
from comprova.engines.athena.scans import Scan, scans_of
from comprova.engines.athena.session import AthenaSession
from comprova.errors import BudgetError, EngineError, RunStoppedError
from engines.trino.hurried import Hurried
from unit.sql.test_transport import STATEMENTS, VALUES, meant_rows, sent

pytestmark = pytest.mark.trino

N = (PlainColumn("n", ColumnType.BIGINT),)
NUMBERS = "SELECT n FROM UNNEST(sequence(1, 2500)) AS t (n) ORDER BY n"
LOGGED_HERE = f"WITH logged (who, names, n) AS ({VALUES})"
WORKGROUP = "sessions"
CALLS = ("StartQueryExecution", "GetQueryExecution", "GetQueryResults", "GetQueryRuntimeStatistics")

OpenSession = Callable[..., AthenaSession]


@pytest.fixture
def place(athena: Endpoint) -> AthenaPlace:
    """Return a store and a workgroup of the test's own."""
    store = S3Place(athena.fresh("sessions"), "comprova")
    athena.client("s3").create_bucket(Bucket=store.bucket)
    workgroup = athena.fresh(WORKGROUP)
    settings = {"ResultConfiguration": {"OutputLocation": f"{store.below('results').uri}/"}}
    athena.client("athena").create_work_group(Name=workgroup, Configuration=settings)
    return AthenaPlace("us-east-1", workgroup, store, deadline=timedelta(minutes=30))


@pytest.fixture
def open_session(place: AthenaPlace, tmp_path: Path) -> Iterator[OpenSession]:
    """Return what opens a session of one run, each one as after a restart."""
    clock = Hurried()
    with ExitStack() as sessions:

        def opened(of: AthenaPlace = place) -> AthenaSession:
            journal = FileJournal(tmp_path / "executions.jsonl")
            return sessions.enter_context(AthenaSession(of, journal, scope="run 1", clock=clock.now, sleep=clock.sleep))

        yield opened


def rows_of(session: AthenaSession, sql: str, columns: Sequence[PlainColumn] = N) -> list[dict[str, Any]]:
    """Run a statement and read its rows."""
    finished = session.execute(sql, "default", name="asked@1")
    return [row for batch in session.batches(finished, columns) for row in batch.to_pylist()]


def test_rows_of_trino_arrive_exactly(open_session: OpenSession) -> None:
    """Every type that evidence knows, its limits, NULL and the empty text, lists with whatever is in them."""
    values: dict[ColumnType, tuple[tuple[str, object], ...]] = {
        ColumnType.VARCHAR: (("''", ""), ("'%s ''%''\n\U0001f512'", "%s '%'\n\U0001f512")),
        ColumnType.BIGINT: (("9223372036854775807", 2**63 - 1), ("sum(9007199254740993)", 9007199254740993)),
        ColumnType.DOUBLE: (("1e-7", 1e-7), ("infinity()", float("inf"))),
        ColumnType.BOOLEAN: (("true", True), ("1 > 2", False)),
        ColumnType.DATE: (("DATE '2026-10-31'", date(2026, 10, 31)),),
        ColumnType.TIMESTAMP: (
            ("TIMESTAMP '1969-12-31 23:59:59.001'", datetime.fromisoformat("1969-12-31 23:59:59.001")),
        ),
        ColumnType.VARCHAR_ARRAY: (
            ("ARRAY['a, b', NULL, '', 'null', '\"\\']", ["a, b", None, "", "null", '"\\']),
            ("CAST(ARRAY[] AS array(varchar))", []),
        ),
    }
    expressions = [(text, type_, value) for type_, given in values.items() for text, value in given]
    expressions += [(f"CAST(NULL AS {type_})", type_, None) for type_ in ColumnType]
    columns = [PlainColumn(f"c{number}", type_) for number, (_, type_, _) in enumerate(expressions)]
    sql = "SELECT " + ", ".join(f"{text} AS c{number}" for number, (text, _, _) in enumerate(expressions))
    (row,) = rows_of(open_session(), sent(sql, *columns), columns)
    assert list(row.values()) == [value for _, _, value in expressions]


def test_lists_are_sorted_on_trino_as_they_were_meant(open_session: OpenSession) -> None:
    """Statements around statements give the rows, and the order, that the embedded engine gives of what was written."""
    session = open_session()
    wrong: list[str] = []
    for sql, columns in STATEMENTS:
        found = [tuple(row.values()) for row in rows_of(session, sent(f"{LOGGED_HERE} {sql}", *columns), columns)]
        meant = [
            tuple(_value(value, column.type) for value, column in zip(row, columns, strict=True))
            for row in meant_rows(sql, columns)
        ]
        if found != meant:
            wrong.append(f"{sql}: {found} and not {meant}")
    assert wrong == []


def _value(value: object, type_: ColumnType) -> object:
    return json.loads(value) if type_ is ColumnType.VARCHAR_ARRAY and isinstance(value, str) else value


def test_more_rows_than_a_page_holds_arrive_whatever_is_throttled(open_session: OpenSession, athena: Endpoint) -> None:
    """Throttling on every kind of call, and too many statements in the account, cost time only."""
    athena.faults.refuse("StartQueryExecution", TOO_MANY_QUERIES, 3)
    for call in CALLS:
        athena.faults.throttle(call, 3)
    assert [row["n"] for row in rows_of(open_session(), NUMBERS)] == list(range(1, 2501))
    assert all(athena.faults.calls[call] >= 4 for call in CALLS), athena.faults.calls


def test_statements_stay_below_the_limit_of_the_account(
    open_session: OpenSession, athena: Endpoint, place: AthenaPlace
) -> None:
    """Ten statements, four at once, in an account that allows two: all are answered."""
    athena.faults.active_limit = 2
    session = open_session(replace(place, concurrency=4))
    waiting = [session.start(f"SELECT {n} AS n", "default", name="asked@1") for n in range(10)]
    assert [future.result().state for future in waiting] == [State.SUCCEEDED] * 10
    assert athena.faults.most_active <= 2


REFUSED = (
    ("SELECT nothing FROM (SELECT 1 AS n)", "COLUMN_NOT_FOUND"),
    ("SELECT n FROM no_table", "TABLE_NOT_FOUND"),
    ("SELECT CAST('Access Denied (Service: Amazon S3; Status Code: 403)' AS bigint) AS n", "INVALID_CAST_ARGUMENT"),
    ("SELECT FROM", "mismatched input"),
)


@pytest.mark.parametrize(("sql", "said"), REFUSED)
def test_what_trino_refuses_has_failed(open_session: OpenSession, sql: str, said: str) -> None:
    """The message is Athena's own; the run goes on."""
    session = open_session()
    with pytest.raises(EngineError, match=said):
        session.execute(sql, "default", name="asked@1")
    assert rows_of(session, "SELECT 1 AS n") == [{"n": 1}]


def test_failures_cancellation_and_cutoff_have_no_rows(open_session: OpenSession, athena: Endpoint) -> None:
    """Each is told with what to do; one that Athena calls retryable is sent again and answered."""
    athena.faults.fail("'failing'", "GENERIC_INTERNAL_ERROR: no")
    athena.faults.cancel("'cancelled'")
    athena.faults.cut_off("'wide'")
    athena.faults.fail("'weak'", "Query exhausted resources at this scale factor", times=2, retryable=True)
    session = open_session()
    said: dict[str, str] = {}
    for word in ("failing", "cancelled", "wide"):
        with pytest.raises(EngineError) as caught:
            session.execute(f"SELECT '{word}' AS n", "default", name=word)
        said[word] = str(caught.value)
    assert "GENERIC_INTERNAL_ERROR" in said["failing"]
    assert "who or what stopped it" in said["cancelled"]
    assert "query_cutoff" in said["wide"]
    assert athena.faults.calls["GetQueryResults"] == 0
    assert rows_of(session, "SELECT 'weak' AS n", [PlainColumn("n", ColumnType.VARCHAR)]) == [{"n": "weak"}]


SPOILED = (
    (ResultFault.LOST, EngineError, "--revise"),
    (ResultFault.DENIED, RunStoppedError, "Grant what"),
    (ResultFault.CUT, EngineError, "the 2,500 rows that a count finds, found 1"),
)


@pytest.mark.parametrize(("spoiled", "error", "said"), SPOILED)
def test_a_result_that_is_gone_denied_or_cut_is_no_answer(
    open_session: OpenSession, athena: Endpoint, spoiled: ResultFault, error: type[Exception], said: str
) -> None:
    """Nothing of it is taken for the whole."""
    athena.faults.spoil_result("sequence", spoiled)
    with pytest.raises(error, match=said):
        rows_of(open_session(), NUMBERS)


def test_places_that_may_not_be_written_or_that_moved_stop_the_run(
    open_session: OpenSession, athena: Endpoint, place: AthenaPlace
) -> None:
    """The results' place denied, or their bucket elsewhere: nothing of it is the question's fault."""
    athena.faults.denied.add(place.results.uri)
    with pytest.raises(RunStoppedError, match="Grant what"):
        open_session().execute("SELECT 1 AS n", "default", name="denied")
    athena.faults.reset()
    athena.faults.moved.add(place.store.bucket)
    with pytest.raises(RunStoppedError, match="in the job's region"):
        open_session().execute("SELECT 2 AS n", "default", name="moved")


def test_a_workgroup_that_is_not_there_stops_the_run(open_session: OpenSession, place: AthenaPlace) -> None:
    """Its name, or the region, is wrong."""
    with pytest.raises(RunStoppedError, match="comprova athena setup"):
        open_session(replace(place, workgroup="nobodys")).execute("SELECT 1 AS n", "default", name="asked@1")


def test_a_disabled_workgroup_stops_the_run(open_session: OpenSession, athena: Endpoint, place: AthenaPlace) -> None:
    """Someone disabled it between two statements; the first result stays."""
    session = open_session()
    assert rows_of(session, "SELECT 1 AS n") == [{"n": 1}]
    athena.client("athena").update_work_group(WorkGroup=place.workgroup, State="DISABLED")
    with pytest.raises(RunStoppedError, match="comprova athena setup"):
        session.execute("SELECT 2 AS n", "default", name="asked@1")


def test_credentials_that_expire_lose_nothing(
    open_session: OpenSession, athena: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At whichever call they expire, the same command with new ones goes on, and starts nothing twice."""
    for calls in range(6):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", f"testing{calls}")
        athena.faults.expire_after(calls)
        sql = f"SELECT {calls} AS n"
        with pytest.raises(RunStoppedError, match="Renew the AWS credentials"):
            until_it_stops(open_session, sql)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", f"renewed{calls}")
        assert rows_of(open_session(), sql) == [{"n": calls}]
        assert len(started(athena)) == calls + 1


def until_it_stops(open_session: OpenSession, sql: str) -> None:
    """Give the same command again and again."""
    for _ in range(10):
        rows_of(open_session(), sql)


def started(athena: Endpoint) -> set[str]:
    """Return the tokens with which statements were started: each is one execution."""
    return {request["ClientRequestToken"] for request in athena.faults.started}


def test_a_slow_statement_is_stopped_at_its_deadline(
    open_session: OpenSession, athena: Endpoint, place: AthenaPlace
) -> None:
    """StopQueryExecution ends it at AWS, too."""
    hasty = replace(place, deadline=timedelta(minutes=3))
    with athena.faults.held("'slow'"), pytest.raises(EngineError, match="query_minutes"):
        open_session(hasty).execute("SELECT 'slow' AS n", "default", name="asked@1")
    assert states(athena, place) == ["CANCELLED"]


def states(athena: Endpoint, place: AthenaPlace) -> list[str]:
    """Return the states of the executions of a workgroup."""
    client = athena.client("athena")
    ids = client.list_query_executions(WorkGroup=place.workgroup)["QueryExecutionIds"]
    executions = [client.get_query_execution(QueryExecutionId=one)["QueryExecution"] for one in ids]
    return sorted(execution["Status"]["State"] for execution in executions)


def test_leaving_the_block_stops_what_is_under_way(
    open_session: OpenSession, athena: Endpoint, place: AthenaPlace
) -> None:
    """Ctrl-C and SIGTERM leave it by an exception; the next attempt makes anew what was stopped."""

    def interrupted() -> None:
        with open_session() as session:
            session.start("SELECT 'slow' AS n", "default", name="asked@1")
            while athena.faults.calls["GetQueryExecution"] == 0:
                threading.Event().wait(0.01)
            raise KeyboardInterrupt

    with athena.faults.held("'slow'"), pytest.raises(KeyboardInterrupt):
        interrupted()
    assert states(athena, place) == ["CANCELLED"]
    assert rows_of(open_session(), "SELECT 'slow' AS n", [PlainColumn("n", ColumnType.VARCHAR)]) == [{"n": "slow"}]
    assert states(athena, place) == ["CANCELLED", "SUCCEEDED"]


def test_a_restart_awaits_what_is_still_running(open_session: OpenSession, athena: Endpoint, tmp_path: Path) -> None:
    """Killed without a word, found by the journal; without the journal, by the token."""
    with athena.faults.held("'slow'") as release:
        first = open_session()
        first.start("SELECT 'slow' AS n", "default", name="asked@1")
        while not (tmp_path / "executions.jsonl").exists():
            threading.Event().wait(0.01)
        second = open_session()
        waiting = second.start("SELECT 'slow' AS n", "default", name="asked@1")
        (tmp_path / "executions.jsonl").unlink()
        third = open_session().start("SELECT 'slow' AS n", "default", name="asked@1")
        release.set()
        assert waiting.result().execution_id == third.result().execution_id
    assert len(started(athena)) == 1


def test_a_run_stops_before_it_scans_too_much(open_session: OpenSession, athena: Endpoint, place: AthenaPlace) -> None:
    """Bytes as the endpoint counts them: of the column chunks that were read."""
    session = open_session()
    target = place.store.below("numbers").uri
    session.execute("CREATE DATABASE IF NOT EXISTS sessions", "", name="database")
    unload = f"UNLOAD ({NUMBERS}) TO '{target}/' WITH (format = 'PARQUET', compression = 'ZSTD')"
    session.execute(unload, "sessions", name="unload")
    table = f"CREATE EXTERNAL TABLE IF NOT EXISTS numbers (n bigint) STORED AS PARQUET LOCATION '{target}/'"
    session.execute(table, "sessions", name="table")
    total = "SELECT sum(n) AS n FROM numbers"
    counted = session.execute(total, "sessions", name="counted@1")
    assert counted.bytes_scanned > 0
    twice = "WITH once AS (SELECT n FROM numbers) SELECT count(*) AS n FROM once JOIN once AS again USING (n)"
    assert session.execute(twice, "sessions", name="twice@1").bytes_scanned == 2 * counted.bytes_scanned
    assert scans_of(twice)[Scan("numbers")] == 2
    athena.client("athena").update_work_group(
        WorkGroup=place.workgroup, ConfigurationUpdates={"BytesScannedCutoffPerQuery": 10_000_000}
    )
    tight = open_session(replace(place, max_scan=5 * counted.bytes_scanned))
    with pytest.raises(BudgetError, match="up to 10,000,000 by this statement"):
        tight.execute(total, "sessions", name="counted@2")
    tight.execute(total, "sessions", name="counted@2", at_most=counted.bytes_scanned)
    with pytest.raises(BudgetError):
        tight.execute(total, "sessions", name="counted@3", at_most=2 * counted.bytes_scanned)
