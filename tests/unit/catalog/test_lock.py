"""The lock holds what every released text said; nothing in it can be altered unseen."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comprova.catalog.lock import (
    HEADER,
    NOTHING_LOCKED,
    Lock,
    appended,
    fingerprint,
    lock_problems,
    missing_entries,
    read_lock,
)
from comprova.catalog.query import Query, View, read_query, read_view
from content_builder import query_file, view_file

EMPTY = Lock((), "")
DAY = date(2026, 11, 22)
BASE = query_file("identity.root_use")


def query(text: str = BASE) -> Query:
    """Read a query that has no fault."""
    result = read_query(text, "queries/identity/root_use.sql", builtin=True)
    assert isinstance(result, Query), result
    return result


def view(text: str) -> View:
    """Read a view that has no fault."""
    result = read_view(text, "queries/activity.sql")
    assert isinstance(result, View), result
    return result


def locked(*items: Query | View, text: str = "", day: date = DAY) -> str:
    """Return a lock's text with these items appended."""
    lock = read(text)
    return appended(text, lock, missing_entries(lock, items, day))


def read(text: str) -> Lock:
    """Read a lock that has no fault."""
    result = read_lock(text, "queries.lock")
    assert isinstance(result, Lock), result
    return result


THREE = locked(*(query(query_file(f"identity.{name}")) for name in "abc"))
"""A lock of three queries."""


def test_what_was_locked_is_read_again() -> None:
    """The header, then a line per text, in order."""
    text = locked(view(view_file("activity")), query())
    assert text.startswith(HEADER)
    assert [(entry.id, entry.version, entry.date) for entry in read(text).entries] == [
        ("activity", 1, DAY),
        ("identity.root_use", 1, DAY),
    ]


def test_lines_are_only_appended() -> None:
    """A later text begins with the earlier one."""
    first = locked(query(query_file("identity.a")))
    second = locked(query(query_file("identity.a")), query(query_file("identity.b")), text=first)
    assert second.startswith(first)
    assert len(second.splitlines()) == len(first.splitlines()) + 1


@given(st.integers(1, 3), st.integers(0, 300), st.sampled_from("0123456789abcdefxyz -"))
def test_no_character_of_a_line_can_be_altered(row: int, position: int, character: str) -> None:
    """Whatever is put in place of a character, the line or its chain is told."""
    lines = THREE.splitlines()
    position %= len(lines[row])
    altered = lines[row][:position] + character + lines[row][position + 1 :]
    if altered == lines[row]:
        return
    problems = read_lock("\n".join([*lines[:row], altered, *lines[row + 1 :]]), "queries.lock")
    assert isinstance(problems, list)
    assert problems[0].where == f"queries.lock:{row + 1}"


def test_a_line_that_was_removed_is_noticed_at_the_next() -> None:
    """The chain of the next line speaks of the one that is gone."""
    lines = THREE.splitlines(keepends=True)
    problems = read_lock("".join([*lines[:2], *lines[3:]]), "queries.lock")
    assert isinstance(problems, list)
    assert [item.where for item in problems] == ["queries.lock:3"]
    assert "restore the file from version control" in problems[0].hint


def test_a_line_that_was_put_in_between_is_noticed() -> None:
    """Even a line that is right elsewhere breaks the chain here."""
    lines = THREE.splitlines(keepends=True)
    foreign = locked(query()).splitlines(keepends=True)[1]
    problems = read_lock("".join([*lines[:2], foreign, *lines[2:]]), "queries.lock")
    assert isinstance(problems, list)
    assert {item.where for item in problems} == {"queries.lock:3", "queries.lock:4"}


def test_lines_that_changed_places_are_noticed() -> None:
    """The order of releases is part of the chain."""
    header, first, second, third = THREE.splitlines(keepends=True)
    assert isinstance(read_lock(f"{header}{second}{first}{third}", "queries.lock"), list)


def test_a_line_missing_at_the_end_leaves_its_text_unlocked() -> None:
    """The chain cannot tell that it was cut short; the text that it held can."""
    items = [query(query_file(f"identity.{name}")) for name in "abc"]
    cut = read("".join(THREE.splitlines(keepends=True)[:-1]))
    assert [item.expected for item in lock_problems(cut, items)] == ["identity.c@1 in queries.lock"]


def test_a_line_of_another_form_is_told() -> None:
    """What is no line of the lock is told with the form of one, and a day that no calendar has as well."""
    problems = read_lock(HEADER + "identity.a 1\n" + THREE.splitlines()[1].replace("2026-11-22", "2026-11-31"), "l")
    assert isinstance(problems, list)
    assert [(item.where, item.expected) for item in problems] == [
        ("l:2", "`id version sql meaning prose date chain`"),
        ("l:3", "a date such as 2026-11-22"),
    ]


def test_a_released_text_cannot_be_replaced_by_a_later_line() -> None:
    """A line for the same version with other SQL is refused, though its chain is right."""
    other = query(BASE.replace("FROM activity", "FROM activity\nWHERE person = 'x'"))
    lock = read(locked(query()))
    forged = appended(locked(query()), lock, missing_entries(EMPTY, [other], DAY))
    problems = read_lock(forged, "queries.lock")
    assert isinstance(problems, list)
    assert [(item.where, item.expected) for item in problems] == [
        ("queries.lock:3", "the SQL and meaning of the identity.root_use@1 above")
    ]


MEANING = {
    "SQL": ("FROM activity", "FROM activity\nWHERE person <> ''"),
    "a comment in the SQL": ("SELECT", "-- why\nSELECT"),
    "needs": ('needs = ["management:write"]', 'needs = ["management:read"]'),
    "parameters": ("parameters = []", 'parameters = ["approved"]'),
    "look-back": ("parameters = []", "parameters = []\nlookback_days = 30"),
    "grain": ('grain = ["event_id"]', 'grain = ["event_id", "person"]'),
    "subject": ('subject = ["event_id"]', 'subject = ["person"]'),
    "a column's type": ('type = "varchar"', 'type = "bigint"'),
    "a column's name": ('name = "person"', 'name = "somebody"'),
    "masking": ("personal = true", "personal = false"),
}
PROSE = {
    "title": ('title.en = "Text"', 'title.en = "Other"'),
    "question": ('question.pt_BR = "Text (pt)"', 'question.pt_BR = "Outra"'),
    "limits": ("It shows what was logged.", "It shows what was logged, and nothing else."),
    "remedy": ('remedy.en = "Text"', 'remedy.en = "Ask."'),
    "severity": ('severity = "high"', 'severity = "low"'),
    "a heading": (
        'name = "person"\ntype = "varchar"\ntitle.en = "Text"',
        'name = "person"\ntype = "varchar"\ntitle.en = "Who"',
    ),
}
LAYOUT = {
    "a comment in the block": ("version = 1", "version = 1  # the first"),
    "blank lines": ("\n[[column]]", "\n\n\n[[column]]"),
}


def mended(change: tuple[str, str]) -> Query:
    """Return the query with a change that is really one."""
    assert change[0] in BASE, change
    return query(BASE.replace(*change, 1))


def test_changed_meaning_is_never_locked_again() -> None:
    """A new SQL, need, parameter, grain, subject or column under a released version is told, and gets no line."""
    lock = read(locked(query()))
    unseen = [
        name
        for name, change in MEANING.items()
        if missing_entries(lock, [mended(change)], DAY)
        or [item.expected for item in lock_problems(lock, [mended(change)])]
        != ["the SQL and meaning locked as identity.root_use@1"]
    ]
    assert unseen == []


def test_changed_meaning_says_how_to_release_it() -> None:
    """The way to a new version is named, and that the change must be taken back first."""
    [problem] = lock_problems(read(locked(query())), [mended(MEANING["SQL"])])
    assert "`comprova queries bump identity.root_use`" in problem.hint


def test_mended_prose_gets_a_line_of_its_own() -> None:
    """Prose may be mended: the lock keeps both texts with their dates, and the newest counts."""
    text = locked(query())
    for name, change in PROSE.items():
        lock = read(text)
        item = mended(change)
        assert [problem.hint for problem in lock_problems(lock, [item])] == ["Run `comprova queries lock`."], name
        text = locked(item, text=text, day=date(2026, 12, 1))
        assert lock_problems(read(text), [item]) == [], name
    assert [entry.date.month for entry in read(text).entries] == [11] + [12] * len(PROSE)


def test_layout_of_a_block_is_neither_meaning_nor_prose() -> None:
    """Comments and blank lines of the block change no hash."""
    assert {name for name, change in LAYOUT.items() if fingerprint(mended(change)) != fingerprint(query())} == set()


def test_a_new_version_is_a_new_text() -> None:
    """The next version gets a line, and the first keeps its own."""
    text = locked(query())
    second = query(query_file("identity.root_use", 2))
    assert [(entry.id, entry.version) for entry in missing_entries(read(text), [query(), second], DAY)] == [
        ("identity.root_use", 2)
    ]


def test_a_released_query_cannot_vanish() -> None:
    """Evidence cites released versions, so their files stay; a view is kept at one version."""
    lock = read(locked(view(view_file("activity")), query()))
    assert [(item.expected, item.found) for item in lock_problems(lock, [])] == [
        ("the file of identity.root_use@1, which was released", "none")
    ]


@pytest.mark.parametrize("change", [("reads = []", 'reads = ["files"]'), ("SELECT 1", "SELECT 2")])
def test_views_are_locked_in_the_same_way(change: tuple[str, str]) -> None:
    """What a view reads, and its SQL, are its meaning; its title is prose."""
    text = view_file("activity").replace('reads = ["records"]', "reads = []")
    lock = read(locked(view(text)))
    assert missing_entries(lock, [view(text.replace(*change))], DAY) == []
    assert len(missing_entries(lock, [view(text.replace('title.en = "Text"', 'title.en = "View"'))], DAY)) == 1


def test_a_project_may_hold_drafts() -> None:
    """A text that was never released is no problem there; one that was released and changed is."""
    assert lock_problems(NOTHING_LOCKED, [query()], drafts=True) == []
    [problem] = lock_problems(read(locked(query())), [mended(MEANING["SQL"])], drafts=True)
    assert "queries bump" in problem.hint
