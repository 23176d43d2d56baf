"""All content about questions, read as one: queries, packs, parameters, frameworks, views and the lock."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from comprova.catalog.framework import Framework
from comprova.catalog.lock import NOTHING_LOCKED, Lock, LockEntry, read_lock
from comprova.catalog.pack import Pack
from comprova.catalog.parameters import Parameter, Parameters
from comprova.catalog.query import Query, QueryRef, View, read_query, read_view
from comprova.catalog.references import References
from comprova.catalog.secret_members import FILE as SECRETS
from comprova.catalog.secret_members import SecretMembers
from comprova.catalog.sources import Sources
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
        project_lock: Of the queries of the user's project; empty where it has released none.
        secrets: Under which member names secrets are written.
    """

    queries: Mapping[QueryRef, Query]
    packs: Mapping[str, Pack]
    frameworks: Mapping[str, Framework]
    parameters: Mapping[str, Parameter]
    views: Mapping[str, View]
    lock: Lock
    secrets: SecretMembers
    project_lock: Lock = NOTHING_LOCKED

    @property
    def current(self) -> tuple[Query, ...]:
        """The queries that the packs name, by pack and in the pack's order."""
        return tuple(self.queries[ref] for _, pack in sorted(self.packs.items()) for ref in pack.refs)

    @property
    def lockable(self) -> tuple[Query | View, ...]:
        """What the lock holds: comprova's own views and queries, every version, in a stable order."""
        own = (query for _, query in sorted(self.queries.items()) if query.builtin)
        return (*(view for _, view in sorted(self.views.items())), *own)

    @property
    def project_lockable(self) -> tuple[Query, ...]:
        """The queries of the user's project, every version, in a stable order."""
        return tuple(query for _, query in sorted(self.queries.items()) if not query.builtin)

    def locked(self, query: Query) -> LockEntry | None:
        """Return the newest line that the lock has of a query; None where it was never released."""
        return (self.lock if query.builtin else self.project_lock).newest(query.id, query.ref.version)

    def asking(self, refs: Iterable[QueryRef]) -> "Catalog":
        """Return the same content with these queries, whatever version they are, as the current ones of their packs.

        Raises:
            ContentError: There are two versions of one query: a run has one answer to a question.
        """
        asked: dict[str, QueryRef] = {}
        for ref in refs:
            if asked.setdefault(ref.id, ref) != ref:
                hint = "Give each of these editions a job of its own."
                found = " and ".join(map(str, sorted((asked[ref.id], ref))))
                raise ContentError(Problem("frameworks", "editions that name one version of a query", found, hint))
        packs = dict(self.packs)
        for ref in asked.values():
            pack = packs.get(self.queries[ref].pack)
            if pack is not None and ref not in pack.refs:
                named = [str(ref) if current.id == ref.id else str(current) for current in pack.refs]
                queries = tuple(dict.fromkeys((*named, str(ref))))
                packs[pack.id] = pack.model_copy(update={"queries": queries})
        return replace(self, packs=packs)

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
    problems = [*reader.problems, *reader.references().problems()]
    if problems:
        raise ContentError(sorted(set(problems)))
    return reader.catalog()


class _Reader:
    """Collects what the files hold, and everything wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._queries: dict[QueryRef, Query] = {}
        self._packs: dict[str, Pack] = {}
        self._frameworks: dict[str, Framework] = {}
        self._parameters: dict[str, Parameter] = {}
        self._views: dict[str, View] = {}
        self._lock = self._project_lock = NOTHING_LOCKED
        self._secrets = SecretMembers()
        self._paths: dict[str, str] = {}
        self._sources = Sources()

    def catalog(self) -> Catalog:
        return Catalog(
            self._queries,
            self._packs,
            self._frameworks,
            self._parameters,
            self._views,
            self._lock,
            self._secrets,
            self._project_lock,
        )

    def references(self) -> References:
        return References(self.catalog(), self._paths, self._sources)

    def read_root(self, root: ContentRoot) -> None:
        folder = root.folder("queries")
        if root.builtin:
            self._read_views(root, folder)
        if (folder / LOCK).is_file() and (lock := self._read(root, folder / LOCK, read_lock)):
            if root.builtin:
                self._lock = lock
            else:
                self._project_lock = lock
        if (folder / PARAMETERS).is_file():
            self._read_parameters(root, folder / PARAMETERS)
        if (folder / SECRETS).is_file():
            found = self._read(root, folder / SECRETS, lambda text, where: read_toml(text, SecretMembers, where))
            self._secrets += found or SecretMembers()
        packs = sorted(folder.glob("*/pack.toml"))
        for path in packs:
            self._read_pack(root, path)
        self._refuse_unread(root, folder, {path.parent for path in packs})
        for path in sorted((folder / _FRAMEWORKS).glob("*.toml")):
            self._read_framework(root, path)

    def _read_views(self, root: ContentRoot, folder: Path) -> None:
        for name in VIEWS:
            path = folder / f"{name}.sql"
            view = self._read(root, path, read_view)
            if view is None:
                continue
            where = self._sources.at(view.path, r"^id\b")
            self._expect(where, f"id = {name!r}, as the file is named", view.block.id, view.block.id == name)
            self._views[name] = view

    def _refuse_unread(self, root: ContentRoot, folder: Path, packs: set[Path]) -> None:
        """Refuse SQL that lies where nobody reads it: a question that is not asked must not look as if it were."""
        views = {folder / f"{name}.sql" for name in VIEWS} if root.builtin else set()
        read = packs | {pack / _SUPERSEDED for pack in packs}
        for path in sorted(folder.rglob("*.sql")):
            if path.parent not in read and path not in views:
                expected = f"queries in the folder of a pack, or in its {_SUPERSEDED}/, beside a pack.toml"
                self.problems.append(Problem(root.relative(path), expected, "a file in another place"))

    def _read_parameters(self, root: ContentRoot, path: Path) -> None:
        parameters = self._read(root, path, lambda text, where: read_toml(text, Parameters, where))
        for name, parameter in (parameters.root if parameters else {}).items():
            where = self._sources.at(root.relative(path), rf"^\[{name}\]")
            self._add(self._parameters, name, parameter, where)

    def _read_pack(self, root: ContentRoot, path: Path) -> None:
        pack = self._read(root, path, lambda text, where: read_toml(text, Pack, where))
        if pack is not None:
            name = path.parent.name
            where = self._sources.at(root.relative(path), r"^id\b")
            ending = f"id = {name!r}" if root.builtin else f"an id that ends in {name!r}"
            self._expect(where, f"{ending}, as its folder is named", pack.id, pack.id.split(".")[-1] == name)
            self._expect_prefix(root, where, pack.id, f"acme.{name}")
            if self._add(self._packs, pack.id, pack, where):
                self._paths[f"pack:{pack.id}"] = root.relative(path)
        for file in sorted([*path.parent.glob("*.sql"), *path.parent.glob(f"{_SUPERSEDED}/*.sql")]):
            self._read_query(root, file, pack)

    def _read_query(self, root: ContentRoot, file: Path, pack: Pack | None) -> None:
        query = self._read(root, file, lambda text, where: read_query(text, where, builtin=root.builtin))
        if query is None:
            return
        name = query.id.rpartition(".")[2]
        expected = f"{name}.v{query.ref.version}.sql" if file.parent.name == _SUPERSEDED else f"{name}.sql"
        where = self._sources.at(query.path, r"^id\b")
        self._expect(where, f"the file to be named {expected}, as its id and version", file.name, file.name == expected)
        if pack is not None:
            self._expect(where, f"an id in the pack {pack.id}", query.id, query.pack == pack.id)
        self._add(self._queries, query.ref, query, where)

    def _read_framework(self, root: ContentRoot, path: Path) -> None:
        framework = self._read(root, path, lambda text, where: read_toml(text, Framework, where))
        if framework is None:
            return
        key = framework.key
        where = self._sources.at(root.relative(path), r"^id\b")
        self._expect(where, f"the file to be named {key}.toml, as its id and edition", path.name, path.stem == key)
        self._expect_prefix(root, where, framework.id, "acme.policy")
        if self._add(self._frameworks, key, framework, where):
            self._paths[f"framework:{key}"] = root.relative(path)

    def _read(self, root: ContentRoot, path: Path, read: Callable[[str, str], ReadT | list[Problem]]) -> ReadT | None:
        where = root.relative(path)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(Problem(where, "a readable UTF-8 file", str(error)))
            self._sources.mark_faulty(where)
            return None
        self._sources.add(where, text)
        result = read(text, where)
        if isinstance(result, list):
            self.problems.extend(result)
            self._sources.mark_faulty(where)
            return None
        return result

    def _expect_prefix(self, root: ContentRoot, where: str, id_: str, example: str) -> None:
        prefixed = "." in id_
        if root.builtin:
            self._expect(where, "an id without a prefix: comprova's own have none", id_, not prefixed)
        else:
            self._expect(where, f"an id with your own prefix, such as {example}", id_, prefixed)

    def _expect(self, where: str, expected: str, found: str, holds: bool) -> None:  # noqa: FBT001 - the condition itself
        if not holds:
            self.problems.append(Problem(where, expected, repr(found)))

    def _add(self, into: dict[KeyT, ReadT], key: KeyT, value: ReadT, where: str) -> bool:
        """Keep a value under its name, or tell that the name is taken; tell which."""
        if key in into:
            self.problems.append(Problem(where, "a name that nothing else has", repr(str(key))))
            return False
        into[key] = value
        return True
