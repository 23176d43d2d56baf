"""Writes the Parquet files of a delivery date: a group of log files at a time, in one process, in bounded memory.

Which log files share a Parquet file follows from the list of the date's files alone, never from the order in which runs saw them:
the same logs give the same rows in the same order, whether they were loaded at once or day after day.
"""

import gc
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from comprova.trail import arrays
from comprova.trail.index import FORMAT, IndexedFile
from comprova.trail.listing import ListedFile
from comprova.trail.loading import Batches
from comprova.trail.reading import read_file
from comprova.trail.schema import RECORD_SCHEMA, RECORDS_SCHEMA
from comprova.trail.states import FileState

PART_TEXT_BYTES = 48 << 20
"""JSON text after which a Parquet file is closed; some 30,000 records."""
COMPRESSION_LEVEL = 1
"""Of zstd: higher levels save 5 % of the space and cost 20 % of the time."""

_EVENT_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T"
_UNIQUE_COLUMNS = {"eventid", "requestid", "sharedeventid"}
_DICTIONARY_COLUMNS = [name for name in RECORDS_SCHEMA.names if name not in _UNIQUE_COLUMNS]


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


@dataclass(slots=True)
class _Part:
    """A Parquet file in the making: numbers of files, and their tables in that order."""

    files: list[IndexedFile] = field(default_factory=list)
    text_bytes: int = 0


def load_group(group: Group) -> list[IndexedFile]:
    """Read the files of a group that are new, take the rows of the others from where they are, write Parquet files.

    Returns:
        What the index shall know of them, in the same order.
    """
    with _no_garbage_collection():
        return list(_Loader(group.folder).load(group.sources))


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


class _Loader:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._batches = Batches()
        self._files: list[IndexedFile] = []
        self._keys: list[ListedFile] = []
        self._text_bytes = 0

    def load(self, sources: Iterable[Source]) -> Iterator[IndexedFile]:
        for source in sources:
            self._keys.append(source.listed)
            self._files.append(source.known or self._read(source.listed))
            self._text_bytes += self._files[-1].text_bytes
            if self._text_bytes >= PART_TEXT_BYTES:
                yield from self._close()
        yield from self._close()
