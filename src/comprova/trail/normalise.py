"""The careful way: rewrites a record that is not exactly as CloudTrail writes it, and says what had to be changed.

What comes out is compact JSON with members spelt as CloudTrail spells them and values that fit their columns, so that
the fast way takes it. Numbers and payloads keep their exact text. A token scanner, not a JSON parser, finds where
members begin and
end: a parser would merge members of the same name, and gives up on deep nesting.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

import msgspec

from comprova.trail.schema import RECORD_FIELDS, Field, FieldKind
from comprova.trail.states import Misfit

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]', re.DOTALL)
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|\\.",
    re.DOTALL,
)
_REPLACEMENT = "\\ufffd"
_SPACE = " \t\n\r"
_OPENING = frozenset("[{")
_CLOSING = frozenset("]}")


class NotJSONError(ValueError):
    """The text is not JSON (RFC 8259)."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """A record rewritten.

    Attributes:
        record: Compact JSON; None for something that is no object and so no record.
        misfits: What did not fit, with the number of times.
    """

    record: bytes | None
    misfits: Counter[Misfit]


@dataclass(frozen=True, slots=True)
class _Rewriter:
    too_deep: bool
    misfits: Counter[Misfit] = field(default_factory=Counter)

    def object(self, text: str, fields: Mapping[str, Field]) -> dict[str, Any]:
        """Return the members that have a column, under CloudTrail's spelling; the last of several wins."""
        members: dict[str, Any] = {}
        for name, value in _members(text):
            known = fields.get(name.lower())
            if known is None:
                self.misfits[Misfit.NO_COLUMN] += 1
                continue
            if known.member in members:
                self.misfits[Misfit.DUPLICATE_MEMBER] += 1
            members[known.member] = self.value(value, known)
        return members

    def value(self, text: str, known: Field) -> Any:  # noqa: PLR0911  one for each kind of field
        """Return what the member's column can hold."""
        if text == "null":
            return None
        match known.kind:
            case FieldKind.TEXT | FieldKind.ID | FieldKind.FLAG:
                return self.text(text)
            case FieldKind.PAYLOAD:
                # What is too deep for one parser is too deep for the next; a string arrives as that string.
                return text if self.too_deep else msgspec.Raw(text.encode())
            case FieldKind.OBJECT:
                if not text.startswith("{"):
                    self.misfits[Misfit.NOT_OBJECT] += 1
                    return None
                return self.object(text, _BY_NAME[known.fields])
            case FieldKind.OBJECTS:
                return self.objects(text, known)
            case FieldKind.TEXT_BY_NAME:
                return self.text_by_name(text)
            case _:
                assert_never(known.kind)

    def text(self, text: str) -> str:
        """Return a string, or the text of another scalar as logged."""
        if text.startswith('"'):
            return str(json.loads(text))
        if text.startswith(("{", "[")):
            self.misfits[Misfit.NOT_TEXT] += 1
        return text

    def objects(self, text: str, known: Field) -> list[dict[str, Any] | None] | None:
        """Return the objects of an array; one object alone is not taken for an array of one."""
        if not text.startswith("["):
            self.misfits[Misfit.NOT_ARRAY] += 1
            return None
        objects: list[dict[str, Any] | None] = []
        for item in _items(text):
            if item.startswith("{"):
                objects.append(self.object(item, _BY_NAME[known.fields]))
            else:
                self.misfits[Misfit.NOT_OBJECT] += item != "null"
                objects.append(None)
        return objects

    def text_by_name(self, text: str) -> dict[str, str | None] | None:
        """Return the members of an object whose names are not known beforehand."""
        if not text.startswith("{"):
            self.misfits[Misfit.NOT_OBJECT] += 1
            return None
        members: dict[str, str | None] = {}
        for name, value in _members(text):
            self.misfits[Misfit.DUPLICATE_MEMBER] += name in members
            members[name] = None if value == "null" else self.text(value)
        return members


def _by_name(fields: Sequence[Field]) -> dict[tuple[Field, ...], Mapping[str, Field]]:
    names: dict[tuple[Field, ...], Mapping[str, Field]] = {tuple(fields): {known.column: known for known in fields}}
    for known in fields:
        if known.fields:
            names |= _by_name(known.fields)
    return names


_BY_NAME = _by_name(RECORD_FIELDS)


def records_of(text: bytes) -> Iterator[bytes] | None:
    """Cut the records out of a log file's JSON text, whatever they are; None if there is not exactly one array of them.

    Raises:
        NotJSONError: The text is not JSON; while the records are being taken, too.
    """
    # Latin-1 maps every byte to itself, so that bytes that are no UTF-8 reach the record they stand in.
    whole = text.decode("latin-1").strip(_SPACE)
    if not whole.startswith("{"):
        _check(whole)
        return None
    arrays = []
    for name, value in _members(whole):
        if name == "Records":
            arrays.append(value)
        else:
            _check(value)
    if len(arrays) != 1 or not arrays[0].startswith("["):
        return None
    return (item.encode("latin-1") for item in _items(arrays[0]))


def normalise(record: bytes) -> Normalised:
    """Rewrite a record so that it fits the table.

    Raises:
        NotJSONError: The record is not JSON.
    """
    text, not_unicode = _unicode(record)
    too_deep = not _check(text)
    rewriter = _Rewriter(too_deep, Counter({Misfit.NOT_UNICODE: not_unicode, Misfit.TOO_DEEP: too_deep}))
    if not text.startswith("{"):
        return Normalised(None, +rewriter.misfits)
    members = rewriter.object(text, _BY_NAME[RECORD_FIELDS])
    return Normalised(msgspec.json.encode(members), +rewriter.misfits)


def _check(text: str) -> bool:
    """Tell whether the text could be checked to be JSON to its end; False where it is nested too deeply for that."""
    try:
        json.loads(text, parse_int=_nothing, parse_float=_nothing, parse_constant=_refuse)
    except RecursionError:
        return False
    except json.JSONDecodeError as error:
        raise NotJSONError from error
    return True


def _nothing(_: str) -> None:
    return None


def _refuse(constant: str) -> None:
    raise json.JSONDecodeError(f"{constant} is not JSON", constant, 0)


def _unicode(record: bytes) -> tuple[str, int]:
    """Return the record as text and the number of places where it was none, as bytes or as escapes."""
    not_unicode = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal not_unicode
        if match["lone"] is None:
            return match[0]
        not_unicode += 1
        return _REPLACEMENT

    try:
        text = record.decode()
    except UnicodeDecodeError:
        text = record.decode(errors="replace")
        not_unicode += 1
    return (_ESCAPE.sub(replace, text) if "\\u" in text else text), not_unicode


def _members(text: str) -> Iterator[tuple[str, str]]:
    """Yield the names and the values, as text, of an object's members, in order."""
    for item in _items(text):
        name = _TOKEN.match(item)
        if name is None or not item.startswith('"'):
            raise NotJSONError
        colon = item[name.end() :].lstrip(_SPACE)
        if not colon.startswith(":"):
            raise NotJSONError
        try:
            yield str(json.loads(name[0])), colon[1:].strip(_SPACE)
        except json.JSONDecodeError as error:
            raise NotJSONError from error


def _items(text: str) -> Iterator[str]:
    """Yield what stands between the commas of the outermost array or object of a text."""
    depth, start = 0, 1
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in _OPENING:
            depth += 1
        elif mark in _CLOSING:
            depth -= 1
            if depth == 0:
                last = text[start : token.start()].strip(_SPACE)
                if text[token.end() :].strip(_SPACE) or (not last and start > 1):
                    raise NotJSONError
                if last:
                    yield last
                return
        elif mark == "," and depth == 1:
            item = text[start : token.start()].strip(_SPACE)
            if not item:
                raise NotJSONError
            yield item
            start = token.end()
    raise NotJSONError
