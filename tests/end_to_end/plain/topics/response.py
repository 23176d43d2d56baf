"""What an auditor reads from raw records about how soon an exposure or a leaked key was dealt with."""

from collections.abc import Iterator
from datetime import timedelta

from end_to_end.plain.answers import answers
from end_to_end.plain.events import Event, Row, Trail, in_order, items_at, text_at
from end_to_end.plain.parameters import EXPOSURE_MINUTES, SUSPECT_KEYS
from end_to_end.plain.topics.network import open_to_world, opening
from end_to_end.plain.topics.sharing import exposed, s3_public, snapshots_and_images

_CONTAINMENT = timedelta(minutes=60)
_MINUTE = timedelta(minutes=1)


@answers("response.key_containment@1")
def key_containment(trail: Trail) -> list[Row]:
    """Keys that are suspect, or of users whom AWS put in quarantine, and were not disabled within an hour."""
    rows = [row for event in trail.events for row in _quarantine(trail, event)]
    for key in SUSPECT_KEYS:
        calls = [event for event in trail.events if event.facts["access_key_id"] == key]
        end = next((event for event in trail.events if _ends(event, key)), None)
        if end and (not calls or end.time - calls[0].time < _CONTAINMENT + _MINUTE):
            continue
        while_open = [event for event in calls if event.done and (end is None or event.time < end.time)]
        rows.append(
            {
                "started_at": calls[0].time if calls else None,
                "account_id": calls[0].facts["account_id"] if calls else None,
                "user_name": calls[0].facts["person"] if calls else None,
                "access_key_id": key,
                "origin": "suspect_list",
                "containment_state": "contained_late" if end else "open_at_period_end" if calls else "not_seen",
                "contained_at": end.time if end else None,
                "minutes_open": (end.time - calls[0].time) // _MINUTE if end else None,
                "calls_while_open": len(while_open),
                "contained_by": end.facts["person"] if end else None,
                "event_id": calls[0].facts["event_id"] if calls else None,
                "containment_event_id": end.facts["event_id"] if end else None,
            }
        )
    return in_order(rows, "started_at account_id user_name access_key_id")


@answers("response.exposure_reverted@1")
def exposure_reverted(trail: Trail) -> list[Row]:
    """Ports, buckets and copies that were open to everyone for longer than is allowed, until a call shut them."""
    rows = []
    for exposure, resource, part, begun in _exposures(trail):
        later = (event for event in trail.events if event.done and event.time > begun["event_time"])
        end = next((event for event in later if _shuts(event, exposure, resource, begun)), None)
        minutes = (end.time - begun["event_time"]) // _MINUTE if end else None
        if minutes is None or minutes > EXPOSURE_MINUTES:
            names = ("event_time", "account_id", "region", "event_name", "actor", "actor_kind", "person")
            rows.append(
                {name: begun[name] for name in (*names, "source_address", "event_id")}
                | {"exposure": exposure, "resource_id": resource, "part": part}
                | {"exposure_state": "undone_late" if end else "open_at_period_end"}
                | {"undone_at": end.time if end else None, "minutes_open": minutes}
                | {"undone_by": (end.facts["person"] or end.facts["actor"]) if end else None}
                | {"undoing_event_id": end.facts["event_id"] if end else None}
            )
    return in_order(rows, "event_time account_id event_id exposure part")


def _exposures(trail: Trail) -> Iterator[tuple[str, str, str | None, Row]]:
    """Yield what was opened: its kind, what it is, the part of it, and the row that tells of it elsewhere."""
    for row in open_to_world(trail):
        yield (
            "open_port",
            row["filter_id"],
            f"{row['protocol']} {row['from_port']}-{row['to_port']} {row['addresses']}",
            row,
        )
    for row in s3_public(trail):
        kind = {"public_policy": "s3_policy", "public_acl": "s3_acl"}.get(row["exposure"], "s3_block")
        yield kind, row["bucket_name"], None, row
    for row in snapshots_and_images(trail):
        if row["finding"] == "public":
            yield "public_share", row["resource_id"], None, row


def _shuts(event: Event, exposure: str, resource: str, begun: Row) -> bool:
    """Tell whether a call ends an exposure: takes the rule, the policy, the share or the whole thing away."""
    if exposure == "open_port":
        return _closes(event, begun)
    if exposure == "public_share":
        named = event.asked("snapshotId", "imageId", "dBSnapshotIdentifier", "dBClusterSnapshotIdentifier")
        gone = event.is_a("ec2", "DeleteSnapshot", "DeregisterImage", "ResetSnapshotAttribute")
        gone = gone or event.is_a("rds", "DeleteDBSnapshot", "DeleteDBClusterSnapshot") or _takes_back(event)
        return named == resource and gone and event.facts["region"] == begun["region"]
    shut = event.is_a("s3", "DeleteBucket") or (event.is_a("s3", "PutBucketPublicAccessBlock") and not exposed(event))
    if exposure == "s3_policy":
        shut = (
            shut
            or event.is_a("s3", "DeleteBucketPolicy")
            or (event.is_a("s3", "PutBucketPolicy") and not exposed(event))
        )
    if exposure == "s3_acl":
        shut = shut or (event.is_a("s3", "PutBucketAcl") and not exposed(event))
    return shut and event.facts["bucket_name"] == resource


def _takes_back(event: Event) -> bool:
    request = event.record.get("requestParameters")
    removed = items_at(request, "createVolumePermission.remove.items") + items_at(
        request, "launchPermission.remove.items"
    )
    return "all" in {text_at(item, "group") for item in removed} or "all" in items_at(request, "valuesToRemove")


def _quarantine(trail: Trail, event: Event) -> Iterator[Row]:
    """Yield the row of a user to whom AWS gave its policy for compromised keys, unless a key was disabled in time."""
    policy = event.asked("policyArn") or ""
    if not (event.is_a("iam", "AttachUserPolicy") and event.done and "AWSCompromisedKeyQuarantine" in policy):
        return
    user, account = event.asked("userName"), event.facts["account_id"]
    later = [one for one in trail.events if one.time > event.time and one.facts["account_id"] == account]
    end = next((one for one in later if _ends_any(one) and one.asked("userName") == user), None)
    if end and end.time - event.time < _CONTAINMENT + _MINUTE:
        return
    calls = [one for one in later if one.facts["actor_kind"] == "iam_user" and one.facts["person"] == user]
    yield {
        "started_at": event.time,
        "account_id": account,
        "user_name": user,
        "access_key_id": None,
        "origin": "aws_quarantine",
        "containment_state": "contained_late" if end else "open_at_period_end",
        "contained_at": end.time if end else None,
        "minutes_open": (end.time - event.time) // _MINUTE if end else None,
        "calls_while_open": sum(one.done and (end is None or one.time < end.time) for one in calls),
        "contained_by": end.facts["person"] if end else None,
        "event_id": event.facts["event_id"],
        "containment_event_id": end.facts["event_id"] if end else None,
    }


def _ends(event: Event, key: str) -> bool:
    return _ends_any(event) and event.asked("accessKeyId") == key


def _ends_any(event: Event) -> bool:
    disabled = event.is_a("iam", "UpdateAccessKey") and event.asked("status") == "Inactive"
    return event.done and (event.is_a("iam", "DeleteAccessKey") or disabled)


def _closes(event: Event, opened: Row) -> bool:
    """Tell whether a call takes a rule away, by its id or by what it allows, narrows it, or takes the group."""
    request, response = event.record.get("requestParameters"), event.record.get("responseElements")
    rule = (text_at(request, "ipProtocol"), text_at(request, "fromPort"), text_at(request, "cidrIp"))
    named = rule == (opened["protocol"], str(opened["from_port"]), opened["addresses"])
    taken = {text_at(one, "securityGroupRuleId") for one in items_at(response, "revokedSecurityGroupRuleSet.items")}
    revoked = event.is_a("ec2", "RevokeSecurityGroupIngress") and (named or opened["rule_id"] in taken)
    narrowed = event.is_a("ec2", "ModifySecurityGroupRules") and opened["rule_id"] in {
        rule["rule_id"] for rule in opening(event) if not rule["addresses"].endswith("/0")
    }
    group = event.asked("groupId", "ModifySecurityGroupRulesRequest.GroupId")
    return group == opened["filter_id"] and (revoked or narrowed or event.is_a("ec2", "DeleteSecurityGroup"))
