"""The groups of events that Athena keeps in folders of their own, so that a statement reads only those it asks about.

`queries/activity.sql` gives every event its group; a test holds the two together. A group is a function of the source
and the name of an event, nothing else: whatever a condition on these two allows lies in the groups that it allows.
"""

from collections.abc import Iterator
from typing import Final

OTHER: Final = "other"
"""The service of events whose source is none of `SERVICES`, or none at all."""

SERVICES: Final = (
    "account", "acm", "apigateway", "athena", "backup", "bedrock", "cloudformation", "cloudfront", "cloudtrail",
    "codebuild", "config", "dynamodb", "ec2", "ecr", "ecs", "eks", "elasticache", "elasticfilesystem",
    "elasticloadbalancing", "es", "events", "glue", "guardduty", "iam", "kinesis", "kms", "lambda", "logs", "macie2",
    "monitoring", "organizations", "ram", "rds", "redshift", "route53", "s3", "sagemaker", "secretsmanager",
    "securityhub", "signin", "sns", "sqs", "ssm", "sso", "sso-directory", "sts", "wafv2",
)  # fmt: skip
"""Those that questions ask about most, and those that log most. Two groups each stay below the 100 partitions that one
statement of Athena may write (Amazon Athena User Guide, "Considerations and limitations for CTAS queries")."""

FREQUENT: Final = (
    "AssumeRole", "BatchCheck", "BatchGet", "BatchWriteItem", "ChangeMessageVisibility", "Check", "CompleteMultipart",
    "CopyObject", "Count", "CreateLogStream", "CreateMultipart", "Decrypt", "Describe",
    "Detect", "Discover", "Download", "Encrypt", "Estimate", "ExecuteStatement", "Filter", "GenerateDataKey",
    "GenerateMac", "Get", "Head", "Invoke", "List", "Lookup", "Preview", "Publish", "PutItem", "PutLogEvents",
    "PutObject", "PutRecord", "Query", "ReEncrypt", "ReceiveMessage", "Scan", "Search", "Select", "SendMessage",
    "Sign", "Simulate", "Test", "TransactGet", "TransactWrite", "UpdateInstanceInformation", "UpdateItem",
    "UploadPart", "Validate", "Verify",
)  # fmt: skip
"""What the names of events begin with that read, or work with data: most of a trail, and seldom what is asked about."""

_DOMAIN: Final = ".amazonaws.com"


def service_of(event_source: str | None) -> str:
    """Return the service of a source: `iam` of `iam.amazonaws.com`."""
    service = (event_source or "").removesuffix(_DOMAIN)
    return service if service in SERVICES and event_source == service + _DOMAIN else OTHER


def is_frequent(event_name: str | None) -> bool:
    """Tell whether the name of an event begins as those of most events do."""
    return (event_name or "").startswith(FREQUENT)


def group_of(service: str, *, frequent: bool) -> str:
    """Return the name of a group: `iam-changes`, `iam-uses`."""
    return f"{service}{ending_of(frequent=frequent)}"


def ending_of(*, frequent: bool) -> str:
    """Return how the names of one kind of groups end, and no others."""
    return "-uses" if frequent else "-changes"


def all_groups() -> Iterator[str]:
    """Yield every group."""
    for service in (*SERVICES, OTHER):
        yield group_of(service, frequent=False)
        yield group_of(service, frequent=True)
