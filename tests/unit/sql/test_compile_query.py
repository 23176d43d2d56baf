"""A compiled query sees its period, accounts and regions only, and its Athena text can be pasted as it is."""

import duckdb
import pytest

from comprova.catalog.parameters import Bindings
from comprova.catalog.query import View, read_view
from comprova.errors import ContentError
from comprova.sql.compile import compile_measure, compile_view
from comprova.sql.duckdb_layer import LAYER_VERSION
from comprova.sql.statement import MAX_STATEMENT_BYTES, Dialect, Scope
from content_builder import text_of
from unit.sql.written_queries import PERIOD, refusals, statement, utc, written_query

SQL = "SELECT event_id FROM activity ORDER BY event_id\n"
DELIVERED = "SELECT log_file AS event_id FROM deliveries ORDER BY event_id\n"
ACTIVITY = """
CREATE TABLE activity AS SELECT * FROM (VALUES
  ('old', TIMESTAMP '2026-07-01 00:00:00', false, '111122223333', 'sa-east-1', '111122223333', 'sa-east-1'),
  ('earlier', TIMESTAMP '2026-09-30 00:00:00', false, '111122223333', 'sa-east-1', '111122223333', 'sa-east-1'),
  ('here', TIMESTAMP '2026-10-10 00:00:00', true, '111122223333', 'sa-east-1', '111122223333', 'sa-east-1'),
  ('other region', TIMESTAMP '2026-10-10 00:00:00', true, '111122223333', 'us-east-1', '111122223333', 'sa-east-1'),
  ('other account', TIMESTAMP '2026-10-10 00:00:00', true, '444455556666', 'sa-east-1', '111122223333', 'sa-east-1')
) AS logged (event_id, event_time, in_period, account_id, region, log_account, log_region)
"""
DELIVERIES = """
CREATE TABLE deliveries AS SELECT * FROM (VALUES
  ('here', '111122223333', 'sa-east-1'), ('other', '444455556666', 'us-east-1')
) AS listed (log_file, log_account, log_region)
"""


def ids(sql: str) -> list[str]:
    """Return the first column of a DuckDB statement over five events and two log files."""
    with duckdb.connect() as connection:
        connection.execute(ACTIVITY)
        connection.execute(DELIVERIES)
        return [row[0] for row in connection.execute(sql).fetchall()]


def test_without_look_back_only_the_period_is_seen() -> None:
    """Rows before the period are history, and no query sees them unasked."""
    assert ids(statement(written_query(SQL)).duckdb) == ["here", "other account", "other region"]


def test_with_look_back_so_many_days_before_the_period_are_seen() -> None:
    """Thirty days of history reach back to 2026-09-01 03:00 UTC, the period's start being 2026-10-01 03:00 UTC."""
    compiled = statement(written_query(SQL, lookback="30"))
    assert ids(compiled.duckdb) == ["earlier", "here", "other account", "other region"]
    assert "event_time >= CAST('2026-09-01 03:00:00.000' AS TIMESTAMP(3))" in compiled.athena


def test_a_parameter_may_say_how_many_days_to_look_back() -> None:
    """The look-back of a job reaches as far as its parameter says."""
    query = written_query(SQL, parameters=("days",), lookback='"days"')
    assert "old" in ids(statement(query, {"days": "bigint"}, {"days": 120}).duckdb)
    assert "old" not in ids(statement(query, {"days": "bigint"}, {"days": 30}).duckdb)


def test_accounts_and_regions_narrow_activity_by_its_own_columns() -> None:
    """What a job may see of activity is decided by the account and region of the event."""
    compiled = statement(written_query(SQL), accounts=("111122223333",), regions=("sa-east-1",))
    assert ids(compiled.duckdb) == ["here"]
    assert "account_id IN ('111122223333') AND region IN ('sa-east-1')" in " ".join(compiled.athena.split())


def test_accounts_and_regions_narrow_deliveries_by_where_they_lie() -> None:
    """What a job may see of deliveries is decided by the account and region of the log file."""
    assert ids(statement(written_query(DELIVERED), accounts=("111122223333",)).duckdb) == ["here"]
    assert ids(statement(written_query(DELIVERED)).duckdb) == ["here", "other"]


def test_no_accounts_are_not_all_accounts() -> None:
    """An empty choice sees nothing."""
    assert ids(statement(written_query(SQL), accounts=()).duckdb) == []


@pytest.mark.parametrize(
    "sql",
    [
        "WITH a AS (SELECT event_id FROM activity) SELECT event_id FROM a ORDER BY event_id",
        "SELECT a.event_id FROM (SELECT event_id FROM activity) AS a ORDER BY event_id",
        "SELECT activity.event_id FROM activity ORDER BY event_id",
        "SELECT event_id FROM Activity ORDER BY event_id",
        'SELECT event_id FROM "activity" ORDER BY event_id',
        "SELECT a.event_id FROM activity AS a INNER JOIN activity AS b ON a.event_id = b.event_id ORDER BY event_id",
        "SELECT event_id FROM activity WHERE event_id IN (SELECT event_id FROM activity) ORDER BY event_id",
        "SELECT event_id FROM activity WHERE EXISTS (SELECT 1 AS one FROM activity AS a) ORDER BY event_id",
        "SELECT event_id FROM activity UNION SELECT event_id FROM activity ORDER BY event_id",
        "SELECT min(event_id) AS event_id FROM (VALUES (1)) AS t (n) CROSS JOIN activity GROUP BY event_id ORDER BY 1",
    ],
)
def test_activity_is_narrowed_wherever_it_is_read(sql: str) -> None:
    """Each mention of activity, in whatever part of a query, is narrowed."""
    compiled = statement(written_query(sql + "\n"), accounts=("111122223333",), regions=("sa-east-1",))
    assert ids(compiled.duckdb) == ["here"]


def test_the_text_for_athena_is_a_query_itself() -> None:
    """What is sent to Athena names what it reads and has every value in place: it can be pasted."""
    sql = "SELECT event_id FROM activity WHERE contains(:names, event_name) AND event_time < :period_end ORDER BY 1\n"
    types = {"names": "array(varchar)"}
    compiled = statement(written_query(sql, parameters=("names",)), types, {"names": ("a", "b'c")})
    assert compiled.athena == (
        "WITH activity_in_scope AS (\n"
        "  SELECT\n"
        "    *\n"
        "  FROM activity\n"
        "  WHERE\n"
        "    in_period\n"
        ")\n"
        "SELECT\n"
        "  event_id\n"
        "FROM activity_in_scope AS activity\n"
        "WHERE\n"
        "  contains(CAST(ARRAY['a', 'b''c'] AS ARRAY(VARCHAR)), event_name)\n"
        "  AND event_time < CAST('2026-11-01 03:00:00.000' AS TIMESTAMP(3))\n"
        "ORDER BY\n"
        "  1\n"
    )


def test_a_statement_says_what_it_was_made_of() -> None:
    """Provenance names the query's version, the values that it used and no others, and the layer."""
    query = written_query(
        "SELECT event_id FROM activity WHERE event_name = :name ORDER BY event_id\n", parameters=("name",)
    )
    compiled = statement(query, {"name": "varchar"}, {"name": "x", "unused": "y"})
    assert (str(compiled.ref), compiled.parameters, compiled.layer) == (
        "identity.asked@1",
        {"name": "x"},
        LAYER_VERSION,
    )
    assert (compiled.text(Dialect.ATHENA), compiled.text(Dialect.DUCKDB)) == (compiled.athena, compiled.duckdb)


def test_a_parameter_without_a_value_is_refused() -> None:
    """No statement is made with a hole in it."""
    query = written_query(
        "SELECT event_id FROM activity WHERE event_name = :name ORDER BY event_id\n", parameters=("name",)
    )
    with pytest.raises(ContentError, match="none for :name"):
        statement(query, {"name": "varchar"})


def test_a_refused_query_is_not_compiled() -> None:
    """What `check_query` refuses never reaches an engine."""
    query = written_query("SELECT event_id FROM activity\n")
    assert refusals(query) != []
    with pytest.raises(ContentError, match="the grain in ORDER BY"):
        statement(query)


def test_a_pattern_given_by_a_job_is_checked_before_it_is_sent() -> None:
    """A pattern on which the engines differ is refused though it is a parameter."""
    sql = "SELECT event_id FROM activity WHERE regexp_like(event_name, :pattern) ORDER BY event_id\n"
    query = written_query(sql, parameters=("pattern",))
    types = {"pattern": "varchar"}
    assert "regexp_like" in statement(query, types, {"pattern": r"^Delete[A-Z]+\z"}).athena
    with pytest.raises(ContentError, match="final line break"):
        statement(query, types, {"pattern": "^Delete$"})


def test_a_statement_that_athena_would_not_take_is_refused() -> None:
    """The limit is on bytes, not on characters, and is told before anything is sent."""
    sql = "SELECT event_id FROM activity WHERE error_code = :name ORDER BY event_id\n"
    query = written_query(sql, parameters=("name",))
    types = {"name": "varchar"}
    room = MAX_STATEMENT_BYTES - len(statement(query, types, {"name": ""}).athena.encode())
    assert len(statement(query, types, {"name": "x" * room}).athena.encode()) == MAX_STATEMENT_BYTES
    with pytest.raises(ContentError, match="262,145 bytes"):
        statement(query, types, {"name": "x" * (room + 1)})
    with pytest.raises(ContentError, match="at most 262,144 bytes"):
        statement(query, types, {"name": "ç" * room})


def test_a_view_reads_records_and_files_and_knows_the_start_of_history() -> None:
    """Both views are compiled by the same rules, over other tables and without narrowing."""
    sql = "SELECT eventid AS event_id FROM records WHERE eventtime > '2026' AND :history_start < :period_start\n"
    head = f'/*---\nid = "activity"\nversion = 1\n{text_of("title")}reads = ["records"]\n---*/\n'
    view = read_view(head + sql, "queries/activity.sql")
    assert isinstance(view, View)
    compiled = compile_view(view, {"history_start": utc("2026-07-01T00:00:00"), "period_start": PERIOD.start})
    assert "CAST('2026-07-01 00:00:00.000' AS TIMESTAMP(3)) < CAST('2026-10-01 03:00:00.000'" in compiled.athena
    assert "in_scope" not in compiled.athena


def test_a_measure_sees_look_back_and_is_narrowed_by_where_logs_lie() -> None:
    """A control total counts each event once, whichever account acted: log account and region decide."""
    compiled = compile_measure(
        "totals",
        "SELECT event_id FROM activity ORDER BY event_id",
        Bindings({}, frozenset()),
        Scope(PERIOD, ("111122223333",)),
    )
    assert ids(compiled.duckdb) == ["earlier", "here", "old", "other account", "other region"]
    assert str(compiled.ref) == "totals@1"


def test_a_condition_within_a_condition_does_not_multiply() -> None:
    """Lists within lists are not all written out: the text grows with what a job gives, not with its square."""
    query = written_query(
        "SELECT event_id FROM activity WHERE any_match(:names, a -> any_match(:names, b -> concat(a, b) = event_id)) "
        "ORDER BY event_id\n",
        parameters=("names",),
    )
    names = tuple(f"name {number}" for number in range(64))
    assert len(statement(query, {"names": "array(varchar)"}, {"names": names}).duckdb) < 30_000
