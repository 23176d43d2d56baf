"""All content about questions, read as one: queries, packs, parameters, frameworks, views and the lock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from comprova.catalog.framework import Framework
from comprova.catalog.lock import Lock, read_lock
from comprova.catalog.pack import Pack
from comprova.catalog.parameters import Parameter, Parameters
from comprova.catalog.query import Query, QueryRef, View, read_query, read_view
from comprova.catalog.references import reference_problems
from comprova.catalog.toml_reader import read_toml
from comprova.content import ContentRoot
from comprova.errors import ContentError, Problem

LOCK = "queries.lock"
PARAMETERS = "parameters.toml"
VIEWS = ("activity", "deliveries")
_FRAMEWORKS = "frameworks"
_SUPERSEDED = "superseded"

KeyT = TypeVar("KeyT")
ReadT = TypeVar("ReadT")


@dataclass(frozen=True, slots=True)
class Catalog:
    """What can be asked, and what it is evidence for.

    Attributes:
        queries: Every query at every version, released ones that were replaced included.
        packs: By id.
        frameworks: By key, such as `pci-dss-4.0.1`.
        parameters: By name.
        views: `activity` and `deliveries`, by id.
        lock: Of comprova's own queries.
        paths: The file of each pack (`pack:id`) and framework (`framework:key`), as messages name it.
    """

    queries: Mapping[QueryRef, Query]
    packs: Mapping[str, Pack]
    frameworks: Mapping[str, Framework]
    parameters: Mapping[str, Parameter]
    views: Mapping[str, View]
    lock: Lock
    paths: Mapping[str, str]

    @property
    def current(self) -> tuple[Query, ...]:
        """The queries that the packs name, by pack and in the pack's order."""
        return tuple(self.queries[ref] for _, pack in sorted(self.packs.items()) for ref in pack.refs)

    @property
    def lockable(self) -> tuple[Query | View, ...]:
        """What the lock holds: comprova's own views and queries, every version, in a stable order."""
        own = (query for _, query in sorted(self.queries.items()) if query.builtin)
        return (*(view for _, view in sorted(self.views.items())), *own)

    def query(self, id_: str) -> Query:
        """Return the current version of a query, or the version that `pack.name@1` names.

        Raises:
            ContentError: There is none of that name.
        """
        for query in self.current:
            if id_ in (query.id, str(query.ref)):
                return query
        for ref, query in self.queries.items():
            if str(ref) == id_:
                return query
        raise ContentError(Problem("query", "the id of a query; `comprova queries list` shows them", repr(id_)))

    def edition(self, name: str) -> Framework:
        """Return a framework by key (`pci-dss-4.0.1`), or the newest edition of an id (`pci-dss`).

        Raises:
            ContentError: There is none of that name.
        """
        if name in self.frameworks:
            return self.frameworks[name]
        editions = [framework for framework in self.frameworks.values() if framework.id == name]
        if not editions:
            known = ", ".join(sorted(self.frameworks))
            raise ContentError(Problem("framework", f"one of {known}", repr(name)))
        return max(editions, key=lambda framework: framework.effective_from)


def load_catalog(roots: Sequence[ContentRoot]) -> Catalog:
    """Read all content of the built-in root and, after it, of the user's projects.

    Raises:
        ContentError: With every problem of all files.
    """
    reader = _Reader()
    for root in roots:
        reader.read_root(root)
    catalog = reader.catalog()
    problems = [
        *reader.problems,
        *reference_problems(catalog.queries, catalog.packs, catalog.frameworks, catalog.parameters, catalog.paths),
    ]
    if problems:
        raise ContentError(sorted(set(problems)))
    return catalog


class _Reader:
    """Collects what the files hold, and everything wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._queries: dict[QueryRef, Query] = {}
        self._packs: dict[str, Pack] = {}
        self._frameworks: dict[str, Framework] = {}
        self._parameters: dict[str, Parameter] = {}
        self._views: dict[str, View] = {}
        self._lock = Lock((), "")
        self._paths: dict[str, str] = {}

    def catalog(self) -> Catalog:
        return Catalog(
            self._queries, self._packs, self._frameworks, self._parameters, self._views, self._lock, self._paths
        )

    def read_root(self, root: ContentRoot) -> None:
        folder = root.folder("queries")
        if root.builtin:
            self._read_views(root, folder)
        if (folder / LOCK).is_file() and root.builtin:
            lock = self._read(root, folder / LOCK, read_lock)
            self._lock = lock or self._lock
        if (folder / PARAMETERS).is_file():
            parameters = self._read(root, folder / PARAMETERS, lambda text, where: read_toml(text, Parameters, where))
            for name, parameter in (parameters.root if parameters else {}).items():
                self._add(self._parameters, name, parameter, f"{root.relative(folder / PARAMETERS)}: {name}")
        for path in sorted(folder.glob("*/pack.toml")):
            self._read_pack(root, path)
        for path in sorted((folder / _FRAMEWORKS).glob("*.toml")):
            self._read_framework(root, path)

    def _read_views(self, root: ContentRoot, folder: Path) -> None:
        for name in VIEWS:
            path = folder / f"{name}.sql"
            view = self._read(root, path, read_view)
            if view is not None:
                self._views[name] = view

    def _read_pack(self, root: ContentRoot, path: Path) -> None:
        pack = self._read(root, path, lambda text, where: read_toml(text, Pack, where))
        if pack is not None:
            where = root.relative(path)
            self._expect(
                where,
                f"id = {path.parent.name!r} at its end, as the folder",
                pack.id,
                pack.id.split(".")[-1] == path.parent.name,
            )
            self._expect(
                where, "an id with your own prefix, such as acme.identity", pack.id, root.builtin or "." in pack.id
            )
            self._add(self._packs, pack.id, pack, where)
            self._paths[f"pack:{pack.id}"] = where
        for file in sorted([*path.parent.glob("*.sql"), *path.parent.glob(f"{_SUPERSEDED}/*.sql")]):
            query = self._read(root, file, lambda text, where: read_query(text, where, builtin=root.builtin))
            if query is None:
                continue
            replaced = file.parent.name == _SUPERSEDED
            name = query.id.rpartition(".")[2]
            expected = f"{name}.v{query.ref.version}.sql" if replaced else f"{name}.sql"
            self._expect(query.path, f"the file to be named {expected}, as its id", file.name, file.name == expected)
            if pack is not None:
                self._expect(query.path, f"an id in the pack {pack.id}", query.id, query.pack == pack.id)
            self._add(self._queries, query.ref, query, query.path)

    def _read_framework(self, root: ContentRoot, path: Path) -> None:
        framework = self._read(root, path, lambda text, where: read_toml(text, Framework, where))
        if framework is None:
            return
        where = root.relative(path)
        self._expect(where, f"the file to be named {framework.key}.toml", path.name, path.stem == framework.key)
        self._expect(
            where, "an id with your own prefix, such as acme.policy", framework.id, root.builtin or "." in framework.id
        )
        self._add(self._frameworks, framework.key, framework, where)
        self._paths[f"framework:{framework.key}"] = where

    def _read(self, root: ContentRoot, path: Path, read: Callable[[str, str], ReadT | list[Problem]]) -> ReadT | None:
        where = root.relative(path)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(Problem(where, "a readable UTF-8 file", str(error)))
            return None
        result = read(text, where)
        if isinstance(result, list):
            self.problems.extend(result)
            return None
        return result

    def _expect(self, where: str, expected: str, found: str, holds: bool) -> None:  # noqa: FBT001 - the condition itself
        if not holds:
            self.problems.append(Problem(where, expected, repr(found)))

    def _add(self, into: dict[KeyT, ReadT], key: KeyT, value: ReadT, where: str) -> None:
        if key in into:
            self.problems.append(Problem(where, "a name that nothing else has", repr(str(key))))
        else:
            into[key] = value
