"""Says what a revision says that the one before it did not, and why: `changes.json`, and the rows by query."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from comprova.catalog.query import Query, QueryRef
from comprova.errors import ComprovaError
from comprova.evidence.canonical import canonical_json, write_whole
from comprova.evidence.changes import (
    BeforeState,
    Change,
    ChangeReason,
    FileChange,
    FileChanges,
    QueryChanges,
    QuerySide,
    RevisionChanges,
)
from comprova.evidence.layout import EvidenceLayout, RunLayout
from comprova.evidence.manifest import sha256_file
from comprova.evidence.model import Assessment, AssuranceReport, QueryResult
from comprova.evidence.outcomes import Outcome
from comprova.evidence.reader import Evidence, open_evidence
from comprova.evidence.results import cell_text
from comprova.evidence.secrets import secrets_of
from comprova.evidence.verifying import evidence_checks
from comprova.jobs.preparation import Prepared
from comprova.jobs.revisions import Revision
from comprova.jobs.row_changes import row_changes

_MOST_FILES = 20
_TOOL_INPUTS = ("comprova", "engine")
_NO_RESULT = frozenset({Outcome.FAILED, Outcome.NOT_RUN})


@dataclass(frozen=True, slots=True)
class _Common:
    """What differs between two revisions, whatever is asked: reasons of every query."""

    files: FileChanges
    tool: bool
    closed: bool
    inputs: tuple[str, ...]


class Changes:
    """The comparison of a revision with the sealed one before it.

    Args:
        prepared: What was asked.
        before: The revision before, sealed.
        layout: Of the revision; its evidence is whole but for the seal.
        inputs: Its fingerprint, by part.
    """

    def __init__(self, prepared: Prepared, before: Revision, layout: RunLayout, inputs: Mapping[str, str]) -> None:
        self._prepared = prepared
        self._before = before
        self._layout = layout
        self._inputs = inputs

    def write(self) -> None:
        """Write `changes.json` and a list of rows for each query that has other rows than it had."""
        write_whole(self._layout.evidence.changes, canonical_json(self._report()))

    def _report(self) -> RevisionChanges:
        before = self._before.layout.evidence
        number, seal = self._before.number, sha256_file(before.manifest)
        if (fault := next(_faults(before), None)) is not None:
            return RevisionChanges(revision=number, seal=seal, state=BeforeState.DAMAGED, fault=fault)
        evidence, after = open_evidence(before.root), self._layout.evidence
        assessment = Assessment.model_validate_json(after.assessment.read_bytes())
        assurance = AssuranceReport.model_validate_json(after.assurance.read_bytes())
        known = self._before.ledger.inputs if self._before.ledger else self._inputs
        differing = tuple(
            name for name in sorted(known.keys() | self._inputs) if known.get(name) != self._inputs.get(name)
        )
        common = _Common(
            files=_file_changes(before.files, after.files),
            tool=any(name in differing for name in _TOOL_INPUTS),
            closed=evidence.assurance.closed != assurance.closed,
            inputs=differing,
        )
        now = {result.id: result for result in assessment.queries}
        asked = sorted(now.keys() | evidence.results)
        compared = [self._query(name, evidence, now.get(name), common) for name in asked]
        told = tuple(one for one in compared if one is not None)
        return RevisionChanges(
            revision=number,
            seal=seal,
            state=BeforeState.COMPARED,
            inputs=differing,
            files=common.files,
            queries=told,
            unchanged=len(compared) - len(told),
        )

    def _query(self, name: str, evidence: Evidence, after: QueryResult | None, common: _Common) -> QueryChanges | None:
        """Return what changed of a query; None where both say the same."""
        before = evidence.results.get(name)
        sides = _side(before), _side(after)
        if before is None or after is None:
            asked_about = (ChangeReason.ASKED_ABOUT,)
            return QueryChanges(id=name, before=sides[0], after=sides[1], counts=None, columns=(), reasons=asked_about)
        same_rows = before.parquet_sha256 == after.parquet_sha256
        if same_rows and sides[0] == sides[1]:
            return None
        counts: Counter[Change] | None = Counter()
        columns: frozenset[str] = frozenset()
        if not same_rows:
            counts, columns = self._rows(evidence, before, after)
        return QueryChanges(
            id=name,
            before=sides[0],
            after=sides[1],
            counts=None if counts is None else {change: counts[change] for change in Change},
            columns=tuple(sorted(columns)),
            reasons=tuple(self._reasons(evidence, before, after, common)),
        )

    def _rows(
        self, evidence: Evidence, before: QueryResult, after: QueryResult
    ) -> tuple[Counter[Change] | None, frozenset[str]]:
        """Write the rows that came, went or changed; return how many, and which columns changed."""
        if not before.parquet_sha256 or not after.parquet_sha256:
            return None, frozenset()
        old, new = _query_of(evidence, before), self._prepared.catalog.queries[QueryRef(after.id, after.version)]
        types = {column.name: column.type for column in old.block.column}
        columns = [column for column in new.block.column if types.get(column.name) is column.type]
        grain = new.block.grain
        if not set(grain) <= {column.name for column in columns}:
            return None, frozenset()
        counts: Counter[Change] = Counter()
        changed: set[str] = set()
        files = (evidence.layout.parquet(before.id), self._layout.evidence.parquet(after.id))
        path = self._layout.evidence.row_changes(after.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        by_name = {column.name: column.type for column in columns}
        secrets = secrets_of(self._prepared.catalog.secrets)
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(_csv_line("change", "changed_columns", *grain))
            for row in row_changes(*files, columns, grain, self._layout.work / "changes"):
                counts[row.change] += 1
                changed |= set(row.columns)
                values = [secrets.masked_value(value)[0] for value in row.grain]
                cells = [cell_text(value, by_name[name]) for name, value in zip(grain, values, strict=True)]
                file.write(_csv_line(row.change.value, " ".join(row.columns), *cells))
        return counts, frozenset(changed)

    def _reasons(
        self, evidence: Evidence, before: QueryResult, after: QueryResult, common: _Common
    ) -> Iterator[ChangeReason]:
        views, own = evidence.catalog.views, self._prepared.catalog.views
        differs = {
            ChangeReason.LOG_FILES: any(common.files.counts.values()),
            ChangeReason.STATEMENT: before.sql_sha256 != after.sql_sha256
            or any(views[name].text != own[name].text for name in ("activity", "deliveries")),
            ChangeReason.PARAMETERS: before.parameters != after.parameters or before.unset != after.unset,
            ChangeReason.TOOL: common.tool or before.layer != after.layer,
            ChangeReason.ASKED_AGAIN: bool(_NO_RESULT & {before.outcome, after.outcome}),
            ChangeReason.PERIOD_CLOSED: common.closed,
            ChangeReason.ACCEPTANCES: before.accepted_rows != after.accepted_rows and "acceptances" in common.inputs,
        }
        yield from (reason for reason, holds in differs.items() if holds)


def _csv_line(*cells: str | None) -> str:
    """Return a line in which NULL is an empty cell and the empty text is `""`, as in the copies of results."""
    return ",".join("" if cell is None else '"{}"'.format(cell.replace('"', '""')) for cell in cells) + "\n"


def _side(result: QueryResult | None) -> QuerySide | None:
    if result is None:
        return None
    return QuerySide(
        version=result.version,
        outcome=result.outcome,
        extent=result.extent,
        rows=result.rows,
        accepted_rows=result.accepted_rows,
    )


def _query_of(evidence: Evidence, result: QueryResult) -> Query:
    return evidence.catalog.queries[QueryRef(result.id, result.version)]


def _faults(layout: EvidenceLayout) -> Iterator[str]:
    try:
        for check in evidence_checks(layout):
            yield from check.faults
    except ComprovaError as error:
        yield str(error)


def _file_changes(before: Path, after: Path) -> FileChanges:
    """Compare two lists of log files by name, state and what tells their content."""
    old, new = _listed(before), _listed(after)
    found = [
        FileChange(log_file=name, change=change)
        for name in sorted(old.keys() | new)
        if (change := _file_change(old.get(name), new.get(name))) is not None
    ]
    counts = Counter(one.change for one in found)
    return FileChanges(counts={change: counts[change] for change in Change}, first=tuple(found[:_MOST_FILES]))


def _file_change(old: str | None, new: str | None) -> Change | None:
    if old == new:
        return None
    if old is None:
        return Change.CAME
    return Change.WENT if new is None else Change.CHANGED


def _listed(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {row["log_file"]: " ".join((row["state"], row["bytes"], row["sha256"], row["etag"])) for row in rows}
