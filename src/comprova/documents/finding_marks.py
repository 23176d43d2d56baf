"""What a document says beside the rows of a finding: name, recurrence, acceptances, and what reviewers say of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from comprova.catalog.query import Query
from comprova.documents.display import Shown
from comprova.documents.rendition import Rendition
from comprova.errors import ComprovaError, Problem
from comprova.evidence.findings import AcceptanceUse, Finding
from comprova.evidence.review import Disposition
from comprova.evidence.subject import Subject, finding_id, subject_of


@dataclass(frozen=True, slots=True)
class FindingMark:
    """A finding beside one of its rows.

    Attributes:
        finding: With its name and recurrence.
        acceptances: The valid ones that cover it.
        expired: Those that would, had they not expired.
        dispositions: What reviewers say of it, in the order of their file.
    """

    finding: Finding
    acceptances: tuple[AcceptanceUse, ...]
    expired: tuple[AcceptanceUse, ...]
    dispositions: tuple[Disposition, ...]


class FindingMarks:
    """The marks of the findings of one query.

    Args:
        rendition: The evidence and its review.
        query: Whose rows are shown.
    """

    def __init__(self, rendition: Rendition, query: Query) -> None:
        self._subject = query.block.subject
        report, review = rendition.evidence.findings, rendition.review
        uses = {use.id: use for use in report.acceptances}
        self._marks: Mapping[str, FindingMark] = {
            finding.id: FindingMark(
                finding,
                tuple(uses[name] for name in finding.acceptances),
                tuple(uses[name] for name in finding.expired),
                tuple(one for one in review.dispositions if one.finding == finding.id),
            )
            for finding in report.findings
            if finding.query == query.id
        }
        self._query_id = query.id
        self._masking = rendition.masking

    def of(self, row: Mapping[str, object]) -> FindingMark | None:
        """Return the mark of a row as the evidence has it; None where the query names no findings."""
        if not self._marks:
            return None
        name = self._masking.finding(finding_id(self._query_id, subject_of(row, self._subject)))
        if name not in self._marks:
            problem = Problem(
                "findings.json", f"the finding {name} of {self._query_id}", "none", "Verify the evidence."
            )
            raise ComprovaError(problem)
        return self._marks[name]


def shown_subject(rendition: Rendition, query: Query, subject: Subject) -> tuple[tuple[str, Shown], ...]:
    """Return the values of a subject under the titles of their columns, as rows show them.

    Columns stand in the order of the query's subject; those of an earlier version of it, after them.
    """
    titles = {column.name: column.title.of(rendition.language) for column in query.block.column}
    order = [name for name in query.block.subject if name in subject]
    order += [name for name in subject if name not in order]
    return tuple((titles.get(name, name), rendition.display.value(subject[name])) for name in order)
