"""What an auditor reads from raw records about power: emergency access, work by hand, roles given to machines."""

from datetime import date, timedelta
from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import (
    WHEN,
    WHO,
    Event,
    Row,
    Trail,
    different,
    gathered,
    in_order,
    items_at,
    like,
    seen_in,
    text_at,
)
from end_to_end.plain.parameters import BREAK_GLASS_PRINCIPALS, DEPLOYMENT_ROLES, PRIVILEGED_PRINCIPALS

_MINUTE = timedelta(minutes=1)
_CREDENTIAL_CALLS = frozenset({"sts", "signin", "sso", "sso-oauth"})
_TAKES_ROLE = {
    ("ec2", "RunInstances"): ("iamInstanceProfile.arn", "iamInstanceProfile.name"),
    ("ec2", "AssociateIamInstanceProfile"): (
        "AssociateIamInstanceProfileRequest.IamInstanceProfile.Arn",
        "AssociateIamInstanceProfileRequest.IamInstanceProfile.Name",
    ),
    ("lambda", "CreateFunction20150331"): ("role",),
    ("lambda", "UpdateFunctionConfiguration20150331v2"): ("role",),
    ("ecs", "RegisterTaskDefinition"): ("taskRoleArn",),
    ("iam", "AddRoleToInstanceProfile"): ("roleName",),
}


@answers("privileged.break_glass_use@1")
def break_glass_use(trail: Trail) -> list[Row]:
    """Days on which an emergency identity was opened or used, and what closed it."""
    parts: dict[tuple[str, str, str | None, date], list[tuple[str, Event]]] = {}
    for event in trail.events:
        if event.facts["actor_kind"] in {"aws_service", "service_linked_role", "service_event"}:
            continue
        opened = event.asked("roleArn") if event.is_a("sts", "AssumeRole") and event.succeeded else None
        if like(opened, BREAK_GLASS_PRINCIPALS):
            key = (event.facts["account_id"], str(opened), event.asked("roleSessionName"), event.time.date())
            parts.setdefault(key, []).append(("opening", event))
        if like(event.facts["actor"], BREAK_GLASS_PRINCIPALS) and not event.facts["service_initiated"]:
            if event.is_a("signin") and not event.succeeded:
                continue
            key = (event.facts["account_id"], event.facts["actor"], event.facts["person"], event.time.date())
            parts.setdefault(key, []).append(("call", event))
    rows = []
    for (account, identity, session, day), them in parts.items():
        calls = [event for part, event in them if part == "call"]
        opened_by = sorted({_opener(event) for part, event in them if part == "opening"})
        openings = len(them) - len(calls) + sum(event.signs_in for event in calls)
        shown = [event for _, event in them]
        rows.append(
            {"account_id": account, "emergency_identity": identity, "session_name": session, "utc_day": day}
            | {"opened": openings, "opened_by": opened_by or None, "calls": len(calls)}
            | {"without_effect": sum(event.refused for event in calls)}
            | {"changes": sum(event.changes and event.done and not event.is_a("signin") for event in calls)}
            | {"minutes_in_use": (shown[-1].time - shown[0].time) // _MINUTE}
            | {"without_mfa": sum(event.facts["mfa"] in {"no", "no_session"} for event in calls)}
            | {"event_sources": different(calls, "event_source")[:20] or None}
            | {"source_addresses": different(calls, "source_address")[:20] or None}
            | seen_in(shown, "first_time", "last_time", "first_event_id", "first_log_file")
            | _closing(trail, identity, shown[-1])
        )
    return in_order(rows, "account_id emergency_identity session_name utc_day")


@answers("privileged.manual_changes@1")
def manual_changes(trail: Trail) -> list[Row]:
    """Changes by people and in the console, beside all changes in the account."""
    changes = [event for event in trail.events if _is_change(event)]
    in_account = {row["account_id"]: len(them) for row, them in gathered(changes, "account_id")}
    by_hand: dict[tuple[Any, ...], list[Event]] = {}
    for event in changes:
        console = event.facts["credential"] == "console"
        if (event.is_by_person or console) and not like(event.facts["actor"], DEPLOYMENT_ROLES):
            row = event.row("account_id actor_kind actor person event_source")
            by_hand.setdefault(tuple(row.items()), []).append(event)
    rows = []
    for key, calls in by_hand.items():
        row = dict(key) | {
            "changes_in_account": in_account[dict(key)["account_id"]],
            "in_console": sum(event.facts["credential"] == "console" for event in calls),
        }
        shown = ("event_names", "changes", "source_addresses", "first_time", "last_time")
        rows.append(row | seen_in(calls, *shown, "first_event_id", "first_log_file"))
    return in_order(rows, "account_id actor_kind actor person event_source")


@answers("privileged.roles_given_to_compute@1")
def roles_given_to_compute(trail: Trail) -> list[Row]:
    """Calls that give a privileged role to something that runs."""
    rows = []
    for event in trail.events:
        for call, members in _TAKES_ROLE.items():
            role = event.asked(*members) if event.is_a(*call) and event.done else None
            by_itself = event.facts["service_initiated"] and event.is_a("ec2")
            if role and not by_itself and _is_privileged(role):
                rows.append(
                    event.row(
                        f"{WHEN} {WHO} region event_source event_name call_result invoked_by user_agent log_file",
                        role_name=role,
                        resource_id=_machine(event),
                    )
                )
    return in_order(rows, f"{WHEN} role_name")


def _closing(trail: Trail, identity: str, last: Event) -> Row:
    """Return what ended an emergency identity's sessions or credentials from its last call of a day on."""
    kind, name = identity.rsplit(":", maxsplit=1)[-1].split("/", maxsplit=1)
    for event in trail.events:
        if event.time < last.time or not event.done or event.facts["account_id"] != last.facts["account_id"]:
            continue
        revoked = event.is_a("iam", "PutRolePolicy") and event.asked("policyName") == "AWSRevokeOlderSessions"
        ended = event.is_a("iam", "DeleteLoginProfile", "UpdateLoginProfile", "DeleteAccessKey", "UpdateAccessKey")
        ended = ended or event.is_a("iam", "ChangePassword")
        owner = event.asked("userName") or event.facts["person"]
        if (kind == "role" and revoked and event.asked("roleName") == name) or (
            kind == "user" and ended and owner == name
        ):
            return {"closed_at": event.time, "closed_by": event.facts["actor"]}
    return {"closed_at": None, "closed_by": None}


def _opener(event: Event) -> str:
    return " ".join(filter(None, (event.facts["actor"], event.facts["person"])))


def _is_change(event: Event) -> bool:
    own = event.facts["service_initiated"] or event.is_data
    grants = any(event.is_a(service) for service in _CREDENTIAL_CALLS)
    return event.changes and event.done and not own and not grants


def _is_privileged(role: str) -> bool:
    return like(role.rsplit("/", maxsplit=1)[-1].lower(), PRIVILEGED_PRINCIPALS)


def _machine(event: Event) -> str | None:
    made = items_at(event.record.get("responseElements"), "instancesSet.items")
    return text_at(made[0] if made else None, "instanceId") or event.asked(
        "functionName", "family", "instanceProfileName"
    )
