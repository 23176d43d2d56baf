"""Pages of the catalogue in Markdown: of a query, a pack, an edition. The same on a terminal and in docs/."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from comprova.catalog import page_texts as words
from comprova.catalog.catalog import Catalog
from comprova.catalog.editions import terms
from comprova.catalog.framework import Bearing, Framework, Requirement
from comprova.catalog.pack import Pack
from comprova.catalog.parameters import Parameter
from comprova.catalog.query import Query, QueryRef
from comprova.catalog.text import Language, Text
from comprova.catalog.toml_writer import toml


@dataclass(frozen=True, slots=True)
class Cited:
    """A requirement that names a query."""

    framework: Framework
    requirement: Requirement
    bearing: Bearing


def citations(catalog: Catalog, ref: QueryRef) -> list[Cited]:
    """Return the requirements that name a query at a version, by edition and in its order."""
    return [
        Cited(framework, requirement, item.bearing)
        for _, framework in sorted(catalog.frameworks.items())
        for requirement in framework.requirement
        for item in requirement.evidence
        if item.ref == ref
    ]


def anchor(heading: str) -> str:
    """Return the anchor that Markdown viewers give a heading, by GitHub's rule."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


class Pages:
    """Writes pages in one language.

    Args:
        catalog: All content.
        language: Of the pages.
        linked: Whether other pages are linked to, as files beside this one; without, names stand alone.
    """

    def __init__(self, catalog: Catalog, language: Language, *, linked: bool) -> None:
        self._catalog = catalog
        self._language = language
        self._linked = linked

    def query(self, query: Query) -> Iterator[str]:
        """Give the lines of a query, without its SQL."""
        block = query.block
        yield f"## {query.id}"
        yield ""
        yield f"**{self._of(block.title)}.** {self._of(block.question)}"
        yield ""
        yield f"- {self._of(words.KIND)}: {self._of(words.KINDS[block.kind])}"
        if block.subject:
            yield f"- {self._of(words.SUBJECT)}: {_codes(block.subject)} ({self._severity(query)})"
        needs = _codes(block.needs) or self._of(words.LOG_FILES)
        yield f"- {self._of(words.NEEDS)}: {needs}"
        if block.lookback_days is not None:
            named = isinstance(block.lookback_days, str)
            days = f"`{block.lookback_days}`" if named else f"{block.lookback_days} {self._of(words.DAYS)}"
            yield f"- {self._of(words.LOOK_BACK)}: {days}"
        yield f"- {self._of(words.GRAIN)}: {_codes(block.grain)}"
        yield f"- {self._of(words.FILE)}: `{query.path}`"
        yield from self._part(words.LIMITS, block.limits.of(self._language))
        yield from self._part(words.REMEDY, [self._of(block.remedy)])
        yield from self._part(words.COLUMNS, [self._column(query, number) for number in range(len(block.column))])
        yield from self._part(words.PARAMETERS, [self._parameter(name) for name in block.parameters])
        cited = [self._cited(item) for item in citations(self._catalog, query.ref)]
        yield from self._part(words.BEARS_ON, cited or [self._of(words.NOWHERE)])
        yield from self._part(words.VERSIONS, list(self._versions(query)))

    def pack(self, pack: Pack) -> Iterator[str]:
        """Give the lines of a pack's page: its questions in short, each in full, and its changes."""
        yield f"# {self._of(pack.title)} ({pack.id} {pack.version})"
        yield ""
        queries = [self._catalog.queries[ref] for ref in pack.refs]
        for query in queries:
            yield f"- {self._link(query.id, '', query.id)}: {self._of(query.block.question)}"
        for query in queries:
            yield ""
            yield from self.query(query)
        changes = [f"{change.version}, {change.date}: {change.of(self._language)}" for change in pack.changelog]
        yield ""
        yield f"## {self._of(words.CHANGES)}"
        yield ""
        yield from (f"- {change}" for change in changes)

    def framework(self, framework: Framework) -> Iterator[str]:
        """Give the lines of an edition's page: every requirement with what CloudTrail shows of it."""
        yield f"# {self._of(framework.title)} ({framework.key})"
        yield ""
        yield f"- {self._of(words.AUTHORITY)}: {framework.authority}"
        [term] = (one for one in terms(self._catalog.frameworks.values()) if one.framework.key == framework.key)
        until = f" {self._of(words.UNTIL)} {term.last}" if term.last else ""
        yield f"- {framework.source}, {self._of(words.IN_FORCE)} {term.first}{until}"
        yield f"- {self._of(framework.note)}"
        for requirement in framework.requirement:
            yield ""
            yield from self.requirement(requirement)

    def requirement(self, requirement: Requirement) -> Iterator[str]:
        """Give the lines of a requirement."""
        yield f"## {self._heading(requirement)}"
        yield ""
        yield self._of(requirement.summary)
        yield ""
        coverage = self._of(words.COVERAGES[requirement.coverage])
        if requirement.planned:
            coverage += f"; {self._of(words.PLANNED)}"
        if requirement.elsewhere:
            coverage += f"; {self._of(words.ELSEWHERE[requirement.elsewhere])}"
        yield f"- {self._of(words.COVERAGE)}: {coverage}"
        if requirement.why:
            yield f"- {self._of(requirement.why)}"
        yield from self._part(
            words.QUESTIONS, [self._evidence(item.ref, item.bearing) for item in requirement.evidence]
        )

    def _heading(self, requirement: Requirement) -> str:
        return f"{requirement.id} {self._of(requirement.title)}"

    def _part(self, title: Text, items: Sequence[str]) -> Iterator[str]:
        if items:
            yield ""
            yield f"### {self._of(title)}"
            yield ""
            yield from (f"- {item}" for item in items)

    def _severity(self, query: Query) -> str:
        return f"{self._of(words.SEVERITY)} {self._of(words.SEVERITIES[query.block.severity])}"

    def _column(self, query: Query, number: int) -> str:
        column = query.block.column[number]
        personal = f", {self._of(words.PERSONAL)}" if column.personal else ""
        return f"`{column.name}` ({column.type.value}{personal}): {self._of(column.title)}"

    def _parameter(self, name: str) -> str:
        parameter = self._catalog.parameters[name]
        return f"`{name}` ({parameter.type}, {self._origin(parameter)}): {self._of(parameter.meaning)}"

    def _origin(self, parameter: Parameter) -> str:
        if parameter.default is not None:
            return f"{self._of(words.DEFAULT)} `{toml(parameter.default)}`"
        return self._of(words.REQUIRED if parameter.required else words.GIVEN)

    def _cited(self, cited: Cited) -> str:
        name = f"{cited.framework.key} {cited.requirement.id}"
        linked = self._link(name, f"{cited.framework.key}.md", self._heading(cited.requirement))
        return f"{linked} ({self._of(words.BEARINGS[cited.bearing])}): {self._of(cited.requirement.title)}"

    def _evidence(self, ref: QueryRef, bearing: Bearing) -> str:
        query = self._catalog.queries[ref]
        linked = self._link(str(ref), f"{query.pack}.md", query.id)
        return f"{linked} ({self._of(words.BEARINGS[bearing])}): {self._of(query.block.question)}"

    def _versions(self, query: Query) -> Iterator[str]:
        current = {ref for pack in self._catalog.packs.values() for ref in pack.refs}
        for ref, one in sorted(self._catalog.queries.items(), reverse=True):
            if ref.id == query.id:
                entry = self._catalog.locked(one)
                said = f"{self._of(words.RELEASED)} {entry.date}" if entry else self._of(words.NOT_RELEASED)
                yield f"{ref}, {said}{f', {self._of(words.CURRENT)}' if ref in current else ''}"

    def _link(self, text: str, file: str, heading: str) -> str:
        return f"[{text}]({file}#{anchor(heading)})" if self._linked else text

    def _of(self, text: Text) -> str:
        """Return a text in the language; no character of it is one of Markdown's."""
        said = text.of(self._language)
        return re.sub(r"([<>\[\]*_|])", r"\\\1", said) if self._linked else said
