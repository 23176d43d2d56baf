"""Reads an evidence folder: all that a document may be made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from comprova.catalog.catalog import Catalog, load_catalog
from comprova.catalog.query import QueryRef
from comprova.content import ContentRoot
from comprova.errors import ComprovaError, Problem
from comprova.evidence.calendar import BusinessCalendar
from comprova.evidence.changes import RevisionChanges
from comprova.evidence.cost import Cost
from comprova.evidence.findings import FindingsReport
from comprova.evidence.layout import EvidenceLayout, RunLayout
from comprova.evidence.model import Assessment, AssuranceReport, QueryResult, Totals
from comprova.evidence.trend import Trend

FactT = TypeVar("FactT", bound=BaseModel)

PROJECT = "project"
"""The folder inside `content/` that holds what came from a user's project."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sealed folder, open for reading.

    Attributes:
        layout: Where its files are.
        assessment: What the run says of every query and requirement.
        assurance: What is known of the trail.
        totals: The control totals.
        findings: Each finding by name, beside the month before and the acceptances.
        trend: What each period said, this one last.
        calendar: The job's days off.
        catalog: Queries, packs and editions as they were when the run asked.
        cost: What its statements scanned and cost; None of an engine that does not bill.
        changes: What the revision before did not say; None of a first revision.
    """

    layout: EvidenceLayout
    assessment: Assessment
    assurance: AssuranceReport
    totals: Totals
    findings: FindingsReport
    trend: Trend
    calendar: BusinessCalendar
    catalog: Catalog
    cost: Cost | None = None
    changes: RevisionChanges | None = None

    @property
    def results(self) -> Mapping[str, QueryResult]:
        """Each query's outcome, by query id."""
        return {result.id: result for result in self.assessment.queries}

    def rows(self, query_id: str, limit: int | None = None) -> Iterator[dict[str, object]]:
        """Yield the rows of a result in its order: exact values, timestamps naive in UTC, NULL as None."""
        from pyarrow import parquet

        left = limit
        with parquet.ParquetFile(self.layout.parquet(query_id)) as file:
            for batch in file.iter_batches(batch_size=1_000):
                for row in batch.to_pylist():
                    if left is not None:
                        if left <= 0:
                            return
                        left -= 1
                    yield row


def content_roots(layout: EvidenceLayout) -> tuple[ContentRoot, ...]:
    """Return the content that the run used: the built-in, and that of a user's project where there was one."""
    builtin, project = ContentRoot(layout.content, builtin=True), ContentRoot(layout.content / PROJECT, builtin=False)
    return (builtin, project) if project.path.is_dir() else (builtin,)


def find_evidence(folder: Path) -> EvidenceLayout:
    """Return the layout of a folder that is evidence, or of a run's folder around it; nothing need be there."""
    around = RunLayout(folder).evidence
    return around if around.root.is_dir() else EvidenceLayout(folder)


def open_evidence(folder: Path) -> Evidence:
    """Open the evidence in a folder: the evidence folder itself, or that of the run around it.

    Raises:
        ComprovaError: There is no sealed evidence, or it cannot be read.
    """
    layout = find_evidence(folder)
    if not layout.manifest.is_file():
        raise ComprovaError(
            Problem(str(folder), "a sealed evidence folder (with manifest-sha256.txt)", "none", "Run the job first.")
        )
    assessment = _read(layout.assessment, Assessment)
    return Evidence(
        layout,
        assessment,
        _read(layout.assurance, AssuranceReport),
        _read(layout.totals, Totals),
        _read(layout.findings, FindingsReport),
        _read(layout.trend, Trend),
        _read(layout.calendar, BusinessCalendar),
        _catalog(layout, assessment),
        _read(layout.cost, Cost) if layout.cost.is_file() else None,
        _read(layout.changes, RevisionChanges) if layout.changes.is_file() else None,
    )


def _catalog(layout: EvidenceLayout, assessment: Assessment) -> Catalog:
    """Read the content, in which a pack names the versions that were asked."""
    catalog = load_catalog(content_roots(layout))
    asked = (QueryRef(result.id, result.version) for result in assessment.queries)
    return catalog.asking(ref for ref in asked if ref in catalog.queries)


def read_findings(layout: EvidenceLayout) -> FindingsReport:
    """Read the findings of sealed evidence, and nothing else of it.

    Raises:
        ComprovaError: They cannot be read.
    """
    return _read(layout.findings, FindingsReport)


def _read(path: Path, model: type[FactT]) -> FactT:
    try:
        return model.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        first = str(error).splitlines()[0]
        raise ComprovaError(
            Problem(path.name, f"a readable {model.__name__}", first, "Verify the evidence.")
        ) from error
