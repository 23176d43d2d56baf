"""Decodes records, by msgspec, into objects typed as CloudTrail writes them.

Payloads are never parsed: their text is the value. Objects that repeat from record to record, such as `userIdentity`,
stay text at first, so that equal texts are decoded once.
"""

from collections.abc import Sequence
from typing import Any, assert_never

import msgspec

from comprova.trail.schema import RECORD_FIELDS, Field, FieldKind

_NULL = b"null"
_ABSENT = msgspec.Raw()


class NotAsWrittenError(ValueError):
    """Records are not exactly as CloudTrail writes them."""


def _type_of(field: Field, *, top: bool) -> Any:
    match field.kind:
        case FieldKind.TEXT | FieldKind.ID:
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
    types = [_type_of(field, top=top) for field in fields]
    return msgspec.defstruct(
        name,
        [
            (field.column, kind, _ABSENT if kind is msgspec.Raw else None)
            for field, kind in zip(fields, types, strict=True)
        ],
        rename={field.column: field.member for field in fields},
        gc=False,
    )


def _decoder(kind: Any) -> msgspec.json.Decoder[list[Any]]:
    return msgspec.json.Decoder(list[kind])


_RAW = _decoder(msgspec.Raw)
_RECORDS = _decoder(_struct("Record", RECORD_FIELDS, top=True))
_VALUES = {
    field.column: _decoder(_type_of(field, top=False))
    for field in RECORD_FIELDS
    if field.kind in {FieldKind.OBJECT, FieldKind.OBJECTS}
}


def cut_records(array: bytes | memoryview) -> list[msgspec.Raw]:
    """Return the JSON texts of the items of an array.

    Raises:
        NotAsWrittenError: It is not JSON.
    """
    return _decoded(_RAW, array)


def decode_records(array: bytes | memoryview) -> list[Any]:
    """Decode a JSON array of records, valid UTF-8, into objects with an attribute for each of `RECORD_FIELDS`.

    Text and flags are decoded, None where there are none; what else a record holds is the JSON text of its value, empty
    where the member is missing.

    Raises:
        NotAsWrittenError: It is not JSON, or a value is not of the type that CloudTrail writes.
    """
    return _decoded(_RECORDS, array)


def decode_values(field: Field, texts: Sequence[bytes]) -> list[Any]:
    """Decode the JSON texts of objects, or of arrays of them, of one of `RECORD_FIELDS`; None for the empty text.

    Raises:
        NotAsWrittenError: A value is not of the type that CloudTrail writes.
    """
    return _decoded(_VALUES[field.column], b"[" + b",".join(text or _NULL for text in texts) + b"]")


def _decoded(decoder: msgspec.json.Decoder[list[Any]], text: bytes | memoryview) -> list[Any]:
    try:
        return decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotAsWrittenError from error
