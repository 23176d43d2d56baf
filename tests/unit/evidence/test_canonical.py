"""JSON has one form, and files are whole or not there."""

import json
import os
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from comprova.evidence.canonical import canonical_json, write_whole


class Sheet(BaseModel):
    """Anything that evidence may hold."""

    value: object


def text_of(value: object) -> str:
    """Return the canonical text of a value."""
    return canonical_json(Sheet(value=value)).decode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": 1, "a": 2, "\u20ac": 3, "B": 4}, '{"B":4,"a":2,"b":1,"\u20ac":3}'),
        (("a", ["b"]), '["a",["b"]]'),
        ('quote " slash \\ tab \t nul \x00 é 😀', '"quote \\" slash \\\\ tab \\t nul \\u0000 é 😀"'),
        (True, "true"),
        (None, "null"),
        (1.0, "1"),
        (1e21, "1e+21"),
        (0.1, "0.1"),
        (2**53 - 1, "9007199254740991"),
        (2**53, '"9007199254740992"'),
        (-(2**53), '"-9007199254740992"'),
        (date(2026, 10, 12), '"2026-10-12"'),
        (datetime(2026, 10, 12, 1, 2, 3, 456789, UTC), '"2026-10-12T01:02:03.456Z"'),
        (datetime(2026, 10, 12, tzinfo=timezone(timedelta(hours=-3))), '"2026-10-12T03:00:00.000Z"'),
    ],
)
def test_values_have_one_text(value: object, expected: str) -> None:
    """Members are sorted, numbers shortest, moments in UTC: RFC 8785 and a rule for what it has no type for."""
    assert text_of(value) == f'{{"value":{expected}}}\n'


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=8,
)


@given(plain)
def test_what_is_written_is_json_of_the_same_value(value: object) -> None:
    """A JSON reader gets back what was written, and writing that again makes the same bytes."""
    read = json.loads(text_of(value))["value"]
    assert read == value
    assert text_of(read) == text_of(value)


@pytest.mark.parametrize("value", [datetime(2026, 10, 12), float("nan"), float("inf")])  # noqa: DTZ001 - that is the fault
def test_what_has_no_text_of_its_own_is_refused(value: object) -> None:
    """A moment without a zone would depend on the machine, and JSON has no infinite numbers."""
    with pytest.raises(ValueError, match=r"time zone|nan|inf|float"):
        text_of(value)


def test_a_whole_file_is_written_with_its_folders(tmp_path: Path) -> None:
    """The folder is made, the old text replaced, and no other file is left."""
    path = tmp_path / "a" / "b.json"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert [(file.name, file.read_bytes()) for file in path.parent.iterdir()] == [("b.json", b"new")]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A full disk, or a stop on the way, never shows a reader half a file."""
    path = tmp_path / "b.json"
    write_whole(path, b"old")

    def fail(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("b.json", b"old")]
