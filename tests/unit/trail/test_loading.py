"""From JSON to rows: what fits, what does not, and that nothing is lost on the way."""

import json
from collections import Counter
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comprova.sql.schema import RECORDS
from comprova.sql.types import Type
from comprova.trail import batch, loading
from comprova.trail.loading import Batches, Counts
from comprova.trail.schema import RECORDS_SCHEMA
from comprova.trail.states import FileState, Misfit
from unit.trail.log_files import ACCOUNT, compact, record, text_of


def _load(*texts: bytes) -> tuple[list[FileState], list[dict[str, Any]], list[Counts]]:
    batches = Batches()
    states = [batches.add(number, text) for number, text in enumerate(texts)]
    rows = [row for table in batches.tables() for row in table.to_pylist()]
    return states, rows, list(batches.counts.values())


def _row(item: Any) -> tuple[dict[str, Any], Counter[Misfit]]:
    """Return the row and the misfits of one record."""
    states, rows, counts = _load(text_of(item))
    assert (states, len(rows), counts[0].records) == ([FileState.READ], 1, 1)
    return rows[0], counts[0].misfits


def test_the_columns_are_those_that_statements_read() -> None:
    """The Parquet schema and the table that queries are checked against have the same columns, in order, and types."""
    assert {field.name: _type_text(field.type) for field in RECORDS_SCHEMA} == {
        name: _athena_text(kind) for name, kind in RECORDS.items()
    }
    assert RECORDS_SCHEMA.names == list(RECORDS)


def _type_text(kind: pa.DataType) -> str:
    if pa.types.is_struct(kind):
        return "row(" + ", ".join(f"{field.name} {_type_text(field.type)}" for field in kind) + ")"
    if pa.types.is_map(kind):
        return f"map({_type_text(kind.key_type)}, {_type_text(kind.item_type)})"
    if pa.types.is_list(kind):
        return f"array({_type_text(kind.value_type)})"
    return {pa.string(): "varchar", pa.date32(): "date"}[kind]


def _athena_text(kind: Type) -> str:
    if kind.fields:
        return "row(" + ", ".join(f"{n} {_athena_text(k)}" for n, k in zip(kind.fields, kind.of, strict=True)) + ")"
    return f"{kind.name}({', '.join(map(_athena_text, kind.of))})" if kind.of else kind.name


def test_a_record_as_cloudtrail_writes_it_keeps_all_it_holds() -> None:
    """Text, flags, payloads, nested objects and lists reach their columns, and there are no misfits."""
    row, misfits = _row(record(1))
    identity = row["useridentity"]
    assert misfits == Counter()
    assert (row["eventid"], row["readonly"], row["responseelements"], row["errorcode"]) == (
        "00000001",
        "true",
        None,
        None,
    )
    assert row["requestparameters"] == '{"bucketName":"b","size":1.5,"names":["é",null]}'
    assert identity["sessioncontext"]["sessionissuer"]["arn"] == f"arn:aws:iam::{ACCOUNT}:role/deploy"
    assert identity["sessioncontext"]["webidfederationdata"] == {"federatedprovider": None, "attributes": None}
    assert identity["onbehalfof"] is None
    assert row["resources"] == [
        {"arn": "arn:aws:s3:::b", "arnprefix": None, "accountid": ACCOUNT, "type": "AWS::S3::Bucket"}
    ]


_PAYLOADS = {
    b'{"n":12345678901234567890,"d":1.50,"e":1e400,"z":-0}': '{"n":12345678901234567890,"d":1.50,"e":1e400,"z":-0}',
    b'[1.0, {"a":1,"a":2}]': '[1.0, {"a":1,"a":2}]',
    b'"just \\u0074ext"': "just text",
    b'"{\\"a\\":1}"': '{"a":1}',
    b"1.50": "1.50",
    b"true": "true",
    b"null": None,
    b'""': "",
    b'{"a":"\\u0000"}': '{"a":"\\u0000"}',
}


def test_payloads_are_their_text() -> None:
    """JSON text of objects and arrays is kept to the byte; a string arrives as that string, null as NULL."""
    rows = {
        payload: _row(b'{"eventID":"1","requestParameters":' + payload + b"}")[0]["requestparameters"]
        for payload in _PAYLOADS
    }
    assert rows == _PAYLOADS


_MISFITS: dict[str, tuple[bytes, dict[str, Any], dict[Misfit, int]]] = {
    "text for an object": (b'{"eventID":"1","userIdentity":"x"}', {"useridentity": None}, {Misfit.NOT_OBJECT: 1}),
    "text in an object for an object": (
        b'{"userIdentity":{"arn":"a","sessionContext":[]}}',
        {"useridentity": {"arn": "a"}},
        {Misfit.NOT_OBJECT: 1},
    ),
    "an object for a list": (b'{"eventID":"1","resources":{"ARN":"a"}}', {"resources": None}, {Misfit.NOT_ARRAY: 1}),
    "text in a list of objects": (
        b'{"resources":[{"ARN":"a"},"b",null]}',
        {"resources": [{"arn": "a"}, None, None]},
        {Misfit.NOT_OBJECT: 1},
    ),
    "an object for text": (b'{"eventName":{"a": 1.50}}', {"eventname": '{"a": 1.50}'}, {Misfit.NOT_TEXT: 1}),
    "numbers and flags for text": (
        b'{"eventVersion":1.10,"eventID":12345678901234567890,"eventName":true}',
        {"eventversion": "1.10", "eventid": "12345678901234567890", "eventname": "true"},
        {},
    ),
    "a flag as text": (
        b'{"readOnly":"true","managementEvent":false}',
        {"readonly": "true", "managementevent": "false"},
        {},
    ),
    "a number for a flag": (b'{"readOnly":1}', {"readonly": "1"}, {}),
    "other case": (
        b'{"EVENTNAME":"a","resources":[{"arn":"b","accountID":"c","ArnPrefix":"d"}]}',
        {"eventname": "a", "resources": [{"arn": "b", "accountid": "c", "arnprefix": "d"}]},
        {},
    ),
    "a member twice": (b'{"eventName":"a","eventName":"b"}', {"eventname": "b"}, {Misfit.DUPLICATE_MEMBER: 1}),
    "a member twice by case": (b'{"eventName":"a","eventname":"b"}', {"eventname": "b"}, {Misfit.DUPLICATE_MEMBER: 1}),
    "a member twice inside": (
        b'{"tlsDetails":{"tlsVersion":"a","tlsVersion":"a"}}',
        {"tlsdetails": {"tlsversion": "a"}},
        {Misfit.DUPLICATE_MEMBER: 1},
    ),
    "an unknown member": (b'{"eventName":"a","new":{"x":1}}', {"eventname": "a"}, {Misfit.NO_COLUMN: 1}),
    "an unknown member inside": (
        b'{"userIdentity":{"arn":"a","new":"x"}}',
        {"useridentity": {"arn": "a"}},
        {Misfit.NO_COLUMN: 1},
    ),
    "bytes that are not UTF-8": (b'{"eventName":"a\xff"}', {"eventname": "a\ufffd"}, {Misfit.NOT_UNICODE: 1}),
    "half a surrogate pair": (
        b'{"eventName":"\\ud83d\\ude00\\ud83d","requestParameters":{"a":"\\\\ud83d\\udc00"}}',
        {"eventname": "😀\ufffd", "requestparameters": '{"a":"\\\\ud83d\\ufffd"}'},
        {Misfit.NOT_UNICODE: 2},
    ),
    "a zero byte": (b'{"eventName":"a\\u0000b"}', {"eventname": "a\x00b"}, {}),
    "escapes": (b'{"eventName":"a\\"\\/\\u00e9"}', {"eventname": 'a"/é'}, {}),
    "white space": (b'{ "eventName" :\t"a" ,\n "requestParameters" : { "x" : 1.50 } }', {"eventname": "a"}, {}),
    "null for text": (b'{"eventName":null,"errorCode":null,"eventID":"1"}', {"eventname": None, "eventid": "1"}, {}),
    "nothing": (b"{}", {"eventname": None, "useridentity": None, "resources": None}, {}),
    "federation": (
        b'{"userIdentity":{"sessionContext":{"webIdFederationData":{"attributes":{"a":"b","n":null}}}}}',
        {"useridentity": {"sessioncontext": {"webidfederationdata": {"attributes": [("a", "b"), ("n", None)]}}}},
        {},
    ),
    "deep nesting": (
        b'{"eventName":"a","requestParameters":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        {"eventname": "a", "requestparameters": "[" * 5_000 + "]" * 5_000},
        {Misfit.TOO_DEEP: 1},
    ),
}  # fmt: skip


def _holds(found: Any, expected: Any) -> bool:
    if isinstance(expected, dict):
        return found is not None and all(_holds(found[name], value) for name, value in expected.items())
    if isinstance(expected, list) and found is not None:
        return len(found) == len(expected) and all(map(_holds, found, expected))
    return bool(found == expected)


@pytest.mark.parametrize("neighbours", [0, 3])
def test_what_does_not_fit_keeps_its_row_and_is_counted(neighbours: int) -> None:
    """A record with a misfit keeps its row and its other members, is counted, and leaves its neighbours alone."""
    wrong = {}
    for name, (item, expected, misfits) in _MISFITS.items():
        states, rows, counts = _load(text_of(*map(record, range(neighbours)), item))
        fits = len(rows) == neighbours + 1 and _holds(rows[-1], expected)
        if states != [FileState.READ] or not fits or counts[0].misfits != Counter(misfits):
            wrong[name] = (states, rows[-1:], counts[0].misfits)
        if [row["eventid"] for row in rows[:neighbours]] != [f"{number:08}" for number in range(neighbours)]:
            wrong[f"neighbours of {name}"] = (states, rows, counts[0].misfits)
    assert wrong == {}


def test_what_is_no_record_is_counted() -> None:
    """Items that are no objects have no row and are unreadable; those beside them are rows."""
    _, rows, counts = _load(text_of(record(1), b"null", b"7", b'"x"', b"[]", record(2)))
    assert [row["eventid"] for row in rows] == ["00000001", "00000002"]
    assert (counts[0].records, counts[0].unreadable) == (2, 4)


_FILES = {
    b"": FileState.NOT_JSON,
    b"not json": FileState.NOT_JSON,
    b'{"Records":[': FileState.NOT_JSON,
    b'{"Records":[{}]}}': FileState.NOT_JSON,
    b'{"Records":[{}],}': FileState.NOT_JSON,
    b'{"Records":[{},]}': FileState.NOT_JSON,
    b'{"Records":[{} {}]}': FileState.NOT_JSON,
    b'{"Records":[{"a":NaN}]}': FileState.NOT_JSON,
    b'{"Records":[{"a":01}]}': FileState.NOT_JSON,
    b'{"Records":[{"a":"\n"}]}': FileState.NOT_JSON,
    b'{"Records":[{"eventID":"1"},{"a":tru}]}': FileState.NOT_JSON,
    b'{"Records":[]}{"Records":[]}': FileState.NOT_JSON,
    b'{"Records":[{}],"a":tru}': FileState.NOT_JSON,
    b'{"eventID":"1"}\n{"eventID":"2"}\n': FileState.NOT_JSON,
    b"[]": FileState.NO_RECORDS,
    b"7": FileState.NO_RECORDS,
    b"{}": FileState.NO_RECORDS,
    b'{"records":[]}': FileState.NO_RECORDS,
    b'{"Records":null}': FileState.NO_RECORDS,
    b'{"Records":{}}': FileState.NO_RECORDS,
    b'{"Records":[{}],"Records":[]}': FileState.NO_RECORDS,
    b'{"Records":[]}': FileState.READ,
    b' {"a":1, "Records" : [ {} ] } \n': FileState.READ,
    b'{"Records":[{}]}\n': FileState.READ,
}


def test_files_that_are_not_logs_say_why() -> None:
    """Text that is not JSON, or has not exactly one array of records, adds no row at all."""
    found = {text: _load(text) for text in _FILES}
    assert {text: states[0] for text, (states, _, _) in found.items()} == _FILES
    assert [text for text, (states, rows, _) in found.items() if rows and states != [FileState.READ]] == []


_TEXTS = ("eventVersion", "eventTime", "eventSource", "eventName", "errorMessage", "eventID", "vpcEndpointId")
_SCALARS = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
_JSON = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)
_MEMBERS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(_TEXTS, _SCALARS)
    | dict.fromkeys(("requestParameters", "userIdentity", "resources", "tlsDetails", "somethingNew"), _JSON),
)


@settings(deadline=None)  # machines that build are busy
@given(st.lists(st.lists(_MEMBERS, min_size=1, max_size=4), min_size=1, max_size=4), st.booleans())
def test_every_record_has_its_row(files: list[list[dict[str, Any]]], pretty: bool) -> None:  # noqa: FBT001
    """Whatever the members hold, each record has one row, in order, with its text and its payload."""
    texts = [json.dumps({"Records": items}, indent=1 if pretty else None).encode() for items in files]
    states, rows, _ = _load(*texts)
    items = [(number, item) for number, of_file in enumerate(files) for item in of_file]
    assert states == [FileState.READ] * len(files)
    assert [row["file"] for row in rows] == [number for number, _ in items]
    for row, (_, item) in zip(rows, items, strict=True):
        assert {name: row[name.lower()] for name in _TEXTS} == {name: _logged_text(item.get(name)) for name in _TEXTS}
        payload = item.get("requestParameters")
        if isinstance(payload, dict | list):
            assert json.loads(row["requestparameters"]) == payload
        else:
            assert row["requestparameters"] == _logged_text(payload)


def _logged_text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


@settings(deadline=None)  # machines that build are busy
@given(st.lists(_MEMBERS, min_size=1, max_size=3))
def test_the_fast_way_and_the_careful_way_agree(items: list[dict[str, Any]]) -> None:
    """Compact files, which may take the fast way, give the rows and misfits of the same files with a space in them."""
    compactly, spaced = text_of(*items), text_of(*(compact(item).replace(b"{", b"{ ", 1) for item in items))
    fast, careful = _load(compactly), _load(spaced)
    assert fast == careful


@settings(deadline=None)  # machines that build are busy
@given(st.binary(max_size=60))
def test_any_text_is_answered(text: bytes) -> None:
    """Bytes of any kind, alone or as a record, give a state and no exception."""
    states, rows, counts = _load(text, b'{"Records":[' + text + b"]}", b'{"Records":[{"eventName":"' + text + b'"}]}')
    assert len(states) == 3
    assert len(rows) == sum(count.records for count in counts)


_ESCAPED_TEXT = 'a "quoted" \\ text,\n\ttwo lines\r\b\f, é and 😀'


def test_text_with_escapes_is_as_cloudtrail_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text that JSON cannot write without escapes, at the top or inside, needs no second look at its record."""
    inside = {"type": "IAMUser", "userName": _ESCAPED_TEXT}
    members = {"userIdentity": inside, "errorMessage": _ESCAPED_TEXT, "eventID": _ESCAPED_TEXT}
    expected = _load(text_of(record(1), record(2, **members)))
    monkeypatch.delattr(loading, "normalise")
    states, rows, _ = _load(text_of(record(1), record(2, **members)))
    assert (states, rows) == expected[:2]
    row = rows[1]
    assert [row["errormessage"], row["eventid"], row["useridentity"]["username"]] == [_ESCAPED_TEXT] * 3


def _in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (loading, batch):
        monkeypatch.setattr(module, "SLICE_BYTES", 2_000)


def test_what_looks_like_the_next_record_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Payloads whose arrays hold objects that begin as records do stay whole, wherever a large file is cut."""
    lookalike = [{"eventVersion": "1.10", "eventID": f"never a row {number}"} for number in range(300)]
    items = [record(number, requestParameters=lookalike if number == 20 else None) for number in range(60)]
    whole = _load(text_of(*items), text_of(record(60)))
    _in_slices(monkeypatch)
    assert _load(text_of(*items), text_of(record(60))) == whole
    assert len(whole[1]) == 61
    assert _load(text_of(*items) + b"x", text_of(record(60)))[0] == [FileState.NOT_JSON, FileState.READ]


def test_rows_stay_in_the_order_of_their_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records that are rewritten stand between their neighbours, in large files and in small ones."""
    odd: dict[int, dict[str, Any]] = {
        30: {"userIdentity": 7},
        31: {"eventName": 1.50},
        70: {"new": 1},
        90: {"eventVersion": {}},
    }
    texts = [
        text_of(*(record(number, **odd.get(number, {})) for number in range(first, first + 50)))
        for first in range(0, 200, 50)
    ]
    whole = _load(*texts)
    _in_slices(monkeypatch)
    assert _load(*texts) == whole
    assert [row["eventid"] for row in whole[1]] == [f"{number:08}" for number in range(200)]


@pytest.mark.parametrize("slice_bytes", [2_000, 512 << 10])
def test_large_files_come_in_pieces(monkeypatch: pytest.MonkeyPatch, slice_bytes: int) -> None:
    """A file beyond the size of a batch gives the rows that it gives in one piece, misfits included."""
    items = [record(number) for number in range(200)]
    items[77] = record(77, userIdentity="x")
    whole = _load(text_of(*items))
    monkeypatch.setattr(loading, "BATCH_BYTES", 10_000)
    for module in (loading, batch):
        monkeypatch.setattr(module, "SLICE_BYTES", slice_bytes)
    assert _load(text_of(*items)) == whole
    assert _load(text_of(*items), text_of(*items[:3]))[1][:200] == whole[1]
    spaced = text_of(*items).replace(b"[", b"[ ", 1)
    assert _load(spaced) == whole
