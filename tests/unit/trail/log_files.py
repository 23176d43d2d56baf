"""Log files to test with: records, their JSON, and folders that hold them."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from comprova.trail.report import LoadReport

ACCOUNT = "111122223333"


def record(number: int, **members: Any) -> dict[str, Any]:
    """Return a record as CloudTrail writes them, with some members replaced; those that are `...` are left out."""
    whole: dict[str, Any] = {
        "eventVersion": "1.10",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:session",
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/session",
            "accountId": ACCOUNT,
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/deploy"},
                "webIdFederationData": {},
                "attributes": {"creationDate": "2026-10-01T10:00:00Z", "mfaAuthenticated": "false"},
            },
        },
        "eventTime": f"2026-10-01T10:{number // 60 % 60:02}:{number % 60:02}Z",
        "eventSource": ("s3.amazonaws.com", "ec2.amazonaws.com", "iam.amazonaws.com")[number % 3],
        "eventName": ("GetObject", "RunInstances")[number % 2],
        "awsRegion": "us-east-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "aws-cli/2",
        "requestParameters": {"bucketName": "b", "size": 1.5, "names": ["é", None]},
        "responseElements": None,
        "requestID": f"r{number}",
        "eventID": f"{number:08}",
        "readOnly": True,
        "resources": [{"ARN": "arn:aws:s3:::b", "accountId": ACCOUNT, "type": "AWS::S3::Bucket"}],
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }
    return {name: value for name, value in (whole | members).items() if value is not ...}


def text_of(*records: Any) -> bytes:
    """Return a log file's JSON as CloudTrail writes it: compact. Bytes are taken as JSON already."""
    items = [item if isinstance(item, bytes) else compact(item) for item in records]
    return b'{"Records":[' + b",".join(items) + b"]}"


def compact(value: Any) -> bytes:
    """Return JSON without white space, characters as they are."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def key_of(day: str, name: str, account: str = ACCOUNT) -> str:
    """Return the key of a log file delivered on a day (`2026-10-01`)."""
    minute = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return (
        f"AWSLogs/{account}/CloudTrail/us-east-1/{minute:%Y/%m/%d}/"
        f"{account}_CloudTrail_us-east-1_{minute:%Y%m%d}T1005Z_{name}.json.gz"
    )


def put(folder: Path, key: str, *records: Any) -> Path:
    """Write a log file, gzipped if its name says so, and return its path."""
    path = folder / key
    path.parent.mkdir(parents=True, exist_ok=True)
    text = text_of(*records)
    path.write_bytes(gzip.compress(text, mtime=0) if key.endswith(".gz") else text)
    return path


def rows_of(report: LoadReport, columns: str = "eventid, log_file") -> list[tuple[Any, ...]]:
    """Return columns of `records`, in the order in which the Parquet files hold the rows."""
    files = [str(path) for path in report.parquet_files]
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        return connection.execute(f"SELECT {columns} FROM read_parquet(?)", [files]).fetchall()  # noqa: S608
