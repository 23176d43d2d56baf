"""Conditions of requirements: what must hold before they can be judged, and what follows where it does not."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from comprova.catalog.framework import Requirement
from comprova.collect.assess import TrailState
from comprova.collect.cells import BLOCKING
from comprova.collect.conditions import Conditions
from comprova.collect.data_logging import DataLogging
from comprova.collect.measured import ResourceDay
from comprova.evidence.model import Cell, Reason, UnmetCondition
from comprova.evidence.outcomes import Assurance, CellState, Outcome, ReasonCode, joined
from comprova.period import Period

ACCOUNT, OTHER = "111122223333", "444455556666"
DAYS = (date(2026, 10, 1), date(2026, 10, 2))
NEEDS = ("management:read", "management:write", "kms", "data:s3")
CARDS, LOGS = "cards", "audit-logs"
ABOUT_CARDS, ABOUT_LOGS, ABOUT_NO_BUCKET = "data.reads", "logging.log_reads", "identity.root_activity"


def requirement(*conditions: str, queries: tuple[str, ...] = (ABOUT_CARDS,)) -> Requirement:
    """Return a requirement with conditions, which queries prove."""
    text = {"en": "x", "pt_BR": "x"}
    return Requirement.model_validate(
        {
            "id": "1",
            "parent": "A",
            "title": text,
            "summary": text,
            "coverage": "full" if queries else "none",
            "why": text,
            "elsewhere": None if queries else "manual",
            "evaluable_if": conditions,
            "evidence": tuple({"query": f"{query}@1", "bearing": "proves"} for query in queries),
        }
    )


def cells(states: Mapping[tuple[str, date, str], CellState] | None = None) -> tuple[Cell, ...]:
    """Return the cells of two accounts on two days, recorded but for some."""
    return tuple(
        Cell(
            account=account,
            region="us-east-1",
            day=day,
            events=1,
            states={need: (states or {}).get((account, day, need), CellState.RECORDED) for need in NEEDS},
            assurance=Assurance.PARTLY,
        )
        for account in (ACCOUNT, OTHER)
        for day in DAYS
    )


def conditions(
    *,
    held: tuple[Cell, ...] | None = None,
    recorded: tuple[str, ...] = (CARDS, LOGS),
    listed: tuple[str, ...] = (CARDS, LOGS),
    accounts_named: bool = True,
    parameters: tuple[str, ...] = (),
) -> Conditions:
    """Return what conditions are held against: a month in which all of them hold, but for what is said.

    Args:
        held: The cells.
        recorded: The buckets of which data events are seen.
        listed: Those that the job names.
        accounts_named: Whether it names accounts.
        parameters: That it sets.
    """
    seen = ResourceDay(DAYS[0], datetime(2026, 10, 1, 9, tzinfo=UTC), datetime(2026, 10, 1, 10, tzinfo=UTC))
    data = DataLogging(
        Period.parse("2026-10-01..2026-10-02", "UTC"),
        (ACCOUNT, OTHER),
        {"data:s3": dict.fromkeys(recorded, (seen,))},
        {},
        frozenset(),
    )
    resources = {
        ABOUT_CARDS: {"data:s3": frozenset({CARDS} & set(listed))},
        ABOUT_LOGS: {"data:s3": frozenset({LOGS} & set(listed))},
        ABOUT_NO_BUCKET: {},
    }
    trail = TrailState(cells() if held is None else held, (), None, 1)
    return Conditions(trail, data, resources, accounts_named=accounts_named, parameters=frozenset(parameters))


def test_a_month_that_has_everything_meets_every_condition() -> None:
    """The near miss of all that follows."""
    held = tuple(cell.model_copy(update={"assurance": Assurance.PROVEN}) for cell in cells())
    asked = requirement(*NEEDS, "digest", "inventory", "parameter:leavers")
    assert conditions(held=held, parameters=("leavers",)).unmet(asked) == ()


@pytest.mark.parametrize("need", NEEDS[:3])
@pytest.mark.parametrize("state", CellState)
def test_every_cell_must_have_recorded(need: str, state: CellState) -> None:
    """One cell that is a gap or unknown leaves a kind of event open, whichever cell it is; a quiet one does not."""
    open_cells = [
        cell.account
        for cell in cells()
        if conditions(held=cells({(cell.account, cell.day, need): state})).unmet(requirement(need))
    ]
    assert len(open_cells) == (4 if state in BLOCKING else 0)


def test_the_reason_says_which_kind_of_event_where() -> None:
    """A condition has its own reason; one that holds beside it has none."""
    held = cells({(OTHER, DAYS[1], "kms"): CellState.UNKNOWN})
    unknown = Reason(code=ReasonCode.NOT_LOGGED, facts={"need": "kms", "accounts": (OTHER,)})
    expected = (UnmetCondition(condition="kms", reasons=(unknown,)),)
    assert conditions(held=held).unmet(requirement("management:read", "kms")) == expected


@pytest.mark.parametrize(
    ("query", "recorded", "lacking"),
    [
        (ABOUT_CARDS, (CARDS,), ()),
        (ABOUT_LOGS, (CARDS,), (LOGS,)),
        (ABOUT_CARDS, (), (CARDS,)),
        (ABOUT_NO_BUCKET, (CARDS,), (LOGS,)),
    ],
)
def test_data_events_are_asked_of_the_resources_that_the_queries_are_about(
    query: str, recorded: tuple[str, ...], lacking: tuple[str, ...]
) -> None:
    """What is not logged of audit logs says nothing of cards; queries about no bucket take all in scope."""
    [*unmet] = conditions(recorded=recorded).unmet(requirement("data:s3", queries=(query,)))
    said = [reason.facts["resources"] for one in unmet for reason in one.reasons]
    assert said == ([lacking] if lacking else [])


def test_data_events_of_no_named_resource_need_a_selector_for_all() -> None:
    """An event on a bucket that nobody named shows nothing of the others."""
    [unmet] = conditions(listed=()).unmet(requirement("data:s3"))
    assert [reason.code for reason in unmet.reasons] == [ReasonCode.NOT_LOGGED]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("digest", ReasonCode.NO_DIGEST),
        ("inventory", ReasonCode.NO_INVENTORY),
        ("parameter:leavers", ReasonCode.PARAMETER_NOT_SET),
    ],
)
def test_what_the_run_was_not_given_is_said(condition: str, code: ReasonCode) -> None:
    """No digest was compared, no account named, no such parameter set: each has its reason."""
    [unmet] = conditions(accounts_named=False, parameters=("other",)).unmet(requirement(condition))
    assert (unmet.condition, [reason.code for reason in unmet.reasons]) == (condition, [code])


def test_one_cell_without_digest_is_enough() -> None:
    """Digests prove cell by cell."""
    proven = [cell.model_copy(update={"assurance": Assurance.PROVEN}) for cell in cells()]
    for number, cell in enumerate(cells()):
        held = (*proven[:number], cell, *proven[number + 1 :])
        assert conditions(held=held).unmet(requirement("digest"))


def test_a_month_without_logs_meets_no_condition_about_them() -> None:
    """Where there is no file there is no cell to hold anything against."""
    known = Conditions(
        TrailState((), (), None, 0),
        DataLogging(Period.parse("2026-10", "UTC"), (), {}, {}, frozenset()),
        {},
        accounts_named=True,
        parameters=frozenset(),
    )
    unmet = known.unmet(requirement(*NEEDS, "digest"))
    codes = [(one.condition, [reason.code for reason in one.reasons]) for one in unmet]
    assert codes == [*((need, [ReasonCode.NO_LOGS]) for need in NEEDS), ("digest", [ReasonCode.NO_DIGEST])]


def test_a_requirement_without_queries_has_no_conditions() -> None:
    """Nothing is asked for it, so nothing is missing."""
    assert conditions(accounts_named=False).unmet(requirement("inventory", queries=())) == ()


STAYS = {Outcome.EXCEPTIONS, Outcome.FAILED, Outcome.NOT_RUN}


@pytest.mark.parametrize("outcome", Outcome)
def test_findings_win_and_nothing_else_sounds_clean(outcome: Outcome) -> None:
    """Exceptions, failed and not-run stay; all others are inconclusive where a condition did not hold."""
    assert joined([outcome], evaluable=True) is outcome
    assert joined([outcome], evaluable=False) is (outcome if outcome in STAYS else Outcome.INCONCLUSIVE)
