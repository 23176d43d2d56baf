"""Pages of the catalogue in Markdown: of a query, a pack, an edition. The same on a terminal and in docs/."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from comprova.catalog.catalog import Catalog
from comprova.catalog.editions import terms
from comprova.catalog.framework import Bearing, Framework, Requirement
from comprova.catalog.pack import Pack
from comprova.catalog.parameters import Parameter
from comprova.catalog.phrases import Phrases
from comprova.catalog.query import Query, QueryRef
from comprova.catalog.text import Text
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
        phrases: The words of pages, in their language.
        linked: Whether other pages are linked to, as files beside this one; without, names stand alone.
    """

    def __init__(self, catalog: Catalog, phrases: Phrases, *, linked: bool) -> None:
        self._catalog = catalog
        self._language = phrases.language
        self._say = phrases.text
        self._counted = phrases.counted
        self._linked = linked

    def query(self, query: Query) -> Iterator[str]:
        """Give the lines of a query, without its SQL."""
        block = query.block
        yield f"## {query.id}"
        yield ""
        yield f"**{self._of(block.title)}.** {self._of(block.question)}"
        yield ""
        yield f"- {self._say('kind')}: {self._say(f'kind.{block.kind}')}: {self._say(f'kind-meaning.{block.kind}')}"
        if block.subject:
            yield f"- {self._say('subject')}: {_codes(block.subject)} ({self._severity(query)})"
        needs = _codes(block.needs) or self._say("needs.files")
        yield f"- {self._say('needs')}: {needs}"
        if block.lookback_days is not None:
            yield f"- {self._say('look-back')}: {self._look_back(block.lookback_days)}"
        yield f"- {self._say('grain')}: {_codes(block.grain)}"
        yield f"- {self._say('file')}: `{query.path}`"
        yield from self._part("limits", block.limits.of(self._language))
        yield from self._part("remedy", [self._of(block.remedy)])
        yield from self._part("columns", [self._column(query, number) for number in range(len(block.column))])
        yield from self._part("parameters", [self._parameter(name) for name in block.parameters])
        cited = [self._cited(item) for item in citations(self._catalog, query.ref)]
        yield from self._part("requirements", cited or [self._say("requirements.none")])
        yield from self._part("versions", list(self._versions(query)))

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
        yield f"## {self._say('changes')}"
        yield ""
        yield from (f"- {change}" for change in changes)

    def framework(self, framework: Framework) -> Iterator[str]:
        """Give the lines of an edition's page: every requirement with what CloudTrail shows of it."""
        yield f"# {self._of(framework.title)} ({framework.key})"
        yield ""
        yield f"- {self._say('authority')}: {framework.authority}"
        [term] = (one for one in terms(self._catalog.frameworks.values()) if one.framework.key == framework.key)
        ended = term.last is not None
        in_force = self._say("in-force.ended" if ended else "in-force", first=term.first, last=term.last)
        yield f"- {framework.source}, {in_force}"
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
        coverage = self._say(f"coverage.{requirement.coverage}")
        if requirement.elsewhere:
            coverage += f"; {self._say(f'elsewhere.{requirement.elsewhere}')}"
        yield f"- {self._say('coverage')}: {coverage}"
        if requirement.why:
            yield f"- {self._of(requirement.why)}"
        yield from self._part("questions", [self._evidence(item.ref, item.bearing) for item in requirement.evidence])

    def _heading(self, requirement: Requirement) -> str:
        return f"{requirement.id} {self._of(requirement.title)}"

    def _part(self, key: str, items: Sequence[str]) -> Iterator[str]:
        if items:
            yield ""
            yield f"### {self._say(key)}"
            yield ""
            yield from (f"- {item}" for item in items)

    def _severity(self, query: Query) -> str:
        return self._say("severity", severity=self._say(f"severity.{query.block.severity}"))

    def _look_back(self, days: int | str) -> str:
        return f"`{days}`" if isinstance(days, str) else self._counted("look-back.days", days, n=days)

    def _column(self, query: Query, number: int) -> str:
        column = query.block.column[number]
        personal = f", {self._say('personal')}" if column.personal else ""
        return f"`{column.name}` ({column.type.value}{personal}): {self._of(column.title)}"

    def _parameter(self, name: str) -> str:
        parameter = self._catalog.parameters[name]
        return f"`{name}` ({parameter.type}, {self._origin(parameter)}): {self._of(parameter.meaning)}"

    def _origin(self, parameter: Parameter) -> str:
        if parameter.default is not None:
            return self._say("parameter.default", value=f"`{toml(parameter.default)}`")
        return self._say("parameter.required" if parameter.required else "parameter.given")

    def _cited(self, cited: Cited) -> str:
        name = f"{cited.framework.key} {cited.requirement.id}"
        linked = self._link(name, f"{cited.framework.key}.md", self._heading(cited.requirement))
        return f"{linked} ({self._say(f'bearing.{cited.bearing}')}): {self._of(cited.requirement.title)}"

    def _evidence(self, ref: QueryRef, bearing: Bearing) -> str:
        query = self._catalog.queries[ref]
        linked = self._link(str(ref), f"{query.pack}.md", query.id)
        return f"{linked} ({self._say(f'bearing.{bearing}')}): {self._of(query.block.question)}"

    def _versions(self, query: Query) -> Iterator[str]:
        current = {ref for pack in self._catalog.packs.values() for ref in pack.refs}
        for ref, one in sorted(self._catalog.queries.items(), reverse=True):
            if ref.id == query.id:
                entry = self._catalog.locked(one)
                said = self._say("version.released", date=entry.date) if entry else self._say("version.not-released")
                yield f"{ref}, {said}" + (f", {self._say('version.current')}" if ref in current else "")

    def _link(self, text: str, file: str, heading: str) -> str:
        return f"[{text}]({file}#{anchor(heading)})" if self._linked else text

    def _of(self, text: Text) -> str:
        """Return a text in the language; no character of it is one of Markdown's."""
        said = text.of(self._language)
        return re.sub(r"([<>\[\]*_|])", r"\\\1", said) if self._linked else said
