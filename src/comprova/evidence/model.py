"""The JSON files of the evidence folder, as values. Their text is RFC 8785; their meaning is fixed by `FORMAT`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator

from comprova.catalog.editions import EditionChoice
from comprova.catalog.framework import Bearing, Coverage
from comprova.catalog.query import Kind, Severity
from comprova.catalog.text import Text
from comprova.errors import ComprovaError
from comprova.evidence.outcomes import Assurance, CellState, Extent, InterruptionCause, Outcome, ReasonCode, Standing
from comprova.period import zone

FORMAT: Literal[1] = 1


class Fact(BaseModel):
    """Base of everything in the evidence: immutable, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reason(Fact):
    """Why something is so; `facts` are those that the code's docstring names."""

    code: ReasonCode
    facts: Mapping[str, str | int | tuple[str, ...]] = {}


class Scope(Fact):
    """What the run was to look at.

    Attributes:
        job: Id of the job.
        organisation: Whose logs these are, as the job says.
        source: What was read, as the job names it in both languages; never a local path.
        period: Label, such as `2026-10`.
        start: First instant, UTC.
        end: First instant after, UTC.
        time_zone: In which its days are cut.
        history_start: From when look-back rows were read, UTC; equal to start where no query looks back.
        accounts: The accounts the job names; empty where it takes all it finds.
        regions: The same for regions.
    """

    job: str
    organisation: str
    source: Text
    period: str
    start: AwareDatetime
    end: AwareDatetime
    time_zone: str
    history_start: AwareDatetime
    accounts: tuple[str, ...]
    regions: tuple[str, ...]

    @model_validator(mode="after")
    def _has_local_days(self) -> Self:
        try:
            local = zone(self.time_zone)
            for instant in (self.start, self.end, self.history_start):
                instant.astimezone(local)
        except (ComprovaError, OverflowError) as error:
            message = f"instants that have a day in {self.time_zone!r}"
            raise ValueError(message) from error
        return self


class QueryResult(Fact):
    """One query's outcome, with all that it rests on.

    Attributes:
        id: `pack.name`.
        version: Of the query.
        kind, severity: As its block says.
        outcome: Its outcome.
        extent: How far it reaches.
        reasons: Why it is inconclusive, failed, not run, or a lower bound; and what lowers assurance.
        rows: Rows of the result; None where there is no result.
        accepted_rows: Rows covered by valid acceptances.
        findings: Findings that none covers: rows that share a subject are one. None for other kinds, and where there is
            no result.
        secrets: That stand in its rows under the names of `queries/secrets.toml`; masked everywhere but in Parquet.
        cells_examined: Cells in which its events were, or would have been, logged.
        cells_expected: Cells of the scope.
        assurance: The lowest of its cells.
        parameters: The values in force of the parameters that it uses.
        unset: Required parameters that were not set.
        activity: Version of the view `activity`, such as `activity@1`; `deliveries` likewise.
        layer: Version of the translation layer; empty on Athena.
        sql_sha256: Of the pack's SQL.
        statement_sha256: Of the statement as sent, the file `sql/<id>.sql`; empty where none was made.
        parquet_sha256: Of `results/<id>.parquet`; empty where there is no result.
    """

    id: str
    version: int
    kind: Kind
    severity: Severity
    outcome: Outcome
    extent: Extent
    reasons: tuple[Reason, ...]
    rows: int | None
    accepted_rows: int
    findings: int | None
    secrets: int
    cells_examined: int
    cells_expected: int
    assurance: Assurance
    parameters: Mapping[str, object]
    unset: tuple[str, ...]
    activity: str
    deliveries: str
    layer: str
    sql_sha256: str
    statement_sha256: str
    parquet_sha256: str


class RequirementEvidence(Fact):
    """One query's part in a requirement."""

    query: str
    version: int
    bearing: Bearing
    outcome: Outcome


class UnmetCondition(Fact):
    """What a requirement's `evaluable_if` names and this run did not have: as the edition writes it, and why."""

    condition: str
    reasons: tuple[Reason, ...]


class RequirementResult(Fact):
    """What the run says of one requirement.

    Attributes:
        id: As the framework writes it.
        coverage: As the edition says.
        standing: Whether it is judged, and if not, what is said instead.
        outcome: The worst of its proving queries, with `inconclusive` among them where a condition did not hold; None
            unless judged.
        extent: `lower-bound` if that of any of its queries is, and where a condition did not hold.
        unmet: The conditions that did not hold, in the edition's order; none of a requirement without queries.
        counts: Number of its queries by outcome, supporting ones included.
        findings: Of its exception queries, those that no acceptance covers.
        evidence: Its queries, as the edition maps them.
    """

    id: str
    coverage: Coverage
    standing: Standing
    outcome: Outcome | None
    extent: Extent
    unmet: tuple[UnmetCondition, ...]
    counts: Mapping[Outcome, int]
    findings: int
    evidence: tuple[RequirementEvidence, ...]


class FrameworkResult(Fact):
    """What the run says of one edition.

    Attributes:
        id: Of the framework.
        edition: Which edition.
        choice: Why this one.
        day: The last day of the period, in the job's time zone.
        in_force: The edition that was in force on that day; None where none was.
        requirements: Every one, in the edition's order.
    """

    id: str
    edition: str
    choice: EditionChoice
    day: date
    in_force: str | None
    requirements: tuple[RequirementResult, ...]


class Assessment(Fact):
    """`assessment.json`."""

    format: Literal[1] = FORMAT
    scope: Scope
    queries: tuple[QueryResult, ...]
    frameworks: tuple[FrameworkResult, ...]


class Cell(Fact):
    """One log account, region and day.

    Attributes:
        account, region: As in the object keys.
        day: In the time zone of the period.
        events: Events of that day after deduplication.
        states: By need: `management:read`, `management:write`, `kms`, `data:<service>`.
        unlogged_minutes: By need, begun minutes in which nothing shows that any trail recorded, one being interrupted.
        assurance: What is known of it.
    """

    account: str
    region: str
    day: date
    events: int
    states: Mapping[str, CellState]
    unlogged_minutes: Mapping[str, int] = {}
    assurance: Assurance


class TrailInterruption(Fact):
    """An interval, in the period or reaching into it, in which a trail did not record what it had recorded before.

    Attributes:
        account, region, trail: Which trail: its account, home region and name; the name is empty where none was logged.
        cause: What ended the recording.
        start: When, UTC; None where that was before anything that is held.
        end: When it recorded again; None where it did not, up to the end of the period.
        minutes: Begun minutes of it that lie in the period.
        kinds: What was not recorded: kinds of management events, and `data` for data events of any kind.
        cells: By need, cells in which nothing shows that another trail recorded meanwhile; those without any event too.
    """

    account: str
    region: str
    trail: str
    cause: InterruptionCause
    start: datetime | None
    end: datetime | None
    minutes: int
    kinds: tuple[str, ...]
    cells: Mapping[str, int]


class LogFile(Fact):
    """One file that was read, was not read whole, or was not read.

    Attributes:
        log_file: From `AWSLogs/` on, or relative to the folder given; a folder ends in a slash.
        state: `read`, or why it was not.
        bytes: As stored.
        sha256: Of the stored bytes; empty where they could not be read, and where Athena read them.
        records: That it holds; unreadable ones are not among them.
        unreadable: Records that could not be read; None where the engine cannot tell.
        etag: What S3 says of its content, in place of its SHA-256; empty for a file on disk.
    """

    log_file: str
    state: str
    bytes: int
    sha256: str
    records: int
    unreadable: int | None
    etag: str = ""


class AssuranceReport(Fact):
    """`assurance.json`: what is known of the trail.

    Attributes:
        assurance: The lowest of all cells.
        reasons: What lowers it.
        closed: Whether all delivery dates of the period were over when the logs were listed.
        needs: The kinds of events that the cells speak of.
        cells: By account, region and day.
        interruptions: Of trails, by trail and time.
        unexpected_accounts: Accounts with logs that the job does not name, where it names any.
        silent_accounts: Accounts that the job names, and of which there is no log.
        skipped: Files that are no event logs, by kind (digest, insight, …).
    """

    format: Literal[1] = FORMAT
    assurance: Assurance
    reasons: tuple[Reason, ...]
    closed: bool
    needs: tuple[str, ...]
    cells: tuple[Cell, ...]
    interruptions: tuple[TrailInterruption, ...] = ()
    unexpected_accounts: tuple[str, ...]
    silent_accounts: tuple[str, ...]
    skipped: Mapping[str, int]


class Totals(Fact):
    """`totals.json`: the control totals. read = in_period + look_back + duplicates + outside + undated.

    Attributes:
        read: Records of the files that were read.
        in_period: Rows of activity in the period.
        look_back: Rows of activity before it.
        duplicates: Copies of those rows that were left out.
        outside: Records of other times, copies included.
        undated: Records without a usable event time.
        unreadable_records: Records that could not be read; not in `read`. None where the engine cannot tell.
        conflicting_ids: Event ids that records of different content share; none of these records is left out.
        without_id: Rows of activity, look-back included, without an event id; none of them is taken for a copy.
        files: Files by state.
        bytes: Of the files that were read, as stored.
        misfits: Values that did not fit their column, by reason; None where the engine cannot tell.
    """

    format: Literal[1] = FORMAT
    read: int
    in_period: int
    look_back: int
    duplicates: int
    outside: int
    undated: int
    unreadable_records: int | None
    conflicting_ids: int
    without_id: int
    files: Mapping[str, int]
    bytes: int
    misfits: Mapping[str, int] | None

    @property
    def balanced(self) -> bool:
        """Whether the totals add up."""
        return self.read == self.in_period + self.look_back + self.duplicates + self.outside + self.undated
