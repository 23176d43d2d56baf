"""CloudTrail records, in the order and with the members that CloudTrail writes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from comprova.sample.callers import Caller, JsonObject, Role, stamp
from comprova.sample.company import Account, Region
from comprova.sample.ids import Chance, fixed_id, fixed_token

_READ_PREFIXES = (
    "Describe",
    "Get",
    "List",
    "Head",
    "Lookup",
    "BatchGet",
    "Search",
    "Filter",
    "Decrypt",
    "Assume",
    "Generate",
)
_WRITES_THAT_READ = frozenset({"GetSessionToken", "GetSigninToken", "GenerateCredentialReport"})
"""Names that begin like a read and that CloudTrail records with readOnly false."""

_VERSIONS = {"cloudtrail": "1.10", "guardduty": "1.09", "logs": "1.09", "signin": "1.09", "sso": "1.09", "ssm": "1.09"}
_VERSION = "1.11"
"""eventVersion differs by service; most have the newest."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_GLOBAL_HOSTS = frozenset({"iam", "organizations", "health", "ce"})

_EMPTY_REQUESTS: dict[str, JsonObject] = {
    "DescribeInstances": {"instancesSet": {}, "filterSet": {}},
    "DescribeNetworkAcls": {"networkAclIdSet": {}, "filterSet": {}},
    "DescribeNetworkInterfaces": {"networkInterfaceIdSet": {}, "filterSet": {}},
    "DescribeRouteTables": {"routeTableIdSet": {}, "filterSet": {}},
    "DescribeSecurityGroups": {"securityGroupSet": {}, "securityGroupIdSet": {}, "filterSet": {}},
    "DescribeSubnets": {"subnetSet": {}, "filterSet": {}},
    "DescribeTags": {"filterSet": {}},
    "DescribeVolumes": {"volumeSet": {}, "filterSet": {}},
    "DescribeVpcs": {"vpcSet": {}, "filterSet": {}},
}


@dataclass(frozen=True, slots=True)
class Call:
    """What is called, and how it ends.

    Attributes:
        service: The event source without `.amazonaws.com`.
        name: The event name.
        region: Where.
        request: `requestParameters`.
        response: `responseElements`; reads have none.
        resources: `resources`.
        additional: `additionalEventData`.
        refusal: `errorCode` and `errorMessage`, when the call did not succeed.
        data: A data event.
        shared_id: `sharedEventID`, when another account has a record of the same call.
        version: `apiVersion`, of the services that log it.
    """

    service: str
    name: str
    region: Region
    request: JsonObject | None = None
    response: JsonObject | None = None
    resources: tuple[JsonObject, ...] = ()
    additional: JsonObject | None = None
    refusal: tuple[str, str] | None = None
    data: bool = False
    shared_id: str | None = None
    version: str | None = None

    @property
    def reads(self) -> bool:
        """Whether CloudTrail records the call as read-only."""
        return self.name.startswith(_READ_PREFIXES) and self.name not in _WRITES_THAT_READ


def api_call(chance: Chance, caller: Caller, moment: datetime, call: Call) -> JsonObject:
    """Return the record of a call.

    Args:
        chance: Draws the ids of the record.
        caller: Who calls.
        moment: When, in UTC.
        call: What is called.
    """
    record: JsonObject = {
        "eventVersion": _VERSIONS.get(call.service, _VERSION),
        "userIdentity": caller.identity,
        "eventTime": stamp(moment),
        "eventSource": f"{call.service}.amazonaws.com",
        "eventName": call.name,
        "awsRegion": call.region,
        "sourceIPAddress": caller.address,
        "userAgent": caller.agent,
    }
    if call.refusal:
        record["errorCode"], record["errorMessage"] = call.refusal
    record["requestParameters"] = call.request
    record["responseElements"] = None if call.refusal else call.response
    if call.additional is not None:
        record["additionalEventData"] = call.additional
    record["requestID"] = chance.request_id() if call.service == "s3" else chance.uuid()
    record["eventID"] = chance.uuid()
    record["readOnly"] = call.reads
    if call.resources:
        record["resources"] = list(call.resources)
    record["eventType"] = "AwsApiCall"
    if call.version:
        record["apiVersion"] = call.version
    record["managementEvent"] = not call.data
    record["recipientAccountId"] = caller.account
    if call.shared_id:
        record["sharedEventID"] = call.shared_id
    if caller.endpoint:
        record["vpcEndpointId"] = caller.endpoint
        record["vpcEndpointAccountId"] = caller.account
    record["eventCategory"] = "Data" if call.data else "Management"
    if caller.address[0].isdigit():
        record["tlsDetails"] = tls_details(_host(call), old=caller.old_tls)
    if caller.console:
        record["sessionCredentialFromConsole"] = "true"
    return record


def service_event(chance: Chance, account: Account, moment: datetime, call: Call, details: JsonObject) -> JsonObject:
    """Return the record of something that a service did on its own: no request, but `serviceEventDetails`."""
    name = f"{call.service}.amazonaws.com"
    return {
        "eventVersion": _VERSIONS.get(call.service, _VERSION),
        "userIdentity": {"accountId": account, "invokedBy": name},
        "eventTime": stamp(moment),
        "eventSource": name,
        "eventName": call.name,
        "awsRegion": call.region,
        "sourceIPAddress": name,
        "userAgent": name,
        "requestParameters": None,
        "responseElements": None,
        "eventID": chance.uuid(),
        "readOnly": False,
        "resources": list(call.resources),
        "eventType": "AwsServiceEvent",
        "managementEvent": True,
        "recipientAccountId": account,
        "serviceEventDetails": details,
        "eventCategory": "Management",
    }


def look(service: str, name: str, region: Region) -> Call:
    """Return a call that looks at everything there is, with the empty request that EC2 logs for it."""
    return Call(service, name, region, _EMPTY_REQUESTS.get(name))


def resource(kind: str, arn: str, account: str) -> JsonObject:
    """Return a member of `resources`, with the capitals that CloudTrail uses."""
    return {"accountId": account, "type": kind, "ARN": arn}


def tls_details(host: str, *, old: bool = False) -> JsonObject:
    """Return `tlsDetails` of a client that came over the network."""
    version, cipher = ("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256") if old else ("TLSv1.3", "TLS_AES_128_GCM_SHA256")
    return {"tlsVersion": version, "cipherSuite": cipher, "clientProvidedHostHeader": host}


def denied(caller: Caller, action: str, arn: str, *, code: str = "AccessDenied", why: str = "") -> tuple[str, str]:
    """Return error code and message of a refusal by IAM.

    Args:
        caller: Who was refused.
        action: The IAM action, as `kms:DisableKey`.
        arn: The resource.
        code: The service's error code for it.
        why: The policy at fault; no identity-based policy allows the action if empty.
    """
    reason = why or f"because no identity-based policy allows the {action} action"
    return code, f"User: {caller.arn} is not authorized to perform: {action} on resource: {arn} {reason}"


def assumed(role: Role, session: str, moment: datetime, *, hours: int = 1) -> JsonObject:
    """Return `responseElements` of a call that assumed a role; `session_identity` of that moment has its key."""
    name = f"{role.arn}/{session}/{moment.isoformat()}"
    return {
        "credentials": {
            "accessKeyId": fixed_id("ASIA", name),
            "sessionToken": fixed_token(name),
            "expiration": spoken(moment + timedelta(hours=hours)),
        },
        "assumedRoleUser": {
            "assumedRoleId": f"{role.unique_id}:{session}",
            "arn": role.session_arn(session),
        },
    }


def spoken(moment: datetime) -> str:
    """Write a moment as in responses, `Oct 5, 2026 1:33:28 PM`, whatever the locale."""
    half, hour = divmod(moment.hour, 12)
    return f"{_MONTHS[moment.month - 1]} {moment.day}, {moment.year} {hour or 12}:{moment:%M:%S} {('AM', 'PM')[half]}"


def _host(call: Call) -> str:
    if call.service in _GLOBAL_HOSTS:
        return f"{call.service}.amazonaws.com"
    if call.service == "s3" and call.request and "Host" in call.request:
        return str(call.request["Host"])
    return f"{call.service}.{call.region}.amazonaws.com"
