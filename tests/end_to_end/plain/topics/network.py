"""What an auditor reads from raw records about filters of network traffic."""

import ipaddress
from typing import Any

from end_to_end.plain.answers import answers
from end_to_end.plain.events import WHEN, Event, Row, Trail, in_order, items_at, text_at

_SENSITIVE_PORTS = (
    *(20, 21, 22, 23, 135, 139, 445, 1433, 1521, 2049, 2375, 2376, 3306, 3389, 5432, 5601, 5900),
    *(5985, 5986, 6379, 8020, 9042, 9092, 9200, 9300, 11211, 27017),
)


_GROUP_CALLS = {
    "AuthorizeSecurityGroupIngress": "inbound",
    "RevokeSecurityGroupIngress": "inbound",
    "AuthorizeSecurityGroupEgress": "outbound",
    "RevokeSecurityGroupEgress": "outbound",
    "ModifySecurityGroupRules": None,
    "CreateSecurityGroup": None,
    "DeleteSecurityGroup": None,
}


@answers("network.open_to_world@1")
def open_to_world(trail: Trail) -> list[Row]:
    """Rules of security groups, as EC2 answers that it made or changed them, which open ports to the world."""
    rows = []
    for event in trail.events:
        for number, rule in enumerate(opening(event) if event.done else (), start=1):
            everyone = rule["addresses"] and ipaddress.ip_network(rule["addresses"], strict=False).prefixlen == 0
            opened = [port for port in _SENSITIVE_PORTS if rule["from_port"] <= port <= rule["to_port"]]
            whole = rule["protocol"] == "-1" or (rule["from_port"], rule["to_port"]) in {(0, 65535), (1, 65535)}
            if everyone and (whole or opened):
                rows.append(
                    event.row(
                        f"{WHEN} region event_name actor actor_kind person source_address",
                        rule_number=number,
                        finding="all_ports" if whole else "sensitive_port",
                        sensitive_ports_opened=None if whole else ", ".join(map(str, opened)),
                        reach="all_addresses",
                        **rule,
                    )
                )
    return in_order(rows, f"{WHEN} rule_number")


def opening(event: Event) -> list[Row]:
    """Return the rules that a call made, as answered, or changed, as asked for."""
    if event.is_a("ec2", "AuthorizeSecurityGroupIngress"):
        return [
            {
                "filter_id": event.asked("groupId") or rule["groupId"],
                "rule_id": rule["securityGroupRuleId"],
                "protocol": rule["ipProtocol"],
                "from_port": rule["fromPort"],
                "to_port": rule["toPort"],
                "addresses": text_at(rule, "cidrIpv4") or text_at(rule, "cidrIpv6"),
            }
            for rule in items_at(event.record["responseElements"], "securityGroupRuleSet.items")
        ]
    if event.is_a("ec2", "ModifySecurityGroupRules"):
        request = event.record["requestParameters"]["ModifySecurityGroupRulesRequest"]
        changed = request["SecurityGroupRule"]
        return [
            {
                "filter_id": request["GroupId"],
                "rule_id": part["SecurityGroupRuleId"],
                "protocol": part["SecurityGroupRule"]["IpProtocol"],
                "from_port": part["SecurityGroupRule"]["FromPort"],
                "to_port": part["SecurityGroupRule"]["ToPort"],
                "addresses": text_at(part, "SecurityGroupRule.CidrIpv4") or text_at(part, "SecurityGroupRule.CidrIpv6"),
            }
            for part in (changed if isinstance(changed, list) else [changed])
        ]
    return []


@answers("network.filter_changes@1")
def filter_changes(trail: Trail) -> list[Row]:
    """Every change of a security group, tried or done, rule by rule: as EC2 answers it, else as it was asked for."""
    rows = []
    for event in trail.events:
        if not event.is_a("ec2", *_GROUP_CALLS):
            continue
        direction = _GROUP_CALLS[event.facts["event_name"]]
        for number, rule in enumerate(_rules(event), start=1):
            rows.append(
                event.row(
                    f"{WHEN} region event_source event_name actor actor_kind person source_address"
                    " call_result request_state",
                    filter_id=event.asked("groupId", "ModifySecurityGroupRulesRequest.GroupId")
                    or event.answered("groupId"),
                    rule_number=number,
                    rule_id=rule.get("securityGroupRuleId"),
                    direction=direction,
                    rule_action=None,
                    protocol=rule.get("ipProtocol"),
                    from_port=rule.get("fromPort"),
                    to_port=rule.get("toPort"),
                    peer=rule.get("cidrIpv4") or rule.get("cidrIpv6") or rule.get("cidrIp"),
                )
            )
    return in_order(rows, f"{WHEN} rule_number")


def _rules(event: Event) -> list[dict[str, Any]]:
    """Return the rules of a call, one for each range of addresses; a call about a whole group has one without any."""
    if event.is_a("ec2", "ModifySecurityGroupRules"):
        return [
            {"securityGroupRuleId": rule["rule_id"], "ipProtocol": rule["protocol"], "cidrIp": rule["addresses"]}
            | {"fromPort": rule["from_port"], "toPort": rule["to_port"]}
            for rule in opening(event)
        ]
    response = event.record["responseElements"]
    answered = items_at(response, "securityGroupRuleSet.items") or items_at(
        response, "revokedSecurityGroupRuleSet.items"
    )
    asked = [
        permission | addresses
        for permission in items_at(event.record["requestParameters"], "ipPermissions.items")
        for ranges in ("ipRanges.items", "ipv6Ranges.items")
        for addresses in items_at(permission, ranges)
    ]
    asked = [{name: value for name, value in rule.items() if not isinstance(value, dict)} for rule in asked]
    return answered or asked or [event.record["requestParameters"]]


@answers("network.source_check_disabled@1")
def source_check_disabled(trail: Trail) -> list[Row]:
    """Machines and interfaces that may from now on forward what is not theirs."""
    settings = "requestParameters.sourceDestCheck", "requestParameters.sourceDestCheck.value"
    return in_order(
        (
            event.row(
                f"{WHEN} region event_name actor_kind actor person source_address log_file",
                resource_id=event.asked("networkInterfaceId", "instanceId"),
            )
            for event in trail.events
            if event.is_a("ec2", "ModifyInstanceAttribute", "ModifyNetworkInterfaceAttribute")
            and event.succeeded
            and (
                "false" in {text_at(event.record, setting) for setting in settings}
                or (event.asked("attribute"), event.asked("value")) == ("sourceDestCheck", "false")
            )
        ),
        WHEN,
    )
