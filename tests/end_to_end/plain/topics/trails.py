"""What an auditor reads from raw records about CloudTrail itself: its trails, their selectors and their buckets."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, in_order, items_at
from end_to_end.plain.parameters import AUDIT_LOG_BUCKETS, REQUIRED_DATA_RESOURCES


@answers("logging.log_bucket_tampering@1")
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


@answers("logging.logging_stopped@1")
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


@answers("logging.trail_changes@1")
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


@answers("logging.selectors_narrowed@1")
def selectors_narrowed(trail: Trail) -> list[Row]:
    """Selectors that leave out management events, a side of them, services, or data events that are required."""
    rows = []
    for event in trail.events:
        if not (event.is_a("cloudtrail", "PutEventSelectors") and event.succeeded):
            continue
        selectors = items_at(event.record["requestParameters"], "eventSelectors")
        management = [selector for selector in selectors if selector["includeManagementEvents"]]
        reads, writes = (
            any(selector["readWriteType"] in {"All", side} for selector in management)
            for side in ("ReadOnly", "WriteOnly")
        )
        left_out = sorted({name for one in management for name in one["excludeManagementEventSources"]})
        logged = [
            prefix
            for selector in selectors
            if selector["readWriteType"] == "All"
            for resource in selector["dataResources"]
            for prefix in resource["values"]
        ]
        missing = [one for one in REQUIRED_DATA_RESOURCES if not any(one.startswith(prefix) for prefix in logged)]
        if not reads or not writes or left_out or missing:
            rows.append(
                event.row(
                    f"{WHEN} {WHO} region event_name request_state user_agent",
                    target=event.asked("trailName"),
                    management_reads=reads,
                    management_writes=writes,
                    left_out=left_out,
                    data_not_logged=missing,
                    insights_off=None,
                )
            )
    return in_order(rows, WHEN)


def _trail_name(event: Event) -> str:
    return (event.asked("name") or "").rsplit("/", maxsplit=1)[-1]


def _earliest(events: Iterable[Event]) -> datetime | None:
    return min((event.time for event in events), default=None)
