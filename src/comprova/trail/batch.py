"""Records on their way into one table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa

from comprova.trail import arrays
from comprova.trail.columns import Columns
from comprova.trail.decoding import decode_records

SLICE_BYTES = 512 << 10
"""JSON text that is held as decoded objects at a time, so that they fit the processor's cache."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Records of one file.

    Attributes:
        file: The file's number.
        array: Their JSON array, as logged or rewritten.
        count: How many there are.
    """

    file: int
    array: bytes | memoryview
    count: int

    @property
    def written(self) -> int:
        """The bytes of the records, without the brackets and commas of a compact array."""
        return len(self.array) - self.count - 1


class Batch:
    """Takes records, and puts their values into columns a slice at a time."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.bytes = 0
        self._columns = Columns()
        self._slice: list[Any] = []
        self._slice_bytes = 0

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> Self:
        """Return a batch of records that were decoded before."""
        batch = cls()
        for piece in pieces:
            batch.add(piece, decode_records(piece.array))
        return batch

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(piece.count for piece in self.pieces)

    def add(self, piece: Piece, records: Sequence[Any]) -> None:
        """Take the records of a piece, decoded."""
        self.pieces.append(piece)
        self.bytes += len(piece.array)
        self._slice += records
        self._slice_bytes += len(piece.array)
        if self._slice_bytes >= SLICE_BYTES:
            self._put()

    def mark(self) -> tuple[int, int]:
        """Return what `back_to` needs to forget all that is added from now on."""
        self._put()
        return len(self.pieces), self._columns.slices

    def back_to(self, mark: tuple[int, int]) -> None:
        """Forget what was added since the mark was taken."""
        pieces, slices = mark
        self._put()
        self._columns.keep(slices)
        self.bytes -= sum(len(piece.array) for piece in self.pieces[pieces:])
        del self.pieces[pieces:]

    def table(self, *, proven: bool) -> pa.Table:
        """Return the columns of `COLUMNS_SCHEMA` and `file`, the number of the file.

        Args:
            proven: Whether the records were looked at one by one already. There is at least one.

        Raises:
            NotAsWrittenError: The columns do not hold all that was logged.
        """
        self._put()
        written = None if proven else sum(piece.written for piece in self.pieces)
        numbers = np.array([piece.file for piece in self.pieces], np.int32)
        files = np.repeat(numbers, [piece.count for piece in self.pieces])
        return self._columns.table(self.count, written).append_column("file", arrays.positions(files))

    def _put(self) -> None:
        if self._slice:
            self._columns.add(self._slice)
        self._slice, self._slice_bytes = [], 0
