"""Each trap of CloudTrail data that the view `activity` answers for: a whole record in, columns out."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from case_file import merge_patch
from engines.built import PERIOD
from engines.conftest import Build
from engines.whole_records import ACCOUNT, CENTER_SIGN_IN, KEY_CALL, ROLE_CALL, SERVICE_EVENT, SIGN_IN, log_file

FOREIGN = "444455556666"
_SSO_ROLE = (
    f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/sa-east-1/AWSReservedSSO_Admin_0123456789abcdef"
)


class Trap(NamedTuple):
    """One record and what `activity` says of it.

    Attributes:
        trap: The trap's number and the case.
        base: A whole record.
        change: A JSON merge patch.
        expected: Values by column.
    """

    trap: str
    base: Mapping[str, Any]
    change: Mapping[str, Any]
    expected: Mapping[str, Any]


def _session(**changes: Any) -> dict[str, Any]:
    return {"userIdentity": {"sessionContext": changes}}


def _identity(**changes: Any) -> dict[str, Any]:
    return {"userIdentity": changes}


TRAPS = (
    # T01 The result of a sign-in stands in the response.
    Trap("T01 failed without error code", SIGN_IN, {"responseElements": {"ConsoleLogin": "Failure"}}, {"call_result": "failed", "error_code": None}),
    Trap("T01 failed with message", SIGN_IN, {"responseElements": {"ConsoleLogin": "Failure"}, "errorMessage": "Failed authentication"}, {"call_result": "failed"}),
    Trap("T01 succeeded", SIGN_IN, {}, {"call_result": "success"}),
    Trap("T01 second factor refused", SIGN_IN, {"eventName": "CheckMfa", "responseElements": {"ConsoleLogin": None, "CheckMfa": "Failure"}}, {"call_result": "failed"}),
    Trap("T01 no verdict", SIGN_IN, {"responseElements": None}, {"call_result": "unknown"}),
    Trap("T01 message only", SIGN_IN, {"responseElements": None, "errorMessage": "No username found in supplied account"}, {"call_result": "failed"}),
    Trap("T01 Identity Center", CENTER_SIGN_IN, {"serviceEventDetails": {"UserAuthentication": "Failure"}}, {"call_result": "failed"}),
    Trap("T01 verdict only at sign-ins", KEY_CALL, {"responseElements": {"ConsoleLogin": "Failure"}}, {"call_result": "success"}),
    # T02 Federation logs No, because the second factor is asked for elsewhere.
    Trap("T02 SAML provider", SIGN_IN, {"additionalEventData": {"MFAUsed": "No", "SamlProviderArn": f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"}}, {"mfa": "at_idp", "mfa_logged": "No", "identity_provider": f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"}),
    Trap("T02 assumed role", SIGN_IN, {"userIdentity": {"type": "AssumedRole"}, "additionalEventData": {"MFAUsed": "No"}}, {"mfa": "at_idp"}),
    Trap("T02 federated user", SIGN_IN, {"userIdentity": {"type": "FederatedUser"}, "additionalEventData": {"MFAUsed": "No"}}, {"mfa": "at_idp"}),
    Trap("T02 Identity Center role", ROLE_CALL, _session(sessionIssuer={"arn": _SSO_ROLE}), {"mfa": "at_idp", "mfa_logged": "false"}),
    Trap("T02 federated session", KEY_CALL, {"userIdentity": {"type": "FederatedUser", "accessKeyId": "ASIAX", "sessionContext": {"attributes": {"mfaAuthenticated": "false"}}}}, {"mfa": "at_idp", "actor_kind": "federated"}),
    Trap("T02 external provider", CENTER_SIGN_IN, {"additionalEventData": {"CredentialType": "EXTERNAL_IDP"}}, {"mfa": "at_idp"}),
    Trap("T02 IAM user", SIGN_IN, {"additionalEventData": {"MFAUsed": "No"}}, {"mfa": "no"}),
    # T03 Yes, YES, No, missing.
    Trap("T03 YES", SIGN_IN, {"additionalEventData": {"MFAUsed": "YES"}}, {"mfa": "yes", "mfa_logged": "YES"}),
    Trap("T03 missing", SIGN_IN, {"additionalEventData": {"MFAUsed": None}}, {"mfa": "unknown", "mfa_logged": None}),
    Trap("T03 no additional data", SIGN_IN, {"additionalEventData": None}, {"mfa": "unknown", "mfa_logged": None}),
    Trap("T03 federated and Yes", SIGN_IN, {"userIdentity": {"type": "AssumedRole"}}, {"mfa": "yes"}),
    # T04 mfaAuthenticated is text, absent with a long-term key.
    Trap("T04 long-term key", KEY_CALL, {}, {"mfa": "no_session", "mfa_logged": None, "credential": "long_term_key"}),
    Trap("T04 session with", ROLE_CALL, _session(attributes={"mfaAuthenticated": "true"}), {"mfa": "yes", "mfa_logged": "true", "credential": "session"}),
    Trap("T04 session without", ROLE_CALL, {}, {"mfa": "no", "mfa_logged": "false"}),
    Trap("T04 temporary key, no session", ROLE_CALL, _session(attributes=None), {"mfa": "unknown", "credential": "session"}),
    Trap("T04 logged as boolean", ROLE_CALL, _session(attributes={"mfaAuthenticated": True}), {"mfa": "yes"}),
    Trap("T04 role in the console", ROLE_CALL, {"sessionCredentialFromConsole": "true"}, {"mfa": "unknown", "credential": "console", "actor_kind": "human_role"}),
    Trap("T04 another value", ROLE_CALL, _session(attributes={"mfaAuthenticated": "maybe"}), {"mfa": "unknown"}),
    Trap("T04 key that claims a session", KEY_CALL, _session(attributes={"mfaAuthenticated": "true"}), {"credential": "unknown"}),
    # T05 Root, by itself, through a service, and as a short session of another account.
    Trap("T05 root", KEY_CALL, {"userIdentity": {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root", "userName": None}}, {"actor_kind": "root", "actor": f"arn:aws:iam::{ACCOUNT}:root", "person": None, "service_initiated": False}),
    Trap("T05 through a service", KEY_CALL, {"userIdentity": {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root", "accessKeyId": None, "invokedBy": "autoscaling.amazonaws.com"}}, {"actor_kind": "root", "invoked_by": "autoscaling.amazonaws.com", "service_initiated": True}),
    Trap("T05 AssumeRoot session", ROLE_CALL, {"userIdentity": {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root", "sessionContext": {"assumedRoot": "true"}}}, {"actor_kind": "assumed_root", "person": None}),
    Trap("T05 failed sign-in without user name", SIGN_IN, {"userIdentity": {"type": "Root", "userName": None, "arn": f"arn:aws:iam::{ACCOUNT}:root"}, "responseElements": {"ConsoleLogin": "Failure"}}, {"actor_kind": "root", "call_result": "failed"}),
    Trap("T05 service event of the account", SERVICE_EVENT, {"userIdentity": {"type": "Root"}}, {"actor_kind": "service_event"}),
    # T06 A role's principal is the role; its session names the person, or does not.
    Trap("T06 role", ROLE_CALL, {}, {"actor": f"arn:aws:iam::{ACCOUNT}:role/teams/blue/deploy", "person": "i-0abc", "actor_kind": "role"}),
    Trap("T06 issuer missing", ROLE_CALL, _session(sessionIssuer=None), {"actor": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy", "person": "i-0abc", "session_issuer": None}),
    Trap("T06 name from the principal", ROLE_CALL, _identity(arn=None), {"person": "i-0abc"}),
    Trap("T06 session name with a line break", ROLE_CALL, _identity(arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/ana\n"), {"actor": f"arn:aws:iam::{ACCOUNT}:role/teams/blue/deploy"}),
    # T07 Identity Center, in three shapes.
    Trap("T07 its role", ROLE_CALL, {"userIdentity": {"arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ana@example.com", "sessionContext": {"sessionIssuer": {"arn": _SSO_ROLE}}}}, {"actor_kind": "human_role", "person": "ana@example.com", "actor": _SSO_ROLE}),
    Trap("T07 its user", CENTER_SIGN_IN, {}, {"actor_kind": "identity_center", "actor": "9067-example", "person": "9067-example", "mfa": "yes", "service_initiated": False}),
    Trap("T07 type Unknown", CENTER_SIGN_IN, {"userIdentity": {"type": "Unknown", "userName": "ana"}}, {"actor_kind": "identity_center"}),
    Trap("T07 password only", CENTER_SIGN_IN, {"additionalEventData": {"CredentialType": "PASSWORD"}}, {"mfa": "no"}),
    Trap("T07 on behalf of a user", ROLE_CALL, _identity(onBehalfOf={"userId": "9067-example"}), {"actor_kind": "human_role", "person": "9067-example"}),
    # T08 The source is not always an address.
    *(
        Trap(f"T08 {kind} {source!r}", KEY_CALL, {"sourceIPAddress": source}, {"source_kind": kind, "source_address": source, "source_ip": source if kind.startswith("ip") else None})
        for source, kind in (
            ("198.51.100.7", "ip4"), ("2001:db8::7", "ip6"), ("::1", "ip6"), ("::ffff:198.51.100.7", "ip6"), ("1:2:3:4:5:6:7:8", "ip6"),
            ("ec2.amazonaws.com", "aws_service"), ("s3.amazonaws.com.cn", "aws_service"), ("AWS Internal", "aws_internal"), ("", "none"), (None, "none"),
            ("198.51.100.7, 10.0.0.1", "other"), ("198.51.100.7\n", "other"), ("198.51.100.256", "other"), ("1::2::3", "other"), ("HIDDEN", "other"),
            ("evil.amazonaws.com.example.com", "other"),
        )
    ),
    # T09 A service that calls for someone does not make the call its own.
    Trap("T09 for a user", KEY_CALL, _identity(invokedBy="cloudformation.amazonaws.com"), {"actor_kind": "iam_user", "service_initiated": False, "invoked_by": "cloudformation.amazonaws.com", "person": "ana"}),
    Trap("T09 for a role, no key", ROLE_CALL, {"userIdentity": {"accessKeyId": None, "invokedBy": "athena.amazonaws.com"}}, {"service_initiated": False}),
    Trap("T09 service alone", KEY_CALL, {"userIdentity": {"type": "AWSService", "arn": None, "principalId": None, "accessKeyId": None, "userName": None, "invokedBy": "ec2.amazonaws.com"}}, {"actor_kind": "aws_service", "actor": "ec2.amazonaws.com", "service_initiated": True, "credential": "none", "person": None}),
    Trap("T09 service-linked role", ROLE_CALL, _session(sessionIssuer={"arn": f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"}), {"actor_kind": "service_linked_role", "service_initiated": True, "person": None}),
    Trap("T09 service without a type", KEY_CALL, {"userIdentity": {"type": None, "arn": None, "principalId": None, "accessKeyId": None, "userName": None, "invokedBy": "ssm.amazonaws.com"}}, {"actor_kind": "aws_service"}),
    Trap("T09 name that only contains a service", KEY_CALL, {"userIdentity": {"accessKeyId": None, "invokedBy": "AWS Internal"}}, {"service_initiated": False}),
    # T10 Error codes.
    *(
        Trap(f"T10 {code!r}", KEY_CALL, {"errorCode": code}, {"call_result": result, "error_code": code})
        for code, result in (
            ("AccessDenied", "denied"), ("AccessDeniedException", "denied"), ("Client.UnauthorizedOperation", "denied"), ("UnauthorizedOperation", "denied"),
            ("VpceAccessDenied", "denied"), ("Client.OperationNotPermitted", "denied"), ("NotAuthorizedException", "denied"), ("ExpiredToken", "denied"),
            ("NoSuchBucket", "failed"), ("NoSuchEntityException", "failed"), ("OperationNotPermittedHere", "failed"), ("Forbidden\n", "failed"),
            ("ThrottlingException", "throttled"), ("Client.RequestLimitExceeded", "throttled"), ("SlowDown", "throttled"),
            ("Client.DryRunOperation", "dry_run"), ("DryRunOperation", "dry_run"), ("200", "success"), ("", "success"), (None, "success"),
        )
    ),
    Trap("T10 message without code", KEY_CALL, {"errorMessage": "It did not work"}, {"call_result": "failed"}),
    Trap("T10 done in part", KEY_CALL, {"eventName": "DeleteFlowLogs", "responseElements": {"unsuccessful": [{"resourceId": "fl-1", "error": {"code": "InvalidFlowLogId.NotFound"}}]}}, {"call_result": "partial"}),
    Trap("T10 nothing unsuccessful", KEY_CALL, {"eventName": "DeleteFlowLogs", "responseElements": {"unsuccessful": [], "failedRecordCount": 0}}, {"call_result": "success"}),
    Trap("T10 text that looks like it", KEY_CALL, {"responseElements": {"note": '"unsuccessful": [{'}}, {"call_result": "success"}),
    # T11 readOnly does not say what matters.
    Trap("T11 Decrypt", KEY_CALL, {"eventSource": "kms.amazonaws.com", "eventName": "Decrypt", "readOnly": True}, {"read_only": True, "discloses": True}),
    Trap("T11 GetSessionToken", KEY_CALL, {"eventSource": "sts.amazonaws.com", "eventName": "GetSessionToken", "readOnly": False}, {"read_only": False, "discloses": True}),
    Trap("T11 text", KEY_CALL, {"readOnly": "true"}, {"read_only": True}),
    Trap("T11 absent", KEY_CALL, {"readOnly": None}, {"read_only": None, "discloses": False}),
    Trap("T11 same name elsewhere", KEY_CALL, {"eventSource": "ec2.amazonaws.com", "eventName": "Decrypt"}, {"discloses": False}),
    # T12 Payloads are JSON text; a payload logged as a string arrives as that string.
    Trap("T12 object", KEY_CALL, {"requestParameters": {"bucketName": "b", "instancesSet": None}}, {"request": '{"bucketName":"b"}', "request_state": "present"}),
    Trap("T12 string", KEY_CALL, {"requestParameters": "not an object"}, {"request": "not an object", "request_state": "unparseable"}),
    Trap("T12 empty", KEY_CALL, {"requestParameters": {"instancesSet": None}, "responseElements": None}, {"request": "{}", "response": None, "request_state": "empty", "response_state": "empty"}),
    # T13 One element is an object, several are an array: both arrive as logged.
    Trap("T13 one", KEY_CALL, {"responseElements": {"instancesSet": None, "Rule": {"ID": "a"}}}, {"response": '{"Rule":{"ID":"a"}}'}),
    Trap("T13 several", KEY_CALL, {"responseElements": {"instancesSet": None, "Rule": [{"ID": "a"}, {"ID": "b"}]}}, {"response": '{"Rule":[{"ID":"a"},{"ID":"b"}]}'}),
    # T15 A payload that was left out is not an empty one, and hides only itself.
    Trap("T15 request", KEY_CALL, {"requestParameters": {"instancesSet": None, "omitted": True, "reason": "requestParameters too large", "originalSize": 200000}}, {"request_state": "omitted", "response_state": "present"}),
    Trap("T15 response", KEY_CALL, {"responseElements": {"instancesSet": None, "omitted": True}}, {"request_state": "present", "response_state": "omitted"}),
    Trap("T15 not omitted", KEY_CALL, {"requestParameters": {"omitted": False}}, {"request_state": "present"}),
    # T16 Names that end in the version of an interface.
    *(
        Trap(f"T16 {name}", KEY_CALL, {"eventName": name}, {"event_base_name": base, "event_name": name})
        for name, base in (
            ("UpdateFunctionCode20150331v2", "UpdateFunctionCode"), ("UpdateDistribution2020_05_31", "UpdateDistribution"), ("Invoke", "Invoke"),
            ("CreateFunction20150331", "CreateFunction"), ("ListThings2", "ListThings2"), ("Get20209999", "Get20209999"),
        )
    ),
    # T21 The region is the one logged, wherever the file lies.
    Trap("T21 console of another region", SIGN_IN, {"awsRegion": "eu-north-1"}, {"region": "eu-north-1", "log_region": "us-east-1"}),
    # T23 Who received the record, who acted, and whose thing it was.
    Trap("T23 other account", KEY_CALL, {"userIdentity": {"type": "AWSAccount", "accountId": FOREIGN, "principalId": "AIDAFOREIGN", "arn": None, "userName": None}, "resources": [{"accountId": ACCOUNT, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::cards"}]}, {"account_id": ACCOUNT, "actor_account": FOREIGN, "actor_kind": "other_account", "actor": FOREIGN, "person": None, "resource_accounts": [ACCOUNT]}),
    Trap("T23 own account as account", KEY_CALL, {"userIdentity": {"type": "AWSAccount", "accountId": ACCOUNT, "arn": None, "userName": None}}, {"actor_kind": "unknown"}),
    Trap("T23 anonymous", KEY_CALL, {"userIdentity": {"type": "AWSAccount", "accountId": "ANONYMOUS_PRINCIPAL", "principalId": "", "arn": "", "userName": None, "accessKeyId": ""}}, {"actor_kind": "anonymous", "actor": "ANONYMOUS_PRINCIPAL", "credential": "none", "access_key_id": "", "person": None}),
    Trap("T23 receiver not logged", KEY_CALL, {"recipientAccountId": None}, {"account_id": ACCOUNT}),
    Trap("T23 receiver logged as ''", KEY_CALL, {"recipientAccountId": "", "userIdentity": {"accountId": FOREIGN}}, {"account_id": ACCOUNT}),
    Trap("T23 resources", ROLE_CALL, {}, {"resource_arns": ["arn:aws:s3:::cards/a.csv", None, "arn:aws:s3:::cards"], "resource_prefixes": [None, "arn:aws:s3:::cards/", None], "resource_accounts": [None, None, ACCOUNT]}),
    # T24 Records that are no API calls.
    Trap("T24 service event", SERVICE_EVENT, {}, {"actor_kind": "service_event", "actor": "kms.amazonaws.com", "call_result": "unknown", "service_initiated": True, "source_kind": "aws_service", "service_details": '{"keyId":"0abc"}'}),
    Trap("T24 insight", SERVICE_EVENT, {"eventType": "AwsCloudTrailInsight", "eventSource": None, "eventName": None, "userIdentity": None, "eventCategory": None, "managementEvent": None, "sharedEventID": "s-1"}, {"event_category": "Insight", "management_event": False, "call_result": "unknown", "shared_event_id": "s-1", "actor": None, "actor_kind": "service_event"}),
    Trap("T24 network activity", KEY_CALL, {"eventType": "AwsVpceEvent", "eventCategory": None, "managementEvent": None, "errorCode": "VpceAccessDenied"}, {"event_category": "NetworkActivity", "management_event": False, "call_result": "denied"}),
    # T25 Older records lack what newer ones say.
    Trap("T25 management", KEY_CALL, {"eventVersion": "1.02", "eventCategory": None, "managementEvent": None, "tlsDetails": None}, {"event_category": "Management", "management_event": True, "tls_version": None}),
    Trap("T25 read of an object", ROLE_CALL, {"eventVersion": "1.05", "eventCategory": None, "managementEvent": None}, {"event_category": "Data", "management_event": False}),
    Trap("T25 upload of a part", ROLE_CALL, {"eventName": "UploadPart", "eventCategory": None, "managementEvent": None}, {"event_category": "Data"}),
    Trap("T25 list of a bucket's versions", ROLE_CALL, {"eventName": "GetBucketVersioning", "eventCategory": None, "managementEvent": None}, {"event_category": "Management"}),
    Trap("T25 function", KEY_CALL, {"eventSource": "lambda.amazonaws.com", "eventName": "Invoke", "eventCategory": None, "managementEvent": None}, {"event_category": "Data"}),
    Trap("T25 managementEvent alone", ROLE_CALL, {"eventVersion": "1.06", "eventCategory": None, "managementEvent": "true"}, {"event_category": "Management", "management_event": True}),
    Trap("T25 empty category", ROLE_CALL, {"eventCategory": ""}, {"event_category": "Data"}),
    Trap("T25 corrected later", KEY_CALL, {"addendum": {"reason": "DELIVERY_DELAY", "updatedFields": "eventName", "originalEventID": "e-0"}}, {"addendum_reason": "DELIVERY_DELAY", "original_event_id": "e-0"}),
    # T26 Times are UTC text; a file's date is that of its delivery.
    Trap("T26 time", KEY_CALL, {"eventTime": "2026-10-05T12:00:00.123Z"}, {"event_time": datetime(2026, 10, 5, 12, 0, 0, 123000), "delivery_date": date(2026, 10, 5), "in_period": True}),
    Trap("T26 session", ROLE_CALL, {}, {"session_created": datetime(2026, 10, 5, 11)}),
    Trap("T26 session of no time", ROLE_CALL, _session(attributes={"creationDate": "yesterday"}), {"session_created": None}),
    # T30 A hidden name is passed on, and is nobody's.
    Trap("T30 hidden", SIGN_IN, {"userIdentity": {"userName": "HIDDEN_DUE_TO_SECURITY_REASONS", "arn": None, "principalId": None}, "responseElements": {"ConsoleLogin": "Failure"}}, {"person": "HIDDEN_DUE_TO_SECURITY_REASONS", "call_result": "failed"}),
    # T31 Nothing is lost or judged by a NULL.
    Trap("T31 without identity", KEY_CALL, {"userIdentity": None}, {"actor_kind": "unknown", "actor": None, "service_initiated": False, "mfa": "no_session", "credential": "none"}),
    Trap("T31 without event source", KEY_CALL, {"eventSource": None}, {"event_source": None, "discloses": False, "call_result": "success"}),
    Trap("T31 without event type", KEY_CALL, {"eventType": None}, {"credential": "long_term_key", "actor_kind": "iam_user"}),
    # T32 The issuer keeps the role's path, the session's ARN does not.
    Trap("T32 path", ROLE_CALL, {}, {"session_issuer": f"arn:aws:iam::{ACCOUNT}:role/teams/blue/deploy"}),
    # T33 The suffix of an Identity Center role differs between accounts: the whole ARN is passed on.
    Trap("T33 suffix", ROLE_CALL, _session(sessionIssuer={"arn": _SSO_ROLE}), {"actor": _SSO_ROLE, "actor_kind": "human_role"}),
    Trap("T33 a name that looks like it", ROLE_CALL, _session(sessionIssuer={"arn": f"arn:aws:iam::{ACCOUNT}:role/AWSReservedSSO_Admin_0123456789abcdef"}), {"actor_kind": "role"}),
)  # fmt: skip


@pytest.fixture(scope="module")
def rows(build: Build) -> Mapping[str, Mapping[str, Any]]:
    """Give the rows of `activity` for all traps at once, by the trap's name, which is put into the request id."""
    records = [
        (log_file(), {**merge_patch(trap.base, trap.change), "eventID": f"e-{number}", "requestID": trap.trap})
        for number, trap in enumerate(TRAPS)
    ]
    return {row["request_id"]: row for row in build(records).activity}


@pytest.mark.parametrize("trap", TRAPS, ids=[trap.trap for trap in TRAPS])
def test_activity_is_not_caught_by_the_trap(rows: Mapping[str, Mapping[str, Any]], trap: Trap) -> None:
    """What `activity` says of a record that sets a trap."""
    row = rows[trap.trap]
    assert {name: row[name] for name in trap.expected} == trap.expected


def test_t22_two_records_of_one_call_across_accounts_stay_two(build: Build) -> None:
    """A call across accounts has two ids and one shared id: both rows stay, and queries count by the shared id."""
    own = {**KEY_CALL, "sharedEventID": "s-1"}
    other = {**own, "eventID": "e-other", "recipientAccountId": FOREIGN}
    rows = build([(log_file(), own), (log_file(), other)]).activity
    assert [(row["event_id"], row["account_id"], row["shared_event_id"]) for row in rows] == [
        ("e-key", ACCOUNT, "s-1"),
        ("e-other", FOREIGN, "s-1"),
    ]


def test_t26_a_file_holds_events_of_earlier_days(build: Build) -> None:
    """The cut is by the time of the event, not by the date of the file."""
    late = {**KEY_CALL, "eventID": "e-late", "eventTime": "2026-10-31T23:59:59Z"}
    after = {**KEY_CALL, "eventID": "e-after", "eventTime": "2026-11-01T00:00:00Z"}
    rows = build([(log_file("2026/11/02"), late), (log_file("2026/11/02"), after)]).activity
    assert [(row["event_id"], row["delivery_date"]) for row in rows] == [("e-late", date(2026, 11, 2))]


def test_look_back_rows_are_marked(build: Build) -> None:
    """Rows before the period are there from the start of the look-back on, and are not in the period."""
    times = ("2026-09-29T23:59:59.999Z", "2026-09-30T00:00:00Z", "2026-09-30T23:59:59Z", "2026-10-01T00:00:00Z")
    records = [(log_file(), {**KEY_CALL, "eventID": f"e-{time}", "eventTime": time}) for time in times]
    rows = build(records, PERIOD.start.astimezone(UTC) - timedelta(days=1)).activity
    assert [(row["event_id"].removeprefix("e-"), row["in_period"]) for row in rows] == [
        ("2026-09-30T00:00:00Z", False),
        ("2026-09-30T23:59:59Z", False),
        ("2026-10-01T00:00:00Z", True),
    ]
