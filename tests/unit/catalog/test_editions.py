"""Editions that follow each other: which one is in force on a day, and which one a job means."""

from datetime import date, timedelta

import pytest

from comprova.catalog.editions import Chosen, EditionChoice, choose, overlaps, terms
from comprova.catalog.framework import Framework
from comprova.catalog.toml_reader import read_toml
from comprova.errors import ContentError
from content_builder import framework_file, mapped, requirement

FIRST, SECOND = date(2026, 1, 1), date(2026, 10, 15)
DAY = timedelta(days=1)


def edition(name: str, first: date, more: str = "", id_: str = "acts") -> Framework:
    """Return an edition in force from a day on; `more` are further lines."""
    text = framework_file(
        id_, name, requirement("1", mapped("identity.a@1")), dates=f"effective_from = {first}\n{more}"
    )
    read = read_toml(text, Framework, f"{id_}-{name}.toml")
    assert isinstance(read, Framework), read
    return read


OLD, NEW = edition("1", FIRST), edition("2", SECOND, 'supersedes = "1"\n')
OTHER = edition("1", FIRST, id_="rules")
ALL = {framework.key: framework for framework in (NEW, OLD, OTHER)}


def chosen(name: str, day: date) -> Chosen:
    """Return what a job means by a name in a period that ends with a day."""
    return choose(ALL, name, day, "jobs/monthly.toml: frameworks")


def refused(name: str, day: date, *editions: Framework) -> str:
    """Return the message with which a name is refused."""
    frameworks = {framework.key: framework for framework in editions} or ALL
    with pytest.raises(ContentError) as raised:
        choose(frameworks, name, day, "jobs/monthly.toml: frameworks")
    return str(raised.value)


def days(*editions: Framework) -> list[tuple[str, date, date | None]]:
    """Return the first and last day of each edition."""
    return [(term.framework.edition, term.first, term.last) for term in terms(editions)]


@pytest.mark.parametrize(
    ("day", "expected"), [(FIRST, "1"), (SECOND - DAY, "1"), (SECOND, "2"), (date(2090, 1, 1), "2")]
)
def test_a_name_means_the_edition_in_force_on_the_last_day(day: date, expected: str) -> None:
    """The old edition holds up to the day before the new one begins, without a word in its own file."""
    found = chosen("acts", day)
    assert (found.framework.edition, found.choice, found.day) == (expected, EditionChoice.IN_FORCE, day)
    assert found.in_force == expected


@pytest.mark.parametrize("name", ["acts@1", "acts-1"])
@pytest.mark.parametrize(("day", "in_force"), [(SECOND - DAY, "1"), (SECOND, "2"), (FIRST - DAY, None)])
def test_an_edition_that_is_named_is_used_whatever_its_time(name: str, day: date, in_force: str | None) -> None:
    """What was in force is told beside it."""
    found = chosen(name, day)
    assert (found.framework.edition, found.choice, found.in_force) == ("1", EditionChoice.NAMED, in_force)


def test_a_period_before_every_edition_has_none() -> None:
    """The message says since when there are editions, and how to use one all the same."""
    said = refused("acts", FIRST - DAY)
    assert "expected an edition of acts in force on 2025-12-31, the last day of the period" in said
    assert "found acts@1 from 2026-01-01 to 2026-10-14; acts@2 from 2026-10-15" in said
    assert "To use an edition outside its time, name it: acts@2." in said


def test_a_time_between_two_editions_has_none() -> None:
    """An edition that ended by itself leaves a time without any."""
    ended = edition("1", FIRST, f"effective_until = {SECOND - 2 * DAY}\n")
    assert list(overlaps((ended, edition("2", SECOND)))) == []
    assert "in force on 2026-10-14" in refused("acts", SECOND - DAY, ended, edition("2", SECOND))


@pytest.mark.parametrize("name", ["iso", "acts@3", "acts-3", "acts@", "@1", "acts@1@1", ""])
def test_what_is_not_there_is_told_with_what_is(name: str) -> None:
    """Frameworks, and each of their editions."""
    said = refused(name, SECOND)
    assert "jobs/monthly.toml: frameworks: expected a framework (acts, rules) or one edition of it" in said
    assert "(acts@1, acts@2, rules@1)" in said
    assert repr(name) in said


@pytest.mark.parametrize(
    "newer",
    [
        edition("2", SECOND),
        edition("2", FIRST),
        edition("2", FIRST, 'supersedes = "1"\n'),
        edition("2", FIRST - DAY, 'supersedes = "1"\n'),
        edition("2", SECOND, 'supersedes = "0"\n'),
    ],
)
def test_two_editions_on_one_day_overlap(newer: Framework) -> None:
    """Without `supersedes`, with that of another edition, begun on the same day, or before what it supersedes."""
    [(one, other)] = overlaps((newer, OLD, OTHER))
    assert {one.framework.key, other.framework.key} == {"acts-1", "acts-2"}


def test_what_supersedes_ends_a_transition() -> None:
    """Where the old edition may be used for some time yet, the new one is in force from its first day."""
    longer = edition("1", FIRST, f"effective_until = {SECOND + 30 * DAY}\n")
    assert days(longer, NEW) == [("1", FIRST, SECOND - DAY), ("2", SECOND, None)]
    assert list(overlaps((longer, NEW))) == []


def test_an_edition_need_not_have_the_one_before_beside_it() -> None:
    """What a standard superseded may never have been among the content."""
    assert days(NEW) == [("2", SECOND, None)]
