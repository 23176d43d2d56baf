"""The fast way from records to columns, and the proof that nothing was lost on it.

Records are decoded by msgspec into objects typed as CloudTrail writes them, and the objects' values become Arrow columns. Payloads
are never parsed: their text is the value. A typed decoder ignores members that it does not know and takes the last of two
members of one name, so the bytes are counted: compact JSON made of exactly the columns' values has a certain length, and
anything lost, as well as white space and escapes, makes the text longer, never shorter. Equal lengths prove that the columns
hold all that was logged; anything else is `NotAsWrittenError`, and those records are looked at one by one.

Objects that repeat from record to record, such as `userIdentity`, are decoded once per batch.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import msgspec
import pyarrow as pa

from comprova.trail import arrays
from comprova.trail.schema import RECORD_FIELDS, RECORD_SCHEMA, Field, FieldKind

type_of_scalar = str | None
_NULL = b"null"
_PUNCTUATION = 4  # of a member: two quotes, a colon, and a comma or the object's second brace
_OBJECT = 1  # the brace left


class NotAsWrittenError(ValueError):
    """Records are not exactly as CloudTrail writes them."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column and the bytes that its members take in compact JSON, without names and punctuation."""

    array: pa.Array
    bytes: int


def _decoded_type(field: Field, *, top: bool) -> Any:
    match field.kind:
        case FieldKind.TEXT:
            return str | None
        case FieldKind.FLAG:
            return bool | str | None
        case FieldKind.PAYLOAD:
            return msgspec.Raw
        case FieldKind.OBJECT | FieldKind.OBJECTS if top:
            return msgspec.Raw
        case FieldKind.OBJECT:
            return _struct(field.member, field.fields, top=False) | None
        case FieldKind.OBJECTS:
            return list[_struct(field.member, field.fields, top=False) | None] | None  # type: ignore[misc]
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
