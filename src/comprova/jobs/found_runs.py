"""Finds the runs of an output folder, and reads of each what its folder shows."""

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from comprova.catalog.text import Text
from comprova.documents.overview import DocumentFiles, EditionLine, FoundRun, RunFault, RunState
from comprova.errors import ComprovaError
from comprova.evidence.layout import RunLayout
from comprova.evidence.manifest import read_manifest
from comprova.evidence.model import Assessment, FrameworkResult
from comprova.evidence.outcomes import WORST_FIRST
from comprova.jobs.ledger import read_ledger
from comprova.jobs.rendering import LISTING, MANIFEST, RenderedFrom
from comprova.jobs.revisions import revision_numbers
from comprova.period import Period

_ALTERED = {RunFault.MANIFEST_MISSING, RunFault.SEAL, RunFault.ASSESSMENT_CHANGED, RunFault.DOCUMENTS_ELSEWHERE}
_UNREADABLE = {RunFault.FOLDER, RunFault.LEDGER, RunFault.MANIFEST, RunFault.ASSESSMENT}

ReadT = TypeVar("ReadT")


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in an output folder.

    Attributes:
        runs: By job, then the newest period and in it the newest revision first.
        unreadable: Folders that might hold runs, relative to it, and that the system does not let be read.
    """

    runs: tuple[FoundRun, ...]
    unreadable: tuple[str, ...]


def find_runs(out: Path) -> Found:
    """Return every run of an output folder, the folders `<job>/<period>/r<number>`: none is left out for its faults.

    Raises:
        OSError: The output folder itself cannot be read.
    """
    walk = _Walk(out)
    runs: list[FoundRun] = []
    for job in _folders(out):
        for period in walk.folders(job):
            numbers = revision_numbers(period) if walk.folders(period) else []
            runs += _superseded([_run(RunLayout(period / f"r{number}"), number, walk.titles) for number in numbers])
    return Found(tuple(sorted(runs, key=_order)), tuple(walk.unreadable))


def _order(run: FoundRun) -> tuple[str, float, str, int]:
    try:
        start = Period.parse(run.period, "UTC").start.timestamp()
    except ComprovaError:
        start = 0.0
    return run.job, -start, run.period, -run.revision


def _superseded(runs: Sequence[FoundRun]) -> Iterator[FoundRun]:
    """Mark, of the revisions of one job and period, those that have a later one which is sealed."""
    last = max((run.revision for run in runs if run.seal), default=0)
    return (replace(run, superseded=run.revision < last) for run in runs)


def _folders(parent: Path) -> list[Path]:
    """Return the folders in one, by name; hidden ones hold no runs."""
    return sorted(path for path in parent.iterdir() if not path.name.startswith(".") and path.is_dir())


@dataclass(slots=True)
class _Titles:
    """Titles of editions by the SHA-256 of their files, most of which are the same in every run."""

    known: dict[str, Text | None] = field(default_factory=dict)

    def of(self, path: Path, digest: str) -> Text | None:
        """Return the title in an edition's file; None where it is not the file of that hash."""
        if digest not in self.known:
            self.known[digest] = _title(path, digest)
        return self.known[digest]


@dataclass(slots=True)
class _Walk:
    """One walk through an output folder."""

    out: Path
    unreadable: list[str] = field(default_factory=list)
    titles: _Titles = field(default_factory=_Titles)

    def folders(self, parent: Path) -> list[Path]:
        try:
            return _folders(parent)
        except OSError:
            self.unreadable.append(parent.relative_to(self.out).as_posix())
            return []


def _title(path: Path, digest: str) -> Text | None:
    try:
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            return None
        return Text.model_validate(tomllib.loads(data.decode())["title"])
    except (OSError, ValueError, KeyError, RecursionError):
        return None  # a title is not worth a run: the edition's key stands in its place


def _run(layout: RunLayout, number: int, titles: _Titles) -> FoundRun:
    faults: list[RunFault] = []

    def read(reader: Callable[[], ReadT], fault: RunFault) -> ReadT | None:
        try:
            return reader()
        except (OSError, ValueError, ComprovaError):
            faults.append(fault)
            return None

    evidence, known = layout.evidence, True
    if read(lambda: _folders(layout.root), RunFault.FOLDER) is None:
        known = False
    ledger = read(lambda: read_ledger(layout.ledger), RunFault.LEDGER) if known else None
    if known and ledger is None and not faults:
        faults.append(RunFault.LEDGER_MISSING)
    sealed = known and evidence.manifest.is_file()
    if ledger is not None and ledger.seal and not sealed:
        faults.append(RunFault.MANIFEST_MISSING)
    manifest = read(lambda: _manifest(evidence.manifest), RunFault.MANIFEST) if sealed else None
    assessment = None
    if manifest is not None:
        if ledger is not None and ledger.seal and ledger.seal != manifest.seal:
            faults.append(RunFault.SEAL)
        data = read(evidence.assessment.read_bytes, RunFault.ASSESSMENT)
        if data is not None and hashlib.sha256(data).hexdigest() != manifest.hashes.get(evidence.assessment.name):
            faults.append(RunFault.ASSESSMENT_CHANGED)
        elif data is not None:
            assessment = read(lambda: Assessment.model_validate_json(data), RunFault.ASSESSMENT)
    documents = tuple(_documents(layout, manifest, faults)) if known else ()
    return FoundRun(
        job=layout.root.parent.parent.name,
        period=layout.root.parent.name,
        revision=number,
        state=_state(faults, sealed=sealed),
        faults=tuple(dict.fromkeys(faults)),
        scope=assessment.scope if assessment else None,
        started=ledger.attempts[0].started if ledger and ledger.attempts else None,
        sealed_at=ledger.sealed_at if ledger else None,
        seal=manifest.seal if manifest else "",
        editions=tuple(_editions(layout, assessment, manifest, titles)) if assessment and manifest else (),
        documents=documents,
    )


def _state(faults: Sequence[RunFault], *, sealed: bool) -> RunState:
    if _UNREADABLE & set(faults):
        return RunState.UNREADABLE
    if _ALTERED & set(faults):
        return RunState.ALTERED
    return RunState.SEALED if sealed else RunState.UNSEALED


@dataclass(frozen=True, slots=True)
class _Manifest:
    """A manifest: its own SHA-256, and those of the files it names."""

    seal: str
    hashes: Mapping[str, str]


def _manifest(path: Path) -> _Manifest:
    return _Manifest(hashlib.sha256(path.read_bytes()).hexdigest(), read_manifest(path))


def _editions(layout: RunLayout, assessment: Assessment, manifest: _Manifest, titles: _Titles) -> Iterator[EditionLine]:
    for result in sorted(assessment.frameworks, key=lambda one: (one.id, one.edition)):
        key = f"{result.id}-{result.edition}"
        files = (f"content/{folder}queries/frameworks/{key}.toml" for folder in ("", "project/"))
        title = next(
            (
                titles.of(layout.evidence.root / file, manifest.hashes[file])
                for file in files
                if file in manifest.hashes
            ),
            None,
        )
        yield _edition(key, title, result, assessment)


def _edition(key: str, title: Text | None, result: FrameworkResult, assessment: Assessment) -> EditionLine:
    asked = {item.query for requirement in result.requirements for item in requirement.evidence}
    queries = [query for query in assessment.queries if query.id in asked]
    outcomes = [query.outcome for query in queries]
    return EditionLine(
        key=key,
        title=title,
        outcomes={outcome: outcomes.count(outcome) for outcome in WORST_FIRST if outcome in outcomes},
        findings=sum(query.findings or 0 for query in queries),
    )


def _documents(layout: RunLayout, manifest: _Manifest | None, faults: list[RunFault]) -> Iterator[DocumentFiles]:
    for folder in _folders(layout.root):
        if folder.name != layout.documents.name and not folder.name.startswith(f"{layout.documents.name}-"):
            continue
        about = RenderedFrom.read(folder)
        if about is None or not (folder / MANIFEST).is_file():
            faults.append(RunFault.DOCUMENTS)
        if about is None:
            continue
        if manifest is None or about.evidence != manifest.seal:
            faults.append(RunFault.DOCUMENTS_ELSEWHERE)
            continue
        for (subject, language), names in sorted(about.documents.items()):
            there = {name: (folder / name).is_file() for name in names}
            yield DocumentFiles(
                folder.name,
                subject.removeprefix(LISTING),
                language,
                tuple(name for name in names if there[name]),
                tuple(name for name in names if not there[name]),
            )
