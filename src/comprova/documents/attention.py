"""What needs attention, most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from comprova.catalog.query import Severity
from comprova.catalog.text import Language
from comprova.documents.questions import QueryView
from comprova.evidence.model import Reason
from comprova.evidence.outcomes import WORST_FIRST, Outcome

_WANTS_ATTENTION = frozenset({Outcome.EXCEPTIONS, Outcome.FAILED, Outcome.NOT_RUN, Outcome.INCONCLUSIVE})
_SEVERITIES = tuple(Severity)
_LINES_OF_SUMMARY = 9
_CHARACTERS_OF_LINE = 62
_LINES_OF_COVER = 8
_CHARACTERS_OF_COVER_LINE = 50


@dataclass(frozen=True, slots=True)
class Alike:
    """Queries without an answer whose first reason is the same; None of those that have no reason."""

    reason: Reason | None
    questions: tuple[QueryView, ...]


@dataclass(frozen=True, slots=True)
class Attention:
    """What a reader should look at.

    Attributes:
        exceptions: Queries with findings that no acceptance covers: by severity, then by number.
        open: Queries that failed, were not run, or are inconclusive: nothing is known of what they ask.
        first: The first of all of them, as many as have room on the one page of a summary.
        cover: The first of all of them, as many as the definition allows and have room on the cover.
    """

    exceptions: tuple[QueryView, ...]
    open: tuple[QueryView, ...]
    first: tuple[QueryView, ...]
    cover: tuple[QueryView, ...]

    @property
    def items(self) -> tuple[QueryView, ...]:
        """All of them, exceptions first."""
        return (*self.exceptions, *self.open)

    @property
    def open_by_reason(self) -> tuple[Alike, ...]:
        """The open ones under what stands in their way, so that a reason of many is read once."""
        groups: list[tuple[Reason | None, list[QueryView]]] = []
        for view in self.open:
            reason = next(iter(view.result.reasons), None)
            own = next((members for other, members in groups if other == reason), None)
            if own is None:
                groups.append((reason, [view]))
            else:
                own.append(view)
        return tuple(Alike(reason, tuple(members)) for reason, members in groups)


def attention(questions: Sequence[QueryView], language: Language, most_on_cover: int) -> Attention:
    """Choose what needs attention among the queries of an edition, whose titles are read in a language."""
    wanted = [view for view in questions if view.result.outcome in _WANTS_ATTENTION]
    wanted.sort(key=_urgency)
    titles = [len(view.query.block.title.of(language)) for view in wanted]
    return Attention(
        tuple(view for view in wanted if view.result.outcome is Outcome.EXCEPTIONS),
        tuple(view for view in wanted if view.result.outcome is not Outcome.EXCEPTIONS),
        tuple(wanted[: _with_room(titles, _CHARACTERS_OF_LINE, _LINES_OF_SUMMARY)]),
        tuple(wanted[: min(_with_room(titles, _CHARACTERS_OF_COVER_LINE, _LINES_OF_COVER), most_on_cover)]),
    )


def _with_room(titles: Sequence[int], characters: int, lines: int) -> int:
    """Return how many titles of some lengths fit into lines of some characters."""
    return sum(line <= lines for line in accumulate(1 + length // characters for length in titles))


def _urgency(view: QueryView) -> tuple[int, int, int]:
    result = view.result
    return WORST_FIRST.index(result.outcome), _SEVERITIES.index(result.severity), -(view.findings or 0)
