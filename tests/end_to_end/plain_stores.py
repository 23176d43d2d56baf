"""What an auditor reads from raw records about stores of data, what guards them, and the logging itself.

Each function says which rows must come out, as in `plain_access`.
"""

import ipaddress
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from end_to_end.plain_events import WHEN, WHO, Event, Row, Trail, different, gathered, in_order, items_at, text_at

AUDIT_LOG_BUCKETS = ("stratus-red-team-ctes-bucket-qyxyekjbtk", "stratus-red-team-ctlr-bucket-zqfsvooxqj")
"""The buckets of one of the data sets into which CloudTrail delivered."""

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

_SENSITIVE_PORTS = (
    *(20, 21, 22, 23, 135, 139, 445, 1433, 1521, 2049, 2375, 2376, 3306, 3389, 5432, 5601, 5900),
    *(5985, 5986, 6379, 8020, 9042, 9092, 9200, 9300, 11211, 27017),
)

_MASS = 20
_MASS_WINDOW = timedelta(minutes=10)


def trail_changes(trail: Trail) -> list[Row]:
    """Every change of a trail, its selectors or an event data store, refused ones too."""
    rows = []
    for event in trail.events:
        changes = ("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging", "PutEventSelectors")
        if event.is_a("cloudtrail", *changes, "PutInsightSelectors"):
            settings = {name: event.answered(name) for name in ("isMultiRegionTrail", "logFileValidationEnabled")}
            multi, validated = (None if said is None else said == "true" for said in settings.values())
            rows.append(
                event.row(
                    f"{WHEN} {WHO} region event_name call_result error_code request_state user_agent",
                    target=event.asked("name", "trailName"),
                    bucket_name=event.answered("s3BucketName"),
                    multi_region=multi,
                    file_validation=validated,
                    kms_key=event.answered("kmsKeyId"),
                )
            )
    return in_order(rows, WHEN)


def logging_stopped(trail: Trail) -> list[Row]:
    """Every trail that was stopped or deleted, until it is started again or the period ends."""
    rows = []
    for event in trail.events:
        if not event.is_a("cloudtrail", "StopLogging", "DeleteTrail") or not event.succeeded:
            continue
        target = _trail_name(event)
        again = _earliest(
            later
            for later in trail.events
            if later.is_a("cloudtrail", "StartLogging")
            and later.succeeded
            and (_trail_name(later), later.facts["account_id"], later.facts["region"])
            == (target, event.facts["account_id"], event.facts["region"])
            and later.time > event.time
        )
        rows.append(
            event.row(
                f"{WHEN} {WHO} region event_name request_state user_agent",
                target_kind="trail",
                target=target,
                logging_state="started_again" if again else "open_at_period_end",
                started_again_at=again,
                minutes_off=((again or trail.end) - event.time) // timedelta(minutes=1),
            )
        )
    return in_order(rows, WHEN)


def secret_reads(trail: Trail) -> list[Row]:
    """Reads of secrets and of decrypted parameters, by day, secret and reader."""
    reads: dict[tuple[Any, ...], list[Event]] = {}
    for event in trail.events:
        for secret in _secrets(event):
            own = (trail.local_day(event), secret, event.named_person)
            row = event.row("account_id region event_source event_name actor actor_kind")
            reads.setdefault((*own, *row.values()), []).append(event)
    names = [
        "local_day",
        "secret",
        "person",
        "account_id",
        "region",
        "event_source",
        "event_name",
        "actor",
        "actor_kind",
    ]
    rows = [
        dict(zip(names, key, strict=True))
        | {
            "answered": sum(event.done for event in calls),
            "refused": sum(not event.done for event in calls),
            "source_addresses": len(different(calls, "source_address")),
            "first_time": calls[0].time,
            "last_time": calls[-1].time,
            "first_event_id": calls[0].facts["event_id"],
        }
        for key, calls in reads.items()
    ]
    return in_order(rows, "local_day account_id region event_source event_name secret actor actor_kind person")


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
                "batch_calls": sum(event.facts["event_name"] == "DeleteObjects" for event in burst),
                "event_names": different(burst, "event_name"),
                "regions": different(burst, "region"),
                "source_addresses": different(burst, "source_address"),
                "first_event_id": burst[0].facts["event_id"],
            }
            rows.append(row_of_burst)
    return in_order(rows, "first_time account_id actor event_source")


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


def open_to_world(trail: Trail) -> list[Row]:
    """Rules of security groups, as EC2 answers that it made them, which open sensitive or all ports to the world."""
    rows = []
    for event in trail.events:
        if not (event.is_a("ec2", "AuthorizeSecurityGroupIngress") and event.done):
            continue
        for number, rule in enumerate(
            items_at(event.record["responseElements"], "securityGroupRuleSet.items"), start=1
        ):
            addresses = text_at(rule, "cidrIpv4") or text_at(rule, "cidrIpv6")
            everyone = addresses and ipaddress.ip_network(addresses, strict=False).prefixlen == 0
            opened = [port for port in _SENSITIVE_PORTS if rule["fromPort"] <= port <= rule["toPort"]]
            whole = rule["ipProtocol"] == "-1" or (rule["fromPort"], rule["toPort"]) in {(0, 65535), (1, 65535)}
            if everyone and (whole or opened):
                rows.append(
                    event.row(
                        f"{WHEN} region event_name actor actor_kind person source_address",
                        filter_id=event.asked("groupId") or rule["groupId"],
                        rule_number=number,
                        rule_id=rule["securityGroupRuleId"],
                        finding="all_ports" if whole else "sensitive_port",
                        protocol=rule["ipProtocol"],
                        from_port=rule["fromPort"],
                        to_port=rule["toPort"],
                        sensitive_ports_opened=None if whole else ", ".join(map(str, opened)),
                        addresses=addresses,
                        reach="all_addresses",
                    )
                )
    return in_order(rows, f"{WHEN} rule_number")


def log_bucket_tampering(trail: Trail) -> list[Row]:
    """What was done, or tried, to the buckets of audit logs and to what protects them."""
    harmful = (
        *("DeleteBucket", "PutBucketPolicy", "DeleteBucketPolicy", "PutBucketLifecycle", "DeleteBucketLifecycle"),
        *("PutBucketAcl", "PutBucketVersioning", "PutBucketPublicAccessBlock", "PutBucketEncryption"),
        *("PutObject", "DeleteObject", "DeleteObjects"),
    )
    rows = []
    for event in trail.events:
        bucket = event.asked("bucketName")
        if event.is_a("s3", *harmful) and bucket in AUDIT_LOG_BUCKETS:
            days = event.asked("LifecycleConfiguration.Rule.Expiration.Days")
            rows.append(
                event.row(
                    f"{WHEN} {WHO} region event_name call_result error_code request_state user_agent",
                    area="protection" if event.facts["event_category"] == "Management" else "object",
                    bucket_name=bucket,
                    object_key=event.asked("key"),
                    versioning=event.asked("VersioningConfiguration.Status"),
                    shortest_expiration_days=int(days) if days else None,
                )
            )
    return in_order(rows, WHEN)


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


def _trail_name(event: Event) -> str:
    return (event.asked("name") or "").rsplit("/", maxsplit=1)[-1]


def _secrets(event: Event) -> list[str | None]:
    request = event.record.get("requestParameters")
    if event.is_a("secretsmanager", "GetSecretValue"):
        return [event.asked("secretId")]
    if event.is_a("secretsmanager", "BatchGetSecretValue"):
        filters = [text_at(item, "key") or "" for item in items_at(request, "filters")]
        return items_at(request, "secretIdList") or [", ".join(filters) if filters else None]
    parameters = event.is_a("ssm", "GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory")
    if parameters and event.asked("withDecryption") == "true":
        return items_at(request, "names") or [event.asked("name", "path")]
    return []


def _destroys(event: Event) -> bool:
    name = event.facts["event_name"]
    stops = event.is_a("ec2", "StopInstances") or event.is_a("rds", "StopDBInstance", "StopDBCluster")
    return (
        event.done
        and not event.facts["service_initiated"]
        and not event.facts["read_only"]
        and (event.facts["event_category"] == "Management" or event.is_a("s3"))
        and (name.startswith(("Delete", "Terminate", "Purge", "Deregister")) or stops)
        and name not in {"DeleteTags", "DeleteObjectTagging", "DeleteBucketTagging"}
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


def _shared(receiver: str | None) -> tuple[str, str | None]:
    if receiver == "all":
        return "public", receiver
    return "organization" if (receiver or "").startswith("arn:") else "other_account", receiver


def _earliest(events: Iterable[Event]) -> datetime | None:
    return min((event.time for event in events), default=None)
