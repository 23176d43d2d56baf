"""Copies into the evidence all content that a run used, so that rendering needs nothing else."""

from pathlib import Path

from comprova.content import FOLDERS, ContentRoot
from comprova.evidence.canonical import write_whole
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.reader import PROJECT
from comprova.jobs.preparation import Prepared

_LOOKS = "templates"
"""How a document looks is no part of the evidence: it may be rendered again years later with other templates."""


def copy_content(prepared: Prepared, layout: EvidenceLayout) -> None:
    """Write the queries, packs, parameters, the editions in use, the job and the report definition of a run.

    Frameworks that the run was not asked for are left out: they would claim queries that nobody ran.
    """
    keys = {framework.key for framework in prepared.frameworks}
    for root in prepared.roots:
        target = layout.content if root.builtin else layout.content / PROJECT
        for folder in FOLDERS:
            if folder not in {_LOOKS, "jobs"}:
                _copy(root, folder, target, keys)
    write_whole(layout.content / "jobs" / f"{prepared.job.job.id}.toml", prepared.job.text.encode())


def _copy(root: ContentRoot, folder: str, target: Path, keys: set[str]) -> None:
    for path in sorted(root.folder(folder).rglob("*")):
        unused = path.parent.name == "frameworks" and path.stem not in keys
        if path.is_file() and path.suffix in {".sql", ".toml", ".lock"} and not unused:
            write_whole(target / root.relative(path), path.read_bytes())
