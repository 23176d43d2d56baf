"""What an auditor reads from raw records about who a trail shows as existing: root, users, groups and roles."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, gathered, in_order, seen_in
from end_to_end.plain.parameters import INACTIVITY_DAYS, LEAVERS

_HOUR = timedelta(hours=1)

_ROOT_CREDENTIALS = {
    "CreateAccessKey": "access_key",
    "UpdateAccessKey": "access_key",
    "DeleteAccessKey": "access_key",
    "EnableMFADevice": "mfa",
    "DeactivateMFADevice": "mfa",
    "ResyncMFADevice": "mfa",
    "CreateVirtualMFADevice": "mfa",
    "DeleteVirtualMFADevice": "mfa",
    "UploadSigningCertificate": "certificate",
    "UpdateSigningCertificate": "certificate",
    "DeleteSigningCertificate": "certificate",
    "ChangePassword": "password",
    "CreateLoginProfile": "password",
    "UpdateLoginProfile": "password",
    "DeleteLoginProfile": "password",
}

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


@answers("identity.root_activity@1")
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


@answers("identity.identity_lifecycle@1")
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


@answers("identity.root_credential_changes@1")
def root_credential_changes(trail: Trail) -> list[Row]:
    """What root did to its own keys, devices, certificates, password and address."""
    rows = []
    for event in trail.events:
        changed = _ROOT_CREDENTIALS.get(event.facts["event_name"]) if event.is_a("iam") else None
        if event.is_a("signin"):
            changed = {"EmailUpdated": "email"}.get(event.facts["event_name"])
            if event.facts["event_name"].startswith("Password"):
                changed = "password"
        others = event.asked("userName") is not None
        by_root = event.facts["actor_kind"] in {"root", "assumed_root"}
        if changed and by_root and not others and not event.refused:
            rows.append(
                event.row(
                    f"{WHEN} {WHO} event_source event_name call_result user_agent",
                    changed=changed,
                    credential_id=event.answered("accessKey.accessKeyId", "virtualMFADevice.serialNumber")
                    or event.asked("accessKeyId", "serialNumber", "certificateId"),
                )
            )
    return in_order(rows, WHEN)


@answers("identity.dormant_identities@1")
def dormant_identities(trail: Trail) -> list[Row]:
    """Users and roles that acted after more days without a call than the limit, where so long a silence can be seen."""
    seen_from = trail.start - timedelta(days=INACTIVITY_DAYS)
    uses = [event for event in trail.history if event.time >= seen_from and _is_use(event)]
    made = {_identity_made(event) for event in trail.history if event.time >= seen_from} - {None}
    first_days: dict[str, date] = {}
    for event in uses:
        first_days.setdefault(event.facts["account_id"], event.time.date())
    rows = []
    for row, calls in gathered(uses, "account_id actor actor_kind"):
        back = _return(calls, first_days[row["account_id"]], trail.start)
        if back and (row["account_id"], row["actor"]) not in made:
            last, first = back
            inside = [event for event in calls if event.time >= trail.start]
            row |= {"finding": "came_back", "last_use_before": last.time if last else None, "back_at": first.time}
            row |= {"silent_days": (first.time.date() - last.time.date()).days if last else None}
            row |= {"first_event_id": first.facts["event_id"], "first_log_file": first.log_file}
            rows.append(row | seen_in(inside, "calls", "denied"))
    return in_order(rows, "account_id actor finding")


@answers("identity.leaver_activity@1")
def leaver_activity(trail: Trail) -> list[Row]:
    """What happened under the names of people who had left, and when their access ended."""
    acts: dict[tuple[Any, ...], list[Event]] = {}
    left = {name: time.astimezone(UTC).replace(tzinfo=None) for name, time in LEAVERS}
    for event in trail.events:
        for name in left.keys() & {event.facts["actor"], event.facts["person"]}:
            if event.time >= left[name] and not event.facts["service_initiated"]:
                row = event.row("account_id actor_kind actor person", leaver=name, left_at=left[name])
                acts.setdefault(tuple(row.items()), []).append(event)
    rows = []
    for key, calls in acts.items():
        row = dict(key)
        ends = (event for event in trail.events if event.time >= row["left_at"] and _ends_access(event, row["leaver"]))
        removed = next((event.time for event in ends), None)
        shown = ("calls", "event_sources", "source_addresses", "first_time", "last_time")
        rows.append(
            row
            | seen_in(calls, *shown, "first_event_id", "first_log_file")
            | {"without_effect": sum(event.refused for event in calls)}
            | {"changes": sum(event.changes and event.done and not event.is_a("signin") for event in calls)}
            | {"sign_ins": sum(event.signs_in and event.succeeded for event in calls)}
            | {"access_removed_at": removed}
            | {"hours_until_removed": (removed - row["left_at"]) // _HOUR if removed else None}
        )
    return in_order(rows, "account_id leaver actor_kind actor person")


def _return(calls: Sequence[Event], known_from: date, start: datetime) -> tuple[Event | None, Event] | None:
    """Return the last call before the first long silence that ends in the period, if any, and the one that ends it."""
    last: Event | None = None
    for event in calls:
        silence = (event.time.date() - (last.time.date() if last else known_from)).days
        if event.time >= start and (silence > INACTIVITY_DAYS if last else silence >= INACTIVITY_DAYS):
            return last, event
        last = event
    return None


def _is_use(event: Event) -> bool:
    managed = "/aws-reserved/sso.amazonaws.com/" in (event.facts["actor"] or "")
    known = event.facts["actor_kind"] in {"iam_user", "role", "human_role"} and not managed
    at_home = f":{event.facts['account_id']}:" in (event.facts["actor"] or "")
    failed_signin = event.is_a("signin") and not event.done
    return known and at_home and not failed_signin and not event.facts["service_initiated"]


def _identity_made(event: Event) -> tuple[str, str] | None:
    if event.is_a("iam", "CreateUser", "CreateRole") and event.done:
        arn = event.answered("user.arn", "role.arn")
        return (event.facts["account_id"], arn) if arn else None
    return None


def _ends_access(event: Event, leaver: str) -> bool:
    disabled = event.is_a("iam", "UpdateAccessKey") and event.asked("status") == "Inactive"
    gone = event.is_a("iam", "DeleteUser", "DeleteLoginProfile", "DeleteAccessKey")
    return (disabled or gone) and event.done and event.asked("userName") == leaver
