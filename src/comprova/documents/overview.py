"""What the overview of an output folder says: which runs lie there, what each came to, and where its documents are."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from comprova.catalog.text import Language, Text
from comprova.documents.wording import wording_of
from comprova.evidence.model import Scope
from comprova.evidence.outcomes import WORST_FIRST, Outcome


class RunState(StrEnum):
    """How far a run came, as its folder shows."""

    SEALED = "sealed"
    """Its evidence is complete; what the overview reads of it is as it was sealed."""
    UNSEALED = "unsealed"
    """It is under way, or was interrupted."""
    ALTERED = "altered"
    """Evidence or documents are not what they were when they were sealed."""
    UNREADABLE = "unreadable"
    """What it came to cannot be read."""


class RunFault(StrEnum):
    """What is wrong with the folder of a run."""

    FOLDER = "folder"
    """The system does not let it be read."""
    LEDGER_MISSING = "ledger-missing"
    """There is no `run.json`."""
    LEDGER = "ledger"
    """`run.json` is no ledger."""
    MANIFEST_MISSING = "manifest-missing"
    """`run.json` says that the evidence was sealed, and it has no manifest."""
    MANIFEST = "manifest"
    """The manifest of the evidence cannot be read."""
    SEAL = "seal"
    """The manifest is another than the one that `run.json` names."""
    ASSESSMENT = "assessment"
    """`assessment.json` cannot be read."""
    ASSESSMENT_CHANGED = "assessment-changed"
    """`assessment.json` is not as the manifest says."""
    DOCUMENTS = "documents"
    """A folder of documents does not say what it holds, or was never finished."""
    DOCUMENTS_ELSEWHERE = "documents-elsewhere"
    """A folder of documents was made from other evidence."""


@dataclass(frozen=True, slots=True)
class DocumentFiles:
    """The files of one document in one language.

    Attributes:
        folder: In which they lie, inside the run's folder.
        subject: The key of an edition, or the id of a query whose rows it lists.
        language: Of the words.
        files: Names of those that are there.
        missing: Names of those that should be there, and are not.
    """

    folder: str
    subject: str
    language: Language
    files: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditionLine:
    """What a run says of one edition.

    Attributes:
        key: Such as `pci-dss-4.0.1`.
        title: The name on a cover; None where the evidence cannot say it.
        outcomes: How many of the queries that bear on it have each outcome.
        findings: Of those queries, what no acceptance covers.
    """

    key: str
    title: Text | None
    outcomes: Mapping[Outcome, int]
    findings: int

    @property
    def worst(self) -> Outcome | None:
        """The worst outcome of its queries; None where none bears on it."""
        return next((outcome for outcome in WORST_FIRST if self.outcomes.get(outcome)), None)


@dataclass(frozen=True, slots=True)
class FoundRun:
    """One revision of one run, as its folder shows.

    Attributes:
        job, period: As the folders are named.
        revision: 1 for r1.
        state: How far it came.
        faults: What is wrong with its folder.
        scope: What it was to look at; None where that cannot be read.
        started: When it was first begun, where its ledger says so.
        sealed_at: When its evidence was sealed, where its ledger says so.
        seal: SHA-256 of the manifest; empty where there is none.
        editions: What it says of each edition, by key.
        documents: What was rendered from it.
        superseded: Whether a later revision of the same job and period is sealed.
    """

    job: str
    period: str
    revision: int
    state: RunState
    faults: tuple[RunFault, ...] = ()
    scope: Scope | None = None
    started: datetime | None = None
    sealed_at: datetime | None = None
    seal: str = ""
    editions: tuple[EditionLine, ...] = ()
    documents: tuple[DocumentFiles, ...] = ()
    superseded: bool = False

    @property
    def anchor(self) -> str:
        """The id of its section; names of folders may hold anything, an id no space."""
        return quote(os.fsencode(f"{self.job}/{self.period}/r{self.revision}"), safe="")

    def link(self, *parts: str) -> str:
        """Return the address of something in its folder, relative to the overview."""
        return quote(os.fsencode("/".join((self.job, self.period, f"r{self.revision}", *parts))))

    def documents_of(self, edition: str) -> tuple[DocumentFiles, ...]:
        """Return the documents about one edition."""
        return tuple(one for one in self.documents if one.subject == edition)

    @property
    def other_documents(self) -> tuple[DocumentFiles, ...]:
        """Documents about no edition that the run assessed: listings of rows."""
        keys = {edition.key for edition in self.editions}
        return tuple(one for one in self.documents if one.subject not in keys)


@dataclass(frozen=True, slots=True)
class JobRuns:
    """The runs of one job, the newest period and in it the newest revision first.

    Attributes:
        job: Its id.
        title: Its heading; None where no evidence says it.
        runs: Never empty.
    """

    job: str
    title: Text | None
    runs: tuple[FoundRun, ...]

    @property
    def organisation(self) -> str:
        """Whose logs these are, as the newest evidence says; empty where none says it."""
        return next((run.scope.organisation for run in self.runs if run.scope), "")

    @property
    def periods(self) -> tuple[tuple[str, tuple[FoundRun, ...]], ...]:
        """The periods, each with its revisions."""
        return tuple((period, tuple(runs)) for period, runs in groupby(self.runs, key=lambda run: run.period))


@dataclass(frozen=True, slots=True)
class Overview:
    """All that lies in an output folder.

    Attributes:
        jobs: By id.
        languages: Of the pages; the first is that of `index.html`.
        unreadable: Folders in it that might hold runs, and that the system does not let be read.
    """

    jobs: tuple[JobRuns, ...]
    languages: tuple[Language, ...]
    unreadable: tuple[str, ...] = ()

    def page(self, language: Language) -> str:
        """Return the file name of the page in a language."""
        return FIRST_PAGE if language == self.languages[0] else page_name(language)

    @property
    def runs(self) -> tuple[FoundRun, ...]:
        """The runs of all jobs."""
        return tuple(run for job in self.jobs for run in job.runs)

    @property
    def troubled(self) -> tuple[FoundRun, ...]:
        """The runs that are not sealed, or not as they were sealed."""
        return tuple(run for run in self.runs if run.state is not RunState.SEALED)


FIRST_PAGE = "index.html"
"""The page in the first language; every web server and every reader looks for it."""

MARK = '<meta name="generator" content="comprova index">'
"""Tells a page of ours from a file of the same name that somebody else put there."""


def page_name(language: Language) -> str:
    """Return the file name of the page in a language that is not the first, such as `index_pt-BR.html`."""
    return f"index_{language.tag}.html"


def overview_files(overview: Overview, templates: Path) -> Mapping[str, bytes]:
    """Render the overview in all its languages, and return the pages by file name: the same folder, the same bytes.

    Raises:
        ContentError: The templates lack a font or a text.
    """
    # Imported here: the process that asks for the pages loads this module too.
    from comprova.documents.display import Display
    from comprova.documents.fonts import read_fonts
    from comprova.documents.html import Typesetter
    from comprova.evidence.secrets import Secrets

    display = Display(read_fonts(templates).drawable, _VALUE_CHARACTERS, Secrets((), ()))
    pages = {}
    for language in overview.languages:
        wording = wording_of(templates, language, display)
        page = Typesetter(templates, language, display, wording, wording.localized).overview(overview)
        pages[overview.page(language)] = page.encode()
    return pages


_VALUE_CHARACTERS = 160
