"""Checks an evidence folder: what was checked, and what is not as it should be."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from comprova.catalog.lock import fingerprint
from comprova.errors import ComprovaError
from comprova.evidence.agreement import edition_faults, not_held, outcome_faults, requirement_faults
from comprova.evidence.finding_agreement import finding_faults
from comprova.evidence.layout import EvidenceLayout, RunLayout
from comprova.evidence.manifest import folder_faults, read_manifest, sha256_file
from comprova.evidence.model import QueryResult
from comprova.evidence.reader import Evidence, find_evidence, open_evidence
from comprova.evidence.trend_agreement import trend_faults


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked.

    Attributes:
        name: What.
        faults: What is not as it should be, each in words; empty where all is well.
        count: How many things were looked at.
    """

    name: str
    faults: tuple[str, ...]
    count: int


def verify_evidence(folder: Path) -> tuple[Check, ...]:
    """Check the evidence in a folder, with no engine, no AWS and no network.

    What it does not check: that the logs were whole, and that nobody sealed other evidence in this one's place; compare
    the seal with the one that was recorded elsewhere when the run ended.

    Raises:
        ComprovaError: There is no sealed evidence in the folder.
    """
    layout = find_evidence(folder)
    checks = evidence_checks(layout)
    documents = layout.root.parent / "documents"
    return (*checks, _documents(documents, layout)) if any(documents.glob("*")) else checks


def evidence_checks(layout: EvidenceLayout) -> tuple[Check, ...]:
    """Check evidence alone, whatever was rendered from it.

    Raises:
        ComprovaError: There is no sealed evidence.
    """
    checks = [_hashes(layout.root, layout.manifest, "files are as the manifest says")]
    ledger = RunLayout(layout.root.parent).ledger
    if ledger.is_file():
        checks.append(_named_seal(ledger, layout))
    try:
        evidence = open_evidence(layout.root)
    except ComprovaError as error:
        if not layout.manifest.is_file():
            raise
        return (*checks, Check("the evidence can be read", tuple(str(problem) for problem in error.problems), 1))
    return (
        *checks,
        _statements(evidence),
        _rows(evidence),
        _outcomes(evidence),
        _findings(evidence),
        _totals(evidence),
        _trend(evidence),
        _requirements(evidence),
    )


def _hashes(folder: Path, manifest: Path, name: str) -> Check:
    faults = tuple(folder_faults(folder, manifest))
    try:
        count = len(read_manifest(manifest))
    except (OSError, ValueError):
        count = 0  # the faults say so
    return Check(name, faults, count)


def _named_seal(ledger: Path, layout: EvidenceLayout) -> Check:
    name = f"{ledger.name} names the seal of this evidence"
    named = layout.manifest.is_file() and sha256_file(layout.manifest).encode() in ledger.read_bytes()
    return Check(name, () if named else (f"{ledger.name} does not name it, as after a run that was killed",), 1)


def _documents(folder: Path, layout: EvidenceLayout) -> Check:
    manifest = folder / layout.manifest.name
    check = _hashes(folder, manifest, "documents are as their manifest says, and made from this evidence")
    about = folder / "rendered-from.json"
    text = about.read_bytes() if about.is_file() else b""
    if layout.manifest.is_file() and sha256_file(layout.manifest).encode() not in text:
        fault = f"{about.name} does not name this evidence"
        return Check(check.name, (*check.faults, fault), check.count)
    return check


def _statements(evidence: Evidence) -> Check:
    faults = []
    for result in evidence.assessment.queries:
        query = next(
            (
                item
                for item in evidence.catalog.queries.values()
                if item.id == result.id and item.ref.version == result.version
            ),
            None,
        )
        if query is None:
            faults.append(f"{result.id}@{result.version} is not among the content")
        elif fingerprint(query).sql != result.sql_sha256:
            faults.append(f"{result.id}: the pack's SQL differs from the one that was asked")
        if result.statement_sha256 and _hash(evidence.layout.statement(result.id)) != result.statement_sha256:
            faults.append(f"{result.id}: the statement differs from the one that was sent")
    return Check("statements and SQL are those of the assessment", tuple(faults), len(evidence.assessment.queries))


def _rows(evidence: Evidence) -> Check:
    faults = list(_row_faults(evidence, evidence.assessment.queries))
    return Check("results have the rows that the assessment counts", tuple(faults), len(evidence.assessment.queries))


def _row_faults(evidence: Evidence, results: tuple[QueryResult, ...]) -> Iterator[str]:
    import pyarrow as pa
    from pyarrow import parquet

    for result in results:
        path = evidence.layout.parquet(result.id)
        if result.rows is None:
            if path.exists():
                yield f"{result.id}: there are rows, though it has no result"
        elif _hash(path) != result.parquet_sha256:
            yield f"{result.id}: the rows differ from those that were assessed"
        else:
            try:
                rows = parquet.read_metadata(path).num_rows
            except (OSError, pa.ArrowException) as error:
                yield f"{result.id}: the rows cannot be read: {error}"
            else:
                if rows != result.rows:
                    yield f"{result.id}: expected {result.rows} rows, found {rows}"


def _outcomes(evidence: Evidence) -> Check:
    results = evidence.assessment.queries
    return Check("outcomes follow from rows and extent", tuple(outcome_faults(results)), len(results))


def _findings(evidence: Evidence) -> Check:
    findings = evidence.findings
    faults = tuple(finding_faults(evidence))
    return Check(
        "findings are those of the rows, covered as they say",
        faults,
        len(findings.findings) + len(findings.acceptances),
    )


def _totals(evidence: Evidence) -> Check:
    totals = evidence.totals
    faults = () if totals.balanced else (f"{totals.read} records were read, and the parts do not add up to it",)
    return Check("control totals add up", faults, 1)


def _trend(evidence: Evidence) -> Check:
    points = evidence.trend.points
    return Check("the trend ends with what this evidence says", tuple(trend_faults(evidence)), len(points))


def _requirements(evidence: Evidence) -> Check:
    frameworks = evidence.assessment.frameworks
    missing = not_held(evidence.assessment.scope, evidence.assurance)
    faults = [
        fault
        for judged in frameworks
        for fault in requirement_faults(
            judged, evidence.catalog.frameworks.get(f"{judged.id}-{judged.edition}"), evidence.results, missing
        )
    ]
    editions = tuple(evidence.catalog.frameworks.values())
    for judged in frameworks:
        faults += edition_faults(judged, editions, evidence.assessment.scope)
    count = sum(len(judged.requirements) for judged in frameworks)
    return Check("every requirement of each edition has its row, as its queries say", tuple(faults), count)


def _hash(path: Path) -> str:
    return sha256_file(path) if path.is_file() else ""
