"""What an auditor reads from raw records about reads of data and secrets."""

import ipaddress
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import Event, Row, Trail, different, gathered, in_order, items_at, seen_in
from end_to_end.plain.parameters import (
    APPROVED_DATA_READERS,
    BASELINE_DAYS,
    KNOWN_NETWORKS,
    SENSITIVE_BUCKETS,
    SENSITIVE_KEYS,
    VOLUME_FACTOR,
    VOLUME_FLOOR_BYTES,
)

_BURST = 20
_SECRET_READS = ("GetSecretValue", "BatchGetSecretValue")
_CONTENT = ("GetObject", "CopyObject", "UploadPartCopy", "SelectObjectContent", "GetObjectTorrent")


@answers("data.secret_reads@1")
def secret_reads(trail: Trail) -> list[Row]:
    """Reads of secrets and of decrypted parameters, by day, secret and reader."""
    reads: dict[tuple[Any, ...], list[Event]] = {}
    for event in trail.events:
        for secret in _secrets(event):
            row = event.row("account_id region event_source event_name actor actor_kind")
            row |= {"local_day": trail.local_day(event), "secret": secret, "person": event.named_person}
            reads.setdefault(tuple(row.items()), []).append(event)
    rows = [
        dict(key)
        | {
            "answered": sum(event.done for event in calls),
            "without_effect": sum(event.refused for event in calls),
            "source_addresses": len(different(calls, "source_address")),
            "first_time": calls[0].time,
            "last_time": calls[-1].time,
            "first_event_id": calls[0].facts["event_id"],
        }
        for key, calls in reads.items()
    ]
    return in_order(rows, "local_day account_id region event_source event_name secret actor actor_kind person")


@answers("data.secret_reads_by_people@1")
def secret_reads_by_people(trail: Trail) -> list[Row]:
    """Days on which a person read secrets, or any identity twenty and more within an hour of the clock."""
    days: dict[tuple[Any, ...], list[Event]] = {}
    for event in trail.events:
        if event.done and _secrets(event):
            row = event.row("account_id actor actor_kind", person=event.named_person, utc_day=event.time.date())
            days.setdefault(tuple(row.items()), []).append(event)
    rows = []
    for key, reads in days.items():
        hours: dict[int, set[str]] = {}
        for event in reads:
            hours.setdefault(event.time.hour, set()).update(secret or "?" for secret in _secrets(event))
        busiest = max(map(len, hours.values()))
        named = sorted(set().union(*hours.values()))
        if busiest >= _BURST or reads[0].is_by_person:
            rows.append(
                dict(key)
                | {"finding": "burst" if busiest >= _BURST else "person"}
                | {"secrets_named": len(named), "busiest_hour": busiest, "secrets": named[:20]}
                | {"secret_reads": sum(len(_secrets(event)) for event in reads)}
                | seen_in(reads, "source_addresses", "first_time", "last_time")
            )
    return in_order(rows, "account_id actor actor_kind person utc_day")


@answers("data.key_unexpected_use@1")
def key_unexpected_use(trail: Trail) -> list[Row]:
    """Whoever decrypted with a sensitive key, as long as nobody is approved."""
    uses: dict[tuple[Any, ...], list[Event]] = {}
    for event in trail.events:
        if event.is_a("kms", "Decrypt", "ReEncrypt") and event.done:
            for key in set(event.arns) & set(SENSITIVE_KEYS):
                row = event.row("account_id actor actor_kind", key_arn=key, person=event.named_person)
                uses.setdefault(tuple(row.items()), []).append(event)
    shown = ("calls", "source_addresses", "first_time", "last_time", "first_event_id")
    rows = [
        dict(row) | seen_in(calls, *shown) | {"services": different(calls, "invoked_by") or None}
        for row, calls in uses.items()
    ]
    return in_order(rows, "account_id key_arn actor actor_kind person")


@answers("data.off_path_access@1")
def off_path_access(trail: Trail) -> list[Row]:
    """Calls on sensitive buckets and on secrets from unknown networks, or through endpoints, none being approved."""
    known = [ipaddress.ip_network(network) for network in KNOWN_NETWORKS]
    paths: dict[tuple[Any, ...], list[Event]] = {}
    for event in trail.events:
        address = event.facts["source_ip"]
        inside = address and any(ipaddress.ip_address(address) in network for network in known)
        off_path = event.facts["vpc_endpoint_id"] or (address and not inside)
        for store in _stores(event) if event.done and off_path else ():
            row = event.row("account_id event_source actor actor_kind source_ip", store=store)
            paths.setdefault(tuple(row.items()), []).append(event)
    rows = []
    for key, calls in paths.items():
        seen = seen_in(calls, "people", "calls", "first_time", "last_time", "first_event_id")
        endpoints = different(calls, "vpc_endpoint_id")
        rows.append(dict(key) | seen | _volume(calls) | {"vpc_endpoints": endpoints or None})
    return in_order(rows, "account_id event_source store actor actor_kind source_ip")


@answers("data.s3_anonymous@1")
def s3_anonymous(trail: Trail) -> list[Row]:
    """Objects and buckets that somebody used without saying who they are."""
    names = "account_id bucket_name event_name"
    nameless = (event for event in trail.events if event.is_a("s3") and event.facts["actor_kind"] == "anonymous")
    rows = []
    for row, events in gathered(nameless, names):
        calls = [event for event in events if event.done]
        if calls:
            addresses = different(calls, "source_address")
            row |= {"without_effect": len(events) - len(calls), "source_address_count": len(addresses)}
            rows.append(row | _volume(calls) | seen_in(calls, "calls", "source_addresses", "first_time", "last_time"))
    return in_order(rows, names)


@answers("data.s3_new_readers@1")
def s3_new_readers(trail: Trail) -> list[Row]:
    """Identities that touched a sensitive bucket, and had not in the look-back."""
    names = "account_id bucket_name actor actor_kind"
    known_from = trail.start - timedelta(days=BASELINE_DAYS)
    touched = [event for event in trail.history if event.time >= known_from and event.done and _is_sensitive(event)]
    before = {tuple(event.row(names).values()) for event in touched if event.time < trail.start}
    rows = []
    for row, calls in gathered((event for event in touched if event.time >= trail.start), names):
        if tuple(row.values()) not in before:
            reads = sum(event.only_reads for event in calls)
            row |= {"read_calls": reads, "write_calls": len(calls) - reads}
            shown = ("people", "source_addresses", "first_time", "last_time")
            rows.append(row | _volume(calls) | seen_in(calls, *shown))
    return in_order(rows, names)


@answers("data.s3_reads_by_people@1")
def s3_reads_by_people(trail: Trail) -> list[Row]:
    """People who read objects of sensitive buckets, by local day."""
    reads: dict[tuple[Any, ...], list[Event]] = {}
    for event in trail.events:
        approved = event.facts["actor"] in APPROVED_DATA_READERS
        if event.done and _is_sensitive(event) and event.only_reads and event.is_by_person and not approved:
            row = event.row("account_id bucket_name actor actor_kind", person=event.named_person)
            row |= {"local_day": trail.local_day(event)}
            reads.setdefault(tuple(row.items()), []).append(event)
    rows = []
    for key, calls in reads.items():
        content = [event for event in calls if event.is_a("s3", *_CONTENT)]
        counts = {
            "content_reads": len(content),
            "metadata_reads": len(calls) - len(content),
            "objects_read": len(different(content, "object_key")),
            "bytes_out": _volume(calls)["bytes_out"],
        }
        shown = ("source_addresses", "first_time", "last_time", "first_event_id")
        rows.append(dict(key) | counts | seen_in(calls, *shown))
    return in_order(rows, "local_day account_id bucket_name actor actor_kind person")


@answers("data.s3_volume@1")
def s3_volume(trail: Trail) -> list[Row]:
    """Days on which an identity took much more from sensitive buckets than on its busiest day before."""
    known_from = trail.start - timedelta(days=BASELINE_DAYS)
    days: dict[tuple[Any, ...], list[Event]] = {}
    busiest: dict[tuple[Any, ...], int] = {}
    for event in trail.history:
        if event.time >= known_from and event.done and _is_sensitive(event) and _bytes(event):
            row = event.row("account_id actor actor_kind", local_day=trail.local_day(event))
            row |= {"before": event.time < trail.start}
            days.setdefault(tuple(row.items()), []).append(event)
    for key, calls in days.items():
        row = dict(key)
        who = (row["account_id"], row["actor"], row["actor_kind"])
        if row["before"]:
            busiest[who] = max(busiest.get(who, 0), sum(map(_bytes, calls)))
    rows = []
    for key, calls in days.items():
        row = dict(key)
        before, taken = busiest.get((row["account_id"], row["actor"], row["actor_kind"])), sum(map(_bytes, calls))
        much = taken >= VOLUME_FLOOR_BYTES and taken > VOLUME_FACTOR * (before or 0)
        if not row.pop("before") and much:
            row |= {"finding": "no_history" if before is None else "above_usual", "bytes_out": taken}
            row |= {"bytes_before": before, "objects_read": len(different(calls, "object_key"))}
            row |= {"bucket_names": different(calls, "bucket_name")}
            rows.append(row | seen_in(calls, "source_addresses", "first_time", "last_time"))
    return in_order(rows, "account_id local_day actor actor_kind")


def _is_sensitive(event: Event) -> bool:
    """Tell whether it is a data event of S3 on a sensitive bucket."""
    return event.is_a("s3") and event.is_data and event.facts["bucket_name"] in SENSITIVE_BUCKETS


def _stores(event: Event) -> list[str | None]:
    if event.is_a("secretsmanager"):
        listed = items_at(event.record.get("requestParameters"), "secretIdList")
        return (listed or [event.asked("secretId")]) if event.is_a("secretsmanager", *_SECRET_READS) else []
    return [event.facts["bucket_name"]] if _is_sensitive(event) else []


def _bytes(event: Event) -> int:
    return int((event.record.get("additionalEventData") or {}).get("bytesTransferredOut") or 0)


def _volume(calls: Sequence[Event]) -> Row:
    told = [event for event in calls if "bytesTransferredOut" in (event.record.get("additionalEventData") or {})]
    return {
        "objects_named": len(different(calls, "object_key")),
        "bytes_out": sum(map(_bytes, told)) if told else None,
    }


def _secrets(event: Event) -> list[str | None]:
    request = event.record.get("requestParameters")
    if event.is_a("secretsmanager", "GetSecretValue"):
        return [event.asked("secretId")]
    if event.is_a("secretsmanager", "BatchGetSecretValue"):
        filters = [f"{item['key']}={'|'.join(item['values'])}" for item in items_at(request, "filters")]
        return items_at(request, "secretIdList") or [", ".join(filters) or None]
    parameters = event.is_a("ssm", "GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory")
    if parameters and event.asked("withDecryption") == "true":
        return items_at(request, "names") or [event.asked("name", "path")]
    return []
