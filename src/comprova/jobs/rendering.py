"""Renders the documents of a run, side by side, and seals their folder."""

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

from comprova import __version__
from comprova.catalog.text import Language
from comprova.documents.definition import Format, ReportDefinition
from comprova.evidence.canonical import write_whole
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.manifest import files_below, read_manifest, seal, sha256_file

ABOUT = "rendered-from.json"
MANIFEST = "manifest-sha256.txt"
_MOST_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Rendering:
    """What to render.

    Attributes:
        evidence: The evidence folder.
        out: The folder that gets the documents.
        frameworks: Keys of editions.
        languages: Of the documents.
        definition: What a document contains.
        templates: How it looks.
        sealed_at: When the evidence was sealed, where a ledger says so.
    """

    evidence: EvidenceLayout
    out: Path
    frameworks: tuple[str, ...]
    languages: tuple[Language, ...]
    definition: ReportDefinition
    templates: Path
    sealed_at: datetime | None


def document_files(folder: Path) -> tuple[str, ...]:
    """Return the names of the documents that a folder's manifest lists, sorted; none where it has no manifest."""
    manifest = folder / MANIFEST
    suffixes = {f".{suffix}" for suffix in Format}
    return (
        tuple(sorted(name for name in read_manifest(manifest) if Path(name).suffix in suffixes))
        if manifest.is_file()
        else ()
    )


def render_documents(rendering: Rendering, done: Callable[[str], None]) -> tuple[Path, ...]:
    """Render every framework in every language and format, and return the files in the order of their names.

    Args:
        rendering: What to render.
        done: Told the name of each file as it is written.
    """
    wanted = [(framework, language) for framework in rendering.frameworks for language in rendering.languages]
    files: list[Path] = []
    workers = min(len(wanted), os.cpu_count() or 1, _MOST_WORKERS)
    # Processes of their own: a document's memory is given back, and rendering uses every core.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        tasks = [pool.submit(_render_one, rendering, framework, language) for framework, language in wanted]
        for task in as_completed(tasks):
            for path in task.result():
                files.append(path)
                done(path.name)
    _seal(rendering)
    return tuple(sorted(files))


def _render_one(rendering: Rendering, framework: str, language: Language) -> Sequence[Path]:
    from comprova.documents.render import document_name, render
    from comprova.evidence.reader import open_evidence

    evidence = open_evidence(rendering.evidence.root)
    rendered = render(evidence, framework, language, rendering.definition, rendering.templates, rendering.sealed_at)
    paths = []
    for suffix, data in ((Format.PDF, rendered.pdf), (Format.HTML, rendered.html)):
        if data is not None:
            path = rendering.out / document_name(evidence, framework, language, suffix)
            write_whole(path, data)
            paths.append(path)
    return paths


def _seal(rendering: Rendering) -> None:
    templates = {
        path.relative_to(rendering.templates).as_posix(): sha256_file(path)
        for path in files_below(rendering.templates, rendering.templates / MANIFEST)
    }
    about = {
        "comprova": __version__,
        "evidence_manifest_sha256": sha256_file(rendering.evidence.manifest),
        "templates": templates,
        "weasyprint": version("weasyprint"),
    }
    text = json.dumps(about, indent=2, sort_keys=True) + "\n"
    write_whole(rendering.out / ABOUT, text.encode())
    seal(rendering.out, rendering.out / MANIFEST)
