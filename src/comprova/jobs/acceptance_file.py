"""The acceptances of a job, as they stand in the file beside it."""

from dataclasses import dataclass
from pathlib import Path

from comprova.catalog.acceptances import Acceptance, read_acceptances
from comprova.catalog.catalog import Catalog
from comprova.errors import ContentError, Problem
from comprova.jobs.definition import JobFile


@dataclass(frozen=True, slots=True)
class AcceptanceFile:
    """The file that a job names as `acceptances`.

    Attributes:
        acceptances: In the order of the file.
        text: The file; empty where the job names none.
    """

    acceptances: tuple[Acceptance, ...] = ()
    text: str = ""


def acceptances_path(job: JobFile) -> Path:
    """Return where the acceptances of a job are, or would be.

    Raises:
        ContentError: The job names no file for them.
    """
    if not job.job.acceptances:
        hint = 'Add a line such as acceptances = "acceptances.toml"; the file lies beside that of the job.'
        raise ContentError(Problem(job.where, "the key `acceptances`", "none", hint))
    return job.folder / job.job.acceptances


def acceptances_where(job: JobFile) -> str:
    """Return how messages name the file."""
    return f"{job.where.rpartition('/')[0]}/{job.job.acceptances}".removeprefix("/")


def find_acceptances(job: JobFile, catalog: Catalog) -> AcceptanceFile:
    """Read the acceptances of a job; none where it names no file.

    Raises:
        ContentError: The file is missing, or an entry is not as it should be: no decision is ever passed over.
    """
    if not job.job.acceptances:
        return AcceptanceFile()
    text = read_acceptance_text(job)
    return AcceptanceFile(check_acceptances(text, catalog, acceptances_where(job)), text)


def read_acceptance_text(job: JobFile) -> str:
    """Return the text of the file, with its line ends as they are.

    Raises:
        ContentError: It is missing or is no text.
    """
    try:
        return acceptances_path(job).read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        expected = "a readable UTF-8 file, for the job names it"
        hint = "Make an empty file of that name if nothing is accepted yet; `comprova accept` writes entries into it."
        raise ContentError(Problem(acceptances_where(job), expected, str(error), hint)) from error


def check_acceptances(text: str, catalog: Catalog, where: str) -> tuple[Acceptance, ...]:
    """Read the text of a file of acceptances.

    Raises:
        ContentError: With every problem, at its line.
    """
    read = read_acceptances(text, {query.id: query.block for query in catalog.current}, where)
    if isinstance(read, list):
        raise ContentError(read)
    return read
