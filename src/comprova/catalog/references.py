"""Checks that what content files say of each other holds."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from comprova.catalog.editions import overlaps
from comprova.catalog.framework import PARAMETER_PREFIX, Framework, Requirement
from comprova.catalog.pack import Pack
from comprova.catalog.query import Query, QueryRef
from comprova.catalog.sources import Sources, key, quoted
from comprova.errors import Problem

if TYPE_CHECKING:
    from comprova.catalog.catalog import Catalog

_PARAMETERS_FILE = "queries/parameters.toml"


class References:
    """The checks of what content files name.

    Args:
        catalog: What was read.
        paths: The file of each pack (`pack:id`) and framework (`framework:key`).
        sources: The texts of all files. What a file with faults would have held is not missed.
    """

    def __init__(self, catalog: "Catalog", paths: Mapping[str, str], sources: Sources) -> None:
        self._queries = catalog.queries
        self._packs = catalog.packs
        self._frameworks = catalog.frameworks
        self._parameters = catalog.parameters
        self._paths = paths
        self._sources = sources
        self._current = {ref for pack in catalog.packs.values() for ref in pack.refs}

    def problems(self) -> Iterator[Problem]:
        """Yield every pack, mapping and parameter reference that leads nowhere."""
        for pack in self._packs.values():
            yield from self._of_pack(pack)
        for query in self._queries.values():
            yield from self._of_query(query)
            yield from self._of_query_parameters(query)
        for framework in self._frameworks.values():
            for requirement in framework.requirement:
                yield from self._of_requirement(framework, requirement)
        yield from self._of_editions()

    def _of_pack(self, pack: Pack) -> Iterator[Problem]:
        for ref in pack.refs:
            where = self._sources.at(self._paths[f"pack:{pack.id}"], quoted(str(ref)))
            if ref in self._queries:
                if self._queries[ref].pack != pack.id:
                    yield Problem(where, f"queries of the pack {pack.id} only", str(ref))
            elif not self._is_faulty(ref):
                yield Problem(where, "a query that exists", str(ref), self._versions(ref.id))

    def _of_query(self, query: Query) -> Iterator[Problem]:
        ref, pack = query.ref, self._packs.get(query.pack)
        where = self._sources.at(query.path, r"^version\b")
        if pack is None:
            return
        newest = max((current.version for current in pack.refs if current.id == ref.id), default=0)
        if "/superseded/" not in query.path:
            if ref not in self._current:
                yield Problem(where, f"{ref} in the `queries` of {self._paths[f'pack:{pack.id}']}", "no such entry")
        elif newest and newest <= ref.version:
            yield Problem(where, "a pack that names a newer version than one in superseded/", f"{ref.id}@{newest}")

    def _of_editions(self) -> Iterator[Problem]:
        for older, newer in overlaps(self._frameworks.values()):
            where = self._sources.at(self._paths[f"framework:{newer.framework.key}"], r"^effective_from\b")
            edition = older.framework.edition
            hint = f'Write `supersedes = "{edition}"` there, or the `effective_until` of {edition} in its own file.'
            expected = f"one edition of {newer.framework.id} in force on a day"
            yield Problem(where, expected, f"{older.said}; {newer.said}", hint)

    def _of_requirement(self, framework: Framework, requirement: Requirement) -> Iterator[Problem]:
        for item in requirement.evidence:
            if expected := self._expected_instead(framework, item.ref):
                where = self._in_requirement(framework, requirement, str(item.ref))
                yield Problem(where, expected, str(item.ref), self._versions(item.ref.id))
        for condition in requirement.evaluable_if:
            name = condition.removeprefix(PARAMETER_PREFIX)
            if name != condition and self._is_unknown(name):
                where = self._in_requirement(framework, requirement, condition)
                yield Problem(where, f"a parameter of {_PARAMETERS_FILE}", repr(name))

    def _expected_instead(self, framework: Framework, ref: QueryRef) -> str | None:
        """Return what a requirement should name in place of a query; None where the query will do.

        A project's edition may stay with a version that a newer one replaced, comprova's own included.
        """
        if ref not in self._queries:
            return None if self._is_faulty(ref) else "a query that exists"
        if "." in framework.id:
            return None
        named = ref in self._current or self._queries[ref].pack not in self._packs
        return None if named else "the version that the query's pack names"

    def _in_requirement(self, framework: Framework, requirement: Requirement, value: str) -> str:
        """Return where a value of a requirement stands. Finding that takes long: only for what is wrong."""
        line = self._sources.at(self._paths[f"framework:{framework.key}"], key("id", requirement.id), quoted(value))
        return f"{line}: requirement {requirement.id}"

    def _of_query_parameters(self, query: Query) -> Iterator[Problem]:
        for name in query.block.parameters:
            if self._is_unknown(name):
                where = self._sources.at(query.path, r"^parameters\b", quoted(name))
                yield Problem(where, f"a parameter of {_PARAMETERS_FILE}", repr(name))
        days = query.block.lookback_days
        if isinstance(days, str):
            where = self._sources.at(query.path, r"^lookback_days\b")
            if days not in query.block.parameters:
                yield Problem(where, "`lookback_days` to name one of the query's `parameters`", repr(days))
            elif days in self._parameters and self._parameters[days].type != "bigint":
                found = f"{days!r}, which is {self._parameters[days].type}"
                yield Problem(where, "`lookback_days` to name a parameter of type bigint", found)

    def _is_unknown(self, parameter: str) -> bool:
        return parameter not in self._parameters and not self._sources.is_faulty(_PARAMETERS_FILE)

    def _is_faulty(self, ref: QueryRef) -> bool:
        *_, pack, name = ref.id.split(".")
        files = (f"{name}.sql", f"superseded/{name}.v{ref.version}.sql")
        return any(self._sources.is_faulty(f"/{pack}/{file}") for file in files)

    def _versions(self, id_: str) -> str:
        if versions := [str(ref) for ref in sorted(self._queries) if ref.id == id_]:
            return f"There is {', '.join(versions)}."
        close = get_close_matches(id_, {ref.id for ref in self._current & self._queries.keys()}, n=1)
        return f"Was {close[0]} meant?" if close else ""
