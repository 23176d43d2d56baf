/*---
id        = "network.filter_changes"
version   = 1
kind      = "population"
severity  = "info"
title.en    = "Changes to security groups, network ACLs and firewalls"
title.pt_BR = "Mudanças em grupos de segurança, ACLs de rede e firewalls"
question.en    = "Which rules of security groups, network ACLs and firewalls were changed, and by whom?"
question.pt_BR = "Quais regras de grupos de segurança, ACLs de rede e firewalls foram alteradas, e por quem?"
needs      = ["management:write"]
parameters = []
grain      = ["account_id", "event_time", "event_id", "rule_number"]
limits.en = [
  "One row per rule of a call. ModifySecurityGroupRules logs neither the direction of a rule nor what it was before.",
  "The rules inside AWS Network Firewall rule groups and managed prefix lists are not taken apart.",
  "Filters that run on servers, and rules that existed before the period, are not in CloudTrail.",
]
limits.pt_BR = [
  """Uma linha por regra de cada chamada. ModifySecurityGroupRules não registra a direção da regra nem o que ela era \
  antes.""",
  """As regras dentro de grupos de regras do AWS Network Firewall e de listas de prefixos gerenciadas não são \
  desmembradas.""",
  "Filtros executados em servidores, e regras anteriores ao período, não estão no CloudTrail.",
]
remedy.en    = """\
Draw a sample and match it with change tickets: approval before the change, a business need for each opened port, \
and a review of who made it."""
remedy.pt_BR = """\
Extraia uma amostra e confronte com os chamados de mudança: aprovação prévia, necessidade de negócio para cada \
porta aberta e verificação de quem fez."""

[[column]]
name = "event_time"
type = "timestamp"
title.en = "Time (UTC)"
title.pt_BR = "Hora (UTC)"

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "region"
type = "varchar"
title.en = "Region"
title.pt_BR = "Região"

[[column]]
name = "event_source"
type = "varchar"
title.en = "Service"
title.pt_BR = "Serviço"

[[column]]
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "filter_id"
type = "varchar"
title.en = "Network filter"
title.pt_BR = "Filtro de rede"

[[column]]
name = "rule_number"
type = "bigint"
title.en = "Rule of the call"
title.pt_BR = "Regra da chamada"

[[column]]
name = "rule_id"
type = "varchar"
title.en = "Rule"
title.pt_BR = "Regra"

[[column]]
name = "direction"
type = "varchar"
title.en = "Direction"
title.pt_BR = "Direção"

[[column]]
name = "rule_action"
type = "varchar"
title.en = "Action"
title.pt_BR = "Ação"

[[column]]
name = "protocol"
type = "varchar"
title.en = "Protocol"
title.pt_BR = "Protocolo"

[[column]]
name = "from_port"
type = "bigint"
title.en = "From port"
title.pt_BR = "Porta inicial"

[[column]]
name = "to_port"
type = "bigint"
title.en = "To port"
title.pt_BR = "Porta final"

[[column]]
name = "peer"
type = "varchar"
title.en = "Addresses or group"
title.pt_BR = "Endereços ou grupo"

[[column]]
name = "actor"
type = "varchar"
title.en = "Actor"
title.pt_BR = "Autor"
personal = true

[[column]]
name = "actor_kind"
type = "varchar"
title.en = "Kind of actor"
title.pt_BR = "Tipo de autor"

[[column]]
name = "person"
type = "varchar"
title.en = "Name as logged"
title.pt_BR = "Nome registrado"
personal = true

[[column]]
name = "source_address"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

[[column]]
name = "request_state"
type = "varchar"
title.en = "Request as logged"
title.pt_BR = "Requisição como registrada"

[[column]]
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"
---*/

WITH
calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        call_result,
        request_state,
        event_id,
        coalesce(
            json_extract_scalar(request, '$.groupId'),
            json_extract_scalar(request, '$.ModifySecurityGroupRulesRequest.GroupId'),
            json_extract_scalar(request, '$.networkAclId'),
            json_extract_scalar(request, '$.dBSecurityGroupName'),
            json_extract_scalar(request, '$.cacheSecurityGroupName'),
            json_extract_scalar(request, '$.networkInterfaceId'),
            json_extract_scalar(request, '$.instanceId'),
            json_extract_scalar(request, '$.loadBalancerArn'),
            json_extract_scalar(request, '$.loadBalancerName'),
            json_extract_scalar(request, '$.firewallArn'),
            json_extract_scalar(request, '$.firewallName'),
            json_extract_scalar(request, '$.firewallPolicyArn'),
            json_extract_scalar(request, '$.firewallPolicyName'),
            json_extract_scalar(request, '$.ruleGroupArn'),
            json_extract_scalar(request, '$.ruleGroupName'),
            json_extract_scalar(request, '$.ModifyManagedPrefixListRequest.PrefixListId'),
            json_extract_scalar(response, '$.groupId'),
            json_extract_scalar(response, '$.networkAcl.networkAclId'),
            json_extract_scalar(request, '$.groupName')
        ) AS filter_id,
        -- Where the rules stand: what EC2 says it made or took away, else what was asked, else the request itself
        -- (the old flat form, network ACLs, database security groups). One rule of ModifySecurityGroupRules is an
        -- object, several are an array.
        coalesce(
            try_cast(json_extract(response, '$.securityGroupRuleSet.items') AS ARRAY(json)),
            try_cast(json_extract(response, '$.revokedSecurityGroupRuleSet.items') AS ARRAY(json)),
            try_cast(json_extract(request, '$.ModifySecurityGroupRulesRequest.SecurityGroupRule') AS ARRAY(json)),
            CASE
                WHEN json_extract(request, '$.ModifySecurityGroupRulesRequest.SecurityGroupRule') IS NOT NULL
                    THEN ARRAY[json_extract(request, '$.ModifySecurityGroupRulesRequest.SecurityGroupRule')]
            END,
            try_cast(json_extract(request, '$.ipPermissions.items') AS ARRAY(json)),
            ARRAY[json_extract(request, '$')]
        ) AS rules
    FROM activity
    WHERE
        (
            event_source = 'ec2.amazonaws.com'
            AND event_name IN (
                'AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupIngress',
                'RevokeSecurityGroupEgress', 'ModifySecurityGroupRules', 'CreateSecurityGroup', 'DeleteSecurityGroup',
                'UpdateSecurityGroupRuleDescriptionsIngress', 'UpdateSecurityGroupRuleDescriptionsEgress',
                'CreateNetworkAcl', 'DeleteNetworkAcl', 'CreateNetworkAclEntry', 'DeleteNetworkAclEntry',
                'ReplaceNetworkAclEntry', 'ReplaceNetworkAclAssociation', 'ModifyManagedPrefixList'
            )
        )
        -- Which groups stand before an instance or an interface; these calls change much else.
        OR (
            event_source = 'ec2.amazonaws.com'
            AND event_name IN ('ModifyInstanceAttribute', 'ModifyNetworkInterfaceAttribute')
            AND (json_extract(request, '$.groupSet') IS NOT NULL OR request_state IN ('omitted', 'unparseable'))
        )
        OR (
            event_source = 'rds.amazonaws.com'
            AND event_name IN (
                'CreateDBSecurityGroup', 'AuthorizeDBSecurityGroupIngress', 'RevokeDBSecurityGroupIngress',
                'DeleteDBSecurityGroup'
            )
        )
        OR (
            event_source = 'elasticache.amazonaws.com'
            AND event_name IN (
                'CreateCacheSecurityGroup', 'AuthorizeCacheSecurityGroupIngress', 'RevokeCacheSecurityGroupIngress',
                'DeleteCacheSecurityGroup'
            )
        )
        OR (
            event_source = 'elasticloadbalancing.amazonaws.com'
            AND event_name IN ('SetSecurityGroups', 'ApplySecurityGroupsToLoadBalancer')
        )
        OR (
            event_source = 'network-firewall.amazonaws.com'
            AND event_name IN (
                'CreateFirewall', 'DeleteFirewall', 'CreateFirewallPolicy', 'UpdateFirewallPolicy',
                'DeleteFirewallPolicy', 'AssociateFirewallPolicy', 'CreateRuleGroup', 'UpdateRuleGroup',
                'DeleteRuleGroup'
            )
        )
),

rules AS (
    SELECT
        calls.*,
        held.rule,
        held.rule_position,
        -- A permission names several ranges and groups at once.
        flatten(ARRAY[
            coalesce(try_cast(json_extract(held.rule, '$.ipRanges.items') AS ARRAY(json)), ARRAY[]),
            coalesce(try_cast(json_extract(held.rule, '$.ipv6Ranges.items') AS ARRAY(json)), ARRAY[]),
            coalesce(try_cast(json_extract(held.rule, '$.prefixListIds.items') AS ARRAY(json)), ARRAY[]),
            coalesce(try_cast(json_extract(held.rule, '$.groups.items') AS ARRAY(json)), ARRAY[]),
            coalesce(try_cast(json_extract(held.rule, '$.groupSet.items') AS ARRAY(json)), ARRAY[])
        ]) AS peers
    FROM calls
    CROSS JOIN unnest(calls.rules) WITH ORDINALITY AS held (rule, rule_position)
),

parts AS (
    SELECT
        rules.*,
        named.peer,
        named.peer_position
    FROM rules
    LEFT JOIN unnest(rules.peers) WITH ORDINALITY AS named (peer, peer_position) ON TRUE
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    coalesce(filter_id, json_extract_scalar(rule, '$.groupId')) AS filter_id,
    row_number() OVER (
        PARTITION BY account_id, event_time, event_id
        ORDER BY rule_position, peer_position
    ) AS rule_number,
    coalesce(
        json_extract_scalar(rule, '$.securityGroupRuleId'),
        json_extract_scalar(rule, '$.SecurityGroupRuleId'),
        json_extract_scalar(rule, '$.ruleNumber')
    ) AS rule_id,
    CASE
        WHEN coalesce(json_extract_scalar(rule, '$.isEgress'), json_extract_scalar(rule, '$.egress')) = 'true'
            THEN 'outbound'
        WHEN coalesce(json_extract_scalar(rule, '$.isEgress'), json_extract_scalar(rule, '$.egress')) = 'false'
            THEN 'inbound'
        WHEN event_name IN (
            'AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupEgress', 'UpdateSecurityGroupRuleDescriptionsEgress'
        ) THEN 'outbound'
        WHEN event_name IN (
            'AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress', 'UpdateSecurityGroupRuleDescriptionsIngress',
            'AuthorizeDBSecurityGroupIngress', 'RevokeDBSecurityGroupIngress', 'AuthorizeCacheSecurityGroupIngress',
            'RevokeCacheSecurityGroupIngress'
        ) THEN 'inbound'
    END AS direction,
    json_extract_scalar(rule, '$.ruleAction') AS rule_action,
    coalesce(
        json_extract_scalar(rule, '$.ipProtocol'),
        json_extract_scalar(rule, '$.SecurityGroupRule.IpProtocol'),
        json_extract_scalar(rule, '$.aclProtocol')
    ) AS protocol,
    try_cast(coalesce(
        json_extract_scalar(rule, '$.fromPort'),
        json_extract_scalar(rule, '$.SecurityGroupRule.FromPort'),
        json_extract_scalar(rule, '$.portRange.from')
    ) AS bigint) AS from_port,
    try_cast(coalesce(
        json_extract_scalar(rule, '$.toPort'),
        json_extract_scalar(rule, '$.SecurityGroupRule.ToPort'),
        json_extract_scalar(rule, '$.portRange.to')
    ) AS bigint) AS to_port,
    coalesce(
        json_extract_scalar(rule, '$.cidrIpv4'),
        json_extract_scalar(rule, '$.cidrIpv6'),
        json_extract_scalar(rule, '$.SecurityGroupRule.CidrIpv4'),
        json_extract_scalar(rule, '$.SecurityGroupRule.CidrIpv6'),
        json_extract_scalar(rule, '$.cidrIp'),
        json_extract_scalar(rule, '$.cidrBlock'),
        json_extract_scalar(rule, '$.ipv6CidrBlock'),
        json_extract_scalar(rule, '$.cIDRIP'),
        json_extract_scalar(peer, '$.cidrIp'),
        json_extract_scalar(peer, '$.cidrIpv6'),
        json_extract_scalar(peer, '$.prefixListId'),
        json_extract_scalar(peer, '$.groupId'),
        json_extract_scalar(rule, '$.referencedGroupInfo.groupId'),
        json_extract_scalar(rule, '$.referencedGroupId'),
        json_extract_scalar(rule, '$.SecurityGroupRule.PrefixListId'),
        json_extract_scalar(rule, '$.SecurityGroupRule.ReferencedGroupId'),
        json_extract_scalar(rule, '$.eC2SecurityGroupId'),
        json_extract_scalar(rule, '$.eC2SecurityGroupName')
    ) AS peer,
    actor,
    actor_kind,
    person,
    source_address,
    call_result,
    request_state,
    event_id
FROM parts
ORDER BY event_time, account_id, event_id, rule_number
