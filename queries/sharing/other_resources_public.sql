/*---
id = "sharing.other_resources_public"
version = 1
kind = "exception"
severity = "high"
title.en = "Documents, projects, buses and other resources opened to outsiders"
title.pt_BR = "Documentos, projetos, barramentos e outros recursos abertos a terceiros"
question.en = """\
Which documents, registries, build projects, event buses, log groups, search domains and vaults were opened to \
everyone or to a stranger?"""
question.pt_BR = """\
Quais documentos, registros, projetos de build, barramentos de eventos, grupos de logs, domínios de busca e cofres \
foram abertos a todos ou a um terceiro desconhecido?"""
needs = ["management:write"]
parameters = ["trusted_accounts"]
grain = ["event_time", "account_id", "event_id", "shared_with"]
subject = ["account_id", "event_source", "resource_id", "shared_with"]
limits.en = [
  """\
  A statement with a condition is a row with has_condition: whether it holds callers to your accounts is for a \
  person to say.""",
  "Policies of roles, buckets, keys, queues, topics, functions and secrets are in sharing.outside_principals.",
  "What was open before the period and still is does not appear.",
]
limits.pt_BR = [
  """\
  Uma declaração com condição é uma linha com has_condition: se ela restringe às suas contas, cabe a uma pessoa \
  dizer.""",
  "Políticas de roles, buckets, chaves, filas, tópicos, funções e segredos estão em sharing.outside_principals.",
  "O que já estava aberto antes do período e continua não aparece.",
]
remedy.en = """\
Narrow the statement to an account, an organization or a source ARN, or take it back. A secret that was open must be \
changed."""
remedy.pt_BR = """\
Restrinja a declaração a uma conta, organização ou ARN de origem, ou retire-a. Um segredo que esteve aberto deve ser \
trocado."""

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
name = "resource_id"
type = "varchar"
title.en = "Resource"
title.pt_BR = "Recurso"

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "shared_with"
type = "varchar"
title.en = "Shared with"
title.pt_BR = "Compartilhado com"

[[column]]
name = "has_condition"
type = "boolean"
title.en = "With a condition"
title.pt_BR = "Com condição"

[[column]]
name = "actor_kind"
type = "varchar"
title.en = "Kind of actor"
title.pt_BR = "Tipo de autor"

[[column]]
name = "actor"
type = "varchar"
title.en = "Actor"
title.pt_BR = "Autor"
personal = true

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
name = "log_file"
type = "varchar"
title.en = "Log file"
title.pt_BR = "Arquivo de log"
---*/

WITH
calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        actor_kind,
        actor,
        person,
        source_address,
        event_id,
        log_file,
        request_state,
        CASE event_source
            WHEN 'ssm.amazonaws.com' THEN json_extract_scalar(request, '$.name')
            WHEN 'codebuild.amazonaws.com' THEN json_extract_scalar(request, '$.projectArn')
            WHEN 'events.amazonaws.com' THEN json_extract_scalar(request, '$.eventBusName')
            WHEN 'logs.amazonaws.com' THEN json_extract_scalar(request, '$.policyName')
            WHEN 'es.amazonaws.com' THEN json_extract_scalar(request, '$.domainName')
            WHEN 'glacier.amazonaws.com' THEN json_extract_scalar(request, '$.vaultName')
        END AS resource_id,
        -- Those who are named one by one.
        CASE
            WHEN event_source = 'ssm.amazonaws.com'
                THEN try_cast(json_extract(request, '$.accountIdsToAdd') AS ARRAY(varchar))
            WHEN event_source = 'events.amazonaws.com' THEN ARRAY[json_extract_scalar(request, '$.principal')]
            WHEN
                event_source = 'codebuild.amazonaws.com'
                AND json_extract_scalar(request, '$.projectVisibility') = 'PUBLIC_READ'
                THEN ARRAY['*']
        END AS named,
        CASE
            WHEN event_source = 'events.amazonaws.com' THEN json_extract(request, '$.condition') IS NOT NULL
            ELSE FALSE
        END AS named_conditionally,
        -- Policies are JSON text inside JSON.
        CASE
            WHEN event_source = 'ecr.amazonaws.com' THEN json_extract_scalar(request, '$.policyText')
            WHEN event_source = 'logs.amazonaws.com' THEN json_extract_scalar(request, '$.policyDocument')
            WHEN event_source = 'es.amazonaws.com' THEN json_extract_scalar(request, '$.accessPolicies')
            WHEN event_source = 'glacier.amazonaws.com' THEN json_extract_scalar(request, '$.policy.policy')
            WHEN event_source = 'events.amazonaws.com' THEN json_extract_scalar(request, '$.policy')
        END AS policy_text
    FROM activity
    WHERE
        call_result = 'success'
        AND (
            (event_source = 'ssm.amazonaws.com' AND event_name = 'ModifyDocumentPermission')
            OR (event_source = 'ecr.amazonaws.com' AND event_name = 'PutRegistryPolicy')
            OR (event_source = 'codebuild.amazonaws.com' AND event_name = 'UpdateProjectVisibility')
            OR (event_source = 'events.amazonaws.com' AND event_name = 'PutPermission')
            OR (event_source = 'logs.amazonaws.com' AND event_name = 'PutResourcePolicy')
            OR (
                event_source = 'es.amazonaws.com'
                AND event_name IN (
                    'UpdateDomainConfig', 'UpdateElasticsearchDomainConfig', 'CreateDomain', 'CreateElasticsearchDomain'
                )
            )
            OR (event_source = 'glacier.amazonaws.com' AND event_name = 'SetVaultAccessPolicy')
        )
),

statements AS (
    SELECT
        calls.*,
        coalesce(
            try(cast(json_extract(calls.policy_text, '$.Statement') AS ARRAY(json))),
            ARRAY[json_extract(calls.policy_text, '$.Statement')]
        ) AS listed
    FROM calls
),

principals AS (
    SELECT
        statements.event_time,
        statements.account_id,
        statements.region,
        statements.event_source,
        statements.event_name,
        statements.actor_kind,
        statements.actor,
        statements.person,
        statements.source_address,
        statements.event_id,
        statements.log_file,
        statements.request_state,
        statements.resource_id,
        concat(
            coalesce(statements.named, ARRAY[]),
            coalesce(
                try_cast(json_extract(held.statement, '$.Principal.AWS') AS ARRAY(varchar)),
                ARRAY[
                    coalesce(
                        json_extract_scalar(held.statement, '$.Principal.AWS'),
                        json_extract_scalar(held.statement, '$.Principal')
                    )
                ]
            )
        ) AS admitted,
        statements.named_conditionally OR json_extract(held.statement, '$.Condition') IS NOT NULL AS has_condition
    FROM statements
    CROSS JOIN unnest(statements.listed) AS held (statement)
    WHERE coalesce(json_extract_scalar(held.statement, '$.Effect'), 'Allow') = 'Allow'
),

judged AS (
    SELECT
        principals.*,
        receivers.shared_with,
        coalesce(
            regexp_extract(receivers.shared_with, '^([0-9]{12})\z', 1),
            regexp_extract(receivers.shared_with, '^arn:[^:]*:(iam|sts)::([0-9]{12}):', 2)
        ) AS other_account
    FROM principals
    LEFT JOIN unnest(principals.admitted) AS receivers (shared_with) ON TRUE
),

found AS (
    SELECT
        judged.*,
        CASE
            WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
            -- SSM takes `All` as well.
            WHEN lower(shared_with) IN ('*', 'all') THEN 'everyone'
            WHEN
                other_account IS NOT NULL
                AND other_account <> account_id
                AND NOT contains(:trusted_accounts, other_account)
                THEN 'other_account'
        END AS finding
    FROM judged
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    resource_id,
    finding,
    shared_with,
    bool_and(has_condition) AS has_condition,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM found
WHERE finding IS NOT NULL
GROUP BY
    event_time, account_id, region, event_source, event_name, resource_id, finding, shared_with, actor_kind, actor,
    person, source_address, event_id, log_file
ORDER BY event_time, account_id, event_id, shared_with
