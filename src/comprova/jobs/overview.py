"""Writes the overview of an output folder: one page in each language, beside the folders of the jobs."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from comprova.catalog.text import Language, Text
from comprova.catalog.translations import languages_in
from comprova.documents.overview import MARK, FoundRun, JobRuns, Overview, RunState
from comprova.documents.process import OverviewTask
from comprova.errors import ComprovaError, Problem
from comprova.evidence.canonical import write_whole
from comprova.evidence.layout import RunLayout
from comprova.jobs.content_copy import copied_job
from comprova.jobs.definition import Job
from comprova.jobs.found_runs import find_runs
from comprova.jobs.rendering_processes import rendered

_PAGES = "index*.html"
_HEAD = 4096


def write_overview(out: Path, templates: Path) -> tuple[Path, ...]:
    """Write the overview of an output folder, and return its pages, that of the first language first.

    The languages are those of the job of the run that was sealed last. A page of ours in another language goes: nobody
    would make it again. Pages are written whole, and never over a file that is not one of ours.

    Args:
        out: The output folder.
        templates: How it looks.

    Raises:
        ComprovaError: There is no run in it, or a file of that name is not ours.
        ContentError: The templates lack a font or a text.
        EngineError: The process that renders died.
        OSError: The folder cannot be read or written.
    """
    overview = overview_of(out, languages_in(templates))
    with_tasks = rendered({"overview": OverviewTask(overview, templates)})
    pages = {name: data for _, files in with_tasks for name, data in files.items()}
    ours = [path for path in sorted(out.glob(_PAGES)) if path.name in pages or _is_ours(path)]
    if foreign := [path for path in ours if path.is_file() and not _is_ours(path)]:
        raise ComprovaError(
            Problem(str(path), "a page that `comprova index` wrote", "another file", "Move it away, then try again.")
            for path in foreign
        )
    for name, data in pages.items():
        write_whole(out / name, data)
    for path in ours:
        if path.name not in pages:
            path.unlink()
    return tuple(out / name for name in pages)


def overview_of(out: Path, known: Sequence[Language]) -> Overview:
    """Return what the overview of an output folder says.

    Args:
        out: The output folder.
        known: The languages that it can be written in.

    Raises:
        ComprovaError: There is no run in it.
        OSError: The folder cannot be read.
    """
    found = find_runs(out)
    if not found.runs and not found.unreadable:
        hint = "Name the folder that `comprova run --out` wrote to."
        raise ComprovaError(Problem(str(out), "an output folder with runs in <job>/<period>/r1", "none", hint))
    jobs = tuple(
        JobRuns(job, _title(out, tuple(runs)), tuple(runs))
        for job, runs in ((job, list(runs)) for job, runs in groupby(found.runs, key=lambda run: run.job))
    )
    return Overview(jobs, _languages(out, found.runs, known), found.unreadable)


def _title(out: Path, runs: Sequence[FoundRun]) -> Text | None:
    return next((job.title for run in runs if (job := _job(out, run))), None)


def _languages(out: Path, runs: Sequence[FoundRun], known: Sequence[Language]) -> tuple[Language, ...]:
    dated = [run for run in runs if run.sealed_at]
    for run in sorted(dated, key=lambda run: (run.sealed_at, run.job, run.period), reverse=True):
        job = _job(out, run)
        if job and (languages := tuple(language for language in job.languages if language in known)):
            return languages
    return tuple(known)


def _job(out: Path, run: FoundRun) -> Job | None:
    """Return the job of a sealed run from its evidence; None where that cannot say it."""
    if run.state is not RunState.SEALED:
        return None
    try:
        return copied_job(RunLayout(out / run.job / run.period / f"r{run.revision}").evidence, run.job).job
    except ComprovaError:  # `comprova verify` tells what is wrong with it; the page names the job by its folder
        return None


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return MARK.encode() in file.read(_HEAD)
