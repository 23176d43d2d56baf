"""Whole CloudTrail records, as CloudTrail writes them, that tests change by JSON merge patches."""

import json
from collections.abc import Mapping
from typing import Any

ACCOUNT = "111122223333"


def log_file(day: str = "2026/10/05", name: str = "aaaaaaaaaaaaaaaa", region: str = "us-east-1") -> str:
    """Return the key of a log file of the account."""
    stamp = day.replace("/", "")
    return f"AWSLogs/{ACCOUNT}/CloudTrail/{region}/{day}/{ACCOUNT}_CloudTrail_{region}_{stamp}T2355Z_{name}.json.gz"


def _record(text: str) -> Mapping[str, Any]:
    record: dict[str, Any] = json.loads(text)
    return record


KEY_CALL = _record(
    """{"eventVersion": "1.08", "userIdentity": {"type": "IAMUser", "principalId": "AIDACKCEVSQ6C2EXAMPLE",
    "arn": "arn:aws:iam::111122223333:user/ops/ana", "accountId": "111122223333", "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
    "userName": "ana"}, "eventTime": "2026-10-05T12:00:00Z", "eventSource": "ec2.amazonaws.com",
    "eventName": "TerminateInstances", "awsRegion": "us-east-1", "sourceIPAddress": "198.51.100.7",
    "userAgent": "aws-cli/2.31.0", "requestParameters": {"instancesSet": {"items": [{"instanceId": "i-0abc"}]}},
    "responseElements": {"instancesSet": {"items": [{"instanceId": "i-0abc"}]}}, "requestID": "6f1d",
    "eventID": "e-key", "readOnly": false, "eventType": "AwsApiCall", "managementEvent": true,
    "recipientAccountId": "111122223333", "eventCategory": "Management",
    "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
    "clientProvidedHostHeader": "ec2.us-east-1.amazonaws.com"}}"""
)
"""An IAM user's call, signed with a long-term key."""

ROLE_CALL = _record(
    """{"eventVersion": "1.08", "userIdentity": {"type": "AssumedRole", "principalId": "AROAEXAMPLEEXAMPLEEX:i-0abc",
    "arn": "arn:aws:sts::111122223333:assumed-role/deploy/i-0abc", "accountId": "111122223333",
    "accessKeyId": "ASIAIOSFODNN7EXAMPLE", "sessionContext": {"sessionIssuer": {"type": "Role",
    "principalId": "AROAEXAMPLEEXAMPLEEX", "arn": "arn:aws:iam::111122223333:role/teams/blue/deploy",
    "accountId": "111122223333", "userName": "deploy"}, "attributes": {"creationDate": "2026-10-05T11:00:00Z",
    "mfaAuthenticated": "false"}, "ec2RoleDelivery": "2.0"}}, "eventTime": "2026-10-05T12:00:00Z",
    "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "awsRegion": "us-east-1",
    "sourceIPAddress": "203.0.113.9", "userAgent": "aws-sdk-java/2",
    "requestParameters": {"bucketName": "cards", "key": "a.csv"}, "responseElements": null,
    "additionalEventData": {"bytesTransferredOut": 12}, "requestID": "7a2e", "eventID": "e-role", "readOnly": true,
    "resources": [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::cards/a.csv"}, {"type": "AWS::S3::Object",
    "ARNPrefix": "arn:aws:s3:::cards/"}, {"accountId": "111122223333", "type": "AWS::S3::Bucket",
    "ARN": "arn:aws:s3:::cards"}], "eventType": "AwsApiCall", "managementEvent": false,
    "recipientAccountId": "111122223333", "eventCategory": "Data", "vpcEndpointId": "vpce-0abc",
    "vpcEndpointAccountId": "111122223333"}"""
)
"""A role's call from an instance, on an object of a bucket, through a VPC endpoint."""

SIGN_IN = _record(
    """{"eventVersion": "1.08", "userIdentity": {"type": "IAMUser", "principalId": "AIDACKCEVSQ6C2EXAMPLE",
    "accountId": "111122223333", "arn": "arn:aws:iam::111122223333:user/ops/ana", "userName": "ana"},
    "eventTime": "2026-10-05T12:00:00Z", "eventSource": "signin.amazonaws.com", "eventName": "ConsoleLogin",
    "awsRegion": "us-east-1", "sourceIPAddress": "198.51.100.7", "userAgent": "Mozilla/5.0", "requestParameters": null,
    "responseElements": {"ConsoleLogin": "Success"}, "additionalEventData": {"LoginTo": "https://console.aws.amazon.com/",
    "MobileVersion": "No", "MFAUsed": "Yes"}, "eventID": "e-signin", "readOnly": false, "eventType": "AwsConsoleSignIn",
    "managementEvent": true, "recipientAccountId": "111122223333", "eventCategory": "Management"}"""
)
"""An IAM user's sign-in to the console."""

SERVICE_EVENT = _record(
    """{"eventVersion": "1.08", "userIdentity": {"accountId": "111122223333", "invokedBy": "kms.amazonaws.com"},
    "eventTime": "2026-10-05T12:00:00Z", "eventSource": "kms.amazonaws.com", "eventName": "RotateKey",
    "awsRegion": "us-east-1", "sourceIPAddress": "kms.amazonaws.com", "userAgent": "kms.amazonaws.com",
    "requestParameters": null, "responseElements": null, "eventID": "e-service", "readOnly": false,
    "resources": [{"accountId": "111122223333", "type": "AWS::KMS::Key",
    "ARN": "arn:aws:kms:us-east-1:111122223333:key/0abc"}], "eventType": "AwsServiceEvent", "managementEvent": true,
    "recipientAccountId": "111122223333", "serviceEventDetails": {"keyId": "0abc"}, "eventCategory": "Management"}"""
)
"""A service's own event."""

CENTER_SIGN_IN = _record(
    """{"eventVersion": "1.08", "userIdentity": {"type": "IdentityCenterUser", "accountId": "111122223333",
    "onBehalfOf": {"userId": "9067-example",
    "identityStoreArn": "arn:aws:identitystore::111122223333:identitystore/d-1"},
    "credentialId": "c-1"}, "eventTime": "2026-10-05T12:00:00Z", "eventSource": "signin.amazonaws.com",
    "eventName": "UserAuthentication", "awsRegion": "us-east-1", "sourceIPAddress": "198.51.100.7",
    "userAgent": "Mozilla/5.0", "requestParameters": null, "responseElements": null,
    "additionalEventData": {"AuthWorkflowID": "w-1", "CredentialType": "PASSWORD,TOTP"}, "eventID": "e-center",
    "readOnly": false, "eventType": "AwsServiceEvent", "managementEvent": true, "recipientAccountId": "111122223333",
    "serviceEventDetails": {"UserAuthentication": "Success"}, "eventCategory": "Management"}"""
)
"""A sign-in step of an Identity Center user."""
