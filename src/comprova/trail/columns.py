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
import pyarrow as pa

from comprova.trail import arrays
from comprova.trail.schema import RECORD_FIELDS, RECORD_SCHEMA, Field, FieldKind

_NULL = b"null"
_QUOTES = 2
_MEMBER = 4  # the punctuation of a member: the quotes of its name, a colon, and a comma or the closing brace
_LIST = 1  # the bracket or brace left; one more if there is no member whose comma is the other one
_PAYLOAD_STARTS = frozenset(b"{[")


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
    return msgspec.defstruct(
        name,
        [(field.column, _decoded_type(field, top=top), None) for field in fields],
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


def _payloads(values: Sequence[msgspec.Raw | None]) -> _Column:
    absent = values.count(None)
    if absent == len(values):
        return _Column(arrays.utf8_texts([None] * absent), 0, 0)
    texts = [None if value is None or (text := bytes(value)) == _NULL else text for value in values]
    column = _text_column(arrays.utf8_texts(texts))
    members = len(values) - absent
    logged = column.bytes + len(_NULL) * (members - column.members)
    if {text[0] for text in texts if text} <= _PAYLOAD_STARTS:
        return _Column(column.array, logged, members)
    return _Column(arrays.utf8_texts([text and _unquoted(text) for text in texts]), logged, members)


def _unquoted(text: bytes) -> bytes:
    return msgspec.json.decode(text, type=str).encode() if text.startswith(b'"') else text


def _repeating(field: Field, values: Sequence[msgspec.Raw | None], *, proven: bool) -> _Column:
    texts = [_NULL if value is None else bytes(value) for value in values]
    positions: dict[bytes, int] = {}
    position = positions.setdefault
    taken = [position(text, len(positions)) for text in texts]
    try:
        different = _REPEATED[field.column].decode(b"[" + b",".join(positions) + b"]")
    except (msgspec.DecodeError, RecursionError) as error:
        raise NotAsWrittenError from error
    column = _column(field, different)
    if not proven and column.bytes != sum(map(len, positions)) - len(_NULL) * (_NULL in positions):
        raise NotAsWrittenError
    absent = values.count(None)
    return _Column(
        column.array.take(arrays.indices(taken)), sum(map(len, texts)) - len(_NULL) * absent, len(texts) - absent
    )


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
        arrays.offsets((len(value or ()) for value in values), len(values)),
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
        arrays.offsets((len(value or ()) for value in values), len(values)),
        names.array,
        column.array,
        type=field.type,
        mask=arrays.missing_mask(values) if len(present) < len(values) else None,
    )
    punctuation = (_MEMBER - _QUOTES) * len(texts) + _LIST * len(present) + present.count({})
    return _Column(array, names.bytes + column.bytes + len(_NULL) * texts.count(None) + punctuation, len(present))
