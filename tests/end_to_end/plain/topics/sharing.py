"""What an auditor reads from raw records about what was given to others."""

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, Row, Trail, in_order, items_at, text_at


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
            if receiver != event.facts["account_id"]
        ]
    return in_order(rows, f"{WHEN} shared_with")


def _shared(receiver: str | None) -> tuple[str, str | None]:
    if receiver == "all":
        return "public", receiver
    return "organization" if (receiver or "").startswith("arn:") else "other_account", receiver
