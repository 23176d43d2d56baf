/*---
id = "logging.log_bucket_tampering"
version = 1
kind = "exception"
severity = "critical"
title.en = "Tampering with the audit logs"
title.pt_BR = "Adulteração dos logs de auditoria"
question.en = """\
Who deleted, overwrote or tried to alter objects in the audit-log buckets, or changed what protects these buckets?"""
question.pt_BR = """\
Quem excluiu, sobrescreveu ou tentou alterar objetos nos buckets de logs de auditoria, ou mudou o que protege \
esses buckets?"""
needs = ["management:write", "data:s3"]
parameters = ["audit_log_buckets", "log_delivery_services"]
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "bucket_name", "event_name", "actor"]
limits.en = [
  """\
  Objects are covered only where the trail logs S3 data events of these buckets. A batch deletion (DeleteObjects, \
  and every deletion in the console) is logged without the keys.""",
  "Deletion by a lifecycle rule leaves no event; the rule that was put does, with its shortest expiration.",
  """\
  Whether an object was overwritten or new is not logged: every object that was not written by a log delivery \
  service is listed.""",
  "Deletion of the KMS key that encrypts the logs makes them unreadable and is not in this list.",
]
limits.pt_BR = [
  """\
  Os objetos só aparecem onde a trilha registra eventos de dados do S3 desses buckets. Uma exclusão em lote \
  (DeleteObjects, e toda exclusão pelo console) é registrada sem as chaves.""",
  "A exclusão por regra de ciclo de vida não gera evento; a regra gravada gera, com a menor expiração.",
  """\
  Não se registra se um objeto foi sobrescrito ou é novo: é listado todo objeto não gravado por um serviço de entrega \
  de logs.""",
  "A exclusão da chave KMS que criptografa os logs os torna ilegíveis e não está nesta lista.",
]
remedy.en = """\
Ask for the approved change. For deletions restore the objects from versions, a replica or a backup, and check the \
digests of that time; denied attempts show that the protection held, and want an explanation too."""
remedy.pt_BR = """\
Peça a mudança aprovada. Nas exclusões, restaure os objetos a partir de versões, réplica ou backup e confira os \
arquivos de resumo do intervalo; tentativas negadas mostram que a proteção funcionou, e também pedem explicação."""

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
name = "area"
type = "varchar"
title.en = "Area"
title.pt_BR = "Área"

[[column]]
name = "bucket_name"
type = "varchar"
title.en = "Bucket"
title.pt_BR = "Bucket"

[[column]]
name = "object_key"
type = "varchar"
title.en = "Object"
title.pt_BR = "Objeto"
personal = true

[[column]]
name = "versioning"
type = "varchar"
title.en = "Versioning after it"
title.pt_BR = "Versionamento resultante"

[[column]]
name = "shortest_expiration_days"
type = "bigint"
title.en = "Shortest expiration (days)"
title.pt_BR = "Menor expiração (dias)"

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

WITH changes AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        CASE WHEN management_event THEN 'protection' ELSE 'object' END AS area,
        bucket_name,
        object_key,
        json_extract_scalar(request, '$.VersioningConfiguration.Status') AS versioning,
        -- One rule is an object, several are a list.
        filter(
            transform(
                coalesce(
                    try(cast(json_extract(request, '$.LifecycleConfiguration.Rule') AS ARRAY(json))),
                    ARRAY[json_extract(request, '$.LifecycleConfiguration.Rule')]
                ),
                rule -> try_cast(json_extract_scalar(rule, '$.Expiration.Days') AS bigint)
            ),
            days -> days IS NOT NULL
        ) AS expirations,
        call_result,
        error_code,
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
        event_source = 's3.amazonaws.com'
        AND event_name IN (
            'DeleteObject', 'DeleteObjects', 'PutObject', 'CopyObject', 'CompleteMultipartUpload',
            'PutObjectAcl', 'PutObjectRetention', 'PutObjectLegalHold',
            'DeleteBucket', 'PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketAcl',
            'PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock',
            'PutBucketOwnershipControls', 'DeleteBucketOwnershipControls',
            'PutBucketLifecycle', 'DeleteBucketLifecycle', 'PutBucketVersioning',
            'PutBucketReplication', 'DeleteBucketReplication', 'PutBucketLogging',
            'PutBucketEncryption', 'DeleteBucketEncryption', 'PutBucketObjectLockConfiguration'
        )
        -- Services that deliver logs write them as themselves; a person behind a service is another kind of actor.
        AND NOT (
            event_name IN ('PutObject', 'CompleteMultipartUpload')
            AND actor_kind = 'aws_service'
            AND coalesce(contains(:log_delivery_services, actor), FALSE)
        )
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    area,
    bucket_name,
    object_key,
    versioning,
    array_min(expirations) AS shortest_expiration_days,
    call_result,
    error_code,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id
FROM changes
WHERE
    contains(:audit_log_buckets, bucket_name)
    -- Where neither request nor resources can be read, it may be any bucket.
    OR (bucket_name IS NULL AND request_state IN ('omitted', 'unparseable'))
ORDER BY event_time, account_id, event_id
