"""The records: the members, types and values that CloudTrail writes."""

import json
import re
from collections import Counter
from typing import Any

from unit.sample.generated import Sample

_ALWAYS = {
    "eventVersion",
    "userIdentity",
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "requestParameters",
    "responseElements",
    "eventID",
    "readOnly",
    "eventType",
    "managementEvent",
    "recipientAccountId",
    "eventCategory",
}
_SOMETIMES = {
    "addendum",
    "additionalEventData",
    "apiVersion",
    "errorCode",
    "errorMessage",
    "requestID",
    "resources",
    "serviceEventDetails",
    "sessionCredentialFromConsole",
    "sharedEventID",
    "tlsDetails",
    "vpcEndpointAccountId",
    "vpcEndpointId",
}
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def _faults(record: dict[str, Any]) -> list[str]:
    """Name what is wrong with a record."""
    members = set(record)
    address = record["sourceIPAddress"]
    from_service = address.endswith(".amazonaws.com") or address == "AWS Internal"
    good = {
        "no member is missing": members >= _ALWAYS,
        "no member is invented": members <= _ALWAYS | _SOMETIMES,
        "eventID is a UUID": bool(_UUID.fullmatch(record["eventID"])),
        "readOnly is a boolean": isinstance(record["readOnly"], bool),
        "managementEvent agrees": record["managementEvent"] is (record["eventCategory"] == "Management"),
        "eventVersion is of the time": record["eventVersion"] in {"1.09", "1.10", "1.11"},
        "a refused call has no response": "errorCode" not in record or record["responseElements"] is None,
        "only clients have TLS": from_service != ("tlsDetails" in record),
    }
    return [f"{record['eventName']}: {rule}" for rule, holds in good.items() if not holds]


def test_every_record_has_the_form_of_cloudtrail(sample: Sample) -> None:
    """No record lacks a member, has an invented one, or a value of another type."""
    faults = [fault for record in sample.records() for fault in _faults(record)]

    assert faults == []


def test_identities_of_all_kinds_occur(sample: Sample) -> None:
    """The sample has every kind of identity that a report must tell apart."""
    kinds = Counter(record["userIdentity"].get("type") for record in sample.records())
    keys = {str(record["userIdentity"].get("accessKeyId", ""))[:4] for record in sample.records()}
    issuers = {
        record["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"]
        for record in sample.records()
        if "sessionIssuer" in record["userIdentity"].get("sessionContext", {})
    }

    assert set(kinds) == {
        "AssumedRole",
        "AWSService",
        "IdentityCenterUser",
        "IAMUser",
        "SAMLUser",
        "WebIdentityUser",
        "AWSAccount",
        "Root",
        None,
    }
    assert {"AKIA", "ASIA"} <= keys
    assert any("/aws-reserved/sso.amazonaws.com/sa-east-1/AWSReservedSSO_" in arn for arn in issuers)
    assert any("/aws-service-role/" in arn for arn in issuers)


def test_federated_sign_ins_show_no_mfa(sample: Sample) -> None:
    """Who comes from the identity provider is recorded with MFAUsed No, as in real logs; IAM users mostly with Yes."""
    federated = {
        record["additionalEventData"]["MFAUsed"]
        for record in sample.named("ConsoleLogin")
        if record["userIdentity"]["type"] == "AssumedRole"
    }
    users = Counter(
        record["additionalEventData"]["MFAUsed"]
        for record in sample.named("ConsoleLogin")
        if record["userIdentity"]["type"] == "IAMUser" and record["responseElements"]["ConsoleLogin"] == "Success"
    )

    assert federated == {"No"}
    assert users["Yes"] > users["No"] > 0


def test_data_events_cover_the_regulated_buckets_only(sample: Sample) -> None:
    """Data events exist for both regulated buckets and one table, and for no other."""
    data = [record for record in sample.records() if record["eventCategory"] == "Data"]
    requests = [record["requestParameters"] for record in data]
    buckets = {request["bucketName"] for request in requests if "bucketName" in request}
    reports = sample.truth["buckets_without_data_events"]

    assert buckets == set(sample.truth["regulated_buckets"])
    assert {request["tableName"] for request in requests if "tableName" in request} == {"ipe-tokens"}
    assert any(
        (record["requestParameters"] or {}).get("bucketName") in reports
        for record in sample.records()
        if record["eventSource"] == "s3.amazonaws.com"
    )


def test_the_noise_of_real_logs_is_there(sample: Sample) -> None:
    """Refusals, throttled calls, calls across accounts and an event of a service without a caller occur."""
    codes = Counter(record.get("errorCode") for record in sample.records())

    assert codes["AccessDeniedException"] > 10
    assert codes["Client.RequestLimitExceeded"] + codes["ThrottlingException"] > 3
    assert codes["Client.DryRunOperation"] == 1
    assert any("sharedEventID" in record for record in sample.named("AssumeRole"))
    assert [record["eventType"] for record in sample.named("RotateKey")] == ["AwsServiceEvent"]


def test_copies_are_equal_records(sample: Sample) -> None:
    """A record that is delivered twice is the same both times, in two files."""
    seen: dict[str, str] = {}
    differing = []
    for record in sample.records():
        text = json.dumps(record, sort_keys=True)
        if seen.setdefault(record["eventID"], text) != text:
            differing.append(record["eventID"])

    assert differing == []
    assert [path for path, records in sample.files.items() if len({r["eventID"] for r in records}) < len(records)] == []


def test_volume_is_skewed_like_a_real_company(sample: Sample) -> None:
    """São Paulo has most of the events, and every account and region some."""
    regions = Counter(record["awsRegion"] for record in sample.records())

    assert regions["sa-east-1"] > 0.6 * regions.total()
    assert min(regions.values()) > 500
