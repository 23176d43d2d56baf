"""A query that an engine could misread, or that is not what its block says, is refused at its line."""

import pytest

from unit.sql.written_queries import refusals, written_query

CLEAN = "SELECT event_id FROM activity ORDER BY event_id\n"


def test_a_plain_query_is_not_refused() -> None:
    """A query that names its columns, orders by its grain and reads activity has no problems."""
    assert refusals(written_query(CLEAN)) == []


REFUSED = {
    "a column that is not there": (
        "SELECT event_id,\n  evnt_name AS x FROM activity ORDER BY event_id",
        2,
        "event_name",
    ),
    "another column than declared": ("SELECT event_name FROM activity ORDER BY event_name", 1, "columns of its block"),
    "a column without a name": ("SELECT lower(event_id) FROM activity ORDER BY 1", 1, "_col0"),
    "another type than declared": (
        "SELECT\n  copies AS event_id FROM activity ORDER BY event_id",
        2,
        "event_id to be varchar, found bigint",
    ),
    "no order": ("SELECT event_id FROM activity", 1, "the grain in ORDER BY"),
    "an order without the grain": ("SELECT event_id FROM activity\nORDER BY event_name", 2, "not event_id"),
    "a star": ("SELECT * FROM activity ORDER BY event_id", 1, "columns by name"),
    "a star of activity in a table expression": (
        "WITH a AS (\n  SELECT activity.* FROM activity)\nSELECT event_id FROM a ORDER BY event_id",
        2,
        "columns by name",
    ),
    "a timestamp in the text": (
        "SELECT event_id FROM activity\nWHERE event_time > TIMESTAMP '2026-10-01 00:00:00'\nORDER BY event_id",
        2,
        "no date in the text",
    ),
    "a date in the text": (
        "SELECT event_id FROM activity\nWHERE delivery_date > DATE '2026-10-01'\nORDER BY event_id",
        2,
        "no date in the text",
    ),
    "a date cast from text": (
        "SELECT event_id FROM activity\nWHERE delivery_date > TRY_CAST('2026-10-01' AS date)\nORDER BY event_id",
        2,
        "no date in the text",
    ),
    "a date put together of text": (
        "SELECT event_id FROM activity\nWHERE delivery_date > TRY_CAST(concat('2026', '-1-1') AS date)\nORDER BY 1",
        2,
        "no date in the text",
    ),
    "a time from a number": (
        "SELECT event_id FROM activity\nWHERE hour(at_timezone(from_unixtime(1), 'UTC')) > 1\nORDER BY event_id",
        2,
        "no date in the text",
    ),
    "the clock": (
        "SELECT event_id FROM activity\nWHERE delivery_date > current_date\nORDER BY event_id",
        2,
        "current_date",
    ),
    "a parameter that is not declared": (
        "SELECT event_id FROM activity\nWHERE event_name = :event\nORDER BY event_id",
        2,
        "a parameter that the block declares, found :event",
    ),
    "the start of history, which only views may know": (
        "SELECT event_id FROM activity\nWHERE event_time > :history_start\nORDER BY event_id",
        2,
        ":history_start",
    ),
    "the records": ("SELECT eventid AS event_id FROM records ORDER BY event_id", 1, "activity or deliveries"),
    "a table expression that hides a table": (
        "WITH deliveries AS (SELECT event_id FROM activity)\nSELECT event_id FROM deliveries ORDER BY event_id",
        1,
        "a new name for a table expression",
    ),
    "a name that the compiler keeps for itself": (
        "WITH activity_in_scope AS (SELECT event_id FROM activity)\nSELECT event_id FROM activity_in_scope ORDER BY 1",
        1,
        "does not end in _in_scope",
    ),
    "a word that Athena reserves": (
        "SELECT event_id FROM activity AS last ORDER BY event_id",
        1,
        "Athena does not reserve",
    ),
    "a lambda's name that is a table's": (
        "SELECT event_id FROM activity AS a\nWHERE any_match(resources, a -> a.account_id = 'x')\nORDER BY event_id",
        2,
        "a name in a lambda that no table and no column has, found a",
    ),
    "a lambda's name that is a column's": (
        "SELECT event_id FROM activity\nWHERE any_match(resources, ACTOR -> actor.arn = 'x')\nORDER BY event_id",
        2,
        "a name in a lambda that no table and no column has, found actor",
    ),
    "a limit": ("SELECT event_id FROM activity ORDER BY event_id\nLIMIT 10", 2, "LIMIT"),
    "text that is no SQL": ("SELECT event_id\nFROM WHERE activity", 2, "Athena SQL"),
    "a quote without its end": (
        "SELECT event_id FROM activity WHERE event_name = 'x ORDER BY event_id",
        1,
        "Athena SQL",
    ),
    "another statement": ("DROP TABLE activity", 1, "one SELECT"),
    "no query beside UNION": ("1 UNION SELECT event_id FROM activity ORDER BY event_id", 1, "a SELECT on each side"),
    "a chain": (f"SELECT 1 AS one FROM activity WHERE {' OR '.join(['in_period'] * 500)} ORDER BY one", 1, "deep"),  # noqa: S608
    "many brackets": (f"SELECT {'(' * 5_000}1{')' * 5_000} AS one FROM activity ORDER BY one", 1, "deep"),  # noqa: S608
    "two statements": ("SELECT event_id FROM activity ORDER BY event_id; DROP TABLE activity", 1, "one SELECT"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_named_at_its_line(name: str) -> None:
    """Each fault is told once, with the file's name, the line of the file and what was expected."""
    sql, line, expected = REFUSED[name]
    query = written_query(sql + "\n")
    matching = [refusal for refusal in refusals(query) if expected in refusal]
    assert len(matching) == 1
    assert matching[0].startswith(f"queries/identity/asked.sql:{query.sql_line + line - 1}: ")


def test_columns_are_asked_for_in_the_declared_order() -> None:
    """The columns of the block, in another order, are refused."""
    sql = "SELECT event_name, event_id FROM activity ORDER BY event_id\n"
    columns = {"event_id": "varchar", "event_name": "varchar"}
    assert any("in order: event_id, event_name" in refusal for refusal in refusals(written_query(sql, columns)))


def test_a_declared_parameter_must_be_used() -> None:
    """A parameter that the block names and the SELECT does not use is refused."""
    found = refusals(written_query(CLEAN, parameters=("event",)), {"event": "varchar"})
    assert len(found) == 1
    assert "a use of the parameter :event" in found[0]


def test_the_parameter_of_the_look_back_counts_as_used() -> None:
    """A parameter that only says how many days to look back need not stand in the SELECT."""
    query = written_query(CLEAN, parameters=("days",), lookback='"days"')
    assert refusals(query, {"days": "bigint"}) == []


def test_what_the_run_gives_need_not_be_declared() -> None:
    """The period and its time zone may be used by every query."""
    sql = (
        "SELECT event_id FROM activity WHERE event_time >= :period_start AND event_time < :period_end AND "
        "hour(at_timezone(with_timezone(event_time, 'UTC'), :time_zone)) < 6 ORDER BY event_id\n"
    )
    assert refusals(written_query(sql)) == []


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("contains(:names, event_name)", None),
        ("any_match(:names, name -> event_name LIKE name)", None),
        ("event_name IN (SELECT name FROM UNNEST(:names) AS held (name))", None),
        ("event_name IN (:names)", "Write contains(:names, …)"),
        ("event_name = :names", "varchar and array(varchar)"),
    ],
)
def test_lists_are_for_contains_any_match_and_unnest(condition: str, expected: str | None) -> None:
    """A list may stand where both engines take a list, and nowhere else."""
    sql = f"SELECT event_id FROM activity WHERE {condition} ORDER BY event_id\n"  # noqa: S608 - never run
    found = refusals(written_query(sql, parameters=("names",)), {"names": "array(varchar)"})
    assert found == [] if expected is None else expected in "".join(found)


def test_a_table_parameter_is_unnested_into_its_fields() -> None:
    """The fields of a table parameter become columns of their own types."""
    sql = (
        "SELECT event_id FROM activity CROSS JOIN UNNEST(:limits) AS held (name, n) "
        "WHERE event_name = name AND copies > n ORDER BY event_id\n"
    )
    types = {"limits": "array(row(name varchar, n bigint))"}
    assert refusals(written_query(sql, parameters=("limits",)), types) == []


def test_every_fault_is_told_at_once_in_the_order_of_the_text() -> None:
    """An author sees all faults of a query together."""
    sql = "SELECT\n  event_id,\n  upper(event_name) AS a,\n  evnt AS b\nFROM activity\nWHERE copies = 'x'\nORDER BY 1\n"
    columns = {"event_id": "varchar", "a": "varchar", "b": "varchar"}
    query = written_query(sql, columns)
    assert [int(refusal.split(":")[1]) - query.sql_line + 1 for refusal in refusals(query)] == [3, 4, 6]
