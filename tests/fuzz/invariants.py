"""What holds of any bytes that lie where a log file is expected, and of any text in one."""

import gzip
import json
from typing import Any

from comprova.catalog.secret_members import read_builtin
from comprova.evidence.csv_guard import guarded
from comprova.evidence.secrets import secrets_of
from comprova.trail.loading import Batches
from comprova.trail.reading import inflate
from comprova.trail.states import FileState

_SECRETS = secrets_of(read_builtin())


def any_file_is_answered(data: bytes) -> None:
    """Inflated or as it stands, a file has a state, and a row for each of its records or a count of what is none."""
    state, text = inflate(data)
    if state is FileState.READ:
        assert text == gzip.decompress(data)
    for one in (data, text):
        batches = Batches()
        state = batches.add(0, one)
        rows = sum(table.num_rows for table in batches.tables())
        counts = batches.counts.get(0)
        assert rows == (counts.records if counts else 0)
        records = _records(one)
        if records is not None:
            assert state is FileState.READ
            assert counts is not None
            assert counts.records + counts.unreadable == len(records)


def any_text_is_masked_and_guarded(data: bytes) -> None:
    """Masking and guarding answer any text, and find nothing left to do in what they made."""
    text = data.decode("utf-8", "replace")
    masked, _ = _SECRETS.masked(text)
    assert _SECRETS.masked(masked) == (masked, 0)
    assert guarded(guarded(text)) == guarded(text)


def _records(text: bytes) -> list[Any] | None:
    """Return the records of a file as Python's own JSON reads it; None where it is in doubt what they are."""
    twice = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal twice
        twice |= len({name for name, _ in pairs}) < len(pairs)
        return dict(pairs)

    def refuse(_: str) -> None:
        raise ValueError

    try:
        value = json.loads(text.decode(), object_pairs_hook=members, parse_constant=refuse)
    except (ValueError, RecursionError):
        return None
    records = value.get("Records") if isinstance(value, dict) else None
    return None if twice or not isinstance(records, list) else records
