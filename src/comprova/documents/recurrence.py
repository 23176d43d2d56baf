"""The findings of an edition's queries beside those of the period before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comprova.documents.display import Shown
from comprova.documents.finding_marks import shown_subject
from comprova.documents.questions import QueryView
from comprova.documents.rendition import Rendition
from comprova.evidence.findings import Comparison, Earlier, EarlierFinding, EarlierState, Obstacle, Recurrence


@dataclass(frozen=True, slots=True)
class ComparedQuery:
    """One query with findings in either period.

    Attributes:
        question: The query.
        counts: Its findings by recurrence.
        comparison: What stands in the way of saying "new" or "gone".
    """

    question: QueryView
    counts: Mapping[Recurrence, int]
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Untold:
    """Queries of whose findings "new" or "gone" cannot be said, all for the same reason.

    Attributes:
        recurrence: What cannot be said: new or gone.
        obstacle: What stands in the way.
        questions: The queries.
    """

    recurrence: Recurrence
    obstacle: Obstacle
    questions: tuple[QueryView, ...]


@dataclass(frozen=True, slots=True)
class AbsentFinding:
    """A finding of the period before that was not seen again, with the values that name it."""

    question: QueryView
    finding: EarlierFinding
    subject: tuple[tuple[str, Shown], ...]


@dataclass(frozen=True, slots=True)
class RecurrenceView:
    """What the document says of findings across two periods.

    Attributes:
        earlier: The evidence that was compared with.
        queries: With findings in either period.
        counts: Findings by recurrence.
        absent: The first findings of the period before that were not seen again.
        absent_left: How many more there are.
    """

    earlier: Earlier
    queries: tuple[ComparedQuery, ...]
    counts: Mapping[Recurrence, int]
    absent: tuple[AbsentFinding, ...]
    absent_left: int

    @property
    def untold(self) -> tuple[Untold, ...]:
        """What cannot be said, reason by reason; nothing where there is no evidence to compare with.

        Where the same reason stands in the way of "new" and "gone", it is said of "new" alone.
        """
        if self.earlier.state is not EarlierState.COMPARED:
            return ()
        found: dict[tuple[Recurrence, Obstacle], list[QueryView]] = {}
        for one in self.queries:
            new, gone = one.comparison.new, one.comparison.gone
            if new:
                found.setdefault((Recurrence.NEW, new), []).append(one.question)
            if gone and gone is not new:
                found.setdefault((Recurrence.GONE, gone), []).append(one.question)
        return tuple(Untold(*told, tuple(questions)) for told, questions in found.items())


def recurrence_view(rendition: Rendition, questions: Sequence[QueryView]) -> RecurrenceView:
    """Count the findings of an edition's queries by recurrence, and list those that were not seen again."""
    report = rendition.evidence.findings
    asked = {view.query.id: view for view in questions}
    comparisons = {one.query: one for one in report.comparisons}
    by_query: dict[str, Counter[Recurrence]] = {}
    told: list[tuple[str, Recurrence]] = [(one.query, one.recurrence) for one in report.findings]
    told += [(one.query, one.recurrence) for one in report.absent]
    for query_id, recurrence in told:
        if query_id in asked:
            by_query.setdefault(query_id, Counter())[recurrence] += 1
    absent = [one for one in report.absent if one.query in asked]
    shown = absent[: rendition.definition.finding_rows]
    return RecurrenceView(
        earlier=report.earlier,
        queries=tuple(ComparedQuery(asked[id_], by_query[id_], comparisons[id_]) for id_ in asked if id_ in by_query),
        counts=sum(by_query.values(), Counter()),
        absent=tuple(
            AbsentFinding(asked[one.query], one, shown_subject(rendition, asked[one.query].query, one.subject))
            for one in shown
        ),
        absent_left=len(absent) - len(shown),
    )
