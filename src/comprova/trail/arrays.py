"""Arrow arrays straight from lists of Python values.

`pyarrow.array` does the same, but imports pandas when it is first called, which takes longer than loading fifty
thousand records. These take half its time on top.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import repeat
from operator import is_, is_not

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  naive UTC, as in every table of comprova
_NO_DAY = date(1970, 1, 1)


def texts(values: Sequence[str | None]) -> pa.StringArray:
    """Return the strings as a column of text; they hold no lone surrogates."""
    valid, missing, present = None, 0, values
    try:
        joined = "".join(values)  # type: ignore[arg-type]  # refuses None, and so finds it without looking for it
    except TypeError:
        valid, missing = _valid(values)
        if missing == len(values):
            return pa.nulls(missing, pa.string())
        present = [value or "" for value in values]
        joined = "".join(present)  # type: ignore[arg-type]
    if joined.isascii():
        return _strings(joined.encode(), map(len, present), valid, len(values), missing)  # type: ignore[arg-type]
    encoded = [value.encode() for value in present]  # type: ignore[union-attr]
    return _strings(b"".join(encoded), map(len, encoded), valid, len(values), missing)


def utf8_texts(values: Sequence[bytes | None]) -> pa.StringArray:
    """Return strings that are UTF-8 already as a column of text."""
    valid, missing, present = None, 0, values
    try:
        joined = b"".join(values)  # type: ignore[arg-type]
    except TypeError:
        valid, missing = _valid(values)
        if missing == len(values):
            return pa.nulls(missing, pa.string())
        present = [value or b"" for value in values]
        joined = b"".join(present)  # type: ignore[arg-type]
    return _strings(joined, map(len, present), valid, len(values), missing)  # type: ignore[arg-type]


def integers(values: Sequence[int]) -> pa.Int64Array:
    """Return the numbers as a column of bigint."""
    return _fixed(np.fromiter(values, np.int64, len(values)), pa.int64(), None)


def indices(values: Sequence[int]) -> pa.Int32Array:
    """Return the numbers as positions in another column."""
    return _fixed(np.fromiter(values, np.int32, len(values)), pa.int32(), None)


def offsets(lengths: Iterable[int], count: int) -> pa.Int32Array:
    """Return where each of `count` lists begins and the last ends, in the column that holds the members of all."""
    return _fixed(_ends(lengths, count), pa.int32(), None)


def repeated(value: int, count: int) -> pa.Int32Array:
    """Return the number `count` times."""
    return _fixed(np.full(count, value, np.int32), pa.int32(), None)


def dates(values: Sequence[date | None]) -> pa.Date32Array:
    """Return the days as a column of dates."""
    valid, _ = _valid(values)
    epoch = _NO_DAY.toordinal()
    days = np.fromiter(((value or _NO_DAY).toordinal() - epoch for value in values), np.int32, len(values))
    return _fixed(days, pa.date32(), valid)


def moments(values: Sequence[datetime | None]) -> pa.TimestampArray:
    """Return naive UTC moments as a column of timestamps in milliseconds."""
    valid, _ = _valid(values)
    seconds = ((value or _EPOCH) - _EPOCH for value in values)
    return _fixed(
        np.fromiter((int(span.total_seconds() * 1_000) for span in seconds), np.int64, len(values)),
        pa.timestamp("ms"),
        valid,
    )


def missing_mask(values: Sequence[object]) -> pa.BooleanArray:
    """Return where there is None."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(map(is_, values, repeat(None)), len(values))])


def _valid(values: Sequence[object]) -> tuple[pa.Buffer | None, int]:
    missing = values.count(None)
    if missing == 0:
        return None, 0
    return _bits(map(is_not, values, repeat(None)), len(values)), missing


def _bits(values: Iterable[bool], count: int) -> pa.Buffer:
    return pa.py_buffer(np.packbits(np.fromiter(values, np.bool_, count), bitorder="little"))


def _ends(lengths: Iterable[int], count: int) -> npt.NDArray[np.int32]:
    ends = np.zeros(count + 1, np.int32)
    np.cumsum(np.fromiter(lengths, np.int32, count), out=ends[1:])
    return ends


def _strings(data: bytes, lengths: Iterable[int], valid: pa.Buffer | None, count: int, missing: int) -> pa.StringArray:
    ends = pa.py_buffer(_ends(lengths, count))
    return pa.StringArray.from_buffers(count, ends, pa.py_buffer(data), valid, missing)


def _fixed(values: npt.NDArray[np.generic], kind: pa.DataType, valid: pa.Buffer | None) -> pa.Array:
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(values)])
