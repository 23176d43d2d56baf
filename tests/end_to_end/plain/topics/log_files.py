"""What an auditor reads from raw records about the log files and the records in them."""

from datetime import datetime, timedelta
from itertools import pairwise

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, Event, Row, Trail, gathered, in_order, text_at
from end_to_end.plain.parameters import (
    BASELINE_DAYS,
    EXPECTED_ACCOUNTS,
    EXPECTED_REGIONS,
    SENSITIVE_BUCKETS,
    SENSITIVE_TABLES,
)

_SILENCE = timedelta(hours=6)
_HOUR = timedelta(hours=1)


@answers("logs.conflicting_ids@1")
def conflicting_ids(trail: Trail) -> list[Row]:
    """Records that share an id and are not copies of each other."""
    rows = []
    for _, events in gathered((event for event in trail.events if event.facts["event_id"]), "account_id event_id"):
        if len(events) > 1:
            for number, event in enumerate(sorted(events, key=lambda one: (one.time, one.log_file)), start=1):
                rows.append(
                    event.row(
                        f"{WHEN} event_source event_name actor call_result region",
                        record_number=number,
                        addendum_reason=text_at(event.record.get("addendum"), "reason"),
                        log_file=event.log_file,
                    )
                )
    return in_order(rows, "account_id event_id record_number")


@answers("logs.coverage_daily@1")
def coverage_daily(trail: Trail) -> list[Row]:
    """Events per local day, account, region and category."""
    rows = []
    for day in sorted({trail.local_day(event) for event in trail.events}):
        of_day = (event for event in trail.events if trail.local_day(event) == day)
        for row, events in gathered(of_day, "account_id region event_category"):
            marks = [event.facts["read_only"] for event in events]
            row.update(
                local_day=day,
                events=len(events),
                read_events=marks.count(True),
                write_events=marks.count(False),
                unmarked_events=marks.count(None),
                first_time=events[0].time,
                last_time=events[-1].time,
            )
            rows.append(row)
    return in_order(rows, "local_day account_id region event_category")


@answers("logs.duplicates@1")
def duplicates(trail: Trail) -> list[Row]:
    """Per account: events that came more than once, shared events, and ids of more than one record."""
    rows = []
    for row, events in gathered(trail.events, "account_id"):
        ids = [event.facts["event_id"] for event in events if event.facts["event_id"]]
        shared = [event.facts["shared_event_id"] for event in events if event.facts["shared_event_id"]]
        row.update(
            events=len(events),
            repeated_events=sum(event.copies > 1 for event in events),
            surplus_copies=sum(event.copies - 1 for event in events),
            shared_events=len(shared),
            shared_within_account=len(shared) - len(set(shared)),
            conflicting_ids=len({id_ for id_ in ids if ids.count(id_) > 1}),
            events_without_id=len(events) - len(ids),
        )
        rows.append(row)
    return in_order(rows, "account_id")


@answers("logs.late_deliveries@1")
def late_deliveries(trail: Trail) -> list[Row]:
    """Files that are no logs, and log files that came more than a day after an event in them."""
    rows: list[Row] = []
    missing = ["log_account", "log_region", "delivery_date", "delivered_at", "first_event_time", "delay_hours"]
    for name in trail.not_logs:
        counts = {"records": 0, "records_not_read": 0, "undated": 0}
        rows.append(
            {"finding": "not_read", "log_file": name, "file_state": "no_records", **dict.fromkeys(missing), **counts}
        )
    for log_file, times in trail.files.items():
        delivered = datetime.strptime(log_file.split("_")[-2], "%Y%m%dT%H%MZ")  # noqa: DTZ007 - naive UTC
        delay = delivered - min(times)
        if delay > timedelta(hours=24) and any(event.log_file == log_file for event in trail.events):
            account, region = log_file.split("_")[0].rsplit("/", 1)[-1], log_file.split("_")[2]
            rows.append(
                {"finding": "late", "log_file": log_file, "file_state": "read", "records_not_read": 0, "undated": 0}
                | {"log_account": account, "log_region": region, "delivery_date": delivered.date()}
                | {"delivered_at": delivered, "first_event_time": min(times), "records": len(times)}
                | {"delay_hours": delay // timedelta(hours=1)}
            )
    return in_order(rows, "delivery_date log_file finding")


@answers("logs.data_events_missing@1")
def data_events_missing(trail: Trail) -> list[Row]:
    """Sensitive buckets and tables of which no data event tells."""
    rows = []
    for service, stores in (("s3", SENSITIVE_BUCKETS), ("dynamodb", SENSITIVE_TABLES)):
        for store in stores:
            named = [event for event in trail.events if event.is_a(service) and _names_store(event, store)]
            if not any(event.is_data for event in named):
                row: Row = {"event_source": f"{service}.amazonaws.com", "store": store, "management_events": len(named)}
                rows.append(row | {"finding": "no_data_events" if named else "no_events"})
    return in_order(rows, "event_source store")


@answers("logs.gaps@1")
def gaps(trail: Trail) -> list[Row]:
    """Silences of an account of six hours and more that are longer than any that it had before."""
    known_from = trail.start - timedelta(days=BASELINE_DAYS)
    rows = []
    for row, events in gathered((event for event in trail.history if event.time >= known_from), "account_id"):
        before = [event.time for event in events if event.time < trail.start]
        apart = [(early, late) for early, late in pairwise(before) if _minute(early) != _minute(late)]
        longest = max((late - early for early, late in apart), default=None)
        last = before[-1] if before else trail.start
        last_id = next((event.facts["event_id"] for event in reversed(events) if event.time < trail.start), None)
        times = [(event.time, event.facts["event_id"]) for event in events if event.time >= trail.start]
        for time, event_id in [*times, (trail.end, None)]:
            silence = time - last
            if silence >= _SILENCE and (longest is None or silence > longest):
                rows.append(
                    row
                    | {"finding": "longer_than_before" if before else "no_history"}
                    | {"silent_from": last, "silent_until": time, "hours_silent": silence // _HOUR}
                    | {"longest_hours_before": None if longest is None else longest // _HOUR, "event_before": last_id}
                )
            last, last_id = time, event_id
    return in_order(rows, "account_id silent_from")


@answers("logs.scope_missing@1")
def scope_missing(trail: Trail) -> list[Row]:
    """Accounts and regions that should have events and have none, and accounts that nobody expects."""
    nothing = {"events": 0, "first_time": None, "last_time": None}
    found: dict[str | None, list[Event]] = {
        row["account_id"]: them for row, them in gathered(trail.events, "account_id")
    }
    rows: list[Row] = []
    for account in EXPECTED_ACCOUNTS:
        regions = {event.facts["region"] for event in found.get(account, [])}
        if account not in found:
            rows.append({"finding": "account_without_events", "account_id": account, "region": None} | nothing)
        else:
            rows += [
                {"finding": "region_without_events", "account_id": account, "region": region} | nothing
                for region in EXPECTED_REGIONS
                if region not in regions
            ]
    for stranger in found.keys() - set(EXPECTED_ACCOUNTS):
        events = found[stranger]
        row: Row = {"finding": "unexpected_account", "account_id": stranger, "region": None, "events": len(events)}
        rows.append(row | {"first_time": events[0].time, "last_time": events[-1].time})
    return in_order(rows, "finding account_id region")


@answers("logs.required_fields@1")
def required_fields(trail: Trail) -> list[Row]:
    """Per kind of record, those that lack the user, the action, the origin, the result or the object."""
    names = "account_id event_type identity_type"
    rows = []
    for row, events in gathered(trail.events, names):
        lacking = [_lacking(event) for event in events]
        row.update(
            {f"without_{field}": sum(fields[field] for fields in lacking) for field in lacking[0]},
            events=len(events),
            complete=sum(not any(fields.values()) for fields in lacking),
        )
        rows.append(row)
    return in_order(rows, names)


def _lacking(event: Event) -> dict[str, bool]:
    facts, record = event.facts, event.record
    states = {facts["request_state"], facts["response_state"]}
    named = any(record.get(member) for member in ("resources", "serviceEventDetails"))
    # What a service did on its own is told in the additional data; of calls, those only tell how they were made.
    named = named or (facts["event_type"] == "AwsServiceEvent" and bool(record.get("additionalEventData")))
    return {
        "user": not facts["actor"],
        "action": not facts["event_name"] or not facts["event_source"],
        "origin": not facts["source_address"],
        "result": facts["call_result"] == "unknown",
        "object": states == {"empty"} and not named and not event.only_reads,
    }


def _names_store(event: Event, store: str) -> bool:
    return store in {event.facts["bucket_name"], event.asked("tableName"), *event.arns}


def _minute(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0)
