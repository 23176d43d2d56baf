"""One run of a job: from logs to sealed evidence and documents."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from comprova.collect.recurrence import EarlierSide
from comprova.content import templates_of
from comprova.errors import ExitCode, Problem, VerificationError
from comprova.evidence.canonical import canonical_json, write_whole
from comprova.evidence.layout import RunLayout
from comprova.evidence.manifest import seal, sha256_file
from comprova.evidence.outcomes import CellState, Outcome
from comprova.evidence.reader import Evidence, open_evidence
from comprova.jobs.changes import Changes
from comprova.jobs.collection import Collection, compose_questions
from comprova.jobs.content_copy import content_of, copy_content
from comprova.jobs.definition import JobLimits
from comprova.jobs.earlier import EarlierRun, find_earlier, name_of, read_earlier
from comprova.jobs.exclusive import exclusive
from comprova.jobs.inputs import inputs_of
from comprova.jobs.ledger import Attempt, Ledger, Status, write_ledger
from comprova.jobs.log_sources import loaded_logs
from comprova.jobs.logs import READ, Logs
from comprova.jobs.preparation import Prepared
from comprova.jobs.progress import Progress
from comprova.jobs.rendering import Rendering, document_files, is_rendered, render_documents
from comprova.jobs.revisions import Revision, choose_revision, fingerprint_of, newest_revision, sealed_before

Clock = Callable[[], datetime]
"""Gives the aware moment; the command line's own."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run left behind.

    Attributes:
        layout: Where.
        evidence: What it says.
        documents: Names of the files in `documents/`, sorted.
        untouched: Whether everything was there before: same logs, same questions, same documents.
        compared_with: The evidence of the period before that findings were compared with, as the ledger names it.
        newer: Another that lies there now; empty where there is none.
    """

    layout: RunLayout
    evidence: Evidence
    documents: tuple[str, ...]
    untouched: bool
    compared_with: str
    newer: str


def run_job(
    prepared: Prepared, clock: Clock, progress: Progress, *, revise: bool = False, documents: bool = True
) -> RunResult:
    """Run a job for its period, or go on where an interrupted run ended.

    Args:
        prepared: What is asked, of which logs.
        clock: Gives the moments of the ledger.
        progress: Told of each step.
        revise: Make a new revision where the inputs have changed or a question failed.
        documents: Render them too; without them the same run can do so later.

    Raises:
        BusyError: Another run holds this job and period.
        ComprovaError: Something that the user can mend; nothing sealed was changed.
    """
    folder = prepared.out / prepared.job.job.id / prepared.period.label
    # A query that is refused is told before logs are read; where evidence is sealed, most often none is asked.
    questions = None if _has_evidence(folder) and not revise else compose_questions(prepared)
    with exclusive(folder), loaded_logs(prepared, folder, clock, progress) as source:
        content = content_of(prepared)
        inputs = inputs_of(prepared, content, source.logs)
        before = find_earlier(folder.parent, prepared.period)
        revision = choose_revision(folder, inputs, before.name, revise=revise)
        was_sealed = revision.sealed
        ledger = _opened(revision, prepared, source.logs, inputs, clock())
        if not was_sealed:
            earlier = _read_earlier(before, progress)
            ledger = ledger.model_copy(update={"earlier": name_of(earlier.about)})
            questions = compose_questions(prepared) if questions is None else questions
            write_ledger(ledger, revision.layout.ledger)
            ledger = Collection(prepared, source, revision, earlier, clock, progress).collect(questions, ledger)
            ledger = ledger.model_copy(update={"cost": source.account(revision.layout.evidence)})
            write_ledger(ledger, revision.layout.ledger)
            copy_content(content, revision.layout.evidence)
            write_whole(revision.layout.evidence.calendar, canonical_json(prepared.calendar))
            if (replaced := sealed_before(folder, revision)) is not None:
                Changes(prepared, replaced, revision.layout, inputs).write()
            seal(revision.layout.evidence.root, revision.layout.evidence.manifest)
        ledger = _sealed(ledger, revision.layout)
        with templates_of(prepared.roots) as templates:
            rendered = documents and _rendered(prepared, revision.layout, ledger, templates, progress)
        if not was_sealed or rendered or (documents and ledger.status is not Status.RENDERED):
            ledger = _closed(ledger, clock(), Status.RENDERED if documents else ledger.status)
            write_ledger(ledger, revision.layout.ledger)
        evidence = open_evidence(revision.layout.evidence.root)
        names = document_files(revision.layout.documents)
        untouched = was_sealed and not rendered
        newer = before.name if ledger.earlier != before.name else ""
        return RunResult(revision.layout, evidence, names, untouched, ledger.earlier, newer)


def _read_earlier(before: EarlierRun, progress: Progress) -> EarlierSide:
    progress.begin("earlier evidence")
    earlier = read_earlier(before)
    progress.end("earlier evidence", period=earlier.about.period, state=earlier.about.state.value)
    return earlier


def _has_evidence(folder: Path) -> bool:
    newest = newest_revision(folder)
    return newest is not None and newest.sealed


def _opened(revision: Revision, prepared: Prepared, logs: Logs, inputs: dict[str, str], now: datetime) -> Ledger:
    if revision.ledger is not None:
        return revision.ledger.model_copy(update={"attempts": (*revision.ledger.attempts, Attempt(started=now))})
    return Ledger(
        job=prepared.job.job.id,
        period=prepared.period.label,
        revision=revision.number,
        comprova=inputs["comprova"],
        fingerprint=fingerprint_of(inputs),
        inputs=inputs,
        engine=logs.engine,
        attempts=(Attempt(started=now),),
    )


def _sealed(ledger: Ledger, layout: RunLayout) -> Ledger:
    """Write the seal into the ledger, unless it is there: an attempt may have been killed right after it sealed."""
    manifest = layout.evidence.manifest
    found = sha256_file(manifest)
    if not ledger.seal:
        if layout.work.exists():
            shutil.rmtree(layout.work)
        sealed_at = datetime.fromtimestamp(manifest.stat().st_mtime, UTC)
        ledger = ledger.model_copy(update={"status": Status.SEALED, "sealed_at": sealed_at, "seal": found})
        write_ledger(ledger, layout.ledger)
    elif ledger.seal != found:
        expected = f"the SHA-256 that {layout.ledger.name} names, {ledger.seal}"
        hint = "Find out who changed the evidence or the ledger; a run changes neither."
        raise VerificationError(Problem(str(manifest), expected, found, hint))
    return ledger


def _rendered(prepared: Prepared, layout: RunLayout, ledger: Ledger, templates: Path, progress: Progress) -> bool:
    """Render the documents unless they are all there; tell whether anything was rendered."""
    frameworks, definition = tuple(framework.key for framework in prepared.frameworks), prepared.report.definition
    rendering = Rendering(
        evidence=layout.evidence,
        out=layout.documents,
        frameworks=frameworks,
        languages=prepared.languages,
        definition=definition,
        templates=templates,
        sealed_at=ledger.sealed_at,
    )
    if is_rendered(rendering):
        return False
    progress.begin("documents", len(frameworks) * len(prepared.languages) * len(definition.formats))
    files = render_documents(rendering, progress.advance)
    progress.end("documents", files=len(files))
    return True


def _closed(ledger: Ledger, now: datetime, status: Status) -> Ledger:
    *earlier, last = ledger.attempts
    attempts = (*earlier, last.model_copy(update={"ended": now}))
    return ledger.model_copy(update={"attempts": attempts, "status": status})


def exit_code(evidence: Evidence, limits: JobLimits, *, fail_on_exceptions: bool) -> ExitCode:
    """Decide how the process ends, from the evidence alone: the same evidence gives the same code."""
    outcomes = {query.outcome for query in evidence.assessment.queries}
    if outcomes & {Outcome.FAILED, Outcome.NOT_RUN} or _too_much_missing(evidence, limits):
        return ExitCode.INCOMPLETE
    return ExitCode.EXCEPTIONS if fail_on_exceptions and Outcome.EXCEPTIONS in outcomes else ExitCode.COMPLETE


def _too_much_missing(evidence: Evidence, limits: JobLimits) -> bool:
    cells = evidence.assurance.cells
    gaps = sum(1 for cell in cells if CellState.GAP in cell.states.values())
    unread = sum(count for state, count in evidence.totals.files.items() if state != READ)
    return (
        not cells
        or 100 * gaps / len(cells) > limits.gap_percent
        or unread > limits.unreadable_files
        or (evidence.totals.unreadable_records or 0) > limits.unreadable_records
    )
