"""What a job file in `jobs/` says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from comprova.catalog.parameters import Value
from comprova.catalog.query import Name
from comprova.catalog.text import Language, Line, Text
from comprova.catalog.toml_faults import UnmetRuleError
from comprova.catalog.toml_reader import Block, matching, read_toml
from comprova.content import ContentRoot, find_content
from comprova.errors import ComprovaError, ContentError, Problem
from comprova.jobs.sources import Account, AthenaSource, Region, Source
from comprova.period import zone

_BESIDE = r"(?:[A-Za-z0-9][A-Za-z0-9_-]*[./])*[A-Za-z0-9][A-Za-z0-9_-]*\.toml|"


def _time_zone(name: str) -> str:
    try:
        zone(name)
    except ComprovaError as error:
        raise ValueError(error.problems[0].expected) from error
    return name


class JobScope(Block):
    """Which accounts and regions the job must find; empty lists take all that the logs hold."""

    accounts: tuple[Account, ...] = ()
    regions: tuple[Region, ...] = ()


class Holiday(Block):
    """One day off."""

    day: date
    name: Line


class Calendar(Block):
    """Whose public holidays are no working days.

    Attributes:
        country: ISO 3166-1 code, such as BR; empty for none.
        subdivision: ISO 3166-2 part after the country, such as SP.
        extra: Further days off, such as municipal holidays.
    """

    country: str = ""
    subdivision: str = ""
    extra: tuple[Holiday, ...] = ()

    @model_validator(mode="after")
    def _subdivision_of_a_country(self) -> Self:
        if self.subdivision and not self.country:
            raise UnmetRuleError("the `country` of the `subdivision`", "none", "subdivision")
        return self


class JobLimits(Block):
    """How much may be missing before the run exits with code 11.

    Attributes:
        gap_percent: Of the cells, those in which nothing at all was logged.
        unreadable_files: Log files that were not read.
        unreadable_records: Items of log files that were read, and are no records.
    """

    gap_percent: Annotated[float, Field(ge=0, le=100)] = 0.0
    unreadable_files: Annotated[int, Field(ge=0)] = 0
    unreadable_records: Annotated[int, Field(ge=0)] = 0


class Job(Block):
    """One job.

    Attributes:
        id: The file's name, without `.toml`.
        title: A heading.
        organisation: Whose logs these are.
        report: Id of the report definition in `reports/`.
        frameworks: Ids for the edition in force on the last day of the period (`pci-dss`), or editions whatever their
            time, as an id with an edition (`pci-dss@4.0.1`) or a key (`pci-dss-4.0.1`).
        languages: Of the documents.
        time_zone: In which periods are cut.
        out: Where runs are written; relative to where the command runs.
        source: What is read.
        scope: Which accounts and regions must be there.
        calendar: Public holidays.
        limits: How much may be missing.
        parameters: Values for queries.
        acceptances: The file, beside the job's, that records which findings are tolerated; empty for none.
    """

    id: Annotated[str, matching(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)?", "an id such as monthly or acme.monthly")]
    title: Text
    organisation: Line
    report: Line
    frameworks: Annotated[tuple[Line, ...], Field(min_length=1)]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    time_zone: Annotated[str, AfterValidator(_time_zone)]
    out: Line = "out"
    source: Source
    scope: JobScope = JobScope()
    calendar: Calendar = Calendar()
    limits: JobLimits = JobLimits()
    parameters: Mapping[Name, Value] = Field(default_factory=dict)
    acceptances: Annotated[str, matching(_BESIDE, "the name of a TOML file in the job's folder")] = ""

    @model_validator(mode="after")
    def _languages_differ(self) -> Self:
        if len(set(self.languages)) != len(self.languages):
            raise UnmetRuleError("each language once", ", ".join(self.languages), "languages")
        return self

    @model_validator(mode="after")
    def _source_shows_the_scope(self) -> Self:
        # Athena answers no rows, and no error, of an account or region that the raw table does not show.
        if isinstance(self.source, AthenaSource):
            for key, wanted, shown in (
                ("accounts", self.scope.accounts, self.source.accounts),
                ("regions", self.scope.regions, self.source.regions),
            ):
                if shown and (unseen := sorted(set(wanted) - set(shown))):
                    expected = f"`source.{key}` to name whatever `scope.{key}` names"
                    raise UnmetRuleError(expected, f"it without {', '.join(unseen)}", "source")
        return self


@dataclass(frozen=True, slots=True)
class JobFile:
    """A job as it stands in its file.

    Attributes:
        job: What the file says.
        text: The file.
        where: How messages name it.
        folder: Where it lies.
    """

    job: Job
    text: str
    where: str
    folder: Path


def find_job(name: str, roots: Sequence[ContentRoot]) -> JobFile:
    """Read the job of a name: the path of a TOML file, or the name of one in a `jobs/` folder.

    Raises:
        ContentError: There is none, or it is not as a job should be.
    """
    file = find_content(roots, "jobs", name)
    job = read_toml(file.text, Job, file.where)
    if isinstance(job, list):
        raise ContentError(job)
    if job.id != file.path.stem:
        raise ContentError(Problem(file.where, f"id = {file.path.stem!r}, as the file is named", repr(job.id)))
    for root in roots:
        own = root.folder("jobs") / file.path.name
        if root.builtin and own.is_file() and own.resolve() != file.path.resolve():
            hint = "Rename your file and its id: runs of both would lie in one folder."
            raise ContentError(Problem(file.where, "an id that comprova's own jobs do not have", repr(job.id), hint))
    return JobFile(job, file.text, file.where, file.path.parent)
