"""Entries that are written into files of people: read back as they were, after all that was there."""

import tomllib
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from comprova.catalog.toml_writer import entry, toml, with_entry

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = texts | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.lists(texts, max_size=3)


@given(st.dictionaries(st.sampled_from(["a", "b_c", "d"]), values | st.fixed_dictionaries({"x": values}), min_size=1))
def test_what_is_written_is_read_back(said: dict[str, object]) -> None:
    """Whatever strangers wrote into a log, the entry has the same values and no other key."""
    written = entry("acceptance", said)  # type: ignore[arg-type]
    assert tomllib.loads(written) == {"acceptance": [said]}
    assert written.isascii() or all(character.isprintable() for character in written.replace("\n", ""))


@given(texts.filter(lambda text: "\r" not in text.replace("\r\n", "")))
def test_what_was_there_stays(comment: str) -> None:
    """Comments and line ends too, whether or not the last line ends."""
    kept = "".join(character for character in comment if character.isprintable())
    for text in (f"# {kept}", f"# {kept}\r\n[[acceptance]]\r\nid = 'x'\r\n"):
        after = with_entry(text, entry("acceptance", {"id": "y"}))
        assert after.startswith(text)
        assert [one["id"] for one in tomllib.loads(after)["acceptance"]][-1] == "y"
    assert with_entry("", "x") == "x"


def test_days_and_moments() -> None:
    """Dates are TOML's own, with the offset of a moment."""
    assert toml(date(2026, 11, 5)) == "2026-11-05"
    assert toml(datetime(2026, 11, 3, 17, 20, tzinfo=UTC)) == "2026-11-03T17:20:00+00:00"


def test_invisible_characters_are_escaped() -> None:
    """Nobody who reads the file is shown another text than it holds."""
    assert toml("a\u202eb\x7f\u200b\U000e0001") == '"a\\u202Eb\\u007F\\u200B\\U000E0001"'
