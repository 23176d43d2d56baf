"""Which rows of a result came, went or changed, told apart by the grain."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.evidence.changes import Change
from comprova.evidence.results import arrow_schema, write_result
from comprova.evidence.secrets import Secrets
from comprova.jobs.row_changes import RowChange, row_changes

COLUMNS = (
    PlainColumn("account_id", ColumnType.VARCHAR),
    PlainColumn("event_id", ColumnType.VARCHAR),
    PlainColumn("event_time", ColumnType.TIMESTAMP),
    PlainColumn("regions", ColumnType.VARCHAR_ARRAY),
    PlainColumn("calls", ColumnType.BIGINT),
)
GRAIN = ("account_id", "event_id")


class Row(NamedTuple):
    """A row of the result."""

    account_id: str | None
    event_id: str | None
    event_time: datetime | None = None
    regions: Sequence[str] | None = None
    calls: int | None = None


def changes(folder: Path, before: Sequence[Row], after: Sequence[Row]) -> list[RowChange]:
    """Return the changes between two results."""
    for name, rows in (("before", before), ("after", after)):
        batch = pa.RecordBatch.from_pylist([row._asdict() for row in rows], arrow_schema(COLUMNS))
        write_result([batch], COLUMNS, Secrets((), ()), folder / f"{name}.parquet", folder / f"{name}.csv")
    return list(row_changes(folder / "before.parquet", folder / "after.parquet", COLUMNS, GRAIN, folder / "work"))


def test_rows_come_go_and_change(tmp_path: Path) -> None:
    """A row is the same one while its grain is; what differs in it is named."""
    noon = datetime(2026, 10, 5, 12)  # noqa: DTZ001 - results are naive UTC
    before = [Row("1", "a"), Row("1", "b", noon, ["x"], 1), Row("2", "a")]
    after = [Row("1", "b", noon, ["x", None], 2), Row("2", "a"), Row("3", "c")]  # type: ignore[list-item]
    assert changes(tmp_path, before, after) == [
        RowChange(Change.WENT, ("1", "a"), ()),
        RowChange(Change.CHANGED, ("1", "b"), ("regions", "calls")),
        RowChange(Change.CAME, ("3", "c"), ()),
    ]


def test_null_and_the_empty_text_are_two_values(tmp_path: Path) -> None:
    """NULL is a value of the grain like any other, and equal to itself."""
    assert changes(tmp_path, [Row("1", None, calls=1), Row("1", "")], [Row("1", None, calls=2), Row("1", "")]) == [
        RowChange(Change.CHANGED, ("1", None), ("calls",))
    ]
    assert [one.change for one in changes(tmp_path, [Row("1", None)], [Row("1", "")])] == [Change.CAME, Change.WENT]


def test_rows_that_share_their_grain_are_compared_as_often_as_they_stand_there(tmp_path: Path) -> None:
    """Records that share an id and differ are two rows of one grain: a third one came, and none changed."""
    before = [Row("1", "a", calls=1), Row("1", "a", calls=3)]
    assert changes(tmp_path, before, [*before, Row("1", "a", calls=2)]) == [RowChange(Change.CAME, ("1", "a"), ())]


rows = st.lists(
    st.builds(Row, st.sampled_from(["1", "2", None]), st.sampled_from(["a", "b"]), calls=st.integers(0, 2)), max_size=6
)


@given(rows, rows)
def test_what_is_told_accounts_for_every_row(
    tmp_path_factory: pytest.TempPathFactory, before: list[Row], after: list[Row]
) -> None:
    """As many rows are there now as before, and came, less those that went; nothing is told of equal results."""
    found = [one.change for one in changes(tmp_path_factory.mktemp("rows"), before, after)]
    assert len(after) == len(before) + found.count(Change.CAME) - found.count(Change.WENT)
    assert (not found) == (sorted(map(str, before)) == sorted(map(str, after)))
