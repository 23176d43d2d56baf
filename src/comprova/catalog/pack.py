"""A pack: a topic's queries at exact versions."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from comprova.catalog.query import QueryRef
from comprova.catalog.text import Line, Text
from comprova.catalog.toml_faults import UnmetRuleError
from comprova.catalog.toml_reader import Block, matching

SemanticVersion = Annotated[str, matching(r"[0-9]+\.[0-9]+\.[0-9]+", "a version such as '1.0.0'")]
PackId = Annotated[
    str,
    matching(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?", "an id of small letters, such as identity or acme.identity"),
]


def _reference(text: str) -> str:
    return str(QueryRef.parse(text))


Reference = Annotated[str, AfterValidator(_reference)]
"""A query at a version, as text: `pack.name@1`."""


class Change(Block):
    """One entry of a pack's changelog."""

    version: SemanticVersion
    date: date
    en: Line
    pt_BR: Line  # noqa: N815 - the locale's name is the key in every content file


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
        return self

    @property
    def refs(self) -> tuple[QueryRef, ...]:
        """The queries at their versions, in the pack's order."""
        return tuple(QueryRef.parse(query) for query in self.queries)
