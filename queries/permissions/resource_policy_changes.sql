/*---
id = "permissions.resource_policy_changes"
version = 1
kind = "population"
severity = "info"
title.en = "Changes to the policies of resources"
title.pt_BR = "Mudanças nas políticas de recursos"
question.en = """\
Which policies, grants and public access blocks of resources were changed in any service, by whom, and whom do they \
admit?"""
question.pt_BR = """\
Quais políticas, concessões e bloqueios de acesso público de recursos mudaram em qualquer serviço, por quem, e a \
quem dão acesso?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  admitted holds the principals of the statements that allow, as written, or whom the call names; it does not say \
  under which condition. sharing.outside_principals and sharing.s3_public judge the policies of the most used \
  services.""",
  """\
  admitted is empty where a policy was taken away, where the request was left out for its size, and for ACLs and \
  public access blocks.""",
  """\
  Trust policies of roles are in permissions.iam_changes; ACLs of objects are data events and not here. Shares of \
  AWS RAM are in sharing.resource_shares.""",
]
limits.pt_BR = [
  """\
  admitted traz os principais das declarações que permitem, como escritos, ou a quem a chamada nomeia; não diz sob \
  qual condição. sharing.outside_principals e sharing.s3_public julgam as políticas dos serviços mais usados.""",
  """\
  admitted fica vazio quando uma política foi retirada, quando a requisição foi omitida pelo tamanho, e para ACLs e \
  bloqueios de acesso público.""",
  """\
  Políticas de confiança de roles estão em permissions.iam_changes; ACLs de objetos são eventos de dados e não estão \
  aqui. Compartilhamentos do AWS RAM estão em sharing.resource_shares.""",
]
remedy.en = "Draw a sample and match each change with an approved request and the owner of the resource."
remedy.pt_BR = "Extraia uma amostra e confronte cada mudança com uma solicitação aprovada e com o dono do recurso."

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
name = "change_made"
type = "varchar"
title.en = "Change"
title.pt_BR = "Mudança"

[[column]]
name = "admitted_principals"
type = "array(varchar)"
title.en = "Principals admitted"
title.pt_BR = "Principais admitidos"
personal = true

[[column]]
name = "request_state"
type = "varchar"
title.en = "Request as logged"
title.pt_BR = "Requisição como registrada"

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

[[column]]
name = "error_code"
type = "varchar"
title.en = "Error code"
title.pt_BR = "Código de erro"

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
name = "invoked_by"
type = "varchar"
title.en = "Through the service"
title.pt_BR = "Por meio do serviço"

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
        request_state,
        call_result,
        error_code,
        actor_kind,
        actor,
        person,
        mfa,
        invoked_by,
        source_address,
        event_id,
        log_file,
        coalesce(
            bucket_name,
            json_extract_scalar(request, '$.keyId'),
            json_extract_scalar(request, '$.queueUrl'),
            json_extract_scalar(request, '$.topicArn'),
            json_extract_scalar(request, '$.functionName'),
            json_extract_scalar(request, '$.layerName'),
            json_extract_scalar(request, '$.secretId'),
            json_extract_scalar(request, '$.repositoryName'),
            json_extract_scalar(request, '$.domainName'),
            json_extract_scalar(request, '$.vaultName'),
            json_extract_scalar(request, '$.backupVaultName'),
            json_extract_scalar(request, '$.eventBusName'),
            json_extract_scalar(request, '$.fileSystemId'),
            json_extract_scalar(request, '$.resourceArn'),
            json_extract_scalar(request, '$.policyName'),
            json_extract_scalar(request, '$.accountId')
        ) AS resource_id,
        CASE
            WHEN regexp_like(event_name, '^(Delete|Remove)') THEN 'removed'
            WHEN strpos(event_name, 'PublicAccessBlock') > 0 THEN 'public_access_block'
            WHEN strpos(event_name, 'Acl') > 0 THEN 'acl'
            WHEN regexp_like(event_name, '^(Add.*Permission|PutPermission)') THEN 'permission'
            ELSE 'policy'
        END AS change_made,
        coalesce(
            json_extract(request, '$.bucketPolicy'),
            json_extract(request, '$.attributes.Policy'),
            CASE
                WHEN json_extract_scalar(request, '$.attributeName') = 'Policy'
                    THEN json_extract(request, '$.attributeValue')
            END,
            json_extract(request, '$.resourcePolicy'),
            json_extract(request, '$.policyText'),
            json_extract(request, '$.policyDocument'),
            json_extract(request, '$.policyInJson'),
            json_extract(request, '$.accessPolicies'),
            json_extract(request, '$.policy.policy'),
            json_extract(request, '$.policy')
        ) AS policy_written,
        coalesce(
            try_cast(json_extract(request, '$.aWSAccountIds') AS ARRAY(varchar)),
            try_cast(json_extract(request, '$.aWSAccountId') AS ARRAY(varchar)),
            ARRAY[json_extract_scalar(request, '$.principal')]
        ) AS named_principals
    FROM activity
    WHERE
        (
            event_source = 's3.amazonaws.com'
            AND event_name IN (
                'PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketAcl', 'PutAccessPointPolicy',
                'DeleteAccessPointPolicy', 'PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock',
                'PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock'
            )
        )
        OR (event_source = 'kms.amazonaws.com' AND event_name = 'PutKeyPolicy')
        OR (
            event_source = 'sqs.amazonaws.com'
            AND (
                event_name IN ('AddPermission', 'RemovePermission')
                OR (event_name = 'SetQueueAttributes' AND json_extract(request, '$.attributes.Policy') IS NOT NULL)
            )
        )
        OR (
            event_source = 'sns.amazonaws.com'
            AND (
                event_name IN ('AddPermission', 'RemovePermission')
                OR (
                    event_name = 'SetTopicAttributes'
                    AND json_extract_scalar(request, '$.attributeName') = 'Policy'
                )
            )
        )
        OR (
            event_source = 'lambda.amazonaws.com'
            AND event_base_name IN (
                'AddPermission', 'RemovePermission', 'AddLayerVersionPermission', 'RemoveLayerVersionPermission'
            )
        )
        OR (
            event_source = 'secretsmanager.amazonaws.com'
            AND event_name IN ('PutResourcePolicy', 'DeleteResourcePolicy')
        )
        OR (
            event_source = 'ecr.amazonaws.com'
            AND event_name IN ('SetRepositoryPolicy', 'DeleteRepositoryPolicy', 'PutRegistryPolicy')
        )
        OR (
            event_source = 'es.amazonaws.com'
            AND event_name IN ('UpdateDomainConfig', 'UpdateElasticsearchDomainConfig')
            AND json_extract(request, '$.accessPolicies') IS NOT NULL
        )
        OR (
            event_source = 'glacier.amazonaws.com'
            AND event_name IN ('SetVaultAccessPolicy', 'DeleteVaultAccessPolicy')
        )
        OR (
            event_source = 'backup.amazonaws.com'
            AND event_name IN ('PutBackupVaultAccessPolicy', 'DeleteBackupVaultAccessPolicy')
        )
        OR (
            event_source IN ('logs.amazonaws.com', 'dynamodb.amazonaws.com', 'glue.amazonaws.com')
            AND event_name IN ('PutResourcePolicy', 'DeleteResourcePolicy')
        )
        OR (event_source = 'events.amazonaws.com' AND event_name IN ('PutPermission', 'RemovePermission'))
        OR (
            event_source = 'elasticfilesystem.amazonaws.com'
            AND event_name IN ('PutFileSystemPolicy', 'DeleteFileSystemPolicy')
        )
),

-- A policy logged as text is JSON inside JSON. One statement may stand without the list around it.
documents AS (
    SELECT
        calls.*,
        coalesce(
            json_extract(json_extract_scalar(policy_written, '$'), '$.Statement'),
            json_extract(policy_written, '$.Statement')
        ) AS policy_statements
    FROM calls
),

statements AS (
    SELECT
        documents.*,
        coalesce(try_cast(policy_statements AS ARRAY(json)), ARRAY[policy_statements]) AS listed
    FROM documents
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    resource_id,
    change_made,
    array_sort(
        array_distinct(
            filter(
                concat(
                    named_principals,
                    flatten(
                        transform(
                            filter(
                                listed,
                                statement -> coalesce(json_extract_scalar(statement, '$.Effect') = 'Allow', FALSE)
                            ),
                            statement -> concat(
                                ARRAY[
                                    json_extract_scalar(statement, '$.Principal'),
                                    json_extract_scalar(statement, '$.Principal.AWS'),
                                    json_extract_scalar(statement, '$.Principal.Service'),
                                    json_extract_scalar(statement, '$.Principal.Federated'),
                                    json_extract_scalar(statement, '$.Principal.CanonicalUser'),
                                    CASE
                                        WHEN json_extract(statement, '$.NotPrincipal') IS NOT NULL
                                            THEN 'NotPrincipal'
                                    END
                                ],
                                coalesce(
                                    try_cast(json_extract(statement, '$.Principal.AWS') AS ARRAY(varchar)), ARRAY[]
                                ),
                                coalesce(
                                    try_cast(json_extract(statement, '$.Principal.Service') AS ARRAY(varchar)),
                                    ARRAY[]
                                )
                            )
                        )
                    )
                ),
                principal -> principal IS NOT NULL
            )
        )
    ) AS admitted_principals,
    request_state,
    call_result,
    error_code,
    actor_kind,
    actor,
    person,
    mfa,
    invoked_by,
    source_address,
    event_id,
    log_file
FROM statements
ORDER BY event_time, account_id, event_id
