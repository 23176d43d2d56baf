"""The acceptances of findings of an edition's queries, with what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from comprova.documents.display import Shown
from comprova.documents.finding_marks import shown_subject
from comprova.documents.questions import QueryView
from comprova.documents.rendition import Rendition
from comprova.evidence.findings import AcceptanceState, AcceptanceUse


@dataclass(frozen=True, slots=True)
class AcceptanceLine:
    """One acceptance, the query that it speaks of, and the values that name the finding."""

    use: AcceptanceUse
    question: QueryView
    subject: tuple[tuple[str, Shown], ...]


def acceptance_lines(rendition: Rendition, questions: Sequence[QueryView]) -> tuple[AcceptanceLine, ...]:
    """Return every acceptance that speaks of one of the queries: those in force first, else as in their file."""
    asked = {view.query.id: view for view in questions}
    states = tuple(AcceptanceState)
    uses = [use for use in rendition.evidence.findings.acceptances if use.query in asked]
    return tuple(
        AcceptanceLine(use, asked[use.query], shown_subject(rendition, asked[use.query].query, use.subject))
        for use in sorted(uses, key=lambda use: states.index(use.state))
    )
