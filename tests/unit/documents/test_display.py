"""The one function through which all text goes."""

import hashlib
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comprova.content import builtin_root
from comprova.documents.display import Display, Shown, plain
from comprova.documents.fonts import read_fonts
from comprova.evidence.secrets import Secrets
from evidence_factory import HOSTILE

FONTS = read_fonts(builtin_root().folder("templates"))
DISPLAY = Display(FONTS.drawable, 160, Secrets(("password",), ()))
_ESCAPE = re.compile(r"\\u\{([0-9A-F]+)\}")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


@settings(deadline=None)
@given(st.text(alphabet=st.characters()) | st.sampled_from(HOSTILE))
def test_what_is_shown_can_be_drawn_seen_and_turned_back(text: str) -> None:
    """Only visible characters of the fonts come out, and none of what went in is lost or ambiguous."""
    shown = DISPLAY.text(text, keep="")
    assert {ord(character) for character in shown} <= FONTS.drawable
    assert not [character for character in shown if unicodedata.category(character)[0] in "CM"]
    assert _unescaped(shown) == text


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=400))
def test_a_value_stays_short_and_whole_by_its_hash(text: str) -> None:
    """A longer value is cut, and says its length and the SHA-256 of the whole."""
    shown = DISPLAY.value(text)
    assert "\n" not in shown
    if len(text) > 160:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        assert shown.endswith(f"… [{len(text)}, SHA-256 {digest}…]")
        assert _unescaped(shown.split("… [")[0]) == text[:160] or "… [" in text[:160]
    else:
        assert _unescaped(shown) == (text or "“”")


def test_what_was_shown_is_not_escaped_again() -> None:
    """A second pass changes nothing, so templates may pass text through macros and messages."""
    once = DISPLAY.text("a\u202eb")
    assert once == "a\\u{202E}b"
    assert DISPLAY.text(once) is once
    assert DISPLAY.text(str(once)) == "a\\u{5C}u{202E}b"


def test_line_ends_stay_only_where_they_may() -> None:
    """SQL keeps its lines, a value shows them."""
    assert DISPLAY.text("SELECT 1\nFROM x") == "SELECT 1\nFROM x"
    assert DISPLAY.value("SELECT 1\nFROM x") == "SELECT 1\\u{A}FROM x"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"),
        ("", "“”"),
        ("None", "None"),
        (0, "0"),
        (False, "false"),
        (2**63 - 1, "9223372036854775807"),
        (1.5, "1.5"),
        (date(2026, 10, 1), "2026-10-01"),
        (datetime(2026, 10, 1, 3, 4, 5), "2026-10-01 03:04:05Z"),  # noqa: DTZ001 - results are naive UTC
        (datetime(2026, 10, 1, 3, 4, 5, 7000, UTC), "2026-10-01 03:04:05.007Z"),
        (datetime(2026, 10, 1, 0, 0, tzinfo=timezone(timedelta(hours=-3))), "2026-10-01 03:00:00Z"),
        (["a", None, ""], "[a, —, “”]"),
        ({"a": 1}, "{a: 1}"),
    ],
)
def test_every_type_has_one_text(value: object, shown: str) -> None:
    """Absent, empty, zero and false never look alike; times say that they are UTC."""
    assert plain(value) == shown
    assert isinstance(DISPLAY.value(value), Shown)
