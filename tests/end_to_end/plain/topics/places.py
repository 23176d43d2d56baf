"""What an auditor reads from raw records about where calls came from, and where they went."""

import ipaddress
from datetime import timedelta
from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import Event, Row, Trail, gathered, in_order, network_of, seen_in
from end_to_end.plain.parameters import APPROVED_REGIONS, BASELINE_DAYS, KNOWN_NETWORKS

_GLOBAL = frozenset(
    f"{service}.amazonaws.com"
    for service in (
        *("account", "billingconsole", "ce", "cloudfront", "globalaccelerator", "health", "iam", "organizations"),
        *("route53", "route53domains", "shield", "signin", "sso", "sts", "support", "trustedadvisor"),
    )
)


@answers("places.new_networks@1")
def new_networks(trail: Trail) -> list[Row]:
    """Networks from which a person had not come in the look-back."""
    known_from = trail.start - timedelta(days=BASELINE_DAYS)
    names = "account_id actor actor_kind"
    seen: dict[tuple[Any, ...], set[str]] = {}
    came: dict[tuple[Any, ...], tuple[Row, list[Event]]] = {}
    for event in trail.history:
        workload = event.facts["identity_type"] == "WebIdentityUser"
        if event.time < known_from or workload or not (event.done and event.is_by_person and _is_outside(event)):
            continue
        row = event.row(names, person=event.named_person)
        network = network_of(event.facts["source_ip"])
        if event.time < trail.start:
            seen.setdefault(tuple(row.values()), set()).add(network)
        else:
            row |= {"source_network": network}
            came.setdefault(tuple(row.values()), (row, []))[1].append(event)
    rows = []
    for (*who, network), (row, calls) in came.items():
        known = seen.get(tuple(who))
        if known is None or network not in known:
            counts = {
                "finding": "no_history" if known is None else "new_network",
                "secrets_read": sum(event.obtains for event in calls),
                "without_mfa": sum(event.facts["mfa"] in {"no", "no_session"} for event in calls),
            }
            shown = ("source_addresses", "calls", "changes", "first_time", "last_time")
            rows.append(row | counts | seen_in(calls, *shown))
    return in_order(rows, f"{names} person source_network")


@answers("places.unapproved_regions@1")
def unapproved_regions(trail: Trail) -> list[Row]:
    """Changes, secrets and data in regions that are not approved, by whomever."""
    abroad = (
        event
        for event in trail.events
        if event.facts["region"] not in APPROVED_REGIONS
        and event.facts["event_source"] not in _GLOBAL
        and event.done
        and (event.changes or event.obtains or event.is_data)
    )
    names = "account_id region event_source event_name actor actor_kind"
    shown = ("calls", "people", "source_addresses", "first_time", "last_time", "first_event_id")
    rows = []
    for row, calls in gathered(abroad, names):
        use = "data" if calls[0].is_data else "secret" if calls[0].obtains else "change"
        rows.append(row | {"use_kind": use} | seen_in(calls, *shown))
    return in_order(rows, names)


@answers("places.unknown_networks@1")
def unknown_networks(trail: Trail) -> list[Row]:
    """Addresses outside the known networks from which people signed in or worked."""
    known = [ipaddress.ip_network(network) for network in KNOWN_NETWORKS]
    names = "account_id actor actor_kind"
    from_outside: dict[tuple[Any, ...], tuple[Row, list[Event]]] = {}
    for event in trail.events:
        if event.done and event.is_by_person and _is_outside(event):
            address = ipaddress.ip_address(event.facts["source_ip"])
            if not any(address in network for network in known):
                row = event.row(names, person=event.named_person, source_ip=event.facts["source_ip"])
                from_outside.setdefault(tuple(row.values()), (row, []))[1].append(event)
    rows = []
    for row, calls in from_outside.values():
        counts = {
            "sign_ins": sum(event.signs_in for event in calls),
            "changes": sum(event.changes and not event.is_a("signin") for event in calls),
            "secrets_read": sum(event.obtains for event in calls),
        }
        rows.append(row | seen_in(calls, "calls", "user_agents", "first_time", "last_time", "first_event_id") | counts)
    return in_order(rows, f"{names} person source_ip")


def _is_outside(event: Event) -> bool:
    """Tell whether a call came from an address, and not through a VPC endpoint."""
    return bool(event.facts["source_ip"]) and not event.facts["vpc_endpoint_id"]
