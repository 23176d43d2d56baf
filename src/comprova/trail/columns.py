"""The fast way from records to columns, and the proof that nothing was lost on it.

Records are decoded by msgspec into objects typed as CloudTrail writes them, and the objects' values become Arrow
columns. Payloads are never parsed: their text is the value. A typed decoder ignores members that it does not know and
takes the last of two members of one name, so the bytes are counted: compact JSON made of exactly the columns' values
has a certain length, and anything lost, as well as white space and escapes, makes the text longer, never shorter.
Equal lengths prove that the columns hold all that was logged; anything else is `NotAsWrittenError`, and those records
are looked at one by one.

Objects that repeat from record to record, such as `userIdentity`, are decoded once per batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import msgspec
import numpy as np
import pyarrow as pa

from comprova.trail import arrays
from comprova.trail.schema import RECORD_FIELDS, RECORD_SCHEMA, Field, FieldKind

_NULL = b"null"
_QUOTES = 2
_MEMBER = 4  # the punctuation of a member: the quotes of its name, a colon, and a comma or the closing brace
_LIST = 1  # the bracket or brace left; one more if there is no member whose comma is the other one
_PAYLOAD_STARTS = tuple(b"{[n")
_ABSENT = msgspec.Raw()


class NotAsWrittenError(ValueError):
    """Records are not exactly as CloudTrail writes them."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column.

    Attributes:
        array: Its values.
        bytes: What they take in compact JSON: the values alone, without the names of members.
        members: How many of the objects have the member, be it with the value null.
    """

    array: pa.Array
    bytes: int
    members: int


def _decoded_type(field: Field, *, top: bool) -> Any:
    match field.kind:
        case FieldKind.TEXT:
            return str | None
        case FieldKind.FLAG:
            return bool | str | None
        case FieldKind.PAYLOAD:
            return msgspec.Raw
        case FieldKind.OBJECT:
            return msgspec.Raw if top else _struct(field.member, field.fields, top=False) | None
        case FieldKind.OBJECTS:
            item = _struct(field.member, field.fields, top=False) | None
            return msgspec.Raw if top else list[item] | None  # type: ignore[valid-type]
        case FieldKind.TEXT_BY_NAME:
            return dict[str, str | None] | None
        case _:
            assert_never(field.kind)


def _struct(name: str, fields: Sequence[Field], *, top: bool) -> Any:
    types = [_decoded_type(field, top=top) for field in fields]
    return msgspec.defstruct(
        name,
        [
            (field.column, kind, _ABSENT if kind is msgspec.Raw else None)
            for field, kind in zip(fields, types, strict=True)
        ],
        rename={field.column: field.member for field in fields},
        gc=False,
    )


_RECORDS = msgspec.json.Decoder(list[_struct("Record", RECORD_FIELDS, top=True)])  # type: ignore[misc]
_REPEATED = {
    field.column: msgspec.json.Decoder(list[_decoded_type(field, top=False)])  # type: ignore[misc]
    for field in RECORD_FIELDS
    if field.kind in {FieldKind.OBJECT, FieldKind.OBJECTS}
}


def decode_records(array: bytes | memoryview) -> list[Any]:
    """Decode a JSON array of records, valid UTF-8, into typed objects.

    Raises:
        NotAsWrittenError: It is not JSON, or a value is not of the type that CloudTrail writes.
    """
    try:
        records: list[Any] = _RECORDS.decode(array)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotAsWrittenError from error
    return records


def table_of(records: Sequence[Any], written: int | None) -> pa.Table:
    """Turn decoded records into the columns of `RECORD_SCHEMA`.

    Args:
        records: At least one, as `decode_records` returns them.
        written: The bytes that the records took as they were logged, without what separates them; None for records that
            were looked at one by one already.

    Raises:
        NotAsWrittenError: The columns do not hold all that was logged.
    """
    columns = []
    length = _LIST * len(records)
    for field, values in zip(RECORD_FIELDS, zip(*map(msgspec.structs.astuple, records), strict=True), strict=True):
        repeats = field.kind in {FieldKind.OBJECT, FieldKind.OBJECTS}
        column = _repeating(field, values, proven=written is None) if repeats else _column(field, values)
        columns.append(column.array)
        length += _named(field, column)
    if written is not None and length != written:
        raise NotAsWrittenError
    return pa.Table.from_arrays(columns, schema=RECORD_SCHEMA)


def _named(field: Field, column: _Column) -> int:
    """Return the bytes that a member takes, with its name and punctuation, in all objects that have it."""
    return column.bytes + column.members * (len(field.member) + _MEMBER)


def _column(field: Field, values: Sequence[Any]) -> _Column:
    match field.kind:
        case FieldKind.TEXT:
            return _texts(values)
        case FieldKind.FLAG:
            return _flags(values)
        case FieldKind.PAYLOAD:
            return _payloads(values)
        case FieldKind.OBJECT:
            return _objects(field.fields, values)
        case FieldKind.OBJECTS:
            return _lists_of_objects(field, values)
        case FieldKind.TEXT_BY_NAME:
            return _texts_by_name(field, values)
        case _:
            assert_never(field.kind)


def _text_column(array: pa.StringArray) -> _Column:
    members = len(array) - array.null_count
    return _Column(array, array.buffers()[2].size if members else 0, members)


def _texts(values: Sequence[str | None]) -> _Column:
    column = _text_column(arrays.texts(values))
    return _Column(column.array, column.bytes + _QUOTES * column.members, column.members)


def _flags(values: Sequence[bool | str | None]) -> _Column:
    texts = ["true" if value is True else "false" if value is False else value for value in values]
    column = _text_column(arrays.texts(texts))
    logged_as_text = column.members - values.count(True) - values.count(False)
    return _Column(column.array, column.bytes + _QUOTES * logged_as_text, column.members)


def _payloads(values: Sequence[msgspec.Raw]) -> _Column:
    sizes = arrays.lengths(values)
    if not sizes.any():
        return _Column(pa.nulls(len(values), pa.string()), 0, 0)
    data = b"".join(values)
    present = sizes > 0
    starts = np.frombuffer(data, np.uint8)[(np.cumsum(sizes) - sizes)[present]]
    valid = present.copy()
    valid[present] = starts != _NULL[0]
    if np.isin(starts, _PAYLOAD_STARTS).all():
        array = arrays.strings(data, sizes, valid)
    else:
        array = arrays.texts([_payload_text(bytes(value)) for value in values])
    return _Column(array, len(data), int(present.sum()))


def _payload_text(text: bytes) -> str | None:
    if text in {_NULL, b""}:
        return None
    return msgspec.json.decode(text, type=str) if text.startswith(b'"') else text.decode()


def _repeating(field: Field, values: Sequence[msgspec.Raw], *, proven: bool) -> _Column:
    sizes = arrays.lengths(values)
    if not sizes.any():
        return _Column(pa.nulls(len(values), field.type), 0, 0)
    texts = list(map(bytes, values))
    different = dict.fromkeys(texts)
    try:
        decoded = _REPEATED[field.column].decode(b"[" + b",".join(text or _NULL for text in different) + b"]")
    except (msgspec.DecodeError, RecursionError) as error:
        raise NotAsWrittenError from error
    column = _column(field, decoded)
    if not proven and column.bytes != sum(len(text) for text in different if text != _NULL):
        raise NotAsWrittenError
    position = {text: number for number, text in enumerate(different)}
    taken = arrays.indices(map(position.__getitem__, texts), len(texts))
    return _Column(column.array.take(taken), int(sizes.sum()), int((sizes > 0).sum()))


def _objects(fields: Sequence[Field], values: Sequence[Any]) -> _Column:
    nothing = (None,) * len(fields)
    rows = [nothing if value is None else msgspec.structs.astuple(value) for value in values]
    by_field = list(zip(*rows, strict=True)) or [()] * len(fields)
    columns = [_column(field, of_field) for field, of_field in zip(fields, by_field, strict=True)]
    missing = values.count(None)
    array = pa.StructArray.from_arrays(
        [column.array for column in columns],
        fields=[pa.field(field.column, field.type) for field in fields],
        mask=arrays.missing_mask(values) if missing else None,
    )
    present = len(values) - missing
    length = sum(map(_named, fields, columns)) + _LIST * present + rows.count(nothing) - missing
    return _Column(array, length, present)


def _lists_of_objects(field: Field, values: Sequence[list[Any] | None]) -> _Column:
    objects = [item for value in values if value for item in value]
    column = _objects(field.fields, objects)
    present = [value for value in values if value is not None]
    array = pa.ListArray.from_arrays(
        arrays.offsets(values),
        column.array,
        type=field.type,
        mask=arrays.missing_mask(values) if len(present) < len(values) else None,
    )
    punctuation = len(objects) + _LIST * len(present) + present.count([])
    return _Column(array, column.bytes + len(_NULL) * objects.count(None) + punctuation, len(present))


def _texts_by_name(field: Field, values: Sequence[dict[str, str | None] | None]) -> _Column:
    present = [value for value in values if value is not None]
    names = _texts([name for value in present for name in value])
    texts = [text for value in present for text in value.values()]
    column = _texts(texts)
    array = pa.MapArray.from_arrays(
        arrays.offsets(values),
        names.array,
        column.array,
        type=field.type,
        mask=arrays.missing_mask(values) if len(present) < len(values) else None,
    )
    punctuation = (_MEMBER - _QUOTES) * len(texts) + _LIST * len(present) + present.count({})
    return _Column(array, names.bytes + column.bytes + len(_NULL) * texts.count(None) + punctuation, len(present))
