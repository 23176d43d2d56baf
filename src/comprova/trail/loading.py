"""From the JSON texts of log files to tables of their records, in batches of bounded size."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
import pyarrow as pa

from comprova.trail.batch import SLICE_BYTES, Batch, Piece
from comprova.trail.decoding import NotAsWrittenError, cut_records, decode_records
from comprova.trail.normalise import NotJSONError, normalise, records_of
from comprova.trail.states import FileState, Misfit

BATCH_BYTES = 8 << 20
"""JSON text that makes a table, and is kept until the table is proven to hold it; a file can add twice as much."""

_START = b'{"Records":['
_END = re.compile(rb"\][ \t\r\n]*\}[ \t\r\n]*")
_END_BYTES = 16


@dataclass(slots=True)
class Counts:
    """What was found in a file.

    Attributes:
        records: Rows that it has in `records`.
        unreadable: Items of its array that are no records.
        misfits: Members that do not fit their columns, by reason.
    """

    records: int = 0
    unreadable: int = 0
    misfits: Counter[Misfit] = field(default_factory=Counter)


class Batches:
    """Takes files one after another, and hands out tables of their records in the same order.

    A table has the columns of `COLUMNS_SCHEMA` and `file`, the number of the file.
    """

    def __init__(self) -> None:
        self.counts: dict[int, Counts] = {}
        self._batch = Batch()
        self._proven = False
        self._tables: list[pa.Table] = []

    def add(self, file: int, text: bytes) -> FileState:
        """Take the records of a file; a file that is not READ adds none.

        Args:
            file: Its number, not given before.
            text: Its JSON text.
        """
        self.counts[file] = Counts()
        try:
            self._take_as_written(file, text)
        except NotAsWrittenError:
            try:
                records = records_of(text)
                if records is None:
                    return FileState.NO_RECORDS
                rewritten = self._rewritten(file, records)
            except NotJSONError:
                self.counts[file] = Counts()
                return FileState.NOT_JSON
            self._take_rewritten(file, rewritten)
        return FileState.READ

    def tables(self) -> list[pa.Table]:
        """Return the records of all files added since the last call, and forget them."""
        self._flush()
        tables, self._tables = self._tables, []
        return tables

    def _take_as_written(self, file: int, text: bytes) -> None:
        """Take a file's records as they are, or none of them."""
        end = _end_of_records(text)
        array = memoryview(text)[len(_START) - 1 : end + 1]
        if len(array) <= 2 * SLICE_BYTES:
            self._take(file, array)
        elif len(array) <= 2 * BATCH_BYTES:
            self._take_sliced(file, array, _slices(text, end))
        else:  # too much to be taken back
            self._take_apart(file, array)
        self._flush_full()

    def _take_sliced(self, file: int, array: memoryview, slices: Iterator[bytes]) -> None:
        """Take the records of a file that is large for one slice."""
        self._turn(proven=False)
        mark = self._batch.mark()
        try:
            for some in slices:
                self._take(file, some)
        except NotAsWrittenError:
            self._batch.back_to(mark)
            self.counts[file].records = 0
            self._take_apart(file, array)

    def _take_apart(self, file: int, array: memoryview) -> None:
        """Take the records of a large file; those that are not as CloudTrail writes them, rewritten."""
        records = cut_records(array)
        if sum(map(len, records)) + len(records) + 1 != len(array):
            raise NotAsWrittenError
        for some in _divided(records):
            try:
                self._take(file, _array(some))
            except NotAsWrittenError:
                self._take_rewritten(file, self._rewritten(file, map(bytes, some)))
            self._flush_full()

    def _take_rewritten(self, file: int, records: Sequence[bytes]) -> None:
        for some in _divided(records):
            self._take(file, _array(some), proven=True)
            self._flush_full()

    def _take(self, file: int, array: bytes | memoryview, *, proven: bool = False) -> None:
        records = decode_records(array)
        self._turn(proven=proven)
        self._batch.add(Piece(file, array, len(records)), records)
        self.counts[file].records += len(records)

    def _turn(self, *, proven: bool) -> None:
        """Begin a table for records of the other kind; rows stay in the order of their records."""
        if proven is not self._proven:
            self._flush()
            self._proven = proven

    def _flush_full(self) -> None:
        if self._batch.bytes >= BATCH_BYTES:
            self._flush()

    def _flush(self) -> None:
        batch, self._batch = self._batch, Batch()
        self._tables.extend(self._built(batch, proven=self._proven))

    def _built(self, batch: Batch, *, proven: bool) -> Iterator[pa.Table]:
        """Turn a batch into tables; pieces that are not as CloudTrail writes them are found by halving."""
        if batch.count == 0:
            return
        try:
            yield batch.table(proven=proven)
        except NotAsWrittenError:
            half = len(batch.pieces) // 2
            if half:
                yield from self._built(Batch.of(batch.pieces[:half]), proven=False)
                yield from self._built(Batch.of(batch.pieces[half:]), proven=False)
            else:
                yield from self._built(self._examined(batch.pieces[0]), proven=True)

    def _examined(self, piece: Piece) -> Batch:
        rewritten = self._rewritten(piece.file, map(bytes, cut_records(piece.array)))
        self.counts[piece.file].records += len(rewritten) - piece.count
        return Batch.of(Piece(piece.file, _array(some), len(some)) for some in _divided(rewritten))

    def _rewritten(self, file: int, records: Iterable[bytes]) -> list[bytes]:
        """Return records as CloudTrail would have written them, and count what did not fit.

        Raises:
            NotJSONError: One of them is not JSON.
        """
        counts = self.counts[file]
        rewritten = []
        for record in records:
            normalised = normalise(record)
            counts.misfits += normalised.misfits
            if normalised.record is None:
                counts.unreadable += 1
            else:
                rewritten.append(normalised.record)
        return rewritten


def _end_of_records(text: bytes) -> int:
    """Return where the array of records ends in a file that begins and ends as CloudTrail writes it."""
    end = text.rfind(b"]", -_END_BYTES)
    if not (text.startswith(_START) and _END.fullmatch(text, end) and _is_utf8(text)):
        raise NotAsWrittenError
    return end


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _slices(text: bytes, end: int) -> Iterator[bytes]:
    """Yield the records of a large file, cut before records that begin with the same member as the first one.

    What looks like such a place may lie inside a record. But if each slice is a JSON array, the whole has been cut
    between its items: JSON can be read in one way only.

    """
    start = len(_START)
    mark = b"}," + text[start : text.find(b":", start) + 1]
    while start < end:
        cut = text.find(mark, start + SLICE_BYTES, end)
        until = end if cut < 0 else cut + 1
        yield b"[" + text[start:until] + b"]"
        start = until + 1


def _array(records: Sequence[bytes | msgspec.Raw]) -> bytes:
    return b"[" + b",".join(records) + b"]"


def _divided(records: Sequence[bytes | msgspec.Raw]) -> Iterator[Sequence[bytes | msgspec.Raw]]:
    start = size = 0
    for end, record in enumerate(records, 1):
        size += len(record)
        if size >= SLICE_BYTES or end == len(records):
            yield records[start:end]
            start, size = end, 0
