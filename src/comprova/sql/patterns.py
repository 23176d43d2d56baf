r"""The regular expressions on which both engines agree.

Athena matches with Joni (Java syntax), DuckDB with RE2. They agree on what is allowed here: characters, `.`, classes,
groups, alternatives, greedy and lazy repetition, `^` and `\A` for the start, `\z` for the end. What differs is refused:
`$` (Joni: also before a final line break), `\d \w \s \b` (Joni: of all scripts), `(?i)` (another folding), look-around,
back references, possessive repetition, nested classes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LITERAL_ESCAPES = frozenset(r"\.[]{}()*+?|^$/-\"'&~#@!%,;:=<> ") | {"n", "t", "r"}
_ANCHORS = frozenset("Az")
_REPEAT = re.compile(r"(?:[*+?]|\{(?P<low>\d{1,3})(?P<comma>,(?P<high>\d{1,3})?)?\})\??")
_HINTS = {
    "$": r"Write \z: on Athena $ also matches before a final line break.",
    "d": "Write [0-9]: on Athena \\d matches the digits of all scripts.",
    "w": "Write [A-Za-z0-9_].",
    "s": "Write [ \\t].",
    "b": "Write what may stand beside the word.",
    "Z": r"Write \z.",
}


class PatternError(ValueError):
    """A pattern is refused; the arguments are what was found, and what to write instead."""

    def __init__(self, found: str, hint: str = "") -> None:
        super().__init__(found, hint)
        self.found = found
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is known of an allowed pattern.

    Attributes:
        groups: For each capturing group, whether it takes part in every match.
        matches_empty: Whether it can match no text at all.
    """

    groups: tuple[bool, ...]
    matches_empty: bool


def read_pattern(text: str) -> Pattern:
    """Check a pattern.

    Raises:
        PatternError: The engines may not agree on it.
    """
    reader = _Reader(text)
    reader.alternatives(certain=True)
    if reader.position < len(text):
        raise PatternError(f"`)` without `(` in {text!r}")
    try:
        compiled = re.compile(text.replace(r"\z", r"\Z"))
    except re.error as error:  # a range or a repetition from more to less, a repeated anchor
        raise PatternError(f"{error} in {text!r}") from error
    return Pattern(tuple(reader.groups), compiled.search("") is not None)


@dataclass(slots=True)
class _Reader:
    text: str
    position: int = 0
    groups: list[bool] = field(default_factory=list)

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def take(self) -> str:
        char = self.peek()
        self.position += 1
        return char

    def alternatives(self, *, certain: bool) -> None:
        first = len(self.groups)
        while True:
            self.sequence(certain=certain)
            if self.peek() != "|":
                return
            self.take()
            self.groups[first:] = [False] * (len(self.groups) - first)
            certain = False

    def sequence(self, *, certain: bool) -> None:
        while (char := self.peek()) and char not in "|)":
            first = len(self.groups)
            self.atom(certain=certain)
            if self.repetition():
                self.groups[first:] = [False] * (len(self.groups) - first)

    def atom(self, *, certain: bool) -> None:
        match self.take():
            case "(":
                self.group(certain=certain)
            case "[":
                self.char_class()
            case "\\":
                self.escape(anchors=_ANCHORS)
            case "^" | ".":
                pass
            case "$":
                raise PatternError(f"`$` in {self.text!r}", _HINTS["$"])
            case ("*" | "+" | "?" | "{" | "}" | "]") as char:
                raise PatternError(f"a lone `{char}` in {self.text!r}", f"Write \\{char}.")
            case _:
                pass

    def group(self, *, certain: bool) -> None:
        if self.peek() == "?":
            if not self.text.startswith("?:", self.position):
                found = self.text[self.position - 1 : self.position + 4]
                hint = "Write lower(…) and a pattern in lower case." if found.startswith("(?i") else ""
                raise PatternError(f"`{found}` in {self.text!r}", hint)
            self.position += 2
            self.alternatives(certain=certain)
        else:
            own = len(self.groups)
            self.groups.append(certain)
            self.alternatives(certain=certain)
            self.groups[own] = certain
        if self.take() != ")":
            raise PatternError(f"`(` without `)` in {self.text!r}")

    def repetition(self) -> bool:
        """Take a repetition, and tell whether it allows none at all."""
        found = _REPEAT.match(self.text, self.position)
        if found is None:
            return False
        self.position = found.end()
        if self.peek() in ("+", "*", "?", "{") and self.peek():
            raise PatternError(f"a repetition of a repetition in {self.text!r}", "Put the first in (?: ).")
        low = found["low"]
        return found[0][0] in "*?" if low is None else int(low) == 0

    def escape(self, anchors: frozenset[str]) -> None:
        char = self.take()
        if char not in _LITERAL_ESCAPES and char not in anchors:
            raise PatternError(f"`\\{char}` in {self.text!r}", _HINTS.get(char.lower(), _HINTS.get(char, "")))

    def char_class(self) -> None:
        if self.peek() == "^":
            self.take()
        if self.peek() == "]":
            raise PatternError(f"an empty class in {self.text!r}", r"Write \].")
        while (char := self.take()) != "]":
            if char == "":
                raise PatternError(f"`[` without `]` in {self.text!r}")
            if char == "[":
                raise PatternError(f"`[` in a class of {self.text!r}", r"Write \[.")
            if char == "&" and self.peek() == "&":
                raise PatternError(f"`&&` in a class of {self.text!r}")
            if char == "\\":
                self.escape(anchors=frozenset())


_REFERENCE = re.compile(r"\$(\d)(?!\d)")


def duckdb_replacement(text: str, groups: int) -> str:
    r"""Return a replacement of Athena (`$1`) as DuckDB writes it (`\1`).

    Raises:
        PatternError: It is neither plain text nor names groups that the pattern has.
    """
    if "\\" in text or "$" in _REFERENCE.sub("", text):
        raise PatternError(f"the replacement {text!r}", "Write plain text, and $1 … $9 for groups.")
    if any(int(number) > groups for number in _REFERENCE.findall(text)):
        raise PatternError(f"the replacement {text!r}", f"The pattern has {groups} groups.")
    return _REFERENCE.sub(r"\\\1", text)


_STEP = re.compile(r'\.(?P<key>[A-Za-z_][A-Za-z0-9_:]*)|\[(?P<index>\d+)\]|\["(?P<quoted>(?:[^"\\]|\\["\\])+)"\]')


def duckdb_path(text: str) -> str:
    """Return a JSON path of Athena (`$.a[0]["b c"]`) as DuckDB writes it (`$."a"[0]."b c"`).

    Raises:
        PatternError: It is not of that form.
    """
    return "$" + "".join(_duckdb_steps(text))


def _duckdb_steps(text: str) -> Iterator[str]:
    position = 1
    while position < len(text) or not text.startswith("$"):
        step = _STEP.match(text, position) if text.startswith("$") else None
        if step is None:
            raise PatternError(f"the JSON path {text!r}", 'Write $.key, $.key[0] or $["any key"].')
        position = step.end()
        if step["index"] is not None:
            yield f"[{step['index']}]"
        else:
            key = step["key"] or re.sub(r"\\(.)", r"\1", step["quoted"])
            if '"' in key or "\\" in key:
                raise PatternError(f"the JSON path {text!r}", "Keys without quotes and backslashes only.")
            yield f'."{key}"'
