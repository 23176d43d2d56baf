"""The groups of events that Athena keeps in folders of their own, so that a statement reads only those it asks about.

`queries/activity.sql` gives every event its group; a test holds the two together. A group is a function of the source
and the name of an event and of the kind of its actor, nothing else: whatever a condition on these three allows lies in
the groups that it allows.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What the groups of a service hold; their names end with it."""

    CHANGES = "changes"
    """Events with other names than frequent ones, whoever acted: few of a trail, and most of what is asked about."""
    PEOPLE = "people"
    """Frequent events of people."""
    USES = "uses"
    """Frequent events of anyone else: most of a trail."""


OTHER: Final = "other"
"""The service of events whose source is none of `SERVICES`, or none at all."""

SERVICES: Final = (
    "account", "acm", "apigateway", "athena", "backup", "bedrock", "cloudformation", "cloudfront", "cloudtrail",
    "codebuild", "config", "dynamodb", "ec2", "ecr", "ecs", "eks", "elasticache", "elasticfilesystem",
    "elasticloadbalancing", "es", "events", "glue", "guardduty", "iam", "kinesis", "kms", "lambda", "logs", "macie2",
    "monitoring", "organizations", "ram", "rds", "redshift", "route53", "s3", "sagemaker", "secretsmanager",
    "securityhub", "signin", "sns", "sqs", "ssm", "sso", "sso-directory", "sts", "wafv2",
)  # fmt: skip
"""Those whose changes have a group of their own: what questions ask about most, and what logs most."""

BUSY: Final = (
    "athena", "cloudformation", "cloudtrail", "config", "dynamodb", "ec2", "ecr", "ecs", "eks", "elasticloadbalancing",
    "glue", "iam", "kinesis", "kms", "lambda", "logs", "monitoring", "organizations", "rds", "s3", "secretsmanager",
    "sqs", "ssm", "sts",
)  # fmt: skip
"""Those whose frequent events have groups of their own too. All groups together stay below the 100 partitions that one
statement of Athena may write (Amazon Athena User Guide, "Considerations and limitations for CTAS queries")."""

PEOPLE: Final = ("iam_user", "human_role", "federated", "identity_center", "root", "assumed_root")
"""The kinds of actors that are people or may be: an IAM user or root, unlike a plain role, signs in."""

FREQUENT: Final = (
    "AssumeRole", "BatchCheck", "BatchGet", "BatchWriteItem", "ChangeMessageVisibility", "Check", "CompleteMultipart",
    "CopyObject", "Count", "CreateLogStream", "CreateMultipart", "Decrypt", "Describe",
    "Detect", "Discover", "Download", "Encrypt", "Estimate", "ExecuteStatement", "Filter", "GenerateDataKey",
    "GenerateMac", "Get", "Head", "Invoke", "List", "Lookup", "Preview", "Publish", "PutItem", "PutLogEvents",
    "PutObject", "PutRecord", "Query", "ReEncrypt", "ReceiveMessage", "RunInstances", "Scan", "Search", "Select",
    "SendMessage", "Sign", "Simulate", "Test", "TransactGet", "TransactWrite", "UpdateInstanceInformation",
    "UpdateItem", "UploadPart", "Validate", "Verify",
)  # fmt: skip
"""What the names of events begin with that read, or work with data and instances: most of a trail, and seldom what is
asked about."""

_DOMAIN: Final = ".amazonaws.com"


def service_of(event_source: str | None) -> str:
    """Return the service of a source: `iam` of `iam.amazonaws.com`."""
    service = (event_source or "").removesuffix(_DOMAIN)
    return service if service in SERVICES and event_source == service + _DOMAIN else OTHER


def is_frequent(event_name: str | None) -> bool:
    """Tell whether the name of an event begins as those of most events do."""
    return (event_name or "").startswith(FREQUENT)


def kind_of(event_name: str | None, actor_kind: str) -> Kind:
    """Return the kind of group in which an event lies."""
    if not is_frequent(event_name):
        return Kind.CHANGES
    return Kind.PEOPLE if actor_kind in PEOPLE else Kind.USES


def group_of(service: str, kind: Kind) -> str:
    """Return the name of a group: `iam-changes`, `iam-people`, `other-uses`."""
    alone = kind is Kind.CHANGES or service in BUSY
    return f"{service if alone else OTHER}{ending_of(kind)}"


def ending_of(kind: Kind) -> str:
    """Return how the names of one kind of groups end, and no others."""
    return f"-{kind}"


def all_groups() -> Iterator[str]:
    """Yield every group."""
    for kind in Kind:
        for service in SERVICES if kind is Kind.CHANGES else BUSY:
            yield group_of(service, kind)
        yield group_of(OTHER, kind)
