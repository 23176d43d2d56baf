"""What an auditor reads from raw records about data, copies and resources that were destroyed."""

from datetime import timedelta

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, different, gathered, in_order, items_at, seen_in
from end_to_end.plain.parameters import SENSITIVE_BUCKETS

_STORES = {
    ("rds", "DeleteDBInstance"): "dBInstanceIdentifier",
    ("rds", "DeleteDBCluster"): "dBClusterIdentifier",
    ("dynamodb", "DeleteTable"): "tableName",
    ("s3", "DeleteBucket"): "bucketName",
    ("ec2", "DeleteVolume"): "volumeId",
    ("elasticfilesystem", "DeleteFileSystem"): "fileSystemId",
    ("redshift", "DeleteCluster"): "clusterIdentifier",
    ("kinesis", "DeleteStream"): "streamName",
    ("ecr", "DeleteRepository"): "repositoryName",
    ("secretsmanager", "DeleteSecret"): "secretId",
    ("cloudformation", "DeleteStack"): "stackName",
    ("sqs", "DeleteQueue"): "queueUrl",
}

_SAFEGUARDS = {
    ("ec2", "ModifyInstanceAttribute", "disableApiTermination.value"): ("false", "termination_protection_off"),
    ("ec2", "ModifyInstanceAttribute", "disableApiStop.value"): ("false", "stop_protection_off"),
    ("s3", "PutBucketVersioning", "VersioningConfiguration.Status"): ("Suspended", "versioning_suspended"),
    ("rds", "ModifyDBInstance", "deletionProtection"): ("false", "deletion_protection_off"),
    ("rds", "ModifyDBCluster", "deletionProtection"): ("false", "deletion_protection_off"),
    ("dynamodb", "UpdateTable", "deletionProtectionEnabled"): ("false", "deletion_protection_off"),
    ("cloudformation", "UpdateTerminationProtection", "enableTerminationProtection"): (
        "false",
        "termination_protection_off",
    ),
}

_MASS = 20
_MASS_WINDOW = timedelta(minutes=10)


@answers("destruction.backups_removed@1")
def backups_removed(trail: Trail) -> list[Row]:
    """Snapshots, images and recovery points that someone deleted."""
    copies = {
        ("ec2", "DeleteSnapshot"): "snapshotId",
        ("ec2", "DeregisterImage"): "imageId",
        ("rds", "DeleteDBSnapshot"): "dBSnapshotIdentifier",
        ("rds", "DeleteDBClusterSnapshot"): "dBClusterSnapshotIdentifier",
        ("backup", "DeleteRecoveryPoint"): "recoveryPointArn",
    }
    rows = [
        event.row(
            f"{WHEN} region event_source event_name actor actor_kind person invoked_by source_address",
            backup_id=event.asked(member),
            finding="copy_removed",
            days_before=None,
            days_after=None,
        )
        for event in trail.events
        for call, member in copies.items()
        if event.is_a(*call) and event.done and not event.facts["service_initiated"]
    ]
    return in_order(rows, WHEN)


@answers("destruction.data_stores_deleted@1")
def data_stores_deleted(trail: Trail) -> list[Row]:
    """Every call to delete a store of data, and whether a last copy was asked for."""
    rows = []
    copies = ("finalDBSnapshotIdentifier", "finalSnapshotIdentifier", "finalClusterSnapshotIdentifier")
    forgone = ("skipFinalSnapshot", "skipFinalClusterSnapshot", "forceDeleteWithoutRecovery")
    for event in trail.events:
        for (service, name), member in _STORES.items():
            if event.is_a(service, name):
                states = {
                    "refused_by_caller": any(event.asked(switch) == "true" for switch in forgone),
                    "requested": event.asked(*copies) is not None,
                    "recovery_window": service == "secretsmanager",
                    "none_requested": True,
                }
                rows.append(
                    event.row(
                        f"{WHEN} region event_source event_name actor actor_kind person invoked_by source_address"
                        " call_result request_state",
                        store_id=event.asked(member),
                        final_copy=next(state for state, holds in states.items() if holds),
                        final_copy_id=event.asked(*copies),
                    )
                )
    return in_order(rows, WHEN)


@answers("destruction.mass_object_deletes@1")
def mass_object_deletes(trail: Trail) -> list[Row]:
    """Every run of deletions by one actor in one sensitive bucket in which some ten minutes hold twenty or more."""
    deletions = (
        event
        for event in trail.events
        if event.is_a("s3", "DeleteObject", "DeleteObjects") and event.is_data and event.done
    )
    rows = []
    for row, calls in gathered(deletions, "account_id actor bucket_name"):
        for burst in _bursts(calls) if row["bucket_name"] in SENSITIVE_BUCKETS else ():
            batches = sum(event.is_a("s3", "DeleteObjects") for event in burst)
            counts = {"actor_kind": burst[0].facts["actor_kind"], "deletions": len(burst), "batch_calls": batches}
            seen = seen_in(burst, "people", "source_addresses", "first_time", "last_time", "first_event_id")
            rows.append(row | counts | seen)
    return in_order(rows, "first_time account_id actor bucket_name")


@answers("destruction.protection_removed@1")
def protection_removed(trail: Trail) -> list[Row]:
    """Safeguards against deletion that a call switched off."""
    rows = []
    for event in trail.events:
        for (service, name, member), (off, finding) in _SAFEGUARDS.items():
            if event.is_a(service, name) and event.done and event.asked(member) == off:
                rows.append(
                    event.row(
                        f"{WHEN} {WHO} region event_source event_name log_file",
                        finding=finding,
                        resource_id=event.asked(
                            *("instanceId", "bucketName", "dBInstanceIdentifier", "dBClusterIdentifier", "tableName"),
                            *("stackName", "vaultName", "userPoolId"),
                        ),
                    )
                )
    return in_order(rows, WHEN)


@answers("destruction.mass_deletes@1")
def mass_deletes(trail: Trail) -> list[Row]:
    """Every run of deletions by one actor in one service in which some ten minutes hold twenty or more."""
    rows = []
    destroyed = (event for event in trail.events if _destroys(event))
    for row, calls in gathered(destroyed, "account_id actor event_source"):
        single = [event for event in calls for _ in range(_instances(event))]
        for burst in _bursts(single):
            row_of_burst = row | {
                "actor_kind": burst[0].facts["actor_kind"],
                "people": sorted({event.named_person for event in burst if event.named_person}),
                "first_time": burst[0].time,
                "last_time": burst[-1].time,
                "deletions": len(burst),
                "event_names": different(burst, "event_name"),
                "regions": different(burst, "region"),
                "source_addresses": different(burst, "source_address"),
                "first_event_id": burst[0].facts["event_id"],
            }
            rows.append(row_of_burst)
    return in_order(rows, "first_time account_id actor event_source")


def _destroys(event: Event) -> bool:
    name = event.facts["event_name"]
    ends = event.is_a("ec2", "StopInstances") or event.is_a("rds", "StopDBInstance", "StopDBCluster")
    ends = ends or event.is_a("kms", "ScheduleKeyDeletion")
    return (
        event.done
        and not event.facts["service_initiated"]
        and not event.facts["read_only"]
        and event.facts["event_category"] == "Management"
        and (name.startswith(("Delete", "Terminate", "Purge", "Deregister")) or ends)
        and name not in {"DeleteTags", "DeleteBucketTagging"}
    )


def _instances(event: Event) -> int:
    """Return how many resources a call destroys: EC2 takes many instances at once."""
    return len(items_at(event.record.get("requestParameters"), "instancesSet.items")) or 1


def _bursts(events: list[Event]) -> list[list[Event]]:
    """Return the unbroken runs of events of which each lies in some ten minutes that hold twenty."""
    bursts: list[list[Event]] = []
    reached = -1
    for start in range(len(events) - _MASS + 1):
        window = events[start : start + _MASS]
        if window[-1].time - window[0].time <= _MASS_WINDOW:
            if start <= reached or (bursts and window[0].time <= bursts[-1][-1].time):
                bursts[-1] += events[reached + 1 : start + _MASS]
            else:
                bursts.append(window)
            reached = start + _MASS - 1
    return bursts
