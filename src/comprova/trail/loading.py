"""From the JSON texts of log files to tables of their records, in batches of bounded size."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
import pyarrow as pa

from comprova.trail import arrays
from comprova.trail.columns import NotAsWrittenError, decode_records, table_of
from comprova.trail.normalise import NotJSONError, normalise, records_of
from comprova.trail.states import FileState, Misfit

BATCH_BYTES = 8 << 20
"""JSON text that is held as decoded objects at a time; they take about three times as much memory."""

_START = b'{"Records":['
_END = re.compile(rb"\][ \t\r\n]*\}[ \t\r\n]*")
_END_BYTES = 16
_CUT = msgspec.json.Decoder(list[msgspec.Raw])
_Text = TypeVar("_Text", bytes, msgspec.Raw)


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


@dataclass(frozen=True, slots=True)
class _Piece:
    """Records of one file, at most a batch.

    Attributes:
        file: The file's number.
        array: Their JSON array as logged or, when `proven`, rewritten.
        records: The same, decoded.
        proven: Whether they were looked at one by one.
    """

    file: int
    array: bytes | memoryview
    records: list[Any]
    proven: bool

    @property
    def written(self) -> int:
        """The bytes of the records, without the brackets and commas of a compact array."""
        return len(self.array) - len(self.records) - 1


class Batches:
    """Takes files one after another, and hands out tables of their records in the same order.

    A table has the columns of `RECORD_SCHEMA` and `file`, the number of the file.
    """

    def __init__(self) -> None:
        self.counts: dict[int, Counts] = {}
        self._pieces: list[_Piece] = []
        self._bytes = 0
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
        array = _array_of(text)
        if len(array) <= 2 * BATCH_BYTES:
            self._take(_Piece(file, array, decode_records(array), proven=False))
            return
        records = _cut(array)
        if sum(map(len, records)) + len(records) + 1 != len(array):
            raise NotAsWrittenError
        for some in _batched(records):
            try:
                self._take(_piece(file, some, proven=False))
            except NotAsWrittenError:
                self._take_rewritten(file, self._rewritten(file, map(bytes, some)))

    def _take_rewritten(self, file: int, records: Sequence[bytes]) -> None:
        for some in _batched(records):
            self._take(_piece(file, some, proven=True))

    def _take(self, piece: _Piece) -> None:
        self.counts[piece.file].records += len(piece.records)
        self._pieces.append(piece)
        self._bytes += len(piece.array)
        if self._bytes >= BATCH_BYTES:
            self._flush()

    def _flush(self) -> None:
        pieces, self._pieces, self._bytes = self._pieces, [], 0
        self._tables.extend(self._build(pieces))

    def _build(self, pieces: Sequence[_Piece]) -> Iterator[pa.Table]:
        """Turn pieces into tables; those that are not as CloudTrail writes them are found by halving."""
        for proven in (False, True):
            chosen = [piece for piece in pieces if piece.proven is proven and piece.records]
            if not chosen:
                continue
            try:
                yield _table(chosen, proven=proven)
            except NotAsWrittenError:
                half = len(chosen) // 2
                if half:
                    yield from self._build(chosen[:half])
                    yield from self._build(chosen[half:])
                else:
                    yield from self._build(self._examined(chosen[0]))

    def _examined(self, piece: _Piece) -> list[_Piece]:
        counts = self.counts[piece.file]
        rewritten = self._rewritten(piece.file, map(bytes, _cut(piece.array)))
        counts.records += len(rewritten) - len(piece.records)
        return [_piece(piece.file, rewritten, proven=True)]

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


def _array_of(text: bytes) -> memoryview:
    """Return the array of records of a file that begins and ends as CloudTrail writes it."""
    end = text.rfind(b"]", -_END_BYTES)
    if not (text.startswith(_START) and _END.fullmatch(text, end) and _is_utf8(text)):
        raise NotAsWrittenError
    return memoryview(text)[len(_START) - 1 : end + 1]


def _cut(array: bytes | memoryview) -> list[msgspec.Raw]:
    try:
        return _CUT.decode(array)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NotAsWrittenError from error


def _batched(records: Sequence[_Text]) -> Iterator[Sequence[_Text]]:
    start = size = 0
    for end, record in enumerate(records, 1):
        size += len(record)
        if size >= BATCH_BYTES or end == len(records):
            yield records[start:end]
            start, size = end, 0


def _piece(file: int, records: Sequence[bytes | msgspec.Raw], *, proven: bool) -> _Piece:
    array = b"[" + b",".join(records) + b"]"
    return _Piece(file, array, decode_records(array), proven)


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _table(pieces: Sequence[_Piece], *, proven: bool) -> pa.Table:
    records = [record for piece in pieces for record in piece.records]
    table = table_of(records, None if proven else sum(piece.written for piece in pieces))
    files = [piece.file for piece in pieces for _ in piece.records]
    return table.append_column("file", arrays.indices(files, len(files)))
