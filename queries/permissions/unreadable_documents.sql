/*---
id = "permissions.unreadable_documents"
version = 1
kind = "exception"
severity = "medium"
title.en = "Policies written that cannot be read"
title.pt_BR = "Políticas escritas que não podem ser lidas"
question.en = """\
For which policies that were written does CloudTrail not hold the text, so that nothing can be concluded about \
them?"""
question.pt_BR = """\
De quais políticas escritas o CloudTrail não guarda o texto, de modo que nada se pode concluir sobre elas?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "event_source", "event_name", "target"]
limits.en = [
  """\
  request_omitted: CloudTrail leaves out a request over its limit of size, which anyone can reach by filling a \
  policy with white space. request_unparseable: the request is not JSON. document_missing: the request has no policy \
  where it should have one. document_unparseable: there is one, and it is not JSON.""",
  """\
  Policies of IAM, permission sets, buckets, keys, secrets and repositories. Policies among other settings (queues, \
  topics, functions) are judged in sharing.outside_principals alone.""",
]
limits.pt_BR = [
  """\
  request_omitted: o CloudTrail omite uma requisição acima do seu limite de tamanho, o que qualquer um consegue \
  enchendo a política de espaços em branco. request_unparseable: a requisição não é JSON. document_missing: a \
  requisição não tem política onde deveria ter. document_unparseable: há uma, e não é JSON.""",
  """\
  Políticas do IAM, de conjuntos de permissões, buckets, chaves, segredos e repositórios. Políticas entre outras \
  configurações (filas, tópicos, funções) são julgadas apenas em sharing.outside_principals.""",
]
remedy.en = """\
Read the policy where it stands now, in the service, and judge it by hand; ask who wrote it why it is so large."""
remedy.pt_BR = """\
Leia a política onde ela está hoje, no serviço, e julgue-a à mão; pergunte a quem a escreveu por que é tão grande."""

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
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "target"
type = "varchar"
title.en = "Trail or store"
title.pt_BR = "Trilha ou armazenamento"
personal = true

[[column]]
name = "policy_name"
type = "varchar"
title.en = "Policy"
title.pt_BR = "Política"

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
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

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

[[column]]
name = "log_file"
type = "varchar"
title.en = "Log file"
title.pt_BR = "Arquivo de log"
---*/

WITH calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        request_state,
        coalesce(
            json_extract_scalar(request, '$.userName'),
            json_extract_scalar(request, '$.roleName'),
            json_extract_scalar(request, '$.groupName'),
            json_extract_scalar(request, '$.policyArn'),
            json_extract_scalar(response, '$.policy.arn'),
            json_extract_scalar(request, '$.permissionSetArn'),
            json_extract_scalar(request, '$.bucketName'),
            json_extract_scalar(request, '$.keyId'),
            json_extract_scalar(request, '$.secretId'),
            json_extract_scalar(request, '$.repositoryName')
        ) AS target,
        json_extract_scalar(request, '$.policyName') AS policy_name,
        -- IAM and most others log the policy as text, S3 as an object.
        CASE event_source
            WHEN 's3.amazonaws.com' THEN json_extract(request, '$.bucketPolicy')
            WHEN 'sso.amazonaws.com' THEN json_extract(request, '$.inlinePolicy')
            WHEN 'secretsmanager.amazonaws.com' THEN json_extract(request, '$.resourcePolicy')
            WHEN 'ecr.amazonaws.com' THEN json_extract(request, '$.policyText')
            WHEN 'kms.amazonaws.com' THEN json_extract(request, '$.policy')
            ELSE coalesce(
                json_extract(request, '$.policyDocument'), json_extract(request, '$.assumeRolePolicyDocument')
            )
        END AS document,
        actor_kind,
        actor,
        person,
        mfa,
        call_result,
        source_address,
        user_agent,
        event_id,
        log_file
    FROM activity
    WHERE
        call_result IN ('success', 'partial', 'unknown')
        AND (
            (
                event_source = 'iam.amazonaws.com'
                AND event_name IN (
                    'PutUserPolicy', 'PutRolePolicy', 'PutGroupPolicy', 'CreatePolicy', 'CreatePolicyVersion',
                    'CreateRole', 'UpdateAssumeRolePolicy'
                )
            )
            OR (event_source = 'sso.amazonaws.com' AND event_name = 'PutInlinePolicyToPermissionSet')
            OR (event_source = 's3.amazonaws.com' AND event_name = 'PutBucketPolicy')
            OR (event_source = 'kms.amazonaws.com' AND event_name = 'PutKeyPolicy')
            OR (event_source = 'secretsmanager.amazonaws.com' AND event_name = 'PutResourcePolicy')
            OR (event_source = 'ecr.amazonaws.com' AND event_name = 'SetRepositoryPolicy')
        )
),

judged AS (
    SELECT
        calls.*,
        CASE
            WHEN request_state = 'omitted' THEN 'request_omitted'
            WHEN request_state = 'unparseable' THEN 'request_unparseable'
            WHEN document IS NULL THEN 'document_missing'
            WHEN
                coalesce(
                    json_extract(document, '$.Statement'),
                    json_extract(json_extract_scalar(document, '$'), '$.Statement')
                ) IS NULL
                THEN 'document_unparseable'
        END AS finding
    FROM calls
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    finding,
    target,
    policy_name,
    actor_kind,
    actor,
    person,
    mfa,
    call_result,
    source_address,
    user_agent,
    event_id,
    log_file
FROM judged
WHERE finding IS NOT NULL
ORDER BY event_time, account_id, event_id
