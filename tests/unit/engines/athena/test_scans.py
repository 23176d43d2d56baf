"""Scans are counted as Trino makes them: once for each use, through every common table expression."""

import pytest

from comprova.engines.athena.scans import scans_of

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
    assert {table: found[table] for table in scans} == scans
