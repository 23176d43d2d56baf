"""From the outcomes of queries to what is said of every requirement of an edition."""

from collections import Counter
from collections.abc import Mapping
from typing import assert_never

from comprova.catalog.editions import Chosen
from comprova.catalog.framework import Bearing, Coverage, Elsewhere, Requirement
from comprova.collect.conditions import Conditions
from comprova.evidence.model import FrameworkResult, QueryResult, RequirementEvidence, RequirementResult
from comprova.evidence.outcomes import Extent, Standing, joined


def judge_framework(chosen: Chosen, results: Mapping[str, QueryResult], conditions: Conditions) -> FrameworkResult:
    """Say something of every requirement of an edition, in its order."""
    framework = chosen.framework
    return FrameworkResult(
        id=framework.id,
        edition=framework.edition,
        choice=chosen.choice,
        day=chosen.day,
        in_force=chosen.in_force,
        requirements=tuple(_judge(requirement, results, conditions) for requirement in framework.requirement),
    )


def _judge(requirement: Requirement, results: Mapping[str, QueryResult], conditions: Conditions) -> RequirementResult:
    evidence = tuple(
        RequirementEvidence(
            query=item.ref.id, version=item.ref.version, bearing=item.bearing, outcome=results[item.ref.id].outcome
        )
        for item in requirement.evidence
    )
    proving = [item.outcome for item in evidence if item.bearing is Bearing.PROVES]
    asked = [results[item.query] for item in evidence]
    standing = _standing(requirement)
    unmet = conditions.unmet(requirement)
    bounded = bool(unmet) or any(item.extent is Extent.LOWER_BOUND for item in asked)
    return RequirementResult(
        id=requirement.id,
        coverage=requirement.coverage,
        standing=standing,
        outcome=joined(proving, evaluable=not unmet) if standing is Standing.JUDGED else None,
        extent=Extent.LOWER_BOUND if bounded else Extent.WHOLE,
        unmet=unmet,
        counts=Counter(item.outcome for item in evidence),
        findings=sum(item.findings or 0 for item in asked),
        evidence=evidence,
    )


def _standing(requirement: Requirement) -> Standing:
    match requirement.coverage:
        case Coverage.FULL | Coverage.PARTIAL:
            return Standing.JUDGED
        case Coverage.SUPPORTING:
            return Standing.SUPPORTING
        case Coverage.NONE:
            return Standing.MANUAL if requirement.elsewhere is Elsewhere.MANUAL else Standing.OUT_OF_REACH
        case _ as never:
            assert_never(never)
