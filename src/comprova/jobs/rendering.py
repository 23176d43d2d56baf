"""Renders the documents of a run, and seals their folder."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Self

from comprova import __version__
from comprova.catalog.text import Language
from comprova.documents.definition import ReportDefinition
from comprova.documents.listing import volumes_of
from comprova.documents.process import AnyTask, ListingTask, Task
from comprova.errors import ComprovaError, Problem, VerificationError
from comprova.evidence.canonical import write_whole
from comprova.evidence.layout import EvidenceLayout, RunLayout
from comprova.evidence.manifest import files_below, folder_faults, seal, sha256_file
from comprova.evidence.reader import open_evidence, read_findings
from comprova.evidence.review import Review, find_review
from comprova.jobs.rendering_processes import rendered

ABOUT = "rendered-from.json"
MANIFEST = "manifest-sha256.txt"
_UNFINISHED = ".*.part"
"""What an attempt that was killed leaves of a file."""


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
        listings: Ids of queries of which all rows are listed.
    """

    evidence: EvidenceLayout
    out: Path
    frameworks: tuple[str, ...]
    languages: tuple[Language, ...]
    definition: ReportDefinition
    templates: Path
    sealed_at: datetime | None
    listings: tuple[str, ...] = ()

    @property
    def review(self) -> Path:
        """What people say of the findings, beside the evidence."""
        return RunLayout(self.evidence.root.resolve().parent).review


Document = tuple[str, Language]
"""The key of an edition, or a listing (`listing:` and the query's id), and a language; its files are made together."""

LISTING = "listing:"
"""Begins the subject of a document that lists all rows of a query."""


@dataclass(frozen=True, slots=True)
class RenderedFrom:
    """`rendered-from.json`: what the documents of a folder were made from.

    Attributes:
        evidence: SHA-256 of the manifest of the evidence.
        review: SHA-256 of the review file beside it; empty where there was none.
        tools: Versions of comprova and WeasyPrint, the report definition, and SHA-256 of each file of the templates.
        documents: File names of each document.
    """

    evidence: str
    review: str
    tools: Mapping[str, object]
    documents: Mapping[Document, tuple[str, ...]]

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return what a folder says of itself; None where it says nothing that can be read."""
        try:
            said = json.loads((folder / ABOUT).read_bytes())
            documents = {
                (_text(item["framework"]), Language(item["language"])): tuple(map(_file_name, item["files"]))
                for item in said.pop("documents")
            }
            return cls(_text(said.pop("evidence_manifest_sha256")), _text(said.pop("review_sha256")), said, documents)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    def write(self, folder: Path) -> None:
        """Write the file, whole."""
        documents = [
            {"framework": framework, "language": language, "files": list(files)}
            for (framework, language), files in sorted(self.documents.items())
        ]
        said = {
            "evidence_manifest_sha256": self.evidence,
            "review_sha256": self.review,
            **self.tools,
            "documents": documents,
        }
        write_whole(folder / ABOUT, (json.dumps(said, indent=2, sort_keys=True) + "\n").encode())


def _text(said: object) -> str:
    if not isinstance(said, str):
        raise TypeError(said)
    return said


def _file_name(said: object) -> str:
    """Return the name of a file in the same folder: whoever wrote one that leads elsewhere says nothing of use."""
    name = _text(said)
    if name in ("", ".", "..") or "/" in name or not name.isprintable():
        raise ValueError(name)
    return name


def document_files(folder: Path) -> tuple[str, ...]:
    """Return the names of the documents in a folder, sorted; none where nothing was rendered."""
    about = RenderedFrom.read(folder)
    return tuple(sorted(name for files in about.documents.values() for name in files)) if about else ()


def is_rendered(rendering: Rendering) -> bool:
    """Tell whether all that is to be rendered is there already, from the same evidence and as it was rendered."""
    about = RenderedFrom.read(rendering.out)
    return (
        about is not None
        and about.evidence == sha256_file(rendering.evidence.manifest)
        and about.review == (sha256_file(rendering.review) if rendering.review.is_file() else "")
        and about.documents.keys() >= set(_wanted(rendering))
        and not folder_faults(rendering.out, rendering.out / MANIFEST)
    )


def render_documents(rendering: Rendering, done: Callable[[str], None]) -> tuple[Path, ...]:
    """Render every framework in every language and format, and return the files in the order of their names.

    Documents of the same evidence that lie there already stay. If another definition, other tools or templates made
    them, or they are not as their manifest says, they are rendered again with the rest: what the folder says of itself
    holds for all.

    Args:
        rendering: What to render.
        done: Told the name of each file as it is written.

    Raises:
        VerificationError: The evidence is not what was sealed.
        ContentError: The review beside the evidence is not as it should be.
        ComprovaError: The folder holds something else than documents of this evidence.
        EngineError: A process died, most likely for want of memory.
    """
    evidence, out = rendering.evidence, rendering.out
    if faults := folder_faults(evidence.root, evidence.manifest):
        hint = "`comprova verify` lists all that differs."
        raise VerificationError(Problem(str(evidence.root), "evidence as it was sealed", faults[0], hint))
    review = find_review(rendering.review, {one.id for one in read_findings(evidence).findings})
    before = RenderedFrom.read(out)
    about = RenderedFrom(
        sha256_file(evidence.manifest), review.sha256, _tools(rendering), before.documents if before else {}
    )
    if (before is None or before.evidence != about.evidence) and any(_other_files(out)):
        hint = "Choose another folder with --out, or move this one away."
        raise ComprovaError(Problem(str(out), "an empty folder, or documents of this evidence", "other files", hint))
    again = before != about or bool(folder_faults(out, out / MANIFEST))
    about.write(out)  # an interrupted rendering goes on in a folder that says whose it is
    (out / MANIFEST).unlink(missing_ok=True)
    made = _render_all(rendering, review, {*_wanted(rendering), *(about.documents if again else ())}, done)
    replace(about, documents={**about.documents, **made}).write(out)
    for part in out.glob(_UNFINISHED):
        part.unlink()
    seal(out, out / MANIFEST)
    return tuple(sorted(out / name for names in made.values() for name in names))


def _other_files(out: Path) -> Iterator[Path]:
    return (path for path in out.glob("*") if not path.match(_UNFINISHED))


def _wanted(rendering: Rendering) -> Iterator[Document]:
    subjects = (*rendering.frameworks, *(f"{LISTING}{query}" for query in rendering.listings))
    return ((subject, language) for subject in subjects for language in rendering.languages)


def _render_all(
    rendering: Rendering, review: Review, documents: Collection[Document], done: Callable[[str], None]
) -> dict[Document, tuple[str, ...]]:
    tasks = {
        (document, number): task
        for document in sorted(documents)
        for number, task in enumerate(_tasks(rendering, review, document))
    }
    names: dict[Document, tuple[str, ...]] = {}
    with closing(rendered(tasks)) as made:
        for (document, _), files in made:
            for name, data in files.items():
                write_whole(rendering.out / name, data)
                done(name)
            names[document] = tuple(sorted((*names.get(document, ()), *files)))
    return names


def _tasks(rendering: Rendering, review: Review, document: Document) -> Iterator[AnyTask]:
    """Yield what one document takes: one process, or one for each volume of a listing."""
    (subject, language), definition, templates = document, rendering.definition, rendering.templates
    root = rendering.evidence.root
    if subject.startswith(LISTING):
        query = subject.removeprefix(LISTING)
        for volume in range(1, volumes_of(open_evidence(root), query) + 1):
            yield ListingTask(root, query, volume, language, definition, templates)
    else:
        yield Task(root, subject, language, definition, templates, rendering.sealed_at, review)


def _tools(rendering: Rendering) -> dict[str, object]:
    templates = {
        path.relative_to(rendering.templates).as_posix(): sha256_file(path)
        for path in files_below(rendering.templates, rendering.templates / MANIFEST)
    }
    report = hashlib.sha256(rendering.definition.model_dump_json().encode()).hexdigest()
    return {
        "comprova": __version__,
        "report": {"id": rendering.definition.id, "sha256": report},
        "templates": templates,
        "weasyprint": version("weasyprint"),
    }
