"""The table over the trail's bucket: records as logged, partitions as projected, bytes as billed, damage told."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from athena_endpoint.caller import Caller
from athena_endpoint.endpoint import Endpoint
from comprova.engines.athena import ddl
from comprova.engines.athena.place import S3Place

pytestmark = pytest.mark.trino

_ACCOUNT, _OTHER = "111122223333", "444455556666"
_REGIONS = ("us-east-1", "sa-east-1")


@dataclass(frozen=True, slots=True)
class _Trail:
    """A bucket of CloudTrail files with a table over it."""

    caller: Caller
    bucket: str

    def put(self, records: Sequence[Mapping[str, Any]] | bytes, day: str = "2026/10/01", **where: str) -> str:
        """Put a log file; return its URI."""
        account, region = where.get("account", _ACCOUNT), where.get("region", "us-east-1")
        key = f"AWSLogs/{account}/CloudTrail/{region}/{day}/{where.get('name', 'a')}.json.gz"
        data = records if isinstance(records, bytes) else gzip.compress(json.dumps({"Records": records}).encode())
        self.caller.s3.put_object(Bucket=self.bucket, Key=key, Body=data)
        return f"s3://{self.bucket}/{key}"

    def delete(self, uri: str) -> None:
        """Delete a log file."""
        self.caller.s3.delete_object(Bucket=self.bucket, Key=uri.removeprefix(f"s3://{self.bucket}/"))

    def define(self, accounts: tuple[str, ...] = (_ACCOUNT, _OTHER)) -> None:
        """Make the table."""
        place = S3Place(self.bucket, "")
        raw = ddl.RawTable(self.caller.database, place, "", accounts, _REGIONS, date(2026, 9, 1))
        ended = self.caller.run(ddl.raw_table(raw))
        assert ended.state == "SUCCEEDED", ended.reason


@pytest.fixture
def trail(athena: Endpoint, caller: Caller) -> _Trail:
    """Give an empty bucket; its table is not there yet."""
    bucket = athena.fresh("trail")
    caller.s3.create_bucket(Bucket=bucket)
    return _Trail(caller, bucket)


def test_record_has_the_values_that_were_logged(trail: _Trail) -> None:
    """Structures are rows, payloads are JSON text with numbers as logged, a payload logged as a string is that."""
    text = (
        b'{"Records":[{"eventID":"a","readOnly":true,"requestParameters":{"n":1.50,"big":12345678901234567890,'
        b'"e":1E+2,"s":"\\u00e9\\n"},"responseElements":"text","additionalEventData":null,'
        b'"userIdentity":{"type":"IAMUser","sessionContext":{"attributes":{"mfaAuthenticated":"true"}}},'
        b'"resources":[{"ARN":"arn:a","accountId":"1"}]}]}'
    )
    uri = trail.put(gzip.compress(text))
    trail.define()

    (row,) = trail.caller.rows(
        "SELECT eventid, readonly, requestparameters, responseelements, additionaleventdata, useridentity.type, "
        "useridentity.sessioncontext.attributes.mfaauthenticated, resources[1].arn, resources[1].type, eventname, "
        'account, region, "timestamp", "$path" FROM cloudtrail_logs'
    )

    payload = '{"n":1.50,"big":12345678901234567890,"e":1E+2,"s":"\\u00e9\\n"}'
    logged = ("a", "true", payload, "text", None, "IAMUser", "true", "arn:a", None, None)
    assert row == (*logged, _ACCOUNT, "us-east-1", "2026/10/01", uri)


def test_record_that_is_not_as_cloudtrail_writes_it_is_what_the_embedded_engine_makes_of_it(trail: _Trail) -> None:
    """Members in other spellings, of other types, or unknown, come out as `comprova.trail.normalise` says."""
    odd = b'{"EVENTID":"a","userIdentity":"nobody","apiVersion":1.50,"new":1}'
    trail.put(gzip.compress(b'{"Records":[%s,{"eventID":"b"},"no record"]}' % odd))
    trail.define()

    rows = trail.caller.rows("SELECT eventid, useridentity, apiversion FROM cloudtrail_logs ORDER BY eventid")

    assert rows == [("a", None, "1.50"), ("b", None, None)]


def test_scanned_bytes_are_those_of_the_objects_read(trail: _Trail) -> None:
    """What is billed are the compressed objects of the partitions that are read; listing is free."""
    uris = [
        trail.put([{"eventID": str(number)}] * 50, day, name=str(number))
        for number, day in enumerate(("2026/10/01", "2026/10/01", "2026/10/02"))
    ]
    trail.define()
    keys = [uri.removeprefix(f"s3://{trail.bucket}/") for uri in uris]
    sizes = [trail.caller.s3.head_object(Bucket=trail.bucket, Key=key)["ContentLength"] for key in keys]

    wheres = ("true", "\"timestamp\" = '2026/10/02'", "\"timestamp\" = '2026/10/03'", f"\"$path\" = '{uris[0]}'")
    select = "SELECT count(*) FROM cloudtrail_logs WHERE"
    scanned = [trail.caller.run(f"{select} {where}").scanned for where in wheres]

    assert scanned == [sum(sizes), sizes[2], 0, sizes[0]]


def test_partition_that_is_not_projected_has_no_rows_and_no_error(trail: _Trail) -> None:
    """An account or region outside of the enum, or a date outside of the range, is silently missing."""
    trail.put([{"eventID": "seen"}])
    trail.put([{"eventID": "account"}], account="999999999999")
    trail.put([{"eventID": "region"}], region="eu-west-1")
    trail.put([{"eventID": "date"}], day="2026/08/31")
    trail.define()

    assert trail.caller.rows("SELECT eventid FROM cloudtrail_logs") == [("seen",)]
    assert trail.caller.rows("SELECT eventid FROM cloudtrail_logs WHERE region = 'eu-west-1'") == []


def test_injected_account_must_be_named(trail: _Trail) -> None:
    """Without a list of accounts, each statement names those that it is about, as literals."""
    trail.put([{"eventID": "a"}])
    trail.put([{"eventID": "b"}], account=_OTHER)
    trail.define(accounts=())
    select = "SELECT eventid FROM cloudtrail_logs"

    named = f"{select} WHERE account IN ('{_ACCOUNT}', '{_OTHER}') AND region = 'us-east-1' ORDER BY 1"
    refused = trail.caller.run(f"{select} WHERE account LIKE '1%'")
    assert trail.caller.rows(named) == [("a",), ("b",)]
    assert trail.caller.rows(f"{select} WHERE account = '{_OTHER}'") == [("b",)]
    assert refused.reason == (
        "CONSTRAINT_VIOLATION: For the injected projected partition column account, the WHERE clause must contain only "
        "static equality conditions, and at least one such condition must be present."
    )


@pytest.mark.parametrize(
    "damaged",
    [gzip.compress(b'{"Records":[]}')[:-4], b"plain", gzip.compress(b"{"), gzip.compress(b'{"digest":1}')],
    ids=["cut", "not compressed", "not JSON", "no records"],
)
def test_damaged_file_fails_the_statement_that_reads_it(trail: _Trail, damaged: bytes) -> None:
    """The error names the file; a statement that leaves it out succeeds."""
    trail.put([{"eventID": "whole"}], name="whole")
    uri = trail.put(damaged, name="damaged")
    trail.define()
    select = "SELECT eventid FROM cloudtrail_logs"

    failed = trail.caller.run(select)

    assert failed.state == "FAILED"
    assert uri in failed.reason
    assert trail.caller.rows(f"{select} WHERE \"$path\" NOT IN ('{uri}')") == [("whole",)]


def test_table_shows_the_objects_as_they_are_now(trail: _Trail) -> None:
    """An object that is put, replaced or deleted is seen by the next statement."""
    trail.define()
    seen = [trail.caller.rows("SELECT eventid FROM cloudtrail_logs")]
    uri = ""
    for event_id in ("first", "second"):
        uri = trail.put([{"eventID": event_id}])
        seen.append(trail.caller.rows("SELECT eventid FROM cloudtrail_logs"))
    trail.delete(uri)
    seen.append(trail.caller.rows("SELECT eventid FROM cloudtrail_logs"))

    assert seen == [[], [("first",)], [("second",)], []]


def test_table_without_a_column_does_not_know_it(trail: _Trail) -> None:
    """A table from before a field was logged fails statements that name it."""
    columns = "eventid string"
    trail.caller.run(
        f"CREATE EXTERNAL TABLE cloudtrail_logs ({columns}) PARTITIONED BY (account string, region string, "
        "`timestamp` string) ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe' STORED AS INPUTFORMAT "
        "'com.amazon.emr.cloudtrail.CloudTrailInputFormat' OUTPUTFORMAT "
        f"'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat' LOCATION 's3://{trail.bucket}/AWSLogs/'"
    )

    assert trail.caller.run("SELECT tlsdetails FROM cloudtrail_logs").reason.startswith("COLUMN_NOT_FOUND")
