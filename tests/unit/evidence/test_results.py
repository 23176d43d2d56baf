"""The same rows make the same files, exact in Parquet and safe in CSV."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.evidence import results
from comprova.evidence.results import Written, arrow_schema, write_result
from comprova.evidence.secrets import Secrets

COLUMNS = tuple(PlainColumn(f"c{number}", type_) for number, type_ in enumerate(ColumnType))
SECRETS = Secrets(("password",), ())
MOMENT = datetime(2026, 10, 12, 1, 2, 3, 456_000)  # noqa: DTZ001 - results are naive UTC

VALUES: dict[ColumnType, tuple[object, str]] = {
    ColumnType.VARCHAR: ("=1;=2", "'=1;'=2"),
    ColumnType.BIGINT: (-(2**63), "-9223372036854775808"),
    ColumnType.DOUBLE: (0.1, "0.1"),
    ColumnType.BOOLEAN: (False, "false"),
    ColumnType.DATE: (date(2026, 10, 12), "2026-10-12"),
    ColumnType.TIMESTAMP: (MOMENT, "2026-10-12T01:02:03.456Z"),
    ColumnType.VARCHAR_ARRAY: (["a", "", None, 'é"', "x;=1"], '["a", "", null, "é\\"", "x;\'=1"]'),
}
"""A value of every type, and its text in the CSV."""


def batch(rows: Sequence[Sequence[object]], columns: Sequence[PlainColumn] = COLUMNS) -> pa.RecordBatch:
    """Return rows as an engine gives them."""
    arrays = [
        pa.array([row[number] for row in rows], arrow_schema(columns).field(number).type)
        for number in range(len(columns))
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=arrow_schema(columns))


def written(
    folder: Path, batches: Sequence[pa.RecordBatch], columns: Sequence[PlainColumn] = COLUMNS
) -> tuple[Path, Path]:
    """Write a result and return its two files."""
    paths = folder / "r.parquet", folder / "r.csv"
    count = write_result(batches, columns, SECRETS, *paths)
    assert count == Written(sum(one.num_rows for one in batches), 0)
    return paths


def cells(path: Path) -> list[list[str]]:
    """Return the cells of a CSV file as a reader of CSV sees them."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_every_type_keeps_its_value(tmp_path: Path) -> None:
    """Parquet holds the value itself, the CSV its guarded text."""
    assert set(VALUES) == set(ColumnType)
    row = [VALUES[column.type][0] for column in COLUMNS]
    exact, copy = written(tmp_path, [batch([row])])
    assert [list(one.values()) for one in parquet.read_table(exact).to_pylist()] == [row]
    assert parquet.read_schema(exact).types == arrow_schema(COLUMNS).types
    assert cells(copy) == [[column.name for column in COLUMNS], [VALUES[column.type][1] for column in COLUMNS]]


def test_null_and_the_empty_text_are_told_apart(tmp_path: Path) -> None:
    """NULL is an empty cell, the empty text is two quotation marks, an empty list is a list."""
    columns = (PlainColumn("a", ColumnType.VARCHAR), PlainColumn("b", ColumnType.VARCHAR_ARRAY))
    rows = [(None, None), ("", []), ("NULL", [None])]
    exact, copy = written(tmp_path, [batch(rows, columns)], columns)
    assert copy.read_text(encoding="utf-8") == '"a","b"\n,\n"","[]"\n"NULL","[null]"\n'
    assert [tuple(row.values()) for row in parquet.read_table(exact).to_pylist()] == rows


def test_a_row_of_nulls_stays_a_row(tmp_path: Path) -> None:
    """NULL of every type is an empty cell, and the row is counted."""
    exact, copy = written(tmp_path, [batch([[None] * len(COLUMNS)])])
    assert copy.read_text(encoding="utf-8").splitlines()[1] == "," * (len(COLUMNS) - 1)
    assert parquet.read_table(exact).num_rows == 1


@pytest.mark.parametrize("batches", [[], [batch([])]])
def test_no_rows_make_whole_files(tmp_path: Path, batches: Sequence[pa.RecordBatch]) -> None:
    """An empty result has its columns, in both files, whether the engine sent an empty batch or none."""
    exact, copy = written(tmp_path, batches)
    assert parquet.read_schema(exact).equals(arrow_schema(COLUMNS))
    assert cells(copy) == [[column.name for column in COLUMNS]]


def rows_of(count: int) -> list[tuple[object, ...]]:
    """Return rows with text that repeats, NULLs, and lists."""
    return [
        (
            None if number % 7 == 0 else f"actor {number % 50}",
            number,
            number / 3,
            number % 2 == 0,
            date(2026, 10, 1 + number % 28),
            MOMENT.replace(microsecond=number % 1000 * 1000),
            [f"r{number % 3}"] * (number % 4),
        )
        for number in range(count)
    ]


def split(rows: pa.RecordBatch, lengths: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """Yield slices of these lengths, and the rest."""
    start = 0
    for length in lengths:
        yield rows.slice(start, length)
        start += length
    yield rows.slice(start)


def hashes(paths: tuple[Path, Path]) -> list[str]:
    """Return the hashes of both files."""
    return [sha256(path.read_bytes()).hexdigest() for path in paths]


def row_groups(path: Path) -> list[int]:
    """Return the number of rows of each row group."""
    metadata = parquet.read_metadata(path)
    return [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]


@pytest.mark.parametrize("lengths", [[100], [99, 2], [1, 0, 170], [7] * 30, [101], [200]])
def test_batches_leave_no_trace_in_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lengths: list[int]
) -> None:
    """However an engine cuts its rows, row groups and bytes are the same."""
    monkeypatch.setattr(results, "ROW_GROUP", 100)
    rows = batch(rows_of(210))
    whole = written(tmp_path / "whole", [rows])
    cut = written(tmp_path / "cut", list(split(rows, lengths)))
    assert hashes(cut) == hashes(whole)
    assert row_groups(cut[0]) == [100, 100, 10]


def test_large_results_are_cut_into_row_groups(tmp_path: Path) -> None:
    """A row group has 65,536 rows; changing that would change the bytes of evidence."""
    columns = (PlainColumn("a", ColumnType.BIGINT),)
    rows = pa.RecordBatch.from_arrays([pa.array(range(65_546))], schema=arrow_schema(columns))
    exact, _ = written(tmp_path, list(split(rows, [40_000])), columns)
    assert row_groups(exact) == [65_536, 10]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_rows_and_any_batches(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Rows of any text come back exactly, and their files do not depend on the batches."""
    columns = (PlainColumn("a", ColumnType.VARCHAR), PlainColumn("b", ColumnType.VARCHAR_ARRAY))
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    rows = data.draw(
        st.lists(st.tuples(st.none() | text, st.none() | st.lists(st.none() | text, max_size=3)), max_size=9)
    )
    lengths = data.draw(st.lists(st.integers(0, 3), max_size=4))
    folder = tmp_path_factory.mktemp("results")
    one = batch(rows, columns)
    exact, copy = written(folder / "whole", [one], columns)
    assert [tuple(row.values()) for row in parquet.read_table(exact).to_pylist()] == rows
    assert len(cells(copy)) == len(rows) + 1
    assert hashes(written(folder / "cut", list(split(one, lengths)), columns)) == hashes((exact, copy))


def test_an_engine_that_fails_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    """Half a result would be sealed with the rest: neither file appears, nor a part of one."""

    def failing() -> Iterator[pa.RecordBatch]:
        yield batch(rows_of(3))
        raise ConnectionError

    with pytest.raises(ConnectionError):
        write_result(failing(), COLUMNS, SECRETS, tmp_path / "r.parquet", tmp_path / "r.csv")
    assert list(tmp_path.iterdir()) == []


def test_times_of_the_first_years_have_four_digits(tmp_path: Path) -> None:
    """A year is written with four digits, also where an attacker wrote an early one."""
    columns = (PlainColumn("a", ColumnType.TIMESTAMP),)
    _, copy = written(tmp_path, [batch([(MOMENT.replace(year=1),)], columns)], columns)
    assert cells(copy)[1] == ["0001-10-12T01:02:03.456Z"]
