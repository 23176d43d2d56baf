"""Which edition of a framework is in force on a day, and which one a job means.

An edition is in force from `effective_from` until `effective_until`, and in any case until the day before another
edition that `supersedes` it is in force. The old file is not touched when a new one is laid beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations

from comprova.catalog.framework import Framework
from comprova.errors import ContentError, Problem

_PIN = "@"


class EditionChoice(StrEnum):
    """Why a run uses an edition."""

    IN_FORCE = "in-force"
    """The job names the framework, and this edition was in force on the last day of the period."""
    NAMED = "named"
    """The job names this edition, in force or not."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An edition that a run uses, and why.

    Attributes:
        framework: The edition.
        choice: Why this one.
        day: The last day of the period, in the job's time zone.
        in_force: The edition that was in force on that day; None where none was.
    """

    framework: Framework
    choice: EditionChoice
    day: date
    in_force: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """When an edition is in force: first and last day; None for a last day that nobody has set."""

    framework: Framework
    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Tell whether the edition is in force on a day."""
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def said(self) -> str:
        """The edition and its days, as messages say them."""
        return f"{self.framework.id}{_PIN}{self.framework.edition} from {self.first}" + (
            f" to {self.last}" if self.last else ""
        )


def terms(frameworks: Iterable[Framework]) -> tuple[Term, ...]:
    """Return when each edition is in force, by framework and first day."""
    by_id: dict[str, list[Framework]] = defaultdict(list)
    for framework in frameworks:
        by_id[framework.id].append(framework)
    found = (_term(one, editions) for _, editions in sorted(by_id.items()) for one in editions)
    return tuple(sorted(found, key=lambda term: (term.framework.id, term.first, term.framework.edition)))


def _term(framework: Framework, editions: Sequence[Framework]) -> Term:
    ends = [other.effective_from - timedelta(days=1) for other in editions if other.supersedes == framework.edition]
    stated = [framework.effective_until] if framework.effective_until else []
    return Term(framework, framework.effective_from, min([*ends, *stated], default=None))


def overlaps(frameworks: Iterable[Framework]) -> Iterator[tuple[Term, Term]]:
    """Yield the editions of one framework that begin on the same day or are in force on the same day, older first."""
    for one, other in combinations(terms(frameworks), 2):
        alike = one.framework.id == other.framework.id
        if alike and (one.last is None or other.first <= max(one.first, one.last)):
            yield one, other


def choose(frameworks: Mapping[str, Framework], name: str, day: date, where: str) -> Chosen:
    """Return the edition that a job means.

    Args:
        frameworks: All there are, by key.
        name: An id (`pci-dss`) for the edition in force; an id with an edition (`pci-dss@4.0.1`), or a key
            (`pci-dss-4.0.1`), for that one.
        day: The last day of the period, in the job's time zone.
        where: What names it, for messages.

    Raises:
        ContentError: There is no such framework or edition, or none was in force on that day.
    """
    named = frameworks.get(name.replace(_PIN, "-", 1) if _PIN in name else name)
    id_ = named.id if named else name
    own = [term for term in terms(frameworks.values()) if term.framework.id == id_]
    if not own:
        known = sorted({framework.id for framework in frameworks.values()})
        editions = sorted(f"{one.id}{_PIN}{one.edition}" for one in frameworks.values())
        expected = f"a framework ({', '.join(known)}) or one edition of it ({', '.join(editions)})"
        raise ContentError(Problem(where, expected, repr(name)))
    in_force = next((term.framework for term in own if term.holds(day)), None)
    if named is not None:
        return Chosen(named, EditionChoice.NAMED, day, in_force.edition if in_force else None)
    if in_force is None:
        pin = f"{id_}{_PIN}{own[-1].framework.edition}"
        hint = f"To use an edition outside its time, name it: {pin}."
        expected = f"an edition of {id_} in force on {day}, the last day of the period"
        raise ContentError(Problem(where, expected, "; ".join(term.said for term in own), hint))
    return Chosen(in_force, EditionChoice.IN_FORCE, day, in_force.edition)
