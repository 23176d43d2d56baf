/*---
id = "destruction.foreign_key_encryption"
version = 1
kind = "exception"
severity = "critical"
title.en = "Objects encrypted with a key of somebody else"
title.pt_BR = "Objetos criptografados com chave alheia"
question.en = """\
Did anyone write objects under a key that the account does not hold: one sent with the call, or one of an unknown \
account?"""
question.pt_BR = """\
Alguém gravou objetos sob uma chave que a conta não possui: enviada na chamada, ou de uma conta desconhecida?"""
needs = ["data:s3"]
parameters = ["trusted_accounts"]
grain = ["account_id", "bucket_name", "actor", "actor_kind", "person", "finding", "key_used"]
subject = ["account_id", "bucket_name", "actor", "finding", "key_used"]
limits.en = [
  """\
  Writes of objects are data events: without them nothing can be said. A key that is named by its id alone, and not \
  told by the answer of S3 either, is taken for the account's own.""",
  "Some applications encrypt with keys of their own on purpose; they write new objects and do not replace old ones.",
]
limits.pt_BR = [
  """\
  Gravações de objetos são eventos de dados: sem eles nada se pode dizer. Uma chave citada só pelo id, e que a \
  resposta do S3 também não diz qual é, é tida como da própria conta.""",
  "Algumas aplicações criptografam com chaves próprias de propósito; gravam objetos novos e não substituem antigos.",
]
remedy.en = """\
Treat it as extortion until explained: revoke the credential, keep older versions, and do not delete anything."""
remedy.pt_BR = """\
Trate como extorsão até haver explicação: revogue a credencial, preserve versões anteriores e não exclua nada."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "bucket_name"
type = "varchar"
title.en = "Bucket"
title.pt_BR = "Bucket"

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
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "key_used"
type = "varchar"
title.en = "Key"
title.pt_BR = "Chave"

[[column]]
name = "objects_written"
type = "bigint"
title.en = "Objects written"
title.pt_BR = "Objetos gravados"

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "source_addresses"
type = "array(varchar)"
title.en = "Source addresses"
title.pt_BR = "Endereços de origem"
personal = true

[[column]]
name = "first_time"
type = "timestamp"
title.en = "First time (UTC)"
title.pt_BR = "Primeira vez (UTC)"

[[column]]
name = "last_time"
type = "timestamp"
title.en = "Last time (UTC)"
title.pt_BR = "Última vez (UTC)"

[[column]]
name = "first_event_id"
type = "varchar"
title.en = "Id of the first event"
title.pt_BR = "Id do primeiro evento"
---*/

WITH
writes AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        person,
        source_address,
        event_time,
        event_id,
        object_key,
        json_extract_scalar(request, '$.bucketName') AS bucket_name,
        -- As S3 answers it, which also tells the key behind an id, an alias or the bucket's default.
        coalesce(
            json_extract_scalar(response, '$["x-amz-server-side-encryption-aws-kms-key-id"]'),
            CASE
                WHEN event_name = 'UpdateObjectEncryption'
                    THEN regexp_extract(request, '"(arn:[^:"]*:kms:[^"]*)"', 1)
            END,
            json_extract_scalar(request, '$["x-amz-server-side-encryption-aws-kms-key-id"]'),
            json_extract_scalar(request, '$["x-amz-server-side-encryption-aws-kms-key-id"][0]')
        ) AS kms_key,
        coalesce(
            json_extract(request, '$["x-amz-server-side-encryption-customer-algorithm"]') IS NOT NULL
            OR json_extract_scalar(additional, '$.SSEApplied') = 'SSE_C',
            FALSE
        ) AS is_sent_along
    FROM activity
    WHERE
        event_source = 's3.amazonaws.com'
        AND event_name IN (
            'PutObject', 'CopyObject', 'UploadPart', 'UploadPartCopy', 'CreateMultipartUpload', 'UpdateObjectEncryption'
        )
        AND call_result = 'success'
),

judged AS (
    SELECT
        writes.*,
        CASE
            WHEN is_sent_along THEN 'key_sent_along'
            WHEN
                regexp_extract(kms_key, '^arn:[^:]*:kms:[^:]*:([0-9]{12}):', 1) <> account_id
                AND NOT contains(:trusted_accounts, regexp_extract(kms_key, '^arn:[^:]*:kms:[^:]*:([0-9]{12}):', 1))
                THEN 'key_of_other_account'
        END AS finding
    FROM writes
),

numbered AS (
    SELECT
        judged.*,
        CASE WHEN finding = 'key_of_other_account' THEN kms_key END AS key_used,
        row_number() OVER (
            PARTITION BY
                account_id, bucket_name, actor, actor_kind, person, finding,
                CASE WHEN finding = 'key_of_other_account' THEN kms_key END
            ORDER BY event_time, event_id
        ) AS nth
    FROM judged
    WHERE finding IS NOT NULL
)

SELECT
    account_id,
    bucket_name,
    actor,
    actor_kind,
    person,
    finding,
    key_used,
    count(DISTINCT object_key) AS objects_written,
    count(*) AS calls,
    slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
        AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id
FROM numbered
GROUP BY account_id, bucket_name, actor, actor_kind, person, finding, key_used
ORDER BY account_id, bucket_name, actor, actor_kind, person, finding, key_used
