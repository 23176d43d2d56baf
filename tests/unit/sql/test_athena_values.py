"""Values are read and written as Athena does, in the forms that DuckDB does not have."""

from math import inf, nan

import pytest

from comprova.sql.athena_values import (
    is_json,
    read_date,
    read_double,
    read_integer,
    read_timestamp,
    write_double,
)
from comprova.sql.duckdb_layer import json_number


@pytest.mark.parametrize("read", [is_json, read_date, read_double, read_integer, read_timestamp, write_double])
def test_null_stays_null(read: object) -> None:
    """Nothing is made of NULL."""
    assert callable(read)
    assert read(None) is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\u0664\u0662", "42"),
        ("-\uff15", "-5"),
        ("9223372036854775808", "9223372036854775808"),
        ("99999999999999999999", None),
        ("000000000000000000000007", "7"),
        ("-0", "-0"),
        ("\U0001d7d3", None),
        (" 5", None),
        ("", None),
    ],
)
def test_integers(text: str, plain: str | None) -> None:
    """Digits of any script that Java takes for digits, and nothing else."""
    assert read_integer(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000 + "x",
        "0x" + "1" * 100_000 + "x",
        "2026-01-02 " + " " * 100_000 + "x\ny",
        "\u0664" * 5_000,
        "1" * 5_000 + "-01-01",
        "2026-01-02 00:00:00." + "9" * 5_000,
        "[" * 100_000,
    ],
    ids=["float", "hexadecimal", "spaces", "integer", "year", "fraction", "depth"],
)
def test_hostile_text_is_read_or_not_but_never_stops_a_run(text: str) -> None:
    """It costs in proportion to its length (a test that hangs has failed), and raises nothing."""
    assert {read(text) for read in (read_integer, read_double, read_date, read_timestamp)} == {None}
    assert is_json(text) is False
    assert json_number(text, '$."a"') is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (" 5.5 ", "5.5"),
        ("1e3f", "1e3"),
        (".5D", ".5"),
        ("-Infinity", "-Infinity"),
        ("NaN", None),
        ("0x1p3", "8.0"),
        ("-0x1p9999", "-Infinity"),
        ("inf", None),
        ("1e", None),
        ("1_0", None),
        ("\u0665", None),
    ],
)
def test_doubles(text: str, plain: str | None) -> None:
    """What Java's Double.parseDouble takes."""
    assert read_double(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2026-1-2", "2026-01-02"),
        ("+26-01-02", "0026-01-02"),
        ("2026-02-30", None),
        ("2026-001-02", None),
        ("12026-01-02", None),
        ("2026-01-02 00:00:00", None),
    ],
)
def test_dates(text: str, plain: str | None) -> None:
    """Months and days of one digit are dates, and days that the calendar does not have are none."""
    assert read_date(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2026-1-2", "2026-01-02 00:00:00.000"),
        ("2026-1-2 3:4", "2026-01-02 03:04:00.000"),
        ("2026-01-02 03:04:05.1235", "2026-01-02 03:04:05.124"),
        ("2026-12-31 23:59:59.9995", "2027-01-01 00:00:00.000"),
        ("2026-01-02 03:04:05.5", "2026-01-02 03:04:05.500"),
        ("2026-01-02 03:04:05+02:00", "2026-01-02 03:04:05.000"),
        ("2026-01-02 03:04:05 -18", "2026-01-02 03:04:05.000"),
        ("2026-01-02 Z", "2026-01-02 00:00:00.000"),
        ("2026-01-02 03:04 America/Sao_Paulo", "2026-01-02 03:04:00.000"),
        ("2026-01-02 03:04:05 -18:01", None),
        ("2026-01-02 03:04:05 -2:00", None),
        ("2026-01-02 03:04:05 EST", None),
        ("2026-01-02 3", None),
        ("2026-01-02T03:04:05", None),
        ("2026-01-02 24:00:00", None),
        ("2026-01-02 03:04:05.99999999999999999999", None),
        ("9999-12-31 23:59:59.9999", None),
    ],
)
def test_timestamps(text: str, plain: str | None) -> None:
    """Parts may be short or left out, fractions are rounded, and a zone is read over."""
    assert read_timestamp(text) == plain


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.5, "1.5E0"),
        (100.0, "1.0E2"),
        (-0.25, "-2.5E-1"),
        (0.0, "0E0"),
        (-0.0, "-0E0"),
        (1e-300, "1.0E-300"),
        (123456789012345680.0, "1.2345678901234568E17"),
        (inf, "Infinity"),
        (-inf, "-Infinity"),
        (nan, None),
    ],
)
def test_doubles_are_written(number: float, text: str) -> None:
    """One digit before the point, one at least behind it, and the exponent always."""
    assert write_double(number) == text


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('{"a":[1,2]}', True),
        (' "NaN" ', True),
        ("[1,]", False),
        ('{"a":NaN}', False),
        ("nan", False),
        ("[" * 9999, False),
    ],
)
def test_json(text: str, answer: bool) -> None:  # noqa: FBT001 - it is what is asked
    """A comma too many and NaN are not JSON."""
    assert is_json(text) is answer
