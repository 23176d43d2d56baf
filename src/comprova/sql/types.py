"""Athena's types, as far as queries may use them, and which of them Athena converts by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Type:
    """One type.

    Attributes:
        name: `varchar`, `bigint`, `array`, `row` …; a single capital letter stands for any type in a signature.
        of: Types of the elements, of key and value, of the fields, or of a function's arguments and result.
        fields: Names of a row's fields.
    """

    name: str
    of: tuple["Type", ...] = ()
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.name == "row":
            inner = ", ".join(f"{name} {kind}" for name, kind in zip(self.fields, self.of, strict=True))
            return f"row({inner})"
        return f"{self.name}({', '.join(map(str, self.of))})" if self.of else self.name

    def __deepcopy__(self, memo: object) -> "Type":
        # Trees carry types and are copied often; a value that cannot change needs no copy.
        return self

    @property
    def is_variable(self) -> bool:
        """Whether it stands for any type."""
        return len(self.name) == 1

    def field(self, name: str) -> "Type | None":
        """Return the type of a row's field."""
        return dict(zip(self.fields, self.of, strict=True)).get(name.lower()) if self.name == "row" else None


VARCHAR = Type("varchar")
BIGINT = Type("bigint")
INTEGER = Type("integer")
DOUBLE = Type("double")
DECIMAL = Type("decimal")
BOOLEAN = Type("boolean")
DATE = Type("date")
TIMESTAMP = Type("timestamp")
JSON = Type("json")
IPADDRESS = Type("ipaddress")
INTERVAL = Type("interval")
INSTANT = Type("instant")
"""A timestamp with time zone whose zone is UTC; it can only be brought to another zone."""
LOCAL = Type("local")
"""A timestamp with time zone in a zone of one's choice: its date and hour can be read, and it compares with nothing."""
NULL = Type("unknown")
"""The type of a bare NULL."""
ANY = Type("any")
"""Of an expression that is refused already: nothing more is said about what is made of it."""

_SORTABLE = frozenset({VARCHAR, BIGINT, INTEGER, DOUBLE, DECIMAL, BOOLEAN, DATE, TIMESTAMP, NULL, ANY})
_WIDENS = {INTEGER: 0, BIGINT: 1, DECIMAL: 2, DOUBLE: 3}
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[(),]")
_ARITY = {"array": (1, 1), "map": (2, 2), "f": (1, 9)}


def array_of(element: Type) -> Type:
    """Return the type of an array."""
    return Type("array", (element,))


def parse_type(text: str) -> Type:
    """Read a type in Athena's notation, such as `array(row(arn varchar, type varchar))`.

    Names that stand alone are kept as they are; `f(T, U)` is a function from T to U.

    Raises:
        ValueError: It is not of that notation.
    """
    text = re.sub(r"timestamp\s*\(\s*3\s*\)", "timestamp", text, flags=re.IGNORECASE)
    tokens = _TOKEN.findall(text)
    reader = iter([*tokens, ""])
    type_, rest = _read(next(reader), reader)
    if rest or "".join(tokens) != re.sub(r"\s+", "", text):
        message = f"not a type: {text}"
        raise ValueError(message)
    return type_


def _read(name: str, tokens: Iterator[str]) -> tuple[Type, str]:
    """Read one type whose name was read already, and the token after it."""
    after = next(tokens, "")
    if after != "(":
        return Type(name if len(name) == 1 else name.lower()), after
    name = name.lower()
    fields: list[str] = []
    parts: list[Type] = []
    after = ","
    while after == ",":
        word = next(tokens, "")
        if name == "row":
            fields.append(word.lower())
            word = next(tokens, "")
        part, after = _read(word, tokens)
        parts.append(part)
    low, high = _ARITY.get(name, (1, len(parts) if name == "row" else 0))
    if after != ")" or not low <= len(parts) <= high:
        message = f"not a type: {name}"
        raise ValueError(message)
    return Type(name, tuple(parts), tuple(fields)), next(tokens, "")


def converts(from_: Type, to: Type) -> bool:
    """Tell whether Athena takes a value of one type where another is asked for."""
    if ANY in (from_, to) or from_ in (to, NULL):
        return True
    if from_ in _WIDENS and to in _WIDENS:
        return _WIDENS[from_] <= _WIDENS[to]
    if from_.name == to.name and len(from_.of) == len(to.of) > 0:
        return all(converts(left, right) for left, right in zip(from_.of, to.of, strict=True))
    return (from_, to) == (DATE, TIMESTAMP)


def common(left: Type, right: Type) -> Type | None:
    """Return the type that two values take side by side (in CASE, coalesce, UNION, a comparison), if there is one."""
    if ANY in (left, right):
        return ANY
    if converts(left, right):
        return right
    if converts(right, left):
        return left
    return None


def is_sortable(type_: Type) -> bool:
    """Tell whether values of a type compare and sort alike on both engines.

    Rows and arrays do not: where one holds NULL, Athena cannot sort, and does not say whether two are equal.
    """
    return type_ in _SORTABLE


def is_groupable(type_: Type) -> bool:
    """Tell whether values of a type group alike on both engines."""
    if type_.name in ("array", "map", "row"):
        return all(is_groupable(part) for part in type_.of)
    return is_sortable(type_)
