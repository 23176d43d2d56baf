/*---
id = "organisation.classification_tags"
version = 1
kind = "exception"
severity = "medium"
title.en = "Classification tags removed or changed"
title.pt_BR = "Tags de classificação removidas ou alteradas"
question.en = "Were the tags that say what data a resource holds, or which rules it is under, removed or changed?"
question.pt_BR = """\
As tags que dizem que dados um recurso contém, ou a que regras está sujeito, foram removidas ou alteradas?"""
needs = ["management:write"]
parameters = ["classification_tag_keys", "sensitive_buckets"]
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "effect", "tag_keys", "resource_arns"]
limits.en = [
  "The tag before the call is not logged: a tag that is written may be the same as before.",
  """\
  PutBucketTagging replaces all tags: replaced_without says that none of the keys is among the new ones of a \
  sensitive bucket, whether or not it was there before.""",
  """\
  Tags that are given when a resource is made do not count as changes. Tags of objects are covered only where the \
  trail logs S3 data events.""",
  """\
  The query covers S3, EC2, RDS, DynamoDB, KMS, Secrets Manager, Lambda and the tag editor for all services, but \
  neither the tags of identities nor the calls of other services for their own tags.""",
]
limits.pt_BR = [
  "A tag anterior à chamada não fica registrada: uma tag gravada pode ser igual à anterior.",
  """\
  PutBucketTagging substitui todas as tags: replaced_without diz que nenhuma das chaves está entre as novas de um \
  bucket sensível, existisse ou não antes.""",
  """\
  Tags definidas na criação de um recurso não contam como mudança. Tags de objetos só aparecem onde há eventos de \
  dados do S3.""",
  """\
  A consulta abrange S3, EC2, RDS, DynamoDB, KMS, Secrets Manager, Lambda e o editor de tags de todos os serviços, mas \
  não as tags de identidades nem as chamadas de outros serviços para as próprias tags.""",
]
remedy.en = "Compare with the inventory of data; set the tag right where rules or backups depend on it."
remedy.pt_BR = "Compare com o inventário de dados; corrija a tag onde regras ou backups dependam dela."

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
name = "effect"
type = "varchar"
title.en = "Effect"
title.pt_BR = "Efeito"

[[column]]
name = "tag_keys"
type = "array(varchar)"
title.en = "Tags"
title.pt_BR = "Tags"

[[column]]
name = "resource_arns"
type = "array(varchar)"
title.en = "Resources, as logged"
title.pt_BR = "Recursos, como registrados"

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

[[column]]
name = "log_file"
type = "varchar"
title.en = "Log file"
title.pt_BR = "Arquivo de log"
---*/

WITH
tagged AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        CASE
            WHEN regexp_like(event_name, '^(Untag|Remove|Delete)') THEN 'removed'
            WHEN event_name IN ('PutBucketTagging', 'PutObjectTagging') THEN 'replaced'
            ELSE 'written'
        END AS effect,
        CASE event_source
            WHEN 's3.amazonaws.com'
                -- One tag is an object, several are a list.
                THEN transform(
                    coalesce(
                        try(cast(json_extract(request, '$.Tagging.TagSet.Tag') AS ARRAY(json))),
                        ARRAY[json_extract(request, '$.Tagging.TagSet.Tag')]
                    ),
                    tag -> json_extract_scalar(tag, '$.Key')
                )
            WHEN 'ec2.amazonaws.com'
                THEN transform(
                    try(cast(json_extract(request, '$.tagSet.items') AS ARRAY(json))),
                    tag -> json_extract_scalar(tag, '$.key')
                )
            ELSE coalesce(
                try(cast(json_extract(request, '$.tagKeys') AS ARRAY(varchar))),
                map_keys(try(cast(json_extract(request, '$.tags') AS MAP (varchar, json)))),
                transform(
                    try(cast(json_extract(request, '$.tags') AS ARRAY(json))),
                    tag -> coalesce(
                        json_extract_scalar(tag, '$.key'),
                        json_extract_scalar(tag, '$.Key'),
                        json_extract_scalar(tag, '$.tagKey')
                    )
                )
            )
        END AS given_keys,
        filter(
            CASE event_source
                WHEN
                    's3.amazonaws.com'
                    THEN ARRAY[concat('arn:aws:s3:::', bucket_name, coalesce(concat('/', object_key), ''))]
                WHEN 'ec2.amazonaws.com'
                    THEN transform(
                        try(cast(json_extract(request, '$.resourcesSet.items') AS ARRAY(json))),
                        item -> json_extract_scalar(item, '$.resourceId')
                    )
                WHEN 'tagging.amazonaws.com'
                    THEN try(cast(json_extract(request, '$.resourceARNList') AS ARRAY(varchar)))
                ELSE ARRAY[
                    coalesce(
                        json_extract_scalar(request, '$.resourceArn'),
                        json_extract_scalar(request, '$.resourceName'),
                        json_extract_scalar(request, '$.keyId'),
                        json_extract_scalar(request, '$.secretId'),
                        json_extract_scalar(request, '$.resource')
                    )
                ]
            END,
            arn -> arn IS NOT NULL
        ) AS resource_arns,
        bucket_name,
        request_state,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        user_agent,
        event_id,
        log_file
    FROM activity
    WHERE
        call_result IN ('success', 'partial')
        AND (
            (event_source = 'tagging.amazonaws.com' AND event_name IN ('TagResources', 'UntagResources'))
            OR (
                event_source = 's3.amazonaws.com'
                AND event_name IN (
                    'PutBucketTagging', 'DeleteBucketTagging', 'PutObjectTagging', 'DeleteObjectTagging'
                )
            )
            OR (event_source = 'ec2.amazonaws.com' AND event_name IN ('CreateTags', 'DeleteTags'))
            OR (event_source = 'rds.amazonaws.com' AND event_name IN ('AddTagsToResource', 'RemoveTagsFromResource'))
            OR (
                event_source IN ('dynamodb.amazonaws.com', 'kms.amazonaws.com', 'secretsmanager.amazonaws.com')
                AND event_name IN ('TagResource', 'UntagResource')
            )
            OR (
                event_source = 'lambda.amazonaws.com'
                AND event_base_name IN ('TagResource', 'UntagResource')
            )
        )
),

judged AS (
    SELECT
        tagged.*,
        array_sort(filter(given_keys, given -> contains(:classification_tag_keys, given))) AS tag_keys
    FROM tagged
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    CASE
        WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
        WHEN event_name IN ('DeleteBucketTagging', 'DeleteObjectTagging') THEN 'all_removed'
        WHEN effect = 'replaced' AND coalesce(cardinality(tag_keys), 0) = 0 THEN 'replaced_without'
        ELSE effect
    END AS effect,
    tag_keys,
    resource_arns,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id,
    log_file
FROM judged
WHERE
    cardinality(tag_keys) > 0
    OR (event_name = 'PutBucketTagging' AND contains(:sensitive_buckets, bucket_name))
    OR event_name IN ('DeleteBucketTagging', 'DeleteObjectTagging')
    OR request_state IN ('omitted', 'unparseable')
ORDER BY event_time, account_id, event_id
