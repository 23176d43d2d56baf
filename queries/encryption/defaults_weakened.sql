/*---
id = "encryption.defaults_weakened"
version = 1
kind = "exception"
severity = "high"
title.en = "Encryption defaults removed or weakened"
title.pt_BR = "Criptografia padrão removida ou enfraquecida"
question.en = """\
Was encryption that applies by default switched off or moved to another key: volumes, buckets, log groups, streams, \
topics, queues, tables?"""
question.pt_BR = """\
A criptografia aplicada por padrão foi desligada ou mudou de chave: volumes, buckets, grupos de logs, streams, \
tópicos, filas, tabelas?"""
needs = ["management:write"]
parameters = ["buckets_with_own_keys", "trusted_accounts"]
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "region", "event_source", "effect", "resource_id"]
limits.en = [
  """\
  other_key: volumes have another KMS key by default from now on, whether or not it is one's own. foreign_key: a key \
  of an account that is not in trusted_accounts; whoever holds it can lock the data away.""",
  """\
  own_key_lost: the service's own key is the default from now on. Of a bucket whose default was written anew, only \
  buckets_with_own_keys tells that it should have another.""",
  """\
  S3 encrypts every new object since January 2023, and SQS and DynamoDB encrypt too: what is lost there is the key \
  of one's own, with its policy and its log.""",
  "Data that was written before keeps the encryption that it has.",
]
limits.pt_BR = [
  """\
  other_key: volumes passam a ter outra chave KMS por padrão, seja ou não própria. foreign_key: uma chave de conta \
  que não está em trusted_accounts; quem a detém pode bloquear o acesso aos dados.""",
  """\
  own_key_lost: a chave do próprio serviço passa a ser a padrão. De um bucket cujo padrão foi regravado, só \
  buckets_with_own_keys diz que deveria ter outra.""",
  """\
  O S3 criptografa todo objeto novo desde janeiro de 2023, e SQS e DynamoDB também criptografam: o que se perde é a \
  chave própria, com sua política e seu log.""",
  "Dados gravados antes mantêm a criptografia que têm.",
]
remedy.en = "Ask for the approved change; set the default again and encrypt anew what was written meanwhile."
remedy.pt_BR = "Peça a mudança aprovada; restaure o padrão e recriptografe o que foi gravado nesse meio-tempo."

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
name = "resource_id"
type = "varchar"
title.en = "Resource"
title.pt_BR = "Recurso"

[[column]]
name = "kms_key"
type = "varchar"
title.en = "KMS key"
title.pt_BR = "Chave KMS"

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
calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        request,
        response,
        bucket_name,
        request_state,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        user_agent,
        event_id,
        log_file,
        -- The key that a call sets, wherever it names one.
        CASE event_source
            WHEN 's3.amazonaws.com' THEN regexp_extract(request, '"KMSMasterKeyID"[ ]*:[ ]*"([^"]+)"', 1)
            WHEN 'logs.amazonaws.com' THEN json_extract_scalar(request, '$.kmsKeyId')
            WHEN 'kinesis.amazonaws.com'
                THEN CASE WHEN event_name = 'StartStreamEncryption' THEN json_extract_scalar(request, '$.keyId') END
            WHEN 'dynamodb.amazonaws.com' THEN json_extract_scalar(request, '$.sSESpecification.kMSMasterKeyId')
            WHEN 'sns.amazonaws.com'
                THEN CASE
                    WHEN json_extract_scalar(request, '$.attributeName') = 'KmsMasterKeyId'
                        THEN json_extract_scalar(request, '$.attributeValue')
                END
            WHEN 'sqs.amazonaws.com' THEN json_extract_scalar(request, '$.attributes.KmsMasterKeyId')
        END AS key_named
    FROM activity
    WHERE
        call_result = 'success'
        AND (
            (
                event_source = 'ec2.amazonaws.com'
                AND event_name IN (
                    'DisableEbsEncryptionByDefault', 'ModifyEbsDefaultKmsKeyId', 'ResetEbsDefaultKmsKeyId'
                )
            )
            OR (event_source = 's3.amazonaws.com' AND event_name IN ('DeleteBucketEncryption', 'PutBucketEncryption'))
            OR (event_source = 'logs.amazonaws.com' AND event_name IN ('AssociateKmsKey', 'DisassociateKmsKey'))
            OR (event_source = 'dynamodb.amazonaws.com' AND event_name = 'UpdateTable')
            OR (
                event_source = 'kinesis.amazonaws.com'
                AND event_name IN ('StartStreamEncryption', 'StopStreamEncryption')
            )
            OR (event_source = 'sns.amazonaws.com' AND event_name = 'SetTopicAttributes')
            OR (event_source = 'sqs.amazonaws.com' AND event_name = 'SetQueueAttributes')
        )
),

changes AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        CASE
            WHEN
                event_name IN (
                    'DisableEbsEncryptionByDefault', 'DisassociateKmsKey', 'StopStreamEncryption'
                )
                THEN 'switched_off'
            WHEN event_name = 'DeleteBucketEncryption' THEN 'own_key_lost'
            WHEN event_name IN ('ModifyEbsDefaultKmsKeyId', 'ResetEbsDefaultKmsKeyId') THEN 'other_key'
            WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
            WHEN
                regexp_extract(key_named, '^arn:[^:]*:kms:[^:]*:([0-9]{12}):', 1) <> account_id
                AND NOT contains(
                    :trusted_accounts, regexp_extract(key_named, '^arn:[^:]*:kms:[^:]*:([0-9]{12}):', 1)
                )
                THEN 'foreign_key'
            WHEN event_name = 'PutBucketEncryption'
                THEN CASE
                    WHEN
                        any_match(
                            :buckets_with_own_keys,
                            listed -> bucket_name LIKE replace(replace(listed, '_', '!_'), '*', '%') ESCAPE '!'
                        )
                        -- One rule is an object, several are a list.
                        AND NOT coalesce(
                            any_match(
                                coalesce(
                                    try(
                                        cast(
                                            json_extract(request, '$.ServerSideEncryptionConfiguration.Rule')
                                            AS ARRAY(json)
                                        )
                                    ),
                                    ARRAY[json_extract(request, '$.ServerSideEncryptionConfiguration.Rule')]
                                ),
                                rule -> json_extract_scalar(
                                    rule, '$.ApplyServerSideEncryptionByDefault.KMSMasterKeyID'
                                ) <> ''
                            ),
                            FALSE
                        )
                        THEN 'own_key_lost'
                END
            WHEN event_name = 'UpdateTable'
                THEN CASE
                    WHEN json_extract_scalar(request, '$.sSESpecification.enabled') = 'false' THEN 'own_key_lost'
                END
            WHEN event_name = 'SetTopicAttributes'
                THEN CASE
                    WHEN
                        json_extract_scalar(request, '$.attributeName') = 'KmsMasterKeyId'
                        AND coalesce(json_extract_scalar(request, '$.attributeValue'), '') = ''
                        THEN 'switched_off'
                END
            WHEN event_name = 'SetQueueAttributes'
                THEN CASE
                    WHEN json_extract_scalar(request, '$.attributes.SqsManagedSseEnabled') = 'false'
                        THEN 'switched_off'
                    WHEN json_extract_scalar(request, '$.attributes.KmsMasterKeyId') = '' THEN 'own_key_lost'
                END
        END AS effect,
        CASE event_source
            WHEN 's3.amazonaws.com' THEN bucket_name
            ELSE coalesce(
                json_extract_scalar(request, '$.logGroupName'),
                json_extract_scalar(request, '$.resourceIdentifier'),
                json_extract_scalar(request, '$.tableName'),
                json_extract_scalar(request, '$.streamName'),
                json_extract_scalar(request, '$.streamARN'),
                json_extract_scalar(request, '$.topicArn'),
                json_extract_scalar(request, '$.queueUrl')
            )
        END AS resource_id,
        CASE
            WHEN event_name = 'ModifyEbsDefaultKmsKeyId'
                THEN coalesce(
                    json_extract_scalar(response, '$.ModifyEbsDefaultKmsKeyIdResponse.kmsKeyId'),
                    json_extract_scalar(request, '$.ModifyEbsDefaultKmsKeyIdRequest.KmsKeyId')
                )
            ELSE nullif(key_named, '')
        END AS kms_key,
        request_state,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        user_agent,
        event_id,
        log_file
    FROM calls
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    effect,
    resource_id,
    kms_key,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id,
    log_file
FROM changes
WHERE effect IS NOT NULL
ORDER BY event_time, account_id, event_id
