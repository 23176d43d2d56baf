"""What two runs over the same logs must seal alike, whichever engine answered: all but where answers came from.

The lists here are the whole of what may differ.
"""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PROVENANCE_FILES = frozenset({"cost.json", "provenance.json"})
"""Files that only an engine of AWS leaves: what it did, and what that cost."""

TRANSLATIONS = ".duckdb.sql"
"""Files that only the embedded engine leaves: what it was given in place of a statement."""

SEAL = "manifest-sha256.txt"
"""It follows from all the others."""

FILE_COLUMNS = frozenset({"sha256", "etag", "unreadable"})
"""Of `files.csv`: how the content of a log file is told, and what Athena cannot count."""

NAME_COLUMN = "name"
"""Of `pseudonyms.csv`: for whom there are pseudonyms. These are keyed by the hashes in `files.csv`."""

RESULT_KEYS = frozenset({"layer"})
"""Of each query in `assessment.json`: the version of the translation layer."""

TOTALS_KEYS = frozenset({"unreadable_records", "misfits"})
"""Of `totals.json`: what Athena cannot count."""

REASON = "not-counted"
"""The reason in `assurance.json` that says so."""


def sealed_apart_from_provenance(evidence: Path) -> Mapping[str, object]:
    """Return what an evidence folder holds, by file name, without what may differ between engines."""
    names = {path.relative_to(evidence).as_posix(): path for path in evidence.rglob("*") if path.is_file()}
    return {
        name: _content(name, path.read_bytes())
        for name, path in sorted(names.items())
        if name not in {*PROVENANCE_FILES, SEAL} and not name.endswith(TRANSLATIONS)
    }


def _content(name: str, data: bytes) -> object:
    match name:
        case "files.csv":
            rows = csv.DictReader(io.StringIO(data.decode()))
            return [_without(row, FILE_COLUMNS) for row in rows]
        case "pseudonyms.csv":
            return sorted(row[NAME_COLUMN] for row in csv.DictReader(io.StringIO(data.decode())))
        case "assessment.json":
            said = json.loads(data)
            return said | {"queries": [_without(query, RESULT_KEYS) for query in said["queries"]]}
        case "assurance.json":
            said = json.loads(data)
            return said | {"reasons": [reason for reason in said["reasons"] if reason["code"] != REASON]}
        case "totals.json":
            return _without(json.loads(data), TOTALS_KEYS)
        case _:
            return data


def _without(values: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}
