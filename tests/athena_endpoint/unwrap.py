"""Turns a CloudTrail file into lines of one record each, as Athena's CloudTrailInputFormat does for the JSON SerDe.

A record exactly as CloudTrail writes it is taken apart and written again here, without comprova's loader. Where a file
holds any other record, all its records go through `comprova.trail.normalise` first, as they do in the embedded engine:
what a misfit becomes is comprova's own rule, and both engines are to see the same.
"""

import gzip
from typing import Any

import msgspec

from comprova.trail.normalise import NotJSONError, normalise, records_of
from comprova.trail.reading import inflate
from comprova.trail.schema import RECORD_FIELDS, Field, FieldKind
from comprova.trail.states import FileState

_BOM = b"\xef\xbb\xbf"
_ABSENT = msgspec.Raw()
_PAYLOADS = tuple(field.column for field in RECORD_FIELDS if field.kind is FieldKind.PAYLOAD)


class DamagedError(ValueError):
    """The file is not what CloudTrail delivers."""


def _type_of(field: Field) -> Any:
    match field.kind:
        case FieldKind.FLAG:
            return bool | str | None
        case FieldKind.PAYLOAD:
            return msgspec.Raw
        case FieldKind.OBJECT:
            return _struct(field.member, field.fields) | None
        case FieldKind.OBJECTS:
            return list[_struct(field.member, field.fields) | None] | None  # type: ignore[misc]
        case FieldKind.TEXT_BY_NAME:
            return dict[str, str | None] | None
        case _:
            return str | None


def _struct(name: str, fields: tuple[Field, ...]) -> Any:
    members = [(field, _type_of(field)) for field in fields]
    return msgspec.defstruct(
        name,
        [(field.column, kind, _ABSENT if kind is msgspec.Raw else None) for field, kind in members],
        rename={field.column: field.member for field in fields},
        forbid_unknown_fields=True,
        omit_defaults=True,
        gc=False,
    )


_RECORD = _struct("Record", RECORD_FIELDS)
_ONE: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_RECORD)
_FILE: msgspec.json.Decoder[Any] = msgspec.json.Decoder(
    msgspec.defstruct("File", [("Records", list[_RECORD])], forbid_unknown_fields=True)  # type: ignore[valid-type]
)


def unwrap(data: bytes, *, compressed: bool) -> bytes:
    """Return the records of a file, one JSON object per line, compressed if the file was.

    Payloads are JSON text in a string, so that the SerDe hands their text on, numbers as logged.

    Args:
        data: The object's bytes.
        compressed: Whether it is named as gzip; Athena goes by the name.

    Raises:
        DamagedError: It cannot be read whole.
    """
    state, text = inflate(data) if compressed else (FileState.READ, data)
    if state is not FileState.READ:
        raise DamagedError(state)
    lines = _lines(text.removeprefix(_BOM))
    return gzip.compress(lines, compresslevel=1, mtime=0) if compressed else lines


def _lines(text: bytes) -> bytes:
    try:
        text.decode()
        return b"".join(map(_line, _FILE.decode(text).Records))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return b"".join(_line(_ONE.decode(record)) for record in _rewritten(text))


def _rewritten(text: bytes) -> list[bytes]:
    try:
        found = records_of(text)
        if found is None:
            raise DamagedError(FileState.NO_RECORDS)
        rewritten = [normalise(record).record for record in found]
    except NotJSONError as error:
        raise DamagedError(FileState.NOT_JSON) from error
    return [record for record in rewritten if record is not None]


def _line(record: Any) -> bytes:
    for column in _PAYLOADS:
        setattr(record, column, _payload(bytes(getattr(record, column))))
    return msgspec.json.encode(record) + b"\n"


def _payload(text: bytes) -> str | None:
    """Return a payload's text; of one that was logged as a string, that string."""
    if text in {b"", b"null"}:
        return None
    return msgspec.json.decode(text, type=str) if text.startswith(b'"') else text.decode()
