"""What an auditor reads from raw records about data that leaves: by copies, exports, grants, shares, mail, keys."""

import json
import re
from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, Event, Row, Trail, gathered, in_order, items_at, seen_in, text_at
from end_to_end.plain.parameters import APPROVED_REGIONS, TRUSTED_ACCOUNTS

_CALLER = "actor_kind actor person source_address log_file"
_WRITES = (
    "PutObject",
    "CopyObject",
    "CreateMultipartUpload",
    "UploadPart",
    "UploadPartCopy",
    "CompleteMultipartUpload",
)
_BY_CUSTOMER = "x-amz-server-side-encryption-customer-algorithm"
_BY_KMS = "x-amz-server-side-encryption-aws-kms-key-id"


def _stranger(event: Event, named: str | None) -> bool:
    """Tell whether an ARN or an id names an account that is neither the log's own nor trusted."""
    account = re.search(r"(?<![0-9])[0-9]{12}(?![0-9])", named or "")
    return bool(account) and account[0] not in {event.facts["account_id"], *TRUSTED_ACCOUNTS}  # type: ignore[index]


@answers("destruction.foreign_key_encryption@1")
def foreign_key_encryption(trail: Trail) -> list[Row]:
    """Objects that were written under a key of the writer's own, or of an account that nobody trusts."""
    found: dict[tuple[str, str | None], list[Event]] = {}
    for event in trail.events:
        if event.is_a("s3", *_WRITES) and event.succeeded:
            request = event.record.get("requestParameters") or {}
            key = (event.record.get("responseElements") or {}).get(_BY_KMS) or request.get(_BY_KMS)
            applied = text_at(event.record.get("additionalEventData"), "SSEApplied")
            if request.get(_BY_CUSTOMER) or applied == "SSE_C":
                found.setdefault(("key_sent_along", None), []).append(event)
            elif _stranger(event, key):
                found.setdefault(("key_of_other_account", key), []).append(event)
    rows = []
    for (finding, key), writes in found.items():
        for row, them in gathered(writes, "account_id bucket_name actor actor_kind person"):
            objects = {event.facts["object_key"] for event in them}
            shown = ("calls", "source_addresses", "first_time", "last_time", "first_event_id")
            rows.append(
                row | {"finding": finding, "key_used": key, "objects_written": len(objects)} | seen_in(them, *shown)
            )
    return in_order(rows, "account_id bucket_name actor actor_kind person finding key_used")


@answers("sharing.bucket_grants@1")
def bucket_grants(trail: Trail) -> list[Row]:
    """Canonical users other than the owner to whom a list of a bucket grants something."""
    rows = []
    for event in trail.events:
        policy = (event.record.get("requestParameters") or {}).get("AccessControlPolicy") or {}
        grants = (policy.get("AccessControlList") or {}).get("Grant") or []
        owner = text_at(policy, "Owner.ID")
        if event.is_a("s3", "PutBucketAcl") and event.succeeded:
            for grant in [grants] if isinstance(grants, dict) else grants:
                admitted = text_at(grant, "Grantee.ID")
                if admitted and admitted != owner:
                    rows.append(
                        event.row(
                            f"{WHEN} region event_name bucket_name {_CALLER}",
                            finding="other_user",
                            admitted=admitted,
                            permission=text_at(grant, "Permission"),
                        )
                    )
    return in_order(rows, f"{WHEN} admitted permission")


_COPIES = {
    ("ec2", "CopySnapshot"): "sourceSnapshotId",
    ("ec2", "CopyImage"): "sourceImageId",
    ("rds", "CopyDBSnapshot"): "sourceDBSnapshotIdentifier",
    ("rds", "CopyDBClusterSnapshot"): "sourceDBClusterSnapshotIdentifier",
    ("rds", "CreateDBInstanceReadReplica"): "sourceDBInstanceIdentifier",
}


@answers("sharing.copies_and_replication@1")
def copies_and_replication(trail: Trail) -> list[Row]:
    """Snapshots and images that a region which is not approved received."""
    rows = []
    for event in trail.events:
        for call, source in _COPIES.items():
            if event.is_a(*call) and event.succeeded and event.facts["region"] not in APPROVED_REGIONS:
                rows.append(
                    event.row(
                        f"{WHEN} region event_source event_name {_CALLER}",
                        resource_id=event.asked(source),
                        finding="unapproved_region",
                        destination=event.facts["region"],
                    )
                )
    return in_order(rows, f"{WHEN} destination")


_EXPORTS = {
    ("rds", "StartExportTask"): ("sourceArn", "s3BucketName"),
    ("dynamodb", "ExportTableToPointInTime"): ("tableArn", "s3Bucket"),
    ("ec2", "CreateInstanceExportTask"): ("instanceId", "exportToS3.s3Bucket"),
    ("ec2", "ExportImage"): ("imageId", "s3ExportLocation.s3Bucket"),
    ("ec2", "CreateStoreImageTask"): ("imageId", "bucket"),
    ("logs", "CreateExportTask"): ("logGroupName", "destination"),
    ("datasync", "StartTaskExecution"): ("taskArn", ""),
}


@answers("sharing.exports@1")
def exports(trail: Trail) -> list[Row]:
    """Exports and transfers that were begun, as long as no place is approved."""
    rows = [
        event.row(
            f"{WHEN} region event_source event_name {_CALLER}",
            exported=event.asked(source),
            destination=event.asked(place),
        )
        for event in trail.events
        for call, (source, place) in _EXPORTS.items()
        if event.is_a(*call) and event.succeeded
    ]
    return in_order(rows, WHEN)


_MAIL = (
    *("VerifyEmailIdentity", "VerifyEmailAddress", "VerifyDomainIdentity", "VerifyDomainDkim", "CreateEmailIdentity"),
    *("DeleteIdentity", "DeleteEmailIdentity", "DeleteVerifiedEmailAddress", "UpdateAccountSendingEnabled"),
    *("PutAccountSendingAttributes", "PutAccountDetails"),
)


@answers("sharing.mail_sending_setup@1")
def mail_sending_setup(trail: Trail) -> list[Row]:
    """Addresses and domains that may send mail from now on or no more, and sending itself switched on."""
    rows = [
        event.row(
            f"{WHEN} region event_name {_CALLER}",
            mail_identity=event.asked("domain", "emailAddress", "emailIdentity", "identity"),
        )
        for event in trail.events
        if event.is_a("ses", *_MAIL) and event.succeeded
    ]
    return in_order(rows, WHEN)


@answers("sharing.resource_shares@1")
def resource_shares(trail: Trail) -> list[Row]:
    """Accounts and organizations that RAM lets use what is the account's own."""
    rows = []
    for event in trail.events:
        if not (event.is_a("ram", "CreateResourceShare", "AssociateResourceShare") and event.succeeded):
            continue
        request = event.record.get("requestParameters")
        principals = [str(name) for name in items_at(request, "principals")]
        opened = event.is_a("ram", "CreateResourceShare") and event.asked("allowExternalPrincipals") == "true"
        given = [
            (_kind_of(name), name) for name in principals if _kind_of(name) == "organization" or _stranger(event, name)
        ]
        if opened and not principals:
            given = [("external_allowed", "")]
        rows += [
            event.row(
                f"{WHEN} region event_name {_CALLER}",
                share_name=event.answered("resourceShare.resourceShareArn") or event.asked("resourceShareArn", "name"),
                finding=finding,
                shared_with=name or None,
                shared_resources=items_at(request, "resourceArns") or None,
            )
            for finding, name in given
        ]
    return in_order(rows, f"{WHEN} shared_with")


def _kind_of(principal: str) -> str:
    return "organization" if ":organizations:" in principal else "other_account"


@answers("sharing.other_resources_public@1")
def other_resources_public(trail: Trail) -> list[Row]:
    """Documents for everybody or a stranger, projects made public, and policies that let such in."""
    rows = []
    for event in trail.events:
        for finding, receiver, conditional in _opened(event) if event.succeeded else ():
            rows.append(
                event.row(
                    f"{WHEN} region event_source event_name {_CALLER}",
                    resource_id=event.asked("name", "projectArn", "eventBusName", "domainName", "policyName"),
                    finding=finding,
                    shared_with=receiver,
                    has_condition=conditional,
                )
            )
    return in_order(rows, f"{WHEN} shared_with")


def _opened(event: Event) -> list[tuple[str, str, bool]]:
    request: Any = event.record.get("requestParameters") or {}
    if event.is_a("ssm", "ModifyDocumentPermission"):
        named = [str(name) for name in items_at(request, "accountIdsToAdd")]
    elif event.is_a("codebuild", "UpdateProjectVisibility"):
        named = ["*"] if event.asked("projectVisibility") == "PUBLIC_READ" else []
    elif event.is_a("events", "PutPermission"):
        named = [event.asked("principal") or ""]
    else:
        return _let_in(event, request)
    return [
        ("everyone" if name.lower() in {"all", "*"} else "other_account", name, "condition" in request)
        for name in named
        if name.lower() in {"all", "*"} or _stranger(event, name)
    ]


_POLICIES = {
    ("ecr", "PutRegistryPolicy"): "policyText",
    ("ecr", "SetRepositoryPolicy"): "policyText",
    ("events", "PutPermission"): "policy",
    ("logs", "PutResourcePolicy"): "policyDocument",
    ("es", "UpdateDomainConfig"): "accessPolicies",
    ("es", "CreateDomain"): "accessPolicies",
    ("backup", "PutBackupVaultAccessPolicy"): "policy",
    ("glacier", "SetVaultAccessPolicy"): "policy.policy",
    ("codebuild", "PutResourcePolicy"): "policy",
}


def _let_in(event: Event, request: Any) -> list[tuple[str, str, bool]]:
    text = next((text_at(request, path) for call, path in _POLICIES.items() if event.is_a(*call)), None)
    found = []
    for statement in items_at(json.loads(text), "Statement") if text else []:
        principal = statement.get("Principal") if statement.get("Effect") == "Allow" else None
        named = principal.get("AWS", []) if isinstance(principal, dict) else principal or []
        for name in [named] if isinstance(named, str) else named:
            if name == "*" or _stranger(event, name):
                public = name == "*"
                found += [("everyone" if public else "other_account", name, "Condition" in statement)]
    return found
