"""Records as columns, a slice of records at a time, and the proof that nothing was lost on the way.

Decoders ignore members that they do not know and take the last of two members of one name, so the bytes are counted:
compact JSON made of exactly the columns' values has a certain length, and anything lost, as well as white space and
needless escapes, makes the text longer, never shorter. Equal lengths prove that the columns hold all that was logged;
anything else is `NotAsWrittenError`, and those records are looked at one by one.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from comprova.trail import arrays
from comprova.trail.decoding import NotAsWrittenError, decode_values
from comprova.trail.nested import BRACE, Column, column_of, column_of_text, named
from comprova.trail.schema import RECORD_FIELDS, Field, FieldKind

COLUMNS_SCHEMA = pa.schema(
    [(field.column, pa.dictionary(pa.int32(), field.type) if field.repeats else field.type) for field in RECORD_FIELDS]
)
"""The columns of `RECORD_SCHEMA`; those whose values repeat are dictionaries."""

_NULL = b"null"
_PAYLOAD_STARTS = tuple(b"{[n")


class Columns:
    """Collects decoded records as columns.

    Records are fast to take apart only while they are in the processor's cache: add few at a time, right after they
    were decoded.
    """

    def __init__(self) -> None:
        self._columns = [_collector(field) for field in RECORD_FIELDS]
        self.slices = 0

    def add(self, records: Sequence[Any]) -> None:
        """Take records as `decode_records` returns them, at least one."""
        by_field = zip(*map(msgspec.structs.astuple, records), strict=True)
        for column, values in zip(self._columns, by_field, strict=True):
            column.add(values)
        self.slices += 1

    def keep(self, slices: int) -> None:
        """Forget the records of all but the first calls of `add`."""
        for column in self._columns:
            del column.runs[slices:]
        self.slices = slices

    def table(self, records: int, written: int | None) -> pa.Table:
        """Return the columns of `COLUMNS_SCHEMA`.

        Args:
            records: The number of records that were added, at least one.
            written: The bytes that they took as they were logged, without what separates them; None for records that
                were looked at one by one already.

        Raises:
            NotAsWrittenError: The columns do not hold all that was logged.
        """
        columns = [column.column(proven=written is None) for column in self._columns]
        if written not in {None, sum(map(named, RECORD_FIELDS, columns)) + BRACE * records}:
            raise NotAsWrittenError
        return pa.Table.from_arrays([column.array for column in columns], schema=COLUMNS_SCHEMA)


class _Collector(Protocol):
    """Collects the values of a column."""

    runs: list[Any]
    """One item for each slice."""

    def add(self, values: Sequence[Any]) -> None:
        """Take the values of a slice."""

    def column(self, *, proven: bool) -> Column:
        """Return the column.

        Raises:
            NotAsWrittenError: Unless `proven`: it does not hold all that was logged.
        """


def _collector(field: Field) -> _Collector:
    match field.kind:
        case FieldKind.TEXT | FieldKind.FLAG:
            return _Repeating(field)
        case FieldKind.ID:
            return _Ids(field)
        case FieldKind.PAYLOAD:
            return _Payloads()
        case FieldKind.OBJECT | FieldKind.OBJECTS:
            return _Objects(field)
        case FieldKind.TEXT_BY_NAME:
            raise TypeError(field)


class _Codes(dict[Any, int]):
    """Numbers different values as they are asked for."""

    def __missing__(self, value: Any) -> int:
        self[value] = code = len(self)
        return code


class _Repeating:
    """Text and flags, each different one kept once."""

    def __init__(self, field: Field) -> None:
        self.runs: list[npt.NDArray[np.int32]] = []
        self._field = field
        self._codes = _Codes()

    def add(self, values: Sequence[bool | str | None]) -> None:
        if values[0] is None and values.count(None) == len(values):
            self.runs.append(np.full(len(values), self._codes[None], np.int32))
        else:
            self.runs.append(np.fromiter(map(self._codes.__getitem__, values), np.int32, len(values)))

    def column(self, *, proven: bool) -> Column:
        del proven
        different = list(self._codes)
        codes = np.concatenate(self.runs)
        times = np.bincount(codes, minlength=len(different))
        written = [0 if value is None else len(msgspec.json.encode(value)) for value in different]
        missing = int(times[self._codes[None]]) if None in self._codes else 0
        array = pa.DictionaryArray.from_arrays(arrays.positions(codes), column_of(self._field, different).array)
        return Column(array, int(times @ np.array(written)), len(codes) - missing)


class _Ids:
    """Text of which hardly any repeats."""

    def __init__(self, field: Field) -> None:
        self.runs: list[arrays.Run] = []
        self._field = field

    def add(self, values: Sequence[str | None]) -> None:
        self.runs.append(arrays.text_run(values))

    def column(self, *, proven: bool) -> Column:
        del proven
        return column_of_text(arrays.joined(self.runs))


class _Raws:
    """JSON texts; empty where the member is missing."""

    def __init__(self) -> None:
        self.runs: list[arrays.Run] = []

    def add(self, values: Sequence[msgspec.Raw]) -> None:
        self.runs.append(arrays.raw_run(values))


class _Payloads(_Raws):
    """JSON texts that are the column's values."""

    def column(self, *, proven: bool) -> Column:
        del proven
        run = arrays.joined(self.runs)
        if not run.data:
            return Column(pa.nulls(len(run.sizes), pa.string()), 0, 0)
        present = run.sizes > 0
        starts = np.frombuffer(run.data, np.uint8)[(np.cumsum(run.sizes) - run.sizes)[present]]
        if np.isin(starts, _PAYLOAD_STARTS).all():
            valid = present.copy()
            valid[present] = starts != _NULL[0]
            array = arrays.strings(run.data, run.sizes, valid)
        else:
            array = arrays.texts([_payload_text(text) for text in arrays.binaries(run).to_pylist()])
        return Column(array, len(run.data), int(present.sum()))


def _payload_text(text: bytes) -> str | None:
    if text in {_NULL, b""}:
        return None
    return msgspec.json.decode(text, type=str) if text.startswith(b'"') else text.decode()


class _Objects(_Raws):
    """Objects, or arrays of them, each different one decoded once."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field

    def column(self, *, proven: bool) -> Column:
        run = arrays.joined(self.runs)
        encoded = arrays.binaries(run).dictionary_encode()
        different = encoded.dictionary.to_pylist()
        column = column_of(self._field, decode_values(self._field, different))
        if not proven and column.bytes != sum(len(text) for text in different if text != _NULL):
            raise NotAsWrittenError
        array = pa.DictionaryArray.from_arrays(encoded.indices, column.array)
        return Column(array, len(run.data), int((run.sizes > 0).sum()))
