"""Reads and writes single values as Athena's casts do, in the forms that DuckDB does not have; the layer calls it."""

import json
import re
import unicodedata
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from math import copysign, isinf, isnan
from zoneinfo import available_timezones

_DATE = re.compile(r"([+-]?[0-9]+)-([0-9]{1,2})-([0-9]{1,2})")
_TIMESTAMP = re.compile(
    r"([+-]?[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2})"
    r"(?: (?:([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]+))?)?)?[ \t-\r]*+(.+)?)?"
)
_OFFSET = re.compile(r"Z|(?:UTC|GMT|UT)?[+-]([0-9]|[0-9]{2}(?::?[0-5][0-9]){0,2})|UTC|GMT|UT")
_MOST_HOURS = 18
_MOST_FRACTION = 2**63
_MILLISECOND = 3
_FLOAT = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[dDfF]?|([+-]?)(Infinity)")
_HEX_FLOAT = re.compile(r"([+-]?0[xX](?:[0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+)[dDfF]?")
_CONTROL = "".join(map(chr, range(0x21)))
_WIDEST = 0x10000
_MOST_DIGITS = 19  # of a bigint


def read_integer(text: str | None) -> str | None:
    """Return an integer in plain digits: Athena's `TRY_CAST(text AS bigint)`, from any script."""
    if text is None or not re.fullmatch(r"[+-]?\d+", text) or any(ord(character) >= _WIDEST for character in text):
        return None
    digits = "".join(str(unicodedata.decimal(character)) for character in text.lstrip("+-")).lstrip("0") or "0"
    return f"{'-' if text.startswith('-') else ''}{digits}" if len(digits) <= _MOST_DIGITS else None


def read_double(text: str | None) -> str | None:
    """Return a number in its plain form: Athena's `TRY_CAST(text AS double)`, also of `Infinity`, `1e3f` and `0x1p3`.

    `NaN` gives None, unlike on Athena: DuckDB takes it for the greatest number, Athena compares it with nothing.
    """
    if text is None:
        return None
    text = text.strip(_CONTROL)
    if plain := _FLOAT.fullmatch(text):
        return plain[1] or f"{plain[2]}{plain[3]}"
    if hexadecimal := _HEX_FLOAT.fullmatch(text):
        try:
            return repr(float.fromhex(hexadecimal[1]))
        except OverflowError:
            return f"{text[0] if text[0] == '-' else ''}Infinity"
    return None


def read_date(text: str | None) -> str | None:
    """Return a date in its plain form: Athena's `TRY_CAST(text AS date)`, without white space around it.

    Years before 1 and after 9999 give None, and not what Athena gives.
    """
    day = _day(text) if text is not None else None
    return day.date().isoformat() if day else None


def read_timestamp(text: str | None) -> str | None:
    """Return a timestamp in its plain form: Athena's `TRY_CAST(text AS timestamp(3))`, without white space around it.

    A time zone must be one that Java knows, and changes nothing. Years as in `read_date`.
    """
    found = _TIMESTAMP.fullmatch(text) if text is not None else None
    day = _day(found[1]) if found else None
    if found is None or day is None or not _is_zone(found[6]):
        return None
    hour, minute, second = (int(part or 0) for part in found.group(2, 3, 4))
    fraction = found[5] or "0"
    try:
        time = day.replace(hour=hour, minute=minute, second=second)
        if int(fraction) >= _MOST_FRACTION:
            return None
        return (time + timedelta(milliseconds=_milliseconds(fraction))).isoformat(" ", "milliseconds")
    except (ValueError, OverflowError):
        return None


def write_double(number: float | None) -> str | None:
    """Write a double as `CAST(… AS varchar)` does: `1.5E0`; so JSON's numbers stand in an `array(varchar)`.

    NaN, which is no JSON, gives None.
    """
    if number is None or isnan(number):
        return None
    sign = "-" if copysign(1, number) < 0 else ""
    if number == 0 or isinf(number):
        return f"{sign}{'Infinity' if number else '0E0'}"
    _, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    first, *rest = map(str, digits)
    return f"{sign}{first}.{''.join(rest) or '0'}E{int(exponent) + len(rest)}"


def is_json(text: str | None) -> bool | None:
    """Tell whether text that DuckDB has read as JSON is JSON: DuckDB also takes `[1,]` and `NaN`."""
    if text is None:
        return None
    try:
        json.loads(text, parse_constant=_refuse, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(name: str) -> None:
    raise ValueError(name)


def _day(text: str) -> datetime | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]))  # noqa: DTZ001 - Athena's have no zone
    except (ValueError, OverflowError):
        return None


def _milliseconds(fraction: str) -> int:
    """Round half up."""
    digits = int(f"{fraction}000"[: max(len(fraction), _MILLISECOND)])
    unit: int = 10 ** max(len(fraction) - _MILLISECOND, 0)
    return (digits + unit // 2) // unit


def _is_zone(name: str | None) -> bool:
    offset = _OFFSET.fullmatch(name) if name else None
    if offset is None:
        return name is None or name in _regions()
    hours, *rest = re.findall("[0-9]{1,2}", offset[1] or "0")
    return int(hours) < _MOST_HOURS or (int(hours) == _MOST_HOURS and not any(map(int, rest)))


@cache
def _regions() -> frozenset[str]:
    return frozenset(available_timezones() - {"EST", "Factory", "HST", "MST", "ROC", "localtime", "posixrules"})
