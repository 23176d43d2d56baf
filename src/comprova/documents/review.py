"""What people say of the findings of an edition's queries, and the deadlines that follow from what they knew when."""

from collections.abc import Sequence
from dataclasses import dataclass

from comprova.documents.deadlines import RULES, Deadline, deadline
from comprova.documents.questions import QueryView
from comprova.documents.rendition import Rendition
from comprova.evidence.findings import Finding
from comprova.evidence.review import Disposition, Knowledge


@dataclass(frozen=True, slots=True)
class NamedFinding:
    """A finding, and the query whose rows it is."""

    finding: Finding
    question: QueryView


@dataclass(frozen=True, slots=True)
class DisposedFinding:
    """A finding with what one reviewer says of it."""

    named: NamedFinding
    disposition: Disposition


@dataclass(frozen=True, slots=True)
class KnownIncident:
    """An incident, the findings of this edition that show it, and the deadlines that its law counts from knowledge."""

    knowledge: Knowledge
    findings: tuple[NamedFinding, ...]
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class ReviewView:
    """What the document says of the review.

    Attributes:
        sha256: Of the file; empty where there is none.
        dispositions: In the order of the file.
        incidents: In the order of the file.
        undisposed: Findings of the edition that no acceptance covers, and of which nobody has said anything.
    """

    sha256: str
    dispositions: tuple[DisposedFinding, ...]
    incidents: tuple[KnownIncident, ...]
    undisposed: int


def review_view(rendition: Rendition, framework_id: str, questions: Sequence[QueryView]) -> ReviewView:
    """Choose what the review says of the findings of an edition's queries, and count its deadlines."""
    evidence, review = rendition.evidence, rendition.review
    asked = {view.query.id: view for view in questions}
    named = {one.id: NamedFinding(one, asked[one.query]) for one in evidence.findings.findings if one.query in asked}
    disposed = {one.finding for one in review.dispositions}
    zone = evidence.assessment.scope.time_zone
    rules = RULES.get(framework_id, ())
    return ReviewView(
        sha256=review.sha256,
        dispositions=tuple(
            DisposedFinding(named[one.finding], one) for one in review.dispositions if one.finding in named
        ),
        incidents=tuple(
            KnownIncident(
                one,
                tuple(named[name] for name in one.findings if name in named),
                tuple(deadline(rule, one.aware_at, zone, evidence.calendar) for rule in rules),
            )
            for one in review.knowledge
            if any(name in named for name in one.findings)
        ),
        undisposed=sum(1 for one in named.values() if not one.finding.acceptances and one.finding.id not in disposed),
    )
