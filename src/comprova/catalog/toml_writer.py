r"""Writes entries of TOML files, so that they can be put after what people wrote in them, which stays as it is.

Values may be what strangers wrote into a log: whatever is invisible, or would show text in another order, is escaped.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

Written = str | int | float | bool | date | datetime | Sequence["Written"] | Mapping[str, "Written"]
"""A value that an entry can have."""

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_SHORT = 0xFFFF


def entry(table: str, values: Mapping[str, Written]) -> str:
    """Return one element of an array of tables, with its values below each other."""
    width = max(len(name) for name in values)
    lines = "".join(f"{name:<{width}} = {toml(value)}\n" for name, value in values.items())
    return f"[[{table}]]\n{lines}"


def with_entry(text: str, written: str) -> str:
    """Return a file with an entry after all that is there, of which no byte changes."""
    if not text:
        return written
    return f"{text}{'' if text.endswith(chr(10)) else chr(10)}\n{written}"


def toml(value: Written) -> str:
    """Return the TOML of a value, on one line."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str():
            return f'"{"".join(_escaped(character) for character in value)}"'
        case date():
            return value.isoformat()
        case Mapping():
            members = ", ".join(f"{name} = {toml(member)}" for name, member in value.items())
            return f"{{ {members} }}" if members else "{}"
        case _:
            return f"[{', '.join(toml(item) for item in value)}]"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code <= _SHORT else f"\\U{code:08X}"
