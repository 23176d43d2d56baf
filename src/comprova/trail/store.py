"""The store of records: log files read once into Parquet per delivery date, and only new or changed ones again.

```
<folder>/lock                    held while records are loaded
<folder>/readers                 held, shared, by everyone who may be reading Parquet files
<folder>/none.parquet            no rows: what a run without records reads
<folder>/2026-10-01/index.json   what is known of each log file of that delivery date
<folder>/2026-10-01/<hash>.parquet
<folder>/undated/…               loose files whose names have no date
```

A Parquet file is never changed: its name follows from what is in it, and the index, replaced whole, says which ones
count.
"""

import fcntl
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from comprova.errors import ComprovaError, Problem, naming
from comprova.trail.index import INDEX_NAME, DateIndex, IndexedFile, read_index, write_index
from comprova.trail.listing import ListedFile, Listing
from comprova.trail.memory import kept_memory
from comprova.trail.parts import Group
from comprova.trail.plan import as_loaded, groups_of
from comprova.trail.report import FILES_SCHEMA, LoadReport, file_table
from comprova.trail.schema import RECORDS_SCHEMA
from comprova.trail.workers import load_groups

_LOCK, _READERS = "lock", "readers"
_UNDATED = "undated"
_NO_ROWS = "none.parquet"


@dataclass(frozen=True, slots=True)
class DeliveryDates:
    """Delivery dates from the first to the last, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """How far a load has come.

    Attributes:
        files: Log files dealt with so far: read, or known from an earlier run.
        of_files: Log files in all.
    """

    files: int
    of_files: int


class RecordStore:
    """A folder that holds records as Parquet. Close it when their files have been read: until then no one removes them.

    Args:
        folder: The store's own: made when it is missing, refused when it holds anything else. It holds what the logs
            hold, and nothing that cannot be made from them again.

    Raises:
        ComprovaError: The folder holds something else; files there would be removed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._folder.mkdir(parents=True, exist_ok=True)
        if not (self._folder / _READERS).exists() and any(self._folder.iterdir()):
            raise ComprovaError(
                Problem(
                    str(folder), "an empty folder or a store of records", "other files", "Name a folder of its own."
                )
            )
        self._readers = os.open(self._folder / _READERS, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let Parquet files that are out of date be removed; those that reports name may go with the next load."""
        if self._readers >= 0:
            os.close(self._readers)
            self._readers = -1

    def load(
        self,
        listing: Listing,
        dates: DeliveryDates | None = None,
        workers: int = 2,
        progress: Callable[[LoadProgress], None] | None = None,
    ) -> LoadReport:
        """Load the records of log files that are new or have changed, and say where all of them are.

        Another load into the same folder is waited for.

        Args:
            listing: All log files of the source; records of files that it does not name disappear.
            dates: The delivery dates wanted; None for all. Loose files without a date always are.
            workers: How many processes may work at once, this one included; a small load uses one.
            progress: Called now and then, in this process.

        Raises:
            RunStoppedError: A process died, most likely for want of memory.
            OSError: The folder cannot be written to, or is full.
        """
        wanted: dict[date | None, list[ListedFile]] = defaultdict(list)
        for file in listing.files:
            day = file.key.delivery_date
            if day is None or dates is None or day in dates:
                wanted[day].append(file)
        with self._exclusive():
            fcntl.flock(self._readers, fcntl.LOCK_SH)
            load = _Load(self._folder, wanted, progress)
            with kept_memory():
                load.run(workers)
            self._sweep(dates, {loaded.folder: frozenset(loaded.parts) for loaded in load.loaded})
            return load.report(self._no_rows())

    def _no_rows(self) -> Path:
        path = self._folder / _NO_ROWS
        if not path.exists():
            part = path.with_name(f".{_NO_ROWS}.part")
            with naming(path):
                pq.write_table(pa.Table.from_batches([], schema=RECORDS_SCHEMA), part)
            part.replace(path)
        return path

    def _sweep(self, dates: DeliveryDates | None, parts: Mapping[Path, AbstractSet[str]]) -> None:
        """Remove what no index names, unless someone else may still be reading it: then the next load does."""
        try:
            fcntl.flock(self._readers, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        finally:
            # Nobody else removes anything while the other lock is held, so the moment without a lock does no harm.
            fcntl.flock(self._readers, fcntl.LOCK_SH)
        for folder in self._folder.iterdir():
            if folder in parts:
                keep = {INDEX_NAME, *parts[folder]}
            elif _covers(dates, folder.name):
                keep = set()
            else:
                continue
            for path in folder.iterdir():
                if path.name not in keep:
                    path.unlink()
            if not keep:
                folder.rmdir()

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        descriptor = os.open(self._folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _folder_name(day: date | None) -> str:
    return _UNDATED if day is None else day.isoformat()


def _covers(dates: DeliveryDates | None, name: str) -> bool:
    """Tell whether this is the name of a folder of a delivery date that is wanted."""
    if name == _UNDATED:
        return True
    try:
        day = date.fromisoformat(name)
    except ValueError:
        return False
    return dates is None or day in dates


@dataclass(frozen=True, slots=True)
class _Loading:
    """A delivery date whose groups are being loaded.

    Attributes:
        folder: Where its Parquet files are.
        listed: Its log files.
        before: Its index as it was.
        groups: Its log files, divided.
        files: What is known of each group's files, by the group's position, as far as they are loaded.
    """

    folder: Path
    listed: list[ListedFile]
    before: DateIndex
    groups: list[Group]
    files: dict[int, list[IndexedFile]]

    def finished(self) -> "_LoadedDate | None":
        """Write the index and return the date as it is then; None while groups are missing."""
        if len(self.files) < len(self.groups):
            return None
        files = [file for number in range(len(self.groups)) for file in self.files[number]]
        index = DateIndex.of(files, self.folder)
        if index != self.before:
            write_index(self.folder, index)
        keys = (file.key for file in self.listed)
        return _LoadedDate(self.folder, tuple(index.parts), file_table(zip(keys, files, strict=True)))


@dataclass(frozen=True, slots=True)
class _LoadedDate:
    """A delivery date whose index is written.

    Attributes:
        folder: Where its Parquet files are.
        parts: Their names, in the order of their log files.
        table: Its rows of `files`.
    """

    folder: Path
    parts: tuple[str, ...]
    table: pa.Table


class _Load:
    """One load: takes delivery dates one after another, so that only few are in memory."""

    def __init__(
        self,
        folder: Path,
        wanted: Mapping[date | None, list[ListedFile]],
        progress: Callable[[LoadProgress], None] | None,
    ) -> None:
        self._folder = folder
        self._wanted = wanted
        self._progress = progress
        self._loading: dict[Path, _Loading] = {}
        self._of_files = sum(map(len, wanted.values()))
        self._files = self._files_loaded = self._bytes_loaded = 0
        self.loaded: list[_LoadedDate] = []

    def run(self, workers: int) -> None:
        """Load all that must be loaded; every date that is finished when a run breaks off is there for the next."""
        for group, files in load_groups(self._to_load(), workers):
            loading = self._loading[group.folder]
            loading.files[loading.groups.index(group)] = files
            self._files_loaded += sum(source.known is None for source in group.sources)
            self._bytes_loaded += group.new_bytes
            self._count(len(files))
            self._finish(loading)

    def report(self, no_rows: Path) -> LoadReport:
        """Say where the records are."""
        in_order = sorted(self.loaded, key=lambda date_: date_.folder)
        paths = tuple(date_.folder / part for date_ in in_order for part in date_.parts)
        tables = [pa.Table.from_batches([], schema=FILES_SCHEMA), *(date_.table for date_ in in_order)]
        return LoadReport(paths or (no_rows,), pa.concat_tables(tables), self._files_loaded, self._bytes_loaded)

    def _to_load(self) -> Iterator[Group]:
        for day, listed in sorted(self._wanted.items(), key=lambda item: item[0] or date.max):
            folder = self._folder / _folder_name(day)
            folder.mkdir(exist_ok=True)
            before = read_index(folder)
            loading = _Loading(folder, listed, before, groups_of(folder, listed, before), {})
            self._loading[folder] = loading
            for number, group in enumerate(loading.groups):
                known = as_loaded(group)
                if known is None:
                    yield group
                else:
                    loading.files[number] = known
                    self._count(len(known))
            self._finish(loading)

    def _finish(self, loading: _Loading) -> None:
        if loading.folder in self._loading and (loaded := loading.finished()):
            self.loaded.append(loaded)
            del self._loading[loading.folder]

    def _count(self, files: int) -> None:
        self._files += files
        if self._progress is not None:
            self._progress(LoadProgress(self._files, self._of_files))
