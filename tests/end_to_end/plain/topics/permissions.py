"""What an auditor reads from raw records about what identities may do, and what they were refused."""

import json
from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, different, first, gathered, in_order

_ADMINISTRATIVE = ("admin", "poweruseraccess", "iamfullaccess", "awsorganizationsfullaccess")

_WRITES_POLICY = ("PutUserPolicy", "PutRolePolicy", "PutGroupPolicy", "CreatePolicy", "CreatePolicyVersion")

_IDENTITY_CENTER = (
    *("CreatePermissionSet", "UpdatePermissionSet", "DeletePermissionSet", "ProvisionPermissionSet"),
    *("AttachManagedPolicyToPermissionSet", "DetachManagedPolicyFromPermissionSet"),
    "AttachCustomerManagedPolicyReferenceToPermissionSet",
    "DetachCustomerManagedPolicyReferenceFromPermissionSet",
    *("PutInlinePolicyToPermissionSet", "DeleteInlinePolicyFromPermissionSet"),
    *("PutPermissionsBoundaryToPermissionSet", "DeletePermissionsBoundaryFromPermissionSet"),
    *("CreateAccountAssignment", "DeleteAccountAssignment"),
)


@answers("permissions.admin_grants@1")
def admin_grants(trail: Trail) -> list[Row]:
    """Every administrator's policy that was attached in IAM, and every member of a group of such a name or policy."""
    administrators = {
        (event.facts["account_id"], (event.asked("groupName") or "").lower())
        for event in trail.events
        if event.is_a("iam", "AttachGroupPolicy") and not event.refused and _is_administrative(event)
    }
    rows = []
    for event in trail.events:
        attached = event.is_a("iam", "AttachUserPolicy", "AttachRolePolicy", "AttachGroupPolicy")
        joined = event.is_a("iam", "AddUserToGroup")
        group = (event.asked("groupName") or "").lower()
        privileged = "admin" in group or (event.facts["account_id"], group) in administrators
        if not event.refused and ((attached and _is_administrative(event)) or (joined and privileged)):
            rows.append(
                event.row(
                    f"{WHEN} {WHO} event_source event_name request_state user_agent",
                    grant_kind="group" if joined else "policy",
                    permission_granted=event.asked("groupName") if joined else event.asked("policyArn"),
                    recipient=event.asked("userName", "roleName", "groupName"),
                    account_or_cluster=None,
                )
            )
    return in_order(rows, WHEN)


@answers("permissions.denied_calls@1")
def denied_calls(trail: Trail) -> list[Row]:
    """What was denied, counted by actor and action."""
    names = "account_id actor_kind actor event_source event_name"
    rows = []
    for row, calls in gathered((event for event in trail.events if event.facts["call_result"] == "denied"), names):
        row.update(
            denials=len(calls),
            denied_days=len({event.time.date() for event in calls}),
            persons=len(different(calls, "person")),
            by_service_alone=sum(event.facts["service_initiated"] for event in calls),
            through_vpc_endpoint=sum(bool(event.facts["vpc_endpoint_id"]) for event in calls),
            source_addresses=len(different(calls, "source_address")),
            error_codes=different(calls, "error_code")[:20],
            first_time=calls[0].time,
            last_time=calls[-1].time,
        )
        rows.append(row)
    return in_order(rows, names)


@answers("permissions.iam_changes@1")
def iam_changes(trail: Trail) -> list[Row]:
    """Every change in IAM and to permission sets: made to what, and what was attached, put in or taken away."""
    rows = []
    for event in trail.events:
        in_iam = event.is_a("iam") and not event.only_reads
        if event.refused or not (in_iam or event.is_a("sso", *_IDENTITY_CENTER)):
            continue
        policy = first(
            (
                event.asked("policyArn"),
                event.answered("policy.arn"),
                event.asked("policyName", "managedPolicyArn", "customerManagedPolicyReference.name"),
                event.asked("permissionsBoundary.managedPolicyArn", "permissionsBoundary"),
                event.asked("permissionsBoundary.customerManagedPolicyReference.name"),
            )
        )
        provider = first(
            found
            for member in ("sAMLProviderArn", "openIDConnectProviderArn")
            for found in (event.asked(member), event.answered(member))
        )
        profile, group = event.asked("instanceProfileName"), event.asked("groupName")
        permission_set = event.asked("permissionSetArn") or event.answered("permissionSet.permissionSetArn")
        targets = {
            "assignee": event.asked("principalId"),
            "permission_set": permission_set,
            "user": event.asked("userName"),
            "role": event.asked("roleName") or event.answered("role.roleName"),
            "group": group,
            "policy": policy,
            "identity_provider": provider,
            "instance_profile": profile,
        }
        key = event.asked("accessKeyId") or event.answered("accessKey.accessKeyId")
        device = event.asked("serialNumber") or event.answered("virtualMFADevice.serialNumber")
        part = first((key, device, event.asked("versionId")))
        details = {
            "assignee": (permission_set,),
            "permission_set": (policy, event.asked("name")),
            "user": (policy, group, part),
            "role": (policy, profile),
            "group": (policy,),
        }
        kind = next((kind for kind, name in targets.items() if name is not None), "other")
        rows.append(
            event.row(
                f"{WHEN} {WHO} event_source event_name request_state service_initiated invoked_by",
                assigned_account=event.asked("targetId") if event.asked("targetType") == "AWS_ACCOUNT" else None,
                target_kind=kind,
                target=targets.get(kind),
                detail=first(details.get(kind, (part,))),
            )
        )
    return in_order(rows, WHEN)


@answers("permissions.wildcard_policies@1")
def wildcard_policies(trail: Trail) -> list[Row]:
    """Statements of written policies that allow everything, all but something, or all of a key service, everywhere."""
    rows = []
    for event in trail.events:
        if not (event.is_a("iam", *_WRITES_POLICY) and event.succeeded):
            continue
        for number, statement in enumerate(json.loads(event.asked("policyDocument") or "")["Statement"], start=1):
            everywhere = "NotResource" in statement or "*" in _listed(statement, "Resource")
            reach = _reach(statement)
            if statement["Effect"] == "Allow" and everywhere and reach:
                rows.append(
                    event.row(
                        f"{WHEN} {WHO} event_source event_name request_state user_agent",
                        target=event.asked("roleName", "userName", "groupName", "policyArn")
                        or event.answered("policy.arn"),
                        policy_name=event.asked("policyName"),
                        statement_number=number,
                        reach=reach,
                        named_actions=_listed(statement, "Action") or _listed(statement, "NotAction"),
                        has_condition="Condition" in statement,
                        is_default_version=True,
                    )
                )
    return in_order(rows, f"{WHEN} statement_number")


def _reach(statement: dict[str, Any]) -> str | None:
    actions = {action.lower() for action in _listed(statement, "Action")}
    if actions & {"*", "*:*"}:
        return "every_action"
    if "NotAction" in statement:
        return "all_but_listed_actions"
    key_services = {f"{service}:*" for service in ("iam", "kms", "organizations", "sso", "sts")}
    return "every_action_of_a_key_service" if actions & key_services else None


def _listed(statement: dict[str, Any], member: str) -> list[str]:
    found = statement.get(member, [])
    return [found] if isinstance(found, str) else found


def _is_administrative(event: Event) -> bool:
    return any(word in (event.asked("policyArn") or "").lower() for word in _ADMINISTRATIVE)
