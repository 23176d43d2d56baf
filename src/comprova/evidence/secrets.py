"""Masks secrets in text that holds JSON, in place: what stands around them stays readable.

A secret is the value of a member whose name `queries/secrets.toml` lists. The text need not be JSON as a whole: it may
be cut, broken, or a message with some JSON in it, and JSON that stands in a string of other JSON is looked into as
well, however often it was escaped. The time is linear in the length of the text, which strangers choose.
"""

import re
from collections.abc import Iterable, Mapping

from comprova.catalog.secret_members import SecretMembers, plain_name

MASK = "[masked]"
"""What stands in the place of a secret, in every language."""

_MEMBER = re.compile(
    r"""(?<!\\)(?P<escapes>\\*)"            # a quotation mark, escaped as often as JSON stands in strings of JSON
    (?P<name>(?:[^"\\]|\\+u[0-9a-fA-F]{4}){1,64})
    (?P=escapes)"\s*:\s*(?=\S)""",
    re.VERBOSE,
)
_UNICODE_ESCAPE = re.compile(r"(?<!\\)\\+u([0-9a-fA-F]{4})")
_QUOTE = re.compile(r'(?<!\\)(?P<escapes>\\*)"')
_STRUCTURE = re.compile(r'(?<!\\)(?P<escapes>\\*)"|[\[\]{}]')
_SCALAR = re.compile(r'[^,\]}\s"\\]+')
_NOT_SECRET = frozenset({"true", "false", "null"})
_OPENS = frozenset("[{")


class Secrets:
    """The names of members that hold secrets.

    Args:
        names: As `plain_name` writes them.
        hidden: Texts that are written in the place of a secret; so is a text of asterisks alone.
    """

    def __init__(self, names: Iterable[str], hidden: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._hidden = frozenset({*hidden, MASK})

    def is_name(self, name: str) -> bool:
        """Tell whether a member of this name holds a secret."""
        return plain_name(name) in self._names

    def masked(self, text: str) -> tuple[str, int]:
        """Return the text with every secret replaced, and how many there were."""
        if '"' not in text or ":" not in text:
            return text, 0
        parts: list[str] = []
        done = count = position = 0
        while (match := _MEMBER.search(text, position)) is not None:
            position = match.end()
            if not self.is_name(_UNICODE_ESCAPE.sub(_character, match["name"])):
                # What looks like a value may be the next name, as in {"a":"password":…}: go on right behind the colon.
                continue
            level = len(match["escapes"])
            end = _value_end(text, position, level)
            value = text[position:end]
            position = end
            if self._is_secret(value, level):
                quote = "\\" * level + '"'
                parts += [text[done : match.end()], quote, MASK, quote]
                done = end
                count += 1
        return "".join([*parts, text[done:]]), count

    def masked_value(self, value: object) -> tuple[object, int]:
        """Return a value with every secret in its texts replaced, and how many there were."""
        if isinstance(value, str):
            return self.masked(value)
        if isinstance(value, list | tuple):
            items = [self.masked_value(item) for item in value]
            return [item for item, _ in items], sum(count for _, count in items)
        if isinstance(value, Mapping):
            pairs = {key: self.masked_value(item) for key, item in value.items()}
            return {key: item for key, (item, _) in pairs.items()}, sum(count for _, count in pairs.values())
        return value, 0

    def _is_secret(self, value: str, level: int) -> bool:
        if not value or value in _NOT_SECRET:
            return False
        quote = "\\" * level + '"'
        inner = value.removeprefix(quote).removesuffix(quote) if value.startswith(quote) else value
        return _UNICODE_ESCAPE.sub(_character, inner) not in self._hidden and inner.strip("*") != ""


def secrets_of(members: SecretMembers) -> Secrets:
    """Return what masks the secrets that content lists."""
    return Secrets(members.names, members.hidden)


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def _value_end(text: str, start: int, level: int) -> int:
    """Return where a value ends; of a broken text, that of the text: nothing behind can be told from the value."""
    quote = "\\" * level + '"'
    if text.startswith(quote, start):
        return _string_end(text, start + len(quote), level)
    if text[start] in _OPENS:
        return _container_end(text, start, level)
    scalar = _SCALAR.match(text, start)
    return scalar.end() if scalar else start


def _string_end(text: str, start: int, level: int) -> int:
    for match in _QUOTE.finditer(text, start):
        escapes = len(match["escapes"])
        if escapes < level:
            return match.start()  # the string around it ends: this one was cut
        if _is_quote(escapes, level):
            return match.end()
    return len(text)


def _container_end(text: str, start: int, level: int) -> int:
    depth, position = 0, start
    while (match := _STRUCTURE.search(text, position)) is not None:
        position = match.end()
        if match["escapes"] is not None:
            if len(match["escapes"]) < level:
                return match.start()
            if _is_quote(len(match["escapes"]), level):
                position = _string_end(text, position, level)
            continue
        depth += 1 if match[0] in _OPENS else -1
        if depth == 0:
            return position
    return len(text)


def _is_quote(escapes: int, level: int) -> bool:
    """Tell a quotation mark that opens or closes a string from one inside it, by the backslashes before it.

    A mark that JSON escaped n times has 2**n - 1 of them. A string that ends in backslashes has these before its mark,
    each doubled n + 1 times.
    """
    return escapes % (2 * (level + 1)) == level
