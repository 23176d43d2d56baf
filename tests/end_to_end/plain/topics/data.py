"""What an auditor reads from raw records about reads of data and secrets."""

from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import Event, Row, Trail, different, in_order, items_at


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
            "refused": sum(not event.done for event in calls),
            "source_addresses": len(different(calls, "source_address")),
            "first_time": calls[0].time,
            "last_time": calls[-1].time,
            "first_event_id": calls[0].facts["event_id"],
        }
        for key, calls in reads.items()
    ]
    return in_order(rows, "local_day account_id region event_source event_name secret actor actor_kind person")


def _secrets(event: Event) -> list[str | None]:
    request = event.record.get("requestParameters")
    if event.is_a("secretsmanager", "GetSecretValue"):
        return [event.asked("secretId")]
    if event.is_a("secretsmanager", "BatchGetSecretValue"):
        filters = [f"{item['key']}={'|'.join(item['values'])}" for item in items_at(request, "filters")]
        return items_at(request, "secretIdList") or [", ".join(filters) if filters else None]
    parameters = event.is_a("ssm", "GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory")
    if parameters and event.asked("withDecryption") == "true":
        return items_at(request, "names") or [event.asked("name", "path")]
    return []
