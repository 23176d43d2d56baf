"""What the store knows of each log file of a delivery date: a JSON file beside the date's Parquet files."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from comprova.errors import naming
from comprova.trail.states import FileState, Misfit

FORMAT = 2
"""Raised whenever the same log file would give other rows or another index; an index of another format is read as
empty."""
INDEX_NAME = "index.json"


class IndexedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A log file as it was when its records were loaded.

    Attributes:
        log_file: From `AWSLogs/` on, or relative to the folder given.
        bytes: Its size on disk.
        modified_ns: Its time of last modification, nanoseconds since 1970.
        sha256: Of its bytes on disk; empty where they were not read whole.
        state: Whether it was read, or why not.
        text_bytes: The size of its JSON text.
        records: Rows that it has in the Parquet files.
        unreadable: Items of its array that are no records.
        misfits: Members that do not fit their columns, by reason.
        last_event_date: The UTC date of its last event; only known for files that have no date of delivery.
        part: The name of the Parquet file that holds its rows; None where it has none.
    """

    log_file: str
    bytes: int
    modified_ns: int
    sha256: str
    state: FileState
    text_bytes: int = 0
    records: int = 0
    unreadable: int = 0
    misfits: dict[Misfit, int] = {}
    last_event_date: date | None = None
    part: str | None = None


class DateIndex(msgspec.Struct, frozen=True, kw_only=True):
    """The log files of one delivery date.

    Attributes:
        format: `FORMAT` when it was written.
        files: By `log_file`.
        parts: The sizes of the Parquet files by name, in the order of their log files. A crash of the machine can
            leave a file cut short; it is then read again.
    """

    format: int = FORMAT
    files: tuple[IndexedFile, ...] = ()
    parts: dict[str, int] = {}

    @classmethod
    def of(cls, files: Sequence[IndexedFile], folder: Path) -> "DateIndex":
        """Return the index of files whose Parquet files are in a folder."""
        names = dict.fromkeys(file.part for file in files if file.part is not None)
        return cls(files=tuple(files), parts={name: (folder / name).stat().st_size for name in names})


def read_index(folder: Path) -> DateIndex:
    """Read the index in a date's folder.

    One that is missing, damaged or of another format is empty, and all is read again.
    """
    try:
        index = msgspec.json.decode((folder / INDEX_NAME).read_bytes(), type=DateIndex)
    except (FileNotFoundError, msgspec.DecodeError):
        return DateIndex()
    return index if index.format == FORMAT else DateIndex()


def write_index(folder: Path, index: DateIndex) -> None:
    """Write the index whole; from then on the date's Parquet files are those that it names."""
    text = msgspec.json.format(msgspec.json.encode(index, order="deterministic"), indent=1)
    replace_file(folder / INDEX_NAME, text)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, also after a crash."""
    part = path.with_name(f".{path.name}.part")
    with naming(path), part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
