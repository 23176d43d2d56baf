/*---
id = "permissions.wildcard_policies"
version = 1
kind = "exception"
severity = "high"
title.en = "Policies without bounds"
title.pt_BR = "Políticas sem limites"
question.en = """\
Which policy documents written or put in force in the period allow every action, every action of a key service, or \
all but a few, on every resource?"""
question.pt_BR = """\
Quais documentos de política escritos ou postos em vigor no período permitem todas as ações, todas as ações de um \
serviço crítico, ou todas menos algumas, em todos os recursos?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id", "statement_number"]
subject = ["account_id", "target", "policy_name", "reach"]
limits.en = [
  """\
  Key services are IAM, STS, KMS, Organizations and Identity Center. Wildcards within an action (iam:Put*) and \
  resources by pattern (arn:aws:s3:::*) are not judged.""",
  """\
  A condition, a permissions boundary or a policy of the organization may narrow what the statement allows; the row \
  only says whether the statement has a condition.""",
  "unreadable: the document was left out for its size or is not JSON. It is not known to be clean.",
  """\
  written_before_period: an older version of a policy was put in force again; its document is not in the records of \
  the period. It is not known to be clean.""",
  "Policies written before the period and not put in force in it, and those of AWS, are not listed.",
]
limits.pt_BR = [
  """\
  Serviços críticos são IAM, STS, KMS, Organizations e Identity Center. Curingas dentro de uma ação (iam:Put*) e \
  recursos por padrão (arn:aws:s3:::*) não são julgados.""",
  """\
  Uma condição, um limite de permissões (permissions boundary) ou uma política da organização podem restringir o \
  que a declaração permite; a linha só diz se ela tem condição.""",
  "unreadable: o documento foi omitido pelo tamanho ou não é JSON. Não se sabe se está limpo.",
  """\
  written_before_period: uma versão antiga da política voltou a vigorar; seu documento não está nos registros do \
  período. Não se sabe se está limpo.""",
  "Políticas escritas antes do período e não postas em vigor nele, e as da própria AWS, não são listadas.",
]
remedy.en = """\
Ask for the need behind the width and have it cut to the actions and resources in use. Read the current document \
of unreadable and written_before_period rows in IAM."""
remedy.pt_BR = """\
Pergunte por que a política é tão ampla e reduza-a às ações e aos recursos em uso. Nas linhas unreadable \
e written_before_period, leia o documento atual no IAM."""

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
name = "target"
type = "varchar"
title.en = "Target"
title.pt_BR = "Alvo"
personal = true

[[column]]
name = "policy_name"
type = "varchar"
title.en = "Policy"
title.pt_BR = "Política"

[[column]]
name = "statement_number"
type = "bigint"
title.en = "Statement"
title.pt_BR = "Declaração nº"

[[column]]
name = "reach"
type = "varchar"
title.en = "Reach"
title.pt_BR = "Alcance"

[[column]]
name = "named_actions"
type = "array(varchar)"
title.en = "Actions it names"
title.pt_BR = "Ações citadas"

[[column]]
name = "has_condition"
type = "boolean"
title.en = "With a condition"
title.pt_BR = "Com condição"

[[column]]
name = "is_default_version"
type = "boolean"
title.en = "In force"
title.pt_BR = "Em vigor"

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
name = "user_agent"
type = "varchar"
title.en = "User agent"
title.pt_BR = "Agente do usuário (user agent)"
personal = true

[[column]]
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"
---*/

WITH calls AS (
    SELECT
        event_time,
        account_id,
        event_source,
        event_name,
        coalesce(
            json_extract_scalar(request, '$.userName'),
            json_extract_scalar(request, '$.roleName'),
            json_extract_scalar(request, '$.groupName'),
            json_extract_scalar(request, '$.policyArn'),
            json_extract_scalar(response, '$.policy.arn'),
            json_extract_scalar(request, '$.permissionSetArn')
        ) AS target,
        json_extract_scalar(request, '$.policyName') AS policy_name,
        CASE
            WHEN event_name <> 'CreatePolicyVersion' THEN TRUE
            WHEN request_state = 'present'
                THEN coalesce(json_extract_scalar(request, '$.setAsDefault') = 'true', FALSE)
        END AS is_default_version,
        -- The document is JSON text inside JSON.
        coalesce(
            json_extract_scalar(request, '$.policyDocument'), json_extract_scalar(request, '$.inlinePolicy')
        ) AS written_document,
        coalesce(
            json_extract_scalar(request, '$.versionId'),
            json_extract_scalar(response, '$.policyVersion.versionId'),
            json_extract_scalar(response, '$.policy.defaultVersionId')
        ) AS policy_version,
        request_state,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        user_agent,
        event_id
    FROM activity
    WHERE
        call_result = 'success'
        AND (
            (
                event_source = 'iam.amazonaws.com'
                AND event_name IN (
                    'PutUserPolicy', 'PutRolePolicy', 'PutGroupPolicy', 'CreatePolicy', 'CreatePolicyVersion',
                    'SetDefaultPolicyVersion'
                )
            )
            OR (event_source = 'sso.amazonaws.com' AND event_name = 'PutInlinePolicyToPermissionSet')
        )
),

-- To put a version in force names its id alone: the document is the one last written under that id.
documents AS (
    SELECT
        calls.*,
        CASE
            WHEN event_name = 'SetDefaultPolicyVersion'
                THEN max_by(written_document, CASE WHEN written_document IS NOT NULL THEN event_time END) OVER (
                    PARTITION BY account_id, target, policy_version
                    ORDER BY event_time ASC, event_id ASC
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                )
            ELSE written_document
        END AS document
    FROM calls
),

-- One statement may stand without the list around it. A document that cannot be read gives one row without a statement.
statements AS (
    SELECT
        documents.*,
        listed.statement,
        listed.statement_number
    FROM documents
    CROSS JOIN
        unnest(
            coalesce(
                try(cast(json_extract(documents.document, '$.Statement') AS ARRAY(json))),
                ARRAY[json_extract(documents.document, '$.Statement')]
            )
        ) WITH ORDINALITY AS listed (statement, statement_number)
),

-- Action and Resource are a text or a list of texts.
judged AS (
    SELECT
        statements.*,
        json_extract_scalar(statement, '$.Effect') AS effect,
        coalesce(
            try(cast(json_extract(statement, '$.Action') AS ARRAY(varchar))),
            ARRAY[json_extract_scalar(statement, '$.Action')]
        ) AS actions,
        coalesce(
            try(cast(json_extract(statement, '$.Resource') AS ARRAY(varchar))),
            ARRAY[json_extract_scalar(statement, '$.Resource')]
        ) AS statement_resources,
        coalesce(
            try(cast(json_extract(statement, '$.NotAction') AS ARRAY(varchar))),
            ARRAY[json_extract_scalar(statement, '$.NotAction')]
        ) AS not_actions,
        json_extract(statement, '$.NotAction') IS NOT NULL AS has_not_action,
        json_extract(statement, '$.NotResource') IS NOT NULL AS has_not_resource,
        CASE
            WHEN statement IS NOT NULL THEN json_extract(statement, '$.Condition') IS NOT NULL
        END AS has_condition
    FROM statements
),

reaching AS (
    SELECT
        judged.*,
        CASE
            WHEN event_name = 'SetDefaultPolicyVersion' AND request_state = 'present' AND document IS NULL
                THEN 'written_before_period'
            WHEN effect IS NULL THEN 'unreadable'
            WHEN any_match(actions, action -> regexp_like(action, '^\*+(:\*+)?\z')) THEN 'every_action'
            WHEN has_not_action THEN 'all_but_listed_actions'
            WHEN
                any_match(
                    actions, action -> regexp_like(lower(action), '^(iam|kms|organizations|sso|sts):\*\z')
                )
                THEN 'every_action_of_a_key_service'
        END AS reach
    FROM judged
)

SELECT
    event_time,
    account_id,
    event_source,
    event_name,
    target,
    policy_name,
    statement_number,
    reach,
    CASE WHEN has_not_action THEN not_actions WHEN effect IS NOT NULL THEN actions END AS named_actions,
    has_condition,
    is_default_version,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id
FROM reaching
WHERE
    reach IN ('unreadable', 'written_before_period')
    OR (
        reach IS NOT NULL
        AND effect = 'Allow'
        AND (has_not_resource OR coalesce(contains(statement_resources, '*'), FALSE))
    )
ORDER BY event_time, account_id, event_id, statement_number
