"""Event and member names as CloudTrail logs them, judged by the models and the project's list."""

import pytest

from comprova.catalog.api_models import ApiModels
from comprova.catalog.aws_names import JsonColumn, read_aws_names
from comprova.catalog.known_names import KnownNames, base_name
from comprova.content import builtin_root


@pytest.fixture(scope="module")
def names() -> KnownNames:
    """Give the built-in names."""
    return KnownNames(ApiModels(), read_aws_names([builtin_root()]))


@pytest.mark.parametrize(
    ("logged", "base"),
    [
        ("UpdateFunctionCode20150331v2", "UpdateFunctionCode"),
        ("UpdateDistribution2020_05_31", "UpdateDistribution"),
        ("ConsoleLogin", "ConsoleLogin"),
        ("CreateDBInstance", "CreateDBInstance"),
    ],
)
def test_base_names(logged: str, base: str) -> None:
    """The base name is the name without an interface's date, as the column event_base_name has it."""
    assert base_name(logged) == base


@pytest.mark.parametrize(
    "event",
    [
        "signin.amazonaws.com:ConsoleLogin",
        "kms.amazonaws.com:RotateKey",
        "s3.amazonaws.com:PutBucketPublicAccessBlock",
        "s3.amazonaws.com:PutAccountPublicAccessBlock",
        "s3.amazonaws.com:PutBucketLifecycle",
        "lambda.amazonaws.com:UpdateFunctionCode",
        "cloudfront.amazonaws.com:UpdateDistribution",
        "monitoring.amazonaws.com:PutMetricAlarm",
        "sso.amazonaws.com:CreateAccountAssignment",
        "sso-directory.amazonaws.com:AddMemberToGroup",
    ],
)
def test_events_that_are_logged(names: KnownNames, event: str) -> None:
    """Operations and service events are known at their event source."""
    event_source, _, name = event.partition(":")
    assert names.has_event_source(event_source)
    assert names.has_event(event_source, name)


@pytest.mark.parametrize(
    ("event", "instead"),
    [
        ("iam.amazonaws.com:PassRole", "PassRole is a permission"),
        ("s3.amazonaws.com:PutPublicAccessBlock", "'PutBucketPublicAccessBlock' or 'PutAccountPublicAccessBlock'"),
        ("s3.amazonaws.com:PutBucketLifecycleConfiguration", "'PutBucketLifecycle'"),
        ("s3.amazonaws.com:ListAllMyBuckets", "'ListBuckets'"),
    ],
)
def test_names_that_are_never_logged(names: KnownNames, event: str, instead: str) -> None:
    """Permissions, and operations that are logged under another name, are no events; what to ask for is told."""
    event_source, _, name = event.partition(":")
    assert not names.has_event(event_source, name)
    assert instead in (names.instead_of(event_source, name) or "")


_REAL_PATHS: list[tuple[str, str, JsonColumn, str]] = [
    ("iam.amazonaws.com", "CreateAccessKey", "response", "accessKey.accessKeyId"),
    ("rds.amazonaws.com", "CreateDBInstance", "request", "dBInstanceIdentifier"),
    ("rds.amazonaws.com", "CreateDBInstance", "response", "dBInstanceArn"),  # the wrapper DBInstance is left out
    (
        "ec2.amazonaws.com",
        "AuthorizeSecurityGroupIngress",
        "request",
        "ipPermissions.items.[].ipRanges.items.[].cidrIp",
    ),
    ("ec2.amazonaws.com", "AuthorizeSecurityGroupIngress", "response", "securityGroupRuleSet.items.[].cidrIpv4"),
    ("ec2.amazonaws.com", "ModifySecurityGroupRules", "request", "ModifySecurityGroupRulesRequest.GroupId"),
    ("ec2.amazonaws.com", "RunInstances", "request", "instancesSet.items.[].imageId"),
    ("ec2.amazonaws.com", "TerminateInstances", "request", "instancesSet.items.[].instanceId"),
    ("ec2.amazonaws.com", "DeleteFlowLogs", "request", "DeleteFlowLogsRequest.FlowLogId.content"),
    ("s3.amazonaws.com", "PutObject", "request", "bucketName"),
    ("s3.amazonaws.com", "PutObject", "request", "x-amz-acl"),
    ("s3.amazonaws.com", "PutObject", "additional", "bytesTransferredIn"),
    ("s3.amazonaws.com", "PutBucketAcl", "request", "AccessControlPolicy.AccessControlList.Grant.[].Grantee.URI"),
    ("s3.amazonaws.com", "PutBucketAcl", "request", "AccessControlPolicy.AccessControlList.Grant.Grantee.URI"),
    ("s3.amazonaws.com", "PutBucketLifecycle", "request", "LifecycleConfiguration.Rule.Expiration.Days"),
    ("s3.amazonaws.com", "PutBucketPublicAccessBlock", "request", "PublicAccessBlockConfiguration.BlockPublicAcls"),
    ("s3.amazonaws.com", "PutBucketPolicy", "request", "bucketPolicy.Statement.[].Effect"),
    ("kms.amazonaws.com", "PutKeyPolicy", "request", "policy.Statement.[].Principal"),  # text, at times an object
    ("kms.amazonaws.com", "Decrypt", "request", "encryptionContext.aws:s3:arn"),
    ("kms.amazonaws.com", "RotateKey", "service_details", "keyId"),
    ("lambda.amazonaws.com", "UpdateFunctionConfiguration", "request", "kMSKeyArn"),
    ("securityhub.amazonaws.com", "CreateInsight", "request", "Name"),
    ("apigateway.amazonaws.com", "CreateStage", "request", "createStageInput.stageName"),
    ("signin.amazonaws.com", "ConsoleLogin", "additional", "MFAUsed"),
    ("cloudshell.amazonaws.com", "CreateSession", "request", "EnvironmentId"),  # nothing is known, nothing is refused
    ("iam.amazonaws.com", "CreateUser", "request", "omitted"),
]


def test_paths_of_real_records_are_known(names: KnownNames) -> None:
    """Members stand in public records of CloudTrail as the rules say they are spelled."""
    unknown = [path for path in _REAL_PATHS if names.unknown_step(*path[:3], path[3].split("."))]
    assert unknown == []


_IMPOSSIBLE_PATHS: dict[tuple[str, str, JsonColumn, str], tuple[int, str]] = {
    ("iam.amazonaws.com", "CreateUser", "request", "UserName"): (0, "userName"),
    ("iam.amazonaws.com", "CreateAccessKey", "response", "accessKey.accessKeyID"): (1, "accessKeyId"),
    ("rds.amazonaws.com", "CreateDBInstance", "request", "dbInstanceIdentifier"): (0, "dBInstanceIdentifier"),
    ("s3.amazonaws.com", "PutObject", "request", "bucketname"): (0, "bucketName"),
    ("kms.amazonaws.com", "CreateKey", "response", "keyMetadata.KeyId"): (1, "keyId"),
    ("kms.amazonaws.com", "TagResource", "request", "tags.tagKey"): (1, "[]"),
    ("ec2.amazonaws.com", "RunInstances", "response", "instancesSet.instanceId"): (1, "items"),
    ("signin.amazonaws.com", "ConsoleLogin", "additional", "MfaUsed"): (0, "MFAUsed"),
}


@pytest.mark.parametrize(("path", "told"), _IMPOSSIBLE_PATHS.items())
def test_paths_that_no_record_has(
    names: KnownNames, path: tuple[str, str, JsonColumn, str], told: tuple[int, str]
) -> None:
    """The first unknown step is told, with the spellings that are known there."""
    unknown = names.unknown_step(*path[:3], path[3].split("."))
    position, right = told
    assert unknown is not None
    assert unknown.position == position
    assert right in unknown.known
