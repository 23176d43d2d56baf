/*---
id = "permissions.iam_changes"
version = 1
kind = "population"
severity = "info"
title.en = "Changes to IAM"
title.pt_BR = "Mudanças no IAM"
question.en = "Which changes to users, groups, roles, policies and identity providers took effect, and who made them?"
question.pt_BR = """\
Quais mudanças em usuários, grupos, roles, políticas e provedores de identidade tiveram efeito, e quem \
as fez?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  Permission sets of Identity Center and policies on resources (buckets, keys, queues) are changed through other \
  services and are not in this list.""",
  "The text of policies is in the record that the event id leads to, not in the row.",
  """\
  A change without a target is to the account itself or to the caller's own credentials, or its request was left \
  out for its size.""",
]
limits.pt_BR = [
  """\
  Conjuntos de permissões do Identity Center e políticas de recursos (buckets, chaves, filas) mudam por outros \
  serviços e não estão nesta lista.""",
  "O texto das políticas está no registro a que o id do evento leva, não na linha.",
  """\
  Uma mudança sem alvo é na própria conta ou nas credenciais de quem chamou, ou teve a requisição omitida pelo \
  tamanho.""",
]
remedy.en = """\
Draw a sample and match each change with an approved request, its approver and the person who made it; changes by \
people outside the pipeline first."""
remedy.pt_BR = """\
Extraia uma amostra e confronte cada mudança com uma solicitação aprovada, o aprovador e quem a executou; comece \
pelas feitas por pessoas, fora do pipeline."""

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
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "target_kind"
type = "varchar"
title.en = "Kind of target"
title.pt_BR = "Tipo de alvo"

[[column]]
name = "target"
type = "varchar"
title.en = "Target"
title.pt_BR = "Alvo"
personal = true

[[column]]
name = "detail"
type = "varchar"
title.en = "Detail"
title.pt_BR = "Detalhe"
personal = true

[[column]]
name = "request_state"
type = "varchar"
title.en = "Request as logged"
title.pt_BR = "Requisição como registrada"

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
name = "mfa"
type = "varchar"
title.en = "MFA"
title.pt_BR = "MFA"

[[column]]
name = "source_address"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "service_initiated"
type = "boolean"
title.en = "By a service alone"
title.pt_BR = "Só por um serviço"

[[column]]
name = "invoked_by"
type = "varchar"
title.en = "Through the service"
title.pt_BR = "Por meio do serviço"

[[column]]
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"
---*/

WITH changes AS (
    SELECT
        event_time,
        account_id,
        event_name,
        request_state,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        service_initiated,
        invoked_by,
        event_id,
        json_extract_scalar(request, '$.userName') AS user_name,
        coalesce(
            json_extract_scalar(request, '$.roleName'), json_extract_scalar(response, '$.role.roleName')
        ) AS role_name,
        json_extract_scalar(request, '$.groupName') AS group_name,
        json_extract_scalar(request, '$.instanceProfileName') AS instance_profile_name,
        coalesce(
            json_extract_scalar(request, '$.policyArn'),
            json_extract_scalar(response, '$.policy.arn'),
            json_extract_scalar(request, '$.policyName'),
            json_extract_scalar(request, '$.permissionsBoundary')
        ) AS policy_name,
        coalesce(
            json_extract_scalar(request, '$.sAMLProviderArn'),
            json_extract_scalar(response, '$.sAMLProviderArn'),
            json_extract_scalar(request, '$.openIDConnectProviderArn'),
            json_extract_scalar(response, '$.openIDConnectProviderArn')
        ) AS provider,
        coalesce(
            json_extract_scalar(request, '$.accessKeyId'),
            json_extract_scalar(response, '$.accessKey.accessKeyId'),
            json_extract_scalar(request, '$.serialNumber'),
            json_extract_scalar(response, '$.virtualMFADevice.serialNumber'),
            json_extract_scalar(request, '$.versionId')
        ) AS part
    FROM activity
    WHERE
        event_source = 'iam.amazonaws.com'
        AND call_result IN ('success', 'partial', 'unknown')
        -- Records older than version 1.01 do not say whether a call only reads.
        AND NOT coalesce(read_only, regexp_like(event_name, '^(Generate|Get|List|Simulate)'), FALSE)
)

SELECT
    event_time,
    account_id,
    event_name,
    CASE
        WHEN user_name IS NOT NULL THEN 'user'
        WHEN role_name IS NOT NULL THEN 'role'
        WHEN group_name IS NOT NULL THEN 'group'
        WHEN policy_name IS NOT NULL THEN 'policy'
        WHEN provider IS NOT NULL THEN 'identity_provider'
        WHEN instance_profile_name IS NOT NULL THEN 'instance_profile'
        ELSE 'other'
    END AS target_kind,
    coalesce(user_name, role_name, group_name, policy_name, provider, instance_profile_name) AS target,
    -- What was attached to, put into or taken from the target.
    CASE
        WHEN user_name IS NOT NULL THEN coalesce(policy_name, group_name, part)
        WHEN role_name IS NOT NULL THEN coalesce(policy_name, instance_profile_name)
        WHEN group_name IS NOT NULL THEN policy_name
        ELSE part
    END AS detail,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    service_initiated,
    invoked_by,
    event_id
FROM changes
ORDER BY event_time, account_id, event_id
