/*---
id        = "response.exposure_reverted"
version   = 1
kind      = "exception"
severity  = "high"
title.en    = "Public exposures not undone in time"
title.pt_BR = "Exposições públicas não desfeitas a tempo"
question.en    = "When was each public exposure of the period undone, and which stayed open too long or are still open?"
question.pt_BR = """\
Quando cada exposição pública do período foi desfeita, e quais ficaram abertas por tempo demais ou continuam \
abertas?"""
needs      = ["management:write"]
parameters = ["exposure_minutes", "sensitive_ports"]
grain      = ["account_id", "event_time", "event_id", "exposure", "part"]
subject    = ["account_id", "region", "exposure", "resource_id", "part"]
limits.en = [
  """Measured are inbound rules of security groups, public access blocks, policies and ACLs of buckets, and EBS, RDS \
  and image shares with everyone; other exposures are in sharing and network only.""",
  """An exposure undone after the end of the period is a row that is open; one that began before the period is in the \
  report of its month.""",
  """A rule that was changed, rather than revoked, is recognised only by its rule id. What the console or a service \
  resends unchanged counts as a new exposure.""",
  "Whether anyone came in meanwhile is told by data events, flow logs and server logs.",
]
limits.pt_BR = [
  """São medidas regras de entrada de grupos de segurança, bloqueios de acesso público, políticas e ACLs de buckets, \
  e compartilhamentos com todos de EBS, RDS e imagens; outras exposições estão apenas em sharing e network.""",
  """Uma exposição desfeita após o fim do período é uma linha aberta; a que começou antes do período está no \
  relatório do seu mês.""",
  """Uma regra alterada, e não revogada, só é reconhecida pelo id da regra. O que o console ou um serviço reenvia sem \
  mudança conta como nova exposição.""",
  "Só os eventos de dados, os logs de fluxo e os logs de servidores dizem se alguém entrou nesse intervalo.",
]
remedy.en    = """\
Undo what is still open. For each row decide whether data was reachable in those minutes and record the decision \
and its time: knowing that personal data was affected starts the clock of a notification."""
remedy.pt_BR = """\
Desfaça o que continua aberto. Para cada linha decida se houve dados acessíveis nesses minutos e registre a \
decisão e sua hora: o prazo de comunicação corre do conhecimento de que dados pessoais foram afetados."""

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
name = "exposure"
type = "varchar"
title.en = "Exposure"
title.pt_BR = "Exposição"

[[column]]
name = "resource_id"
type = "varchar"
title.en = "Resource"
title.pt_BR = "Recurso"

[[column]]
name = "part"
type = "varchar"
title.en = "Rule"
title.pt_BR = "Regra"

[[column]]
name = "exposure_state"
type = "varchar"
title.en = "State"
title.pt_BR = "Situação"

[[column]]
name = "undone_at"
type = "timestamp"
title.en = "Undone (UTC)"
title.pt_BR = "Desfeita (UTC)"

[[column]]
name = "minutes_open"
type = "bigint"
title.en = "Minutes open"
title.pt_BR = "Minutos aberta"

[[column]]
name = "undone_by"
type = "varchar"
title.en = "Undone by"
title.pt_BR = "Desfeita por"
personal = true

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

[[column]]
name = "undoing_event_id"
type = "varchar"
title.en = "Id of the undoing event"
title.pt_BR = "Id do evento que desfez"
---*/

WITH
-- 1 S3: what each call leaves behind.
calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        request_state,
        bucket_name,
        public_acl,
        -- One statement is an object, several are an array; some records hold the policy as text.
        coalesce(
            try_cast(json_extract(request, '$.bucketPolicy.Statement') AS ARRAY(json)),
            CASE
                WHEN json_extract(request, '$.bucketPolicy.Statement') IS NOT NULL
                    THEN ARRAY[json_extract(request, '$.bucketPolicy.Statement')]
            END,
            try_cast(json_extract(json_extract_scalar(request, '$.bucketPolicy'), '$.Statement') AS ARRAY(json)),
            ARRAY[]
        ) AS statements,
        -- A setting that is left out is off.
        filter(
            ARRAY[
                CASE
                    WHEN json_extract_scalar(request, '$.PublicAccessBlockConfiguration.BlockPublicAcls') = 'true'
                        THEN NULL
                    ELSE 'BlockPublicAcls'
                END,
                CASE
                    WHEN json_extract_scalar(request, '$.PublicAccessBlockConfiguration.IgnorePublicAcls') = 'true'
                        THEN NULL
                    ELSE 'IgnorePublicAcls'
                END,
                CASE
                    WHEN json_extract_scalar(request, '$.PublicAccessBlockConfiguration.BlockPublicPolicy') = 'true'
                        THEN NULL
                    ELSE 'BlockPublicPolicy'
                END,
                CASE
                    WHEN json_extract_scalar(request, '$.PublicAccessBlockConfiguration.RestrictPublicBuckets') = 'true'
                        THEN NULL
                    ELSE 'RestrictPublicBuckets'
                END
            ],
            setting -> setting IS NOT NULL
        ) AS settings_off
    FROM activity
    WHERE
        event_source = 's3.amazonaws.com'
        AND event_name IN (
            'PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketAcl', 'CreateBucket', 'DeleteBucket',
            'PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock', 'PutAccountPublicAccessBlock',
            'DeleteAccountPublicAccessBlock'
        )
        AND call_result IN ('success', 'partial')
),

-- Statements that let everyone in, and the terms of their conditions, one per row.
terms AS (
    SELECT
        calls.account_id,
        calls.event_time,
        calls.event_id,
        held.statement,
        held.statement_number,
        condition_operators.operator,
        condition_keys.name,
        element_at(
            try_cast(
                element_at(
                    try_cast(json_extract(held.statement, '$.Condition') AS MAP (varchar, json)),
                    condition_operators.operator
                ) AS MAP (varchar, json)
            ),
            condition_keys.name
        ) AS allowed
    FROM calls
    CROSS JOIN unnest(calls.statements) WITH ORDINALITY AS held (statement, statement_number)
    LEFT JOIN
        unnest(
            map_keys(try_cast(json_extract(held.statement, '$.Condition') AS MAP (varchar, json)))
        ) AS condition_operators (operator)
        ON TRUE
    LEFT JOIN
        unnest(
            map_keys(
                try_cast(
                    element_at(
                        try_cast(json_extract(held.statement, '$.Condition') AS MAP (varchar, json)),
                        condition_operators.operator
                    ) AS MAP (varchar, json)
                )
            )
        ) AS condition_keys (name)
        ON TRUE
    WHERE
        json_extract_scalar(held.statement, '$.Effect') = 'Allow'
        AND (
            json_extract_scalar(held.statement, '$.Principal') = '*'
            OR json_extract_scalar(held.statement, '$.Principal.AWS') = '*'
            OR contains(try_cast(json_extract(held.statement, '$.Principal.AWS') AS ARRAY(varchar)), '*')
            OR json_extract(held.statement, '$.NotPrincipal') IS NOT NULL
        )
),

-- Those without a condition that holds the caller to an account, an organization or a network. Conditions on what must
-- not be (StringNotEquals, Null, …IfExists) do not hold anyone, and neither do wildcards.
open_statements AS (
    SELECT
        account_id,
        event_time,
        event_id,
        statement_number,
        max(coalesce(
            json_extract_scalar(statement, '$.Action'),
            array_join(try_cast(json_extract(statement, '$.Action') AS ARRAY(varchar)), ', '),
            'NotAction'
        )) AS actions
    FROM terms
    GROUP BY account_id, event_time, event_id, statement_number
    HAVING
        NOT coalesce(
            bool_or(
                regexp_like(
                    lower(operator),
                    '^(foranyvalue:)?(string(equals|equalsignorecase|like)|arn(equals|like)|ipaddress)\z'
                )
                AND lower(name) IN (
                    'aws:principalorgid', 'aws:principalorgpaths', 'aws:principalaccount', 'aws:principalarn',
                    'aws:sourceaccount', 'aws:sourcearn', 'aws:sourceowner', 'aws:sourceorgid', 'aws:sourceip',
                    'aws:sourcevpc', 'aws:sourcevpce', 'aws:userid', 's3:dataaccesspointaccount',
                    's3:dataaccesspointarn'
                )
                AND coalesce(json_extract_scalar(allowed, '$'), '') NOT IN ('*', '0.0.0.0/0', '::/0')
                AND NOT coalesce(
                    arrays_overlap(try_cast(allowed AS ARRAY(varchar)), ARRAY['*', '0.0.0.0/0', '::/0']), FALSE
                )
            ),
            FALSE
        )
),

open_policies AS (
    SELECT
        account_id,
        event_time,
        event_id,
        array_join(array_agg(actions ORDER BY statement_number), ', ') AS actions
    FROM open_statements
    GROUP BY account_id, event_time, event_id
),

s3_calls AS (
    SELECT
        calls.*,
        open_policies.actions IS NOT NULL AS opens_policy,
        calls.public_acl IS NOT NULL AS opens_acl,
        calls.request_state IN ('omitted', 'unparseable')
        AND NOT calls.event_name IN ('DeleteBucketPublicAccessBlock', 'DeleteAccountPublicAccessBlock')
            AS unreadable
    FROM calls
    LEFT JOIN open_policies
        ON
            calls.account_id = open_policies.account_id
            AND calls.event_time = open_policies.event_time
            AND calls.event_id = open_policies.event_id
),

s3_changes AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        CASE
            WHEN event_name IN ('PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock') THEN account_id
            ELSE bucket_name
        END AS resource_id,
        CASE
            WHEN unreadable THEN 'unreadable'
            WHEN event_name IN ('PutBucketPolicy', 'DeleteBucketPolicy') THEN 's3_policy'
            WHEN event_name IN ('PutBucketAcl', 'CreateBucket') THEN 's3_acl'
            -- A whole block, like the end of the bucket, shuts everything.
            WHEN event_name = 'DeleteBucket' THEN 'all'
            WHEN event_name = 'PutBucketPublicAccessBlock' AND cardinality(settings_off) = 0 THEN 'all'
            ELSE 's3_block'
        END AS exposure,
        cast(NULL AS varchar) AS part,
        cast(NULL AS varchar) AS part_id,
        CASE
            WHEN unreadable THEN TRUE
            WHEN event_name = 'PutBucketPolicy' THEN opens_policy
            WHEN event_name IN ('PutBucketAcl', 'CreateBucket') THEN opens_acl
            WHEN event_name IN ('PutBucketPublicAccessBlock', 'PutAccountPublicAccessBlock')
                THEN cardinality(settings_off) > 0
            ELSE event_name IN ('DeleteBucketPublicAccessBlock', 'DeleteAccountPublicAccessBlock')
        END AS exposes
    FROM s3_calls
),

-- 2 Security groups: one row per rule that a call made, changed or took away.
group_calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        coalesce(
            json_extract_scalar(request, '$.groupId'),
            json_extract_scalar(request, '$.ModifySecurityGroupRulesRequest.GroupId'),
            json_extract_scalar(request, '$.groupName')
        ) AS group_id,
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
        event_source = 'ec2.amazonaws.com'
        AND event_name IN (
            'AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress', 'ModifySecurityGroupRules',
            'DeleteSecurityGroup'
        )
        AND call_result IN ('success', 'partial')
),

group_rules AS (
    SELECT
        group_calls.*,
        held.rule,
        flatten(ARRAY[
            coalesce(try_cast(json_extract(held.rule, '$.ipRanges.items') AS ARRAY(json)), ARRAY[]),
            coalesce(try_cast(json_extract(held.rule, '$.ipv6Ranges.items') AS ARRAY(json)), ARRAY[]),
            coalesce(try_cast(json_extract(held.rule, '$.prefixListIds.items') AS ARRAY(json)), ARRAY[]),
            coalesce(try_cast(json_extract(held.rule, '$.groups.items') AS ARRAY(json)), ARRAY[])
        ]) AS peers
    FROM group_calls
    CROSS JOIN unnest(group_calls.rules) AS held (rule)
),

group_parts AS (
    SELECT
        group_rules.*,
        named.peer
    FROM group_rules
    LEFT JOIN unnest(group_rules.peers) AS named (peer) ON TRUE
),

typed_rules AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        coalesce(group_id, json_extract_scalar(rule, '$.groupId')) AS group_id,
        coalesce(
            json_extract_scalar(rule, '$.securityGroupRuleId'), json_extract_scalar(rule, '$.SecurityGroupRuleId')
        ) AS part_id,
        rule IS NULL OR coalesce(json_extract_scalar(rule, '$.omitted'), 'false') = 'true' AS unreadable,
        coalesce(
            json_extract_scalar(rule, '$.ipProtocol'),
            json_extract_scalar(rule, '$.SecurityGroupRule.IpProtocol')
        ) AS protocol,
        try_cast(coalesce(
            json_extract_scalar(rule, '$.fromPort'),
            json_extract_scalar(rule, '$.SecurityGroupRule.FromPort')
        ) AS bigint) AS from_port,
        try_cast(coalesce(
            json_extract_scalar(rule, '$.toPort'),
            json_extract_scalar(rule, '$.SecurityGroupRule.ToPort')
        ) AS bigint) AS to_port,
        coalesce(
            json_extract_scalar(rule, '$.cidrIpv4'),
            json_extract_scalar(rule, '$.cidrIpv6'),
            json_extract_scalar(rule, '$.SecurityGroupRule.CidrIpv4'),
            json_extract_scalar(rule, '$.SecurityGroupRule.CidrIpv6'),
            json_extract_scalar(rule, '$.cidrIp'),
            json_extract_scalar(peer, '$.cidrIp'),
            json_extract_scalar(peer, '$.cidrIpv6')
        ) AS addresses
    FROM group_parts
),

group_changes AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        group_id AS resource_id,
        CASE
            WHEN unreadable AND event_name <> 'DeleteSecurityGroup' THEN 'unreadable'
            WHEN event_name = 'DeleteSecurityGroup' THEN 'all'
            ELSE 'open_port'
        END AS exposure,
        -- Without ports, EC2 writes none, 0 or -1.
        CASE
            WHEN protocol = '-1' THEN concat('all ', addresses)
            ELSE concat(
                protocol, ' ', cast(from_port AS varchar), '-', cast(to_port AS varchar), ' ', addresses
            )
        END AS part,
        part_id,
        event_name IN ('AuthorizeSecurityGroupIngress', 'ModifySecurityGroupRules')
        AND (
            unreadable
            OR coalesce(
                -- The internet, whole or in large parts (network.open_to_world says why these).
                (
                    regexp_like(addresses, '/0\z')
                    OR regexp_like(addresses, '^[0-9.]+/[1-7]\z')
                    OR regexp_like(addresses, '^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/[1-3]\z')
                )
                AND (
                    protocol = '-1'
                    OR (
                        protocol IN ('tcp', 'udp', '6', '17')
                        AND (
                            (from_port <= 1 AND to_port >= 65535)
                            OR any_match(:sensitive_ports, port -> port BETWEEN from_port AND to_port)
                        )
                    )
                ),
                FALSE
            )
        ) AS exposes
    FROM typed_rules
),

-- 3 Snapshots and images that everyone may use.
share_calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        request_state,
        coalesce(
            json_extract_scalar(request, '$.snapshotId'),
            json_extract_scalar(request, '$.imageId'),
            json_extract_scalar(request, '$.dBSnapshotIdentifier'),
            json_extract_scalar(request, '$.dBClusterSnapshotIdentifier')
        ) AS resource_id,
        event_name IN (
            'ModifySnapshotAttribute', 'ModifyImageAttribute', 'ModifyDBSnapshotAttribute',
            'ModifyDBClusterSnapshotAttribute'
        ) AS sets_shares,
        coalesce(
            any_match(
                coalesce(
                    try_cast(json_extract(request, '$.createVolumePermission.add.items') AS ARRAY(json)),
                    try_cast(json_extract(request, '$.launchPermission.add.items') AS ARRAY(json))
                ),
                added -> json_extract_scalar(added, '$.group') = 'all'
            ),
            contains(try_cast(json_extract(request, '$.valuesToAdd') AS ARRAY(varchar)), 'all'),
            FALSE
        ) AS adds_all,
        coalesce(
            any_match(
                coalesce(
                    try_cast(json_extract(request, '$.createVolumePermission.remove.items') AS ARRAY(json)),
                    try_cast(json_extract(request, '$.launchPermission.remove.items') AS ARRAY(json))
                ),
                removed -> json_extract_scalar(removed, '$.group') = 'all'
            ),
            contains(try_cast(json_extract(request, '$.valuesToRemove') AS ARRAY(varchar)), 'all'),
            FALSE
        ) AS removes_all
    FROM activity
    WHERE
        call_result IN ('success', 'partial')
        AND (
            (
                event_source = 'ec2.amazonaws.com'
                AND event_name IN (
                    'ModifySnapshotAttribute', 'ResetSnapshotAttribute', 'DeleteSnapshot', 'ModifyImageAttribute',
                    'ResetImageAttribute', 'DeregisterImage'
                )
            )
            OR (
                event_source = 'rds.amazonaws.com'
                AND event_name IN (
                    'ModifyDBSnapshotAttribute', 'ModifyDBClusterSnapshotAttribute', 'DeleteDBSnapshot',
                    'DeleteDBClusterSnapshot'
                )
            )
        )
),

share_changes AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        resource_id,
        CASE
            WHEN sets_shares AND request_state IN ('omitted', 'unparseable') THEN 'unreadable'
            ELSE 'public_share'
        END AS exposure,
        cast(NULL AS varchar) AS part,
        cast(NULL AS varchar) AS part_id,
        sets_shares AND (adds_all OR request_state IN ('omitted', 'unparseable')) AS exposes
    FROM share_calls
    WHERE adds_all OR removes_all OR NOT sets_shares OR request_state IN ('omitted', 'unparseable')
),

-- 4 Each exposure with the first later change that undoes it.
changes AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        resource_id,
        exposure,
        part,
        part_id,
        exposes
    FROM s3_changes
    UNION ALL
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        resource_id,
        exposure,
        part,
        part_id,
        exposes
    FROM group_changes
    UNION ALL
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        resource_id,
        exposure,
        part,
        part_id,
        exposes
    FROM share_changes
),

paired AS (
    SELECT
        begun.*,
        ended.event_time AS undone_at,
        coalesce(ended.person, ended.actor) AS undone_by,
        ended.event_id AS undoing_event_id,
        row_number() OVER (
            PARTITION BY begun.account_id, begun.event_time, begun.event_id, begun.exposure, begun.part
            ORDER BY ended.event_time, ended.event_id
        ) AS nth
    FROM changes AS begun
    LEFT JOIN changes AS ended
        ON
            begun.account_id = ended.account_id
            AND begun.resource_id = ended.resource_id
            -- Names of RDS snapshots are those of a region; buckets have one name everywhere.
            AND (begun.region = ended.region OR begun.exposure IN ('s3_policy', 's3_acl', 's3_block'))
            AND NOT ended.exposes
            AND begun.event_time < ended.event_time
            AND (
                ended.exposure = 'all'
                OR (
                    begun.exposure = ended.exposure
                    AND (
                        begun.exposure <> 'open_port'
                        OR begun.part = ended.part
                        OR begun.part_id = ended.part_id
                    )
                )
            )
    WHERE begun.exposes
),

measured AS (
    SELECT
        paired.*,
        date_diff('minute', event_time, undone_at) AS minutes_open
    FROM paired
    WHERE nth = 1
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    exposure,
    resource_id,
    part,
    CASE WHEN undone_at IS NULL THEN 'open_at_period_end' ELSE 'undone_late' END AS exposure_state,
    undone_at,
    minutes_open,
    undone_by,
    actor,
    actor_kind,
    person,
    source_address,
    event_id,
    undoing_event_id
FROM measured
WHERE undone_at IS NULL OR minutes_open > :exposure_minutes
ORDER BY event_time, account_id, event_id, exposure, part
