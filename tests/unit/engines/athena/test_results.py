"""Rows arrive whole and exact, or not at all."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest

from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.engines.athena.session import AthenaSession
from comprova.errors import EngineError, RunStoppedError
from unit.engines.athena.athena_service import AthenaService, Script
from unit.engines.athena.conftest import Time

N = (PlainColumn("n", ColumnType.BIGINT),)


def rows_of(session: AthenaSession, columns: Sequence[PlainColumn] = N) -> list[dict[str, object]]:
    """Run a statement and read its rows."""
    finished = session.execute("SELECT n FROM activity ORDER BY n\n", "run", name="identity.asked@1")
    return [row for batch in session.batches(finished, columns) for row in batch.to_pylist()]


def value_of(session: AthenaSession, service: AthenaService, type_: Any, athena: Any, text: Any) -> object:
    """Return what becomes of one value."""
    service.script("", Script(columns=[("value", athena)], rows=[[text]]))
    (row,) = rows_of(session, [PlainColumn("value", type_)])
    return row["value"]


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 2500])
def test_any_number_of_rows_arrives_in_order(session: AthenaSession, service: AthenaService, count: int) -> None:
    """A page holds a thousand rows, and the first one the names of the columns."""
    service.script("", Script(rows=[[str(n)] for n in range(count)]))
    assert [row["n"] for row in rows_of(session)] == list(range(count))


def test_pages_are_read_as_rows_are_taken(session: AthenaSession, service: AthenaService) -> None:
    """However many rows there are, a page of them is held."""
    service.script("", Script(rows=[[str(n)] for n in range(2500)]))
    finished = session.execute("SELECT 1 AS n", "run", name="asked@1")
    batches = session.batches(finished, N)
    assert service.count("GetQueryResults") == 1
    assert (next(batches).num_rows, service.count("GetQueryResults")) == (1000, 2)
    assert [batch.num_rows for batch in batches] == [1000, 500]


EXACT: tuple[tuple[ColumnType, str, str, object], ...] = (
    (ColumnType.VARCHAR, "varchar", "", ""),
    (ColumnType.VARCHAR, "varchar", "NULL", "NULL"),
    (ColumnType.VARCHAR, "varchar", ' "quoted", \n\té\U0001f512 ', ' "quoted", \n\té\U0001f512 '),
    (ColumnType.BIGINT, "bigint", "9223372036854775807", 2**63 - 1),
    (ColumnType.BIGINT, "bigint", "-9223372036854775808", -(2**63)),
    (ColumnType.BIGINT, "integer", "9007199254740993", 2**53 + 1),
    (ColumnType.BIGINT, "decimal(38,0)", "9007199254740993", 2**53 + 1),
    (ColumnType.DOUBLE, "double", "1.0E-7", 1e-7),
    (ColumnType.DOUBLE, "double", "0.30000000000000004", 0.1 + 0.2),
    (ColumnType.DOUBLE, "double", "-Infinity", float("-inf")),
    (ColumnType.BOOLEAN, "boolean", "true", True),
    (ColumnType.BOOLEAN, "boolean", "false", False),
    (ColumnType.DATE, "date", "2026-10-31", date(2026, 10, 31)),
    (ColumnType.TIMESTAMP, "timestamp", "2026-10-31 23:59:59.999", datetime.fromisoformat("2026-10-31 23:59:59.999")),
    (ColumnType.TIMESTAMP, "timestamp", "1969-12-31 23:59:59.001", datetime.fromisoformat("1969-12-31 23:59:59.001")),
    (
        ColumnType.TIMESTAMP,
        "timestamp",
        "2026-10-31 23:59:59.123000",
        datetime.fromisoformat("2026-10-31 23:59:59.123"),
    ),
    (ColumnType.TIMESTAMP, "timestamp", "2026-10-31 23:59:59", datetime.fromisoformat("2026-10-31 23:59:59")),
    (ColumnType.VARCHAR_ARRAY, "varchar", "[]", []),
    (
        ColumnType.VARCHAR_ARRAY,
        "varchar",
        '["a, b",null,"","null","\\"\\\\\\n\\u00e9"]',
        ["a, b", None, "", "null", '"\\\né'],
    ),
)


@pytest.mark.parametrize("case", EXACT)
def test_values_arrive_exactly(
    session: AthenaSession, service: AthenaService, case: tuple[ColumnType, str, str, object]
) -> None:
    """Each type as Athena writes it, to the last digit."""
    *given, value = case
    found = value_of(session, service, *given)
    assert (found, type(found)) == (value, type(value))


def test_null_is_apart_from_the_empty_text(session: AthenaSession, service: AthenaService) -> None:
    """A cell without value is NULL, whatever its type; one with an empty value is the empty text."""
    columns = [PlainColumn(type_.name.lower(), type_) for type_ in ColumnType]
    kinds = [(column.name, "varchar" if column.type is ColumnType.VARCHAR_ARRAY else column.type) for column in columns]
    service.script("", Script(columns=kinds, rows=[[None] * len(columns), ["", *[None] * (len(columns) - 1)]]))
    nothing, empty = rows_of(session, columns)
    assert set(nothing.values()) == {None}
    assert empty["varchar"] == ""
    assert "timestamp" in nothing


NOT_OF_THE_TYPE = (
    (ColumnType.BIGINT, "bigint", "9223372036854775808"),
    (ColumnType.BIGINT, "bigint", "1.0"),
    (ColumnType.BIGINT, "bigint", ""),
    (ColumnType.DOUBLE, "double", "much"),
    (ColumnType.BOOLEAN, "boolean", "1"),
    (ColumnType.DATE, "date", "2026-02-30"),
    (ColumnType.TIMESTAMP, "timestamp", "2026-10-31 23:59:59.123456"),
    (ColumnType.TIMESTAMP, "timestamp", "2026-10-31 23:59:59.123 UTC"),
    (ColumnType.TIMESTAMP, "timestamp", "2026-10-31"),
    (ColumnType.VARCHAR_ARRAY, "varchar", "[a, b]"),
    (ColumnType.VARCHAR_ARRAY, "varchar", "[1]"),
    (ColumnType.VARCHAR_ARRAY, "varchar", '"a"'),
    (ColumnType.VARCHAR_ARRAY, "varchar", '["\\ud83d"]'),
)


@pytest.mark.parametrize(("type_", "athena", "text"), NOT_OF_THE_TYPE)
def test_what_cannot_be_held_exactly_is_refused(
    session: AthenaSession, service: AthenaService, type_: ColumnType, athena: str, text: str
) -> None:
    """Nothing is rounded, guessed or left out; the message names statement, column and value."""
    with pytest.raises(EngineError, match=r"identity.asked@1: value: expected a value of type"):
        value_of(session, service, type_, athena, text)


WRONG_COLUMNS = (
    ([("m", "bigint")], "the columns n, found m"),
    ([("n", "bigint"), ("m", "bigint")], "the columns n, found n, m"),
    ([("n", "varchar")], "expected bigint, found varchar.*Write CAST"),
    ([("n", "decimal(38,2)")], "expected bigint, found decimal"),
    ([("n", "timestamp with time zone")], "expected bigint, found timestamp with time zone"),
)


@pytest.mark.parametrize(("columns", "message"), WRONG_COLUMNS)
def test_columns_are_the_declared_ones(
    session: AthenaSession, service: AthenaService, columns: list[tuple[str, str]], message: str
) -> None:
    """Name, order and type are compared before the first row is taken."""
    service.script("", Script(columns=columns))
    finished = session.execute("SELECT 1 AS n", "run", name="asked@1")
    with pytest.raises(EngineError, match=message):
        session.batches(finished, N)


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED", "RUNNING"])
def test_rows_of_an_execution_that_has_not_succeeded_are_never_read(
    session: AthenaSession, service: AthenaService, state: str
) -> None:
    """Whatever is remembered of it: what Athena says of it now counts."""
    finished = session.execute("SELECT 1 AS n", "run", name="asked@1")
    service.started()[0].script = Script(states=(state,), rows=[["1"]])
    with pytest.raises(EngineError, match=state):
        session.batches(finished, N)
    assert service.count("GetQueryResults") == 0


UNREADABLE = (
    ("InvalidRequestException", "Could not find results", EngineError, "with --revise"),
    ("InvalidRequestException", "You do not seem to have access to the S3 location", RunStoppedError, "Grant what"),
    ("ExpiredTokenException", "expired", RunStoppedError, "Renew"),
)


@pytest.mark.parametrize("page", [None, "1000"])
@pytest.mark.parametrize("case", UNREADABLE)
def test_a_page_that_is_gone_or_denied_is_told(
    session: AthenaSession, service: AthenaService, case: tuple[str, str, type[Exception], str], page: str | None
) -> None:
    """The first page or a later one: no part of a result is taken for all of it."""
    code, message, error, hint = case
    service.script("", Script(rows=[["1"]] * 2500))
    service.refuse("GetQueryResults", code, message, when=lambda request: request.get("NextToken") == page)
    with pytest.raises(error, match=hint):
        rows_of(session)


def test_a_throttled_page_is_asked_for_again(session: AthenaSession, service: AthenaService) -> None:
    """Each page may be refused for a while."""
    service.script("", Script(rows=[["1"]] * 1500))
    service.refuse("GetQueryResults", "TooManyRequestsException", times=3)
    service.refuse("GetQueryResults", "ThrottlingException", times=3, when=lambda request: "NextToken" in request)
    assert len(rows_of(session)) == 1500


def test_a_row_that_was_cut_is_refused(session: AthenaSession, service: AthenaService) -> None:
    """A row without all of its values is no row."""
    columns = [PlainColumn("n", ColumnType.BIGINT), PlainColumn("m", ColumnType.BIGINT)]
    service.script("", Script(columns=[("n", "bigint"), ("m", "bigint")], rows=[["1", "2"], ["3"]]))
    with pytest.raises(EngineError, match="rows of 2 values"):
        rows_of(session, columns)


def counting(service: AthenaService, count: int) -> None:
    """Let a count that runs over the statement find so many rows."""
    service.script("SELECT count(*) AS row_count", Script(columns=[("row_count", "bigint")], rows=[[str(count)]]))


def test_rows_are_compared_with_what_athena_returned(session: AthenaSession, service: AthenaService) -> None:
    """Where the numbers agree nothing more is run."""
    service.script("", Script(rows=[["1"]] * 3))
    assert len(rows_of(session)) == 3
    assert len(service.started()) == 1


def test_the_number_may_come_late(session: AthenaSession, service: AthenaService, time: Time) -> None:
    """AWS tells it some time after the end; it is asked for again before anything is counted."""
    service.script("", Script(rows=[["1"]] * 3, told_rows=(None, None, 3)))
    assert len(rows_of(session)) == 3
    assert len(service.started()) == 1
    assert time.waited < 10


def test_where_athena_tells_no_number_the_rows_are_counted(session: AthenaSession, service: AthenaService) -> None:
    """The count runs over the very statement, in its database."""
    service.script("", Script(rows=[["1"]] * 3, told_rows=(None,)))
    counting(service, 3)
    assert len(rows_of(session)) == 3
    asked, counted = service.started()
    assert counted.sql == f"SELECT count(*) AS row_count FROM (\n{asked.sql}\n)"  # noqa: S608 - no input
    assert counted.request["QueryExecutionContext"] == asked.request["QueryExecutionContext"]


def test_statistics_that_are_refused_count_as_none(session: AthenaSession, service: AthenaService) -> None:
    """Of some statements Athena has no statistics; that is no fault of theirs."""
    service.script("", Script(rows=[["1"]]))
    counting(service, 1)
    service.refuse("GetQueryRuntimeStatistics", "InvalidRequestException", "not available for this query")
    assert len(rows_of(session)) == 1


def test_a_result_that_was_cut_is_refused(session: AthenaSession, service: AthenaService) -> None:
    """Fewer rows than a count finds are not the answer."""
    service.script("", Script(rows=[["1"]] * 3, told_rows=(5,)))
    counting(service, 5)
    with pytest.raises(EngineError, match="the 5 rows that a count finds, found 3"):
        rows_of(session)


def test_a_wrong_number_of_athena_is_outweighed_by_a_count(session: AthenaSession, service: AthenaService) -> None:
    """What AWS tells is meant for tuning; the count decides."""
    service.script("", Script(rows=[["1"]] * 3, told_rows=(4,)))
    counting(service, 3)
    assert len(rows_of(session)) == 3


def test_lists_survive_the_way_there_and_back(session: AthenaSession, service: AthenaService) -> None:
    """What json_format writes is what is read, for texts that look like anything."""
    values = ["", "null", None, '"', "\\", "a, b", "[x]", "\u2028\x00\x1f", "ação", "\U0001f512"]
    text = json.dumps(values, ensure_ascii=False)
    assert value_of(session, service, ColumnType.VARCHAR_ARRAY, "varchar", text) == values


def test_types_are_those_of_evidence(session: AthenaSession, service: AthenaService) -> None:
    """The embedded engine gives the very same Arrow types."""
    columns = [PlainColumn(type_.name.lower(), type_) for type_ in ColumnType]
    kinds = [(column.name, "varchar" if column.type is ColumnType.VARCHAR_ARRAY else column.type) for column in columns]
    service.script("", Script(columns=kinds, rows=[[None] * len(columns)]))
    finished = session.execute("SELECT 1 AS n", "run", name="asked@1")
    (batch,) = session.batches(finished, columns)
    expected = [
        pa.string(),
        pa.int64(),
        pa.float64(),
        pa.bool_(),
        pa.date32(),
        pa.timestamp("ms"),
        pa.list_(pa.string()),
    ]
    assert list(batch.schema.types) == expected
    assert batch.num_rows == 1
