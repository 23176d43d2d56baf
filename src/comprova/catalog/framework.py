"""One edition of one law or standard: all its requirements, and which queries bear on each."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Self, assert_never

from pydantic import AfterValidator, Field, model_validator

from comprova.catalog.needs import is_need
from comprova.catalog.pack import Reference
from comprova.catalog.query import QueryRef
from comprova.catalog.text import Line, Text
from comprova.catalog.toml_faults import UnmetRuleError
from comprova.catalog.toml_reader import Block, matching


class Coverage(StrEnum):
    """How much of a requirement's evidence CloudTrail can give."""

    FULL = "full"
    """Inside the AWS API layer, the logs alone answer what the required record must show."""
    PARTIAL = "partial"
    """The logs answer a real part; other evidence is needed."""
    SUPPORTING = "supporting"
    """The logs corroborate; the main evidence is elsewhere."""
    NONE = "none"
    """The logs give no useful evidence."""


class Bearing(StrEnum):
    """What a query does for a requirement."""

    PROVES = "proves"
    """Its rows answer the part that the requirement's `why` says CloudTrail shows."""
    SUPPORTS = "supports"
    """Its rows corroborate."""


class Elsewhere(StrEnum):
    """Where the evidence of a requirement is that CloudTrail cannot show."""

    MANUAL = "manual"
    """People collect it: policies, contracts, registers, training, procedures."""
    OUT_OF_REACH = "out-of-reach"
    """It arises in systems that CloudTrail does not see."""


DIGEST, INVENTORY, PARAMETER_PREFIX = "digest", "inventory", "parameter:"
_PARAMETER = re.compile(rf"{PARAMETER_PREFIX}[a-z][a-z0-9_]*")


def _condition(text: str) -> str:
    if not (is_need(text) or text in {DIGEST, INVENTORY} or _PARAMETER.fullmatch(text)):
        message = "a need such as management:read, `digest`, `inventory` or `parameter:<name>`"
        raise ValueError(message)
    return text


Condition = Annotated[str, AfterValidator(_condition)]


class Evidence(Block):
    """One query that bears on a requirement.

    Attributes:
        query: At its version.
        bearing: What it does for the requirement.
        because: Why it bears on it, where that is not obvious.
    """

    query: Reference
    bearing: Annotated[Bearing, Field(strict=False)]
    because: Text | None = None

    @property
    def ref(self) -> QueryRef:
        """The query at its version."""
        return QueryRef.parse(self.query)


class Requirement(Block):
    """One requirement.

    Attributes:
        id: As the framework writes it.
        parent: The heading it stands under, as the framework writes it.
        title: A heading in our own words.
        summary: What it asks, in our own words.
        coverage: How much of its evidence CloudTrail can give.
        why: What CloudTrail shows of it and what it cannot; may be missing only where coverage is full.
        elsewhere: Where the evidence is, where coverage is none.
        evaluable_if: What must hold before its queries can be judged.
        evidence: The queries that bear on it.
    """

    id: Line
    parent: Line
    title: Text
    summary: Text
    coverage: Annotated[Coverage, Field(strict=False)]
    why: Text | None = None
    elsewhere: Annotated[Elsewhere, Field(strict=False)] | None = None
    evaluable_if: tuple[Condition, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _coverage_and_bearing_agree(self) -> Self:
        proving = [item for item in self.evidence if item.bearing is Bearing.PROVES]
        match self.coverage:
            case Coverage.FULL | Coverage.PARTIAL:
                self._require(bool(proving), f"a query that `proves`, because coverage is {self.coverage}")
            case Coverage.SUPPORTING:
                self._require(not proving, "only queries that `supports`, because coverage is supporting")
                self._require(bool(self.evidence), "a query that `supports`, because coverage is supporting")
            case Coverage.NONE:
                self._require(not self.evidence, "no evidence, because coverage is none")
            case _:
                assert_never(self.coverage)
        self._require(
            (self.elsewhere is not None) == (self.coverage is Coverage.NONE),
            "`elsewhere` (manual or out-of-reach) where coverage is none, and only there",
        )
        self._require(self.why is not None or self.coverage is Coverage.FULL, "a `why`, because coverage is not full")
        self._require(
            len({item.ref.id for item in self.evidence}) == len(self.evidence), "each query once in `evidence`"
        )
        return self

    def _require(self, holds: bool, expected: str) -> None:  # noqa: FBT001 - the condition itself
        if not holds:
            raise UnmetRuleError(f"{expected} (requirement {self.id})", self._mapping())

    def _mapping(self) -> str:
        """Return what is mapped, in words, for messages."""
        queries = ", ".join(f"{item.query} {item.bearing}" for item in self.evidence) or "no evidence"
        elsewhere = f", elsewhere {self.elsewhere}" if self.elsewhere else ""
        return f"coverage {self.coverage}, {queries}{elsewhere}"


_EDITION = matching(r"[0-9A-Za-z.-]+", "an edition such as 2018 or 4.0.1")


class Group(Block):
    """One of the parts in which an edition orders its requirements: a chapter, a section, one of twelve requirements.

    Attributes:
        title: Its number and name.
        parents: The headings, as requirements name them in `parent`, that it holds.
    """

    title: Text
    parents: Annotated[tuple[Line, ...], Field(min_length=1)]


class Framework(Block):
    """What an edition's file says.

    Attributes:
        id: Of the law or standard, in every edition.
        edition: Which edition.
        title: The name on a cover.
        authority: Who issues or enforces it.
        source: Where its text can be read.
        effective_from: The first day on which the edition is in force.
        effective_until: The last one, where that is known; an edition that supersedes it ends it sooner.
        supersedes: The edition whose place it takes from `effective_from` on.
        note: What a reader must know of our rendering of it.
        group: Its parts, in order; where there are none, requirements stand under their `parent`.
        requirement: Every requirement of the edition, in its order.
    """

    id: Annotated[str, matching(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)?", "an id such as pci-dss or acme.policy")]
    edition: Annotated[str, _EDITION]
    title: Text
    authority: Line
    source: Line
    effective_from: date
    effective_until: date | None = None
    supersedes: Annotated[str, _EDITION] | None = None
    note: Text
    group: tuple[Group, ...] = ()
    requirement: Annotated[tuple[Requirement, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [requirement.id for requirement in self.requirement]
        if doubled := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
            raise UnmetRuleError("each requirement once", f"{', '.join(doubled)} more than once", "requirement")
        return self

    @model_validator(mode="after")
    def _groups_hold_every_requirement_once(self) -> Self:
        held = [parent for group in self.group for parent in group.parents]
        named = {requirement.parent for requirement in self.requirement}
        if doubled := sorted({parent for parent in held if held.count(parent) > 1}):
            raise UnmetRuleError("each parent in one group", f"{', '.join(doubled)} in more than one", "group")
        if held and (left := sorted(named - set(held))):
            raise UnmetRuleError("a group for each parent", f"none for {', '.join(left)}", "group")
        if unused := sorted(set(held) - named):
            raise UnmetRuleError("parents that requirements name", ", ".join(unused), "group")
        return self

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.effective_until is not None and self.effective_until < self.effective_from:
            expected = f"`effective_until` on or after `effective_from` ({self.effective_from})"
            raise UnmetRuleError(expected, str(self.effective_until), "effective_until")
        if self.supersedes == self.edition:
            raise UnmetRuleError("another edition in `supersedes`", repr(self.supersedes), "supersedes")
        return self

    @property
    def key(self) -> str:
        """The name of file and edition: `pci-dss-4.0.1`."""
        return f"{self.id}-{self.edition}"
