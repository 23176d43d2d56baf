"""Writes rows of `records` as a Parquet file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from comprova.trail import arrays
from comprova.trail.schema import RECORD_FIELDS, RECORDS_SCHEMA

COMPRESSION_LEVEL = 1
"""Of zstd: higher levels save 5 % of the space and cost 20 % of the time."""

_WITH_STATISTICS = ["eventsource", "eventname", "eventtime", "log_file", "delivery_date"]
"""What rows can be told apart by without looking at them; for the other columns, that costs as much as writing them."""


@dataclass(frozen=True, slots=True)
class _Coded:
    """A column whose values repeat.

    Attributes:
        values: The values, not necessarily all different.
        codes: Which of them stands in each row.
    """

    values: pa.Array
    codes: npt.NDArray[np.int32]


def write_rows(path: Path, table: pa.Table, of_files: Mapping[str, pa.Array]) -> None:
    """Write rows, sorted by source, name and file, and otherwise in the order in which they are.

    Args:
        path: Where to; there is nothing yet.
        table: The columns of `COLUMNS_SCHEMA`, `delivery_date` and `file`.
        of_files: The other columns of `RECORDS_SCHEMA`: for each number in `file` its value.
    """
    files = np.concatenate([arrays.numbers(chunk) for chunk in table["file"].chunks])
    coded = {name: _Coded(values, files) for name, values in of_files.items()}
    for name in table.column_names:
        if pa.types.is_dictionary(table.schema.field(name).type):
            coded[name] = _coded(table[name])
    order = np.lexsort([files, _ranks(coded["eventname"]), _ranks(coded["eventsource"])])
    positions = arrays.positions(order.astype(np.int32))
    columns = [
        _spread(coded[name].values, arrays.positions(coded[name].codes[order]))
        if name in coded
        else table[name].combine_chunks().take(positions)
        for name in RECORDS_SCHEMA.names
    ]
    pq.write_table(
        pa.Table.from_arrays(columns, names=RECORDS_SCHEMA.names),
        path,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
        use_dictionary=_DICTIONARIES,
        write_statistics=_WITH_STATISTICS,
        store_schema=False,
    )


def _leaves(name: str, kind: pa.DataType) -> Iterator[str]:
    """Yield the names that Parquet gives to the columns without parts of a column."""
    if pa.types.is_struct(kind):
        for field in kind:
            yield from _leaves(f"{name}.{field.name}", field.type)
    elif pa.types.is_map(kind):
        yield from (f"{name}.key_value.key", f"{name}.key_value.value")
    elif pa.types.is_list(kind):
        yield from _leaves(f"{name}.list.element", kind.value_type)
    else:
        yield name


_NO_DICTIONARY = frozenset(field.column for field in RECORD_FIELDS if not field.repeats)
_DICTIONARIES = [
    leaf for field in RECORDS_SCHEMA for leaf in _leaves(field.name, field.type) if leaf not in _NO_DICTIONARY
]


def _coded(column: pa.ChunkedArray) -> _Coded:
    starts = np.cumsum([0, *(len(chunk.dictionary) for chunk in column.chunks)])
    codes = [
        arrays.numbers(chunk.indices) + np.int32(start) for chunk, start in zip(column.chunks, starts[:-1], strict=True)
    ]
    return _Coded(pa.concat_arrays([chunk.dictionary for chunk in column.chunks]), np.concatenate(codes))


def _ranks(column: _Coded) -> npt.NDArray[np.int32]:
    """Return numbers that sort as the values do, NULL last."""
    encoded = column.values.dictionary_encode("encode")
    order = np.from_dlpack(pc.sort_indices(encoded.dictionary))
    ranks = np.empty(len(order), np.int32)
    ranks[order] = np.arange(len(order))
    different: npt.NDArray[np.int32] = ranks[arrays.numbers(encoded.indices)]
    return different[column.codes]


def _spread(values: pa.Array, codes: pa.Array) -> pa.Array:
    """Return the value of each code, as dictionaries where text repeats: these are fast to write."""
    if pa.types.is_struct(values.type):
        fields = [_spread(values.field(number), codes) for number in range(values.type.num_fields)]
        names = [field.name for field in values.type]
        mask = values.is_null().take(codes) if values.null_count else None
        return pa.StructArray.from_arrays(fields, names=names, mask=mask)
    if pa.types.is_string(values.type) and values.null_count < len(values):
        encoded = values.dictionary_encode()
        return pa.DictionaryArray.from_arrays(encoded.indices.take(codes), encoded.dictionary)
    return values.take(codes)
