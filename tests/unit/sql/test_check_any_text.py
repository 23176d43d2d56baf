"""Whatever stands in a query file, its check tells problems and does not fail."""

from hypothesis import given, settings
from hypothesis import strategies as st

from comprova.sql.functions import FUNCTIONS
from unit.sql.written_queries import declared, refusals, statement, written_query

WORDS = """
SELECT FROM WHERE GROUP BY ORDER HAVING WITH AS JOIN LEFT CROSS ON UNION ALL DISTINCT CASE WHEN THEN ELSE END UNNEST
ORDINALITY VALUES LATERAL OVER PARTITION ROWS BETWEEN PRECEDING FILTER IN EXISTS NOT NULL LIKE ESCAPE CAST TRY_CAST TRY
try json_parse nullif ROW ARRAY INTERVAL DATE TIMESTAMP varchar bigint json array map row activity deliveries a b
event_id event_time request resources arn :names :name ? x -> ( ( ) ) , , . [ ] * + - / % = <> < || 0 1 1.5 1e0
'x' '$.a' 'day' 'UTC' '(a)' '' "a" TRUE -- /* */ ; ::
"""
TYPES = {"names": "array(varchar)", "name": "varchar"}


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from([*WORDS.split(), *FUNCTIONS]), max_size=14).map(" ".join), st.booleans())
def test_any_words_are_checked(words: str, whole: bool) -> None:  # noqa: FBT001
    """Words of SQL in any order can be compiled, or are told as problems, each with the file and a line of it."""
    sql = f"SELECT {words} AS event_id FROM activity ORDER BY 1" if whole else words  # noqa: S608 - never run
    query = written_query(f"{sql}\n", parameters=("names", "name"))
    found = refusals(query, TYPES)
    lines = range(1, query.text.count("\n") + 2)
    for refusal in found:
        path, line, _ = refusal.split(":", 2)
        assert path == query.path
        assert int(line) in lines
    assert found or statement(query, TYPES, {"names": ("x",), "name": "x"}).duckdb


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_checked(text: str) -> None:
    """Text that is no SQL at all is told as a problem too."""
    assert refusals(written_query(text or " ", parameters=()), {}) != []


def test_the_words_are_those_of_parameters_that_exist() -> None:
    """The parameters among the words are declared ones."""
    assert set(declared(TYPES)) == {word[1:] for word in WORDS.split() if word.startswith(":") and len(word) > 2}
