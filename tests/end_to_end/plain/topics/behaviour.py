"""What an auditor reads from raw records about behaviour that is new, hurried or done with odd tools."""

from datetime import datetime, timedelta
from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import Event, Row, Trail, different, gathered, hours_of, in_order, seen_in
from end_to_end.plain.parameters import BASELINE_DAYS

_ACTIONS = 50
_DENIED_ACTIONS = 15
_HOUR = timedelta(hours=1)

_TOOLS = (
    *("cloudfox", "cloudsploit", "cyberduck", "enumerate-iam", "hydra", "kali", "masscan", "nikto", "nmap", "pacu"),
    *("parrot", "pentoo", "prowler", "rclone", "s3browser", "s3 browser", "s3scanner", "scoutsuite", "sqlmap"),
    *("stratus-red-team", "trufflehog", "weirdaal"),
)


@answers("behaviour.enumeration_bursts@1")
def enumeration_bursts(trail: Trail) -> list[Row]:
    """The worst hour of a day in which an identity looked at very many kinds of things, or was denied many."""
    looks = [
        event
        for event in trail.events
        if event.only_reads and event.facts["event_category"] == "Management" and not event.facts["service_initiated"]
    ]
    worst: dict[tuple[Any, ...], Row] = {}
    for who, calls in gathered(looks, "account_id actor actor_kind"):
        for person in {event.named_person for event in calls}:
            own = [event for event in calls if event.named_person == person]
            for start in sorted({begin for event in own for begin in hours_of(event.time)}):
                hour = [event for event in own if start <= event.time < start + _HOUR]
                row = _hour_of_looks(who | {"person": person}, start, hour)
                reached = row["distinct_actions"] >= _ACTIONS or row["denied_actions"] >= _DENIED_ACTIONS
                key = (*who.values(), person, row["utc_day"])
                if reached and _badness(row) > _badness(worst.get(key)):
                    worst[key] = row
    return in_order(worst.values(), "account_id actor person utc_day")


@answers("behaviour.first_uses@1")
def first_uses(trail: Trail) -> list[Row]:
    """Changes and secrets by an action, or in a region, that an identity had not used before."""
    known_from = trail.start - timedelta(days=BASELINE_DAYS)
    before: dict[tuple[str, ...], set[str]] = {}
    rows: list[Row] = []
    acts = [event for event in trail.history if event.time >= known_from and _acts(event)]
    names = "account_id actor actor_kind"
    for event in acts:
        if event.time < trail.start:
            before.setdefault(tuple(event.row(names).values()), set()).update(_told_by(event))
    for who, calls in gathered((event for event in acts if event.time >= trail.start), names):
        known = before.get(tuple(who.values()))
        told = sorted({what for event in calls for what in _told_by(event)})
        if known is None:
            row = who | {"finding": "new_identity", "what": None, "novelties": len(told)}
            rows.append(row | seen_in(calls, "calls", "first_time", "last_time"))
            continue
        for what in told:
            if what not in known:
                uses = [event for event in calls if what in _told_by(event)]
                finding = "new_action" if " " in what else "new_region"
                row = who | {"finding": finding, "what": what, "novelties": 1}
                rows.append(row | seen_in(uses, "calls", "first_time", "last_time"))
    return in_order(rows, f"{names} finding what")


@answers("behaviour.unusual_tools@1")
def unusual_tools(trail: Trail) -> list[Row]:
    """Clients that call themselves a tool for attacks, scans or bulk copies."""
    uses: dict[tuple[Any, ...], tuple[Row, list[Event]]] = {}
    for event in trail.events:
        agent = (event.facts["user_agent"] or "")[:200]
        tool = next((f"*{tool}*" for tool in _TOOLS if tool in agent.lower()), None)
        if tool:
            row = event.row("account_id actor actor_kind person", tool=tool, user_agent=agent)
            uses.setdefault(tuple(row.values()), (row, []))[1].append(event)
    shown = ("calls", "denied", "event_sources", "source_addresses", "first_time", "last_time", "first_event_id")
    rows = [row | seen_in(calls, *shown) for row, calls in uses.values()]
    return in_order(rows, "account_id actor actor_kind person tool user_agent")


def _hour_of_looks(who: Row, start: datetime, calls: list[Event]) -> Row:
    actions = {(event.facts["event_source"], event.facts["event_name"]) for event in calls}
    denied = [event for event in calls if event.facts["call_result"] == "denied"]
    return who | {
        "utc_day": calls[0].time.date(),
        "hour_start": start,
        "distinct_actions": len(actions),
        "denied_actions": len({(event.facts["event_source"], event.facts["event_name"]) for event in denied}),
        "services": len({service for service, _ in actions}),
        "calls": len(calls),
        "source_addresses": different(calls, "source_address")[:20],
        "user_agent": min((agent[:200] for agent in different(calls, "user_agent")), default=None),
        "first_time": calls[0].time,
        "last_time": calls[-1].time,
    }


def _badness(row: Row | None) -> tuple[int, int]:
    return (row["distinct_actions"], row["denied_actions"]) if row else (0, 0)


def _acts(event: Event) -> bool:
    own = event.facts["service_initiated"] or event.is_data
    return event.done and not own and (event.changes or event.obtains)


def _told_by(event: Event) -> tuple[str, str]:
    return f"{event.facts['event_source']} {event.facts['event_name']}", event.facts["region"]
