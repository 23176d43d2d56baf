"""The events that a selection's conditions imply: stated where they follow from all of them, and nowhere else."""

import pytest
from sqlglot import exp

from comprova.errors import Problem
from comprova.sql.implied_names import state_implied
from comprova.sql.parse import Source, parse_as_written

STATED = {
    "(event_source = 'a' AND event_name = 'B') OR (event_source = 'c' AND event_name IN ('D', 'E') AND read_only)": (
        "activity.event_source IN ('a', 'c') AND activity.event_name IN ('B', 'D', 'E')"
    ),
    "event_source = 'a' AND (event_name = 'B' OR (event_name = 'C' AND request LIKE '%x%'))": (
        "activity.event_name IN ('B', 'C')"
    ),
    "(event_name IN ('A', 'B') OR event_name = 'C') AND (event_name IN ('B', 'C', 'D') OR event_name = 'E')": (
        "activity.event_name IN ('B', 'C')"
    ),
    "event_base_name = 'UpdateFunctionCode' OR event_name IN ('CreateFunction20150331', 'TagResource')": (
        "activity.event_base_name IN ('CreateFunction', 'TagResource', 'UpdateFunctionCode')"
    ),
    "event_source = 'a' OR (event_source = 'b' AND event_name = 'C')": "activity.event_source IN ('a', 'b')",
}
"""Conditions, and what is stated beside them."""

STATING_NOTHING = (
    "event_source = 'a' AND event_name = 'B'",
    "event_source = 'a' OR event_name = 'B'",
    "event_source = 'a' OR event_source <> 'b'",
    "event_name = 'A' OR event_name NOT IN ('B')",
    "event_name = 'A' OR NOT (event_name = 'B')",
    "event_name = 'A' OR event_name LIKE 'B'",
    "event_name = 'A' OR event_name IS NULL",
    "event_name = 'A' OR lower(event_name) = 'b'",
    "event_name = 'A' OR other.event_name = 'B'",
    "event_name = 'A' OR event_name = event_source",
    "event_name = 'A' OR read_only",
    "error_code = 'A' OR error_code = 'B'",
)
"""Conditions that imply nothing, or nothing that they do not say."""


def parsed(sql: str) -> exp.Query:
    """Return the tree of a statement."""
    tree = parse_as_written(Source(sql, "a test"))
    assert not isinstance(tree, Problem)
    return tree


def stated(sql: str) -> str:
    """Return a statement with what it implies."""
    return state_implied(parsed(sql)).sql(dialect="athena")


@pytest.mark.parametrize("condition", STATED)
def test_events_follow_from_all_conditions(condition: str) -> None:
    """What every alternative allows is stated beside the condition, which stays."""
    said = stated(f"SELECT 1 AS one FROM activity WHERE {condition}")  # noqa: S608 - written in this file
    assert said.endswith(f" AND {STATED[condition]}")


@pytest.mark.parametrize("condition", STATING_NOTHING)
def test_nothing_is_stated_that_does_not_follow(condition: str) -> None:
    """An alternative that allows any event, and a condition that says it by itself, leave the statement as it is."""
    sql = f"SELECT 1 AS one FROM activity WHERE {condition}"  # noqa: S608 - written in this file
    assert stated(sql) == parsed(sql).sql(dialect="athena")


def test_each_reading_of_activity_has_its_own() -> None:
    """In a join each side is told what is said of it, and another table is told nothing."""
    joined = stated(
        "SELECT 1 AS one FROM activity AS a INNER JOIN activity AS b ON a.event_id = b.event_id "
        "WHERE (a.event_name = 'A' OR (a.event_name = 'B' AND a.read_only)) AND b.event_name = 'C'"
    )
    assert joined.endswith(" AND a.event_name IN ('A', 'B')")
    other = "SELECT 1 AS one FROM deliveries WHERE event_name = 'A' OR (event_name = 'B' AND log_file = 'c')"
    assert stated(other) == other
