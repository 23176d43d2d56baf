"""Every requirement of an edition as a document shows it, in the edition's groups."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from comprova.catalog.framework import Bearing, Framework, Requirement
from comprova.documents.questions import QueryView
from comprova.evidence.model import FrameworkResult, RequirementResult
from comprova.evidence.outcomes import Standing


@dataclass(frozen=True, slots=True)
class Line:
    """A query under a requirement."""

    question: QueryView
    bearing: Bearing


@dataclass(frozen=True, slots=True)
class RequirementView:
    """One requirement.

    Attributes:
        anchor: Where its section is, or its line among what CloudTrail cannot show.
        requirement: What the edition's file says.
        result: What the run says.
        lines: Its queries, as the edition maps them.
    """

    anchor: str
    requirement: Requirement
    result: RequirementResult
    lines: tuple[Line, ...]

    @property
    def judged(self) -> bool:
        """Whether it has an outcome of its own."""
        return self.result.standing is Standing.JUDGED

    @property
    def findings(self) -> int | None:
        """Rows of its exception queries that no acceptance covers; None where no exception query has a result."""
        known = [line.question.findings for line in self.lines if line.question.findings is not None]
        return sum(known) if known else None

    @property
    def cells(self) -> tuple[int, int]:
        """The fewest cells that one of its queries examined, and the cells of the scope."""
        results = [line.question.result for line in self.lines]
        return min(one.cells_examined for one in results), max(one.cells_expected for one in results)


@dataclass(frozen=True, slots=True)
class Group:
    """Requirements that stand under one heading of the edition."""

    parent: str
    members: tuple[RequirementView, ...]


def requirement_views(
    framework: Framework,
    result: FrameworkResult,
    anchors: Mapping[str, str],
    questions: Mapping[str, QueryView],
) -> tuple[RequirementView, ...]:
    """Return every requirement in the edition's order."""
    said = {one.id: one for one in result.requirements}
    return tuple(
        RequirementView(
            anchors[requirement.id],
            requirement,
            said[requirement.id],
            tuple(Line(questions[item.query], item.bearing) for item in said[requirement.id].evidence),
        )
        for requirement in framework.requirement
    )


def grouped(views: Sequence[RequirementView], wanted: Callable[[RequirementView], bool]) -> tuple[Group, ...]:
    """Return the requirements that are wanted, under their headings."""
    chosen = [view for view in views if wanted(view)]
    return tuple(
        Group(parent, tuple(members)) for parent, members in groupby(chosen, key=lambda view: view.requirement.parent)
    )
