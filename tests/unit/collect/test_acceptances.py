"""Acceptances cover findings of exactly their values, until they expire, and remove nothing."""

from datetime import date
from typing import Any

import pytest

from comprova.catalog.acceptances import Acceptance
from comprova.collect.acceptances import Applied, Found, apply
from comprova.evidence.findings import AcceptanceState

LAST = date(2026, 10, 31)
ROOT: Found = (({"account_id": "1", "actor": "root"}, 3), ({"account_id": "2", "actor": None}, 1))


def acceptance(id_: str = "ACC-1", expires: date = LAST, **values: object) -> Acceptance:
    """Return an acceptance of the root user of account 1, or of other values."""
    named = {"query": "identity.root", "subject": {"account_id": "1", "actor": "root"}} | values
    people = {"approver": "Ana", "preparer": "Rui", "ticket": "GRC-1", "reason": "A drill"}
    days = {"approved_on": date(2026, 8, 1), "expires_on": expires}
    return Acceptance.model_validate({"id": id_, **named, **people, **days})


def states(applied: Applied) -> list[tuple[str, AcceptanceState, int]]:
    """Return what became of each acceptance, and the rows that it names."""
    return [(use.id, use.state, use.rows) for use in applied.uses]


def test_it_covers_the_finding_of_its_values_and_no_other() -> None:
    """The rows that it names are counted; the other finding stays uncovered."""
    applied = apply([acceptance()], {"identity.root": ROOT}, LAST)
    assert states(applied) == [("ACC-1", AcceptanceState.VALID, 3)]
    assert [applied.of("identity.root", subject).valid for subject, _ in ROOT] == [("ACC-1",), ()]
    assert applied.of("identity.other", ROOT[0][0]).valid == ()


@pytest.mark.parametrize(
    "values",
    [
        {"subject": {"account_id": "1", "actor": "roo"}},
        {"subject": {"account_id": "1", "actor": "*"}},
        {"subject": {"account_id": "1", "actor": "ROOT"}},
        {"subject": {"account_id": "2", "actor": ""}},
        {"subject": {"account_id": "1"}, "nulls": ("actor",)},
        {"query": "identity.other"},
    ],
)
def test_nothing_but_the_same_values_match(values: dict[str, Any]) -> None:
    """There are no patterns, and NULL is not the empty text; what matches nothing is listed."""
    applied = apply([acceptance(**values)], {"identity.root": ROOT, "identity.other": ()}, LAST)
    assert states(applied) == [("ACC-1", AcceptanceState.UNMATCHED, 0)]
    assert not applied.covering


def test_a_finding_without_a_value_can_be_accepted() -> None:
    """`nulls` names the columns that hold none."""
    applied = apply([acceptance(subject={"account_id": "2"}, nulls=("actor",))], {"identity.root": ROOT}, LAST)
    assert applied.of("identity.root", ROOT[1][0]).valid == ("ACC-1",)


@pytest.mark.parametrize(
    ("expires", "state"),
    [
        (date(2026, 10, 30), AcceptanceState.EXPIRED),
        (LAST, AcceptanceState.VALID),
        (date(2027, 1, 1), AcceptanceState.VALID),
    ],
)
def test_the_last_day_of_the_period_decides(expires: date, state: AcceptanceState) -> None:
    """It holds through the day that it names; one that has expired is noted at the finding, and covers nothing."""
    applied = apply([acceptance(expires=expires)], {"identity.root": ROOT}, LAST)
    covering = applied.of("identity.root", ROOT[0][0])
    assert states(applied) == [("ACC-1", state, 3)]
    assert (covering.valid, covering.expired)[state is AcceptanceState.EXPIRED] == ("ACC-1",)
    assert (covering.expired, covering.valid)[state is AcceptanceState.EXPIRED] == ()


def test_a_renewed_acceptance_covers_and_the_old_one_is_told() -> None:
    """Both name the finding; the file keeps its history."""
    both = [acceptance("ACC-1", date(2026, 9, 30)), acceptance("ACC-2")]
    covering = apply(both, {"identity.root": ROOT}, LAST).of("identity.root", ROOT[0][0])
    assert (covering.valid, covering.expired) == (("ACC-2",), ("ACC-1",))


def test_where_nothing_was_examined_nothing_is_said_of_it() -> None:
    """A query without a result, or one that was not asked, matches nothing and excludes nothing."""
    assert states(apply([acceptance()], {}, LAST)) == [("ACC-1", AcceptanceState.NOT_EXAMINED, 0)]
