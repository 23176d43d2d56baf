"""What is told where two engines answer otherwise: enough to see every difference, and nothing where there is none."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pytest

from engines.differences import differences

ROWS: list[dict[str, object]] = [{"name": "a", "number": 1}, {"name": None, "number": 2}]


def table(rows: Sequence[Mapping[str, object]], number: pa.DataType | None = None) -> pa.Table:
    """Return rows of a name and a number."""
    return pa.Table.from_pylist(rows, pa.schema([("name", pa.string()), ("number", number or pa.int64())]))


def test_equal_answers_have_no_difference() -> None:
    """Nothing is told of the same rows, nor of two numbers that are none."""
    assert differences(table(ROWS), table(ROWS)) == []
    none = table([{"name": "a", "number": float("nan")}], pa.float64())
    assert differences(none, none) == []


@pytest.mark.parametrize(
    ("athena", "told"),
    [
        (
            [{"name": "a", "number": 3}, {"name": "", "number": 2}],
            ["row 1, number: DuckDB 1, Athena 3", "row 2, name: DuckDB None, Athena ''"],
        ),
        (
            ROWS[::-1],
            [
                "the same rows in another order, from row 1 on",
                "row 1, name: DuckDB 'a', Athena None",
                "row 1, number: DuckDB 1, Athena 2",
            ],
        ),
        (ROWS[:1], ["DuckDB has 2 rows, Athena 1", "only DuckDB has {'name': None, 'number': 2}"]),
        ([*ROWS, *ROWS[:1]], ["DuckDB has 2 rows, Athena 3", "only Athena has {'name': 'a', 'number': 1}"]),
    ],
    ids=["values", "order", "a row less", "a row twice"],
)
def test_every_difference_is_told(athena: list[dict[str, object]], told: list[str]) -> None:
    """Each value that differs has a line with its row, its column and both values."""
    assert differences(table(ROWS), table(athena)) == told


def test_types_are_compared() -> None:
    """The same figure of another type is a difference, and so is a column that has another name."""
    assert differences(table(ROWS), table(ROWS, pa.int32())) == ["column number: DuckDB 'int64', Athena 'int32'"]
    assert differences(table(ROWS), table(ROWS).rename_columns(["name", "count"])) == [
        "column number: DuckDB 'int64', Athena 'none'",
        "column count: DuckDB 'none', Athena 'int64'",
        "column names: DuckDB 'name, number', Athena 'name, count'",
    ]


def test_much_is_told_shortly() -> None:
    """Of a long text the place is shown where it begins to differ; of many values the first, and their number."""
    one, other = ("x" * 300 + end for end in ("a", "b"))
    (line,) = differences(table([{"name": one, "number": 1}]), table([{"name": other, "number": 1}]))
    assert line == f"row 1, name: DuckDB …{'x' * 24}a', Athena …{'x' * 24}b'"
    many = [[{"name": "a", "number": start + number} for number in range(40)] for start in (0, 100)]
    lines = differences(table(many[0]), table(many[1]))
    assert (len(lines), lines[-1]) == (13, "and 28 more")
