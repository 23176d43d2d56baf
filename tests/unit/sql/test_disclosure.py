"""A column that can show who somebody is must be marked, and none may be a secret."""

import pytest

from comprova.catalog.query import Query, ViewBlock, read_query
from comprova.catalog.secret_members import SecretMembers
from comprova.catalog.text import Text
from comprova.sql.disclosure import disclosing_columns
from content_builder import query_file

ACTIVITY = ViewBlock(
    id="activity",
    version=1,
    title=Text(en="A", pt_BR="A"),
    reads=("records",),
    personal=("person", "actor", "source_address"),
    personal_members=("userName",),
)
SECRETS = SecretMembers(modelled={"masterUserPassword": "rds CreateDBInstance"})


def query(sql: str, type_: str = "varchar", *, personal: bool = False) -> Query:
    """Return a query whose second column is called `shown`."""
    text = query_file("toy.query")
    text = text[: text.index("---*/")].replace('"person"\ntype = "varchar"', f'"shown"\ntype = "{type_}"')
    text = text if personal else text.replace("personal = true\n", "")
    found = read_query(f"{text}---*/\n\n{sql}\n", "queries/toy/query.sql", builtin=True)
    assert isinstance(found, Query), found
    return found


def told(one: Query) -> list[str]:
    """Return what is told of a query."""
    return [str(problem) for problem in disclosing_columns(one, ACTIVITY, SECRETS)]


NAMING = [
    "SELECT event_id, person AS shown FROM activity",
    "SELECT event_id, lower(person) AS shown FROM activity",
    "SELECT event_id, coalesce('none', actor) AS shown FROM activity",
    "SELECT event_id, concat('at ', source_address) AS shown FROM activity",
    "SELECT event_id, CASE WHEN mfa = 'no' THEN person END AS shown FROM activity",
    "SELECT event_id, json_extract_scalar(request, '$.userName') AS shown FROM activity",
    "SELECT event_id, max(person) AS shown FROM activity GROUP BY event_id",
    "SELECT event_id, max_by(region, person) AS shown FROM activity GROUP BY event_id",
    "SELECT event_id, (SELECT max(a.person) FROM activity AS a) AS shown FROM activity",
    "WITH calls AS (SELECT event_id, person AS who FROM activity) SELECT event_id, who AS shown FROM calls",
    "WITH calls AS (SELECT * FROM activity) SELECT event_id, person AS shown FROM calls",
    "WITH a AS (SELECT * FROM activity), b AS (SELECT a.*, 1 FROM a) SELECT event_id, actor AS shown FROM b",
    "SELECT event_id, region AS shown FROM activity UNION ALL SELECT event_id, person FROM activity",
    "SELECT event_id, named.who AS shown FROM activity CROSS JOIN UNNEST(ARRAY[person]) AS named (who)",
    "SELECT event_id, first_value(person) OVER (ORDER BY event_time) AS shown FROM activity",
]


@pytest.mark.parametrize("sql", NAMING)
def test_a_column_that_shows_a_name_must_be_marked(sql: str) -> None:
    """However the name comes there: in a call, a CASE, a table expression, a list or a member of the request."""
    (problem,) = told(query(sql))
    assert problem.startswith("queries/toy/query.sql: expected `personal = true` at the column shown")
    assert told(query(sql, personal=True)) == []


def test_a_list_of_names_must_be_marked() -> None:
    """An array of texts shows each of them."""
    sql = "SELECT event_id, array_agg(DISTINCT person) AS shown FROM activity GROUP BY event_id"
    assert len(told(query(sql, "array(varchar)"))) == 1


@pytest.mark.parametrize(
    ("sql", "type_"),
    [
        ("SELECT event_id, region AS shown FROM activity WHERE person = 'ana'", "varchar"),
        ("SELECT event_id, CASE WHEN person = 'ana' THEN 'one' ELSE region END AS shown FROM activity", "varchar"),
        ("SELECT event_id, count(DISTINCT person) AS shown FROM activity GROUP BY event_id", "bigint"),
        ("SELECT event_id, CAST(count(person) AS varchar) AS shown FROM activity GROUP BY event_id", "varchar"),
        ("SELECT event_id, person IS NULL AS shown FROM activity", "boolean"),
        ("SELECT event_id, json_extract_scalar(request, '$.bucketName') AS shown FROM activity", "varchar"),
        (
            "SELECT event_id, first_value(region) OVER (PARTITION BY person ORDER BY actor) AS shown FROM activity",
            "varchar",
        ),
        ("SELECT event_id, shown FROM (SELECT event_id, region AS shown, person FROM activity) AS calls", "varchar"),
    ],
)
def test_what_only_depends_on_a_name_shows_none(sql: str, type_: str) -> None:
    """Counts, comparisons and the conditions of a CASE do not bring the name itself into a document."""
    assert told(query(sql, type_)) == []


def test_a_column_may_not_be_a_secret() -> None:
    """Bare, without its member's name, nothing could tell that it is one; that there is one may be asked."""
    bare = "SELECT event_id, json_extract_scalar(request, '$.masterUserPassword') AS shown FROM activity"
    (problem,) = told(query(bare, personal=True))
    assert "expected no secret in the column shown" in problem
    assert told(query(bare.replace(" AS shown", " IS NOT NULL AS shown"), "boolean")) == []
