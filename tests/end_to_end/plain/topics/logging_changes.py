"""What an auditor reads from raw records about logs and detection that were switched off, narrowed or thrown away."""

from datetime import timedelta

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, in_order, items_at
from end_to_end.plain.parameters import AUDIT_LOG_BUCKETS

_LOGS_END = {
    ("ec2", "DeleteFlowLogs"): "DeleteFlowLogsRequest.FlowLogId.content",
    ("route53resolver", "DeleteResolverQueryLogConfig"): "resolverQueryLogConfigId",
    ("route53resolver", "DisassociateResolverQueryLogConfig"): "resolverQueryLogConfigId",
    ("route53", "DeleteQueryLoggingConfig"): "id",
    ("wafv2", "DeleteLoggingConfiguration"): "resourceArn",
}
_DAYS_KEPT = 365
_SERVICES = ("guardduty", "securityhub", "config", "macie2", "inspector2", "detective", "access-analyzer")
_OFF = ("DeleteDetector", "DisableSecurityHub", "StopConfigurationRecorder", "DisableMacie", "DeleteGraph", "Disable")
_ON = ("CreateDetector", "EnableSecurityHub", "StartConfigurationRecorder", "EnableMacie", "CreateGraph", "Enable")


@answers("logging.cloudwatch_loss@1")
def cloudwatch_loss(trail: Trail) -> list[Row]:
    """Log groups and streams that were deleted, or are kept too short."""
    rows = []
    for event in trail.events:
        kept = event.asked("retentionInDays") if event.is_a("logs", "PutRetentionPolicy") else None
        deleted = event.is_a("logs", "DeleteLogGroup", "DeleteLogStream")
        if event.done and (deleted or (kept and int(kept) < _DAYS_KEPT)):
            rows.append(
                event.row(
                    f"{WHEN} {WHO} region event_name request_state user_agent log_file",
                    effect="deleted" if deleted else "retention_short",
                    log_group=event.asked("logGroupName"),
                    log_stream=event.asked("logStreamName"),
                    days_kept=int(kept) if kept else None,
                    destination=None,
                )
            )
    return in_order(rows, WHEN)


@answers("logging.detection_disabled@1")
def detection_disabled(trail: Trail) -> list[Row]:
    """Services of detection that were switched off until they ran again."""
    rows = []
    for event in trail.events:
        if not (any(map(event.is_a, _SERVICES)) and event.done):
            continue
        off = event.is_a("guardduty", "UpdateDetector") and event.asked("enable") == "false"
        off = off or event.facts["event_name"] in _OFF
        if not off:
            continue
        again = next((later for later in trail.events if _runs_again(later, event)), None)
        end = again.time if again else trail.end
        rows.append(
            event.row(
                f"{WHEN} {WHO} region event_source event_name request_state user_agent",
                effect="off",
                target=event.asked("detectorId", "configurationRecorderName", "graphArn"),
                detection_state="on_again" if again else "open_at_period_end",
                on_again_at=again.time if again else None,
                minutes_off=(end - event.time) // timedelta(minutes=1),
            )
        )
    return in_order(rows, WHEN)


@answers("logging.service_logging_disabled@1")
def service_logging_disabled(trail: Trail) -> list[Row]:
    """Logs of networks, names and web applications that a call switched off."""
    rows = []
    for event in trail.events:
        for call, member in _LOGS_END.items():
            if event.is_a(*call) and event.done:
                ids = items_at(event.record.get("requestParameters"), "DeleteFlowLogsRequest.FlowLogId")
                several = ", ".join(one["content"] for one in ids)
                rows.append(
                    event.row(
                        f"{WHEN} {WHO} region event_source event_name call_result request_state user_agent log_file",
                        effect="off",
                        resource_id=event.asked(member) or several or None,
                    )
                )
    return in_order(rows, WHEN)


@answers("logging.trail_protection_weakened@1")
def trail_protection_weakened(trail: Trail) -> list[Row]:
    """Trails that a call made or left pointing elsewhere, unchecked, in one region, or without what it had."""
    rows = []
    for event in trail.events:
        if not (event.is_a("cloudtrail", "CreateTrail", "UpdateTrail") and event.succeeded):
            continue
        request = event.record.get("requestParameters") or {}
        weak = {
            "bucket": event.answered("s3BucketName") not in AUDIT_LOG_BUCKETS,
            "no_file_validation": event.answered("logFileValidationEnabled") == "false",
            "one_region": event.answered("isMultiRegionTrail") == "false",
            "no_global_events": event.answered("includeGlobalServiceEvents") == "false",
            "no_kms_key": request.get("kmsKeyId") == "",
            "no_organization": event.asked("isOrganizationTrail") == "false",
            "no_cloudwatch_logs": request.get("cloudWatchLogsLogGroupArn") == "",
        }
        found = [name for name, holds in weak.items() if holds]
        if found:
            rows.append(
                event.row(
                    f"{WHEN} {WHO} region event_name request_state user_agent log_file",
                    trail_arn=event.answered("trailARN") or event.asked("name"),
                    weaknesses=found,
                    bucket_name=event.answered("s3BucketName"),
                    kms_key=event.answered("kmsKeyId"),
                )
            )
    return in_order(rows, WHEN)


def _runs_again(later: Event, event: Event) -> bool:
    place = ("account_id", "region", "event_source")
    same = all(later.facts[name] == event.facts[name] for name in place) and later.time > event.time
    updated = later.is_a("guardduty", "UpdateDetector") and later.asked("enable") == "true"
    return same and later.done and (updated or later.facts["event_name"] in _ON)
