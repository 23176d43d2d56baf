"""The real PyAthena talks to the endpoint over HTTP and finds everything as on AWS."""

import os
import signal
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pyathena import connect
from pyathena.async_cursor import AsyncCursor
from pyathena.connection import Connection
from pyathena.cursor import Cursor, DictCursor
from pyathena.error import DatabaseError, OperationalError
from pyathena.pandas.cursor import PandasCursor
from pyathena.util import RetryConfig

from athena_endpoint.caller import Caller
from athena_endpoint.endpoint import Endpoint
from athena_endpoint.faults import TOO_MANY_QUERIES

pytestmark = pytest.mark.trino

_PAUSE = 0.01


@pytest.fixture
def connection(caller: Caller) -> Connection[Any]:
    """Give a connection in somebody's workgroup and database."""
    return connect(
        work_group=caller.workgroup,
        schema_name=caller.database,
        s3_staging_dir="",
        region_name="us-east-1",
        poll_interval=_PAUSE,
        retry_config=RetryConfig(attempt=5, multiplier=0),
    )


def test_cursor_reads_values_of_all_types(connection: Connection[Any]) -> None:
    """Text becomes values again, NULL apart from ''."""
    cursor: Cursor = connection.cursor()
    cursor.execute(
        "SELECT 9007199254740993 AS a, 1.5E0 AS b, DECIMAL '1.50' AS c, true AS d, 'x' AS e, '' AS f, NULL AS g, "
        "DATE '2026-10-01' AS h, TIMESTAMP '2026-10-01 00:00:00.001' AS i, "
        "json_format(CAST(ARRAY['a', NULL] AS json)) AS j"
    )

    moment = datetime(2026, 10, 1, 0, 0, 0, 1000, tzinfo=UTC).replace(tzinfo=None)
    assert cursor.fetchall() == [
        (9007199254740993, 1.5, Decimal("1.50"), True, "x", "", None, date(2026, 10, 1), moment, '["a",null]')
    ]
    assert str(cursor.output_location).endswith(f"/results/{cursor.query_id}.csv")


def test_rows_come_by_name_and_from_the_object(connection: Connection[Any]) -> None:
    """DictCursor names values, PandasCursor reads the CSV in the output location."""
    sql = "SELECT n, CAST(n AS varchar) AS text FROM UNNEST(sequence(1, 1500)) AS t (n) ORDER BY n"

    named = connection.cursor(DictCursor).execute(sql).fetchall()
    read = connection.cursor(PandasCursor).execute(sql).fetchall()

    assert (len(named), named[0]) == (1500, {"n": 1, "text": "1"})
    assert [row[0] for row in read] == list(range(1, 1501))


def test_statements_run_side_by_side(connection: Connection[Any]) -> None:
    """Eight threads get each its own answer."""
    cursor = connection.cursor(AsyncCursor, max_workers=8)
    futures = [cursor.execute(f"SELECT {number}")[1] for number in range(16)]

    assert [future.result().fetchone() for future in futures] == [(number,) for number in range(16)]


def test_parameters_are_escaped(connection: Connection[Any]) -> None:
    """What PyAthena writes into a statement is what Trino reads out of it."""
    text = "O'Re\\il%\n"
    cursor: Cursor = connection.cursor()

    assert cursor.execute("SELECT %(text)s AS text", {"text": text}).fetchone() == (text,)


def test_throttled_calls_are_repeated(athena: Endpoint, connection: Connection[Any]) -> None:
    """PyAthena waits out throttling of each call."""
    athena.faults.refuse("StartQueryExecution", TOO_MANY_QUERIES, 2)
    athena.faults.throttle("GetQueryExecution", 2)
    athena.faults.throttle("GetQueryResults", 2)
    cursor: Cursor = connection.cursor()

    assert cursor.execute("SELECT 1").fetchone() == (1,)
    assert min(athena.faults.calls[action] for action in ("StartQueryExecution", "GetQueryResults")) >= 3


def test_errors_are_told(athena: Endpoint, connection: Connection[Any]) -> None:
    """What fails at the start and what fails later are different errors, with Athena's words."""
    cursor: Cursor = connection.cursor()
    with pytest.raises(OperationalError, match="COLUMN_NOT_FOUND"):
        cursor.execute("SELECT nothing")
    athena.faults.fail("SELECT 1", "Query exhausted resources at this scale factor", retryable=True)
    with pytest.raises(OperationalError, match="Query exhausted resources"):
        cursor.execute("SELECT 1")
    with pytest.raises(DatabaseError, match="mismatched input"):
        cursor.execute("SELECT FROM")


@pytest.mark.usefixtures("ctrl_c")
def test_interrupt_stops_the_statement(athena: Endpoint, connection: Connection[Any]) -> None:
    """Ctrl-C while PyAthena waits cancels the execution."""
    cursor: Cursor = connection.cursor()
    interrupt = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    with athena.faults.held("slow"), pytest.raises(KeyboardInterrupt):
        cursor.execute("SELECT 'slow'", on_start_query_execution=lambda _: interrupt.start())

    execution = athena.client("athena").get_query_execution(QueryExecutionId=cursor.query_id)["QueryExecution"]
    assert execution["Status"]["State"] == "CANCELLED"


def test_statement_that_writes_tells_how_many_rows(caller: Caller, connection: Connection[Any]) -> None:
    """It has a count and a manifest, and no rows."""
    cursor: Cursor = connection.cursor()
    cursor.execute(f"CREATE TABLE one WITH (external_location = 's3://{caller.store}/one/') AS SELECT 1 AS n")

    assert cursor.rowcount == 1
    assert cursor.data_manifest_location
    assert cursor.data_scanned_in_bytes == 0
