"""What an auditor reads from raw records about work at odd hours."""

from datetime import UTC, date
from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import Event, Row, Trail, different, in_order

_WORKING_HOURS = range(8, 20)
_SATURDAY = 5


@answers("hours.out_of_hours_activity@1")
def out_of_hours_activity(trail: Trail) -> list[Row]:
    """What people did before eight, from twenty o'clock on and on weekends, by local day."""
    by_day: dict[tuple[date, tuple[Any, ...]], list[Event]] = {}
    names = "account_id actor actor_kind person"
    for event in trail.events:
        local = event.time.replace(tzinfo=UTC).astimezone(trail.zone)
        acts = event.is_a("signin") or event.facts["read_only"] is False or event.obtains or event.is_data
        by_person = event.is_by_person and event.done and not event.facts["service_initiated"]
        if by_person and acts and (local.weekday() >= _SATURDAY or local.hour not in _WORKING_HOURS):
            by_day.setdefault((local.date(), tuple(event.row(names).values())), []).append(event)
    rows = []
    for (day, _), events in by_day.items():
        calls = [event for event in events if not event.is_a("signin")]
        rows.append(
            events[0].row(
                names,
                local_day=day,
                reason="day_off" if day.weekday() >= _SATURDAY else "hour",
                holiday=None,
                sign_ins=sum(event.signs_in for event in events),
                changes=sum(event.facts["read_only"] is False for event in calls),
                secrets_read=sum(event.obtains for event in calls),
                data_reads=sum(event.is_data and event.facts["read_only"] is True for event in events),
                source_addresses=different(events, "source_address"),
                first_time=events[0].time,
                last_time=events[-1].time,
                first_event_id=events[0].facts["event_id"],
            )
        )
    return in_order(rows, f"local_day {names}")
