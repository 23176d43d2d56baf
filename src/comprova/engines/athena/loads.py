"""Daily loads: the raw log files of a delivery date are read once, into Parquet, whoever needs them later.

```
<store>/records/delivery_date=2026-10-01/load_id=<id>/   what one attempt wrote
<store>/loads/2026-10-01.json                            which attempt counts: the load record
```

An attempt writes below an id of its own, so nothing is ever written twice to one place, and what an attempt that was
killed has left is named by nobody. The load record is replaced by a conditional write only. It holds the fingerprint of
the log files that were read: when the bucket lists others, the date is loaded again.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from comprova.engines.athena.ddl import RAW_COLUMNS, RAW_TABLE
from comprova.engines.athena.notes import FolderSpentError
from comprova.errors import EngineError
from comprova.evidence.model import Fact

FORMAT: Literal[1] = 1
"""Raised whenever the same log files would give other rows or another load record."""

MOST_TRIES = 3
"""Of a statement that writes into a folder, each into another one."""

_TAKEN = re.compile(r"PATH_ALREADY_EXISTS|already exists|not empty", re.IGNORECASE)
_URI = re.compile(r"s3://[^\s\"'<>,;()\[\]{}]+")


@dataclass(frozen=True, slots=True)
class RawFile:
    """A log file as S3 lists it.

    Attributes:
        uri: `s3://bucket/key`.
        log_file: Its name in every table: the key from `AWSLogs/` on.
        account: As in its key; it is a partition of the raw table.
        region: The same.
        etag: Of its content.
        bytes: Its size.
    """

    uri: str
    log_file: str
    account: str
    region: str
    etag: str
    bytes: int


class Excluded(Fact):
    """A log file that Athena could not read, and what it said."""

    log_file: str
    reason: str


class LoadRecord(Fact):
    """`loads/<date>.json`: the load of a delivery date that counts.

    Attributes:
        delivery_date: The date.
        load_id: Of the attempt.
        fingerprint: Of the log files that the bucket listed for the date, those left out included.
        files: How many these were.
        bytes: Their sizes.
        excluded: Those that were left out.
        rows: Records written, by the footers of the Parquet files.
        parquet_bytes: Size of what was written.
        execution_id: Of the statement.
        bytes_scanned: By it.
    """

    format: Literal[1] = FORMAT
    delivery_date: date
    load_id: str
    fingerprint: str
    files: int
    bytes: int
    excluded: tuple[Excluded, ...]
    rows: int
    parquet_bytes: int
    execution_id: str
    bytes_scanned: int

    @property
    def folder(self) -> tuple[str, ...]:
        """Where its Parquet files lie in the store."""
        return load_folder(self.delivery_date, self.load_id)


def load_folder(day: date, load_id: str) -> tuple[str, ...]:
    """Return where in the store an attempt writes."""
    return ("records", f"delivery_date={day.isoformat()}", f"load_id={load_id}")


def record_key(day: date) -> tuple[str, str]:
    """Return where in the store the load record of a date lies."""
    return "loads", f"{day.isoformat()}.json"


def fingerprint(files: Iterable[RawFile]) -> str:
    """Return the SHA-256 of what the bucket lists for a date, and of the columns that are made of it."""
    listed = sorted((file.uri, file.etag, file.bytes) for file in files)
    return hashlib.sha256(json.dumps([FORMAT, list(RAW_COLUMNS), listed]).encode()).hexdigest()


def load_select(
    database: str,
    day: date,
    files: Sequence[RawFile],
    excluded: Collection[str],
    hidden: Iterable[tuple[str, str]] = (),
) -> str:
    """Return the statement that reads a date's log files.

    Args:
        database: Of the raw table.
        day: The delivery date.
        files: What the bucket lists for it; their accounts and regions are named, because a projection demands it.
        excluded: URIs that must not be opened. Only `"$path"` itself keeps Athena from opening them.
        hidden: Accounts and regions whose folder S3 did not list, though other folders of both are read.
    """
    accounts, regions = {file.account for file in files}, {file.region for file in files}
    named = sorted((account, region) for account, region in hidden if account in accounts and region in regions)
    conditions = [
        f"account IN ({_texts(accounts)})",
        f"region IN ({_texts(regions)})",
        f"\"timestamp\" = '{day:%Y/%m/%d}'",
        *(f"NOT (account = {_texts([account])} AND region = {_texts([region])})" for account, region in named),
        *([f'"$path" NOT IN ({_texts(excluded)})'] if excluded else []),
    ]
    columns = [
        *RAW_COLUMNS,
        # As trail.keys.parse_key names it: from the first AWSLogs/ on.
        'substr("$path", strpos("$path", \'/AWSLogs/\') + 1) AS log_file',
        "account AS log_account",
        "region AS log_region",
    ]
    return "\n".join(
        (
            "SELECT",
            ",\n".join(f"  {column}" for column in columns),
            f"FROM {database}.{RAW_TABLE}",  # the names are the job's, checked; the texts are quoted
            "WHERE " + "\n  AND ".join(conditions),
        )
    )


def blamed(message: str, files: Iterable[RawFile]) -> frozenset[str]:
    """Return the URIs of those log files that an error of Athena names."""
    named = {uri.rstrip(".:") for uri in _URI.findall(message)}
    return frozenset(file.uri for file in files if file.uri in named)


def folder_is_taken(error: EngineError) -> bool:
    """Tell whether an UNLOAD was refused because its folder holds something, or may, as after one that failed."""
    return isinstance(error, FolderSpentError) or _TAKEN.search(str(error)) is not None


def _texts(values: Iterable[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values))
