"""One document in a process of its own: `python -P -m comprova.documents.process`.

A task comes in on standard input. The files go out on standard output as they are, behind one line of JSON that names
them; the process writes no file. It ends when the other end of its standard input is gone.
"""

import json
import os
import pickle
import sys
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from comprova.catalog.text import Language
from comprova.documents.definition import ReportDefinition
from comprova.documents.isolation import shut_off
from comprova.documents.overview import Overview, overview_files
from comprova.errors import ComprovaError
from comprova.evidence.review import Review


@dataclass(frozen=True, slots=True)
class ListingTask:
    """A volume of a listing to render.

    Attributes:
        evidence: The evidence folder.
        query: Whose rows it lists.
        volume: Which, from 1.
        language: Of the document.
        definition: Says how long a value may be.
        templates: How it looks.
    """

    evidence: Path
    query: str
    volume: int
    language: Language
    definition: ReportDefinition
    templates: Path

    def files(self) -> Mapping[str, bytes]:
        """Render, and return the file by name."""
        from comprova.documents.render import listing_files
        from comprova.evidence.reader import open_evidence

        evidence = open_evidence(self.evidence)
        return listing_files(evidence, self.query, self.volume, self.language, self.definition, self.templates)


@dataclass(frozen=True, slots=True)
class Task:
    """A document to render.

    Attributes:
        evidence: The evidence folder.
        framework: The key of an edition.
        language: Of the document.
        definition: What it contains.
        templates: How it looks.
        sealed_at: When the evidence was sealed, where a ledger says so.
        review: What people say of its findings.
    """

    evidence: Path
    framework: str
    language: Language
    definition: ReportDefinition
    templates: Path
    sealed_at: datetime | None
    review: Review

    def files(self) -> Mapping[str, bytes]:
        """Render, and return the files by name."""
        # Imported here: until it is shut off, the process has nothing in it but what reads a task.
        from comprova.documents.render import rendered_files
        from comprova.evidence.reader import open_evidence

        evidence = open_evidence(self.evidence)
        return rendered_files(
            evidence, self.framework, self.language, self.definition, self.templates, self.sealed_at, self.review
        )


@dataclass(frozen=True, slots=True)
class OverviewTask:
    """The pages over an output folder to render.

    Attributes:
        overview: What they say.
        templates: How they look.
    """

    overview: Overview
    templates: Path

    def files(self) -> Mapping[str, bytes]:
        """Render, and return the pages by name."""
        return overview_files(self.overview, self.templates)


AnyTask = Task | ListingTask | OverviewTask


def main() -> None:
    """Render the document that standard input asks for."""
    shut_off()
    task: AnyTask = pickle.load(sys.stdin.buffer)  # noqa: S301 - of the process that started this one
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # an answer is no place for what a library prints
    threading.Thread(target=_end_with_parent, daemon=True).start()
    files: Mapping[str, bytes] = {}
    try:
        files = task.files()
        said: dict[str, object] = {"files": {name: len(data) for name, data in files.items()}}
    except ComprovaError as error:
        said = {"problems": [[one.where, one.expected, one.found, one.hint] for one in error.problems]}
    except Exception:  # noqa: BLE001 - told to the process that waits, which fails with it
        said = {"fault": traceback.format_exc()}
    with answers:
        answers.write(json.dumps(said).encode() + b"\n")
        for data in files.values():
            answers.write(data)


def _end_with_parent() -> None:
    # Not by `sys.stdin.buffer`: a thread that waits in it holds its lock, which the interpreter wants at its end.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
