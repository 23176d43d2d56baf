"""Arrow arrays straight from lists of Python values.

`pyarrow.array` does the same, but imports pandas when it is first called, which takes longer than loading fifty
thousand records. These take half its time on top.
"""

from collections.abc import Iterable, Sequence, Sized
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
    try:
        joined = "".join(values)  # type: ignore[arg-type]  # refuses None, and so finds it without looking for it
        sizes = lengths(values)  # type: ignore[arg-type]
        valid = None
    except TypeError:
        if values.count(None) == len(values):
            return pa.nulls(len(values), pa.string())
        joined = "".join(filter(None, values))
        sizes = lengths([value or "" for value in values])
        valid = np.fromiter(map(is_not, values, repeat(None)), np.bool_, len(values))
    if not joined.isascii():
        sizes = lengths([(value or "").encode() for value in values])
    return strings(joined.encode(), sizes, valid)


def lengths(values: Sequence[Sized]) -> npt.NDArray[np.int32]:
    """Return the lengths of values."""
    return np.fromiter(map(len, values), np.int32, len(values))


def strings(data: bytes, sizes: npt.NDArray[np.int32], valid: npt.NDArray[np.bool_] | None) -> pa.StringArray:
    """Return a column of text.

    Args:
        data: UTF-8, the texts one after another.
        sizes: How many bytes belong to each row, also to one that is NULL.
        valid: Which rows are not NULL; None if all are.
    """
    ends = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(sizes, out=ends[1:])
    bits = None if valid is None else _bits(valid)
    return pa.StringArray.from_buffers(len(sizes), pa.py_buffer(ends), pa.py_buffer(data), bits)


def integers(values: Sequence[int]) -> pa.Int64Array:
    """Return the numbers as a column of bigint."""
    return _fixed(np.fromiter(values, np.int64, len(values)), pa.int64(), None)


def indices(values: Iterable[int], count: int) -> pa.Int32Array:
    """Return `count` numbers as positions in another column."""
    return _fixed(np.fromiter(values, np.int32, count), pa.int32(), None)


def offsets(values: Sequence[Sized | None]) -> pa.Int32Array:
    """Return where each list begins and the last ends in the column that holds the members of all; None has none."""
    ends = np.zeros(len(values) + 1, np.int32)
    np.cumsum(lengths([value or () for value in values]), out=ends[1:])
    return _fixed(ends, pa.int32(), None)


def repeated(value: int, count: int) -> pa.Int32Array:
    """Return the number `count` times."""
    return _fixed(np.full(count, value, np.int32), pa.int32(), None)


def dates(values: Sequence[date | None]) -> pa.Date32Array:
    """Return the days as a column of dates."""
    valid = _valid(values)
    epoch = _NO_DAY.toordinal()
    days = np.fromiter(((value or _NO_DAY).toordinal() - epoch for value in values), np.int32, len(values))
    return _fixed(days, pa.date32(), valid)


def moments(values: Sequence[datetime | None]) -> pa.TimestampArray:
    """Return naive UTC moments as a column of timestamps in milliseconds."""
    valid = _valid(values)
    seconds = ((value or _EPOCH) - _EPOCH for value in values)
    return _fixed(
        np.fromiter((int(span.total_seconds() * 1_000) for span in seconds), np.int64, len(values)),
        pa.timestamp("ms"),
        valid,
    )


def missing_mask(values: Sequence[object]) -> pa.BooleanArray:
    """Return where there is None."""
    missing = np.fromiter(map(is_, values, repeat(None)), np.bool_, len(values))
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(missing)])


def _valid(values: Sequence[object]) -> pa.Buffer | None:
    if None not in values:
        return None
    return _bits(np.fromiter(map(is_not, values, repeat(None)), np.bool_, len(values)))


def _bits(values: npt.NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values, bitorder="little"))


def _fixed(values: npt.NDArray[np.generic], kind: pa.DataType, valid: pa.Buffer | None) -> pa.Array:
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(values)])
