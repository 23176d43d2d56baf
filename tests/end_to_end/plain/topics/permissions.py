"""What an auditor reads from raw records about what identities may do, and what they were refused."""

import json
from datetime import timedelta
from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, different, first, gathered, in_order, like, seen_in

_ADMINISTRATIVE = ("admin", "poweruseraccess", "iamfullaccess", "awsorganizationsfullaccess")

_SENSITIVE_SERVICES = (
    *("kms", "secretsmanager", "iam", "sts", "sso", "sso-directory", "identitystore", "organizations", "cloudtrail"),
    *("config", "guardduty", "securityhub", "macie2", "logs", "access-analyzer", "inspector2", "detective"),
)

_OWN_POLICIES = (
    *("PutUserPolicy", "AttachUserPolicy", "DeleteUserPolicy", "DetachUserPolicy", "AddUserToGroup"),
    *("RemoveUserFromGroup", "PutUserPermissionsBoundary", "DeleteUserPermissionsBoundary"),
    *("PutRolePolicy", "AttachRolePolicy", "DeleteRolePolicy", "DetachRolePolicy", "UpdateAssumeRolePolicy"),
    *("PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"),
)
_QUARANTINE = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantine*"
_GIVES = timedelta(hours=24)

_DOCUMENTS = {
    ("iam", "CreateRole"): "assumeRolePolicyDocument",
    ("iam", "UpdateAssumeRolePolicy"): "policyDocument",
    ("iam", "PutUserPolicy"): "policyDocument",
    ("iam", "PutRolePolicy"): "policyDocument",
    ("iam", "PutGroupPolicy"): "policyDocument",
    ("iam", "CreatePolicy"): "policyDocument",
    ("iam", "CreatePolicyVersion"): "policyDocument",
    ("s3", "PutBucketPolicy"): "bucketPolicy",
    ("kms", "PutKeyPolicy"): "policy",
    ("secretsmanager", "PutResourcePolicy"): "resourcePolicy",
    ("ecr", "SetRepositoryPolicy"): "policyText",
}

_UNREADABLE: dict[str, Any] = {"Effect": "Allow", "Resource": "*"}
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
        for number, statement in enumerate(_statements(event), start=1):
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
                        named_actions=_listed(statement, "Action") or _listed(statement, "NotAction") or None,
                        has_condition=None if statement is _UNREADABLE else "Condition" in statement,
                        is_default_version=True,
                    )
                )
    return in_order(rows, f"{WHEN} statement_number")


@answers("permissions.denied_sensitive@1")
def denied_sensitive(trail: Trail) -> list[Row]:
    """What people and outsiders were refused on keys, secrets, identities, logs and detection."""
    names = "account_id actor_kind actor event_source event_name"
    refusals: dict[tuple[Any, ...], list[Event]] = {}
    for event in trail.events:
        outsider = event.facts["actor_kind"] in {"other_account", "anonymous", "unknown"}
        asked = event.facts["call_result"] == "denied" and any(event.is_a(service) for service in _SENSITIVE_SERVICES)
        if asked and (event.is_by_person or outsider) and not event.facts["service_initiated"]:
            row = event.row(names, person=event.named_person)
            refusals.setdefault(tuple(row.items()), []).append(event)
    rows = []
    for key, calls in refusals.items():
        row = dict(key) | {
            "denials": len(calls),
            "error_codes": different(calls, "error_code")[:20],
            "resource_arns": sorted({arn for event in calls for arn in event.arns})[:20],
            "through_vpc_endpoint": sum(bool(event.facts["vpc_endpoint_id"]) for event in calls),
        }
        shown = ("source_addresses", "first_time", "last_time", "first_event_id", "first_log_file")
        rows.append(row | seen_in(calls, *shown))
    return in_order(rows, "account_id actor_kind actor person event_source event_name")


@answers("permissions.denied_then_allowed@1")
def denied_then_allowed(trail: Trail) -> list[Row]:
    """First successes of an action that was denied within a day, after the identity was given more."""
    rows = []
    for names, calls in gathered(trail.events, "account_id actor event_source event_name"):
        denied: Event | None = None
        for event in calls:
            if event.is_data or not (event.changes or event.obtains):
                continue
            if event.facts["call_result"] == "denied":
                denied = event
            elif event.done and denied:
                gift = _gift(trail, denied, event) if event.time - denied.time <= _GIVES else None
                if gift:
                    rows.append(_elevated(names, denied, gift, event))
                denied = None
    return in_order(rows, "account_id allowed_at event_id")


@answers("permissions.direct_user_grants@1")
def direct_user_grants(trail: Trail) -> list[Row]:
    """Policies that were attached to, or written into, a user."""
    rows = [
        event.row(
            f"{WHEN} {WHO} region event_name request_state call_result invoked_by user_agent log_file",
            user_name=event.asked("userName"),
            finding="quarantined" if like(event.asked("policyArn"), [_QUARANTINE]) else "granted",
            permission_granted=event.asked("policyArn", "policyName"),
        )
        for event in trail.events
        if event.is_a("iam", "AttachUserPolicy", "PutUserPolicy") and not event.refused
    ]
    return in_order(rows, WHEN)


@answers("permissions.self_grants@1")
def self_grants(trail: Trail) -> list[Row]:
    """Changes that a user or role made to its own permissions."""
    rows = [
        event.row(
            f"{WHEN} {WHO} region event_name call_result invoked_by user_agent log_file",
            target_kind="user" if event.asked("userName") else "role",
            target=event.asked("userName", "roleName"),
            what=event.asked("policyArn", "policyName", "groupName", "permissionsBoundary"),
        )
        for event in trail.events
        if event.is_a("iam", *_OWN_POLICIES) and not event.refused and _is_to(event, event)
    ]
    return in_order(rows, WHEN)


@answers("permissions.unreadable_documents@1")
def unreadable_documents(trail: Trail) -> list[Row]:
    """Policies that were written, and of which the text is not in the log."""
    rows = []
    for event in trail.events:
        for call, member in _DOCUMENTS.items():
            finding = _unreadable(event, member) if event.is_a(*call) and not event.refused else None
            if finding:
                rows.append(
                    event.row(
                        f"{WHEN} {WHO} region event_source event_name call_result user_agent log_file",
                        finding=finding,
                        target=event.asked("roleName", "userName", "groupName", "bucketName", "keyId", "secretId"),
                        policy_name=event.asked("policyName"),
                    )
                )
    return in_order(rows, WHEN)


def _gift(trail: Trail, denied: Event, allowed: Event) -> Event | None:
    """Return the last change, between two calls, of the permissions of the identity that made them."""
    between = (event for event in trail.events if denied.time <= event.time <= allowed.time)
    gifts = [event for event in between if event.is_a("iam", *_OWN_POLICIES) and event.done and _is_to(event, denied)]
    return gifts[-1] if gifts else None


def _elevated(names: Row, denied: Event, gift: Event, allowed: Event) -> Row:
    return names | {
        "actor_kind": allowed.facts["actor_kind"],
        "person": allowed.facts["person"],
        "denied_at": denied.time,
        "grant_at": gift.time,
        "grant_event_name": gift.facts["event_name"],
        "granted_by": gift.facts["actor"],
        "is_own_grant": gift.facts["actor"] == allowed.facts["actor"],
        "allowed_at": allowed.time,
        "source_address": allowed.facts["source_address"],
        "region": allowed.facts["region"],
        "denied_event_id": denied.facts["event_id"],
        "grant_event_id": gift.facts["event_id"],
        "event_id": allowed.facts["event_id"],
        "log_file": allowed.log_file,
    }


def _is_to(change: Event, actor: Event) -> bool:
    """Tell whether a change of permissions is one of those of the identity that made a call."""
    kind, name = ("user", change.asked("userName")) if change.asked("userName") else ("role", change.asked("roleName"))
    arn = actor.facts["actor"] or ""
    same = f":{kind}/" in arn and arn.rsplit("/", maxsplit=1)[-1] == name
    return same and change.facts["account_id"] == actor.facts["account_id"]


def _unreadable(event: Event, member: str) -> str | None:
    state = event.facts["request_state"]
    if state in {"omitted", "unparseable"}:
        return f"request_{state}"
    policy = (event.record.get("requestParameters") or {}).get(member)
    if not policy:
        return "document_missing"
    if isinstance(policy, dict):
        return None
    try:
        json.loads(policy)
    except ValueError:
        return "document_unparseable"
    return None


def _statements(event: Event) -> list[dict[str, Any]]:
    """Return the statements of a written policy; one that says nothing but that it cannot be read stands for it."""
    text = event.asked("policyDocument")
    written: list[dict[str, Any]] = json.loads(text)["Statement"] if text else [_UNREADABLE]
    return written


def _reach(statement: dict[str, Any]) -> str | None:
    actions = {action.lower() for action in _listed(statement, "Action")}
    if statement is _UNREADABLE:
        return "unreadable"
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
