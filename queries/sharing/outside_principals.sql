/*---
id = "sharing.outside_principals"
version = 1
kind = "exception"
severity = "high"
title.en = "Policies that let other accounts in"
title.pt_BR = "Políticas que dão acesso a outras contas"
question.en = """\
Which policies of roles, buckets, keys, queues, topics, functions, secrets and repositories were written to allow an \
account that is neither one's own nor trusted, or everyone?"""
question.pt_BR = """\
Quais políticas de roles, buckets, chaves, filas, tópicos, funções, segredos e repositórios foram escritas \
permitindo uma conta que não é própria nem confiável, ou todos?"""
needs = ["management:write"]
parameters = ["trusted_accounts"]
grain = ["account_id", "event_time", "event_id", "statement_number", "principal"]
subject = ["account_id", "event_source", "resource_id", "principal"]
limits.en = [
  """\
  A policy is judged as it was written: it may narrow what it allows by a condition (the row says whether the \
  statement has one), and a policy of the organization or a public access block may refuse the rest.""",
  """\
  Everyone (*) is not listed where a condition asks who calls or from where, and not for buckets: sharing.s3_public \
  judges those. AWS services and identity providers as principals are not judged.""",
  """\
  S3's own ids of accounts (canonical users) do not tell the account and are listed as unresolved. Access points, \
  ACLs, shares of AWS RAM and services that are not named in the question are not covered.""",
  "unreadable: the request was left out for its size, or the policy is not JSON. It is not known to be clean.",
  "Policies written before the period and not written again in it are not listed.",
]
limits.pt_BR = [
  """\
  A política é julgada como foi escrita: uma condição pode restringir o que ela permite (a linha diz se a declaração \
  tem uma), e uma política da organização ou um bloqueio de acesso público podem recusar o resto.""",
  """\
  Todos (*) não é listado quando uma condição exige quem chama ou de onde, nem para buckets: sharing.s3_public os \
  julga. Serviços da AWS e provedores de identidade como principais não são julgados.""",
  """\
  Os ids de conta próprios do S3 (usuários canônicos) não revelam a conta e são listados como unresolved. Pontos de \
  acesso, ACLs, compartilhamentos do AWS RAM e serviços não citados na pergunta não são cobertos.""",
  "unreadable: a requisição foi omitida pelo tamanho, ou a política não é JSON. Não se sabe se está limpa.",
  "Políticas escritas antes do período e não reescritas nele não são listadas.",
]
remedy.en = """\
Ask for the agreement with the account that was let in and for the approval of this policy; where there is none, \
take the statement out and look in the external pack for what that account did. Add accounts of your own and of \
partners to trusted_accounts."""
remedy.pt_BR = """\
Peça o acordo com a conta que ganhou acesso e a aprovação desta política; se não houver, retire a declaração e veja \
no pacote external o que essa conta fez. Inclua contas próprias e de parceiros em trusted_accounts."""

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
name = "statement_number"
type = "bigint"
title.en = "Statement"
title.pt_BR = "Declaração nº"

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "principal"
type = "varchar"
title.en = "Let in"
title.pt_BR = "Quem ganhou acesso"
personal = true

[[column]]
name = "has_condition"
type = "boolean"
title.en = "With a condition"
title.pt_BR = "Com condição"

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
        region,
        event_source,
        event_name,
        request_state,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        user_agent,
        event_id,
        coalesce(
            json_extract_scalar(request, '$.roleName'),
            json_extract_scalar(request, '$.bucketName'),
            json_extract_scalar(request, '$.keyId'),
            json_extract_scalar(response, '$.keyMetadata.arn'),
            json_extract_scalar(request, '$.queueUrl'),
            json_extract_scalar(request, '$.queueName'),
            json_extract_scalar(request, '$.topicArn'),
            json_extract_scalar(response, '$.topicArn'),
            json_extract_scalar(request, '$.functionName'),
            json_extract_scalar(request, '$.layerName'),
            json_extract_scalar(request, '$.secretId'),
            json_extract_scalar(request, '$.repositoryName')
        ) AS resource_id,
        -- Where the policy stands. Most services log it as text, S3 as an object.
        coalesce(
            json_extract(request, '$.assumeRolePolicyDocument'),
            json_extract(request, '$.policyDocument'),
            json_extract(request, '$.bucketPolicy'),
            json_extract(request, '$.attributes.Policy'),
            CASE
                WHEN json_extract_scalar(request, '$.attributeName') = 'Policy'
                    THEN json_extract(request, '$.attributeValue')
            END,
            json_extract(request, '$.resourcePolicy'),
            json_extract(request, '$.policyText'),
            json_extract(request, '$.policy')
        ) AS policy_written,
        -- Some calls name whom they let in, and write the statement themselves.
        coalesce(
            try_cast(json_extract(request, '$.aWSAccountIds') AS ARRAY(varchar)),
            try_cast(json_extract(request, '$.aWSAccountId') AS ARRAY(varchar)),
            ARRAY[
                coalesce(
                    json_extract_scalar(request, '$.principal'), json_extract_scalar(request, '$.granteePrincipal')
                )
            ]
        ) AS named_principals,
        coalesce(
            json_extract(request, '$.sourceArn'),
            json_extract(request, '$.sourceAccount'),
            json_extract(request, '$.principalOrgID'),
            json_extract(request, '$.organizationId')
        ) IS NOT NULL AS is_narrowed
    FROM activity
    WHERE
        call_result IN ('success', 'partial')
        AND (
            (event_source = 'iam.amazonaws.com' AND event_name IN ('CreateRole', 'UpdateAssumeRolePolicy'))
            OR (event_source = 's3.amazonaws.com' AND event_name = 'PutBucketPolicy')
            OR (
                event_source = 'kms.amazonaws.com'
                AND event_name IN ('CreateKey', 'ReplicateKey', 'PutKeyPolicy', 'CreateGrant')
            )
            OR (
                event_source = 'sqs.amazonaws.com'
                AND event_name IN ('CreateQueue', 'SetQueueAttributes', 'AddPermission')
            )
            OR (
                event_source = 'sns.amazonaws.com'
                AND event_name IN ('CreateTopic', 'SetTopicAttributes', 'AddPermission')
            )
            OR (
                event_source = 'lambda.amazonaws.com'
                AND event_base_name IN ('AddPermission', 'AddLayerVersionPermission')
            )
            OR (event_source = 'secretsmanager.amazonaws.com' AND event_name = 'PutResourcePolicy')
            OR (event_source = 'ecr.amazonaws.com' AND event_name = 'SetRepositoryPolicy')
        )
),

-- A policy logged as text is JSON inside JSON.
documents AS (
    SELECT
        calls.*,
        coalesce(
            json_extract(json_extract_scalar(policy_written, '$'), '$.Statement'),
            json_extract(policy_written, '$.Statement')
        ) AS policy_statements
    FROM calls
),

-- One statement may stand without the list around it.
statements AS (
    SELECT
        documents.*,
        listed.statement,
        listed.statement_number
    FROM documents
    CROSS JOIN
        unnest(
            coalesce(try_cast(documents.policy_statements AS ARRAY(json)), ARRAY[documents.policy_statements])
        ) WITH ORDINALITY AS listed (statement, statement_number)
),

terms AS (
    SELECT
        statements.*,
        try_cast(json_extract(statement, '$.Condition') AS MAP (varchar, json)) AS conditions
    FROM statements
),

-- Whom each statement lets in: * or a list, by kind of principal. Anyone who is not listed is everyone.
principals AS (
    SELECT
        terms.*,
        CASE
            WHEN statement IS NULL THEN named_principals
            WHEN json_extract_scalar(statement, '$.Effect') = 'Allow'
                THEN array_distinct(
                    flatten(ARRAY[
                        CASE
                            WHEN json_extract(statement, '$.NotPrincipal') IS NOT NULL THEN ARRAY['*']
                            ELSE ARRAY[]
                        END,
                        coalesce(
                            try_cast(json_extract(statement, '$.Principal.AWS') AS ARRAY(varchar)),
                            ARRAY[
                                coalesce(
                                    json_extract_scalar(statement, '$.Principal.AWS'),
                                    json_extract_scalar(statement, '$.Principal')
                                )
                            ]
                        ),
                        coalesce(
                            try_cast(json_extract(statement, '$.Principal.CanonicalUser') AS ARRAY(varchar)),
                            ARRAY[json_extract_scalar(statement, '$.Principal.CanonicalUser')]
                        )
                    ])
                )
            ELSE ARRAY[]
        END AS let_in,
        CASE WHEN statement IS NULL THEN is_narrowed ELSE conditions IS NOT NULL END AS has_condition,
        -- Only operators that ask for a value narrow; those that forbid one leave all others in.
        coalesce(
            any_match(
                filter(
                    map_keys(conditions),
                    operator -> regexp_like(
                        lower(operator),
                        '^(foranyvalue:)?(string(equals|equalsignorecase|like)|arn(equals|like)|ipaddress)\z'
                    )
                ),
                operator -> any_match(
                    map_keys(try_cast(element_at(conditions, operator) AS MAP (varchar, json))),
                    name -> lower(name) IN (
                        'aws:principalorgid', 'aws:principalorgpaths', 'aws:principalaccount', 'aws:principalarn',
                        'aws:sourceaccount', 'aws:sourcearn', 'aws:sourceowner', 'aws:sourceorgid', 'aws:sourceip',
                        'aws:sourcevpc', 'aws:sourcevpce', 'aws:userid', 'kms:calleraccount'
                    )
                )
            ),
            FALSE
        ) AS asks_who_calls
    FROM terms
),

named AS (
    SELECT
        principals.*,
        held.principal,
        regexp_extract(held.principal, '^(arn:aws[a-z-]*:(iam|sts)::)?([0-9]{12})(:.*)?\z', 3) AS principal_account
    FROM principals
    CROSS JOIN unnest(principals.let_in) AS held (principal)
    WHERE held.principal IS NOT NULL
    UNION ALL
    SELECT
        principals.*,
        cast(NULL AS varchar) AS principal,
        cast(NULL AS varchar) AS principal_account
    FROM principals
    WHERE
        request_state IN ('omitted', 'unparseable')
        -- An empty text takes the policy away.
        OR (
            policy_written IS NOT NULL
            AND policy_statements IS NULL
            AND coalesce(json_extract_scalar(policy_written, '$') <> '', TRUE)
        )
),

judged AS (
    SELECT
        named.*,
        CASE
            WHEN principal IS NULL THEN 'unreadable'
            WHEN principal = '*' AND event_source = 's3.amazonaws.com' THEN NULL
            WHEN principal = '*' AND (asks_who_calls OR (statement IS NULL AND is_narrowed)) THEN NULL
            WHEN principal = '*' THEN 'everyone'
            WHEN regexp_like(principal, '^[0-9a-f]{64}\z') THEN 'unresolved'
            WHEN principal_account <> account_id AND NOT contains(:trusted_accounts, principal_account)
                THEN 'other_account'
        END AS finding
    FROM named
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    resource_id,
    statement_number,
    finding,
    principal,
    CASE WHEN finding <> 'unreadable' THEN has_condition END AS has_condition,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id
FROM judged
WHERE finding IS NOT NULL
ORDER BY event_time, account_id, event_id, statement_number, principal
