"""What an auditor reads from raw records about encryption keys that were put out of use."""

from datetime import timedelta

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, Event, Row, Trail, in_order

_REVERSALS = {
    "DisableKey": ("EnableKey",),
    "ScheduleKeyDeletion": ("CancelKeyDeletion",),
    "DeleteImportedKeyMaterial": ("ImportKeyMaterial",),
}


@answers("keys.keys_disabled_or_deleted@1")
def keys_disabled_or_deleted(trail: Trail) -> list[Row]:
    """Keys that were disabled or given up, and the call that took it back."""
    rows = []
    for event in trail.events:
        if not (event.is_a("kms", *_REVERSALS) and event.done):
            continue
        again = next(
            (
                later
                for later in trail.events
                if later.is_a("kms", *_REVERSALS[event.facts["event_name"]])
                and later.done
                and later.time > event.time
                and _key(later) == _key(event)
            ),
            None,
        )
        days = event.asked("pendingWindowInDays")
        rows.append(
            event.row(
                f"{WHEN} region event_name actor actor_kind person source_address",
                key_id=_key(event),
                pending_days=int(days) if days else None,
                key_state="reversed" if again else "open_at_period_end",
                reversed_at=again.time if again else None,
                minutes_until_reversed=(again.time - event.time) // timedelta(minutes=1) if again else None,
                reversed_by=(again.facts["person"] or again.facts["actor"]) if again else None,
                reversal_event_id=again.facts["event_id"] if again else None,
            )
        )
    return in_order(rows, WHEN)


def _key(event: Event) -> str | None:
    named = event.asked("keyId")
    return named.rsplit("key/", maxsplit=1)[-1] if named else None
