"""Findings have one name in every month, and different findings have different ones."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from comprova.evidence.subject import Subject, finding_id, grouped_rows, read_id, subject_key, subject_value

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
values = st.none() | texts | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.tuples(texts, texts)
subjects = st.dictionaries(st.sampled_from(["account_id", "actor", "port"]), values, min_size=1)


def test_a_name_never_changes() -> None:
    """Acceptances, reviews and tickets hold names for years: the rule that makes them is fixed."""
    subject: Subject = {"account_id": "111122223333", "actor": None, "from_port": 22}
    assert finding_id("identity.root_activity", subject) == NAME
    assert finding_id("identity.root_activity", dict(reversed(list(subject.items())))) == NAME
    assert finding_id("identity.other", subject) != NAME


NAME = "4gd45-6sc0m"


@given(subjects, subjects)
def test_names_tell_subjects_apart(one: Subject, other: Subject) -> None:
    """Text is no number, NULL is not the empty text, and a list is not its parts joined."""
    same = subject_key(one) == subject_key(other)
    assert (finding_id("a.b", one) == finding_id("a.b", other)) == same
    assert same == (list(map(repr, sorted(one.items()))) == list(map(repr, sorted(other.items()))))


@given(subjects)
def test_a_name_can_be_typed(subject: Subject) -> None:
    """Capitals, a missing hyphen, and i, l and o for the digits that they look like are forgiven."""
    name = finding_id("a.b", subject)
    assert read_id(name) == name
    typed = name.replace("-", "").upper().replace("1", "I").replace("0", "O")
    assert read_id(f" {typed} ") == name
    assert read_id(name.replace("1", "l")) == name


@given(texts)
def test_what_is_no_name_stays_as_it_was_typed(text: str) -> None:
    """The message about it shows what somebody typed."""
    assert read_id(text) == text or len(read_id(text)) == 11


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 10, 1, 4), "2026-10-01T04:00:00.000Z"),  # noqa: DTZ001 - results are naive UTC
        (datetime(2026, 10, 1, 1, tzinfo=timezone(timedelta(hours=-3))), "2026-10-01T04:00:00.000Z"),
        (datetime(2026, 10, 1, 4, 0, 0, 1500, tzinfo=UTC), "2026-10-01T04:00:00.001Z"),
        (date(2026, 10, 1), "2026-10-01"),
        (["a", None], ("a", None)),
        (2**53, "9007199254740992"),
        (True, True),
    ],
)
def test_values_of_every_type(value: object, expected: object) -> None:
    """Moments, days and large numbers stand as text, as JSON carries them."""
    assert subject_value(value) == expected


def test_a_floating_point_number_names_nothing() -> None:
    """Two engines may differ in its last digit."""
    with pytest.raises(ValueError, match="cannot name a finding"):
        subject_value(1.5)


def test_rows_that_share_a_subject_are_one_finding(tmp_path: Path) -> None:
    """They are counted in the order of their first rows, whatever their other columns say."""
    rows = [("root", None, 1), ("ana", None, 2), ("root", None, 3), ("root", "", 4)]
    path = tmp_path / "rows.parquet"
    parquet.write_table(pa.Table.from_pylist([{"actor": a, "region": b, "calls": c} for a, b, c in rows]), path)
    found = grouped_rows(path, ("actor", "region"))
    assert found == (
        ({"actor": "root", "region": None}, 2),
        ({"actor": "ana", "region": None}, 1),
        ({"actor": "root", "region": ""}, 1),
    )
