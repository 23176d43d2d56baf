"""Which queries show which attack techniques of a labelled data set. Prints it, for authors of queries.

    PYTHONPATH=src:tests python tests/end_to_end/techniques.py RUN/evidence/results LABELS.csv

A query shows a technique when one of its rows names one of the technique's events by its id. A row that counts events
names only some of them, so a metric shows none.
"""

# ruff: noqa: T201 - it prints

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyarrow import compute, parquet

Coverage = Mapping[str, list[str]]


def technique_events(labels: Path) -> Mapping[str, frozenset[str]]:
    """Return the ids of the events of each technique, from a table with the columns eventID and stratus_technique."""
    events: dict[str, set[str]] = {}
    with labels.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            events.setdefault(row["stratus_technique"], set()).add(row["eventID"])
    return {technique: frozenset(ids) for technique, ids in sorted(events.items())}


def coverage(results: Path, events: Mapping[str, Iterable[str]]) -> Coverage:
    """Return the queries that show each technique, by id.

    Args:
        results: The folder of the sealed rows.
        events: The ids of the events of each technique.
    """
    shown = {path.stem: _event_ids(path) for path in sorted(results.glob("*.parquet"))}
    return {
        technique: [query for query, ids in shown.items() if not ids.isdisjoint(wanted)]
        for technique, wanted in events.items()
    }


def _event_ids(result: Path) -> frozenset[str]:
    table = parquet.read_table(result)
    columns = [name for name in table.column_names if name == "event_id" or name.endswith("_event_id")]
    return frozenset(str(id_) for name in columns for id_ in compute.drop_null(table[name]).to_pylist())


if __name__ == "__main__":
    for technique, queries in coverage(Path(sys.argv[1]), technique_events(Path(sys.argv[2]))).items():
        print(f"{technique}: {', '.join(queries) or '-'}")
