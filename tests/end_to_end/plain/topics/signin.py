"""What an auditor reads from raw records about sign-ins to the console."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import (
    WHEN,
    WHO,
    Event,
    Row,
    Trail,
    different,
    first,
    gathered,
    hours_of,
    in_order,
    network_of,
    seen_in,
    text_at,
)
from end_to_end.plain.parameters import SHARED_IDENTITY_NETWORKS

_FAILED, _BEFORE_SUCCESS, _MFA_REFUSED = 10, 5, 3
_WINDOW = timedelta(minutes=30)
_HOUR = timedelta(hours=1)


@answers("signin.console_signins@1")
def console_signins(trail: Trail) -> list[Row]:
    """Every sign-in to the console and every step of one."""
    rows = []
    for event in trail.events:
        if event.is_a("signin", "ConsoleLogin", "CheckMfa", "SwitchRole", "UserAuthentication"):
            provider, kind = _signin_said(event, "SamlProviderArn"), event.facts["actor_kind"]
            methods = {
                "root": kind in {"root", "assumed_root"},
                "identity_center": kind == "identity_center" or "AWSReservedSSO_" in (event.facts["actor"] or ""),
                "iam_user": kind == "iam_user",
                "saml": ":saml-provider/" in (provider or ""),
                "role": kind in {"role", "human_role"},
                kind: True,
            }
            factors = ("MFAIdentifier", "MfaType", "CredentialType")
            rows.append(
                event.row(
                    f"{WHEN} actor person mfa source_address region event_name call_result error_message user_agent",
                    signin_method=next(method for method, holds in methods.items() if holds),
                    factor=first(_signin_said(event, name) for name in factors),
                    identity_provider=provider,
                )
            )
    return in_order(rows, WHEN)


@answers("signin.signins_without_mfa@1")
def signins_without_mfa(trail: Trail) -> list[Row]:
    """Successful sign-ins of users and root for which no second factor is shown."""
    rows = [
        event.row(f"{WHEN} {WHO} region event_name user_agent", mfa_logged=_signin_said(event, "MFAUsed"))
        for event in trail.events
        if event.is_a("signin", "ConsoleLogin", "UserAuthentication")
        and event.facts["actor_kind"] in {"root", "iam_user", "identity_center"}
        and event.succeeded
        and event.facts["mfa"] in {"no", "unknown", "no_session"}
    ]
    return in_order(rows, WHEN)


@answers("signin.changes_without_mfa@1")
def changes_without_mfa(trail: Trail) -> list[Row]:
    """Changes by IAM users and root whose session shows that there was no second factor."""
    names = "account_id actor_kind actor person mfa credential"
    changes = (
        event
        for event in trail.events
        if event.facts["actor_kind"] in {"root", "assumed_root", "iam_user"}
        and event.facts["mfa"] in {"no", "no_session"}
        and event.changes
        and event.done
        and not event.is_data
        and not event.is_a("signin")
        and not event.facts["service_initiated"]
        and not event.is_a("iam", "ChangePassword", "CreateVirtualMFADevice", "EnableMFADevice")
        and not event.is_a("sts", "GetSessionToken")
    )
    shown = ("changes", "event_sources", "event_names", "source_addresses", "first_time", "last_time")
    rows = [row | seen_in(calls, *shown, "first_event_id", "first_log_file") for row, calls in gathered(changes, names)]
    return in_order(rows, names)


@answers("signin.shared_identities@1")
def shared_identities(trail: Trail) -> list[Row]:
    """The hour of a day in which one person's identity came from the most networks, where those are too many."""
    people = (
        event
        for event in trail.events
        if event.is_by_person
        and event.facts["source_ip"]
        and not event.facts["vpc_endpoint_id"]
        and not event.facts["service_initiated"]
        and not event.facts["invoked_by"]
        and not (event.is_a("signin") and not event.done)
    )
    worst: dict[tuple[Any, ...], Row] = {}
    for who, calls in gathered(people, "account_id actor_kind actor person"):
        for start in sorted({begin for event in calls for begin in hours_of(event.time)}):
            hour = [event for event in calls if start <= event.time < start + _HOUR]
            networks = {network_of(event.facts["source_ip"]) for event in hour}
            key = (*who.values(), start.date())
            if len(networks) >= max(SHARED_IDENTITY_NETWORKS, worst.get(key, {"networks": 0})["networks"] + 1):
                worst[key] = (
                    who
                    | {"utc_day": start.date(), "hour_start": start, "networks": len(networks)}
                    | {"source_addresses": different(hour, "source_ip")[:20]}
                    | seen_in(hour, "user_agents", "calls", "denied", "first_time", "last_time")
                    | seen_in(hour, "first_event_id", "first_log_file")
                )
    return in_order(worst.values(), "account_id actor_kind actor person utc_day")


@answers("signin.signin_guessing@1")
def signin_guessing(trail: Trail) -> list[Row]:
    """Runs of failed sign-ins of one user, from one source, at the second factor, or until one succeeds."""
    day_before = trail.start - timedelta(days=1)
    tries = [event for event in trail.history if event.time >= day_before and event.signs_in]
    failures = [event for event in tries if event.facts["call_result"] == "failed"]
    named = [event for event in failures if _user(event)]
    rows = []
    for key, them in _together(named, "user"):
        rows += [_run("per_user", key, run) for run in _runs(them, _FAILED)]
        refused = [event for event in them if "MFA" in (event.facts["error_message"] or "")]
        rows += [_run("mfa_refused", key, run) for run in _runs(refused, _MFA_REFUSED)]
    for key, them in _together(failures, "source"):
        rows += [_run("per_source", key, run) for run in _runs(them, _FAILED)]
    for event in tries:
        if event.succeeded and _user(event):
            before = [
                one
                for one in named
                if _user(one) == _user(event)
                and one.facts["account_id"] == event.facts["account_id"]
                and event.time - _WINDOW <= one.time < event.time
            ]
            if len(before) >= _BEFORE_SUCCESS:
                row = _run("fail_then_success", (event.facts["account_id"], _user(event), None), before)
                row |= {"last_time": event.time, "event_id": event.facts["event_id"]}
                rows.append(row | {"source_address": event.facts["source_address"]})
    return in_order(
        (row for row in rows if row["last_time"] >= trail.start),
        "last_time pattern account_id user_name source_address event_id",
    )


def _user(event: Event) -> str | None:
    name = event.facts["person"]
    return None if name == "HIDDEN_DUE_TO_SECURITY_REASONS" else name


def _together(events: Sequence[Event], by: str) -> list[tuple[tuple[Any, ...], list[Event]]]:
    """Return failures of one user, or from one source, with the account, user and source that they share."""
    groups: dict[tuple[Any, ...], list[Event]] = {}
    for event in events:
        account = event.facts["account_id"]
        key = (account, _user(event), None) if by == "user" else (account, None, event.facts["source_address"])
        groups.setdefault(key, []).append(event)
    return list(groups.items())


def _runs(events: Sequence[Event], least: int) -> list[list[Event]]:
    """Return the unbroken runs of events of which each lies in some half hour that holds so many."""
    close = {
        one
        for start in range(len(events) - least + 1)
        if events[start + least - 1].time - events[start].time <= _WINDOW
        for one in range(start, start + least)
    }
    runs: list[list[Event]] = []
    for number in sorted(close):
        if runs and number - 1 in close and events[number].time - events[number - 1].time <= _WINDOW:
            runs[-1].append(events[number])
        else:
            runs.append([events[number]])
    return runs


def _run(pattern: str, key: tuple[Any, ...], failures: Sequence[Event]) -> Row:
    account, user, source = key
    users = different(failures, "person")  # hidden names stand for one
    addresses = different(failures, "source_address")
    return {
        "pattern": pattern,
        "account_id": account,
        "user_name": user,
        "source_address": source,
        "first_time": failures[0].time,
        "last_time": failures[-1].time,
        "failures": len(failures),
        "user_names": len(users),
        "source_addresses": len(addresses),
        "first_user_names": users[:20],
        "first_source_addresses": addresses[:20],
        "event_id": failures[-1].facts["event_id"],
    }


def _signin_said(event: Event, name: str) -> str | None:
    return text_at(event.record.get("additionalEventData"), name)
