"""The log files of a folder in a bucket, loaded with Athena by the code that a run uses; nothing is prepared by hand.

The raw table lies over the log files, each delivery date is loaded once, and each window gets a database of its own.
"""

import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from athena_endpoint.endpoint import REGION, Endpoint
from comprova.catalog.parameters import Bindings
from comprova.collect.measured import measure_files, measure_sql
from comprova.engines.athena import ddl
from comprova.engines.athena.engine import AthenaEngine
from comprova.engines.athena.journal import FileJournal
from comprova.engines.athena.loading import DateLoader, FilesByDate, load_dates
from comprova.engines.athena.place import AthenaPlace, S3Place
from comprova.engines.athena.run_database import RunDatabase
from comprova.engines.athena.session import AthenaSession
from comprova.engines.athena.store import Store
from comprova.jobs.athena_files import StoredFiles, by_date
from comprova.jobs.athena_memory import FileNotes
from comprova.jobs.measuring import asked_of
from comprova.sql.compile import compile_measure
from comprova.sql.statement import Scope
from comprova.trail.bucket import TrailPlace, list_bucket
from comprova.trail.listing import Listing
from engines.trino.trail_folder import TrailFolder, Window, accounts_of, dates_of

_AT_ONCE = 4
_FILE_RECORDS = "file_records"


@contextmanager
def opened_session(endpoint: Endpoint, name: str, work: Path) -> Iterator[tuple[AthenaSession, AthenaPlace]]:
    """Connect to Athena.

    Args:
        endpoint: Running; its environment is set.
        name: Of its own: of a workgroup and, with `-store` after it, of the bucket that it writes to.
        work: A folder that may be filled.
    """
    place = AthenaPlace(REGION, name, S3Place(f"{name}-store", "comprova"), concurrency=_AT_ONCE)
    endpoint.client("s3").create_bucket(Bucket=place.store.bucket)
    results = {"ResultConfiguration": {"OutputLocation": f"{place.results.uri}/"}}
    endpoint.client("athena").create_work_group(Name=name, Configuration=results)
    journal = FileJournal(work / "executions.jsonl")
    with AthenaSession(place, journal, scope=name, clock=lambda: datetime.now(UTC), sleep=time.sleep) as session:
        yield session, place


@contextmanager
def loaded_trail(endpoint: Endpoint, name: str, folder: TrailFolder, work: Path) -> Iterator["LoadedTrail"]:
    """Put log files into a bucket and load them.

    Args:
        endpoint: Running; its environment is set.
        name: Of its own: of buckets, databases and a workgroup.
        folder: The log files.
        work: A folder that may be filled.
    """
    trail = TrailPlace(f"{name}-trail", "", folder.organisation, "")
    endpoint.client("s3").create_bucket(Bucket=trail.bucket)
    endpoint.put_folder(folder.path / "AWSLogs", f"s3://{trail.bucket}/AWSLogs")
    with opened_session(endpoint, name, work) as (session, place):
        loaded = LoadedTrail(name, session, Store(session.s3, place), FileNotes(work / "notes.json"))
        loaded.load(trail, folder.listing())
        yield loaded


class LoadedTrail:
    """A trail whose delivery dates are loaded.

    Args:
        name: Of the database of the raw table.
        session: To Athena.
        store: Where loads lie.
        notes: Of what is done.
    """

    def __init__(self, name: str, session: AthenaSession, store: Store, notes: FileNotes) -> None:
        self._database = name.replace("-", "_")
        self._session = session
        self._store = store
        self._notes = notes

    def load(self, trail: TrailPlace, listing: Listing) -> None:
        """Define the raw table, and load every date of which there are files."""
        dates = dates_of(listing)
        raw = ddl.RawTable(
            database=self._database,
            trail=S3Place(trail.bucket, ""),
            organisation=trail.organisation,
            accounts=tuple(sorted(accounts_of(listing))),
            regions=tuple(sorted({str(file.key.log_region) for file in listing.files})),
            start=dates[0],
        )
        for statement in (ddl.create_database(self._database), ddl.raw_table(raw)):
            self._session.execute(statement, "default", name=statement.partition("\n")[0])
        listed = Listing((), ())

        def files() -> FilesByDate:
            nonlocal listed
            listed = list_bucket(self._session.s3, trail, dates)
            return by_date(listed)

        loader = DateLoader(self._session, self._store, self._database, self._notes, _new_id)
        loaded = load_dates(loader, files, _AT_ONCE, lambda _: None, self._session.stop)
        self._loads = tuple(loaded.records.values())
        self._files = StoredFiles.of(listed, loaded)

    def engine(self, window: Window, unreadable: Mapping[str, int]) -> AthenaEngine:
        """Make all tables for a window.

        Args:
            window: The window.
            unreadable: By log file, what its `unreadable` is to be: a count that a run on Athena does not have.
        """
        name = f"{self._database}_{_new_id()[:8]}"
        tables = RunDatabase(name, self._session, self._store, ("runs", name), self._notes, _new_id)
        tables.open(self._database, self._loads)
        engine = AthenaEngine(self._session, name, tables)
        measure = compile_measure(
            _FILE_RECORDS, measure_sql(_FILE_RECORDS), Bindings({}, frozenset()), Scope(window.period)
        )
        counts = measure_files(asked_of(engine, {_FILE_RECORDS: measure}))
        files = self._files.counted(counts).table()
        known = pa.array([unreadable.get(name) for name in files["log_file"].to_pylist()], pa.int64())
        tables.list_files(files.set_column(files.column_names.index("unreadable"), "unreadable", known))
        engine.build(*window.views)
        return engine


def _new_id() -> str:
    return uuid.uuid4().hex
