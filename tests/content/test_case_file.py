"""Case files say what they mean, or are refused."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from comprova.catalog.case_file import Role, merge_patch, read_case
from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.errors import ComprovaError

_FIRST = """
query = "identity.root_activity@1"
[[record]]
name = "first"
role = "match"
json = '''{"eventID": "00000000-0000-4000-8000-000000000001", "eventTime": "2026-10-05T23:30:00Z",
  "awsRegion": "sa-east-1", "recipientAccountId": "111122223333",
  "userIdentity": {"type": "Root", "accountId": "444455556666"}}'''
"""
_SECOND = """
[[record]]
name = "second"
role = "near-miss"
like = "first"
change = '''{"userIdentity": {"type": "IAMUser"}, "awsRegion": null}'''
"""
_ACCOUNT = "200000000007"


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patch_is_that_of_the_rfc(target: Any, patch: Any, result: Any) -> None:
    """The test cases of RFC 7396, appendix A."""
    assert merge_patch(target, patch) == result


def test_a_record_like_another_has_an_id_of_its_own() -> None:
    """The position of the record ends its id; what the change does not name stays."""
    second = read_case(_FIRST + _SECOND, "case.toml", _ACCOUNT).records[1]
    assert second.record == {
        "eventID": "00000000-0000-4000-8000-000000000002",
        "eventTime": "2026-10-05T23:30:00Z",
        "recipientAccountId": _ACCOUNT,
        "userIdentity": {"type": "IAMUser", "accountId": "444455556666"},
    }
    assert second.role is Role.NEAR_MISS


def test_a_record_lies_in_the_file_of_its_region_and_day() -> None:
    """One file per region and UTC day of the events, in the case's own account."""
    first = read_case(_FIRST, "case.toml", _ACCOUNT).records[0]
    assert first.log_file == (
        f"AWSLogs/{_ACCOUNT}/CloudTrail/sa-east-1/2026/10/05/"
        f"{_ACCOUNT}_CloudTrail_sa-east-1_20261005T2355Z_aaaaaaaaaaaaaaaa.json.gz"
    )


def test_rows_are_as_an_engine_returns_them() -> None:
    """Columns in order, absent ones NULL, timestamps naive in UTC."""
    rows = '[[row]]\nat = 2026-10-05T20:30:00-03:00\nday = 2026-10-05\naccount = "111122223333"\nnames = ["a"]\n'
    columns = (
        PlainColumn("account", ColumnType.VARCHAR),
        PlainColumn("at", ColumnType.TIMESTAMP),
        PlainColumn("day", ColumnType.DATE),
        PlainColumn("names", ColumnType.VARCHAR_ARRAY),
        PlainColumn("nothing", ColumnType.BIGINT),
    )
    moment = datetime(2026, 10, 5, 23, 30, tzinfo=UTC).replace(tzinfo=None)
    assert read_case(_FIRST + rows, "case.toml", _ACCOUNT).expected(columns) == [
        (_ACCOUNT, moment, date(2026, 10, 5), ["a"], None)
    ]


@pytest.mark.parametrize("value", ["1.0", '"1"', "true", "2026-10-05T20:30:00"])
def test_rows_of_other_types_are_refused(value: str) -> None:
    """A whole number is not a float, a text or a truth value."""
    case = read_case(f"{_FIRST}[[row]]\ncount = {value}\n", "case.toml", _ACCOUNT)
    with pytest.raises(ComprovaError, match=r"case\.toml: row 1: count: expected bigint"):
        case.expected((PlainColumn("count", ColumnType.BIGINT),))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_FIRST.replace("match", "outside"), "an eventTime outside the period"),
        (_FIRST.replace("match", "hit"), "role"),
        (_FIRST.replace("@1", ""), "a query and its version"),
        (_FIRST.replace('"eventTime"', "eventTime"), "expected JSON"),
        (_FIRST + _SECOND.replace("first", "third"), "the name of an earlier record"),
        (_FIRST + _SECOND.replace('"second"', '"first"'), "a name of its own"),
        (_FIRST + "[[row]]\nother = 1\n", "columns of identity.root_activity@1"),
        ("rows = 1\n" + _FIRST, "only known keys"),
    ],
)
def test_faults_are_told(text: str, message: str) -> None:
    """What is wrong with a case file is said, with its name."""
    with pytest.raises(ComprovaError, match=message) as raised:
        read_case(text, "case.toml", _ACCOUNT).expected((PlainColumn("one", ColumnType.BIGINT),))
    assert "case.toml" in str(raised.value)
