"""What an auditor reads from raw records about long-term keys and other credentials of users."""

from datetime import timedelta

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, different, gathered, in_order

_KEY_AGE_LIMIT = 90
_SWAP = timedelta(minutes=15)
_MINUTE = timedelta(minutes=1)
_MINIMUM_LENGTH, _MAXIMUM_AGE, _HISTORY = 12, 90, 4

_CREDENTIALS = {
    "CreateAccessKey": "access_key",
    "CreateLoginProfile": "console_password",
    "UpdateLoginProfile": "console_password",
    "EnableMFADevice": "mfa",
    "CreateServiceSpecificCredential": "service_credential",
    "UploadSSHPublicKey": "ssh_key",
    "UploadSigningCertificate": "certificate",
}


@answers("credentials.access_key_events@1")
def access_key_events(trail: Trail) -> list[Row]:
    """The life of every long-term key; who names no owner acts on a key of their own."""
    rows = []
    for event in trail.events:
        if event.is_a("iam", "CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey") and event.succeeded:
            status = {"Active": "activated", "Inactive": "deactivated"}.get(event.asked("status") or "", "updated")
            owner = event.asked("userName") or event.answered("accessKey.userName")
            rows.append(
                event.row(
                    f"{WHEN} {WHO} request_state credential invoked_by",
                    access_key_id=event.asked("accessKeyId") or event.answered("accessKey.accessKeyId"),
                    change_made={"CreateAccessKey": "created", "DeleteAccessKey": "deleted"}.get(
                        event.facts["event_name"], status
                    ),
                    key_owner=owner or event.facts["person"] or event.facts["actor"],
                )
            )
    return in_order(rows, "account_id access_key_id event_time event_id")


@answers("credentials.keys_for_other_users@1")
def keys_for_other_users(trail: Trail) -> list[Row]:
    """Every credential that someone made for another user."""
    rows = []
    for event in trail.events:
        owner = event.asked("userName")
        for name, kind in _CREDENTIALS.items():
            if event.is_a("iam", name) and event.succeeded and owner not in {None, event.named_person}:
                rows.append(
                    event.row(
                        f"{WHEN} {WHO} event_name request_state user_agent",
                        credential_kind=kind,
                        user_name=owner,
                        credential_id=event.answered("accessKey.accessKeyId") or event.asked("serialNumber"),
                    )
                )
    return in_order(rows, WHEN)


@answers("credentials.long_term_key_use@1")
def long_term_key_use(trail: Trail) -> list[Row]:
    """Every long-term key that signed a call, with the age that its creation in the last 90 days gives it."""
    created: dict[str | None, Event] = {}
    for event in trail.history:
        if event.is_a("iam", "CreateAccessKey") and event.succeeded:
            created.setdefault(event.answered("accessKey.accessKeyId"), event)
    rows = []
    by_key = (event for event in trail.events if event.facts["credential"] == "long_term_key")
    for row, calls in gathered(by_key, "account_id access_key_id actor_kind actor"):
        creation, last_use = created.get(row["access_key_id"]), calls[-1].time
        made = creation.time if creation else None
        days = (last_use - made).days if made else None
        addresses = different(calls, "source_address")
        row.update(
            calls=len(calls),
            denied_calls=sum(event.facts["call_result"] == "denied" for event in calls),
            first_use=calls[0].time,
            last_use=last_use,
            created_at=made,
            age_days=days,
            age="creation_not_seen" if days is None else ["within_limit", "over_limit"][days > _KEY_AGE_LIMIT],
            source_addresses=len(addresses),
            first_source_addresses=addresses[:20],
            first_services=different(calls, "event_source")[:20],
        )
        rows.append(row)
    return in_order(rows, "account_id access_key_id actor_kind actor")


@answers("credentials.mfa_removed@1")
def mfa_removed(trail: Trail) -> list[Row]:
    """Devices that were taken from users, until a new one comes, the user goes or the period ends."""
    rows = []
    for event in trail.events:
        if not (event.is_a("iam", "DeactivateMFADevice") and event.succeeded):
            continue
        user = event.asked("userName") or event.facts["person"]
        later = [one for one in trail.events if one.time > event.time and one.succeeded and _is_of(one, event, user)]
        restored = next((one.time for one in later if one.is_a("iam", "EnableMFADevice")), None)
        deleted = next((one.time for one in later if one.is_a("iam", "DeleteUser")), None)
        ends = [time for time in (restored, deleted) if time]
        end = min(ends, default=trail.end)
        own = event.facts["person"] == user and event.facts["mfa"] == "yes"
        if own and restored and restored - event.time <= _SWAP:
            continue
        state = "restored" if restored == end else "user_deleted" if deleted == end else "open_at_period_end"
        rows.append(
            event.row(
                f"{WHEN} {WHO} request_state",
                user_name=user,
                serial_number=event.asked("serialNumber"),
                mfa_state=state,
                restored_at=restored,
                user_deleted_at=deleted,
                minutes_without=(end - event.time) // _MINUTE,
            )
        )
    return in_order(rows, WHEN)


@answers("credentials.password_policy_weakened@1")
def password_policy_weakened(trail: Trail) -> list[Row]:
    """Password policies that were deleted, or written with less than is asked for."""
    rows = []
    for event in trail.events:
        if not (event.is_a("iam", "UpdateAccountPasswordPolicy", "DeleteAccountPasswordPolicy") and event.done):
            continue
        written = event.is_a("iam", "UpdateAccountPasswordPolicy")
        length, age, kept = (
            int(said) if said else None
            for said in map(event.asked, ("minimumPasswordLength", "maxPasswordAge", "passwordReusePrevention"))
        )
        kinds = event.asked("requireNumbers") == "true" and "true" in {
            event.asked("requireUppercaseCharacters"),
            event.asked("requireLowercaseCharacters"),
        }
        weak = {
            "length": (length or 6) < _MINIMUM_LENGTH,
            "character_kinds": not kinds,
            "expiry": not age or age > _MAXIMUM_AGE,
            "history": (kept or 0) < _HISTORY,
        }
        found = [name for name, holds in weak.items() if holds] if written else ["deleted"]
        if found:
            rows.append(
                event.row(
                    f"{WHEN} {WHO} event_name request_state call_result user_agent log_file",
                    weaknesses=found,
                    minimum_length=length,
                    max_age_days=age,
                    remembered_passwords=kept,
                )
            )
    return in_order(rows, WHEN)


def _is_of(event: Event, first: Event, user: str | None) -> bool:
    named = event.asked("userName") or event.facts["person"]
    return named == user and event.facts["account_id"] == first.facts["account_id"]
