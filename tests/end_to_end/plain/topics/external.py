"""What an auditor reads from raw records about accounts, providers and workloads outside the organisation."""

import re
from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, in_order, like, seen_in, text_at
from end_to_end.plain.parameters import APPROVED_WORKLOAD_SUBJECTS, TRUSTED_ACCOUNTS

_PROVIDERS = {
    "iam": (
        *("CreateSAMLProvider", "UpdateSAMLProvider", "DeleteSAMLProvider"),
        *("CreateOpenIDConnectProvider", "DeleteOpenIDConnectProvider", "UpdateOpenIDConnectProviderThumbprint"),
        *("AddClientIDToOpenIDConnectProvider", "RemoveClientIDFromOpenIDConnectProvider"),
    ),
    "rolesanywhere": (
        *("CreateTrustAnchor", "UpdateTrustAnchor", "DeleteTrustAnchor", "EnableTrustAnchor", "DisableTrustAnchor"),
        *("CreateProfile", "UpdateProfile", "DeleteProfile", "EnableProfile", "DisableProfile", "ImportCrl"),
    ),
    "sso": ("AssociateDirectory", "DisassociateDirectory", "UpdateDirectoryAssociation"),
}


@answers("external.federation_providers@1")
def federation_providers(trail: Trail) -> list[Row]:
    """Providers of identity that came, changed or went."""
    rows = []
    for event in trail.events:
        if event.done and any(event.is_a(service, *names) for service, names in _PROVIDERS.items()):
            answered = event.answered(
                *("trustAnchor.trustAnchorArn", "profile.profileArn", "sAMLProviderArn", "openIDConnectProviderArn")
            )
            asked = event.asked(
                *("sAMLProviderArn", "openIDConnectProviderArn", "trustAnchorId", "profileId", "directoryId", "name")
            )
            rows.append(
                event.row(
                    f"{WHEN} {WHO} region event_source event_name user_agent log_file", provider=answered or asked
                )
            )
    return in_order(rows, WHEN)


@answers("external.unknown_accounts@1")
def unknown_accounts(trail: Trail) -> list[Row]:
    """Accounts that are not trusted, whose identities called, or through whose networks calls came."""
    own = {event.facts["account_id"] for event in trail.events}
    calls: dict[tuple[Any, ...], list[Event]] = {}
    for event in trail.events:
        endpoint = event.record.get("vpcEndpointAccountId")
        outside = {"identity": _account_of_caller(event), "network": endpoint}
        for finding, account in outside.items():
            stranger = account and account not in own and account not in TRUSTED_ACCOUNTS
            if stranger and event.done and not event.facts["service_initiated"]:
                row = event.row("account_id event_source", outside_account=account, finding=finding)
                calls.setdefault(tuple(row.items()), []).append(event)
    rows = []
    for key, them in calls.items():
        callers = {text_at(event.record.get("userIdentity"), "arn") or event.facts["principal_id"] for event in them}
        rows.append(
            dict(key)
            | {"resource_arns": sorted({arn for event in them for arn in event.arns})[:20]}
            | {"callers": sorted(callers - {None})[:20]}
            | seen_in(them, "calls", "changes", "event_names", "source_addresses")
            | seen_in(them, "first_time", "last_time", "first_event_id")
        )
    return in_order(rows, "account_id outside_account finding event_source")


@answers("external.workload_federation@1")
def workload_federation(trail: Trail) -> list[Row]:
    """Workloads outside AWS that obtained a role, and are not approved."""
    sessions: dict[tuple[Any, ...], list[Event]] = {}
    for event in trail.events:
        if event.is_a("sts", "AssumeRoleWithWebIdentity") and event.succeeded:
            subject = event.answered("subjectFromWebIdentityToken") or text_at(
                event.record.get("userIdentity"), "userName"
            )
            if not like(subject, APPROVED_WORKLOAD_SUBJECTS):
                provider = text_at(event.record.get("userIdentity"), "identityProvider") or event.answered("provider")
                row = event.row(
                    "account_id event_name",
                    role_arn=event.asked("roleArn"),
                    provider=provider,
                    workload_subject=subject,
                )
                sessions.setdefault(tuple(row.items()), []).append(event)
    rows = []
    for key, them in sessions.items():
        audiences = sorted({event.answered("audience") or "" for event in them} - {""})
        shown = seen_in(them, "source_addresses", "first_time", "last_time", "first_event_id")
        rows.append(dict(key) | shown | {"audience": next(iter(audiences), None), "sessions": len(them)})
    return in_order(rows, "account_id role_arn provider workload_subject event_name")


def _account_of_caller(event: Event) -> str | None:
    """Return the account of who called; of a service's own call there is none."""
    who = event.record.get("userIdentity") or {}
    account = text_at(who, "accountId")
    return account if re.fullmatch(r"[0-9]{12}", account or "") else None
