"""What an auditor reads from raw records about settings that protect: of encryption, alerts, Config, permissions."""

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, in_order, items_at

_LOGGED = f"{WHEN} {WHO} region event_name request_state user_agent log_file"

_DEFAULTS = {
    ("ec2", "DisableEbsEncryptionByDefault"): ("switched_off", None),
    ("ec2", "ModifyEbsDefaultKmsKeyId"): ("other_key", None),
    ("ec2", "ResetEbsDefaultKmsKeyId"): ("other_key", None),
    ("s3", "DeleteBucketEncryption"): ("own_key_lost", "bucketName"),
    ("logs", "DisassociateKmsKey"): ("switched_off", "logGroupName"),
    ("kinesis", "StopStreamEncryption"): ("switched_off", "streamName"),
}


@answers("encryption.defaults_weakened@1")
def defaults_weakened(trail: Trail) -> list[Row]:
    """Encryption that nobody had to ask for, and that from now on somebody must, or that has another key."""
    rows = [
        event.row(
            f"{_LOGGED} event_source", effect=effect, resource_id=event.asked(member) if member else None, kms_key=None
        )
        for event in trail.events
        for call, (effect, member) in _DEFAULTS.items()
        if event.is_a(*call) and event.succeeded
    ]
    return in_order(rows, WHEN)


_ALERTS = {
    ("monitoring", "DeleteAlarms"): ("removed", "alarmNames"),
    ("monitoring", "DisableAlarmActions"): ("disabled", "alarmNames"),
    ("monitoring", "SetAlarmState"): ("state_forced", "alarmName"),
    ("events", "DisableRule"): ("disabled", "name"),
    ("events", "DeleteRule"): ("removed", "name"),
    ("events", "RemoveTargets"): ("removed", "rule"),
    ("logs", "DeleteMetricFilter"): ("removed", "filterName"),
    ("sns", "DeleteTopic"): ("removed", "topicArn"),
    ("sns", "Unsubscribe"): ("removed", "subscriptionArn"),
}

_SERVICES = {"aws_service", "service_linked_role", "service_event"}


@answers("logging.alerting_changes@1")
def alerting_changes(trail: Trail) -> list[Row]:
    """Alarms, rules, filters and topics that tell nobody any more."""
    rows = []
    for event in trail.events:
        effect, member = next((told for call, told in _ALERTS.items() if event.is_a(*call)), (None, ""))
        if event.is_a("monitoring", "PutMetricAlarm", "PutCompositeAlarm") and event.asked("actionsEnabled") == "false":
            effect, member = "disabled", "alarmName"
        if event.is_a("events", "PutRule") and event.asked("state") == "DISABLED":
            effect, member = "disabled", "name"
        if event.is_a("monitoring", "SetAlarmState") and event.asked("stateValue") != "OK":
            effect = None
        if effect and event.done and event.facts["actor_kind"] not in _SERVICES:
            alerts = items_at(event.record.get("requestParameters"), member) or [event.asked(member)]
            rows += [event.row(f"{_LOGGED} event_source", effect=effect, alert_name=alert) for alert in alerts]
    return in_order(rows, f"{WHEN} alert_name")


_CONFIG = {
    "PutDeliveryChannel": ("delivery_set", "deliveryChannel.name", "deliveryChannel.s3BucketName"),
    "DeleteOrganizationConfigRule": ("rule_removed", "organizationConfigRuleName", None),
    "DeleteOrganizationConformancePack": ("rule_removed", "organizationConformancePackName", None),
    "DeleteRemediationConfiguration": ("remediation_removed", "configRuleName", None),
    "DeleteEvaluationResults": ("results_deleted", "configRuleName", None),
    "DeleteAggregationAuthorization": ("aggregation_removed", "authorizedAccountId", None),
    "DeleteConfigurationAggregator": ("aggregation_removed", "configurationAggregatorName", None),
}
_DAYS_KEPT = 365


@answers("logging.config_changes@1")
def config_changes(trail: Trail) -> list[Row]:
    """Changes that leave AWS Config with less to tell."""
    rows = []
    for event in trail.events:
        found = _leaves_less(event) if event.is_a("config") and event.done else None
        if found:
            effect, target, detail = found
            rows.append(event.row(_LOGGED, effect=effect, target=target, detail=detail))
    return in_order(rows, WHEN)


def _leaves_less(event: Event) -> tuple[str, str | None, str | None] | None:
    if event.is_a("config", "PutConfigurationRecorder"):
        group = "configurationRecorder.recordingGroup"
        strategy = event.asked(f"{group}.recordingStrategy.useOnly")
        whole = event.asked(f"{group}.allSupported") == "true" or strategy == "ALL_SUPPORTED_RESOURCE_TYPES"
        in_force = (event.record.get("requestParameters") or {}).get("configurationRecorder") or {}
        whole = whole or not in_force.get("recordingGroup")
        return None if whole else ("recording_narrowed", event.asked("configurationRecorder.name"), strategy)
    if event.is_a("config", "PutRetentionConfiguration"):
        days = event.asked("retentionPeriodInDays")
        return ("retention_short", None, days) if days and int(days) < _DAYS_KEPT else None
    effect, target, detail = _CONFIG.get(event.facts["event_name"], ("", "", None))
    return (effect, event.asked(target), event.asked(detail) if detail else None) if effect else None


_LOOSENS = (
    *("DetachPolicy", "DeletePolicy", "DisablePolicyType", "DisableAWSServiceAccess"),
    *("RegisterDelegatedAdministrator", "PutResourcePolicy", "RemoveAccountFromOrganization", "LeaveOrganization"),
)
_GUARDS = (
    *("AttachPolicy", "CreatePolicy", "UpdatePolicy", "EnablePolicyType", "EnableAWSServiceAccess"),
    *("DeregisterDelegatedAdministrator", "DeleteResourcePolicy"),
)


@answers("organisation.guardrail_changes@1")
def guardrail_changes(trail: Trail) -> list[Row]:
    """Policies of the organization, what is trusted in it, and who administers it for others, as they changed."""
    rows = [
        event.row(
            f"{_LOGGED} event_source",
            weakens=event.facts["event_name"] in _LOOSENS,
            policy_name=event.asked("name"),
            guardrail=event.asked("policyId", "policyType", "servicePrincipal")
            or event.answered("policy.policySummary.id"),
            target=event.asked("targetId", "rootId", "accountId"),
        )
        for event in trail.events
        if event.is_a("organizations", *_LOOSENS, *_GUARDS) and event.succeeded
    ]
    return in_order(rows, WHEN)


_BOUNDARIES = ("UserPermissionsBoundary", "RolePermissionsBoundary")


@answers("permissions.boundary_changes@1")
def boundary_changes(trail: Trail) -> list[Row]:
    """Boundaries that were taken away, and those that were put as long as none is approved."""
    rows = []
    for event in trail.events:
        taken = event.is_a("iam", *(f"Delete{name}" for name in _BOUNDARIES))
        taken = taken or event.is_a("sso", "DeletePermissionsBoundaryFromPermissionSet")
        put = event.is_a("iam", *(f"Put{name}" for name in _BOUNDARIES))
        put = put or event.is_a("sso", "PutPermissionsBoundaryToPermissionSet")
        if (taken or put) and not event.refused:
            rows.append(
                event.row(
                    f"{_LOGGED} event_source call_result invoked_by",
                    finding="removed" if taken else "not_approved",
                    target=event.asked("userName", "roleName", "permissionSetArn"),
                    boundary=event.asked("permissionsBoundary", "permissionsBoundary.managedPolicyArn"),
                )
            )
    return in_order(rows, "account_id event_time event_id")
