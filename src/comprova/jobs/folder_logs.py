"""The logs of a local folder: read once into records that later runs find, and asked about with DuckDB."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from comprova.engines.duckdb import DuckDBEngine
from comprova.engines.interface import Engine
from comprova.evidence.cost import Cost
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.model import LogFile
from comprova.jobs.delivery import delivery_dates
from comprova.jobs.logs import Logs, other_kinds, unread_files
from comprova.jobs.preparation import Prepared
from comprova.jobs.progress import Progress
from comprova.jobs.revisions import Revision
from comprova.jobs.sources import FolderSource
from comprova.sql.duckdb_layer import LAYER_VERSION
from comprova.trail.listing import Listing, list_folder
from comprova.trail.report import LoadReport
from comprova.trail.states import Misfit
from comprova.trail.store import DeliveryDates, LoadProgress, RecordStore

RECORDS = ".records"
"""The folder, beside the runs, that keeps records for the next run."""

ENGINE_MEMORY = "800MB"
"""What DuckDB may use before it spills to disk."""

_LOSES_VALUES = frozenset({Misfit.NOT_OBJECT, Misfit.NOT_ARRAY, Misfit.DUPLICATE_MEMBER})
"""Misfits after which a column does not hold what was logged; the others are only told."""


class FolderLogs:
    """The logs of a folder, loaded.

    Args:
        report: What became of each log file.
        logs: The same, as a run tells it.
    """

    def __init__(self, report: LoadReport, logs: Logs) -> None:
        self._report = report
        self.logs = logs

    @contextmanager
    def engine(self, revision: Revision, fingerprint: str) -> Iterator[Engine]:  # noqa: ARG002 - tables say themselves
        """Open DuckDB over the records; what it builds stays in the revision's work folder until that is sealed."""
        work = revision.layout.work
        work.mkdir(parents=True, exist_ok=True)
        files = work / "files.parquet"
        self._report.write_files(files)
        engine = DuckDBEngine(self._report.parquet_files, files, work, ENGINE_MEMORY, os.cpu_count() or 1)
        with closing(engine):
            yield engine

    def counted(self, engine: Engine) -> Logs:  # noqa: ARG002 - records were counted when the files were read
        """Return the logs."""
        return self.logs

    def account(self, evidence: EvidenceLayout) -> Cost | None:  # noqa: ARG002 - this engine does not bill
        """Return that there is no cost."""
        return None


@contextmanager
def folder_logs(prepared: Prepared, source: FolderSource, now: datetime, progress: Progress) -> Iterator[FolderLogs]:
    """Read the logs of a period and its look-back into records, unless an earlier run did, and keep them meanwhile.

    Raises:
        ComprovaError: The folder of logs is not there.
        RunStoppedError: A reading process died.
    """
    listing = list_folder(source.folder)
    first, last = delivery_dates(prepared)
    progress.begin("log files", len(listing.files))
    with RecordStore(store_folder(prepared.out, source.folder)) as store:
        report = store.load(listing, DeliveryDates(first, last), progress=_Shown(progress).moved)
        progress.end("log files", read=report.files_loaded, known=len(report.table) - report.files_loaded)
        yield FolderLogs(report, _logs(report, listing, closed=prepared.period.closed_at(now)))


def store_folder(out: Path, folder: Path) -> Path:
    """Return where the records of a folder of logs are kept: apart from others, and without its path in a name."""
    place = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()
    return out / RECORDS / place[:16]


def _logs(report: LoadReport, listing: Listing, *, closed: bool) -> Logs:
    import duckdb

    misfits = report.misfits
    return Logs(
        files=(*_read_files(report), *unread_files(listing.skipped)),
        accounts=frozenset(account for account in report.table["log_account"].to_pylist() if account),
        skipped=other_kinds(listing.skipped),
        misfits={reason.value: count for reason, count in misfits.items()},
        lost_values=sum(count for reason, count in misfits.items() if reason in _LOSES_VALUES),
        closed=closed,
        engine=f"duckdb {duckdb.__version__}, translation layer {LAYER_VERSION}",
        translated=True,
    )


def _read_files(report: LoadReport) -> Iterator[LogFile]:
    for file in report.files:
        yield LogFile(
            log_file=file.log_file,
            state=file.state.value,
            bytes=file.bytes,
            sha256=file.sha256,
            records=file.records,
            unreadable=file.unreadable,
        )


class _Shown:
    """Turns how far a load has come into the steps of a bar."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._shown = 0

    def moved(self, load: LoadProgress) -> None:
        """Advance the bar by as many files as were dealt with since the last call."""
        for _ in range(load.files - self._shown):
            self._progress.advance("")
        self._shown = load.files
