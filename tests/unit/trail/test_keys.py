"""Keys of CloudTrail objects."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comprova.trail.keys import DeliveredAtSource, LogKey, LogKind, parse_key

_NAME = "111122223333_CloudTrail_us-east-1_20261001T2355Z_aILYm328c2wrPicH.json.gz"
_LAYOUT = f"AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/02/{_NAME}"
_DAY, _MINUTE, _NAMED = date(2026, 10, 2), datetime(2026, 10, 1, 23, 55), DeliveredAtSource.FILE_NAME  # noqa: DTZ001
_AT_HOME = ("111122223333", "us-east-1", _DAY, _MINUTE, _NAMED)

_KEYS = {
    _LAYOUT: LogKey(_LAYOUT, LogKind.LOG, *_AT_HOME),
    f"some/prefix/{_LAYOUT}": LogKey(_LAYOUT, LogKind.LOG, *_AT_HOME),
    f"a/AWSLogs-old/{_LAYOUT}": LogKey(_LAYOUT, LogKind.LOG, *_AT_HOME),
    _LAYOUT.replace("AWSLogs/", "AWSLogs/o-abcd12/"): LogKey(
        _LAYOUT.replace("AWSLogs/", "AWSLogs/o-abcd12/"), LogKind.LOG, *_AT_HOME
    ),
    f"export/{_NAME}": LogKey(
        f"export/{_NAME}", LogKind.LOG, "111122223333", "us-east-1", date(2026, 10, 1), _MINUTE, _NAMED
    ),
    "events.json": LogKey("events.json", LogKind.LOG),
    "deep/er/events.json.gz": LogKey("deep/er/events.json.gz", LogKind.LOG),
    f"AWSLogs/redacted/CloudTrail/us-east-1/2026/10/02/{'x' * 9}.json": LogKey(
        f"AWSLogs/redacted/CloudTrail/us-east-1/2026/10/02/{'x' * 9}.json", LogKind.LOG, "redacted", "us-east-1", _DAY
    ),
    f"AWSLogs/111122223333/CloudTrail/{_NAME}": LogKey(
        f"AWSLogs/111122223333/CloudTrail/{_NAME}",
        LogKind.LOG,
        "111122223333",
        "us-east-1",
        date(2026, 10, 1),
        _MINUTE,
        _NAMED,
    ),
    _LAYOUT.replace("2026/10/02", "2026/13/02"): LogKey(
        _LAYOUT.replace("2026/10/02", "2026/13/02"),
        LogKind.LOG,
        "111122223333",
        "us-east-1",
        date(2026, 10, 1),
        _MINUTE,
        _NAMED,
    ),
}
_KINDS = {
    "AWSLogs/1/CloudTrail-Digest/us-east-1/2026/10/01/"
    "1_CloudTrail-Digest_us-east-1_my_trail_us-east-1_20261001T010203Z.json.gz": LogKind.DIGEST,
    "1_CloudTrail-Digest_us-east-1_my_trail_us-east-1_20261001T010203Z.json.gz": LogKind.DIGEST,
    _LAYOUT.replace("CloudTrail", "CloudTrail-Insight"): LogKind.INSIGHT,
    _LAYOUT.replace("CloudTrail", "CloudTrail-NetworkActivity"): LogKind.NETWORK_ACTIVITY,
    _LAYOUT.replace("CloudTrail", "CloudTrail-Something"): LogKind.OTHER,
    "AWSLogs/111122223333/Config/us-east-1/2026/10/1/ConfigHistory/x.json.gz": LogKind.OTHER,
    "AWSLogs/loose.json": LogKind.OTHER,
    "README.md": LogKind.OTHER,
    f"{_LAYOUT}.tmp": LogKind.OTHER,
    "a/.hidden.json": LogKind.OTHER,
    "": LogKind.OTHER,
}


def test_keys_say_what_they_hold() -> None:
    """Layouts with a prefix, an organisation, a partial path or none give kind, account, region, date and minute."""
    assert {key: parse_key(key) for key in _KEYS} == _KEYS


def test_other_files_are_told_by_their_keys() -> None:
    """Digests, Insights, network activity and files of other services are not taken for logs."""
    assert {key: parse_key(key).kind for key in _KINDS} == _KINDS


def test_time_of_modification_stands_in_for_a_minute_and_says_so() -> None:
    """Only a key without a minute takes the time that S3 tells, and no date follows from it."""
    moment = datetime(2026, 10, 5, 1, 2, 3)  # noqa: DTZ001
    loose, named = parse_key("events.json", moment), parse_key(_LAYOUT, moment)
    assert (loose.delivered_at, loose.delivered_at_source) == (moment, DeliveredAtSource.MODIFIED)
    assert loose.delivery_date is None
    assert (named.delivered_at, named.delivered_at_source) == (_MINUTE, DeliveredAtSource.FILE_NAME)


_PART = st.text(st.characters(exclude_characters="/_", exclude_categories=["Cs"]), min_size=1, max_size=9)


@settings(deadline=None)  # machines that build are busy
@given(_PART, _PART, st.dates(date(2013, 1, 1), date(2099, 1, 1)), st.booleans())
def test_any_account_and_region_of_the_layout_is_taken(account: str, region: str, day: date, organised: bool) -> None:  # noqa: FBT001
    """What stands in the folders of the layout comes out again, whatever its characters."""
    folder = "AWSLogs/o-x/" if organised else "AWSLogs/"
    key = parse_key(f"{folder}{account}/CloudTrail/{region}/{day:%Y/%m/%d}/x.json.gz")
    assert (key.kind, key.log_account, key.log_region, key.delivery_date) == (LogKind.LOG, account, region, day)


@pytest.mark.parametrize("prefix", ["", "AWSLogs/", "AWSLogs/1/CloudTrail/"])
@settings(deadline=None)  # machines that build are busy
@given(st.text())
def test_no_key_is_refused(prefix: str, rest: str) -> None:
    """Any text is a key, and what is listed under is the end of it."""
    key = parse_key(prefix + rest)
    assert (prefix + rest).endswith(key.log_file)
