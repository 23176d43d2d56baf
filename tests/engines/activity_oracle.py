"""The most important columns of `activity`, worked out again in plain Python.

Nothing here is shared with the project: no SQL, no DuckDB, no pattern of activity.sql. Each rule is written from what
AWS documents about a record, the way a reader of one record would decide it by hand.
"""

import gzip
import ipaddress
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]

_SIGN_IN_STEPS = {"UserAuthentication", "CredentialChallenge", "CredentialVerification"}
_ENTRANCES = {"Authenticate", "Federate"}
_VERDICTS = [
    "ConsoleLogin",
    "CheckMfa",
    "GetSigninToken",
    "SwitchRole",
    "ExitRole",
    "RenewRole",
    "PasswordRecoveryRequested",
    "PasswordRecoveryCompleted",
    "PasswordUpdated",
    "EmailUpdated",
]
_OBJECT_CALLS = {
    "GetObject",
    "PutObject",
    "HeadObject",
    "DeleteObject",
    "DeleteObjects",
    "CopyObject",
    "RestoreObject",
    "SelectObjectContent",
    "PostObject",
    "GetObjectAcl",
    "PutObjectAcl",
    "GetObjectTagging",
    "PutObjectTagging",
    "DeleteObjectTagging",
    "GetObjectTorrent",
    "GetObjectRetention",
    "PutObjectRetention",
    "GetObjectLegalHold",
    "PutObjectLegalHold",
    "GetObjectAttributes",
    "UploadPart",
    "UploadPartCopy",
    "ListParts",
    "CreateMultipartUpload",
    "CompleteMultipartUpload",
    "AbortMultipartUpload",
}
_DENIED_ANYWHERE = [
    "AccessDenied",
    "Unauthorized",
    "NotAuthorized",
    "AuthorizationError",
    "ExpiredToken",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "MissingAuthenticationToken",
]
_DENIED_WHOLE = {"OperationNotPermitted", "AuthFailure", "Forbidden", "ForbiddenException", "InvalidAccessKeyId"}
_THROTTLED = [
    "Throttl",
    "RequestLimitExceeded",
    "TooManyRequests",
    "ProvisionedThroughputExceeded",
    "BandwidthLimitExceeded",
]


def read_trail(root: Path) -> Iterator[tuple[str, Record]]:
    """Yield (log file, record) of every log file under a folder."""
    for path in sorted(root.rglob("AWSLogs/**/*.json*")):
        data = path.read_bytes()
        text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        for record in json.loads(text)["Records"]:
            yield path.as_posix()[path.as_posix().index("AWSLogs/") :], record


def event_time(record: Record) -> datetime | None:
    """Return the naive UTC time of a record, or None."""
    for form in ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ"):
        try:
            return datetime.strptime(record.get("eventTime") or "", form)  # noqa: DTZ007 - compared with naive UTC
        except ValueError:
            continue
    return None


def columns_of(record: Record, log_file: str) -> dict[str, Any]:
    """Return what `activity` must say of a record."""
    return _Reading(record, log_file).columns()


def _within(value: Any, *path: str) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value or None if value != False else value  # noqa: E712 - '' and missing are one, false is neither


class _Reading:
    """One record, read rule by rule."""

    def __init__(self, record: Record, log_file: str) -> None:
        self.record = record
        self.log_account = [part for part in log_file.split("/") if not part.startswith("o-")][1]
        self.source = record.get("eventSource")
        self.name = record.get("eventName")
        self.form = record.get("eventType")
        self.who = record.get("userIdentity") or {}
        self.type = self.who.get("type")
        self.arn = _within(self.who, "arn")
        self.key = _within(self.who, "accessKeyId") or ""
        self.principal = _within(self.who, "principalId")
        self.behind = _within(self.who, "invokedBy")
        self.role = _within(self.who, "sessionContext", "sessionIssuer", "arn")
        self.web = _within(self.who, "sessionContext", "webIdFederationData", "federatedProvider")
        self.center = _within(self.who, "onBehalfOf", "userId")
        self.from_console = str(record.get("sessionCredentialFromConsole")).lower() == "true"
        mfa = ((self.who.get("sessionContext") or {}).get("attributes") or {}).get("mfaAuthenticated")
        self.session_mfa = None if mfa is None else str(mfa).lower()
        self.signs_in = self.source in ("signin.amazonaws.com", "sso.amazonaws.com")
        self.sso = "/sso.amazonaws.com/" in (self.role or "")
        self.kind = self.actor_kind()

    def columns(self) -> dict[str, Any]:
        """Return the columns by name."""
        return {
            "event_time": event_time(self.record),
            "account_id": self.account(),
            "event_category": self.category(),
            "management_event": self.management(),
            "actor": self.actor(),
            "actor_kind": self.kind,
            "person": self.person(),
            "credential": self.credential(),
            "mfa": self.mfa(),
            "service_initiated": self.service_initiated(),
            "source_kind": self.source_kind(),
            "call_result": self.call_result(),
            "read_only": {"true": True, "false": False}.get(str(self.record.get("readOnly")).lower()),
            "request_state": self.state("requestParameters"),
            "response_state": self.state("responseElements"),
            "error_code": self.record.get("errorCode"),
            "source_address": self.record.get("sourceIPAddress"),
            "region": self.record.get("awsRegion"),
            "event_source": self.source,
            "event_name": self.name,
            **self.of_bucket(),
            "names_object": self.names_object(),
        }

    def account(self) -> str | None:
        return self.record.get("recipientAccountId") or self.log_account or _within(self.who, "accountId")

    def management(self) -> bool | None:
        logged = str(self.record.get("managementEvent")).lower()
        if logged in ("true", "false"):
            return logged == "true"
        category = self.category()
        return None if category is None else category == "Management"

    def category(self) -> str | None:
        logged = str(self.record.get("managementEvent")).lower()
        if self.record.get("eventCategory"):
            return str(self.record["eventCategory"])
        special = {"AwsCloudTrailInsight": "Insight", "AwsVpceEvent": "NetworkActivity"}.get(self.form or "")
        if special:
            return special
        if logged in ("true", "false"):
            return "Management" if logged == "true" else "Data"
        if self.form is None and self.name is None:
            return None
        s3 = self.source == "s3.amazonaws.com" and self.name in _OBJECT_CALLS
        function = self.source == "lambda.amazonaws.com" and self.name in ("Invoke", "InvokeAsync")
        return "Data" if s3 or function else "Management"

    def actor_kind(self) -> str:
        anonymous = {str(_within(self.who, part)).lower() for part in ("accountId", "principalId")}
        session = self.who.get("sessionContext") or {}
        by_service = (self.behind or "").endswith(".amazonaws.com")
        role_kinds = (
            ("service_linked_role", "/aws-service-role/" in (self.role or "")),
            ("human_role", self.sso or ":saml-provider/" in (self.web or "") or self.from_console or bool(self.center)),
            ("role", True),
        )
        rules = (
            ("identity_center", self.type == "IdentityCenterUser" or (self.signs_in and self._is_step_of_a_user())),
            ("service_event", self.form in ("AwsServiceEvent", "AwsCloudTrailInsight")),
            ("assumed_root", str(session.get("assumedRoot")).lower() == "true"),
            ("root", self.type == "Root"),
            ("anonymous", bool(anonymous & {"anonymous", "anonymous_principal"})),
            ("aws_service", self.type == "AWSService"),
            *((name, self.type == "AssumedRole" and holds) for name, holds in role_kinds),
            ("role", self.type == "Role"),
            ("iam_user", self.type == "IAMUser"),
            ("federated", self.type in ("FederatedUser", "SAMLUser", "WebIdentityUser")),
            (
                "other_account",
                self.type == "AWSAccount" and self.who.get("accountId") not in ("", None, self.account()),
            ),
            ("aws_service", self.type is None and not self.arn and by_service),
            ("unknown", True),
        )
        return next(name for name, holds in rules if holds)

    def _role_of_session(self) -> str | None:
        head, mark, rest = (self.arn or "").partition(":assumed-role/")
        return head + mark + rest.split("/")[0] if mark and ":sts:" in head else None

    def actor(self) -> str | None:
        user, account = _within(self.who, "userName"), _within(self.who, "accountId")
        order: tuple[str | None, ...]
        match self.kind:
            case "service_event":
                order = (self.behind, self.source)
            case "aws_service":
                order = (self.behind, self.principal)
            case "identity_center":
                order = (self.center, user, self.principal)
            case "anonymous" | "other_account":
                order = (self.arn, account, self.principal)
            case "service_linked_role" | "human_role" | "role":
                order = (self.role, self._role_of_session(), self.arn, self.principal)
            case _:
                order = (self._role_of_session(), self.arn, self.principal, user, account)
        return next((value for value in order if value), None)

    def person(self) -> str | None:
        user = _within(self.who, "userName")
        if self.kind == "identity_center":
            return str(self.center or user) if self.center or user else None
        if self.kind not in ("human_role", "role", "iam_user", "federated", "unknown"):
            return None
        if self.kind == "human_role" and self.center and not self.sso:
            return str(self.center)
        parts = (self.arn or "").split(":", 5)[-1].split("/", 2)
        if parts[0] == "assumed-role" and len(parts) > 2:
            return str(parts[2])
        if parts[0] == "federated-user" and len(parts) > 1:
            return "/".join(parts[1:])
        named = user or (self.principal or "").partition(":")[2]
        return str(named) if named else None

    def credential(self) -> str:
        if self.from_console or self.form in ("AwsConsoleSignIn", "AwsConsoleAction"):
            return "console"
        if not self.key:
            return "none"
        if self.key[:4] == "ASIA":
            return "session"
        plain = self.session_mfa is None and self.type not in ("AssumedRole", "FederatedUser")
        return "long_term_key" if self.key[:4] == "AKIA" and plain else "unknown"

    def mfa(self) -> str:  # noqa: PLR0911 - a truth table
        federated = ("AssumedRole", "FederatedUser", "SAMLUser", "WebIdentityUser")
        added = self.record.get("additionalEventData")
        if self.source == "signin.amazonaws.com" and self.form == "AwsConsoleSignIn":
            used = str(_within(added, "MFAUsed")).lower()
            if used != "yes" and self.name in ("SwitchRole", "ExitRole", "RenewRole"):
                return "unknown"
            if used != "yes" and (_within(added, "SamlProviderArn") or self.type in federated):
                return "at_idp"
            return used if used in ("yes", "no") else "unknown"
        if self.kind == "identity_center":
            proof = str(_within(added, "CredentialType"))
            if "TOTP" in proof or "WEBAUTHN" in proof:
                return "yes"
            return {"PASSWORD": "no"}.get(proof, "at_idp" if "EXTERNAL_IDP" in proof else "unknown")
        if self.session_mfa is None:
            return "unknown" if self.key[:4] == "ASIA" else "no_session"
        if self.session_mfa != "false":
            return "yes" if self.session_mfa == "true" else "unknown"
        if self.type == "FederatedUser" or self.web or self.sso:
            return "at_idp"
        return "unknown" if self.type == "AssumedRole" and self.from_console else "no"

    def service_initiated(self) -> bool:
        if self.kind in ("aws_service", "service_linked_role", "service_event"):
            return True
        signed = self.key or self.session_mfa is not None or self.credential() == "console"
        by_service = (self.behind or "").endswith(".amazonaws.com")
        return by_service and not signed and self.kind not in ("identity_center", "human_role")

    def source_kind(self) -> str:
        address = self.record.get("sourceIPAddress")
        if not address:
            return "none"
        if address == "AWS Internal":
            return "aws_internal"
        try:
            return f"ip{ipaddress.ip_address(address).version}"
        except ValueError:
            name = str(address).removesuffix(".cn")
            service = name.endswith(".amazonaws.com") and name.replace(".", "").replace("-", "").isalnum()
            return "aws_service" if service else "other"

    def _is_step_of_a_user(self) -> bool:
        who = self.record.get("userIdentity") or {}
        named = bool((who.get("onBehalfOf") or {}).get("userId") or who.get("userName"))
        return self.name in _SIGN_IN_STEPS or (self.name in _ENTRANCES and named)

    def call_result(self) -> str:
        answers = [(self.record.get("responseElements"), name) for name in _VERDICTS]
        answers += [(self.record.get("serviceEventDetails"), name) for name in sorted(_SIGN_IN_STEPS)]
        said = next((_within(holder, name) for holder, name in answers if _within(holder, name)), None)
        if self.signs_in and said in ("Success", "Failure"):
            return "success" if said == "Success" else "failed"
        code = self.record.get("errorCode") or ""
        if code and not (len(code) == 3 and code.isdigit() and code.startswith("2")):
            return self._refusal(code, code.removeprefix("Client."))
        if not code and self.record.get("errorMessage"):
            return "failed"
        if self.form in ("AwsServiceEvent", "AwsCloudTrailInsight") or self.name is None:
            return "unknown"
        if self.source == "signin.amazonaws.com":
            return "unknown"
        return "partial" if _tells_of_failures(self.record.get("responseElements")) else "success"

    def _refusal(self, code: str, bare: str) -> str:
        if bare == "DryRunOperation":
            return "dry_run"
        if code == "SlowDown" or any(word in code for word in _THROTTLED):
            return "throttled"
        denied = bare in _DENIED_WHOLE or any(word in code for word in _DENIED_ANYWHERE)
        return "denied" if denied else "failed"

    def of_bucket(self) -> dict[str, str | None]:
        names = ("bucket_name", "object_key", "copy_source", "public_acl")
        if self.source != "s3.amazonaws.com":
            return dict.fromkeys(names)
        request = self.record.get("requestParameters")
        held = [one for one in self.record.get("resources") or [] if one.get("type") == "AWS::S3::Bucket"]
        named = (held[0].get("ARN") or "").partition(":::")[2] if held else None
        acl = _within(request, "x-amz-acl")
        canned = acl[0] if isinstance(acl, list) else acl
        granted = [
            group
            for group in ("AllUsers", "AuthenticatedUsers")
            if f"acs.amazonaws.com/groups/global/{group}" in json.dumps(request)
        ]
        opening = ("public-read", "public-read-write", "authenticated-read")
        values = (
            _within(request, "bucketName") or named or None,
            _within(request, "key"),
            _within(request, "x-amz-copy-source"),
            granted[0] if granted else canned if canned in opening else None,
        )
        return dict(zip(names, values, strict=True))

    def names_object(self) -> bool:
        told = [self.state("requestParameters") != "empty", self.state("responseElements") != "empty"]
        told += [self.record.get(member) is not None for member in ("serviceEventDetails",)]
        told += [bool(self.record.get("resources"))]
        told += [self.form == "AwsServiceEvent" and self.record.get("additionalEventData") is not None]
        return any(told)

    def state(self, member: str) -> str:
        payload = self.record.get(member)
        if payload in (None, {}, []):
            return "empty"
        if isinstance(payload, dict) and payload.get("omitted") in (True, "true"):
            return "omitted"
        if isinstance(payload, str):
            return "empty" if payload.split() in (["{}"], ["{", "}"], ["[]"], ["[", "]"], ["null"]) else "unparseable"
        return "present"


def _tells_of_failures(payload: Any) -> bool:
    if isinstance(payload, list):
        return any(map(_tells_of_failures, payload))
    if not isinstance(payload, dict):
        return False
    telling = ("unsuccessful", "unprocessed", "failed", "failures")
    for name, value in payload.items():
        low = name[:1].lower() + name[1:]
        if (low == "errors" or low.startswith(telling)) and value and isinstance(value, dict | list):
            return True
    return any(map(_tells_of_failures, payload.values()))
