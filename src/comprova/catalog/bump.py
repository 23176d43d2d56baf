"""Makes the next version of a released query: the old text is kept, and everything that names it is moved on."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from comprova.catalog.catalog import Catalog
from comprova.catalog.lock import fingerprint
from comprova.catalog.pack import Pack
from comprova.catalog.query import Query, QueryRef, read_query
from comprova.catalog.text import Text
from comprova.catalog.toml_reader import read_toml
from comprova.content import ContentRoot
from comprova.errors import ContentError, Problem

_BLOCK_VERSION = re.compile(r"^(version\s*=\s*)(\d+)(\s*(?:#.*)?)$", re.MULTILINE)
_PACK_VERSION = re.compile(r'^(version\s*=\s*")[^"]+(")', re.MULTILINE)
_CHANGELOG = "[[changelog]]"


@dataclass(frozen=True, slots=True)
class Note:
    """What the pack's changelog says of a new version."""

    day: date
    text: Text


def bumped_files(
    catalog: Catalog, root: ContentRoot, query_id: str, note: Note, keep: Collection[str] = ()
) -> Mapping[Path, str]:
    """Return the files to write, by path, so that a query gets its next version.

    The old file goes to `superseded/`, the new one has the next version and is yours to change; the pack and every
    edition in `root` that maps the query name the new version, but those of the keys to `keep`.

    Raises:
        ContentError: The query is not among the current ones of that root, its text has changed since it was locked, or
            its file or the pack's is not written in the usual form.
    """
    query = catalog.query(query_id)
    pack = catalog.packs[query.pack]
    path = root.path / query.path
    if not path.is_file() or query.ref not in pack.refs:
        raise ContentError(Problem("query", f"a current query of {root.path}", repr(query_id)))
    _expect_unchanged(catalog, query)
    _expect_keepable(catalog, root, keep)
    after = QueryRef(query.id, query.ref.version + 1)
    pack_path = path.parent / "pack.toml"
    files = {
        path.parent / "superseded" / f"{path.stem}.v{query.ref.version}.sql": query.text,
        path: _with_version(query, after),
        pack_path: _pack_text(
            pack_path.read_text(encoding="utf-8"), pack, (query.ref, after), note, root.relative(pack_path)
        ),
    }
    for framework in sorted(root.folder("queries").glob("frameworks/*.toml")):
        if framework.stem in keep:
            continue
        text = framework.read_text(encoding="utf-8")
        moved = _moved(text, query.ref, after)
        if moved != text:
            files[framework] = moved
    return files


def _expect_unchanged(catalog: Catalog, query: Query) -> None:
    """Refuse to keep as the released text one that has been changed since."""
    locked = catalog.locked(query)
    now = fingerprint(query)
    if locked is not None and (locked.fingerprint.sql, locked.fingerprint.meaning) != (now.sql, now.meaning):
        hint = "Take the change back, bump, then change the new version."
        raise ContentError(Problem(query.path, f"the SQL and meaning locked as {query.ref}", "others", hint))


def _expect_keepable(catalog: Catalog, root: ContentRoot, keep: Collection[str]) -> None:
    """Refuse to leave comprova's own editions behind: they name what its packs name."""
    own = sorted(key for key, edition in catalog.frameworks.items() if "." in edition.id and not root.builtin)
    if unknown := sorted(set(keep) - set(own)):
        known = ", ".join(own) or "of which there is none"
        raise ContentError(Problem("--keep", f"keys of editions of your own, {known}", ", ".join(unknown)))


def _with_version(query: Query, after: QueryRef) -> str:
    text = _BLOCK_VERSION.sub(rf"\g<1>{after.version}\g<3>", query.text, count=1)
    read = read_query(text, query.path, builtin=query.builtin)
    if isinstance(read, list) or read.ref != after:
        raise ContentError(Problem(query.path, "a line `version = <number>` in the block", "none"))
    return text


def _pack_text(text: str, pack: Pack, moved: tuple[QueryRef, QueryRef], note: Note, where: str) -> str:
    version = f"{int(pack.version.split('.')[0]) + 1}.0.0"
    said = "".join(f"{language} = {_quoted(text)}\n" for language, text in note.text.said.items())
    entry = (
        f"{_CHANGELOG}\nversion = {_quoted(version)}\ndate = {note.day.isoformat()}\n"
        f"{said}replaces = [{_quoted(str(moved[0]))}]\n\n"
    )
    text = _PACK_VERSION.sub(rf"\g<1>{version}\g<2>", text, count=1)
    head, changelog, tail = _moved(text, *moved).partition(_CHANGELOG)
    text = f"{head}{entry}{changelog}{tail}"
    read = read_toml(text, Pack, where)
    if isinstance(read, list):
        raise ContentError(read)
    if (read.version, moved[1] in read.refs) != (version, True):
        raise ContentError(
            Problem(where, f'`version = "…"`, `"{moved[0]}"` and {_CHANGELOG}, each on its own line', "another form")
        )
    return text


def _moved(text: str, before: QueryRef, after: QueryRef) -> str:
    return re.sub(rf"""(["']){re.escape(str(before))}\1""", rf"\g<1>{after}\g<1>", text)


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
