"""The logs in the bucket of a trail: loaded once per delivery date with Athena, and asked about with it."""

import hashlib
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from comprova.collect.measured import MEASURES, measure_files
from comprova.engines.athena.ddl import RAW_TABLE, run_database
from comprova.engines.athena.engine import AthenaEngine
from comprova.engines.athena.faults import AWS_ERRORS, aws_error
from comprova.engines.athena.loading import DateLoader, FilesByDate, Loaded, load_dates
from comprova.engines.athena.raw_table_check import FoundTable, lacking_columns
from comprova.engines.athena.run_database import RunDatabase, claim_database
from comprova.engines.athena.session import AthenaSession
from comprova.engines.athena.store import Store
from comprova.engines.interface import Engine
from comprova.errors import ContentError, EngineError, Problem
from comprova.evidence.canonical import canonical_json, write_whole
from comprova.evidence.cost import Cost
from comprova.evidence.layout import EvidenceLayout
from comprova.jobs.athena_account import cost_of, provenance_of
from comprova.jobs.athena_files import StoredFiles, by_date, hidden, in_scope
from comprova.jobs.athena_memory import RunMemory
from comprova.jobs.delivery import delivery_dates
from comprova.jobs.logs import Logs, may_be_log, other_kinds, unread_files
from comprova.jobs.measuring import asked_of, compiled_measures
from comprova.jobs.preparation import Prepared
from comprova.jobs.progress import Progress
from comprova.jobs.revisions import Revision
from comprova.jobs.sources import AthenaSource
from comprova.trail.bucket import TrailPlace, list_bucket
from comprova.trail.listing import Listing

_FILE_RECORDS = "file_records"


class AthenaLogs:
    """The logs of a bucket, loaded.

    Args:
        prepared: The run.
        source: What it reads.
        session: To Athena.
        memory: Of this run.
        loaded: Which load counts for each delivery date.
        logs: What a run is told of them.
        files: What became of each log file.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what was loaded, and with what
        self,
        prepared: Prepared,
        source: AthenaSource,
        session: AthenaSession,
        memory: RunMemory,
        loaded: Loaded,
        logs: Logs,
        files: StoredFiles,
    ) -> None:
        self._prepared = prepared
        self._source = source
        self._session = session
        self._memory = memory
        self._loads = tuple(loaded.records.values())
        self.logs = logs
        self._files = files
        self._tables: RunDatabase | None = None

    @contextmanager
    def engine(self, revision: Revision, fingerprint: str) -> Iterator[Engine]:
        """Make the revision's own database with `records` in it, or find it made, and open an engine over it."""
        job, period = self._prepared.job.job.id, self._prepared.period.label
        self._memory.serves(revision.layout)
        store = Store(self._session.s3, self._source.place())
        build = hashlib.sha256(" ".join([fingerprint, *(load.load_id for load in self._loads)]).encode()).hexdigest()
        wanted = run_database(self._source.database, job, period, revision.number)
        name = claim_database(store, self._memory.notes, wanted, build, _new_id)
        folder = ("runs", job, period, f"r{revision.number}")
        self._tables = RunDatabase(name, self._session, store, folder, self._memory.notes, _new_id)
        self._tables.open(self._source.database, self._loads)
        with closing(AthenaEngine(self._session, name, self._tables)) as engine:
            yield engine

    def counted(self, engine: Engine) -> Logs:
        """Count the records of each file, give the list of files to the database, and return the logs as they are."""
        statements = compiled_measures(self._prepared, [_FILE_RECORDS])
        counts = measure_files(asked_of(engine, statements))
        self._check(counts)
        files = self._files.counted(counts)
        self._opened.list_files(files.table())
        unread = self.logs.files[len(files.listed) :]
        return replace(self.logs, files=(*files.log_files(), *unread))

    def account(self, evidence: EvidenceLayout) -> Cost | None:
        """Write into the evidence where the answers come from and what they cost; return the cost."""
        executions = self._memory.journal.executions
        provenance = provenance_of(executions, self._loads, self._source, self._opened.name)
        cost = cost_of(executions, self._source, {*MEASURES, _FILE_RECORDS})
        write_whole(evidence.provenance, canonical_json(provenance))
        write_whole(evidence.cost, canonical_json(cost))
        return cost

    @property
    def _opened(self) -> RunDatabase:
        if self._tables is None:
            message = "the engine was not opened"
            raise ValueError(message)
        return self._tables

    def _check(self, counts: Mapping[date, Mapping[str, int]]) -> None:
        """Compare the records that are there with those that loading wrote.

        Raises:
            EngineError: Some have gone, as when a lifecycle rule removes the store's objects.
        """
        problems = []
        for load in self._loads:
            held = sum(counts.get(load.delivery_date, {}).values())
            if held != load.rows:
                where = f"records of delivery date {load.delivery_date} (load {load.load_id})"
                hint = f"Delete loads/{load.delivery_date}.json from the store, and give the same command again."
                problems.append(Problem(where, f"the {load.rows} that were loaded", str(held), hint))
        if problems:
            raise EngineError(problems)


@contextmanager
def athena_logs(
    prepared: Prepared, source: AthenaSource, folder: Path, clock: Callable[[], datetime], progress: Progress
) -> Iterator[AthenaLogs]:
    """Load the delivery dates of a period and its look-back, unless an earlier run did.

    Args:
        prepared: The run.
        source: What it reads.
        folder: Of the job and period; what must be remembered is kept there.
        clock: Gives the aware moment.
        progress: Told of each date.

    Raises:
        ComprovaError: There is no such bucket, or no raw table.
        EngineError: Athena refused to load a date.
        RunStoppedError: The run cannot go on. What has begun is found again by the same command.
    """
    memory = RunMemory(folder)
    place = source.place(prepared.max_scan)
    with AthenaSession(place, memory.journal, scope=memory.scope, clock=clock, sleep=time.sleep) as session:
        trail = _Trail(prepared, source, session, progress)
        store = Store(session.s3, place)
        loader = DateLoader(
            session, store, source.database, memory.notes, _new_id, hidden=lambda: hidden(trail.listing)
        )
        loaded = load_dates(
            loader, trail.list, source.concurrency, lambda day: progress.advance(day.isoformat()), session.stop
        )
        files = StoredFiles.of(trail.listing, loaded)
        progress.end("log files", files=len(files.listed), dates=len(loaded.records), dates_loaded=loaded.new)
        logs = _logs(prepared, trail.listing, files, closed=prepared.period.closed_at(clock()))
        yield AthenaLogs(prepared, source, session, memory, loaded, logs, files)
    memory.leave()


class _Trail:
    """Lists the bucket of the trail, as often as it is asked to."""

    def __init__(self, prepared: Prepared, source: AthenaSource, session: AthenaSession, progress: Progress) -> None:
        self.listing = Listing((), ())
        self._session = session
        self._progress = progress
        self._dates = delivery_dates(prepared)
        at = source.trail_place
        self._place = TrailPlace(at.bucket, at.prefix, source.organisation, source.trail_owner)
        table = _raw_table(session, source)
        self._accounts = _shown(source.accounts, table.projects("account"))
        self._regions = _shown(source.regions, table.projects("region"))
        self._told = False

    def list(self) -> FilesByDate:
        """List the bucket anew, and return its log files by delivery date."""
        self.listing = list_bucket(self._session.s3, self._place, self._dates, self._accounts, self._regions)
        files = by_date(self.listing)
        if not self._told:
            self._progress.begin("log files", len(files))
            self._told = True
        return files


def _raw_table(session: AthenaSession, source: AthenaSource) -> FoundTable:
    where = f"table {source.database}.{RAW_TABLE}"
    try:
        found = FoundTable.read(session.glue.get_table(DatabaseName=source.database, Name=RAW_TABLE)["Table"])
    except session.glue.exceptions.EntityNotFoundException as error:
        hint = "Run `comprova athena setup JOB`."
        raise ContentError(Problem(where, "the table over the trail's bucket", "none", hint)) from error
    except AWS_ERRORS as error:
        raise aws_error(error, where) from error
    if lacking := lacking_columns(found):
        said = "; ".join(f"{one.name}: {one.found} for {one.wanted}" for one in lacking)
        hint = "Run `comprova athena setup JOB --update`; it touches no log file."
        raise ContentError(Problem(where, "the columns of today's records", said, hint))
    return found


def _shown(named: tuple[str, ...], projected: frozenset[str] | None) -> frozenset[str] | None:
    """Return the accounts or regions that are read: those that the job names and the raw table shows."""
    if projected is None:
        return frozenset(named) if named else None
    return projected.intersection(named) if named else projected


def _logs(prepared: Prepared, listing: Listing, files: StoredFiles, *, closed: bool) -> Logs:
    unread = tuple(in_scope(listing.skipped, prepared.job.job.scope))
    keys = [file.key for file in listing.files] + [item.key for item in listing.skipped if may_be_log(item)]
    return Logs(
        files=(*files.log_files(), *unread_files(unread)),
        accounts=frozenset(key.log_account for key in keys if key.log_account),
        skipped=other_kinds(listing.skipped),
        misfits=None,
        lost_values=0,
        closed=closed,
        engine="athena",
        translated=False,
    )


def _new_id() -> str:
    return uuid.uuid4().hex
