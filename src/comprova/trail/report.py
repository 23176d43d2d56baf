"""What became of each log file: the table `files` that `deliveries` is made from."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from comprova.errors import naming
from comprova.trail import arrays
from comprova.trail.index import IndexedFile
from comprova.trail.keys import DeliveredAtSource, LogKey
from comprova.trail.states import FileState, Misfit

_Kind = TypeVar("_Kind", bound=StrEnum)


class DeliveryDateSource(StrEnum):
    """Where a delivery date was taken from."""

    KEY = "key"
    """The folders of the key, or the file's name."""
    EVENTS = "events"
    """The events: each row has the date of its own event, the file that of its last one."""


FILES_SCHEMA = pa.schema(
    [
        ("log_file", pa.string()),
        ("log_account", pa.string()),
        ("log_region", pa.string()),
        ("delivery_date", pa.date32()),
        ("delivery_date_source", pa.string()),
        ("delivered_at", pa.timestamp("ms")),
        ("delivered_at_source", pa.string()),
        ("bytes", pa.int64()),
        ("sha256", pa.string()),
        ("state", pa.string()),
        ("records", pa.int64()),
        ("unreadable", pa.int64()),
        ("misfits", pa.string()),
    ]
)
"""The columns of `files`: those that `deliveries` reads, and what else is known; `misfits` is a JSON object, by
reason."""


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A log file and what became of it.

    Attributes:
        log_file: From `AWSLogs/` on, or relative to the folder given.
        log_account: From the key; None where it does not say.
        log_region: From the key; None where it does not say.
        delivery_date: UTC; None where neither key nor events say.
        delivery_date_source: Where it was taken from; None where there is none.
        delivered_at: Naive, UTC; None where it is not known.
        delivered_at_source: Where it was taken from; None where it is not known.
        bytes: As stored.
        sha256: Of the stored bytes; empty where they were not read whole.
        state: Whether it was read, or why not.
        records: Its rows in `records`.
        unreadable: Items of its `Records` that are no records.
        misfits: Members of its records that do not fit their columns, by reason.
    """

    log_file: str
    log_account: str | None
    log_region: str | None
    delivery_date: date | None
    delivery_date_source: DeliveryDateSource | None
    delivered_at: datetime | None
    delivered_at_source: DeliveredAtSource | None
    bytes: int
    sha256: str
    state: FileState
    records: int
    unreadable: int
    misfits: Mapping[Misfit, int]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a run reads, and what it is made from.

    Attributes:
        parquet_files: The files of `records`, at least one, in a fixed order; together with the order of rows in them,
            that follows from the log files alone.
        table: `files`: one row per log file, in the order of delivery dates and names; its columns are `FILES_SCHEMA`.
        files_loaded: How many log files were read by this run; the others had not changed.
        bytes_loaded: Their size.
    """

    parquet_files: tuple[Path, ...]
    table: pa.Table
    files_loaded: int
    bytes_loaded: int

    @property
    def files(self) -> Iterator[LoadedFile]:
        """The rows of the table; made when they are asked for, because there can be hundreds of thousands."""
        for batch in self.table.to_batches():
            for row in batch.to_pylist():
                yield LoadedFile(
                    **row
                    | {
                        "delivery_date_source": _optional(DeliveryDateSource, row["delivery_date_source"]),
                        "delivered_at_source": _optional(DeliveredAtSource, row["delivered_at_source"]),
                        "state": FileState(row["state"]),
                        "misfits": {Misfit(reason): times for reason, times in json.loads(row["misfits"]).items()},
                    }
                )

    @property
    def records(self) -> int:
        """The rows in all Parquet files, as counted when the log files were read."""
        return sum(self.table["records"].to_pylist())

    @property
    def unreadable(self) -> int:
        """Items of `Records` that are no records, in files that were read."""
        return sum(self.table["unreadable"].to_pylist())

    @property
    def misfits(self) -> Mapping[Misfit, int]:
        """Members that do not fit their columns, by reason, in all files."""
        total: Counter[Misfit] = Counter()
        for file in self.files:
            total.update(file.misfits)
        return dict(sorted(total.items()))

    @property
    def states(self) -> Mapping[FileState, int]:
        """How many files there are of each state."""
        return dict(sorted(Counter(FileState(state) for state in self.table["state"].to_pylist()).items()))

    def write_files(self, path: Path) -> None:
        """Write `files` as Parquet, whole or not at all."""
        part = path.with_name(f".{path.name}.part")
        with naming(path):
            pq.write_table(self.table, part, compression="zstd")
        part.replace(path)


def _optional(kind: type[_Kind], text: str | None) -> _Kind | None:
    return None if text is None else kind(text)


def file_table(files: Iterable[tuple[LogKey, IndexedFile]]) -> pa.Table:
    """Return the rows of `files` for log files of a delivery date."""
    keys, loaded = tuple(zip(*files, strict=True)) or ((), ())
    dates = [key.delivery_date or file.last_event_date for key, file in zip(keys, loaded, strict=True)]
    sources = [
        DeliveryDateSource.KEY if key.delivery_date else DeliveryDateSource.EVENTS if day else None
        for key, day in zip(keys, dates, strict=True)
    ]
    misfits = [json.dumps(file.misfits, sort_keys=True, separators=(",", ":")) for file in loaded]
    columns = [
        arrays.texts([key.log_file for key in keys]),
        arrays.texts([key.log_account for key in keys]),
        arrays.texts([key.log_region for key in keys]),
        arrays.dates(dates),
        arrays.texts(sources),
        arrays.moments([key.delivered_at for key in keys]),
        arrays.texts([key.delivered_at_source for key in keys]),
        arrays.integers([file.bytes for file in loaded]),
        arrays.texts([file.sha256 for file in loaded]),
        arrays.texts([file.state for file in loaded]),
        arrays.integers([file.records for file in loaded]),
        arrays.integers([file.unreadable for file in loaded]),
        arrays.texts(misfits),
    ]
    return pa.Table.from_arrays(columns, schema=FILES_SCHEMA)
