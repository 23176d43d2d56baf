"""A file of acceptances is read whole, or refused with the line and key of each fault."""

import pytest

from comprova.catalog.acceptances import Acceptance, read_acceptances
from comprova.catalog.query import Query, read_query
from comprova.errors import Problem
from content_builder import changed, line, query_file

WHERE = "jobs/acceptances.toml"
ENTRY = """# Reviewed by the committee each quarter.

[[acceptance]]
id          = "ACC-1"
query       = "identity.root_use"
subject     = { event_id = "e-1" }
reason      = "A drill."
approver    = "Ana Lima"
preparer    = "Rui Melo"
ticket      = "GRC-1"
approved_on = 2026-08-03
expires_on  = 2026-12-31
"""


def read(text: str) -> list[tuple[str, str, str]]:
    """Return where a text is at fault, what was expected and what was found."""
    found = entries(text)
    return [(one.where, one.expected, one.found) for one in found] if isinstance(found, list) else []


def entries(text: str) -> tuple[Acceptance, ...] | list[Problem]:
    """Read a text beside an exception query and a population."""
    queries = {}
    for name, kind in (("identity.root_use", "exception"), ("identity.keys", "population")):
        query = read_query(query_file(name, kind=kind), name, builtin=True)
        assert isinstance(query, Query)
        queries[query.id] = query.block
    return read_acceptances(text, queries, WHERE)


def test_a_whole_file() -> None:
    """Values, people and days are those of the file; an empty file accepts nothing."""
    [acceptance] = entries(ENTRY)
    assert isinstance(acceptance, Acceptance)
    assert (acceptance.id, acceptance.values, acceptance.approver) == ("ACC-1", {"event_id": "e-1"}, "Ana Lima")
    assert entries("# nothing is accepted yet\n") == ()


@pytest.mark.parametrize(
    "key", ["id", "query", "subject", "reason", "approver", "preparer", "ticket", "approved_on", "expires_on"]
)
def test_a_half_filled_entry_is_refused(key: str) -> None:
    """Every key is needed, and the one that is missing is named at the entry's line."""
    text = "".join(one for one in ENTRY.splitlines(keepends=True) if not one.startswith(f"{key} "))
    [(where, expected, found)] = read(text)
    assert where.startswith(f"{WHERE}:")
    assert (f"acceptance.0.{key}" in expected, found) == (True, "none")


@pytest.mark.parametrize(
    ("old", "new", "at", "expected"),
    [
        ('"Rui Melo"', '" ana  LIMA "', "approver", "an `approver` other than the `preparer`"),
        ("2026-12-31", "2026-08-02", "expires_on", "2026-08-03, the day of `approved_on`, or later"),
        ("2026-12-31", '"2026-12-31"', "expires_on", "to be a date"),
        ('"A drill."', '"  "', "reason", "text that is not empty"),
        ('"A drill."', f'"{"x" * 2001}"', "reason", "at most 2000"),
        ('"identity.root_use"', '"identity.rot_use"', "query", "the id of an exception query"),
        ('"identity.root_use"', '"identity.keys"', "query", "the id of an exception query"),
        ('{ event_id = "e-1" }', "{}", "subject", "to name each of event_id once"),
        ('{ event_id = "e-1" }', '{ event_id = "e-1", person = "ana" }', "subject", "to name each of event_id once"),
        ('{ event_id = "e-1" }', '{ event_id = "e-1" }\nnulls = ["event_id"]', "subject", "each of event_id once"),
        ('{ event_id = "e-1" }', "{ event_id = 1 }", "subject", "`subject.event_id` to be text"),
        ('{ event_id = "e-1" }', '"*"', "subject", "a table"),
        ('"ACC-1"', '"ACC 1"', "id", "an id such as ACC-7"),
        ("ticket ", "tickets", "tickets", "only known keys"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(old: str, new: str, at: str, expected: str) -> None:
    """The line of the key, what was expected there, and nothing accepted."""
    text = changed({"file": ENTRY}, "file", old, new)["file"]
    found = read(text)
    assert any(where == f"{WHERE}:{line(text, at)}" and expected in said for where, said, _ in found), found


def test_ids_are_given_once() -> None:
    """Documents name acceptances by id."""
    text = ENTRY + ENTRY.replace("e-1", "e-2")
    second = text.splitlines().index('id          = "ACC-1"', 5) + 1
    assert read(text) == [(f"{WHERE}:{second}", "an id that no other acceptance has", "'ACC-1'")]
