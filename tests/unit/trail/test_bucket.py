"""Listing the bucket of a trail: every account and region is noticed, and what may not be listed is told."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from comprova.errors import ComprovaError, RunStoppedError
from comprova.trail.bucket import TrailPlace, list_bucket
from comprova.trail.keys import DeliveredAtSource
from comprova.trail.listing import Listing, SkipReason
from s3_server import emptied, refusing, running_s3
from unit.trail.log_files import ACCOUNT, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

OTHER = "444455556666"
PLACE = TrailPlace("trail", "audit/logs", "", "")
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


@pytest.fixture(scope="module")
def server() -> "Iterator[S3Client]":
    """Give a client to an S3 of this module's own."""
    with running_s3() as s3:
        yield s3


@pytest.fixture
def s3(server: "S3Client") -> "S3Client":
    """Give a client to an S3 with an empty trail bucket."""
    return emptied(server, "trail")


def put(s3: "S3Client", *keys: str, prefix: str = "audit/logs/", storage: str = "STANDARD") -> None:
    """Put objects into the trail's bucket."""
    for key in keys:
        s3.put_object(Bucket="trail", Key=prefix + key, Body=b"x", StorageClass=storage)  # type: ignore[arg-type]


def names(listing: Listing) -> list[str]:
    """Return the keys of the listed files, from the day on."""
    return [file.key.log_file for file in listing.files]


def skipped(listing: Listing) -> list[tuple[str, SkipReason]]:
    """Return what was skipped, and why."""
    return [(item.key.log_file, item.reason) for item in listing.skipped]


def test_files_of_all_accounts_and_regions_are_listed(s3: "S3Client") -> None:
    """Nobody names accounts or regions: all are found, with what S3 says of each file."""
    keys = [key_of("2026-10-01", "a"), key_of("2026-10-31", "b"), key_of("2026-10-02", "c", OTHER)]
    put(s3, *keys)
    listing = list_bucket(s3, PLACE, OCTOBER)
    assert names(listing) == sorted(keys)
    assert not listing.skipped
    first = listing.files[0]
    assert (first.path, first.bytes) == (f"s3://trail/audit/logs/{keys[0]}", 1)
    assert first.etag == "9dd4e461268c8034f5c8564e155c67a6"  # MD5 of the content
    assert (first.key.log_account, first.key.delivery_date) == (ACCOUNT, date(2026, 10, 1))


def test_only_the_dates_wanted_are_listed(s3: "S3Client") -> None:
    """The days before and after are left out, those at the ends are not."""
    days = ("2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01")
    put(s3, *(key_of(day, "a") for day in days))
    assert names(list_bucket(s3, PLACE, OCTOBER)) == [key_of("2026-10-01", "a"), key_of("2026-10-31", "a")]


def test_more_files_than_one_answer_holds_are_listed(s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> None:
    """S3 tells at most a thousand keys at a time."""
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "3")
    keys = [key_of("2026-10-01", f"{number:02}") for number in range(10)]
    put(s3, *keys)
    assert names(list_bucket(s3, PLACE, OCTOBER)) == keys


def test_digests_and_insights_are_counted_and_not_listed_as_logs(s3: "S3Client") -> None:
    """What lies beside the log files of the dates is skipped by kind; what other services write is not looked at."""
    log = key_of("2026-10-01", "a")
    insight = log.replace("CloudTrail", "CloudTrail-Insight")
    digest = (
        f"AWSLogs/{ACCOUNT}/CloudTrail-Digest/us-east-1/2026/10/01/"
        f"{ACCOUNT}_CloudTrail-Digest_us-east-1_t_us-east-1_20261001T000000Z.json.gz"
    )
    put(s3, log, digest, digest.replace("2026/10/01", "2026/09/01"), insight)
    put(s3, f"AWSLogs/{ACCOUNT}/Config/us-east-1/2026/10/1/x.json.gz", "AWSLogs/x.txt")
    put(s3, log.rpartition("/")[0] + "/_note.txt")
    listing = list_bucket(s3, PLACE, OCTOBER)
    assert names(listing) == [log]
    assert sorted(reason for _, reason in skipped(listing)) == sorted(
        (SkipReason.DIGEST, SkipReason.INSIGHT, SkipReason.OTHER)
    )


def test_the_trail_of_an_organisation_lies_below_its_id(s3: "S3Client") -> None:
    """With an organisation its folder is listed, and only that; the log file's name says it."""
    own = key_of("2026-10-01", "a").replace("AWSLogs/", "AWSLogs/o-abcdefghij/")
    put(s3, own, key_of("2026-10-01", "b"), prefix="")
    assert names(list_bucket(s3, TrailPlace("trail", "", "o-abcdefghij", ""), OCTOBER)) == [own]


def test_what_the_table_does_not_show_is_told_if_it_holds_logs(s3: "S3Client") -> None:
    """An account or region that is not among those given is one line each, unless the dates hold nothing of it."""
    seen, region = key_of("2026-10-01", "a"), key_of("2026-10-01", "b").replace("us-east-1", "eu-west-3")
    put(s3, seen, region, key_of("2026-10-09", "c", OTHER), key_of("2026-09-09", "d", "777788889999"))
    listing = list_bucket(s3, PLACE, OCTOBER, {ACCOUNT}, {"us-east-1"})
    assert names(listing) == [seen]
    assert skipped(listing) == [
        (f"AWSLogs/{ACCOUNT}/CloudTrail/eu-west-3/", SkipReason.NOT_IN_TABLE),
        (f"AWSLogs/{OTHER}/CloudTrail/us-east-1/", SkipReason.NOT_IN_TABLE),
    ]
    assert {item.key.log_account for item in listing.skipped} == {ACCOUNT, OTHER}


def test_archived_files_are_not_taken_for_read(s3: "S3Client") -> None:
    """Athena passes over objects that must be restored first, so they are skipped with that reason."""
    put(s3, key_of("2026-10-01", "a"))
    put(s3, key_of("2026-10-01", "b"), storage="DEEP_ARCHIVE")
    put(s3, key_of("2026-10-01", "c"), storage="GLACIER_IR")
    listing = list_bucket(s3, PLACE, OCTOBER)
    assert names(listing) == [key_of("2026-10-01", "a"), key_of("2026-10-01", "c")]
    assert skipped(listing) == [(key_of("2026-10-01", "b"), SkipReason.ARCHIVED)]


@pytest.mark.parametrize(
    ("prefix", "told"),
    [
        (f"AWSLogs/{OTHER}/CloudTrail/us-east-1/", f"AWSLogs/{OTHER}/CloudTrail/us-east-1/"),
        (f"AWSLogs/{OTHER}/", f"AWSLogs/{OTHER}/"),
    ],
)
def test_a_denied_folder_is_no_empty_folder(s3: "S3Client", prefix: str, told: str) -> None:
    """What must not be listed is a line with its reason, and the rest is listed all the same."""
    put(s3, key_of("2026-10-01", "a"), key_of("2026-10-01", "b", OTHER))
    with refusing(s3, "ListObjectsV2", prefix):
        listing = list_bucket(s3, PLACE, OCTOBER)
    assert names(listing) == [key_of("2026-10-01", "a")]
    assert skipped(listing) == [(told, SkipReason.UNREADABLE)]
    assert listing.skipped[0].key.log_account == OTHER


def test_a_bucket_that_cannot_be_listed_at_all_is_an_error(s3: "S3Client") -> None:
    """A denied or missing bucket, and credentials that have expired, never look like a trail without logs."""
    put(s3, key_of("2026-10-01", "a"))
    with refusing(s3, "ListObjectsV2", "AWSLogs/"), pytest.raises(ComprovaError, match="this user may list"):
        list_bucket(s3, PLACE, OCTOBER)
    with pytest.raises(ComprovaError, match="NoSuchBucket"):
        list_bucket(s3, TrailPlace("no-such-bucket", "", "", ""), OCTOBER)
    with refusing(s3, "ListObjectsV2", ACCOUNT, "ExpiredToken"), pytest.raises(RunStoppedError, match="ExpiredToken"):
        list_bucket(s3, PLACE, OCTOBER)


def test_a_name_without_a_time_is_delivered_when_s3_says(s3: "S3Client") -> None:
    """The date stands in the key's folders, the minute only in a name as CloudTrail makes it."""
    put(s3, f"AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2026/10/01/renamed.json.gz")
    file = list_bucket(s3, PLACE, OCTOBER).files[0]
    assert file.key.delivered_at_source is DeliveredAtSource.MODIFIED
    assert file.key.delivered_at == datetime.fromtimestamp(file.modified_ns / 10**9, UTC).replace(tzinfo=None)
