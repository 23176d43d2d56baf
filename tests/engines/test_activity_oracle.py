"""`activity` over real logs says, row for row, what an independent reading of the same records says."""

import json
import os
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from case_bench import open_engine
from comprova.period import Period
from engines.activity_oracle import columns_of, event_time, read_trail
from engines.built import read_views

_LOGS = os.environ.get("COMPROVA_REAL_LOGS")
_SETS = sorted(path.name for path in Path(_LOGS).iterdir() if (path / "AWSLogs").is_dir()) if _LOGS else []
_PERIOD = Period.parse("2000-01-01..2040-12-31", "UTC")

Key = tuple[str | None, str | None]


@pytest.mark.skipif(not _SETS, reason="set COMPROVA_REAL_LOGS to a folder of folders of CloudTrail logs")
@pytest.mark.parametrize("name", _SETS or ["none"])
def test_activity_reads_real_records_as_a_person_would(tmp_path: Path, name: str) -> None:
    """Every row has the columns of the oracle, every record is in a row, and each copy is counted."""
    root = Path(_LOGS or "") / name
    engine = open_engine(root, tmp_path, _PERIOD, _PERIOD.start - timedelta(days=1))
    built = read_views(engine)
    engine.close()

    copies: Counter[str] = Counter()
    expected: dict[str, dict[str, Any]] = {}
    records = 0
    for log_file, record in read_trail(root):
        records += 1
        if event_time(record) is not None:
            columns = columns_of(record, log_file)
            same = json.dumps([columns["account_id"], record], sort_keys=True)
            copies[same] += 1
            expected[same] = {**columns, "event_id": record.get("eventID"), "copies": copies[same]}

    names = list(next(iter(expected.values())))
    assert _sorted([{column: row[column] for column in names} for row in built.activity]) == _sorted(
        [*expected.values()]
    )
    assert sum(row["records"] for row in built.deliveries) == records
    assert sum(row["duplicates"] for row in built.deliveries) == sum(copies.values()) - len(copies)


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def order(row: dict[str, Any]) -> tuple[datetime, str]:
        return row["event_time"], json.dumps(row, sort_keys=True, default=str)

    return sorted(rows, key=order)
