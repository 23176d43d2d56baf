"""Copies and contradictions of records, through the whole run: counted, explained, and never merged wrongly."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from comprova.evidence.outcomes import Outcome
from month_run import DAYS, ROOT, Event, Job, Ran, call, routine

COPIES, CONFLICTS = "logs.duplicates", "logs.conflicting_ids"
NOON = "2026-10-05T12:30:00Z"
REPEATED = Event(call(NOON, "repeated"))
MADE: Mapping[str, list[Event]] = {
    "two trails into one bucket": [Event(call(NOON, "e")), Event(call(NOON, "e"), folder="o-abcd/")],
    "a file delivered twice": [Event(call(NOON, "e"), file="b"), Event(call(NOON, "e"), file="c")],
    "a file delivered again the day after": [
        Event(call(NOON, "e")),
        Event(call(NOON, "e"), delivered=date(2026, 10, 6)),
    ],
    "a file that repeats a record": [REPEATED, REPEATED],
    "one id with two contents": [Event(call(NOON, "e")), Event(call(NOON, "e", userAgent="other"), file="b")],
    "no ids": [Event(call(NOON, eventID=None)), Event(call(NOON, eventID=None), file="b")],
    "empty ids": [Event(call(NOON, eventID="")), Event(call(NOON, eventID=""), file="b")],
}
"""Two records each, in October, beside the routine."""

MERGED = {name for name in MADE if name.startswith(("two", "a file"))}
"""Those whose two records are one event."""


@pytest.fixture(scope="module")
def run_over(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ran]:
    """Give a function that runs over one of these, once."""

    @cache
    def run(name: str) -> Ran:
        one = Job(tmp_path_factory.mktemp("copies"), queries=(COPIES, CONFLICTS, ROOT))
        one.deliver(*routine(), *MADE[name])
        return one.run()

    return run


@pytest.fixture(params=list(MADE))
def made(request: pytest.FixtureRequest, run_over: Callable[[str], Ran]) -> tuple[str, Ran]:
    """Give one of these, and its run."""
    return request.param, run_over(request.param)


def figures(ran: Ran, query: str) -> list[dict[str, Any]]:
    """Return the rows of a query."""
    return list(ran.evidence.rows(query))


def test_every_record_is_accounted_for(made: tuple[str, Ran]) -> None:
    """Read is what is in the period and the copies left out, each counted on its own; a query says the same."""
    name, ran = made
    totals, events = ran.evidence.totals, 6 * len(DAYS)
    assert (totals.read, totals.balanced) == (events + 2, True)
    assert (totals.in_period, totals.duplicates) == ((events + 1, 1) if name in MERGED else (events + 2, 0))
    assert totals.conflicting_ids == (1 if name == "one id with two contents" else 0)
    assert totals.without_id == (2 if "ids" in name else 0)
    [row] = figures(ran, COPIES)
    assert (row["events"], row["surplus_copies"]) == (totals.in_period, totals.duplicates)
    assert (row["conflicting_ids"], row["events_without_id"]) == (totals.conflicting_ids, totals.without_id)


def test_contradictions_are_findings_and_copies_are_not(made: tuple[str, Ran]) -> None:
    """Both records that share an id and differ are listed; nothing else is."""
    name, ran = made
    conflict = name == "one id with two contents"
    assert ran.query(CONFLICTS).outcome is (Outcome.EXCEPTIONS if conflict else Outcome.NO_EXCEPTIONS)
    assert sum(cell.events for cell in ran.assurance.cells) == ran.evidence.totals.in_period
    assert len(figures(ran, CONFLICTS)) == (2 if conflict else 0)


def test_the_list_of_files_accounts_for_every_record(made: tuple[str, Ran]) -> None:
    """The records of all files are those that were read, copies included."""
    _, ran = made
    with ran.evidence.layout.files.open(encoding="utf-8", newline="") as file:
        assert sum(int(row["records"]) for row in csv.DictReader(file)) == ran.evidence.totals.read


def test_control_totals_are_printed(tmp_path: Path) -> None:
    """In both languages, with everything that befell the records at once, undated and of other times too."""
    one = Job(tmp_path, queries=(COPIES, ROOT))
    odd = [Event({**call("2026-10-05", "undated"), "eventTime": "soon"}, delivered=date(2026, 10, 5))]
    outside = [Event(call("2026-11-01T00:00:00Z", "after"))]
    numbered = [
        replace(event, record={**event.record, "eventID": f"{event.record['eventID']}-{number}"})
        if event.record["eventID"]
        else event
        for number, events in enumerate(MADE.values())
        for event in events
    ]
    one.deliver(*routine(), *numbered, *odd, *outside)
    ran = one.run(documents=True)
    totals = ran.evidence.totals
    assert (totals.duplicates, totals.conflicting_ids, totals.without_id) == (4, 1, 4)
    assert (totals.outside, totals.undated, totals.balanced) == (1, 1, True)
    for language, words in (("en", "Records without an event id"), ("pt_BR", "Registros sem id de evento")):
        text = ran.document(language)
        assert words in text
        assert f">{totals.read}<" in text
