"""Columns of values of any kind, and the bytes that these take in compact JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import msgspec
import pyarrow as pa

from comprova.trail import arrays
from comprova.trail.schema import Field, FieldKind

BRACE = 1
"""The bytes of the brace, or bracket, of an object or array beside those that its members count; one more if it has no
members, whose comma is the other one."""

_NULL = len("null")
_QUOTES = 2
_ESCAPED = tuple(b'"\\\n\r\t\b\f')
"""What JSON writes in two bytes at least. Other control characters take six: text with them counts too short, and so is
never taken for text as CloudTrail writes it."""
_MEMBER = 4  # the punctuation of a member: the quotes of its name, a colon, and a comma or the closing brace


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        array: Its values.
        bytes: What they take in compact JSON: the values alone, without the names of members.
        members: How many of the objects have the member, be it with the value null.
    """

    array: pa.Array
    bytes: int
    members: int


def named(field: Field, column: Column) -> int:
    """Return the bytes that a member takes, with its name and punctuation, in all objects that have it."""
    return column.bytes + column.members * (len(field.member) + _MEMBER)


def column_of(field: Field, values: Sequence[Any]) -> Column:
    """Return decoded values as a column."""
    match field.kind:
        case FieldKind.TEXT | FieldKind.ID:
            return column_of_text(arrays.text_run(values))
        case FieldKind.FLAG:
            return _flags(values)
        case FieldKind.OBJECT:
            return _objects(field.fields, values)
        case FieldKind.OBJECTS:
            return _lists_of_objects(field, values)
        case FieldKind.TEXT_BY_NAME:
            return _texts_by_name(field, values)
        case FieldKind.PAYLOAD:
            raise TypeError(field)
        case _:
            assert_never(field.kind)


def column_of_text(run: arrays.Run) -> Column:
    """Return text as a column."""
    array = arrays.texts_of(run)
    members = len(array) - array.null_count
    escapes = sum(run.data.count(mark) for mark in _ESCAPED if mark in run.data)
    return Column(array, len(run.data) + escapes + _QUOTES * members, members)


def _flags(values: Sequence[bool | str | None]) -> Column:
    column = column_of_text(
        arrays.text_run([str(value).lower() if isinstance(value, bool) else value for value in values])
    )
    not_text = values.count(True) + values.count(False)
    return Column(column.array, column.bytes - _QUOTES * not_text, column.members)


def _objects(fields: Sequence[Field], values: Sequence[Any]) -> Column:
    nothing = (None,) * len(fields)
    rows = [nothing if value is None else msgspec.structs.astuple(value) for value in values]
    by_field = list(zip(*rows, strict=True)) or [()] * len(fields)
    columns = [column_of(field, of_field) for field, of_field in zip(fields, by_field, strict=True)]
    missing = values.count(None)
    array = pa.StructArray.from_arrays(
        [column.array for column in columns],
        fields=[pa.field(field.column, field.type) for field in fields],
        mask=arrays.missing_mask(values) if missing else None,
    )
    present = len(values) - missing
    length = sum(map(named, fields, columns)) + BRACE * present + rows.count(nothing) - missing
    return Column(array, length, present)


def _lists_of_objects(field: Field, values: Sequence[list[Any] | None]) -> Column:
    objects = [item for value in values if value for item in value]
    column = _objects(field.fields, objects)
    present = [value for value in values if value is not None]
    array = pa.ListArray.from_arrays(
        arrays.offsets(values),
        column.array,
        type=field.type,
        mask=arrays.missing_mask(values) if len(present) < len(values) else None,
    )
    punctuation = len(objects) + BRACE * len(present) + present.count([])
    return Column(array, column.bytes + _NULL * objects.count(None) + punctuation, len(present))


def _texts_by_name(field: Field, values: Sequence[dict[str, str | None] | None]) -> Column:
    present = [value for value in values if value is not None]
    names = column_of_text(arrays.text_run([name for value in present for name in value]))
    texts = [text for value in present for text in value.values()]
    column = column_of_text(arrays.text_run(texts))
    array = pa.MapArray.from_arrays(
        arrays.offsets(values),
        names.array,
        column.array,
        type=field.type,
        mask=arrays.missing_mask(values) if len(present) < len(values) else None,
    )
    punctuation = (_MEMBER - _QUOTES) * len(texts) + BRACE * len(present) + present.count({})
    return Column(array, names.bytes + column.bytes + _NULL * texts.count(None) + punctuation, len(present))
