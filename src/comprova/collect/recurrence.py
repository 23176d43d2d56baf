"""Compares findings with those of the period before. "New" and "gone" claim an absence, so both must be able to."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from comprova.catalog.catalog import Catalog
from comprova.catalog.query import Kind
from comprova.evidence.canonical import canonical_json
from comprova.evidence.findings import (
    Comparison,
    Earlier,
    EarlierFinding,
    EarlierState,
    Finding,
    Obstacle,
    Recurrence,
)
from comprova.evidence.model import Cell, QueryResult, Scope
from comprova.evidence.outcomes import Extent
from comprova.evidence.subject import Subject, subject_key
from comprova.evidence.trend import Trend


@dataclass(frozen=True, slots=True)
class Side:
    """What one of two periods says.

    Attributes:
        scope: What the run was to look at.
        cells: Of its grid.
        results: By query id.
        catalog: The queries that it asked.
    """

    scope: Scope
    cells: tuple[Cell, ...]
    results: Mapping[str, QueryResult]
    catalog: Catalog


@dataclass(frozen=True, slots=True)
class EarlierSide:
    """The evidence of the period before.

    Attributes:
        about: Which evidence that is.
        side: What it says; None where there is none to compare with.
        findings: That it holds.
        trend: Up to it; None where there is none to compare with.
    """

    about: Earlier
    side: Side | None
    findings: tuple[Finding, ...]
    trend: Trend | None = None


class Recurrences:
    """The comparison of one period with the one before.

    Args:
        now: What this period says.
        earlier: What the one before said.
    """

    def __init__(self, now: Side, earlier: EarlierSide) -> None:
        self._now = now
        self._earlier = earlier
        self._known = {(one.query, subject_key(one.subject)) for one in earlier.findings}
        asked = {id_ for id_, result in now.results.items() if result.kind is Kind.EXCEPTION}
        before = {id_ for id_, result in self._results_before.items() if result.kind is Kind.EXCEPTION}
        self.comparisons = tuple(self._compared(query_id) for query_id in sorted(asked | before))
        self._by_query = {one.query: one for one in self.comparisons}

    @property
    def _results_before(self) -> Mapping[str, QueryResult]:
        return self._earlier.side.results if self._earlier.side else {}

    def of(self, query_id: str, subject: Subject) -> Literal[Recurrence.NEW, Recurrence.RECURRING, Recurrence.UNTOLD]:
        """Return what can be said of a finding of this period."""
        if (query_id, subject_key(subject)) in self._known:
            return Recurrence.RECURRING
        return Recurrence.UNTOLD if self._by_query[query_id].new else Recurrence.NEW

    def absent(self, found: Iterable[tuple[str, Subject]]) -> tuple[EarlierFinding, ...]:
        """Return the findings of the period before that are not among those of this one, by query id and subject."""
        here = {(query_id, subject_key(subject)) for query_id, subject in found}
        return tuple(
            EarlierFinding(
                id=one.id,
                query=one.query,
                version=one.version,
                subject=one.subject,
                rows=one.rows,
                recurrence=Recurrence.NOT_SEEN if self._by_query[one.query].gone else Recurrence.GONE,
            )
            for one in self._earlier.findings
            if (one.query, subject_key(one.subject)) not in here
        )

    def _compared(self, query_id: str) -> Comparison:
        before = self._earlier.side
        if before is None:
            why = Obstacle.DAMAGED if self._earlier.about.state is EarlierState.DAMAGED else Obstacle.NO_EARLIER
            return Comparison(query=query_id, new=why, gone=why)
        either = _obstacle(query_id, self._now, before)
        return Comparison(
            query=query_id,
            new=either or _cannot_claim_absence(query_id, before, beside=self._now),
            gone=either or _cannot_claim_absence(query_id, self._now, beside=before),
        )


def _obstacle(query_id: str, now: Side, before: Side) -> Obstacle | None:
    """Return why the two answers to a query are answers to different questions."""
    one, other = now.results.get(query_id), before.results.get(query_id)
    if one is None or other is None:
        return Obstacle.NOT_ASKED
    if set(now.catalog.query(query_id).block.subject) != set(before.catalog.query(query_id).block.subject):
        return Obstacle.OTHER_SUBJECT
    if (one.version, one.activity, one.deliveries) != (other.version, other.activity, other.deliveries):
        return Obstacle.OTHER_VERSION
    if _set_by_hand(one, now.catalog) != _set_by_hand(other, before.catalog):
        return Obstacle.OTHER_PARAMETERS
    return Obstacle.OTHER_SCOPE if before.scope.end != now.scope.start else None


def _cannot_claim_absence(query_id: str, side: Side, beside: Side) -> Obstacle | None:
    """Return why one side cannot say that it does not have what the other side has."""
    result = side.results[query_id]
    if result.rows is None or result.extent is not Extent.WHOLE:
        return Obstacle.NOT_WHOLE
    accounts = {cell.account for cell in beside.cells} - {cell.account for cell in side.cells}
    regions = side.scope.regions and (not beside.scope.regions or set(beside.scope.regions) - set(side.scope.regions))
    return Obstacle.OTHER_SCOPE if accounts or regions else None


def _set_by_hand(result: QueryResult, catalog: Catalog) -> object:
    """Return the parameters in force but those that a run or a calendar gives, which differ from month to month."""
    values = json.loads(canonical_json(result))["parameters"]
    return {name: value for name, value in values.items() if catalog.parameters[name].given is None}
