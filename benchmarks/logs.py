"""CloudTrail files to measure with: seeded, of the sizes and with the proportions that real trails have.

The mix of services, the length of a record (about 1.5 KB), the ratio of gzip (6 to 8), the number of records per file
(few in most files, hundreds in some) and how often an identity recurs follow public CloudTrail data sets. Names,
addresses and ids are drawn, never copied.
"""

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import deflate

ACCOUNTS = ("111122223333", "444455556666", "777788889999")
REGIONS = ("us-east-1", "sa-east-1", "eu-west-1")
FIRST_DAY = datetime(2026, 10, 1, tzinfo=UTC)
GZIP_LEVEL = 6
EVENTS_PER_DAY = 200_000

_AGENTS = (
    "aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.173.0",
    "Boto3/1.34.131 md/Botocore#1.34.131 ua/2.0 os/linux#5.10.219 md/arch#x86_64 lang/python#3.11.9 Botocore/1.34.131",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126 Safari/537.36",
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.2 terraform-provider-aws/5.58.0 aws-sdk-go-v2/1.30.1 os/linux lang/go#1.22.4",
)

Json = Any
"""What `json.dumps` takes."""


@dataclass(frozen=True, slots=True)
class Call:
    """An API call of the mix.

    Attributes:
        source: The service's event source without `.amazonaws.com`.
        name: The event name.
        weight: How often it occurs, relative to the others.
        request: Makes the request parameters.
        response: Makes the response elements.
        read_only: As CloudTrail logs it.
        data: Whether it is a data event.
    """

    source: str
    name: str
    weight: int
    request: Callable[["Dice"], Json]
    response: Callable[["Dice"], Json] = lambda _dice: None
    read_only: bool = True
    data: bool = False


class Dice(random.Random):
    """A seeded source of the ids that CloudTrail is full of."""

    def hexadecimal(self, digits: int) -> str:
        """Return that many hexadecimal digits."""
        return f"{self.getrandbits(4 * digits):0{digits}x}"

    def uuid(self) -> str:
        """Return text of the form of a UUID."""
        text = self.hexadecimal(32)
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def unique_id(self, prefix: str, length: int) -> str:
        """Return an id as IAM makes them: a prefix, then capitals and digits."""
        return prefix + "".join(self.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=length))

    def address(self) -> str:
        """Return an IPv4 address out of a few hundred."""
        return f"203.0.{self.randrange(4)}.{self.randrange(1, 255)}"


def _run_instances(dice: Dice) -> Json:
    items: list[Json] = [
        {
            "instanceId": f"i-{dice.hexadecimal(17)}",
            "imageId": "ami-0b72821e2f351e396",
            "instanceState": {"code": 0, "name": "pending"},
            "privateDnsName": f"ip-10-0-{dice.randrange(256)}-{dice.randrange(256)}.ec2.internal",
            "instanceType": "m5.large",
            "launchTime": 1_790_000_000_000 + dice.randrange(10**9),
            "placement": {"availabilityZone": "us-east-1a", "tenancy": "default"},
            "networkInterfaceSet": {"items": [{"networkInterfaceId": f"eni-{dice.hexadecimal(17)}"}]},
            "tagSet": {"items": [{"key": "Name", "value": f"worker-{dice.randrange(100)}"}]},
        }
        for _ in range(dice.randrange(1, 4))
    ]
    return {"reservationId": f"r-{dice.hexadecimal(17)}", "ownerId": ACCOUNTS[0], "instancesSet": {"items": items}}


def _credentials(dice: Dice) -> Json:
    return {
        "credentials": {
            "accessKeyId": dice.unique_id("ASIA", 16),
            "sessionToken": dice.hexadecimal(480),
            "expiration": "Oct 1, 2026, 1:00:00 PM",
        },
        "assumedRoleUser": {
            "assumedRoleId": f"{dice.unique_id('AROA', 17)}:session",
            "arn": f"arn:aws:sts::{ACCOUNTS[0]}:assumed-role/deploy/session",
        },
    }


def _object(dice: Dice) -> Json:
    return {
        "bucketName": f"example-data-{dice.randrange(20)}",
        "key": f"year=2026/month=10/part-{dice.hexadecimal(12)}.parquet",
        "Host": f"example-data-{dice.randrange(20)}.s3.us-east-1.amazonaws.com",
        "x-amz-acl": "bucket-owner-full-control",
    }


def _describe(dice: Dice) -> Json:
    return {
        "filterSet": {"items": [{"name": "tag:cluster", "valueSet": {"items": [{"value": f"c{dice.randrange(40)}"}]}}]},
        "instancesSet": {"items": [{"instanceId": f"i-{dice.hexadecimal(17)}"}]},
    }


def _assume_role(dice: Dice) -> Json:
    role = f"arn:aws:iam::{ACCOUNTS[0]}:role/deploy-{dice.randrange(30)}"
    return {"roleArn": role, "roleSessionName": f"s{dice.randrange(500)}", "durationSeconds": 3600}


def _decrypt(dice: Dice) -> Json:
    context: Json = {"aws:s3:arn": f"arn:aws:s3:::example-data-{dice.randrange(20)}"}
    return {"encryptionContext": context, "encryptionAlgorithm": "SYMMETRIC_DEFAULT"}


def _alarm(dice: Dice) -> Json:
    return {"alarmName": f"a{dice.randrange(99)}", "threshold": dice.randrange(100) + 0.5, "period": 300}


def _bucket(dice: Dice) -> Json:
    return {"bucketName": f"example-data-{dice.randrange(20)}", "acl": "", "Host": "s3.amazonaws.com"}


def _encrypted(_: Dice) -> Json:
    return {"x-amz-server-side-encryption": "aws:kms"}


MIX = (
    Call("ec2", "DescribeInstances", 14, _describe),
    Call("ec2", "DescribeNetworkInterfaces", 6, _describe),
    Call("ec2", "RunInstances", 2, _describe, _run_instances, read_only=False),
    Call("sts", "AssumeRole", 16, _assume_role, _credentials),
    Call("kms", "Decrypt", 15, _decrypt),
    Call("kms", "GenerateDataKey", 5, lambda dice: {"keyId": f"alias/k{dice.randrange(9)}", "keySpec": "AES_256"}),
    Call("s3", "GetBucketAcl", 8, _bucket),
    Call("s3", "GetObject", 12, _object, data=True),
    Call("s3", "PutObject", 6, _object, _encrypted, read_only=False, data=True),
    Call("logs", "DescribeLogStreams", 4, lambda dice: {"logGroupName": f"/aws/f{dice.randrange(99)}", "limit": 50}),
    Call("monitoring", "PutMetricAlarm", 1, _alarm, read_only=False),
    Call("iam", "GetRole", 4, lambda dice: {"roleName": f"role-{dice.randrange(99)}"}),
    Call("secretsmanager", "GetSecretValue", 3, lambda dice: {"secretId": f"prod/db-{dice.randrange(9)}"}),
    Call("signin", "ConsoleLogin", 1, lambda _: None, lambda _: {"ConsoleLogin": "Success"}, read_only=False),
    Call("lambda", "GetFunction20150331v2", 3, lambda dice: {"functionName": f"f{dice.randrange(99)}"}),
)
_WEIGHTS = [call.weight for call in MIX]


def record(dice: Dice, account: str, region: str, moment: datetime) -> dict[str, Json]:
    """Return one record with its members in the order in which CloudTrail writes them."""
    call = dice.choices(MIX, _WEIGHTS)[0]
    # A few principals make most calls, each under a session of an hour or so.
    role = f"role-{min(59, int(dice.paretovariate(0.7)))}"
    session = f"session-{moment:%H}-{dice.randrange(3)}"
    role_id = "AROA" + hashlib.sha256(role.encode()).hexdigest()[:17].upper()
    time = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    event: dict[str, Json] = {
        "eventVersion": "1.10",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": f"{role_id}:{session}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session}",
            "accountId": account,
            "accessKeyId": f"ASIA{hashlib.sha256((role + session).encode()).hexdigest()[:16].upper()}",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": role_id,
                    "arn": f"arn:aws:iam::{account}:role/{role}",
                    "accountId": account,
                    "userName": role,
                },
                "attributes": {"creationDate": f"{moment:%Y-%m-%dT%H:00:00Z}", "mfaAuthenticated": "false"},
            },
        },
        "eventTime": time,
        "eventSource": f"{call.source}.amazonaws.com",
        "eventName": call.name,
        "awsRegion": region,
        "sourceIPAddress": dice.address(),
        "userAgent": dice.choice(_AGENTS),
    }
    if dice.random() < 0.06:  # noqa: PLR2004  the share of failed calls in public data sets
        event["errorCode"] = "AccessDenied"
        event["errorMessage"] = f"User: arn:aws:sts::{account}:assumed-role/{role}/{session} is not authorized"
    event["requestParameters"] = call.request(dice)
    event["responseElements"] = call.response(dice)
    if call.source == "s3":
        event["additionalEventData"] = {
            "SignatureVersion": "SigV4",
            "CipherSuite": "TLS_AES_128_GCM_SHA256",
            "bytesTransferredIn": 0,
            "AuthenticationMethod": "AuthHeader",
            "x-amz-id-2": dice.hexadecimal(76),
            "bytesTransferredOut": dice.randrange(10**6),
        }
    event |= {"requestID": dice.uuid(), "eventID": dice.uuid(), "readOnly": call.read_only}
    if call.source in {"s3", "kms"}:
        kind = "AWS::S3::Bucket" if call.source == "s3" else "AWS::KMS::Key"
        event["resources"] = [
            {
                "accountId": account,
                "type": kind,
                "ARN": f"arn:aws:{call.source}:{region}:{account}:{dice.randrange(20)}",
            }
        ]
    return event | {
        "eventType": "AwsConsoleSignIn" if call.source == "signin" else "AwsApiCall",
        "managementEvent": not call.data,
        "recipientAccountId": account,
        "eventCategory": "Data" if call.data else "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{call.source}.{region}.amazonaws.com",
        },
    }


def sizes(dice: Dice, events: int, events_per_file: int | None) -> Iterator[int]:
    """Yield numbers of records per file: all alike, or (None) many small files and a few of hundreds."""
    left = events
    while left:
        drawn = events_per_file or min(2_000, 1 + int(dice.lognormvariate(3.7, 1.4)))
        size = min(left, drawn)
        left -= size
        yield size


def write(
    folder: Path, events: int, *, events_per_file: int | None = None, days: int | None = None, seed: int = 1
) -> int:
    """Write the files of a trail below a folder, in the layout of S3, and return how many.

    Args:
        folder: Where `AWSLogs/` shall be.
        events: The number of records in all.
        events_per_file: The same number in each file; None for a mix like that of a real trail.
        days: Over how many days they are spread; None for as many as a busy trail needs.
        seed: The same seed writes the same bytes.
    """
    dice = Dice(seed)
    written = files = 0
    days = days or max(1, events // EVENTS_PER_DAY)
    for size in sizes(dice, events, events_per_file):
        moment = FIRST_DAY + timedelta(days=days * written / events)
        account, region = dice.choice(ACCOUNTS), dice.choices(REGIONS, (6, 3, 1))[0]
        records = [record(dice, account, region, moment - timedelta(seconds=dice.randrange(300))) for _ in range(size)]
        body = json.dumps({"Records": records}, separators=(",", ":"), ensure_ascii=False).encode()
        minute = moment.replace(minute=moment.minute - moment.minute % 5)
        path = folder / f"AWSLogs/{account}/CloudTrail/{region}/{moment:%Y/%m/%d}"
        path.mkdir(parents=True, exist_ok=True)
        name = f"{account}_CloudTrail_{region}_{minute:%Y%m%dT%H%MZ}_{dice.unique_id('', 16)}.json.gz"
        (path / name).write_bytes(deflate.gzip_compress(body, GZIP_LEVEL))
        written += size
        files += 1
    return files
