"""Writes the Parquet files of a delivery date: a group of log files at a time, in one process, in bounded memory.

Which log files share a Parquet file follows from the list of the date's files alone, never from the order in which runs
saw them: the same logs give the same rows in the same order, whether they were loaded at once or day after day.
"""

import gc
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from comprova.errors import naming
from comprova.trail import arrays
from comprova.trail.columns import COLUMNS_SCHEMA
from comprova.trail.index import FORMAT, IndexedFile
from comprova.trail.listing import ListedFile
from comprova.trail.loading import Batches
from comprova.trail.reading import read_file
from comprova.trail.states import FileState
from comprova.trail.writing import write_rows

PART_TEXT_BYTES = 128 << 20
"""JSON text after which a Parquet file is closed, so that text that shrinks unusually well cannot fill the memory."""
_FILE_BYTES, _PART_BYTES = 2 << 10, 256 << 10
"""As many bytes take as long as it takes to open a log file, and to write a Parquet file."""
_EVENT_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T")
_TABLE_SCHEMA = COLUMNS_SCHEMA.append(pa.field("file", pa.int32()))
_NO_ROWS = pa.Table.from_batches([], schema=_TABLE_SCHEMA)


@dataclass(frozen=True, slots=True)
class Source:
    """A log file, and what is known of it from an earlier run if it has not changed since."""

    listed: ListedFile
    known: IndexedFile | None


@dataclass(frozen=True, slots=True)
class Group:
    """Log files of one delivery date that one process loads.

    Attributes:
        folder: Where the date's Parquet files are.
        sources: The files in the order of their names.
    """

    folder: Path
    sources: tuple[Source, ...]

    @property
    def new_bytes(self) -> int:
        """The size of the files that must be read."""
        return sum(source.listed.bytes for source in self.sources if source.known is None)

    @property
    def work(self) -> int:
        """What loading the group takes, as the size of one file that would take as long."""
        new = sum(source.known is None for source in self.sources)
        return self.new_bytes + new * _FILE_BYTES + _PART_BYTES


def load_group(group: Group) -> list[IndexedFile]:
    """Read the files of a group that are new, take the rows of the others from where they are, write Parquet files.

    Returns:
        What the index shall know of them, in the same order.
    """
    loaded: list[IndexedFile] = []
    with _no_garbage_collection():
        part = _Part(group.folder)
        for source in group.sources:
            part.add(source)
            if part.is_full:
                loaded += part.write()
                part = _Part(group.folder)
        return loaded + part.write()


def parts_of(files: Iterable[IndexedFile]) -> Iterator[tuple[str, list[IndexedFile]]]:
    """Yield the names and the files of the Parquet files that a group makes, if all its files are known."""
    held: list[IndexedFile] = []
    text_bytes = 0
    for file in files:
        held.append(file)
        text_bytes += file.text_bytes
        if text_bytes >= PART_TEXT_BYTES:
            yield _part_name(held), held
            held, text_bytes = [], 0
    if held:
        yield _part_name(held), held


def _part_name(files: Iterable[IndexedFile]) -> str:
    """Name a Parquet file after all that its content follows from, so that another content has another name."""
    content = msgspec.json.encode([FORMAT, [[file.log_file, file.sha256, file.state] for file in files]])
    return f"{hashlib.sha256(content).hexdigest()[:32]}.parquet"


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Records are trees of strings: looking for cycles among millions of them doubles the time and finds none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Part:
    """A Parquet file in the making; the number of a log file is its position in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._batches = Batches()
        self._files: list[tuple[ListedFile, IndexedFile]] = []
        self._text_bytes = 0

    @property
    def is_full(self) -> bool:
        return self._text_bytes >= PART_TEXT_BYTES

    def add(self, source: Source) -> None:
        file = source.known or self._read(source.listed)
        self._files.append((source.listed, file))
        self._text_bytes += file.text_bytes

    def write(self) -> list[IndexedFile]:
        """Write the file, unless there are no rows, and return what the index shall know of its log files."""
        table = pa.concat_tables([_NO_ROWS, *self._batches.tables(), *self._known_rows()])
        files = [self._counted(number) for number in range(len(self._files))]
        if table.num_rows != (counted := sum(file.records for file in files)):
            raise RuntimeError(f"{counted} records were read, {table.num_rows} rows are there")
        if table.num_rows == 0:
            return files
        dates, last_dates = self._delivery_dates(table)
        name = _part_name(files)
        self._write_rows(table.append_column("delivery_date", dates), name)
        return [
            msgspec.structs.replace(file, part=name if file.records else None, last_event_date=last_dates.get(number))
            for number, file in enumerate(files)
        ]

    def _read(self, listed: ListedFile) -> IndexedFile:
        content = read_file(listed.path, listed.bytes, listed.modified_ns)
        state = content.state
        if state is FileState.READ:
            state = self._batches.add(len(self._files), content.text)
        return IndexedFile(
            log_file=listed.key.log_file,
            bytes=listed.bytes,
            modified_ns=listed.modified_ns,
            sha256=content.sha256,
            state=state,
            text_bytes=len(content.text),
        )

    def _counted(self, number: int) -> IndexedFile:
        _, file = self._files[number]
        counts = self._batches.counts.get(number)
        if counts is None:
            return file
        return msgspec.structs.replace(
            file, records=counts.records, unreadable=counts.unreadable, misfits=dict(counts.misfits)
        )

    def _known_rows(self) -> Iterator[pa.Table]:
        """Yield the rows of files that have not changed, out of the Parquet files where they are."""
        log_files = arrays.texts([listed.key.log_file for listed, _ in self._files])
        known = {file.log_file: file.part for _, file in self._files if file.part is not None}
        for part in dict.fromkeys(known.values()):
            rows = pq.ParquetFile(self._folder / part).read()
            wanted = arrays.texts([log_file for log_file, of_part in known.items() if of_part == part])
            rows = rows.filter(pc.is_in(rows["log_file"], value_set=wanted))
            files = pc.index_in(rows["log_file"], value_set=log_files)
            columns = [_as_column(rows[field.name], field.type) for field in COLUMNS_SCHEMA]
            yield pa.Table.from_arrays([*columns, files.cast(pa.int32())], schema=_TABLE_SCHEMA)

    def _delivery_dates(self, table: pa.Table) -> tuple[pa.Array, dict[int, date]]:
        """Return the rows' delivery dates and, for files without one, the last date of their events."""
        delivery_date = self._files[0][0].key.delivery_date
        if delivery_date is not None:
            return arrays.dates([delivery_date]).take(arrays.positions(np.zeros(table.num_rows, np.int32))), {}
        days = [_event_date(time) for time in table["eventtime"].to_pylist()]
        last: dict[int, date] = {}
        for number, day in zip(table["file"].to_pylist(), days, strict=True):
            if day is not None and day > last.get(number, date.min):
                last[number] = day
        return arrays.dates(days), last

    def _write_rows(self, table: pa.Table, name: str) -> None:
        of_files = {
            "log_file": arrays.texts([listed.key.log_file for listed, _ in self._files]),
            "log_account": arrays.texts([listed.key.log_account for listed, _ in self._files]),
            "log_region": arrays.texts([listed.key.log_region for listed, _ in self._files]),
        }
        unfinished = self._folder / f".{os.getpid()}.{name}"
        with naming(self._folder / name):
            write_rows(unfinished, table, of_files)
        unfinished.replace(self._folder / name)


def _event_date(time: str | None) -> date | None:
    if time is None or not _EVENT_DATE.match(time):
        return None
    try:
        return date.fromisoformat(time[:10])
    except ValueError:
        return None


def _as_column(column: pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    """Return a column of a Parquet file as `COLUMNS_SCHEMA` has it."""
    array = column.combine_chunks()
    if not pa.types.is_dictionary(kind):
        return array
    return pa.DictionaryArray.from_arrays(arrays.positions(np.arange(len(array), dtype=np.int32)), array)
