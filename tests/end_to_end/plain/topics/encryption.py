"""What an auditor reads from raw records about encryption at rest and on the way."""

from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, in_order, seen_in, text_at

_MADE = {
    ("ec2", "CreateVolume"): ("encrypted", "volumeId"),
    ("ec2", "CreateSnapshot"): ("encrypted", "snapshotId"),
    ("rds", "CreateDBInstance"): ("storageEncrypted", "dBInstanceIdentifier"),
    ("rds", "RestoreDBInstanceFromDBSnapshot"): ("storageEncrypted", "dBInstanceIdentifier"),
    ("rds", "CreateDBCluster"): ("storageEncrypted", "dBClusterIdentifier"),
    ("rds", "CreateDBSnapshot"): ("encrypted", "dBSnapshotIdentifier"),
    ("rds", "CreateDBClusterSnapshot"): ("storageEncrypted", "dBClusterSnapshotIdentifier"),
    ("elasticfilesystem", "CreateFileSystem"): ("encrypted", "fileSystemId"),
    ("redshift", "CreateCluster"): ("encrypted", "clusterIdentifier"),
    ("elasticache", "CreateReplicationGroup"): ("atRestEncryptionEnabled", "replicationGroupId"),
}
_ARNS = {"dBInstanceIdentifier": "dBInstanceArn", "dBSnapshotIdentifier": "dBSnapshotArn"}
_FROM = ("snapshotId", "volumeId", "dBSnapshotIdentifier", "dBInstanceIdentifier", "sourceDBInstanceIdentifier")


@answers("encryption.unencrypted_resources@1")
def unencrypted_resources(trail: Trail) -> list[Row]:
    """Stores of data that a service answers to have made without encryption."""
    rows = []
    for event in trail.events:
        for call, (state, identifier) in _MADE.items():
            if event.is_a(*call) and event.done and event.answered(state) == "false":
                copied = event.is_a("ec2") or "Snapshot" in call[1]
                source = (event.asked(name) or event.answered(name) for name in _FROM if name != identifier)
                rows.append(
                    event.row(
                        f"{WHEN} {WHO} region event_source event_name user_agent log_file",
                        resource_id=event.answered(_ARNS.get(identifier, identifier), identifier),
                        restored_from=next((name for name in source if name), None) if copied else None,
                    )
                )
    return in_order(rows, WHEN)


@answers("encryption.weak_or_plain_transport@1")
def weak_or_plain_transport(trail: Trail) -> list[Row]:
    """Calls by TLS 1.0 or 1.1, and calls of S3's objects that had no TLS at all."""
    weak: dict[tuple[Any, ...], list[Event]] = {}
    for event in trail.events:
        version = text_at(event.record.get("tlsDetails"), "tlsVersion")
        old = version in {"TLSv1", "TLSv1.0", "TLSv1.1"}
        if old or _is_plain(event, version):
            names = "account_id actor_kind actor person event_source bucket_name call_result"
            agent = (event.facts["user_agent"] or "")[:200] or None
            row = event.row(names, finding="old_tls" if old else "no_tls", tls_version=version, user_agent=agent)
            weak.setdefault(tuple(row.items()), []).append(event)
    shown = ("calls", "source_addresses", "first_time", "last_time", "first_event_id")
    rows = [dict(key) | seen_in(calls, *shown) for key, calls in weak.items()]
    order = "account_id finding tls_version actor_kind actor person event_source bucket_name user_agent call_result"
    return in_order(rows, order)


def _is_plain(event: Event, version: str | None) -> bool:
    by_aws = event.facts["service_initiated"] or event.facts["invoked_by"] or not event.facts["source_ip"]
    cipher = text_at(event.record.get("additionalEventData"), "CipherSuite")
    cipher = cipher or text_at(event.record.get("tlsDetails"), "cipherSuite")
    return event.is_a("s3") and event.is_data and not by_aws and not version and not cipher
