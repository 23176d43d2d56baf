"""CloudTrail logs in which strangers wrote what could break a document: the records of all cases, with such text."""

from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

from case_bench import case_paths, read_cases
from comprova.jobs.case_bench import write_trail
from evidence_factory import HOSTILE

PERIOD = "2026-10"
LONG = "漢😀\u202e" * 20_000
"""More than 64 KB of characters that the fonts cannot draw."""

_NAMES = ("name", "id", "arn", "description", "key", "value", "reason")


def write_hostile_logs(folder: Path) -> int:
    """Write the logs, and return how many records are in them."""
    texts = cycle((*HOSTILE * 20, LONG, "x y " * 17_000, "a" * 65_536))
    records = [
        (record.log_file, dict(_hostile(record.record, texts)))
        for case in read_cases(case_paths())
        if case.period.label == PERIOD
        for record in case.records
    ]
    write_trail(folder, records)
    return len(records)


def _hostile(record: Mapping[str, Any], texts: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """Yield the members of a record: who says what it is stays, what a caller may choose becomes hostile."""
    for key, value in record.items():
        if key in ("userAgent", "errorMessage"):
            yield key, next(texts)
        elif key == "requestParameters":
            yield key, _with(value, texts)
        else:
            yield key, value


def _with(value: Any, texts: Iterator[str], key: str = "") -> Any:
    """Add text to the names in a payload, behind what they are, so that queries still find them."""
    match value:
        case dict():
            return {name: _with(member, texts, name) for name, member in value.items()}
        case list():
            return [_with(member, texts, key) for member in value]
        case str() if key.lower().endswith(_NAMES):
            return value + next(texts)
        case _:
            return value
