"""New, recurring and gone: said only where both periods could have said otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from comprova.catalog.catalog import load_catalog
from comprova.catalog.query import Kind, Severity
from comprova.catalog.text import Text
from comprova.collect.recurrence import EarlierSide, Recurrences, Side
from comprova.evidence.findings import Earlier, EarlierState, Finding, Obstacle, Recurrence
from comprova.evidence.model import Cell, QueryResult, Scope
from comprova.evidence.outcomes import Assurance, Extent, Outcome
from comprova.evidence.subject import finding_id
from content_builder import BUILTIN, FRAMEWORK, PACK, ROOT_USE, changed, query_file, write_root

QUERY = "identity.root_use"
OCTOBER, SEPTEMBER = datetime(2026, 10, 1, 3, tzinfo=UTC), datetime(2026, 9, 1, 3, tzinfo=UTC)
OLD, BOTH, NEW = {"event_id": "old"}, {"event_id": "both"}, {"event_id": "new"}
RESULT = QueryResult(
    id=QUERY, version=1, kind=Kind.EXCEPTION, severity=Severity.HIGH, outcome=Outcome.EXCEPTIONS, extent=Extent.WHOLE,
    reasons=(), rows=2, accepted_rows=0, findings=2, secrets=0, cells_examined=1, cells_expected=1,
    assurance=Assurance.PARTLY,
    parameters={"approved": ("a",), "max_age_days": 90, "holidays": ({"day": date(2026, 10, 12), "name": "x"},)},
    unset=(), activity="activity@1", deliveries="deliveries@1", layer="", sql_sha256="", statement_sha256="",
    parquet_sha256="",
)  # fmt: skip


def finding(subject: Mapping[str, str], query: str = QUERY) -> Finding:
    """Return a finding of the period before."""
    return Finding(
        id=finding_id(query, subject), query=query, version=1, subject=subject, rows=1, recurrence=Recurrence.UNTOLD
    )


def side(path: Path, start: datetime, end: datetime, files: Mapping[str, str] = BUILTIN, **facts: Any) -> Side:
    """Return what a period says that asked one query, with some facts of its answer or scope replaced."""
    scope = Scope(
        job="monthly", organisation="Acme", source=Text(en="x", pt_BR="x"), period="", start=start,
        end=facts.pop("until", end), time_zone="UTC", history_start=start, accounts=(),
        regions=facts.pop("regions", ()),
    )  # fmt: skip
    accounts = facts.pop("accounts", ("1",))
    cells = tuple(
        Cell(account=one, region="r", day=start.date(), events=1, states={}, assurance=Assurance.PARTLY)
        for one in accounts
    )
    asked = facts.pop("asked", True)
    parameters = {**RESULT.parameters, **facts.pop("parameters", {})}
    result = RESULT.model_copy(update={"parameters": parameters, **facts})
    return Side(scope, cells, {QUERY: result} if asked else {}, load_catalog([write_root(path, files)]))


@pytest.fixture
def now(tmp_path: Path) -> Side:
    """Give October, whole."""
    return side(tmp_path / "now", OCTOBER, datetime(2026, 11, 1, 3, tzinfo=UTC))


def compared(now: Side, before: Side | None, state: EarlierState = EarlierState.COMPARED) -> list[Recurrence]:
    """Return what is said of a finding of both, of one of this period alone, and of one of the period before alone."""
    findings = (finding(OLD), finding(BOTH)) if before else ()
    about = Earlier(period="2026-09", state=state, revision=1, seal="s")
    recurrences = Recurrences(now, EarlierSide(about, before, findings))
    told = [recurrences.of(QUERY, BOTH), recurrences.of(QUERY, NEW)] if QUERY in now.results else []
    absent = recurrences.absent([(QUERY, BOTH), (QUERY, NEW)])
    assert [one.subject for one in absent] == ([OLD] if before else [])
    return [*told, *(one.recurrence for one in absent)]


def test_two_whole_months(now: Side, tmp_path: Path) -> None:
    """Where both examined everything, what one of them lacks was not there."""
    before = side(tmp_path / "before", SEPTEMBER, OCTOBER)
    assert compared(now, before) == [Recurrence.RECURRING, Recurrence.NEW, Recurrence.GONE]


@pytest.mark.parametrize("state", [EarlierState.NONE, EarlierState.DAMAGED])
def test_without_earlier_evidence_nothing_is_new(now: Side, state: EarlierState) -> None:
    """Nor is anything where it does not verify."""
    assert compared(now, None, state) == [Recurrence.UNTOLD, Recurrence.UNTOLD]


BLIND = {"outcome": Outcome.FAILED, "rows": None, "extent": Extent.LOWER_BOUND}
OTHER_TEXT = query_file(QUERY, 2)
OTHER_SUBJECT = OTHER_TEXT.replace('subject = ["event_id"]', 'subject = ["person"]')


def superseding(text: str) -> dict[str, str]:
    """Return content in which the query has version 2."""
    files = changed(BUILTIN, PACK, f"{QUERY}@1", f"{QUERY}@2")
    return {**changed(files, FRAMEWORK, f"{QUERY}@1", f"{QUERY}@2"), ROOT_USE: text}


@pytest.mark.parametrize(
    ("facts", "obstacle", "expected"),
    [
        (BLIND, Obstacle.NOT_WHOLE, [Recurrence.UNTOLD, Recurrence.GONE]),
        ({"extent": Extent.LOWER_BOUND}, Obstacle.NOT_WHOLE, [Recurrence.UNTOLD, Recurrence.GONE]),
        ({"asked": False}, Obstacle.NOT_ASKED, [Recurrence.UNTOLD, Recurrence.NOT_SEEN]),
        ({"activity": "activity@2"}, Obstacle.OTHER_VERSION, [Recurrence.UNTOLD, Recurrence.NOT_SEEN]),
        ({"parameters": {"approved": ()}}, Obstacle.OTHER_PARAMETERS, [Recurrence.UNTOLD, Recurrence.NOT_SEEN]),
        ({"parameters": {"holidays": ()}}, None, [Recurrence.NEW, Recurrence.GONE]),
        ({"accounts": ("2",)}, Obstacle.OTHER_SCOPE, [Recurrence.UNTOLD, Recurrence.NOT_SEEN]),
        ({"accounts": ("1", "2")}, None, [Recurrence.NEW, Recurrence.NOT_SEEN]),
        ({"regions": ("r",)}, Obstacle.OTHER_SCOPE, [Recurrence.UNTOLD, Recurrence.GONE]),
        ({"until": SEPTEMBER}, Obstacle.OTHER_SCOPE, [Recurrence.UNTOLD, Recurrence.NOT_SEEN]),
    ],
)
def test_what_the_month_before_could_not_have_found_is_not_new(
    now: Side, tmp_path: Path, facts: dict[str, Any], obstacle: Obstacle | None, expected: list[Recurrence]
) -> None:
    """What it found and is found again recurs all the same."""
    before = side(tmp_path / "before", SEPTEMBER, OCTOBER, **facts)
    assert compared(now, before) == [Recurrence.RECURRING, *expected]
    about = Earlier(period="2026-09", state=EarlierState.COMPARED)
    assert Recurrences(now, EarlierSide(about, before, ())).comparisons[0].new == obstacle


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"extent": Extent.LOWER_BOUND}, [Recurrence.RECURRING, Recurrence.NEW, Recurrence.NOT_SEEN]),
        ({"accounts": ("2",)}, [Recurrence.RECURRING, Recurrence.UNTOLD, Recurrence.NOT_SEEN]),
        ({"regions": ("r",)}, [Recurrence.RECURRING, Recurrence.NEW, Recurrence.NOT_SEEN]),
        ({"asked": False}, [Recurrence.NOT_SEEN]),
    ],
)
def test_what_this_month_could_not_have_found_is_not_gone(
    tmp_path: Path, facts: dict[str, Any], expected: list[Recurrence]
) -> None:
    """It was not seen, and it cannot be told."""
    november = datetime(2026, 11, 1, 3, tzinfo=UTC)
    now = side(tmp_path / "now", OCTOBER, november, **facts)
    assert compared(now, side(tmp_path / "before", SEPTEMBER, OCTOBER)) == expected


@pytest.mark.parametrize(
    ("text", "obstacle"), [(OTHER_TEXT, Obstacle.OTHER_VERSION), (OTHER_SUBJECT, Obstacle.OTHER_SUBJECT)]
)
def test_another_version_asked_another_question(now: Side, tmp_path: Path, text: str, obstacle: Obstacle) -> None:
    """Whether a finding is new cannot be told from what was not asked before."""
    before = side(tmp_path / "before", SEPTEMBER, OCTOBER, superseding(text), version=2)
    about = Earlier(period="2026-09", state=EarlierState.COMPARED)
    recurrences = Recurrences(now, EarlierSide(about, before, ()))
    assert recurrences.of(QUERY, NEW) is Recurrence.UNTOLD
    assert recurrences.comparisons[0].new is recurrences.comparisons[0].gone is obstacle


def test_every_query_of_either_month_is_compared(now: Side, tmp_path: Path) -> None:
    """Populations have no findings; a query of one month only is listed, with why nothing can be told."""
    other = RESULT.model_copy(update={"id": "identity.key_age"})
    people = RESULT.model_copy(update={"id": "identity.people", "kind": Kind.POPULATION})
    before = side(tmp_path / "before", SEPTEMBER, OCTOBER)
    before = replace(before, results={**before.results, other.id: other, people.id: people})
    about = Earlier(period="2026-09", state=EarlierState.COMPARED)
    recurrences = Recurrences(now, EarlierSide(about, before, (finding(OLD, other.id),)))
    assert [(one.query, one.new) for one in recurrences.comparisons] == [
        ("identity.key_age", Obstacle.NOT_ASKED),
        (QUERY, None),
    ]
    assert recurrences.absent([])[0].recurrence is Recurrence.NOT_SEEN
