/*---
id        = "network.open_to_world"
version   = 1
kind      = "exception"
severity  = "critical"
title.en    = "Ports opened to the whole internet"
title.pt_BR = "Portas abertas para toda a internet"
question.en    = "Which inbound rules opened all ports, or a sensitive port, to the whole internet?"
question.pt_BR = "Quais regras de entrada abriram todas as portas, ou uma porta sensível, para toda a internet?"
needs      = ["management:write"]
parameters = ["sensitive_ports"]
grain      = ["account_id", "event_time", "event_id", "rule_number"]
subject    = ["account_id", "region", "filter_id", "addresses", "protocol", "from_port", "to_port"]
limits.en = [
  """A rule opens a path; whether something listened behind it (public address, route, other filters) is not in \
  CloudTrail.""",
  """Ports outside of the list of sensitive ports (443, for one) are not rows unless a range holds a sensitive port \
  too.""",
  "A rule that names a prefix list is not judged: what the list holds is not in the call.",
  "ModifySecurityGroupRules does not log the direction: an outbound rule of that kind is a row as well.",
]
limits.pt_BR = [
  """\
  A regra abre um caminho; o CloudTrail não mostra se havia algo escutando atrás dela (endereço público, rota, outros \
  filtros).""",
  """Portas fora da lista de portas sensíveis (443, por exemplo) não geram linha, a não ser que o intervalo inclua \
  também uma porta sensível.""",
  "Uma regra que cita uma lista de prefixos não é julgada: o conteúdo da lista não está na chamada.",
  "ModifySecurityGroupRules não registra a direção: uma regra de saída alterada assim também gera linha.",
]
remedy.en    = """\
Close the rule or narrow it to known addresses, unless an approved exception exists. See \
response.exposure_reverted for how long it stayed open, and check the connections of that time."""
remedy.pt_BR = """\
Feche a regra ou restrinja-a a endereços conhecidos, salvo exceção aprovada. Veja em response.exposure_reverted \
por quanto tempo ficou aberta e verifique as conexões desse intervalo."""

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
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

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
name = "sensitive_ports_opened"
type = "varchar"
title.en = "Sensitive ports in the range"
title.pt_BR = "Portas sensíveis no intervalo"

[[column]]
name = "addresses"
type = "varchar"
title.en = "Addresses"
title.pt_BR = "Endereços"

[[column]]
name = "reach"
type = "varchar"
title.en = "Reach"
title.pt_BR = "Alcance"

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
        request_state,
        event_id,
        coalesce(
            json_extract_scalar(request, '$.groupId'),
            json_extract_scalar(request, '$.ModifySecurityGroupRulesRequest.GroupId'),
            json_extract_scalar(request, '$.networkAclId'),
            json_extract_scalar(request, '$.dBSecurityGroupName')
        ) AS filter_id,
        -- Where the rules stand: what EC2 says it made, else what was asked, else the request itself
        -- (the old flat form, network ACLs, database security groups). One rule of ModifySecurityGroupRules is an
        -- object, several are an array.
        coalesce(
            try_cast(json_extract(response, '$.securityGroupRuleSet.items') AS ARRAY(json)),
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
        call_result IN ('success', 'partial')
        AND (
            (
                event_source = 'ec2.amazonaws.com'
                AND event_name IN (
                    'AuthorizeSecurityGroupIngress', 'ModifySecurityGroupRules', 'CreateNetworkAclEntry',
                    'ReplaceNetworkAclEntry'
                )
            )
            OR (event_source = 'rds.amazonaws.com' AND event_name = 'AuthorizeDBSecurityGroupIngress')
        )
),

rules AS (
    SELECT
        calls.*,
        held.rule,
        held.rule_position,
        -- A permission names several ranges at once.
        flatten(ARRAY[
            coalesce(try_cast(json_extract(held.rule, '$.ipRanges.items') AS ARRAY(json)), ARRAY[]),
            coalesce(try_cast(json_extract(held.rule, '$.ipv6Ranges.items') AS ARRAY(json)), ARRAY[]),
            coalesce(try_cast(json_extract(held.rule, '$.prefixListIds.items') AS ARRAY(json)), ARRAY[]),
            coalesce(try_cast(json_extract(held.rule, '$.groups.items') AS ARRAY(json)), ARRAY[])
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
    WHERE
        coalesce(json_extract_scalar(rules.rule, '$.egress'), 'false') <> 'true'
        AND coalesce(json_extract_scalar(rules.rule, '$.ruleAction'), 'allow') = 'allow'
),

opened AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        coalesce(filter_id, json_extract_scalar(rule, '$.groupId')) AS filter_id,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        row_number() OVER (
            PARTITION BY account_id, event_time, event_id
            ORDER BY rule_position, peer_position
        ) AS rule_number,
        coalesce(
            json_extract_scalar(rule, '$.securityGroupRuleId'),
            json_extract_scalar(rule, '$.SecurityGroupRuleId'),
            json_extract_scalar(rule, '$.ruleNumber')
        ) AS rule_id,
        -- Neither the response nor the request names a rule that can be judged.
        rule IS NULL OR coalesce(json_extract_scalar(rule, '$.omitted'), 'false') = 'true' AS unreadable,
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
            json_extract_scalar(peer, '$.cidrIpv6')
        ) AS addresses
    FROM parts
),

judged AS (
    SELECT
        opened.*,
        -- All addresses; or a part of the internet that no organisation owns: half of it twice is all of it, and in
        -- IPv6 2000::/3 is all that is routed.
        CASE
            WHEN regexp_like(addresses, '/0\z') THEN 'all_addresses'
            WHEN regexp_like(addresses, '^[0-9.]+/[1-7]\z') THEN 'part_of_the_internet'
            WHEN regexp_like(addresses, '^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/[1-3]\z') THEN 'part_of_the_internet'
        END AS reach,
        -- ICMP holds types where TCP and UDP hold ports. Network ACLs number the protocols.
        CASE
            WHEN protocol IN ('tcp', 'udp', '6', '17')
                THEN array_join(
                    transform(
                        filter(:sensitive_ports, port -> port BETWEEN from_port AND to_port),
                        port -> cast(port AS varchar)
                    ),
                    ', '
                )
            ELSE ''
        END AS sensitive_ports_opened
    FROM opened
),

found AS (
    SELECT
        judged.*,
        CASE
            WHEN unreadable THEN 'unreadable'
            WHEN reach IS NULL THEN NULL
            WHEN protocol = '-1' OR (protocol IN ('tcp', 'udp', '6', '17') AND from_port <= 1 AND to_port >= 65535)
                THEN 'all_ports'
            WHEN sensitive_ports_opened <> '' THEN 'sensitive_port'
            -- A database security group has no port: it opens the databases themselves.
            WHEN event_source = 'rds.amazonaws.com' THEN 'database'
        END AS finding
    FROM judged
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    filter_id,
    rule_number,
    rule_id,
    finding,
    protocol,
    from_port,
    to_port,
    CASE WHEN finding = 'sensitive_port' THEN sensitive_ports_opened END AS sensitive_ports_opened,
    addresses,
    reach,
    actor,
    actor_kind,
    person,
    source_address,
    event_id
FROM found
WHERE finding IS NOT NULL
ORDER BY event_time, account_id, event_id, rule_number
