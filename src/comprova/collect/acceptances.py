"""Applies acceptances: says which findings they cover, and what became of each. It removes no row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from comprova.catalog.acceptances import Acceptance
from comprova.evidence.findings import AcceptanceState, AcceptanceUse
from comprova.evidence.subject import Subject, finding_id, subject_key, subject_value

Found = tuple[tuple[Subject, int], ...]
"""The findings of one query: subject and number of rows."""


@dataclass(frozen=True, slots=True)
class Covering:
    """The acceptances that name one finding, by id."""

    valid: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """What acceptances came to.

    Attributes:
        covering: By query id and the key of the subject.
        uses: Of each acceptance, in their order.
    """

    covering: Mapping[tuple[str, str], Covering]
    uses: tuple[AcceptanceUse, ...]

    def of(self, query_id: str, subject: Subject) -> Covering:
        """Return what covers a finding."""
        return self.covering.get((query_id, subject_key(subject)), Covering())


def apply(acceptances: Sequence[Acceptance], found: Mapping[str, Found], last_day: date) -> Applied:
    """Match acceptances with findings, by exact values.

    Args:
        acceptances: Of the job.
        found: By query id, of every exception query that has a result; without rows, empty.
        last_day: Of the period, in its time zone: on it, an acceptance holds or has expired.
    """
    rows = {(query_id, subject_key(subject)): count for query_id, ones in found.items() for subject, count in ones}
    covering: dict[tuple[str, str], Covering] = {}
    uses = []
    for acceptance in acceptances:
        subject = {name: subject_value(value) for name, value in acceptance.values.items()}
        name = (acceptance.query, subject_key(subject))
        state = _state(acceptance, matched=name in rows, examined=acceptance.query in found, last_day=last_day)
        there = covering.get(name, Covering())
        if state is AcceptanceState.VALID:
            covering[name] = Covering((*there.valid, acceptance.id), there.expired)
        elif state is AcceptanceState.EXPIRED:
            covering[name] = Covering(there.valid, (*there.expired, acceptance.id))
        uses.append(
            AcceptanceUse(
                **acceptance.model_dump(exclude={"subject", "nulls"}),
                subject=subject,
                finding=finding_id(acceptance.query, subject),
                state=state,
                rows=rows.get(name, 0),
            )
        )
    return Applied(covering, tuple(uses))


def _state(acceptance: Acceptance, *, matched: bool, examined: bool, last_day: date) -> AcceptanceState:
    if not examined:
        return AcceptanceState.NOT_EXAMINED
    if not matched:
        return AcceptanceState.UNMATCHED
    return AcceptanceState.VALID if acceptance.holds_on(last_day) else AcceptanceState.EXPIRED
