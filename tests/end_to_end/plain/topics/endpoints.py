"""What an auditor reads from raw records about what answers on the internet, and how."""

from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, WHO, Event, Row, Trail, in_order, items_at, text_at
from end_to_end.plain.parameters import PROTECTED_SUBNETS, PROTECTED_ZONES

_CALLER = "actor_kind actor person source_address log_file"

_DOMAINS = (
    *("DisableDomainTransferLock", "TransferDomain", "TransferDomainToAnotherAwsAccount", "UpdateDomainNameservers"),
    *("UpdateDomainContact", "UpdateDomainContactPrivacy", "DeleteDomain", "DisableDomainAutoRenew"),
    *("RetrieveDomainAuthCode", "AcceptDomainTransferFromAnotherAwsAccount", "DisassociateDelegationSignerFromDomain"),
)
_ZONES = ("ChangeResourceRecordSets", "AssociateVPCWithHostedZone", "DisassociateVPCFromHostedZone", "DeleteHostedZone")
_ANY_ZONE = ("DeleteHostedZone", "DisableHostedZoneDNSSEC", "CreateVPCAssociationAuthorization")


@answers("network.dns_changes@1")
def dns_changes(trail: Trail) -> list[Row]:
    """Domains whose holder, lock, servers or contacts changed, and zones that are protected."""
    rows = []
    for event in trail.events:
        zone = (event.asked("hostedZoneId", "id") or "").rpartition("/")[2] or None
        is_zone = event.is_a("route53", *_ANY_ZONE) or (event.is_a("route53", *_ZONES) and zone in PROTECTED_ZONES)
        if event.succeeded and (is_zone or event.is_a("route53domains", *_DOMAINS)):
            changes = items_at(event.record.get("requestParameters"), "changeBatch.changes")
            first = changes[0] if changes else {}
            words = (first.get("action"), *(text_at(first, f"resourceRecordSet.{name}") for name in ("name", "type")))
            rows.append(
                event.row(
                    f"{WHEN} event_source event_name {_CALLER} mfa",
                    resource_id=zone if is_zone else event.asked("domainName"),
                    record_changed=" ".join(map(str, words)) if first else None,
                )
            )
    return in_order(rows, WHEN)


@answers("network.public_addresses@1")
def public_addresses(trail: Trail) -> list[Row]:
    """Public addresses given to what is in a protected subnet, or may be."""
    rows = []
    for event in trail.events:
        found = _addressed(event) if event.done else []
        rows += [
            event.row(f"{WHEN} region event_name {_CALLER}", finding=finding, subnet_id=subnet, target=target)
            for finding, subnet, target in found
        ]
    return in_order(rows, f"{WHEN} subnet_id")


def _addressed(event: Event) -> list[tuple[str, str | None, str | None]]:
    request = event.record.get("requestParameters")
    if event.is_a("ec2", "AssociateAddress"):
        return [("address_attached", None, event.asked("networkInterfaceId", "instanceId"))]
    if event.is_a("ec2", "ModifySubnetAttribute"):
        gives = "true" in (event.asked("mapPublicIpOnLaunch"), event.asked("mapPublicIpOnLaunch.value"))
        subnet = event.asked("subnetId")
        return [("subnet_gives_addresses", subnet, None)] if gives and subnet in PROTECTED_SUBNETS else []
    if event.is_a("ec2", "RunInstances"):
        asked = items_at(request, "networkInterfaceSet.items")
        started = items_at(event.record.get("responseElements"), "instancesSet.items")
        target = text_at(started[0], "instanceId") if started else None
        return [
            ("instance_started", text_at(one, "subnetId"), target)
            for one in asked
            if text_at(one, "associatePublicIpAddress") == "true" and text_at(one, "subnetId") in PROTECTED_SUBNETS
        ]
    return []


_DATABASES = ("CreateDBInstance", "ModifyDBInstance", "CreateDBInstanceReadReplica", "RestoreDBInstanceFromDBSnapshot")


@answers("network.public_data_services@1")
def public_data_services(trail: Trail) -> list[Row]:
    """Databases, clusters and search domains that are answered to be reachable from the internet."""
    rows = []
    for event in trail.events:
        found = _reachable(event) if event.succeeded else None
        if found:
            rows.append(
                event.row(f"{WHEN} region event_source event_name {_CALLER}", resource_id=found[0], exposure=found[1])
            )
    return in_order(rows, WHEN)


def _reachable(event: Event) -> tuple[str | None, str] | None:
    if event.is_a("rds") and event.answered("publiclyAccessible") == "true":
        return event.answered("dBInstanceIdentifier", "dBClusterIdentifier"), "internet"
    if event.is_a("redshift") and event.answered("publiclyAccessible", "cluster.publiclyAccessible") == "true":
        return event.asked("clusterIdentifier"), "internet"
    if event.is_a("eks", "CreateCluster", "UpdateClusterConfig"):
        access = "resourcesVpcConfig.endpointPublicAccess"
        admitted = items_at(event.record.get("requestParameters"), "resourcesVpcConfig.publicAccessCidrs")
        everyone = not admitted or "0.0.0.0/0" in admitted or "::/0" in admitted
        if everyone and "true" in (event.answered(f"cluster.{access}"), event.asked(access)):
            return event.asked("name"), "internet"
    return None


@answers("network.unauthenticated_endpoints@1")
def unauthenticated_endpoints(trail: Trail) -> list[Row]:
    """Functions and interfaces that ask a caller for no identity."""
    rows = []
    for event in trail.events:
        found = _asks_nobody(event) if event.succeeded else None
        if found:
            finding, resource, route = found
            rows.append(
                event.row(
                    f"{WHEN} region event_source event_name {_CALLER}",
                    resource_id=resource,
                    route=route,
                    finding=finding,
                )
            )
    return in_order(rows, WHEN)


def _asks_nobody(event: Event) -> tuple[str, str | None, str | None] | None:
    called = event.facts["event_name"]
    if event.is_a("lambda") and called.startswith(("CreateFunctionUrlConfig", "UpdateFunctionUrlConfig")):
        open_to_all = "NONE" in (event.asked("authType"), event.answered("authType"))
        return ("no_authentication", event.asked("functionName"), None) if open_to_all else None
    if event.is_a("lambda") and called.startswith("AddPermission"):
        to_all = event.asked("principal") == "*" and event.asked("functionUrlAuthType") == "NONE"
        return ("no_authentication", event.asked("functionName"), None) if to_all else None
    return None


_LOOSENS_FILTERS = {
    ("wafv2", "DisassociateWebACL"): ("taken_off", "resourceArn"),
    ("wafv2", "DeleteWebACL"): ("removed", "name"),
    ("wafv2", "DeleteRuleGroup"): ("removed", "name"),
    ("wafv2", "DeleteIPSet"): ("removed", "name"),
    ("wafv2", "UpdateWebACL"): ("rules_changed", "name"),
    ("wafv2", "UpdateRuleGroup"): ("rules_changed", "name"),
    ("wafv2", "UpdateIPSet"): ("rules_changed", "name"),
    ("wafv2", "DeleteFirewallManagerRuleGroups"): ("removed", "webACLArn"),
    ("wafv2", "DeleteLoggingConfiguration"): ("logging_removed", "resourceArn"),
    ("waf-regional", "DisassociateWebACL"): ("taken_off", "resourceArn"),
    ("waf-regional", "DeleteWebACL"): ("removed", "webACLId"),
    ("waf-regional", "UpdateWebACL"): ("rules_changed", "webACLId"),
    ("waf", "DeleteWebACL"): ("removed", "webACLId"),
    ("waf", "UpdateWebACL"): ("rules_changed", "webACLId"),
    ("shield", "DeleteProtection"): ("removed", "protectionId"),
    ("shield", "DeleteProtectionGroup"): ("removed", "protectionGroupId"),
    ("shield", "DeleteSubscription"): ("removed", None),
    ("shield", "DisableApplicationLayerAutomaticResponse"): ("removed", "resourceArn"),
    ("fms", "DeletePolicy"): ("removed", "policyId"),
    ("fms", "DisassociateAdminAccount"): ("removed", None),
}


@answers("network.waf_changes@1")
def waf_changes(trail: Trail) -> list[Row]:
    """Filters of web traffic that were taken off, deleted or given other rules."""
    rows = []
    for event in trail.events:
        for call, (finding, member) in _LOOSENS_FILTERS.items():
            if event.is_a(*call) and event.succeeded:
                rows.append(
                    event.row(
                        f"{WHEN} region event_source event_name {_CALLER}",
                        finding=finding,
                        resource_id=event.asked(member) if member else None,
                    )
                )
    return in_order(rows, WHEN)


@answers("encryption.listener_policies@1")
def listener_policies(trail: Trail) -> list[Row]:
    """Listeners of load balancers for applications that take HTTP, and do more with it than to redirect to HTTPS."""
    rows = []
    for event in trail.events:
        if not (event.is_a("elasticloadbalancing", "CreateListener", "ModifyListener") and event.succeeded):
            continue
        held = items_at(event.record.get("responseElements"), "listeners")
        plain = (event.asked("protocol") or (text_at(held[0], "protocol") if held else None)) == "HTTP"
        actions = items_at(event.record.get("requestParameters"), "defaultActions")
        if plain and not any(_redirects(action) for action in actions):
            rows.append(
                event.row(
                    f"{WHEN} {WHO} region event_source event_name request_state user_agent log_file",
                    finding="plain_http",
                    resource_id=event.asked("listenerArn", "loadBalancerArn"),
                    protocol="http",
                    tls_policy=None,
                )
            )
    return in_order(rows, WHEN)


def _redirects(action: Any) -> bool:
    """Tell whether a listener answers with a redirection to HTTPS."""
    return text_at(action, "type") == "redirect" and text_at(action, "redirectConfig.protocol") == "HTTPS"
