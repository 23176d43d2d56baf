"""Names of AWS in queries: what can never match is refused, with what was meant; what is only unusual is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from comprova.catalog.api_models import ApiModels
from comprova.catalog.aws_names import read_aws_names
from comprova.catalog.known_names import KnownNames
from comprova.catalog.query import Query, View, read_query, read_view
from comprova.content import builtin_root
from comprova.sql.name_lint import name_problems
from comprova.sql.named_events import named_events
from comprova.sql.parse import Source, parse_as_written

_BLOCK = """/*---
id = "toy.query"
version = 1
kind = "population"
severity = "info"
title = { en = "T", pt_BR = "T" }
question = { en = "Q?", pt_BR = "Q?" }
needs = ["management:write"]
parameters = []
grain = ["event_id"]
limits = { en = [], pt_BR = [] }
remedy = { en = "R", pt_BR = "R" }

[[column]]
name = "event_id"
type = "varchar"
title = { en = "Id", pt_BR = "Id" }
---*/

"""
_SQL_LINE = _BLOCK.count("\n") + 1


@pytest.fixture(scope="module")
def names() -> KnownNames:
    """Give the built-in names."""
    return KnownNames(ApiModels(), read_aws_names([builtin_root()]))


def _query(sql: str) -> Query:
    query = read_query(_BLOCK + sql, "queries/toy/query.sql", builtin=True)
    assert isinstance(query, Query)
    return query


def _told(sql: str, names: KnownNames) -> list[str]:
    return [str(problem) for problem in name_problems(_query(sql), names)]


def _where(condition: str, column: str = "event_id") -> str:
    return "SELECT COLUMN AS x FROM activity WHERE CONDITION".replace("CONDITION", condition).replace("COLUMN", column)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("event_source = 'iam.amazonaws.com' AND event_name = 'PassRole'", "PassRole is a permission"),
        (
            "event_source = 's3.amazonaws.com' AND event_name IN ('PutPublicAccessBlock')",
            "'PutBucketPublicAccessBlock'",
        ),
        ("event_source = 'iam.amazonaws.com' AND event_name = 'CreateLoginProfil'", "Did you mean CreateLoginProfile"),
        ("event_source = 'iam.amazonaws.com' AND event_name = 'createUser'", "Did you mean CreateUser?"),
        (
            "event_source = 'iam.amazonaws.com' AND event_name = 'AssumeRole'",
            "AssumeRole is an event of sts.amazonaws.com",
        ),
        (
            "event_source = 'iam.amazonaws.com' AND event_name = 'PasswordUpdated'",
            "is an event of signin.amazonaws.com",
        ),
        ("event_source = 'iam.amazonaws.com' AND event_name <> 'CreateUserr'", "Did you mean CreateUser?"),
        ("event_source = 'cloudwatch.amazonaws.com'", "Did you mean monitoring.amazonaws.com?"),
        ("event_source = 'elbv2.amazonaws.com'", "Did you mean elasticloadbalancing.amazonaws.com?"),
        ("event_source = 'iam'", "Did you mean iam.amazonaws.com?"),
        ("event_source = 'IAM.amazonaws.com'", "Did you mean iam.amazonaws.com?"),
        ("concat(event_source, ':', event_name) IN ('iam.amazonaws.com:PassRole')", "PassRole is a permission"),
        ("event_source || '/' || event_name = 'iam.amazonaws.com/PassRole'", "PassRole is a permission"),
        ("(event_source, event_name) IN (('iam.amazonaws.com', 'PassRole'))", "PassRole is a permission"),
        ("event_source = 'iam.amazonaws.com' AND contains(ARRAY['PassRole'], event_name)", "PassRole is a permission"),
        ("event_name = 'NoSuchEventAtAll'", "an event of AWS"),
        (
            "event_source = 'lambda.amazonaws.com' AND event_name = 'UpdateFunctionCode'",
            "expected event_base_name compared with 'UpdateFunctionCode'",
        ),
        (
            "event_source = 'lambda.amazonaws.com' AND event_base_name = 'UpdateFunctionCode20150331v2'",
            "expected event_base_name compared with 'UpdateFunctionCode'",
        ),
        (
            "event_source = 'cloudfront.amazonaws.com' AND event_name = 'UpdateDistribution2020_05_31'",
            "expected event_base_name compared with 'UpdateDistribution'",
        ),
    ],
)
def test_names_that_no_event_has(names: KnownNames, condition: str, told: str) -> None:
    """One problem tells the name's line, what was found, and what to write instead."""
    problems = _told(_where(condition), names)
    assert len(problems) == 1
    assert problems[0].startswith(f"queries/toy/query.sql:{_SQL_LINE}: ")
    assert told in problems[0]


@pytest.mark.parametrize(
    "condition",
    [
        "event_source = 'signin.amazonaws.com' AND event_name = 'ConsoleLogin'",
        "event_source IN ('iam.amazonaws.com', 'sts.amazonaws.com') AND event_name IN ('CreateUser', 'AssumeRole')",
        "event_source = 'lambda.amazonaws.com' AND event_base_name = 'UpdateFunctionCode'",
        "event_source = 'lambda.amazonaws.com' AND event_name = 'Invoke'",
        "event_source = 'cloudfront.amazonaws.com' AND event_name = 'UpdateDistribution'",  # older records
        "event_source = 'iam.amazonaws.com' AND event_name LIKE 'Nonsense%'",
        "event_source = 'iam.amazonaws.com' AND regexp_like(event_name, '^Nonsense')",
        "contains(:events, event_name) AND event_source = 'iam.amazonaws.com'",
        "event_name IN ('ConsoleLogin', 'CreateUser')",
        "invoked_by = 'nosuch.amazonaws.com' OR source_address = 'nosuch.amazonaws.com'",
        "event_source = 'ec2.amazonaws.com' AND event_name = 'SharedSnapshotVolumeCreated'",
    ],
)
def test_names_that_can_match(names: KnownNames, condition: str) -> None:
    """Known events, patterns, parameters and columns that name something else are left alone."""
    assert _told(_where(condition), names) == []


def test_a_name_is_judged_by_the_event_source_of_its_own_branch(names: KnownNames) -> None:
    """Each side of an OR has its own event source."""
    good = (
        "(event_source = 'iam.amazonaws.com' AND event_name = 'CreateUser')"
        " OR (event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRole')"
    )
    assert _told(_where(good), names) == []
    crossed = good.replace("CreateUser", "x").replace("AssumeRole", "CreateUser").replace("'x'", "'AssumeRole'")
    assert len(_told(_where(crossed), names)) == 2


def test_a_text_that_the_query_gives_is_no_event(names: KnownNames) -> None:
    """A column that the query makes of event names and its own words may be compared with those words."""
    sql = """WITH calls AS (
        SELECT event_id, CASE WHEN event_name LIKE 'Create%' THEN event_name ELSE 'another' END AS step
        FROM activity WHERE event_source = 'iam.amazonaws.com'
    )
    SELECT event_id FROM calls WHERE step = 'another'"""
    assert _told(sql, names) == []


def test_each_name_is_told_at_its_own_line(names: KnownNames) -> None:
    """In a list over several lines, the problem is at the line of the wrong name."""
    sql = _where("event_source = 'iam.amazonaws.com' AND event_name IN (\n'CreateUser',\n'PassRole'\n)")
    assert [problem.split(" ")[0] for problem in _told(sql, names)] == [f"queries/toy/query.sql:{_SQL_LINE + 2}:"]


_EVENT_OF = {
    "IAM_CALL": "event_source = 'iam.amazonaws.com'",
    "CREATE_ACCESS_KEY": "event_source = 'iam.amazonaws.com' AND event_name = 'CreateAccessKey'",
    "USER_OR_KEY": "event_source = 'iam.amazonaws.com' AND event_name IN ('CreateUser', 'UpdateAccessKey')",
    "CREATE_KMS_KEY": "event_source = 'kms.amazonaws.com' AND event_name = 'CreateKey'",
    "TAG_KMS_KEY": "event_source = 'kms.amazonaws.com' AND event_name = 'TagResource'",
    "OPEN_PORT": "event_source = 'ec2.amazonaws.com' AND event_name = 'AuthorizeSecurityGroupIngress'",
    "PUT_OBJECT": "event_source = 's3.amazonaws.com' AND event_name = 'PutObject'",
    "SIGN_IN": "event_source = 'signin.amazonaws.com' AND event_name = 'ConsoleLogin'",
}

_IMPOSSIBLE_READS = {
    "SELECT json_extract_scalar(request, '$.UserName') AS a FROM activity WHERE CREATE_ACCESS_KEY": (
        "$.UserName",
        "$.userName",
    ),
    "SELECT coalesce(json_extract_scalar(response, '$.accessKey.id'), '') AS a FROM activity WHERE CREATE_ACCESS_KEY": (
        "$.accessKey.id",
        "",
    ),
    """WITH calls AS (SELECT request FROM activity WHERE CREATE_ACCESS_KEY)
    SELECT json_extract_scalar(request, '$.username') AS a FROM calls""": ("$.username", "$.userName"),
    """WITH calls AS (
        SELECT event_source, event_name, json_extract_scalar(request, '$.username') AS a FROM activity
    )
    SELECT a FROM calls WHERE CREATE_ACCESS_KEY""": ("$.username", "$.userName"),
    """WITH calls AS (SELECT activity.*, json_extract(response, '$.accessKey') AS k FROM activity)
    SELECT json_extract_scalar(c.k, '$.accessKeyID') AS a FROM calls AS c WHERE CREATE_ACCESS_KEY""": (
        "$.accessKey.accessKeyID",
        "$.accessKey.accessKeyId",
    ),
    """SELECT json_extract_scalar(rule, '$.fromport') AS a FROM activity
    CROSS JOIN UNNEST(CAST(json_extract(request, '$.ipPermissions.items') AS array(json))) AS t (rule)
    WHERE OPEN_PORT""": ("$.ipPermissions.items[0].fromport", "$.ipPermissions.items[0].fromPort"),
    """SELECT any_match(
        CAST(json_extract(request, '$.ipPermissions.items') AS array(json)),
        x -> json_extract_scalar(x, '$.toport') = '22'
    ) AS a FROM activity WHERE OPEN_PORT""": ("$.ipPermissions.items[0].toport", "$.ipPermissions.items[0].toPort"),
    """SELECT CASE event_name WHEN 'CreateUser' THEN json_extract_scalar(request, '$.accessKeyId') END AS a
    FROM activity WHERE USER_OR_KEY""": ("$.accessKeyId", ""),
    "SELECT json_extract_scalar(request, '$.tags.tagKey') AS a FROM activity WHERE TAG_KMS_KEY": (
        "$.tags.tagKey",
        "$.tags[0]",
    ),
    "SELECT json_extract_scalar(request, '$[\"x-amz-acI\"]') AS a FROM activity WHERE PUT_OBJECT": (
        '$["x-amz-acI"]',
        '$["x-amz-acl"]',
    ),
    "SELECT json_extract_scalar(additional, '$.MfaUsed') AS a FROM activity WHERE SIGN_IN": ("$.MfaUsed", "$.MFAUsed"),
    "SELECT json_extract_scalar(request, '$.rolename') AS a FROM activity WHERE IAM_CALL": ("$.rolename", "$.roleName"),
}
"""Statements that read what no event has; what is told of them: the path, and the path that was meant."""

_POSSIBLE_READS = {
    "one of the events has the member": """
        SELECT json_extract_scalar(request, '$.accessKeyId') AS a FROM activity WHERE USER_OR_KEY""",
    "the member is of the other row's event": """
        SELECT json_extract_scalar(c.request, '$.userName') AS a
        FROM activity AS c INNER JOIN activity AS d ON c.account_id = d.account_id
        WHERE c.event_source = 'iam.amazonaws.com' AND c.event_name = 'CreateUser'
        AND d.event_source = 'kms.amazonaws.com' AND d.event_name = 'CreateKey'""",
    "no event is named": """
        SELECT json_extract_scalar(request, '$.anything') AS a FROM activity WHERE event_name LIKE 'Create%'""",
    "an alternative that cannot be followed may have the member": """
        WITH calls AS (
            SELECT coalesce(json_extract(response, '$.accessKey'), json_parse(user_agent)) AS k
            FROM activity WHERE CREATE_ACCESS_KEY
        )
        SELECT json_extract_scalar(k, '$.anything') AS a FROM calls""",
    "another branch of the union has the member": """
        WITH calls AS (
            SELECT request FROM activity WHERE CREATE_ACCESS_KEY
            UNION ALL
            SELECT request FROM activity WHERE CREATE_KMS_KEY
        )
        SELECT json_extract_scalar(request, '$.keySpec') AS a FROM calls""",
    "the request may have been left out": """
        SELECT json_extract_scalar(request, '$.omitted') AS a FROM activity WHERE CREATE_ACCESS_KEY""",
    "the list is made by the query": """
        WITH calls AS (SELECT ARRAY[json_extract(request, '$')] AS items FROM activity WHERE CREATE_ACCESS_KEY)
        SELECT json_extract_scalar(item, '$.userName') AS a FROM calls CROSS JOIN UNNEST(items) AS t (item)""",
    "the key is quoted": """
        SELECT json_extract_scalar(request, '$["x-amz-acl"]') AS a FROM activity WHERE PUT_OBJECT""",
}
"""Statements that read what an event can have, by the reason."""


def _of_events(sql: str) -> str:
    for word, condition in _EVENT_OF.items():
        sql = sql.replace(word, condition)
    return sql


@pytest.mark.parametrize(("sql", "told"), _IMPOSSIBLE_READS.items())
def test_members_that_no_event_has(names: KnownNames, sql: str, told: tuple[str, str]) -> None:
    """A path is followed through table expressions, UNNEST and lambdas, and judged by the events around it."""
    wrong, meant = told
    problems = _told(_of_events(sql), names)
    assert len(problems) == 1
    assert f"found {wrong!r}" in problems[0]
    assert meant in problems[0]


@pytest.mark.parametrize("sql", _POSSIBLE_READS.values(), ids=_POSSIBLE_READS)
def test_members_that_some_event_has(names: KnownNames, sql: str) -> None:
    """A member is refused only where none of the events that it can be read from has it."""
    assert _told(_of_events(sql), names) == []


def test_views_are_judged_by_the_columns_of_records(names: KnownNames) -> None:
    """A view reads `records`, whose columns have Athena's names."""
    block = '/*---\nid = "activity"\nversion = 1\ntitle = { en = "T", pt_BR = "T" }\nreads = ["records"]\n---*/\n\n'
    sql = """SELECT eventsource = 'iam.amazonaws.com' AND eventname = 'PassRole' AS a,
        CASE WHEN eventsource = 'signin.amazonaws.com' AND eventname = 'ConsoleLogin'
            THEN json_extract_scalar(additionaleventdata, '$.MfaUsed') END AS b
    FROM records"""
    view = read_view(block + sql, "queries/activity.sql")
    assert isinstance(view, View)
    told = " ".join(str(problem) for problem in name_problems(view, names))
    assert "PassRole is a permission" in told
    assert "Did you mean $.MFAUsed?" in told


def test_conditions_that_are_not_checked_are_told() -> None:
    """Patterns and parameters are listed, so that it can be said what was not checked."""
    condition = (
        "event_name LIKE 'Create%' AND regexp_like(event_name, '^C') AND contains(:names, event_name)"
        " AND event_source = 'iam.amazonaws.com' AND user_agent LIKE '%x%'"
    )
    tree = parse_as_written(Source(_where(condition), "q"))
    assert isinstance(tree, exp.Query)
    unchecked = {node.sql().lower() for node in named_events(tree).unchecked}
    assert unchecked == {"event_name like 'create%'", "contains(:names, event_name)", "regexp_like(event_name, '^c')"}


_SOURCES = ("iam.amazonaws.com", "sts.amazonaws.com", "kms.amazonaws.com")
_NAMES = ("CreateUser", "AssumeRole", "CreateKey")
_Condition = tuple[str, frozenset[tuple[str, str]]]
"""A condition, and the events for which it holds."""

_EVENTS = frozenset((source, name) for source in _SOURCES for name in _NAMES)


def _atoms() -> st.SearchStrategy[_Condition]:
    def of_sources(chosen: list[str]) -> _Condition:
        texts = ", ".join(f"'{text}'" for text in chosen)
        return f"event_source IN ({texts})", frozenset(event for event in _EVENTS if event[0] in chosen)

    def of_names(chosen: list[str]) -> _Condition:
        texts = ", ".join(f"'{text}'" for text in chosen)
        return f"contains(ARRAY[{texts}], event_name)", frozenset(event for event in _EVENTS if event[1] in chosen)

    def of_event(event: tuple[str, str]) -> _Condition:
        return f"concat(event_source, ':', event_name) = '{event[0]}:{event[1]}'", frozenset({event})

    return (
        st.lists(st.sampled_from(_SOURCES), min_size=1, unique=True).map(of_sources)
        | st.lists(st.sampled_from(_NAMES), min_size=1, unique=True).map(of_names)
        | st.sampled_from(sorted(_EVENTS)).map(of_event)
        | st.just(("call_result = 'success'", _EVENTS))
    )


def _combined(inner: st.SearchStrategy[_Condition]) -> st.SearchStrategy[_Condition]:
    pairs = st.tuples(inner, inner)
    return (
        pairs.map(lambda pair: (f"({pair[0][0]} AND {pair[1][0]})", pair[0][1] & pair[1][1]))
        | pairs.map(lambda pair: (f"({pair[0][0]} OR {pair[1][0]})", pair[0][1] | pair[1][1]))
        | inner.map(lambda one: (f"NOT ({one[0]})", _EVENTS - one[1] if "call_result" not in one[0] else _EVENTS))
    )


@given(st.recursive(_atoms(), _combined, max_leaves=8))
def test_no_event_that_matches_is_left_out(condition: _Condition) -> None:
    """Whatever the condition, the cases read from it allow every event for which it holds: none is refused wrongly."""
    text, matching = condition
    tree = parse_as_written(Source(_where(text, "json_extract_scalar(request, '$.x')"), "q"))
    assert isinstance(tree, exp.Query)
    ((read,),) = named_events(tree).reads
    allowed = {
        event
        for event in _EVENTS
        for case in read.cases
        if (case.sources is None or event[0] in case.sources) and (case.names is None or event[1] in case.names)
    }
    assert matching <= allowed
