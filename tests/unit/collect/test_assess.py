"""Verdicts: findings always win, and absence is claimed only where events would have been logged."""

from datetime import date

import pytest

from comprova.catalog.query import Kind, QueryBlock
from comprova.collect.assess import Answered, TrailState, defects, judge
from comprova.collect.cells import Expected, build_grid, held_from
from comprova.collect.data_logging import Unproven
from comprova.collect.measured import EventCount
from comprova.evidence.model import Reason
from comprova.evidence.outcomes import CellState, Extent, Outcome, ReasonCode

DAYS = (date(2026, 10, 1), date(2026, 10, 2))
WRITE = "management:write"
S3 = "data:s3"


def block(kind: Kind = Kind.EXCEPTION, needs: tuple[str, ...] = (WRITE,)) -> QueryBlock:
    """Return the block of a query of a kind with needs."""
    text = {"en": "x", "pt_BR": "x"}
    exception = kind is Kind.EXCEPTION
    return QueryBlock.model_validate(
        {
            "id": "pack.name",
            "version": 1,
            "kind": kind.value,
            "severity": "high" if exception else "info",
            "title": text,
            "question": text,
            "needs": needs,
            "parameters": (),
            "grain": ("event_id",),
            "subject": ("event_id",) if exception else (),
            "limits": {"en": (), "pt_BR": ()},
            "remedy": text,
            "column": ({"name": "event_id", "type": "varchar", "title": text},),
        }
    )


def count(day: date, need: str = WRITE, account: str = "1", region: str = "r", kms: int = 0) -> EventCount:
    """Return one event of a kind in a cell."""
    return EventCount(account, region, day, need, 1, kms)


def trail(*counts: EventCount, needs: tuple[str, ...] = (WRITE,), **facts: object) -> TrailState:
    """Return what is known of logs that hold these events on two days."""
    expected = Expected(DAYS, (), (), needs, frozenset({"1"}))
    values: dict[str, object] = {
        "cells": build_grid(counts, expected).cells,
        "defects": (),
        "first_held": DAYS[0],
        "log_files": 1,
    }
    return TrailState(**(values | facts))  # type: ignore[arg-type]


WHOLE = trail(count(DAYS[0]), count(DAYS[1]))
GAP = trail(count(DAYS[0]))


def test_no_rows_and_everything_logged_is_no_exceptions() -> None:
    """An exception query without rows says so only where every cell recorded the events it needs."""
    judged = judge(block(), Answered(rows=0), WHOLE)
    assert (judged.outcome, judged.extent) == (Outcome.NO_EXCEPTIONS, Extent.WHOLE)
    assert (judged.cells_examined, judged.cells_expected) == (2, 2)


def test_a_day_without_logs_makes_absence_inconclusive() -> None:
    """A gap is counted and named, and forbids the claim of absence."""
    judged = judge(block(), Answered(rows=0), GAP)
    assert (judged.outcome, judged.extent) == (Outcome.INCONCLUSIVE, Extent.LOWER_BOUND)
    assert judged.reasons == (Reason(code=ReasonCode.GAP, facts={"cells": 1, "examples": ("1 r 2026-10-02",)}),)
    assert (judged.cells_examined, judged.cells_expected) == (1, 2)


def test_findings_win_over_gaps() -> None:
    """Rows found are findings whatever the extent."""
    judged = judge(block(), Answered(rows=3), GAP)
    assert (judged.outcome, judged.extent) == (Outcome.EXCEPTIONS, Extent.LOWER_BOUND)


@pytest.mark.parametrize(
    ("accepted", "state", "outcome"),
    [(3, WHOLE, Outcome.ACCEPTED), (3, GAP, Outcome.ACCEPTED), (2, WHOLE, Outcome.EXCEPTIONS)],
)
def test_rows_are_accepted_only_together(accepted: int, state: TrailState, outcome: Outcome) -> None:
    """One row that no acceptance covers is an exception; what was not examined stays a lower bound."""
    judged = judge(block(), Answered(rows=3, accepted=accepted), state)
    assert (judged.outcome, judged.extent is Extent.WHOLE) == (outcome, state is WHOLE)


@pytest.mark.parametrize("kind", [Kind.POPULATION, Kind.METRIC])
def test_populations_and_metrics_are_recorded_or_not(kind: Kind) -> None:
    """Their rows are no exceptions, and their absence is claimed under the same conditions."""
    asked = ((2, GAP), (0, WHOLE), (0, GAP))
    outcomes = [judge(block(kind), Answered(rows=rows), state).outcome for rows, state in asked]
    assert outcomes == [Outcome.RECORDED, Outcome.NOTHING_RECORDED, Outcome.INCONCLUSIVE]


def test_a_quiet_cell_allows_the_claim_and_is_told() -> None:
    """An account that recorded other events that day would have recorded these."""
    quiet = trail(count(DAYS[0]), count(DAYS[1], "management:read"))
    judged = judge(block(), Answered(rows=0), quiet)
    assert judged.outcome is Outcome.NO_EXCEPTIONS
    assert judged.reasons == (Reason(code=ReasonCode.QUIET_CELLS, facts={"cells": 1}),)


@pytest.mark.parametrize(
    ("unproven", "outcome", "reason", "examined"),
    [
        ({}, Outcome.INCONCLUSIVE, ReasonCode.NOT_LOGGED, 0),
        ({S3: Unproven((), frozenset({("1", DAYS[1])}))}, Outcome.INCONCLUSIVE, ReasonCode.NOT_LOGGED, 1),
        (
            {S3: Unproven(("cards",), frozenset({("1", DAYS[1])}))},
            Outcome.INCONCLUSIVE,
            ReasonCode.RESOURCE_NOT_LOGGED,
            1,
        ),
        ({S3: Unproven((), frozenset())}, Outcome.NO_EXCEPTIONS, None, 2),
    ],
)
def test_data_events_are_proven_per_resource(
    unproven: dict[str, Unproven], outcome: Outcome, reason: ReasonCode | None, examined: int
) -> None:
    """A data event in every cell says nothing of the resources that have none."""
    state = trail(count(DAYS[0], S3), count(DAYS[1], S3), needs=(S3,))
    judged = judge(block(needs=(S3,)), Answered(rows=0, unproven=unproven), state)
    assert (judged.outcome, judged.cells_examined, judged.cells_expected) == (outcome, examined, 2)
    assert [item.code for item in judged.reasons] == ([reason] if reason else [])


def test_kms_events_may_be_excluded() -> None:
    """An account without any KMS event may exclude them; one with some was quiet on the other days."""
    without = trail(count(DAYS[0]), count(DAYS[1]), needs=("kms",))
    having = trail(count(DAYS[0], kms=1), count(DAYS[1]), needs=("kms",))
    outcomes = [judge(block(needs=("kms",)), Answered(rows=0), state).outcome for state in (without, having)]
    assert outcomes == [Outcome.INCONCLUSIVE, Outcome.NO_EXCEPTIONS]
    assert [cell.states["kms"] for cell in having.cells] == [CellState.RECORDED, CellState.QUIET]


def test_a_query_about_the_logs_needs_no_cell() -> None:
    """A query without needs is judged by the files alone."""
    assert judge(block(needs=()), Answered(rows=0), GAP).outcome is Outcome.NO_EXCEPTIONS


def test_no_logs_at_all_is_never_an_absence() -> None:
    """Without a log file nothing can be said, whatever a query needs."""
    empty = trail(log_files=0)
    outcomes = {judge(block(needs=needs), Answered(rows=0), empty).outcome for needs in ((), (WRITE,))}
    assert outcomes == {Outcome.INCONCLUSIVE}


@pytest.mark.parametrize(
    "facts",
    [
        {"unread_files": 1},
        {"unreadable_records": 1},
        {"undated": 1},
        {"misfits": 1},
    ],
)
def test_every_defect_of_the_logs_forbids_absence(facts: dict[str, int]) -> None:
    """What could not be read might have held the row that was not found."""
    none = {"unread_files": 0, "unreadable_records": 0, "undated": 0, "misfits": 0}
    found = defects(**(none | facts), closes=None)
    state = trail(count(DAYS[0]), count(DAYS[1]), defects=found)
    assert len(found) == 1
    assert judge(block(), Answered(rows=0), state).outcome is Outcome.INCONCLUSIVE


def test_a_look_back_that_is_not_held_is_told() -> None:
    """A query that wants older events than there are says how far its look-back reaches."""
    judged = judge(block(), Answered(rows=0, wanted=date(2026, 7, 3)), WHOLE)
    assert judged.outcome is Outcome.INCONCLUSIVE
    assert judged.reasons == (
        Reason(code=ReasonCode.LOOK_BACK, facts={"wanted": "2026-07-03", "reaches": "2026-10-01"}),
    )


def test_a_parameter_that_is_not_set_is_named() -> None:
    """Nothing guesses a value that only the organisation knows."""
    judged = judge(block(), Answered(unset=("sensitive_buckets",)), WHOLE)
    assert judged.outcome is Outcome.INCONCLUSIVE
    assert judged.reasons[0].facts == {"parameters": ("sensitive_buckets",)}
    assert judged.cells_examined == 0


def test_a_failed_query_never_looks_examined() -> None:
    """What the engine said is the reason, and no cell counts as examined."""
    reason = Reason(code=ReasonCode.ENGINE, facts={"message": "no"})
    judged = judge(block(), Answered(stopped=(Outcome.FAILED, reason)), WHOLE)
    assert (judged.outcome, judged.cells_examined, judged.reasons) == (Outcome.FAILED, 0, (reason,))


def test_an_account_that_the_job_names_and_nobody_heard_of_is_all_gap() -> None:
    """An expected account without logs has cells, and all of them are gaps."""
    expected = Expected(DAYS, ("1", "2"), (), (WRITE,), frozenset({"1", "3"}))
    grid = build_grid([count(DAYS[0]), count(DAYS[1]), count(DAYS[0], account="3")], expected)
    states = {(cell.account, cell.region, cell.states[WRITE]) for cell in grid.cells}
    assert states == {("1", "r", CellState.RECORDED), ("2", "us-east-1", CellState.GAP)}
    assert (grid.unexpected_accounts, grid.silent_accounts) == (("3",), ("2",))


OCTOBER = date(2026, 10, 1)
TWO_DAYS = frozenset({date(2026, 9, 29), date(2026, 9, 30)})


@pytest.mark.parametrize(
    ("history", "reaches"),
    [
        ({"1": TWO_DAYS, "2": TWO_DAYS}, date(2026, 9, 29)),
        ({"1": TWO_DAYS}, OCTOBER),
        ({"1": TWO_DAYS, "2": frozenset({date(2026, 9, 29)})}, OCTOBER),
        ({"1": TWO_DAYS | {date(2026, 7, 1)}, "2": TWO_DAYS}, date(2026, 9, 29)),
        ({"1": TWO_DAYS, "2": TWO_DAYS, "3": frozenset()}, date(2026, 9, 29)),
    ],
)
def test_history_reaches_as_far_as_no_account_lacks_a_day(history: dict[str, frozenset[date]], reaches: date) -> None:
    """One old event of one account proves nothing of other accounts, nor of the days between."""
    assert held_from(history, ("1", "2"), OCTOBER) == reaches


def test_no_account_has_no_history() -> None:
    """Where nothing was logged, no look-back is held."""
    assert held_from({"1": TWO_DAYS}, (), OCTOBER) is None


def test_payloads_that_nobody_can_read_may_hide_a_row() -> None:
    """A request so large that AWS omits it is a way to hide what it did; absence is not claimed."""
    judged = judge(block(), Answered(rows=0, unreadable_payloads=2), WHOLE)
    assert judged.outcome is Outcome.INCONCLUSIVE
    assert judged.reasons == (Reason(code=ReasonCode.UNREADABLE_PAYLOADS, facts={"records": 2}),)
