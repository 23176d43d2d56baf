/*---
id = "data.key_use"
version = 1
kind = "metric"
severity = "info"
title.en = "Use of sensitive keys"
title.pt_BR = "Uso de chaves sensíveis"
question.en = "How often was each sensitive key used, by which identities and services, and for which resource?"
question.pt_BR = """\
Com que frequência cada chave sensível foi usada, por quais identidades e serviços, e para qual recurso?"""
needs = ["kms"]
parameters = ["sensitive_keys"]
grain = ["account_id", "key_arn", "event_name", "actor", "actor_kind", "invoked_by", "used_for"]
limits.en = [
  """\
  What a key was used for is told by the encryption context, where the caller gives one: of objects in S3 it is the \
  bucket.""",
  "With bucket keys S3 calls KMS once for many objects: these counts are no counts of objects.",
]
limits.pt_BR = [
  "A finalidade do uso de uma chave está no contexto de criptografia, quando há: para objetos do S3, é o bucket.",
  "Com chaves de bucket o S3 chama o KMS uma vez para muitos objetos: estas contagens não são de objetos.",
]
remedy.en = "Compare the identities with those that the key's policy is meant for, and the volume with earlier months."
remedy.pt_BR = """\
Compare as identidades com aquelas a que a política da chave se destina, e o volume com meses anteriores."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "key_arn"
type = "varchar"
title.en = "Key"
title.pt_BR = "Chave"

[[column]]
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

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
name = "invoked_by"
type = "varchar"
title.en = "Through the service"
title.pt_BR = "Por meio do serviço"

[[column]]
name = "used_for"
type = "varchar"
title.en = "Used for"
title.pt_BR = "Usada para"

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "without_effect"
type = "bigint"
title.en = "Without effect"
title.pt_BR = "Sem efeito"

[[column]]
name = "days_active"
type = "bigint"
title.en = "Days active"
title.pt_BR = "Dias com atividade"

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
---*/

WITH calls AS (
    SELECT
        account_id,
        event_name,
        actor,
        actor_kind,
        invoked_by,
        call_result,
        event_time,
        -- A symmetric Decrypt names no key in its request.
        element_at(filter(resources, held -> contains(:sensitive_keys, held.arn)), 1).arn AS key_arn,
        coalesce(
            regexp_extract(
                json_extract_scalar(request, '$.encryptionContext["aws:s3:arn"]'), '^(arn:[^:]*:s3:::[^/]+)', 1
            ),
            json_extract_scalar(request, '$.encryptionContext["aws:secretsmanager:arn"]'),
            json_extract_scalar(request, '$.encryptionContext["aws:dynamodb:tableName"]'),
            json_extract_scalar(request, '$.encryptionContext["aws:ebs:id"]')
        ) AS used_for
    FROM activity
    WHERE
        event_source = 'kms.amazonaws.com'
        AND event_name IN (
            'Decrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'ReEncrypt', 'Sign', 'Verify',
            'GenerateMac', 'VerifyMac'
        )
)

SELECT
    account_id,
    key_arn,
    event_name,
    actor,
    actor_kind,
    invoked_by,
    used_for,
    count_if(call_result = 'success') AS calls,
    count_if(call_result NOT IN ('success', 'partial', 'unknown')) AS without_effect,
    count(DISTINCT date_trunc('day', event_time)) AS days_active,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM calls
WHERE key_arn IS NOT NULL
GROUP BY account_id, key_arn, event_name, actor, actor_kind, invoked_by, used_for
ORDER BY account_id, key_arn, event_name, actor, actor_kind, invoked_by, used_for
