"""What an auditor reads from raw records about what identities may do, and what they were refused."""

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Row, Trail, different, first, gathered, in_order


@answers("permissions.admin_grants@1")
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
