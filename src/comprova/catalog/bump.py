"""Makes the next version of a released query: the old text is kept, and everything that names it is moved on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from comprova.catalog.catalog import Catalog
from comprova.catalog.pack import Pack
from comprova.catalog.query import Query, QueryRef
from comprova.content import ContentRoot
from comprova.errors import ContentError, Problem

_BLOCK_VERSION = re.compile(r"^(version\s*=\s*)(\d+)(\s*(?:#.*)?)$", re.MULTILINE)
_PACK_VERSION = re.compile(r'^(version\s*=\s*")[^"]+(")', re.MULTILINE)
_CHANGELOG = "[[changelog]]"


@dataclass(frozen=True, slots=True)
class Note:
    """What the pack's changelog says of a new version, in both languages."""

    day: date
    en: str
    pt_br: str


def bumped_files(catalog: Catalog, root: ContentRoot, query_id: str, note: Note) -> Mapping[Path, str]:
    """Return the files to write, by path, so that a query gets its next version.

    The old file goes to `superseded/`, the new one has the next version and is yours to change; the pack and every
    edition in `root` that maps the query name the new version.

    Raises:
        ContentError: The query is not among the current ones of that root.
    """
    query = catalog.query(query_id)
    pack = catalog.packs[query.pack]
    path = root.path / query.path
    if not path.is_file() or query.ref not in pack.refs:
        raise ContentError(Problem("query", f"a current query of {root.path}", repr(query_id)))
    after = QueryRef(query.id, query.ref.version + 1)
    files = {
        path.parent / "superseded" / f"{path.stem}.v{query.ref.version}.sql": query.text,
        path: _with_version(query, after.version),
    }
    pack_path = path.parent / "pack.toml"
    files[pack_path] = _pack_text(pack_path.read_text(encoding="utf-8"), pack, query.ref, after, note)
    for framework in sorted(root.folder("queries").glob("frameworks/*.toml")):
        text = framework.read_text(encoding="utf-8")
        if f'"{query.ref}"' in text:
            files[framework] = text.replace(f'"{query.ref}"', f'"{after}"')
    return files


def _with_version(query: Query, version: int) -> str:
    text, count = _BLOCK_VERSION.subn(rf"\g<1>{version}\g<3>", query.text, count=1)
    if not count:
        raise ContentError(Problem(query.path, "a line `version = <number>` in the block", "none"))
    return text


def _pack_text(text: str, pack: Pack, before: QueryRef, after: QueryRef, note: Note) -> str:
    version = f"{int(pack.version.split('.')[0]) + 1}.0.0"
    entry = (
        f"{_CHANGELOG}\nversion = {_quoted(version)}\ndate = {note.day.isoformat()}\n"
        f"en = {_quoted(note.en)}\npt_BR = {_quoted(note.pt_br)}\n\n"
    )
    text = _PACK_VERSION.sub(rf"\g<1>{version}\g<2>", text, count=1)
    text = text.replace(f'"{before}"', f'"{after}"')
    return text.replace(_CHANGELOG, entry + _CHANGELOG, 1)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
