"""Sizes as people write them: "500 GB". AWS bills and limits Athena in decimal units, so these are decimal."""

import re
from typing import Annotated

from pydantic import AfterValidator

_UNITS = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "PB": 10**15}
_SIZE = re.compile(r"(?P<number>[0-9]{1,15}(?:\.[0-9]{1,3})?) ?(?P<unit>B|[kK]B|MB|GB|TB|PB)", re.ASCII)

SIZE_EXPECTED = "a size such as 500 GB or 1.5 TB (decimal: 1 TB is 10^12 bytes)"
"""What a text must be, as it follows "expected"."""


def bytes_of(size: str) -> int:
    """Return the bytes of a size such as `500 GB`, `1.5TB` or `10000000 B`.

    Raises:
        ValueError: It is none; the message says what was expected.
    """
    match = _SIZE.fullmatch(size.strip())
    if match is None:
        raise ValueError(SIZE_EXPECTED)
    whole, _, fraction = match["number"].partition(".")
    unit = _UNITS[match["unit"].replace("KB", "kB")]
    return int(whole) * unit + int(fraction.ljust(3, "0")) * unit // 1000


def size_of(count: int) -> str:
    """Return a number of bytes in the largest unit of which there is at least one: `1.5 TB`, `0 B`."""
    unit = next((name for name, one in reversed(_UNITS.items()) if count >= one), "B")
    number = f"{count / _UNITS[unit]:.2f}".rstrip("0").rstrip(".") if unit != "B" else str(count)
    return f"{number} {unit}"


def _is_size(text: str) -> str:
    bytes_of(text)
    return text


Size = Annotated[str, AfterValidator(_is_size)]
"""A size in a content file, as it is written there; `bytes_of` counts it."""
