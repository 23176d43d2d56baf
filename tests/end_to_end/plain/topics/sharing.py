"""What an auditor reads from raw records about what was given to others."""

import json
import re
from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, in_order, items_at, text_at
from end_to_end.plain.parameters import TRUSTED_ACCOUNTS


@answers("sharing.snapshots_and_images@1")
def snapshots_and_images(trail: Trail) -> list[Row]:
    """Snapshots and images given to everyone or to another account, and uses of such gifts."""
    rows = []
    for event in trail.events:
        findings: list[tuple[str, str | None]] = []
        if event.is_a("ec2", "ModifySnapshotAttribute", "ModifyImageAttribute") and event.done:
            request = event.record["requestParameters"]
            added = items_at(request, "createVolumePermission.add.items") + items_at(
                request, "launchPermission.add.items"
            )
            findings = [_shared(text_at(item, "group") or text_at(item, "userId")) for item in added]
        elif event.is_a("rds", "ModifyDBSnapshotAttribute", "ModifyDBClusterSnapshotAttribute") and event.done:
            added = items_at(event.record["requestParameters"], "valuesToAdd")
            findings = [_shared(str(receiver)) for receiver in added]
        elif event.is_a("ec2", "SharedSnapshotVolumeCreated", "SharedSnapshotCopyInitiated"):
            findings = [("used_by_other_account", None)]
        details = text_at(event.record.get("serviceEventDetails"), "snapshotId")
        rows += [
            event.row(
                f"{WHEN} region event_source event_name actor actor_kind person source_address",
                resource_id=event.asked("snapshotId", "imageId", "dBSnapshotIdentifier", "dBClusterSnapshotIdentifier")
                or details,
                finding=finding,
                shared_with=receiver,
            )
            for finding, receiver in findings
            if receiver not in {event.facts["account_id"], *TRUSTED_ACCOUNTS}
        ]
    return in_order(rows, f"{WHEN} shared_with")


@answers("sharing.outside_principals@1")
def outside_principals(trail: Trail) -> list[Row]:
    """Whom policies of roles and resources let in that is no account of one's own, nor trusted, nor a service."""
    rows = []
    for event in trail.events:
        for number, statement in enumerate(_statements(event), start=1) if event.done else ():
            for principal in _let_in(statement):
                account = re.search(r"[0-9]{12}", principal)
                own = account and account[0] in {event.facts["account_id"], *TRUSTED_ACCOUNTS}
                public = principal == "*" and not event.is_a("s3")
                if public or (account and not own):
                    rows.append(
                        event.row(
                            f"{WHEN} {WHO} region event_source event_name request_state user_agent",
                            resource_id=event.asked("roleName", "bucketName", "functionName"),
                            statement_number=number,
                            finding="everyone" if public else "other_account",
                            principal=principal,
                            has_condition="Condition" in statement,
                        )
                    )
    return in_order(rows, f"{WHEN} statement_number principal")


@answers("sharing.s3_public@1")
def s3_public(trail: Trail) -> list[Row]:
    """Buckets that a call made public, or took a block against it from."""
    rows = []
    for event in trail.events:
        found = exposed(event) if event.is_a("s3") and event.done else None
        if found:
            rows.append(
                event.row(
                    f"{WHEN} region event_name bucket_name object_key actor actor_kind person source_address",
                    exposure=found[0],
                    detail=found[1],
                )
            )
    return in_order(rows, WHEN)


def exposed(event: Event) -> tuple[str, str | None] | None:
    """Return how a call opens a bucket to everyone, and by what in particular."""
    block = (event.record.get("requestParameters") or {}).get("PublicAccessBlockConfiguration") or {}
    if event.is_a("s3", "DeleteBucketPublicAccessBlock", "DeleteAccountPublicAccessBlock"):
        return "block_removed", None
    if event.is_a("s3", "PutBucketPublicAccessBlock", "PutAccountPublicAccessBlock"):
        parts = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        off = [part for part in parts if str(block.get(part)).lower() != "true"]
        return ("block_loosened", ", ".join(off)) if off else None
    if event.is_a("s3", "PutBucketPolicy"):
        statements = [one for one in _statements(event) if "*" in _let_in(one) and "Condition" not in one]
        actions = [one["Action"] if isinstance(one["Action"], str) else ", ".join(one["Action"]) for one in statements]
        return ("public_policy", ", ".join(actions)) if statements else None
    if event.facts["public_acl"]:
        return "public_acl", event.facts["public_acl"]
    return None


def _shared(receiver: str | None) -> tuple[str, str | None]:
    if receiver == "all":
        return "public", receiver
    return "organization" if (receiver or "").startswith("arn:") else "other_account", receiver


def _statements(event: Event) -> list[dict[str, Any]]:
    """Return the statements of the policy that a call writes."""
    request = event.record.get("requestParameters") or {}
    if event.is_a("lambda", "AddPermission20150331v2"):
        return [{"Effect": "Allow", "Principal": {"AWS": request["principal"]}}]
    policies = {
        ("iam", "CreateRole"): request.get("assumeRolePolicyDocument"),
        ("iam", "UpdateAssumeRolePolicy"): request.get("policyDocument"),
        ("s3", "PutBucketPolicy"): request.get("bucketPolicy"),
    }
    policy = next((text for call, text in policies.items() if event.is_a(*call)), None)
    return items_at(json.loads(policy) if isinstance(policy, str) else policy, "Statement")


def _let_in(statement: dict[str, Any]) -> list[str]:
    principal = statement["Principal"] if statement["Effect"] == "Allow" else {}
    named = principal.get("AWS", []) if isinstance(principal, dict) else principal
    return [named] if isinstance(named, str) else named
