"""Writes the folders and the first job of a user's own project."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from comprova.catalog.catalog import Catalog, load_catalog
from comprova.catalog.phrases import Phrases
from comprova.catalog.text import Language
from comprova.catalog.toml_reader import read_toml
from comprova.catalog.translations import Domain
from comprova.content import FOLDERS, builtin_root
from comprova.errors import ComprovaError, ContentError, Problem, naming
from comprova.jobs.definition import Job
from comprova.jobs.folder_logs import store_folder
from comprova.jobs.progress import Progress
from comprova.jobs.starter_job import NewJob, job_text
from comprova.jobs.survey import Survey, survey
from comprova.period import zone
from comprova.trail.listing import Listing, list_folder

_PREFIX = re.compile(r"[a-z][a-z0-9]{0,31}")
_LOGS = "logs"
_OUT = "out"
_IGNORED = f"{_OUT}/.gitignore"


@dataclass(frozen=True, slots=True)
class NewProject:
    """What the user says of a new project.

    Attributes:
        folder: Where it is made; the folder may exist, and hold anything but the files that are written.
        prefix: With which its ids begin; None for the name of the folder.
        logs: A folder of CloudTrail files to look through, which the job then names; None to look through none.
        language: Of the comments.
        time_zone: An IANA name.
    """

    folder: Path
    prefix: str | None
    logs: Path | None
    language: Language
    time_zone: str


@dataclass(frozen=True, slots=True)
class MadeProject:
    """What was written.

    Attributes:
        job: The id of the job.
        files: In the order in which they were written.
        survey: What the logs hold.
    """

    job: str
    files: tuple[Path, ...]
    survey: Survey


_NOTES: Mapping[str, str] = {
    "queries": "folder.queries",
    "reports": "folder.reports",
    "templates": "folder.templates",
    "tests/cases": "folder.cases",
}
"""What says what a folder is for."""


def make_project(new: NewProject, templates: Path, progress: Progress) -> MadeProject:
    """Write a project; nothing is written where a file of it is there already, or something is wrong.

    Args:
        new: What the user says of it.
        templates: The folder of templates, which has the words.
        progress: Told of what is done.

    Raises:
        ComprovaError: A file is there, the prefix cannot be one, or the logs are not there.
    """
    prefix = _prefix(new)
    zone(new.time_zone)
    job_id = f"{prefix}.monthly"
    catalog = load_catalog([builtin_root()])
    phrases = Phrases(templates, new.language, Domain.PROJECT)
    notes = {f"{name}/README.md": phrases.text(key, prefix=prefix) + "\n" for name, key in _NOTES.items()}
    job = NewJob(job_id, new.time_zone, _as_named(new))
    _expect_none(new.folder, [_job_name(job), *notes, _IGNORED])
    found = _surveyed(new, catalog, progress)
    text = _job_file(job, phrases, catalog, found)
    # Evidence names people: it is kept where evidence is kept, and not in a repository.
    texts = {_job_name(job): text, **notes, _IGNORED: "*\n"}
    for name, text in texts.items():
        path = new.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with naming(path), path.open("x", encoding="utf-8") as file:
            file.write(text)
    return MadeProject(job_id, tuple(new.folder / name for name in texts), found)


def _prefix(new: NewProject) -> str:
    prefix = new.prefix if new.prefix is not None else new.folder.resolve().name
    if not _PREFIX.fullmatch(prefix):
        expected = "a prefix of at most 32 small letters and digits, which begins with a letter, such as acme"
        hint = "" if new.prefix is not None else "It is the folder's name: give another with --prefix."
        raise ComprovaError(Problem("--prefix", expected, repr(prefix), hint))
    return prefix


def _as_named(new: NewProject) -> str:
    """Return how the job names its logs: from the project's folder where they are in it, else by their whole path."""
    if new.logs is None:
        return _LOGS
    logs, folder = new.logs.resolve(), new.folder.resolve()
    named = str(logs.relative_to(folder)) if logs.is_relative_to(folder) else str(logs)
    if not named.isprintable() or named != named.strip():
        hint = "Make a link to it under another name."
        raise ComprovaError(Problem("--logs", "a path that a file can name", ascii(named), hint))
    return named


def _surveyed(new: NewProject, catalog: Catalog, progress: Progress) -> Survey:
    if new.logs is None:
        return Survey()
    out = new.folder / _OUT
    if out.resolve().is_relative_to(new.logs.resolve()):
        expected = f"a folder of logs that does not hold {out}, where runs are written"
        raise ComprovaError(Problem("--logs", expected, str(new.logs)))
    listing: Listing = list_folder(new.logs)
    out.mkdir(parents=True, exist_ok=True)
    return survey(listing, store_folder(out, new.logs), new.time_zone, catalog, progress)


def _job_name(job: NewJob) -> str:
    return f"jobs/{job.id}.toml"


def _job_file(job: NewJob, phrases: Phrases, catalog: Catalog, found: Survey) -> str:
    """Return the text of the job.

    Raises:
        ContentError: What would be written is no job, which would be a fault of comprova.
    """
    text = job_text(job, phrases, catalog, found)
    read = read_toml(text, Job, _job_name(job))
    if isinstance(read, list):
        raise ContentError(read)
    return text


def _expect_none(folder: Path, files: Sequence[str]) -> None:
    problems = [
        Problem(str(folder / name), "no file of this name yet", "one", "Nothing was written. Name another folder.")
        for name in files
        if os.path.lexists(folder / name)
    ]
    problems += [
        Problem(str(folder / name), "a folder, or nothing yet", "a file")
        for name in (*FOLDERS, "tests", "tests/cases", _OUT)
        if os.path.lexists(folder / name) and not (folder / name).is_dir()
    ]
    if problems:
        raise ComprovaError(problems)
