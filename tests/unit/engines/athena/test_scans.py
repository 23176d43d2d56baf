"""Scans are counted as Trino makes them: once for each use, through every common table expression."""

import pytest

from comprova.catalog.parameters import Bindings
from comprova.engines.athena.scans import Scan, scans_of
from comprova.period import Period
from comprova.sql.compile import compile_measure
from comprova.sql.event_groups import all_groups
from comprova.sql.statement import Scope

STATEMENTS = (
    ("SELECT activity FROM Activity AS one", {"activity": 1}),
    ("SELECT 1 FROM activity JOIN\n deliveries ON TRUE CROSS JOIN UNNEST(resources) AS t (r)", {"activity": 1}),
    ("SELECT 1 FROM activity, activity AS again", {"activity": 2}),
    ("SELECT (SELECT max(n) FROM files) FROM activity WHERE n IN (SELECT n FROM activity)", {"activity": 2}),
    ("SELECT 1 FROM activity UNION ALL SELECT 1 FROM activity", {"activity": 2}),
    ("WITH a AS (SELECT 1 FROM activity) SELECT 1 FROM a", {"activity": 1}),
    ("WITH a AS (SELECT 1 FROM activity) SELECT 1 FROM a JOIN A AS b ON TRUE", {"activity": 2}),
    ("WITH a AS (SELECT 1 FROM activity) SELECT 1 FROM files", {"activity": 0, "files": 1}),
    ("WITH a AS (SELECT 1 FROM activity), b AS (SELECT 1 FROM a, a AS c) SELECT 1 FROM b, b AS d", {"activity": 4}),
    (
        "WITH a AS (SELECT 1 FROM activity) SELECT 1 FROM (WITH a AS (SELECT 1 FROM files) SELECT 1 FROM a)",
        {"files": 1},
    ),
)


@pytest.mark.parametrize(("sql", "scans"), STATEMENTS)
def test_each_use_of_a_table_is_a_scan(sql: str, scans: dict[str, int]) -> None:
    """In subqueries, joins, unions, and in table expressions that are used twice, once, or not at all."""
    found = scans_of(sql)
    assert {table: found[Scan(table)] for table in scans} == scans


NARROWED = (
    "SELECT 1 FROM activity AS a WHERE n > 1 AND a.event_group IN ('iam-changes', 'iam-uses')",
    """WITH activity_in_scope AS (SELECT * FROM activity WHERE in_period) SELECT 1 FROM activity_in_scope AS a
    WHERE (n > 1 OR n < 0) AND a.event_group IN ('iam-uses', 'iam-changes')""",
    """WITH activity_in_scope AS (SELECT * FROM activity WHERE in_period), c AS (SELECT 1 FROM activity_in_scope AS a
    WHERE a.event_group IN ('iam-uses', 'iam-changes')) SELECT 1 FROM c""",
)
NOT_NARROWED = (
    "SELECT 1 FROM activity AS a WHERE a.event_group = 'iam-uses'",
    "SELECT 1 FROM activity AS a WHERE n > 1 OR a.event_group IN ('iam-uses')",
    "SELECT 1 FROM activity AS a WHERE (a.event_group LIKE '%-changes' OR n > 1 OR a.event_group IN ('iam-uses'))",
    "SELECT 1 FROM activity AS a WHERE NOT a.event_group IN ('iam-uses')",
    "SELECT 1 FROM activity AS a WHERE a.event_group NOT LIKE '%-uses'",
    "SELECT 1 FROM activity AS a, files AS b WHERE b.event_group IN ('iam-uses')",
    "SELECT 1 FROM activity AS a WHERE EXISTS (SELECT 1 FROM files WHERE a.event_group IN ('iam-uses'))",
    "WITH calls AS (SELECT event_group FROM activity) SELECT 1 FROM calls AS a WHERE a.event_group IN ('iam-uses')",
    "WITH activity_in_scope AS (SELECT 1 FROM activity LIMIT 1) SELECT 1 FROM activity_in_scope",
)


@pytest.mark.parametrize("sql", NARROWED)
def test_a_scan_reads_the_groups_that_it_names(sql: str) -> None:
    """Where its own selection names them, directly or through what narrows activity to a run."""
    assert scans_of(sql) == {Scan("activity", frozenset({"iam-changes", "iam-uses"})): 1}


@pytest.mark.parametrize("sql", NOT_NARROWED)
def test_a_scan_that_may_read_more_counts_in_full(sql: str) -> None:
    """Where a condition may hold without the groups, is another's, or stands behind something else."""
    assert scans_of(sql)[Scan("activity")] == 1


def test_kinds_of_groups_are_named_by_their_endings() -> None:
    """One alone, or several."""
    (scan,) = scans_of("SELECT 1 FROM activity AS a WHERE a.event_group LIKE '%-changes'")
    assert scan.groups == frozenset(group for group in all_groups() if group.endswith("-changes"))
    (scan,) = scans_of(
        "SELECT 1 FROM activity AS a WHERE n > 1 AND (a.event_group LIKE '%-changes' OR a.event_group LIKE '%-people')"
    )
    assert scan.groups == frozenset(group for group in all_groups() if not group.endswith("-uses"))


def test_what_a_compiled_statement_names_is_found() -> None:
    """As the compiler writes it."""
    sql = "SELECT event_id FROM activity WHERE event_source = 'iam.amazonaws.com' ORDER BY event_id"
    scope = Scope(Period.parse("2026-10", "UTC"), ("111122223333",))
    compiled = compile_measure("m", sql, Bindings({}, frozenset()), scope).athena
    assert scans_of(compiled) == {Scan("activity", frozenset({"iam-changes", "iam-people", "iam-uses"})): 1}
