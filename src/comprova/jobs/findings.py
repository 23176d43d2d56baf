"""The findings of a run: counted from its rows, covered by acceptances, compared with the period before."""

from collections.abc import Mapping
from datetime import timedelta

from comprova.catalog.query import Kind
from comprova.collect.acceptances import Applied, Found, apply
from comprova.collect.recurrence import EarlierSide, Recurrences, Side
from comprova.evidence.findings import Finding, FindingsReport
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.model import Cell, QueryResult, Scope
from comprova.evidence.subject import finding_id, grouped_rows
from comprova.jobs.ledger import QueryEntry
from comprova.jobs.preparation import Prepared


class Findings:
    """The findings of one revision.

    Args:
        prepared: What was asked, and what is accepted.
        entries: What came of each query that was sent.
        evidence: Where the rows are.
    """

    def __init__(self, prepared: Prepared, entries: Mapping[str, QueryEntry], evidence: EvidenceLayout) -> None:
        self._prepared = prepared
        self._found = _found(prepared, entries, evidence)
        last_day = prepared.period.end_day - timedelta(days=1)
        self._applied: Applied = apply(prepared.acceptances.acceptances, self._found, last_day)

    def accepted_rows(self, query_id: str) -> int:
        """Return how many rows of a query valid acceptances cover."""
        found = self._found.get(query_id, ())
        return sum(rows for subject, rows in found if self._applied.of(query_id, subject).valid)

    def uncovered(self, query_id: str) -> int | None:
        """Return how many findings of a query none covers; None where it is of another kind or has no result."""
        if query_id not in self._found:
            return None
        return sum(1 for subject, _ in self._found[query_id] if not self._applied.of(query_id, subject).valid)

    def report(
        self, scope: Scope, cells: tuple[Cell, ...], results: Mapping[str, QueryResult], earlier: EarlierSide
    ) -> FindingsReport:
        """Compare the findings with those of the period before, and return what is said of all."""
        recurrences = Recurrences(Side(scope, cells, results, self._prepared.catalog), earlier)
        findings = []
        for query_id, found in sorted(self._found.items()):
            for subject, rows in found:
                covering = self._applied.of(query_id, subject)
                findings.append(
                    Finding(
                        id=finding_id(query_id, subject),
                        query=query_id,
                        version=results[query_id].version,
                        subject=subject,
                        rows=rows,
                        recurrence=recurrences.of(query_id, subject),
                        acceptances=covering.valid,
                        expired=covering.expired,
                    )
                )
        return FindingsReport(
            earlier=earlier.about,
            findings=tuple(findings),
            absent=recurrences.absent((one.query, one.subject) for one in findings),
            comparisons=recurrences.comparisons,
            acceptances=self._applied.uses,
        )


def _found(prepared: Prepared, entries: Mapping[str, QueryEntry], evidence: EvidenceLayout) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for query in prepared.queries:
        entry = entries.get(query.id)
        if query.block.kind is Kind.EXCEPTION and entry is not None and entry.rows is not None:
            subject = query.block.subject
            found[query.id] = grouped_rows(evidence.parquet(query.id), subject) if entry.rows else ()
    return found
