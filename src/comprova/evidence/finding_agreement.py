"""Whether the findings that the evidence names are those of its rows, and are covered as it says."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from comprova.catalog.query import Kind
from comprova.errors import ComprovaError
from comprova.evidence.findings import AcceptanceState, AcceptanceUse, Finding
from comprova.evidence.model import QueryResult, Scope
from comprova.evidence.reader import Evidence
from comprova.evidence.subject import finding_id, grouped_rows, subject_key


def finding_faults(evidence: Evidence) -> Iterator[str]:
    """Yield what `findings.json` says that rows, assessment and acceptances do not."""
    by_query: dict[str, list[Finding]] = {}
    for finding in evidence.findings.findings:
        by_query.setdefault(finding.query, []).append(finding)
        if finding.id != finding_id(finding.query, finding.subject):
            yield f"{finding.query}: {finding.id} is not the name of its subject"
    for result in evidence.assessment.queries:
        yield from _of_result(evidence, result, by_query.pop(result.id, []))
    yield from (f"{query}: it has findings, and was not asked" for query in by_query)
    yield from _of_acceptances(evidence)


def _of_result(evidence: Evidence, result: QueryResult, findings: list[Finding]) -> Iterator[str]:
    counted = None
    if result.kind is Kind.EXCEPTION and result.rows is not None:
        counted = sum(1 for one in findings if not one.acceptances)
        said = {subject_key(one.subject): one.rows for one in findings}
        if said != _in_rows(evidence, result) or len(said) != len(findings):
            yield f"{result.id}: its findings are not those of its rows"
    elif findings:
        yield f"{result.id}: it has findings, and no rows of exceptions"
    if result.findings != counted:
        yield f"{result.id}: expected {counted} findings that no acceptance covers, found {result.findings}"
    accepted = sum(one.rows for one in findings if one.acceptances)
    if result.accepted_rows != accepted:
        yield f"{result.id}: expected {accepted} accepted rows, found {result.accepted_rows}"


def _in_rows(evidence: Evidence, result: QueryResult) -> dict[str, int] | None:
    """Return the rows of a result by subject; None where they cannot be read, which another check tells in full."""
    import pyarrow as pa

    try:
        columns = evidence.catalog.query(result.id).block.subject
        found = grouped_rows(evidence.layout.parquet(result.id), columns)
    except (OSError, pa.ArrowException, KeyError, ValueError, ComprovaError):
        return None
    return {subject_key(subject): count for subject, count in found}


def _of_acceptances(evidence: Evidence) -> Iterator[str]:
    report = evidence.findings
    uses = {use.id: use for use in report.acceptances}
    for finding in report.findings:
        for ids, state in ((finding.acceptances, AcceptanceState.VALID), (finding.expired, AcceptanceState.EXPIRED)):
            for name in ids:
                if name not in uses or not _covers(uses[name], finding, state, evidence.assessment.scope):
                    yield f"{finding.query}: {finding.id} is not covered by the acceptance {name} as it says"


def _covers(use: AcceptanceUse, finding: Finding, state: AcceptanceState, scope: Scope) -> bool:
    last_day = (scope.end.astimezone(ZoneInfo(scope.time_zone)) - timedelta(microseconds=1)).date()
    same = (use.query, subject_key(use.subject)) == (finding.query, subject_key(finding.subject))
    return same and use.state is state and (use.expires_on >= last_day) == (state is AcceptanceState.VALID)
