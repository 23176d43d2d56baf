"""What an auditor reads from raw records about how soon an exposure or a leaked key was dealt with."""

from datetime import timedelta

from end_to_end.plain.answers import answers
from end_to_end.plain.events import Event, Row, Trail, in_order, text_at
from end_to_end.plain.parameters import EXPOSURE_MINUTES, SUSPECT_KEYS
from end_to_end.plain.topics.network import open_to_world

_CONTAINMENT = timedelta(minutes=60)
_MINUTE = timedelta(minutes=1)


@answers("response.key_containment@1")
def key_containment(trail: Trail) -> list[Row]:
    """Suspect keys that were not disabled or deleted within an hour of their first call, and their calls until then."""
    rows = []
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
                "containment_state": "contained_late" if end else "open_at_period_end",
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
    """Rules that open ports to the world for longer than is allowed, until they or their group are taken away."""
    rows = []
    for opened in open_to_world(trail):
        names = ("event_time", "account_id", "region", "event_name", "actor", "actor_kind", "person", "source_address")
        end = next((event for event in trail.events if _closes(event, opened)), None)
        minutes = (end.time - opened["event_time"]) // _MINUTE if end else None
        if minutes is None or minutes > EXPOSURE_MINUTES:
            rows.append(
                {name: opened[name] for name in (*names, "event_id")}
                | {
                    "exposure": "open_port",
                    "resource_id": opened["filter_id"],
                    "part": f"{opened['protocol']} {opened['from_port']}-{opened['to_port']} {opened['addresses']}",
                    "exposure_state": "undone_late" if end else "open_at_period_end",
                    "undone_at": end.time if end else None,
                    "minutes_open": minutes,
                    "undone_by": end.facts["person"] if end else None,
                    "undoing_event_id": end.facts["event_id"] if end else None,
                }
            )
    return in_order(rows, "event_time account_id event_id exposure part")


def _ends(event: Event, key: str) -> bool:
    disabled = event.is_a("iam", "UpdateAccessKey") and event.asked("status") == "Inactive"
    ended = event.is_a("iam", "DeleteAccessKey") or disabled
    return ended and event.done and event.asked("accessKeyId") == key


def _closes(event: Event, opened: Row) -> bool:
    """Tell whether a call takes away a rule, named by what it allows, or the whole group."""
    request = event.record.get("requestParameters")
    rule = (text_at(request, "ipProtocol"), text_at(request, "fromPort"), text_at(request, "cidrIp"))
    revoked = event.is_a("ec2", "RevokeSecurityGroupIngress") and rule == (
        opened["protocol"],
        str(opened["from_port"]),
        opened["addresses"],
    )
    after = event.done and event.time > opened["event_time"] and event.asked("groupId") == opened["filter_id"]
    return after and (revoked or event.is_a("ec2", "DeleteSecurityGroup"))
