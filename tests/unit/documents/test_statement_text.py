"""A statement is set in fewer lines without losing a word."""

from hypothesis import given
from hypothesis import strategies as st

from comprova.documents.statement_text import WIDTH, folded


def test_clauses_begin_their_own_lines() -> None:
    """Columns are joined, and a clause stands where it was sent."""
    assert folded(["SELECT", "  a,", "  b", "FROM activity", "WHERE", "  a = 'x'"]) == [
        "SELECT a, b",
        "FROM activity",
        "WHERE a = 'x'",
    ]


@given(st.lists(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=60)))
def test_no_word_is_lost(lines: list[str]) -> None:
    """The words and their order are those of the statement, and no line grows beyond the page."""
    joined = folded(lines)
    assert " ".join(joined).split() == " ".join(lines).split()
    assert all(len(line) <= max(WIDTH, 60) for line in joined)
