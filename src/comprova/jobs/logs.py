"""The logs of a run: listed, read once into records, and what became of each file."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from comprova.evidence.model import LogFile
from comprova.jobs.delivery import delivery_dates
from comprova.jobs.preparation import Prepared
from comprova.jobs.progress import Progress
from comprova.sql.duckdb_layer import LAYER_VERSION
from comprova.trail.listing import Listing, SkipReason, list_folder
from comprova.trail.report import LoadReport
from comprova.trail.states import Misfit
from comprova.trail.store import DeliveryDates, LoadProgress, RecordStore

RECORDS = ".records"
"""The folder, beside the runs, that keeps records for the next run."""

_NOT_READ = frozenset({SkipReason.LINK, SkipReason.NOT_A_FILE, SkipReason.UNREADABLE, SkipReason.SAME_KEY})
"""Reasons that leave out what may be a log file; the others are files of another kind."""

_LOSES_VALUES = frozenset({Misfit.NOT_OBJECT, Misfit.NOT_ARRAY, Misfit.DUPLICATE_MEMBER})
"""Misfits after which a column does not hold what was logged; the others are only told."""


@dataclass(frozen=True, slots=True)
class Logs:
    """What a run reads.

    Attributes:
        parquet: Files of records, at least one; it may hold no row.
        report: What became of each log file; it writes the file list that `deliveries` reads.
        files: Every log file of the delivery dates, in a fixed order.
        accounts: Accounts of which there is a log file.
        skipped: Number of files that are no event logs, by kind.
        misfits: Members that did not fit their columns, by reason.
        lost_values: Of these, how many left a column without what was logged.
        closed: Whether the period was closed when the logs were listed.
        engine: Name and version of the engine and of the translation layer.
    """

    parquet: tuple[Path, ...]
    report: LoadReport
    files: tuple[LogFile, ...]
    accounts: frozenset[str]
    skipped: Mapping[str, int]
    misfits: Mapping[str, int]
    lost_values: int
    closed: bool
    engine: str


@contextmanager
def loaded_logs(prepared: Prepared, now: datetime, progress: Progress) -> Iterator[Logs]:
    """Read the logs of a period and its look-back into records, unless an earlier run did, and keep them meanwhile.

    Raises:
        ComprovaError: The folder of logs is not there, or a reading process died.
    """
    import duckdb

    listing = list_folder(prepared.logs)
    first, last = delivery_dates(prepared)
    progress.begin("log files", len(listing.files))
    with RecordStore(_store_folder(prepared)) as store:
        report = store.load(listing, DeliveryDates(first, last), progress=_Shown(progress).moved)
        progress.end("log files", read=report.files_loaded, known=len(report.table) - report.files_loaded)
        misfits = report.misfits
        yield Logs(
            parquet=report.parquet_files,
            report=report,
            files=(*_read_files(report), *_unread_files(listing)),
            accounts=frozenset(account for account in report.table["log_account"].to_pylist() if account),
            skipped=_skipped(listing),
            misfits={reason.value: count for reason, count in misfits.items()},
            lost_values=sum(count for reason, count in misfits.items() if reason in _LOSES_VALUES),
            closed=prepared.period.closed_at(now),
            engine=f"duckdb {duckdb.__version__}, translation layer {LAYER_VERSION}",
        )


def _store_folder(prepared: Prepared) -> Path:
    """Keep the records of each folder of logs apart, without its path in a name."""
    place = hashlib.sha256(str(prepared.logs.resolve()).encode()).hexdigest()
    return prepared.out / RECORDS / place[:16]


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


def _unread_files(listing: Listing) -> Iterator[LogFile]:
    for item in listing.skipped:
        if item.reason in _NOT_READ:
            yield LogFile(
                log_file=item.key.log_file, state=item.reason.value, bytes=0, sha256="", records=0, unreadable=0
            )


def _skipped(listing: Listing) -> Mapping[str, int]:
    counts = Counter(item.reason.value for item in listing.skipped if item.reason not in _NOT_READ)
    return dict(sorted(counts.items()))


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
