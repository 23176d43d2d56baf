"""Names findings: rows of an exception query that share its subject are one finding, with one name in every month.

The name is typed by people (`comprova accept 4t0hq-m2r8c`), so it is short, in Crockford's alphabet, which has no i, l,
o and u, and typing the first three is forgiven. It is a label: what belongs together is decided by the subject's
values, which stand beside it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import rfc8785

SubjectValue = str | int | bool | tuple[str | None, ...] | None
"""A value of a subject as JSON and TOML can say it; None stands for NULL."""

Subject = Mapping[str, SubjectValue]
"""The values that name a finding, by column."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_BITS = 5
_GROUP = 5
_LENGTH = 2 * _GROUP
_MISREAD = str.maketrans("ilo", "110")
_EXACT = range(-(2**53) + 1, 2**53)


def finding_id(query_id: str, subject: Subject) -> str:
    """Return the name of a finding: 50 bits of a SHA-256 over the query's id and the subject's columns and values.

    Versions of the query are no part of it, so that a finding keeps its name when the query's text is mended.
    """
    named: Any = {"query": query_id, "subject": {name: _plain(value) for name, value in subject.items()}}
    number = int.from_bytes(hashlib.sha256(rfc8785.dumps(named)).digest()) >> (256 - _BITS * _LENGTH)
    letters = "".join(_ALPHABET[number >> _BITS * place & 31] for place in reversed(range(_LENGTH)))
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}"


def read_id(typed: str) -> str:
    """Return the name that somebody typed as it is printed: in small letters, with i and l as 1 and o as 0."""
    letters = typed.strip().lower().replace("-", "").translate(_MISREAD)
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}" if len(letters) == _LENGTH else typed


def subject_value(value: object) -> SubjectValue:
    """Return a value of a result as it stands in a subject: moments and days as ISO 8601 text, lists as tuples.

    Raises:
        ValueError: It is of a type that names nothing exactly, such as a floating-point number.
    """
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if value in _EXACT else str(value)  # beyond what JSON numbers carry exactly
        case datetime():
            moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
            return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case list() | tuple():
            return tuple(None if item is None else str(item) for item in value)
        case _:
            message = f"{value!r} cannot name a finding"
            raise ValueError(message)


def subject_key(subject: Subject) -> str:
    """Return a text that two subjects share only if they have the same columns and values."""
    return json.dumps({name: _plain(subject[name]) for name in sorted(subject)})


def grouped_rows(parquet: Path, columns: Sequence[str]) -> tuple[tuple[Subject, int], ...]:
    """Return each subject of a result with its number of rows, in the order of their first rows.

    Only the subject's columns are read, in batches: memory grows with the findings, not with the rows.
    """
    from pyarrow import parquet as arrow_parquet

    subjects: dict[str, Subject] = {}
    counts: dict[str, int] = {}
    with arrow_parquet.ParquetFile(parquet) as file:
        for batch in file.iter_batches(batch_size=10_000, columns=list(columns)):
            for row in batch.to_pylist():
                subject = subject_of(row, columns)
                key = subject_key(subject)
                subjects.setdefault(key, subject)
                counts[key] = counts.get(key, 0) + 1
    return tuple((subject, counts[key]) for key, subject in subjects.items())


def subject_of(row: Mapping[str, object], columns: Sequence[str]) -> Subject:
    """Return the subject of a row of a result."""
    return {name: subject_value(row[name]) for name in columns}


def _plain(value: SubjectValue) -> Any:
    return list(value) if isinstance(value, tuple) else value
