"""Finds the two states of content that are compared: versions of a query or a pack, content folders, git tags."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from comprova.catalog.catalog import Catalog, load_catalog
from comprova.catalog.differences import State
from comprova.catalog.tags import write_folder_at
from comprova.content import ContentRoot, builtin_root
from comprova.errors import ContentError, Problem

_VERSION = re.compile(r"(?P<id>[a-z][a-z0-9_.]*)@(?P<version>[0-9]+(?:\.[0-9]+\.[0-9]+)?)")


@contextmanager
def state_of(name: str, roots: Sequence[ContentRoot]) -> Iterator[State]:
    """Give what a name stands for.

    Args:
        name: `pack.name@1` or `pack@1.0.0` in the content there is; or a folder that holds `queries/`; or a git tag of
            the project in `roots`, or of comprova's checkout where there is no project.
        roots: The content there is.

    Raises:
        ContentError: It stands for nothing, or its content has faults.
        ComprovaError: There is no such tag.
    """
    if match := _VERSION.fullmatch(name):
        yield _of_version(load_catalog(roots), match["id"], match["version"])
    elif name and (Path(name) / "queries").is_dir():
        yield _of_content(Path(name), roots)
    else:
        with tempfile.TemporaryDirectory() as folder:
            write_folder_at(roots[-1].path, name, "queries", Path(folder))
            yield _of_content(Path(folder), roots)


def _of_version(catalog: Catalog, id_: str, version: str) -> State:
    if "." not in version:
        return State(catalog, (catalog.query(f"{id_}@{version}").ref,))
    pack = catalog.packs.get(id_)
    if pack is None:
        raise ContentError(Problem("pack", f"one of {', '.join(sorted(catalog.packs))}", repr(id_)))
    refs = pack.refs_of(version)
    if missing := [str(ref) for ref in refs if ref not in catalog.queries]:
        raise ContentError(Problem(f"{id_}@{version}", "its queries in superseded/", f"no {', '.join(missing)}"))
    return State(catalog, refs)


def _of_content(path: Path, roots: Sequence[ContentRoot]) -> State:
    """Read a folder as what the content there is takes the place of: a project's, or comprova's own."""
    if roots[-1].builtin or (path / "queries" / "activity.sql").is_file():
        catalog = load_catalog([ContentRoot(path, builtin=True)])
        return State(catalog, [query.ref for query in catalog.current])
    catalog = load_catalog([builtin_root(), ContentRoot(path, builtin=False)])
    return State(catalog, [query.ref for query in catalog.current if not query.builtin])
