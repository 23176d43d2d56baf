"""What an auditor reads from raw records about sign-ins to the console."""

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, first, in_order, text_at


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


def _signin_said(event: Event, name: str) -> str | None:
    return text_at(event.record.get("additionalEventData"), name)
