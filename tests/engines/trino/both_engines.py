"""The same log files on both engines: DuckDB over a folder, Athena over a bucket; asked the same statements.

On Athena nothing is prepared by hand. The raw table lies over the log files, each delivery date is loaded once, the
tables of the run's database are made, and rows are read with PyAthena, all by the code that a run uses.
"""

import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

import pyarrow as pa

from athena_endpoint.endpoint import REGION, Endpoint
from case_bench import read_view_file
from comprova.catalog.column_types import TypedColumn
from comprova.catalog.parameters import Bindings
from comprova.collect.measured import measure_files, measure_sql
from comprova.engines.athena import ddl
from comprova.engines.athena.engine import AthenaEngine
from comprova.engines.athena.journal import FileJournal
from comprova.engines.athena.loading import DateLoader, Loaded, load_dates
from comprova.engines.athena.place import AthenaPlace, S3Place
from comprova.engines.athena.run_database import RunDatabase
from comprova.engines.athena.session import AthenaSession
from comprova.engines.athena.store import Store
from comprova.engines.duckdb import DuckDBEngine
from comprova.engines.interface import Engine
from comprova.errors import EngineError
from comprova.evidence.results import arrow_schema
from comprova.jobs.athena_files import StoredFiles, by_date
from comprova.jobs.athena_memory import FileNotes
from comprova.jobs.measuring import asked_of
from comprova.period import Period
from comprova.sql.compile import compile_measure, compile_view
from comprova.sql.statement import Scope, Statement
from comprova.trail.bucket import TrailPlace, list_bucket
from comprova.trail.listing import Listing, list_folder
from comprova.trail.report import LoadReport
from comprova.trail.store import RecordStore

_AT_ONCE = 4
_FILE_RECORDS = "file_records"


@dataclass(frozen=True, slots=True)
class Window:
    """What `activity` and `deliveries` are made for.

    Attributes:
        period: Its events are in the period.
        history_start: Events before it are left out.
    """

    period: Period
    history_start: datetime

    @property
    def statements(self) -> tuple[Statement, Statement]:
        """How both tables are made."""
        bounds = {
            "history_start": self.history_start,
            "period_start": self.period.start,
            "period_end": self.period.end,
        }
        activity, deliveries = (compile_view(read_view_file(name), bounds) for name in ("activity", "deliveries"))
        return activity, deliveries


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement, and the columns that its rows must have."""

    statement: Statement
    columns: Sequence[TypedColumn]


class Pair:
    """Both engines over the same tables.

    Args:
        embedded: DuckDB.
        athena: Athena.
    """

    def __init__(self, embedded: DuckDBEngine, athena: AthenaEngine) -> None:
        self._embedded = embedded
        self._athena = athena

    def rows(self, asked: Asked) -> int:
        """Return how many rows a statement has on DuckDB."""
        return len(_answer(self._embedded, asked))

    def differences(self, several: Sequence[Asked]) -> dict[str, str]:
        """Ask both engines; return by name of the statement where their answers differ first."""
        self._athena.announce([asked.statement for asked in several])
        found = {str(asked.statement.ref): self._difference(asked) for asked in several}
        return {name: difference for name, difference in found.items() if difference}

    def _difference(self, asked: Asked) -> str:
        answers = []
        for engine in (self._embedded, self._athena):
            try:
                answers.append(_answer(engine, asked))
            except EngineError as error:
                return str(error)
        return difference(*answers)


def _answer(engine: Engine, asked: Asked) -> pa.Table:
    answer = engine.run(asked.statement, asked.columns)
    return pa.Table.from_batches(answer.batches, arrow_schema(asked.columns))


def difference(embedded: pa.Table, athena: pa.Table) -> str:
    """Return where two answers differ first: in types, a value, NULL, the order or the number of rows."""
    if embedded.equals(athena):
        return ""
    if embedded.schema != athena.schema:
        return f"DuckDB: {embedded.schema}, Athena: {athena.schema}"
    both = min(len(embedded), len(athena))
    for number, (one, other) in enumerate(
        zip(embedded.slice(0, both).to_pylist(), athena.slice(0, both).to_pylist(), strict=True), start=1
    ):
        if one != other:
            values = (f"{name}: {one[name]!r} / {other[name]!r}" for name in one if one[name] != other[name])
            return f"row {number}, DuckDB / Athena: {'; '.join(values)}"
    return f"DuckDB: {len(embedded)} rows, Athena: {len(athena)}"


class BothEngines:
    """The log files of a folder, loaded on both engines. A context manager.

    Args:
        endpoint: Running; its environment is set.
        name: Of its own: of the buckets and databases.
        logs: A folder that holds `AWSLogs/`. Files whose keys have no delivery date are left out.
        work: A folder that may be filled.
        organisation: Id of the organisation whose trail it is; empty for other trails.
    """

    def __init__(self, endpoint: Endpoint, name: str, logs: Path, work: Path, organisation: str = "") -> None:
        self._endpoint = endpoint
        self._name = name
        self._logs = logs
        self._work = work
        self._trail = TrailPlace(f"{name}-trail".replace("_", "-"), "", organisation, "")
        self._store_place = S3Place(f"{name}-store".replace("_", "-"), "comprova")
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Load."""
        with ExitStack() as stack:
            listing = list_folder(self._logs)
            keyed = Listing(tuple(file for file in listing.files if file.key.delivery_date), ())
            self._report = stack.enter_context(RecordStore(self._work / "records")).load(keyed, workers=1)
            self._open_athena(keyed, stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of both."""
        self._stack.close()

    @contextmanager
    def over(self, window: Window) -> Iterator[Pair]:
        """Make `activity` and `deliveries` on both engines."""
        name = f"{self._name}_{uuid.uuid4().hex[:8]}"
        embedded, athena = self._embedded(window, self._work / name), self._athena(window, name)
        try:
            yield Pair(embedded, athena)
        finally:
            athena.close()
            embedded.close()

    def _open_athena(self, listing: Listing, stack: ExitStack) -> None:
        s3 = self._endpoint.client("s3")
        for bucket in (self._trail.bucket, self._store_place.bucket):
            s3.create_bucket(Bucket=bucket)
        self._endpoint.put_folder(self._logs / "AWSLogs", f"s3://{self._trail.bucket}/AWSLogs")
        place = AthenaPlace(REGION, self._name, self._store_place, concurrency=_AT_ONCE)
        self._endpoint.client("athena").create_work_group(
            Name=self._name, Configuration={"ResultConfiguration": {"OutputLocation": f"{place.results.uri}/"}}
        )
        self._work.mkdir(parents=True, exist_ok=True)
        self._session = stack.enter_context(
            AthenaSession(
                place,
                FileJournal(self._work / "executions.jsonl"),
                scope=self._name,
                clock=lambda: datetime.now(UTC),
                sleep=time.sleep,
            )
        )
        self._notes = FileNotes(self._work / "notes.json")
        self._store = Store(self._session.s3, place)
        self._load(listing)

    def _load(self, listing: Listing) -> None:
        keys = [file.key for file in listing.files]
        days = [key.delivery_date for key in keys if key.delivery_date]
        raw = ddl.RawTable(
            database=self._name,
            trail=S3Place(self._trail.bucket, ""),
            organisation=self._trail.organisation,
            accounts=tuple(sorted({key.log_account or "" for key in keys})),
            regions=tuple(sorted({key.log_region or "" for key in keys})),
            start=min(days),
        )
        for number, statement in enumerate((ddl.create_database(self._name), ddl.raw_table(raw))):
            self._session.execute(statement, "default", name=f"setup {number}")
        self._listing = Listing((), ())

        def listed() -> dict[date, list[object]]:
            self._listing = list_bucket(self._session.s3, self._trail, (min(days), max(days)))
            return by_date(self._listing)

        loader = DateLoader(self._session, self._store, self._name, self._notes, _new_id)
        self._loaded: Loaded = load_dates(loader, listed, _AT_ONCE, lambda _: None, self._session.stop)

    def _embedded(self, window: Window, work: Path) -> DuckDBEngine:
        report: LoadReport = self._report
        work.mkdir(parents=True, exist_ok=True)
        files = work / "files.parquet"
        report.write_files(files)
        engine = DuckDBEngine(report.parquet_files, files, work, memory_limit=None, threads=2)
        engine.build(*window.statements)
        return engine

    def _athena(self, window: Window, database: str) -> AthenaEngine:
        tables = RunDatabase(database, self._session, self._store, ("runs", database), self._notes, _new_id)
        tables.open(self._name, tuple(self._loaded.records.values()))
        engine = AthenaEngine(self._session, database, tables)
        measure = compile_measure(
            _FILE_RECORDS, measure_sql(_FILE_RECORDS), Bindings({}, frozenset()), Scope(window.period)
        )
        counts = measure_files(asked_of(engine, {_FILE_RECORDS: measure}))
        tables.list_files(StoredFiles.of(self._listing, self._loaded).counted(counts).table())
        engine.build(*window.statements)
        return engine


def _new_id() -> str:
    return uuid.uuid4().hex
