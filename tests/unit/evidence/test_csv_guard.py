"""No logged text becomes a formula in a spreadsheet, whichever separator the spreadsheet uses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comprova.evidence.csv_guard import guarded

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
BLANKS = ' \t\r\n\x0b\x0c\x00\ufeff\xa0\u2028"'

hostile = st.text(st.one_of(st.sampled_from(SIGNS + BLANKS + ";,'a1|!"), st.characters(exclude_categories=["Cs"])))


def cells(text: str) -> list[str]:
    """Return what a spreadsheet may take for a cell of its own: what stands after a separator or a line break."""
    return re.split(r"[;\t\r\n]", text)


@given(hostile)
def test_no_cell_and_no_part_of_one_starts_a_formula(text: str) -> None:
    """After blanks and doubled quotation marks, which spreadsheets drop, there is never a sign of a formula."""
    starting = [cell for cell in cells(guarded(text)) if cell.strip(BLANKS).startswith(tuple(SIGNS))]
    assert starting == []


@given(hostile)
def test_no_cell_starts_with_a_control_character(text: str) -> None:
    """Some spreadsheets drop tabs and line breaks at the start of a cell; no other control character is left raw."""
    safe = guarded(text)
    assert not safe.startswith(("\t", "\r", "\n"))
    assert re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", safe) is None


@given(hostile)
def test_only_apostrophes_and_escapes_are_added(text: str) -> None:
    """What was logged can be read in the guarded text: nothing is lost and nothing is put in another order."""
    visible = [character for character in text if character.isprintable() and character != "'"]
    rest = iter(guarded(text))
    assert all(character in rest for character in visible)


@given(hostile)
def test_guarding_again_changes_nothing(text: str) -> None:
    """A guarded text is safe, so guarding has nothing to do."""
    assert guarded(guarded(text)) == guarded(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "a=b",
        "a - b",
        "user@example.com",
        "1-2",
        "a;b",
        "line\nbreak",
        "arn:aws:iam::111122223333:root",
        "'=1",
    ],
)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    """A sign inside a text is no formula."""
    assert guarded(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  -2", "  '-2"),
        ("a;=1", "a;'=1"),
        ('a;"=1";', 'a;"\'=1";'),
        ("\t=1", "'\t'=1"),
        ("a\n+1", "a\n'+1"),
        ("\ufeff=1", "\ufeff'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("\x00=1", "'\\u{0000}'=1"),
        ("bell\x07", "bell\\u{0007}"),
    ],
)
def test_what_is_put_before_a_formula(text: str, expected: str) -> None:
    """An apostrophe stands right before the sign, so that the logged text can still be read."""
    assert guarded(text) == expected
