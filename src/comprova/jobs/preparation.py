"""Everything that a run decides before it reads a log: job, period, editions, queries and parameter values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from comprova.catalog.catalog import Catalog, load_catalog
from comprova.catalog.editions import Chosen, choose
from comprova.catalog.framework import Framework
from comprova.catalog.needs import is_need
from comprova.catalog.parameters import Bindings, Value, bind
from comprova.catalog.query import LOOK_BACK_DAYS, Query, QueryRef
from comprova.catalog.text import Language
from comprova.catalog.translations import known_languages
from comprova.content import ContentRoot, find_content
from comprova.documents.definition import ReportDefinition, read_report
from comprova.errors import ContentError, Problem
from comprova.evidence.calendar import BusinessCalendar
from comprova.jobs.acceptance_file import AcceptanceFile, find_acceptances
from comprova.jobs.calendar import calendar_of, holidays_of
from comprova.jobs.definition import JobFile, find_job
from comprova.jobs.sources import AthenaSource, FolderSource
from comprova.period import Period

_EMPTY: tuple[Value, ...] = ("", ())
"""Values that say nothing where they are a default."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line sets in place of the job file; None leaves the job's own.

    Attributes:
        period: Label of a period; None for the month before `now`.
        logs: A local folder of CloudTrail files, read with the embedded engine whatever the job's source.
        frameworks: As a job names them.
        languages: Of the documents.
        out: Where runs are written.
        max_scan: Bytes that the run may scan on Athena.
    """

    period: str | None = None
    logs: Path | None = None
    frameworks: tuple[str, ...] | None = None
    languages: tuple[Language, ...] | None = None
    out: Path | None = None
    max_scan: int | None = None


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report definition as it stands in its file."""

    definition: ReportDefinition
    text: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What will be asked, of which logs, for whom.

    Attributes:
        job: The job file.
        roots: Where content was read from, the built-in first.
        catalog: All content about questions.
        report: What a document contains.
        period: Of which events are examined.
        editions: By key, so that evidence does not depend on the order in which they were named.
        queries: That bear on any of their requirements, by id.
        bindings: Parameter values in force.
        languages: Of the documents.
        source: What is read: the job's, or the folder that the command line names.
        out: Where runs are written.
        acceptances: Which findings are tolerated.
        calendar: Days off, from the start of the period until a year after its end.
        max_scan: Bytes that the run may scan on Athena; None for no limit.
    """

    job: JobFile
    roots: tuple[ContentRoot, ...]
    catalog: Catalog
    report: ReportFile
    period: Period
    editions: tuple[Chosen, ...]
    queries: tuple[Query, ...]
    bindings: Bindings
    languages: tuple[Language, ...]
    source: FolderSource | AthenaSource
    out: Path
    acceptances: AcceptanceFile
    calendar: BusinessCalendar
    max_scan: int | None = None

    @property
    def frameworks(self) -> tuple[Framework, ...]:
        """The editions, without why they are used."""
        return tuple(chosen.framework for chosen in self.editions)

    @property
    def history_start(self) -> datetime:
        """The first instant, UTC, of which any query reads events."""
        return self.period.start - timedelta(
            days=max((self.lookback_days(query) or 0 for query in self.queries), default=0)
        )

    @property
    def needs(self) -> tuple[str, ...]:
        """The kinds of events that queries need or requirements name as a condition, sorted."""
        asked = [item for framework in self.frameworks for item in framework.requirement if item.evidence]
        named = {condition for item in asked for condition in item.evaluable_if if is_need(condition)}
        return tuple(sorted(named | {need for query in self.queries for need in query.block.needs}))

    @property
    def set_parameters(self) -> frozenset[str]:
        """The parameters that say something: those that the job sets, if only to an empty list, and those not empty."""
        chosen, values = self.job.job.parameters, self.bindings.values
        known = self.catalog.parameters.keys() - self.bindings.unset
        return frozenset(name for name in known if name in chosen or values.get(name, name) not in _EMPTY)

    def lookback_days(self, query: Query) -> int | None:
        """Return how many days before the period a query reads; None where it does not look back."""
        days = query.block.lookback_days
        value = self.bindings.values.get(days) if isinstance(days, str) else days
        return value if isinstance(value, int) else None

    def look_back_to(self, query: Query) -> date | None:
        """Return the first day that a query's look-back should reach; None where it does not look back."""
        days = self.lookback_days(query)
        return None if days is None else (self.period.start - timedelta(days=days)).date()


def prepare(name: str, roots: Sequence[ContentRoot], choices: Choices, now: datetime) -> Prepared:
    """Decide everything that a run needs to know.

    Args:
        name: Of the job, or the path of its file.
        roots: Where content is, the built-in first.
        choices: What the command line says.
        now: An aware moment; the default period is the month before it.

    Raises:
        ContentError: With every problem of the job and of what it names.
    """
    job = find_job(name, roots)
    catalog = load_catalog(roots)
    definition = job.job
    period = (
        Period.parse(choices.period, definition.time_zone)
        if choices.period
        else Period.month_before(now, definition.time_zone)
    )
    editions = _editions(catalog, choices.frameworks or definition.frameworks, period, job.where)
    bearing = _bearing([chosen.framework for chosen in editions])
    catalog = catalog.asking(bearing)
    source, out = _source(definition.source, choices.logs), choices.out or Path(definition.out)
    _check_out(source, out)
    _check_start(source, period, job.where)
    given: dict[str, Value] = {"holidays": holidays_of(definition.calendar, period, job.where)}
    known = {key: value for key, value in given.items() if key in catalog.parameters}
    queries = tuple(catalog.queries[ref] for ref in bearing)
    bindings = _bindings(catalog, job, known)
    _check_look_back(queries, bindings, job.where)
    return Prepared(
        job=job,
        roots=tuple(roots),
        catalog=catalog,
        report=find_report(definition.report, roots),
        period=period,
        editions=editions,
        queries=queries,
        bindings=bindings,
        languages=known_languages(
            choices.languages or definition.languages,
            *(root.folder("templates") for root in roots),
            where=f"{job.where}: languages" if choices.languages is None else "--languages",
        ),
        source=source,
        out=out,
        acceptances=find_acceptances(job, catalog),
        calendar=calendar_of(definition.calendar, period, job.where),
        max_scan=_max_scan(source, choices.max_scan),
    )


def _source(source: FolderSource | AthenaSource, logs: Path | None) -> FolderSource | AthenaSource:
    if logs is None:
        return source
    return FolderSource.model_construct(kind="folder", name=source.name, logs=str(logs))  # a path may be any text


def _check_out(source: FolderSource | AthenaSource, out: Path) -> None:
    if isinstance(source, FolderSource) and out.resolve().is_relative_to(source.folder.resolve()):
        expected = f"a folder that is not inside that of the logs ({source.folder})"
        hint = "What runs write there would be read as logs: choose another folder with --out."
        raise ContentError(Problem("out", expected, str(out), hint))


def _check_start(source: FolderSource | AthenaSource, period: Period, where: str) -> None:
    first = period.start.date()
    if isinstance(source, AthenaSource) and first < source.start:
        expected = f"{first} or earlier, so that the raw table shows the whole period {period.label}"
        hint = "Then `comprova athena setup JOB --update` widens the table."
        raise ContentError(Problem(f"{where}: source.start", expected, str(source.start), hint))


def _max_scan(source: FolderSource | AthenaSource, chosen: int | None) -> int | None:
    match source:
        case AthenaSource():
            return source.max_scan_bytes if chosen is None else chosen
        case FolderSource() if chosen is not None:
            expected = "an Athena source, whose scanning is paid for"
            raise ContentError(Problem("--max-scan", expected, f"the folder {source.folder}"))
        case FolderSource():
            return None


def find_report(name: str, roots: Sequence[ContentRoot]) -> ReportFile:
    """Read the report definition of a name in `reports/`, or of the path of a TOML file.

    Raises:
        ContentError: There is none, or it is not as it should be.
    """
    file = find_content(roots, "reports", name)
    report = read_report(file.text, file.where)
    if isinstance(report, list):
        raise ContentError(report)
    if report.id != file.path.stem:
        raise ContentError(Problem(file.where, f"id = {file.path.stem!r}, as the file is named", repr(report.id)))
    return ReportFile(report, file.text)


def _editions(catalog: Catalog, names: Sequence[str], period: Period, where: str) -> tuple[Chosen, ...]:
    last = period.end_day - timedelta(days=1)
    chosen = [choose(catalog.frameworks, name, last, f"{where}: frameworks") for name in names]
    keys = sorted(one.framework.key for one in chosen)
    if len(set(keys)) != len(keys):
        raise ContentError(Problem(where, "each framework once", ", ".join(keys)))
    return tuple(sorted(chosen, key=lambda one: one.framework.key))


def _check_look_back(queries: Sequence[Query], bindings: Bindings, where: str) -> None:
    names = {query.block.lookback_days for query in queries if isinstance(query.block.lookback_days, str)}
    values = {name: bindings.values[name] for name in sorted(names & bindings.values.keys())}
    problems = [
        Problem(f"{where}: parameters.{name}", f"{LOOK_BACK_DAYS[0]} to {LOOK_BACK_DAYS[-1]} days", repr(value))
        for name, value in values.items()
        if value not in LOOK_BACK_DAYS
    ]
    if problems:
        raise ContentError(problems)


def _bearing(frameworks: Sequence[Framework]) -> tuple[QueryRef, ...]:
    """Return the queries that bear on any requirement, sorted."""
    refs = {
        item.ref for framework in frameworks for requirement in framework.requirement for item in requirement.evidence
    }
    return tuple(sorted(refs))


def _bindings(catalog: Catalog, job: JobFile, given: Mapping[str, Value]) -> Bindings:
    bound = bind(catalog.parameters, job.job.parameters, given, job.where)
    # The run gives these to the compiler with the period; no query waits for them.
    from_run = {name for name, parameter in catalog.parameters.items() if parameter.given == "run"}
    return replace(bound, unset=bound.unset - from_run)
