"""The endpoint answers as Athena does: states, rows, types, errors, tokens."""

import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from athena_endpoint.caller import Caller

pytestmark = pytest.mark.trino


def test_values_and_types_are_shown_as_athena_shows_them(caller: Caller) -> None:
    """Every kind of value has Athena's text, and its column Athena's name of the type; NULL is not ''."""
    shown = {
        "1": ("1", "integer"),
        "CAST(9007199254740993 AS bigint)": ("9007199254740993", "bigint"),
        "1e10": ("1.0E10", "double"),
        "0.1 + .2": ("0.30000000000000004", "double"),
        "CAST(0.1 AS real)": ("0.1", "float"),
        "DECIMAL '1.50'": ("1.50", "decimal"),
        "true": ("true", "boolean"),
        "'a'": ("a", "varchar"),
        "CAST('a' AS char(2))": ("a ", "char"),
        "''": ("", "varchar"),
        "CAST(NULL AS varchar)": (None, "varchar"),
        "DATE '2026-10-01'": ("2026-10-01", "date"),
        "TIMESTAMP '2026-10-01 00:00:00.000'": ("2026-10-01 00:00:00.000", "timestamp"),
        "TIMESTAMP '2026-10-01 00:00:00.000 UTC'": ("2026-10-01 00:00:00.000 UTC", "timestamp with time zone"),
        "ARRAY['a', NULL, 'b, c']": ("[a, null, b, c]", "array"),
        "CAST(ROW('x', 1) AS row(a varchar, b integer))": ("{a=x, b=1}", "row"),
        "MAP(ARRAY['b', 'a'], ARRAY[1, 2])": ("{a=2, b=1}", "map"),
        "X'01ff'": ("01 ff", "varbinary"),
        "JSON '{\"a\": 1}'": ('{"a":1}', "json"),
    }
    columns = ", ".join(f"{expression} AS c{number}" for number, expression in enumerate(shown))

    ended = caller.run(f"SELECT {columns}")

    assert ended.rows is not None, ended.reason
    assert list(zip(ended.rows[0], ended.columns.values(), strict=True)) == list(shown.values())


def test_result_object_has_all_values_but_null_in_quotes(caller: Caller) -> None:
    """The object in the output location is the CSV that Athena writes, with a companion beside it."""
    ended = caller.run("SELECT 'a\"b' AS a, NULL AS b, '' AS c, 1 AS d, 'x\ny' AS e")

    location = ended.execution["ResultConfiguration"]["OutputLocation"]
    key = location.removeprefix(f"s3://{caller.store}/")
    text = caller.s3.get_object(Bucket=caller.store, Key=key)["Body"].read()
    companion = caller.s3.list_objects_v2(Bucket=caller.store, Prefix=f"{key}.metadata")["KeyCount"]
    assert (text, companion) == (b'"a","b","c","d","e"\n"a""b",,"","1","x\ny"\n', 1)


def test_rows_come_in_pages_of_a_thousand(caller: Caller) -> None:
    """More than a thousand rows take several pages, the header being a row of the first."""
    execution_id = caller.start("SELECT n FROM UNNEST(sequence(1, 2500)) AS t (n) ORDER BY n")
    ended = caller.wait(execution_id)

    pages = list(caller.athena.get_paginator("get_query_results").paginate(QueryExecutionId=execution_id))
    statistics = caller.athena.get_query_runtime_statistics(QueryExecutionId=execution_id)
    assert ended.rows == [(str(number),) for number in range(1, 2501)]
    assert [len(page["ResultSet"]["Rows"]) for page in pages] == [1000, 1000, 501]
    assert statistics["QueryRuntimeStatistics"]["Rows"]["OutputRows"] == 2500


@pytest.mark.parametrize(
    ("sql", "reason", "error_type"),
    [
        (
            "SELECT nothing FROM (SELECT 1 AS a)",
            "COLUMN_NOT_FOUND: line 1:8: Column 'nothing' cannot be resolved or requester is not authorized",
            1006,
        ),
        ("SELECT 1 / (n - n) FROM (SELECT 1 AS n)", "DIVISION_BY_ZERO: Division by zero", 1001),
        ("SELECT\n  nothing(1)", "FUNCTION_NOT_FOUND: line 2:3: Function 'nothing' not registered", 1303),
        ("DROP TABLE nothing", "NoSuchObjectException", 1003),
    ],
)
def test_failing_statement_tells_why(caller: Caller, sql: str, reason: str, error_type: int) -> None:
    """A failed execution has Athena's reason and error, and no rows."""
    execution_id = caller.start(sql)
    ended = caller.wait(execution_id)

    error = ended.execution["Status"]["AthenaError"]
    assert ended.state == "FAILED"
    assert reason in ended.reason
    assert (error["ErrorType"], error["Retryable"], error["ErrorMessage"]) == (error_type, False, ended.reason)
    with pytest.raises(ClientError, match="Final query state: FAILED"):
        caller.athena.get_query_results(QueryExecutionId=execution_id)


def test_missing_table_is_named_with_its_catalog_and_database(caller: Caller) -> None:
    """A table that is not there is named in full."""
    expected = f"TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.{caller.database}.nothing' does not exist"
    assert caller.run("SELECT * FROM nothing").reason == expected


@pytest.mark.parametrize("sql", ["SELECT FROM", "SELEKT 1", "INSERT INTO a SELECT 1"])
def test_malformed_statement_is_not_started(caller: Caller, sql: str) -> None:
    """What cannot be parsed, or is no kind of statement that there is here, is refused at once."""
    with pytest.raises(ClientError) as caught:
        caller.start(sql)

    answer: dict[str, Any] = dict(caught.value.response)
    assert (answer["Error"]["Code"], answer["AthenaErrorCode"]) == ("InvalidRequestException", "MALFORMED_QUERY")


def test_token_finds_the_execution_again(caller: Caller) -> None:
    """The same token and text are one execution, whatever has become of it; another text is refused."""
    token = uuid.uuid4().hex
    first = caller.start("SELECT 1", ClientRequestToken=token)
    caller.wait(first)

    assert caller.start("SELECT 1", ClientRequestToken=token) == first
    with pytest.raises(ClientError, match="Idempotent parameters do not match"):
        caller.start("SELECT 2", ClientRequestToken=token)


@pytest.mark.parametrize(
    ("sql", "request_", "message"),
    [
        (f"SELECT '{'x' * 262_140}'", {}, "less than or equal to 262144"),
        ("SELECT 1", {"ClientRequestToken": "t" * 129}, "less than or equal to 128"),
        ("SELECT 1", {"WorkGroup": "nothing"}, "WorkGroup is not found."),
        ("SELECT 1", {"WorkGroup": "primary"}, "No output location provided"),
    ],
    ids=["length of the text", "length of the token", "workgroup", "output location"],
)
def test_request_out_of_bounds_is_refused(caller: Caller, sql: str, request_: dict[str, str], message: str) -> None:
    """Athena's limits hold."""
    caller.athena.meta.config.parameter_validation = False
    with pytest.raises(ClientError, match=message):
        caller.start(sql, **request_)


def test_longest_text_is_accepted(caller: Caller) -> None:
    """262,144 bytes are a statement."""
    sql = f"SELECT length('{'x' * 262_000}')"
    assert caller.rows(f"{sql}{' ' * (262_144 - len(sql))}") == [("262000",)]


def test_validation_reads_nothing(caller: Caller) -> None:
    """EXPLAIN (TYPE VALIDATE) answers, or fails as the statement would, and is free."""
    good, bad = caller.run("EXPLAIN (TYPE VALIDATE) SELECT 1"), caller.run("EXPLAIN (TYPE VALIDATE) SELECT a")

    assert (good.rows, good.scanned) == ([("true",)], 0)
    assert bad.reason.startswith("COLUMN_NOT_FOUND")


def test_parameters_stand_in_for_question_marks(caller: Caller) -> None:
    """ExecutionParameters are expressions."""
    ended = caller.run("SELECT ? || 'c', n FROM (SELECT 1 AS n) WHERE n = ?", ExecutionParameters=["'a''b'", "1"])
    assert ended.rows == [("a'bc", "1")]


def test_executions_are_found_together(caller: Caller) -> None:
    """BatchGetQueryExecution tells of those that are there and of those that are not; the list has the newest first."""
    ids = [caller.start("SELECT 1"), caller.start("SELECT 2")]

    answer = caller.athena.batch_get_query_execution(QueryExecutionIds=[*ids, "nothing"])
    listed = caller.athena.list_query_executions(WorkGroup=caller.workgroup)["QueryExecutionIds"]
    assert [found["QueryExecutionId"] for found in answer["QueryExecutions"]] == ids
    assert [found["QueryExecutionId"] for found in answer["UnprocessedQueryExecutionIds"]] == ["nothing"]
    assert listed[:2] == ids[::-1]


def test_unknown_execution_is_not_found(caller: Caller) -> None:
    """An id that nobody has is not found."""
    with pytest.raises(ClientError, match="QueryExecution nothing was not found"):
        caller.athena.get_query_execution(QueryExecutionId="nothing")
