"""Whether what an assessment says agrees with itself, with the counts of rows, and with the editions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from comprova.catalog.editions import EditionChoice, terms
from comprova.catalog.framework import DIGEST, INVENTORY, Bearing, Framework, Requirement
from comprova.catalog.needs import DATA_PREFIX
from comprova.catalog.query import Kind
from comprova.evidence.model import AssuranceReport, FrameworkResult, QueryResult, RequirementResult, Scope
from comprova.evidence.outcomes import Assurance, CellState, Extent, Outcome, Standing, joined
from comprova.period import zone


def outcome_faults(results: Iterable[QueryResult]) -> Iterator[str]:
    """Yield the queries whose outcome cannot follow from their rows and extent."""
    for result in results:
        if result.outcome not in _possible(result):
            rows = (
                "no result" if result.rows is None else f"{result.rows} rows, {result.accepted_rows} of them accepted"
            )
            yield f"{result.id}: {result.outcome} does not follow from {rows}, extent {result.extent}"


def _possible(result: QueryResult) -> set[Outcome]:
    if result.rows is None:
        return {Outcome.FAILED, Outcome.NOT_RUN, Outcome.INCONCLUSIVE}
    exception = result.kind is Kind.EXCEPTION
    if result.rows > 0:
        found = Outcome.EXCEPTIONS if result.accepted_rows < result.rows else Outcome.ACCEPTED
        return {found if exception else Outcome.RECORDED}
    if result.extent is Extent.LOWER_BOUND:
        return {Outcome.INCONCLUSIVE}
    return {Outcome.NO_EXCEPTIONS if exception else Outcome.NOTHING_RECORDED}


def not_held(scope: Scope, assurance: AssuranceReport) -> frozenset[str]:
    """Return the conditions of requirements of which the scope and the cells show that they did not hold.

    Whether data events were logged of each resource, and which parameters were set, is decided elsewhere.
    """
    found = set() if scope.accounts else {INVENTORY}
    if not assurance.cells or any(cell.assurance is not Assurance.PROVEN for cell in assurance.cells):
        found.add(DIGEST)
    for need in assurance.needs:
        unknown = set() if need.startswith(DATA_PREFIX) else {CellState.UNKNOWN}
        if any(cell.states[need] in {CellState.GAP} | unknown for cell in assurance.cells):
            found.add(need)
    return frozenset(found)


def requirement_faults(
    judged: FrameworkResult,
    edition: Framework | None,
    results: Mapping[str, QueryResult],
    missing: frozenset[str],
) -> Iterator[str]:
    """Yield what a framework's requirements say that its edition and its queries do not.

    Args:
        judged: What the assessment says of the framework.
        edition: As it lies in the evidence; None where it does not.
        results: Of every query, by id.
        missing: Conditions of which the evidence shows that they did not hold.
    """
    name = f"{judged.id} {judged.edition}"
    if edition is None:
        yield f"{name}: the edition is not among the content"
        return
    if [item.id for item in edition.requirement] != [item.id for item in judged.requirements]:
        yield f"{name}: not every requirement of the edition has its row"
        return
    for requirement, said in zip(edition.requirement, judged.requirements, strict=True):
        if not _follows(requirement, said, results, missing):
            yield f"{name}, {said.id}: what is said of it does not follow from the edition and its queries"


def edition_faults(judged: FrameworkResult, editions: Iterable[Framework], scope: Scope) -> Iterator[str]:
    """Yield what is said of why an edition was used that the editions and the period do not say.

    Args:
        judged: What the assessment says.
        editions: Those in the evidence.
        scope: Of the run.
    """
    name = f"{judged.id} {judged.edition}"
    last = (scope.end.astimezone(zone(scope.time_zone)) - timedelta(microseconds=1)).date()
    if judged.day != last:
        yield f"{name}: {judged.day} is not the last day of the period, {last}"
        return
    own = (term for term in terms(editions) if term.framework.id == judged.id)
    in_force = next((term.framework.edition for term in own if term.holds(last)), None)
    if judged.in_force != in_force:
        yield f"{name}: on {last} {in_force or 'no edition'} was in force, not {judged.in_force or 'none'}"
    elif judged.choice is EditionChoice.IN_FORCE and judged.edition != in_force:
        yield f"{name}: it was not in force on {last}"


def _follows(
    requirement: Requirement,
    said: RequirementResult,
    results: Mapping[str, QueryResult],
    missing: frozenset[str],
) -> bool:
    mapped = [(item.ref.id, item.ref.version, item.bearing) for item in requirement.evidence]
    if [(item.query, item.version, item.bearing) for item in said.evidence] != mapped:
        return False
    asked = [results[item.query] for item in said.evidence if item.query in results]
    outcomes = [result.outcome for result in asked]
    proving = [item.outcome for item in said.evidence if item.bearing is Bearing.PROVES]
    judged = joined(proving, evaluable=not said.unmet) if said.standing is Standing.JUDGED and proving else None
    bounded = bool(said.unmet) or any(result.extent is Extent.LOWER_BOUND for result in asked)
    named = [one.condition for one in said.unmet]
    must = [condition for condition in requirement.evaluable_if if mapped and condition in missing]
    findings = sum(item.findings or 0 for item in asked)
    return (
        [item.outcome for item in said.evidence] == outcomes
        and said.coverage is requirement.coverage
        and said.outcome is judged
        and said.extent is (Extent.LOWER_BOUND if bounded else Extent.WHOLE)
        and named == [condition for condition in requirement.evaluable_if if condition in named]
        and set(must) <= set(named)
        and all(one.reasons for one in said.unmet)
        and Counter(said.counts) == Counter(outcomes)
        and said.findings == findings
    )
