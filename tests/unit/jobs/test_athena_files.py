"""What a run on Athena tells of each log file: nothing that was not examined looks examined."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq

from comprova.engines.athena.loading import Loaded
from comprova.engines.athena.loads import Excluded, LoadRecord
from comprova.jobs.athena_files import StoredFiles, by_date, hidden, in_scope
from comprova.jobs.definition import JobScope
from comprova.sql.schema import FILES
from comprova.trail.keys import LogKey, LogKind, parse_key
from comprova.trail.listing import ListedFile, Listing, SkippedFile, SkipReason
from unit.trail.log_files import ACCOUNT, key_of

DAYS = {number: date(2026, 10, number) for number in range(1, 5)}


def listed(day: int, name: str) -> ListedFile:
    """Return a log file of a day of October 2026."""
    key = key_of(DAYS[day].isoformat(), name)
    return ListedFile(parse_key(key), f"s3://trail/{key}", 100, 0, f"etag of {name}")


def record(day: int, *excluded: ListedFile) -> LoadRecord:
    """Return the load of a day."""
    return LoadRecord(
        delivery_date=DAYS[day],
        load_id="l",
        fingerprint="f",
        files=1,
        bytes=100,
        excluded=tuple(Excluded(log_file=file.key.log_file, reason="no") for file in excluded),
        rows=1,
        parquet_bytes=1,
        execution_id="e",
        bytes_scanned=1,
    )


READ, DAMAGED, EMPTY = listed(1, "a"), listed(1, "b"), listed(1, "c")
DEAR, REFUSED = listed(2, "d"), listed(3, "e")
LISTING = Listing((REFUSED, DEAR, EMPTY, DAMAGED, READ), ())
LOADED = Loaded({DAYS[1]: record(1, DAMAGED)}, frozenset({DAYS[2]}), {DAYS[3]: "no"}, 1)
COUNTS = {DAYS[1]: {READ.key.log_file: 5}}


def test_each_file_has_its_state() -> None:
    """Read, left out, without rows, too dear, refused: in the order of dates and names."""
    files = StoredFiles.of(LISTING, LOADED)
    assert files.listed == (READ, DAMAGED, EMPTY, DEAR, REFUSED)
    assert files.states == ("read", "damaged", "read", "over_budget", "not_loaded")
    counted = files.counted(COUNTS)
    assert counted.states == ("read", "damaged", "no_rows", "over_budget", "not_loaded")
    assert [file.records for file in counted.log_files()] == [5, 0, 0, 0, 0]


def test_a_file_is_told_by_its_etag() -> None:
    """Nobody has read its bytes, so there is no SHA-256, and nobody has counted what could not be read."""
    file = next(StoredFiles.of(LISTING, LOADED).log_files())
    assert (file.sha256, file.etag, file.unreadable, file.bytes) == ("", "etag of a", None, 100)


def test_rows_of_a_file_count_on_its_own_date_only() -> None:
    """Two dates may hold files of one name."""
    other = replace(READ, key=replace(READ.key, delivery_date=DAYS[4]))
    loaded = Loaded({DAYS[1]: record(1), DAYS[4]: record(4)}, frozenset(), {}, 0)
    counted = StoredFiles.of(Listing((READ, other), ()), loaded).counted(COUNTS)
    assert counted.states == ("read", "no_rows")


def test_the_list_of_files_has_the_columns_that_views_read(tmp_path: Path) -> None:
    """With the types that the definition on Athena says; what is not known is NULL."""
    pq.write_table(StoredFiles.of(LISTING, LOADED).counted(COUNTS).table(), tmp_path / "files.parquet")
    table = pq.read_table(tmp_path / "files.parquet")
    kinds = {"varchar": "string", "date": "date32[day]", "timestamp": "timestamp[ms]", "bigint": "int64"}
    assert {field.name: str(field.type) for field in table.schema} == {
        name: kinds[str(type_)] for name, type_ in FILES.items()
    }
    row = table.to_pylist()[0]
    delivered_at = datetime(2026, 10, 1, 10, 5, tzinfo=UTC).replace(tzinfo=None)
    assert (row["delivered_at"], row["state"], row["unreadable"]) == (delivered_at, "read", None)


def test_a_key_without_a_date_is_in_no_load() -> None:
    """It is in no partition of the raw table, and is told as not loaded."""
    undated = replace(READ, key=replace(READ.key, delivery_date=None))
    assert by_date(Listing((undated,), ())) == {}
    assert StoredFiles.of(Listing((undated,), ()), LOADED).states == ("not_loaded",)


def test_loads_get_what_they_need_of_each_file() -> None:
    """Files by date, with address, account and region."""
    files = by_date(LISTING)
    assert {day: len(of_day) for day, of_day in files.items()} == {DAYS[1]: 3, DAYS[2]: 1, DAYS[3]: 1}
    raw = files[DAYS[2]][0]
    assert (raw.uri, raw.log_file, raw.account, raw.region) == (DEAR.path, DEAR.key.log_file, ACCOUNT, "us-east-1")


def folder(account: str, region: str | None, reason: SkipReason) -> SkippedFile:
    """Return a folder that was skipped."""
    path = f"AWSLogs/{account}/CloudTrail/{region}/" if region else f"AWSLogs/{account}/"
    return SkippedFile(LogKey(path, LogKind.OTHER, account, region), path, reason)


def test_what_cannot_be_listed_is_not_read() -> None:
    """Only folders of both an account and a region have to be kept out of what names either."""
    denied = folder(ACCOUNT, "us-east-1", SkipReason.UNREADABLE)
    others = (folder(ACCOUNT, None, SkipReason.UNREADABLE), folder(ACCOUNT, "eu-west-3", SkipReason.NOT_IN_TABLE))
    assert hidden(Listing((), (denied, *others))) == {(ACCOUNT, "us-east-1")}


def test_folders_that_nobody_asked_about_are_no_gap() -> None:
    """A job that names its accounts and regions does not miss others; what it asked about and cannot list it does."""
    own = folder(ACCOUNT, "us-east-1", SkipReason.UNREADABLE)
    other_region = folder(ACCOUNT, "eu-west-3", SkipReason.NOT_IN_TABLE)
    other_account = folder("444455556666", None, SkipReason.UNREADABLE)
    archived = SkippedFile(parse_key(key_of("2026-10-01", "a", "444455556666")), "p", SkipReason.ARCHIVED)
    all_of_them = (own, other_region, other_account, archived)
    assert tuple(in_scope(all_of_them, JobScope())) == all_of_them
    assert tuple(in_scope(all_of_them, JobScope(accounts=(ACCOUNT,)))) == (own, other_region, archived)
    assert tuple(in_scope(all_of_them, JobScope(regions=("us-east-1",)))) == (own, other_account, archived)
