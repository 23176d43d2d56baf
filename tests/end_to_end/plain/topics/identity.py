"""What an auditor reads from raw records about who a trail shows as existing: root, users, groups and roles."""

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Row, Trail, in_order

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
