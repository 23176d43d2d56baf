"""What an auditor reads from raw records about who came in, with which credentials, and what they may do.

Each function reads one question, the titles of its columns and its limits, and says which rows must come out. How the
query gets them is not looked at: names are listed where it has patterns, and loops stand where it has windows.
"""

from datetime import UTC, date, datetime
from typing import Any

from end_to_end.plain_events import WHEN, WHO, Event, Row, Trail, different, first, gathered, in_order, text_at

_KEY_AGE_LIMIT = 90
_WORKING_HOURS = range(8, 20)
_SATURDAY = 5

_IDENTITIES = {
    ("CreateUser", "created"): "user",
    ("UpdateUser", "changed"): "user",
    ("DeleteUser", "deleted"): "user",
    ("AddUserToGroup", "member_added"): "user",
    ("RemoveUserFromGroup", "member_removed"): "user",
    ("CreateGroup", "created"): "group",
    ("UpdateGroup", "changed"): "group",
    ("DeleteGroup", "deleted"): "group",
    ("CreateRole", "created"): "role",
    ("UpdateRole", "changed"): "role",
    ("UpdateRoleDescription", "changed"): "role",
    ("DeleteRole", "deleted"): "role",
    ("CreateServiceLinkedRole", "created"): "role",
    ("DeleteServiceLinkedRole", "deleted"): "role",
}

_CREDENTIALS = {
    "CreateAccessKey": "access_key",
    "CreateLoginProfile": "console_password",
    "UpdateLoginProfile": "console_password",
    "EnableMFADevice": "mfa",
    "CreateServiceSpecificCredential": "service_credential",
    "UploadSSHPublicKey": "ssh_key",
    "UploadSigningCertificate": "certificate",
}

_OBTAINS = {
    "sts": ("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "GetSessionToken", "GetFederationToken"),
    "secretsmanager": ("GetSecretValue", "BatchGetSecretValue"),
    "ssm": ("GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory"),
    "kms": ("Decrypt", "GenerateDataKey", "ReEncrypt"),
    "iam": ("CreateAccessKey", "GetCredentialReport"),
    "ec2": ("GetPasswordData", "CreateKeyPair", "GetConsoleOutput", "GetConsoleScreenshot"),
}


def root_activity(trail: Trail) -> list[Row]:
    """Everything that root did, in person or in a central session, and every request for such a session."""
    rows = []
    for event in trail.events:
        request = event.is_a("sts", "AssumeRoot")
        if not request and event.facts["actor_kind"] not in {"root", "assumed_root"}:
            continue
        acts = {
            "root_session_requested": request,
            "root_session": event.facts["actor_kind"] == "assumed_root",
            "through_service": event.facts["invoked_by"],
            "signin": event.is_a("signin"),
            "call": True,
        }
        rows.append(
            event.row(
                f"{WHEN} {WHO} region event_source event_name call_result error_code credential invoked_by user_agent",
                act=next(act for act, holds in acts.items() if holds),
                root_of_account=event.asked("targetPrincipal") if request else None,
            )
        )
    return in_order(rows, WHEN)


def identity_lifecycle(trail: Trail) -> list[Row]:
    """Every user, group and role of IAM that came, changed or went."""
    rows = []
    for event in trail.events:
        for (name, change), kind in _IDENTITIES.items():
            if event.is_a("iam", name) and not event.refused:
                member = {"user": "userName", "group": "groupName", "role": "roleName"}[kind]
                rows.append(
                    event.row(
                        f"{WHEN} {WHO} event_source event_name request_state invoked_by",
                        change_made=change,
                        identity_kind=kind,
                        identity_name=event.asked(member) or event.answered(f"role.{member}"),
                        group_name=event.asked("groupName") if kind == "user" else None,
                        new_name=event.asked("newUserName", "newGroupName"),
                    )
                )
    return in_order(rows, WHEN)


def access_key_events(trail: Trail) -> list[Row]:
    """The life of every long-term key; who names no owner acts on a key of their own."""
    rows = []
    for event in trail.events:
        if event.is_a("iam", "CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey") and event.succeeded:
            status = {"Active": "activated", "Inactive": "deactivated"}.get(event.asked("status") or "", "updated")
            owner = event.asked("userName") or event.answered("accessKey.userName")
            rows.append(
                event.row(
                    f"{WHEN} {WHO} request_state credential invoked_by",
                    access_key_id=event.asked("accessKeyId") or event.answered("accessKey.accessKeyId"),
                    change_made={"CreateAccessKey": "created", "DeleteAccessKey": "deleted"}.get(
                        event.facts["event_name"], status
                    ),
                    key_owner=owner or event.facts["person"] or event.facts["actor"],
                )
            )
    return in_order(rows, "account_id access_key_id event_time event_id")


def long_term_key_use(trail: Trail) -> list[Row]:
    """Every long-term key that signed a call, with the age that its creation in the last 90 days gives it."""
    created: dict[str | None, datetime] = {}
    for event in trail.history:
        if event.is_a("iam", "CreateAccessKey") and event.succeeded:
            created.setdefault(event.answered("accessKey.accessKeyId"), event.time)
    rows = []
    by_key = (event for event in trail.events if event.facts["credential"] == "long_term_key")
    for row, calls in gathered(by_key, "account_id access_key_id actor_kind actor"):
        made, last_use = created.get(row["access_key_id"]), calls[-1].time
        days = (last_use - made).days if made else None
        addresses = different(calls, "source_address")
        row.update(
            calls=len(calls),
            denied_calls=sum(event.facts["call_result"] == "denied" for event in calls),
            first_use=calls[0].time,
            last_use=last_use,
            created_at=made,
            age_days=days,
            age="creation_not_seen" if days is None else ["within_limit", "over_limit"][days > _KEY_AGE_LIMIT],
            source_addresses=len(addresses),
            first_source_addresses=addresses[:20],
            first_services=different(calls, "event_source")[:20],
        )
        rows.append(row)
    return in_order(rows, "account_id access_key_id actor_kind actor")


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


def iam_changes(trail: Trail) -> list[Row]:
    """Every change in IAM: what it was made to, and what was attached, put in or taken away."""
    rows = []
    for event in trail.events:
        if not event.is_a("iam") or event.refused or event.only_reads:
            continue
        policy = first(
            (event.asked("policyArn"), event.answered("policy.arn"), event.asked("policyName", "permissionsBoundary"))
        )
        provider = first(
            found
            for member in ("sAMLProviderArn", "openIDConnectProviderArn")
            for found in (event.asked(member), event.answered(member))
        )
        profile, group = event.asked("instanceProfileName"), event.asked("groupName")
        targets = {
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
        details = {"user": (policy, group, part), "role": (policy, profile), "group": (policy,)}
        kind = next((kind for kind, name in targets.items() if name is not None), "other")
        rows.append(
            event.row(
                f"{WHEN} {WHO} event_name request_state service_initiated invoked_by",
                target_kind=kind,
                target=targets.get(kind),
                detail=first(details.get(kind, (part,))),
            )
        )
    return in_order(rows, WHEN)


def console_signins(trail: Trail) -> list[Row]:
    """Every sign-in to the console and every step of one."""
    rows = []
    for event in trail.events:
        if event.is_a("signin", "ConsoleLogin", "CheckMfa", "SwitchRole", "UserAuthentication"):
            provider, kind = _signin_said(event, "SamlProviderArn"), event.facts["actor_kind"]
            methods = {
                "root": kind in {"root", "assumed_root"},
                "identity_center": kind == "identity_center" or "AWSReservedSSO_" in (event.facts["actor"] or ""),
                "iam_user": kind == "iam_user",
                "saml": ":saml-provider/" in (provider or ""),
                "role": kind in {"role", "human_role"},
                kind: True,
            }
            factors = ("MFAIdentifier", "MfaType", "CredentialType")
            rows.append(
                event.row(
                    f"{WHEN} actor person mfa source_address region event_name call_result error_message user_agent",
                    signin_method=next(method for method, holds in methods.items() if holds),
                    factor=first(_signin_said(event, name) for name in factors),
                    identity_provider=provider,
                )
            )
    return in_order(rows, WHEN)


def signins_without_mfa(trail: Trail) -> list[Row]:
    """Successful sign-ins of users and root for which no second factor is shown."""
    rows = [
        event.row(f"{WHEN} {WHO} region event_name user_agent", mfa_logged=_signin_said(event, "MFAUsed"))
        for event in trail.events
        if event.is_a("signin", "ConsoleLogin", "UserAuthentication")
        and event.facts["actor_kind"] in {"root", "iam_user", "identity_center"}
        and event.succeeded
        and event.facts["mfa"] in {"no", "unknown", "no_session"}
    ]
    return in_order(rows, WHEN)


def keys_for_other_users(trail: Trail) -> list[Row]:
    """Every credential that someone made for another user."""
    rows = []
    for event in trail.events:
        owner = event.asked("userName")
        for name, kind in _CREDENTIALS.items():
            if event.is_a("iam", name) and event.succeeded and owner not in {None, event.named_person}:
                rows.append(
                    event.row(
                        f"{WHEN} {WHO} event_name request_state user_agent",
                        credential_kind=kind,
                        user_name=owner,
                        credential_id=event.answered("accessKey.accessKeyId") or event.asked("serialNumber"),
                    )
                )
    return in_order(rows, WHEN)


def admin_grants(trail: Trail) -> list[Row]:
    """Every policy with an administrator's name that was attached in IAM, and every member of a group of that name."""
    administrative = ("admin", "poweruseraccess", "iamfullaccess", "awsorganizationsfullaccess")
    rows = []
    for event in trail.events:
        attached = event.is_a("iam", "AttachUserPolicy", "AttachRolePolicy", "AttachGroupPolicy")
        joined = event.is_a("iam", "AddUserToGroup")
        granted = event.asked("groupName") if joined else event.asked("policyArn")
        words = administrative[:1] if joined else administrative
        if (attached or joined) and not event.refused and any(word in (granted or "").lower() for word in words):
            rows.append(
                event.row(
                    f"{WHEN} {WHO} event_source event_name request_state user_agent",
                    grant_kind="group" if joined else "policy",
                    permission_granted=granted,
                    recipient=event.asked("userName", "roleName", "groupName"),
                    account_or_cluster=None,
                )
            )
    return in_order(rows, WHEN)


def out_of_hours_activity(trail: Trail) -> list[Row]:
    """What people did before eight, from twenty o'clock on and on weekends, by local day."""
    by_day: dict[tuple[date, tuple[Any, ...]], list[Event]] = {}
    names = "account_id actor actor_kind person"
    for event in trail.events:
        local = event.time.replace(tzinfo=UTC).astimezone(trail.zone)
        acts = event.is_a("signin") or event.facts["read_only"] is False or _obtains(event) or _is_data(event)
        by_person = event.is_by_person and event.done and not event.facts["service_initiated"]
        if by_person and acts and (local.weekday() >= _SATURDAY or local.hour not in _WORKING_HOURS):
            by_day.setdefault((local.date(), tuple(event.row(names).values())), []).append(event)
    rows = []
    for (day, _), events in by_day.items():
        calls = [event for event in events if not event.is_a("signin")]
        rows.append(
            events[0].row(
                names,
                local_day=day,
                reason="day_off" if day.weekday() >= _SATURDAY else "hour",
                holiday=None,
                sign_ins=len(events) - len(calls),
                changes=sum(event.facts["read_only"] is False for event in calls),
                secrets_read=sum(_obtains(event) for event in calls),
                data_reads=sum(_is_data(event) and event.facts["read_only"] is True for event in events),
                source_addresses=different(events, "source_address"),
                first_time=events[0].time,
                last_time=events[-1].time,
                first_event_id=events[0].facts["event_id"],
            )
        )
    return in_order(rows, f"local_day {names}")


def _obtains(event: Event) -> bool:
    return any(event.is_a(service, *names) for service, names in _OBTAINS.items())


def _is_data(event: Event) -> bool:
    return bool(event.facts["event_category"] == "Data")


def _signin_said(event: Event, name: str) -> str | None:
    return text_at(event.record.get("additionalEventData"), name)
