"""Which log files of a delivery date must be read, and which of them are loaded together."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from comprova.trail.index import DateIndex, IndexedFile
from comprova.trail.listing import ListedFile
from comprova.trail.parts import Group, Source, parts_of
from comprova.trail.states import FileState

GROUP_BYTES = 6 << 20
"""Log files, as they lie on disk, that one process loads at a time: about one Parquet file."""


def groups_of(folder: Path, listed: Sequence[ListedFile], index: DateIndex) -> list[Group]:
    """Divide the log files of a date into groups.

    Args:
        folder: Where the date's Parquet files are.
        listed: The files, by `log_file`.
        index: What is known of them.
    """
    whole = {name for name, size in index.parts.items() if _size(folder / name) == size}
    known = {file.log_file: file for file in index.files if file.part is None or file.part in whole}
    sources = [Source(file, _unchanged(file, known.get(file.key.log_file))) for file in listed]
    return [Group(folder, tuple(group)) for group in _divided(sources)]


def as_loaded(group: Group) -> list[IndexedFile] | None:
    """Return what is known of a group, if its Parquet files are what loading it again would make; else None."""
    known = [source.known for source in group.sources if source.known is not None]
    if len(known) < len(group.sources):
        return None
    for name, files in parts_of(known):
        if any(file.part != name for file in files if file.records):
            return None
    return known


def _divided(sources: Sequence[Source]) -> Iterator[list[Source]]:
    group: list[Source] = []
    size = 0
    for source in sources:
        group.append(source)
        size += source.listed.bytes
        if size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _unchanged(listed: ListedFile, known: IndexedFile | None) -> IndexedFile | None:
    """Return what is known of a file if it is the same still; one that could not be read is always tried again."""
    if known is None or known.state in {FileState.UNREADABLE, FileState.CHANGED}:
        return None
    return known if (known.bytes, known.modified_ns) == (listed.bytes, listed.modified_ns) else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1
