"""Every requirement of an edition as a document shows it, in the edition's groups."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from comprova.catalog.framework import Bearing, Framework, Requirement
from comprova.catalog.text import Text
from comprova.documents.questions import QueryView
from comprova.evidence.model import FrameworkResult, Reason, RequirementResult
from comprova.evidence.outcomes import WORST_FIRST, Outcome, Standing


@dataclass(frozen=True, slots=True)
class Line:
    """A query under a requirement, and why it bears on it where the edition says so."""

    question: QueryView
    bearing: Bearing
    because: Text | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The queries under a requirement that bear on it in the same way and came to the same outcome."""

    bearing: Bearing
    outcome: Outcome
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Unmet:
    """Conditions of a requirement that did not hold, all for the same reasons."""

    conditions: tuple[str, ...]
    reasons: tuple[Reason, ...]


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
        """Of its exception queries, those that no acceptance covers; None where no exception query has a result."""
        known = [line.question.findings for line in self.lines if line.question.findings is not None]
        return sum(known) if known else None

    @property
    def unmet(self) -> tuple[Unmet, ...]:
        """Its conditions that did not hold, in the edition's order; those with the same reasons together."""
        by_reasons = groupby(self.result.unmet, key=lambda one: one.reasons)
        return tuple(Unmet(tuple(one.condition for one in alike), reasons) for reasons, alike in by_reasons)

    @property
    def answers(self) -> tuple[Answers, ...]:
        """Its queries by bearing and outcome: those that prove first, then the worst first."""
        bearings = tuple(Bearing)
        by_answer: dict[tuple[Bearing, Outcome], list[Line]] = defaultdict(list)
        for line in self.lines:
            by_answer[line.bearing, line.question.result.outcome].append(line)
        order = sorted(by_answer, key=lambda answer: (bearings.index(answer[0]), WORST_FIRST.index(answer[1])))
        return tuple(Answers(bearing, outcome, tuple(by_answer[bearing, outcome])) for bearing, outcome in order)


@dataclass(frozen=True, slots=True)
class Group:
    """Requirements that stand under one heading of the edition.

    Attributes:
        anchor: Where it begins among the sections of requirements; empty where the edition names no parts.
        title: Of the part of the edition; None where it names none.
        parent: The heading as the requirements name it, for editions without parts.
        members: The requirements.
    """

    anchor: str
    title: Text | None
    parent: str
    members: tuple[RequirementView, ...]

    @property
    def heading(self) -> str:
        """The heading in place of a title; empty where the ids of its members begin with it, and so say it."""
        said = all(member.requirement.id.startswith(self.parent) for member in self.members)
        return "" if said else self.parent


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
            tuple(_lines(requirement, said[requirement.id], questions)),
        )
        for requirement in framework.requirement
    )


def _lines(requirement: Requirement, result: RequirementResult, questions: Mapping[str, QueryView]) -> Iterator[Line]:
    reasons = {item.ref.id: item.because for item in requirement.evidence}
    for item in result.evidence:
        yield Line(questions[item.query], item.bearing, reasons[item.query])


def grouped(
    framework: Framework, views: Sequence[RequirementView], wanted: Callable[[RequirementView], bool]
) -> tuple[Group, ...]:
    """Return the requirements that are wanted, by part of the edition or, where it names none, by heading."""
    chosen = [view for view in views if wanted(view)]
    return tuple(
        Group(anchor, title, parent, tuple(members))
        for (anchor, title, parent), members in groupby(chosen, key=lambda view: _place(framework, view.requirement))
    )


def _place(framework: Framework, requirement: Requirement) -> tuple[str, Text | None, str]:
    for number, group in enumerate(framework.group, start=1):
        if requirement.parent in group.parents:
            return f"g-{number}", group.title, ""
    return "", None, requirement.parent
