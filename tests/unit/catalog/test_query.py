"""A query file is a TOML block that says what it means, then one SELECT."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comprova.catalog.query import Query, QueryRef, View, read_query, read_view, split_block
from comprova.errors import Problem
from content_builder import query_file, view_file

GOOD = query_file("identity.root_use")


def faults(text: str) -> list[Problem]:
    """Return what is wrong with a query file."""
    result = read_query(text, "q.sql", builtin=True)
    assert isinstance(result, list), "nothing was wrong"
    return result


def test_a_query_is_its_block_and_its_sql() -> None:
    """The SQL is cut out whole, and its first line is known, so that the engine's messages can be placed."""
    query = read_query(GOOD, "q.sql", builtin=True)
    assert isinstance(query, Query)
    assert (query.id, query.ref, query.pack) == ("identity.root_use", QueryRef("identity.root_use", 1), "identity")
    assert query.sql == "SELECT event_id, person\nFROM activity\nORDER BY event_id\n"
    assert GOOD.splitlines()[query.sql_line - 1] == "SELECT event_id, person"


def test_a_view_is_read_in_the_same_way() -> None:
    """The views have a block of their own kind."""
    view = read_view(view_file("activity"), "activity.sql")
    assert isinstance(view, View)
    assert view.ref == QueryRef("activity", 1)
    assert view_file("activity").splitlines()[view.sql_line - 1] == "SELECT 1 AS one"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT 1", "a block that begins with /*---"),
        ("", "a block that begins with /*---"),
        ("\n/*---\n---*/\nSELECT 1", "a block that begins with /*---"),
        ("/*--- \n---*/\nSELECT 1", "a block that begins with /*---"),
        ("/*---\nid = 'a'\nSELECT 1", "the block to end with ---*/ at the start of a line"),
        ("/*---\nid = 'a' ---*/\nSELECT 1", "the block to end with ---*/ at the start of a line"),
    ],
)
def test_a_file_without_a_block(text: str, expected: str) -> None:
    """What is missing is told at the first line."""
    problem = split_block(text, "q.sql")
    assert isinstance(problem, Problem)
    assert (problem.where, problem.expected) == ("q.sql:1", expected)


@given(
    st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])).filter(
        lambda text: "\n---*/" not in text
    ),
    st.integers(0, 3),
    st.sampled_from(["SELECT 1", "SELECT 1 ---*/ AS one\nFROM activity", "-- a comment\nSELECT 1"]),
)
def test_splitting_loses_nothing(toml: str, blank: int, sql: str) -> None:
    """The block's lines, the SQL and the line on which it begins agree with the file, whatever the block holds."""
    text = f"/*---\n{toml}\n---*/{chr(10) * (blank + 1)}{sql}\n"
    if toml.startswith("---*/"):
        return
    parts = split_block(text, "q.sql")
    assert not isinstance(parts, Problem)
    assert parts == (f"{toml}\n", f"{sql}\n", text.count("\n", 0, text.rindex(sql)) + 1)


def test_faults_of_a_block_stand_at_their_line_of_the_file() -> None:
    """The block begins on the file's second line."""
    [problem] = faults(GOOD.replace("version = 1", "version = 0"))
    assert problem == Problem("q.sql:3", "`version` to be 1 or more", "0")


@pytest.mark.parametrize(
    ("old", "new", "expected", "found"),
    [
        ('kind = "exception"', 'kind = "list"', "`kind` to be 'population', 'exception' or 'metric'", "'list'"),
        (
            'kind = "exception"',
            'kind = "metric"',
            "a `subject` for an exception, and for no other kind",
            "kind = 'metric' and a `subject`",
        ),
        (
            'severity = "high"',
            'severity = "info"',
            "the severity `info` for populations and metrics, and another for an exception",
            "kind = 'exception' and severity = 'info'",
        ),
        (
            'subject = ["event_id"]',
            "subject = []",
            "a `subject` for an exception",
            "kind = 'exception' and no `subject`",
        ),
        (
            'type = "varchar"',
            'type = "double"',
            "columns in `subject` whose values can be told apart",
            "event_id, a double",
        ),
        ('grain = ["event_id"]', 'grain = ["id"]', "`grain` to name columns (event_id, person)", "id"),
        ('grain = ["event_id"]', "grain = []", "`grain` to be a list of 1 or more", "[]"),
        ('name = "person"', 'name = "event_id"', "columns of different names", "event_id more than once"),
        (
            'limits.pt_BR = ["Mostra o que foi registrado."]',
            "limits.pt_BR = []",
            "as many `limits` in pt_BR",
            "0 in pt_BR",
        ),
        ('question.en = "Text"\n', "", "the key `question.en`", "none"),
        ('needs = ["management:write"]', 'needs = ["data"]', "`needs.0` to be management:read", "'data'"),
        ('id = "identity.root_use"', 'id = "root_use"', "an id such as identity.root_activity", "'root_use'"),
        ('id = "identity.root_use"', 'id = "a.b.c.d"', "an id such as identity.root_activity", "'a.b.c.d'"),
        ("parameters = []", 'parameters = ["Max"]', "a name of small letters, digits and _", "'Max'"),
        (
            "parameters = []",
            'parameters = []\nlookback_days = "30d!"',
            "`lookback_days` to be a whole number or",
            "'30d!'",
        ),
        ("parameters = []", "parameters = []\nlookback_days = true", "`lookback_days` to be a whole number or", "true"),
        ("parameters = []", "parameters = []\nlookback_days = 0", "`lookback_days` to be 1 or more", "0"),
        ("personal = true", "persona = true", "only known keys (name, type, title, personal)", "`column.1.persona`"),
        ('type = "varchar"', 'type = "text"', "'varchar', 'bigint', 'double'", "'text'"),
        ('remedy.en = "Text"', 'remedy.en = " "', "`remedy.en` to be text that is not empty", "' '"),
        ('title.en = "Text"', "title.en = 1", "`title.en` to be text", "1"),
    ],
)
def test_what_a_block_must_not_say(old: str, new: str, expected: str, found: str) -> None:
    """Each rule of a block is told in words, with what was found, at the line of the file."""
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    [problem] = faults(text)
    assert expected in problem.expected
    assert found in problem.found
    assert 1 < int(problem.where.removeprefix("q.sql:")) <= len(text.splitlines())


def test_an_unknown_key_is_answered_with_the_one_that_was_meant() -> None:
    """A misspelt key names what is known at that place."""
    [problem] = faults(GOOD.replace("personal = true", "persona = true"))
    assert problem.hint == "Was `personal` meant?"


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b@", "a.b@0", "a.b@01", "a.b@-1", "A.b@1", "a.b@1 ", "a.b@\uff11"])
def test_what_is_no_reference(text: str) -> None:
    """A reference names a query at a version, and nothing else will do."""
    with pytest.raises(ValueError, match="a query and its version"):
        QueryRef.parse(text)


@given(st.from_regex(r"[a-z][a-z0-9_]{0,5}(\.[a-z][a-z0-9_]{0,5}){1,2}", fullmatch=True), st.integers(1, 10**6))
def test_references_are_read_as_they_are_written(id_: str, version: int) -> None:
    """Writing and reading a reference are each other's reverse."""
    ref = QueryRef(id_, version)
    assert QueryRef.parse(str(ref)) == ref
