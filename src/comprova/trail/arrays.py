"""Arrow arrays straight from lists of Python values.

`pyarrow.array` does the same, but imports pandas when it is first called, which takes longer than loading fifty
thousand records.
"""

from collections.abc import Sequence, Sized
from dataclasses import dataclass
from datetime import date, datetime
from itertools import repeat
from operator import is_, is_not

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  naive UTC, as in every table of comprova
_NO_DAY = date(1970, 1, 1)
_NULL = -1


@dataclass(frozen=True, slots=True)
class Run:
    """Texts that follow one another in a column.

    Attributes:
        data: Their bytes.
        sizes: How many of them belong to each text; -1 for NULL.
    """

    data: bytes
    sizes: npt.NDArray[np.int32]


def text_run(values: Sequence[str | None]) -> Run:
    """Return strings, which hold no lone surrogates, as UTF-8."""
    try:
        text = "".join(values)  # type: ignore[arg-type]  # refuses None, and so finds it without looking for it
        sizes = lengths(values)  # type: ignore[arg-type]
    except TypeError:
        if values.count(None) == len(values):
            return Run(b"", np.full(len(values), _NULL, np.int32))
        text = "".join(filter(None, values))
        sizes = np.fromiter([_NULL if value is None else len(value) for value in values], np.int32, len(values))
    if not text.isascii():
        encoded = [_NULL if value is None else len(value.encode()) for value in values]
        sizes = np.fromiter(encoded, np.int32, len(values))
    return Run(text.encode(), sizes)


def raw_run(values: Sequence[msgspec.Raw]) -> Run:
    """Return the bytes of JSON texts, of which none is NULL."""
    if not any(values):
        return Run(b"", np.zeros(len(values), np.int32))
    return Run(b"".join(values), lengths(values))


def joined(runs: Sequence[Run]) -> Run:
    """Return one run after another as one; at least one."""
    if len(runs) == 1:
        return runs[0]
    return Run(b"".join([run.data for run in runs]), np.concatenate([run.sizes for run in runs]))


def texts(values: Sequence[str | None]) -> pa.StringArray:
    """Return strings, which hold no lone surrogates, as a column of text."""
    return texts_of(text_run(values))


def texts_of(run: Run) -> pa.StringArray:
    """Return UTF-8 as a column of text."""
    valid = run.sizes != _NULL
    if valid.all():
        return strings(run.data, run.sizes, None)
    return strings(run.data, np.maximum(run.sizes, 0), valid) if valid.any() else pa.nulls(len(valid), pa.string())


def strings(data: bytes, sizes: npt.NDArray[np.int32], valid: npt.NDArray[np.bool_] | None) -> pa.StringArray:
    """Return a column of text.

    Args:
        data: UTF-8, the texts one after another.
        sizes: How many bytes belong to each row, also to one that is NULL.
        valid: Which rows are not NULL; None if all are.
    """
    bits = None if valid is None else _bits(valid)
    return pa.StringArray.from_buffers(len(sizes), _ends(sizes), pa.py_buffer(data), bits)


def binaries(run: Run) -> pa.BinaryArray:
    """Return texts, of which none is NULL, as a column of bytes."""
    buffers = [None, _ends(run.sizes), pa.py_buffer(run.data)]
    return pa.Array.from_buffers(pa.binary(), len(run.sizes), buffers)


def _ends(sizes: npt.NDArray[np.int32]) -> pa.Buffer:
    ends = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(sizes, out=ends[1:])
    return pa.py_buffer(ends)


def lengths(values: Sequence[Sized]) -> npt.NDArray[np.int32]:
    """Return the lengths of values."""
    return np.fromiter(map(len, values), np.int32, len(values))


def integers(values: Sequence[int]) -> pa.Int64Array:
    """Return the numbers as a column of bigint."""
    return _fixed(np.fromiter(values, np.int64, len(values)), pa.int64(), None)


def positions(values: npt.NDArray[np.int32]) -> pa.Int32Array:
    """Return positions in another column."""
    return _fixed(values, pa.int32(), None)


def numbers(array: pa.Int32Array) -> npt.NDArray[np.int32]:
    """Return what `positions` was given; there is no NULL."""
    return np.from_dlpack(array).astype(np.int32, copy=False)  # to_numpy() would import pandas


def offsets(values: Sequence[Sized | None]) -> pa.Int32Array:
    """Return where each list begins and the last ends in the column that holds the members of all; None has none."""
    sizes = lengths([value or () for value in values])
    return pa.Array.from_buffers(pa.int32(), len(values) + 1, [None, _ends(sizes)])


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
