"""A pack: a topic's queries at exact versions."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from comprova.catalog.query import QueryRef
from comprova.catalog.text import Text
from comprova.catalog.toml_faults import UnmetRuleError
from comprova.catalog.toml_reader import Block, matching
from comprova.errors import ContentError, Problem

SemanticVersion = Annotated[str, matching(r"[0-9]+\.[0-9]+\.[0-9]+", "a version such as '1.0.0'")]
PackId = Annotated[
    str,
    matching(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?", "an id of small letters, such as identity or acme.identity"),
]


def _reference(text: str) -> str:
    return str(QueryRef.parse(text))


Reference = Annotated[str, AfterValidator(_reference)]
"""A query at a version, as text: `pack.name@1`."""


class Change(Text):
    """One entry of a pack's changelog: what changes, in each language, and these keys.

    Attributes:
        version: Of the pack.
        date: Of its release.
        adds: Queries that the version before did not have.
        replaces: Queries of the version before whose next version this one has.
        removes: Queries of the version before that this one does not have.
    """

    version: SemanticVersion
    date: date
    adds: tuple[Reference, ...] = ()
    replaces: tuple[Reference, ...] = ()
    removes: tuple[Reference, ...] = ()


class Pack(Block):
    """What `pack.toml` says.

    Attributes:
        id: The folder's name (a project's own: `prefix.name`).
        version: Semantic: major when a question's meaning changes, minor when one is added, patch for prose.
        title: The topic.
        queries: The exact query versions.
        changelog: Newest first.
    """

    id: PackId
    version: SemanticVersion
    title: Text
    queries: Annotated[tuple[Reference, ...], Field(min_length=1)]
    changelog: Annotated[tuple[Change, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.changelog[0].version != self.version:
            raise UnmetRuleError(
                f"the first changelog entry to be of version {self.version}", self.changelog[0].version, "changelog"
            )
        ids = [ref.id for ref in self.refs]
        if doubled := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
            raise UnmetRuleError("each query once in `queries`", f"{', '.join(doubled)} more than once", "queries")
        versions = [change.version for change in self.changelog]
        if doubled := sorted({version for version in versions if versions.count(version) > 1}):
            raise UnmetRuleError("each version once", f"{', '.join(doubled)} more than once", "changelog")
        for change, before in pairwise(self.changelog):
            says = bool(change.adds or change.replaces or change.removes)
            if not says and _without_patch(change.version) != _without_patch(before.version):
                expected = "what a version `adds`, `replaces` or `removes`, unless it only mends prose"
                raise UnmetRuleError(expected, f"nothing of the kind for {change.version}", "changelog")
        return self

    @property
    def refs(self) -> tuple[QueryRef, ...]:
        """The queries at their versions, in the pack's order."""
        return tuple(QueryRef.parse(query) for query in self.queries)

    def refs_of(self, version: str) -> tuple[QueryRef, ...]:
        """Return the queries that a version of the pack had, by id: its changelog read backwards.

        Raises:
            ContentError: The pack had no such version, or its changelog does not lead to its queries.
        """
        if version not in {change.version for change in self.changelog}:
            known = ", ".join(change.version for change in self.changelog)
            raise ContentError(Problem(f"pack {self.id}", f"one of its versions, {known}", repr(version)))
        held = {ref.id: ref for ref in self.refs}
        for change in self.changelog:
            if change.version == version:
                break
            added, replaced = _parsed(change.adds), _parsed(change.replaces)
            if missing := [ref for ref in added if ref not in held.values()] + [
                ref for ref in replaced if ref.id not in held
            ]:
                where = f"pack {self.id}: changelog of {change.version}"
                raise ContentError(Problem(where, "queries that this version has", ", ".join(map(str, missing))))
            held = {id_: ref for id_, ref in held.items() if ref not in added}
            held |= {ref.id: ref for ref in (*replaced, *_parsed(change.removes))}
        return tuple(sorted(held.values()))


def _parsed(references: tuple[str, ...]) -> tuple[QueryRef, ...]:
    return tuple(map(QueryRef.parse, references))


def _without_patch(version: str) -> str:
    return version.rpartition(".")[0]
