"""What needs attention, most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass

from comprova.catalog.query import Severity
from comprova.documents.questions import QueryView
from comprova.evidence.outcomes import WORST_FIRST, Outcome

_WANTS_ATTENTION = frozenset({Outcome.EXCEPTIONS, Outcome.FAILED, Outcome.NOT_RUN, Outcome.INCONCLUSIVE})
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Attention:
    """What a reader should look at.

    Attributes:
        exceptions: Queries with findings that no acceptance covers: by severity, then by number.
        open: Queries that failed, were not run, or are inconclusive: nothing is known of what they ask.
    """

    exceptions: tuple[QueryView, ...]
    open: tuple[QueryView, ...]

    @property
    def items(self) -> tuple[QueryView, ...]:
        """All of them, exceptions first."""
        return (*self.exceptions, *self.open)


def attention(questions: Sequence[QueryView]) -> Attention:
    """Choose what needs attention among the queries of an edition."""
    wanted = [view for view in questions if view.result.outcome in _WANTS_ATTENTION]
    wanted.sort(key=_urgency)
    return Attention(
        tuple(view for view in wanted if view.result.outcome is Outcome.EXCEPTIONS),
        tuple(view for view in wanted if view.result.outcome is not Outcome.EXCEPTIONS),
    )


def _urgency(view: QueryView) -> tuple[int, int, int]:
    result = view.result
    return WORST_FIRST.index(result.outcome), _SEVERITIES.index(result.severity), -(view.findings or 0)
