"""The groups of events that a statement names: all that its conditions allow, and as few as they tell."""

import pytest

from comprova.errors import Problem
from comprova.sql.event_groups import BUSY, FREQUENT, SERVICES, all_groups, group_of, kind_of, service_of
from comprova.sql.parse import Source, parse_as_written
from comprova.sql.pruning import prune

NAMED = {
    "event_source = 'iam.amazonaws.com'": "event_group IN ('iam-changes', 'iam-people', 'iam-uses')",
    "event_source = 'signin.amazonaws.com'": "event_group IN ('other-people', 'other-uses', 'signin-changes')",
    "event_source = 'iam.amazonaws.com' AND event_name = 'CreateUser'": "event_group IN ('iam-changes')",
    "event_source = 's3.amazonaws.com' AND (event_name = 'GetObject' OR event_name LIKE 'Head%')": (
        "event_group IN ('s3-people', 's3-uses')"
    ),
    "(event_source = 'kms.amazonaws.com' AND event_name IN ('Decrypt')) OR event_source IN ('x.amazonaws.com')": (
        "event_group IN ('kms-people', 'kms-uses', 'other-changes', 'other-people', 'other-uses')"
    ),
    "event_base_name = 'UpdateFunctionCode'": "event_group LIKE '%-changes'",
    "event_name LIKE 'Get%'": "(activity.event_group LIKE '%-people' OR activity.event_group LIKE '%-uses')",
    "actor_kind = 'root'": "(activity.event_group LIKE '%-changes' OR activity.event_group LIKE '%-people')",
    "actor_kind IN ('iam_user', 'root') AND event_name IN ('GetObject')": "event_group LIKE '%-people'",
    "actor_kind = 'role' AND event_source = 'sts.amazonaws.com'": "event_group IN ('sts-changes', 'sts-uses')",
    "actor_kind = 'no kind' AND event_name = 'Decrypt'": "event_group LIKE '%-uses'",
    "actor_kind = 'root' OR (event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRoot')": (
        "(activity.event_group LIKE '%-changes' OR activity.event_group LIKE '%-people')"
    ),
    "regexp_like(event_name, '^(Delete|Purge)')": "event_group LIKE '%-changes'",
    "error_code IS NULL AND event_source = 'sts.amazonaws.com' AND NOT event_name = 'AssumeRole'": (
        "event_group IN ('sts-changes', 'sts-people', 'sts-uses')"
    ),
}
"""Conditions, and what they are narrowed by."""

TELLING_NOTHING = (
    "event_name LIKE 'G%'",
    "event_name LIKE '%Key'",
    "event_name LIKE 'Delete'",
    "event_name NOT LIKE 'Get%'",
    "event_source NOT IN ('iam.amazonaws.com')",
    "NOT (event_source = 'iam.amazonaws.com')",
    "event_name LIKE 'Delete%' ESCAPE '!'",
    "regexp_like(event_name, 'Delete')",
    "regexp_like(event_name, '^(Delete)?')",
    "event_source <> 'iam.amazonaws.com'",
    "event_source IS NULL OR event_source = 'iam.amazonaws.com'",
    "lower(event_source) = 'iam.amazonaws.com'",
    "event_source = event_name",
    "other.event_source = 'iam.amazonaws.com'",
    "event_source = 'iam.amazonaws.com' AND event_source = 's3.amazonaws.com'",
    "actor_kind IN ('iam_user', 'role')",
    "actor_kind <> 'root'",
    "actor_kind = 'root' OR service_initiated",
)
"""Conditions that leave all groups possible, or none."""


def of_condition(condition: str) -> str:
    """Return a statement that selects by a condition, with its groups."""
    return pruned(f"SELECT 1 AS one FROM activity WHERE {condition}")  # noqa: S608 - written in this file


def pruned(sql: str) -> str:
    """Return a statement with its groups."""
    tree = parse_as_written(Source(sql, "a test"))
    assert not isinstance(tree, Problem)
    return prune(tree).sql(dialect="athena")


@pytest.mark.parametrize("condition", NAMED)
def test_groups_follow_from_source_name_and_kind_of_actor(condition: str) -> None:
    """What a condition on the three allows is named beside it; the condition itself stays."""
    said = of_condition(condition)
    named = NAMED[condition]
    assert said.endswith(f" AND {named if named.startswith('(') else f'activity.{named}'}")
    assert said.startswith("SELECT 1 AS one FROM activity WHERE ")


@pytest.mark.parametrize("condition", TELLING_NOTHING)
def test_a_condition_that_tells_nothing_stays_alone(condition: str) -> None:
    """Where rows could lie in any group, none is named."""
    assert "event_group" not in of_condition(condition)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 AS one FROM activity",
        "SELECT 1 AS one FROM activity AS a (event_name, event_source) WHERE a.event_source = 'iam.amazonaws.com'",
        "SELECT 1 AS one FROM deliveries WHERE event_source = 'iam.amazonaws.com'",
        "SELECT 1 AS one FROM named LEFT JOIN activity USING (event_source) WHERE event_source = 'iam.amazonaws.com'",
        "SELECT 1 AS one FROM (SELECT event_source FROM activity) AS chosen WHERE event_source = 'iam.amazonaws.com'",
    ],
)
def test_only_rows_of_activity_have_groups(sql: str) -> None:
    """Other tables have none, and a column that a join made of two may be the other's."""
    assert "event_group" not in pruned(sql)


def test_each_reading_of_activity_is_narrowed_by_its_own_condition() -> None:
    """A condition holds for the name that it gives, and for no other."""
    said = pruned(
        "WITH calls AS (SELECT event_id FROM activity AS call WHERE event_source = 'rds.amazonaws.com')"
        " SELECT a.event_id FROM activity AS a JOIN activity AS b ON a.event_id = b.event_id"
        " WHERE a.event_source = 'iam.amazonaws.com' AND b.event_name = 'Decrypt'"
    )
    assert "call.event_group IN ('rds-changes', 'rds-people', 'rds-uses')" in said
    assert (
        "a.event_group IN ('iam-changes', 'iam-people', 'iam-uses')"
        " AND (b.event_group LIKE '%-people' OR b.event_group LIKE '%-uses')"
    ) in said


def test_groups_fit_into_one_statement_of_athena() -> None:
    """At most a hundred; each list is sorted and says nothing twice; beginnings hold nothing that a version may."""
    assert len(set(all_groups())) == len(list(all_groups())) <= 100
    assert [*SERVICES] == sorted(set(SERVICES))
    assert [*BUSY] == sorted(set(BUSY))
    assert {*BUSY} <= {*SERVICES}
    assert [*FREQUENT] == sorted(set(FREQUENT))
    assert [beginning for beginning in FREQUENT if not beginning.isalpha()] == []


def test_a_source_or_a_name_that_is_none_has_a_group() -> None:
    """Whatever was logged lies somewhere."""
    groups = {
        group_of(service_of(source), kind_of(name, "unknown"))
        for source in (None, "", "iam", "IAM.amazonaws.com", "iam.amazonaws.com ", "-amazonaws.com")
        for name in (None, "", "get", " Get")
    }
    assert groups == {"other-changes"}
