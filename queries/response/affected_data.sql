/*---
id = "response.affected_data"
version = 1
kind = "population"
severity = "info"
title.en = "Data that the identities of a case reached"
title.pt_BR = "Dados acessados pelas identidades de um caso"
question.en = """\
Which stores did the identities of a case reach, how many objects of them, and how many bytes were sent out?"""
question.pt_BR = """\
Quais repositórios as identidades de um caso acessaram, quantos objetos deles e quantos bytes foram enviados?"""
needs = ["management:read", "management:write", "data:s3"]
parameters = ["case_principals", "case_keys", "sensitive_buckets"]
grain = ["account_id", "event_source", "store", "event_name", "actor"]
limits.en = [
  """\
  The counts are a lower bound wherever data events are not logged: S3 objects, items of DynamoDB, and queries \
  inside databases.""",
  "Objects of a batch deletion, and rows that a query read, are not named in the log.",
]
limits.pt_BR = [
  """\
  As contagens são um limite inferior onde eventos de dados não são registrados: objetos do S3, itens do DynamoDB e \
  consultas dentro de bancos.""",
  "Objetos de uma exclusão em lote, e linhas lidas por uma consulta, não são citados no log.",
]
remedy.en = """\
Use it to bound whose data was affected, for the notices that LGPD Art. 48, GDPR Arts. 33 and 34 and HIPAA 164.404 \
ask for, and state what was not logged."""
remedy.pt_BR = """\
Use-a para delimitar de quem são os dados afetados, para as comunicações de que tratam o Art. 48 da LGPD, os Arts. \
33 e 34 do GDPR e o 164.404 da HIPAA, e declare o que não foi registrado."""

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
name = "store"
type = "varchar"
title.en = "Store"
title.pt_BR = "Repositório"

[[column]]
name = "is_sensitive"
type = "boolean"
title.en = "In sensitive_buckets"
title.pt_BR = "Em sensitive_buckets"

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
name = "actions"
type = "bigint"
title.en = "Actions"
title.pt_BR = "Ações"

[[column]]
name = "without_effect"
type = "bigint"
title.en = "Without effect"
title.pt_BR = "Sem efeito"

[[column]]
name = "objects_named"
type = "bigint"
title.en = "Objects named"
title.pt_BR = "Objetos citados"

[[column]]
name = "bytes_out"
type = "bigint"
title.en = "Bytes sent out"
title.pt_BR = "Bytes enviados"

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

WITH reached AS (
    SELECT
        account_id,
        event_source,
        event_name,
        actor,
        call_result,
        event_time,
        bytes_out,
        CASE event_source
            WHEN 's3.amazonaws.com' THEN bucket_name
            WHEN 'dynamodb.amazonaws.com' THEN json_extract_scalar(request, '$.tableName')
            WHEN 'rdsdata.amazonaws.com' THEN json_extract_scalar(request, '$.resourceArn')
            WHEN 'secretsmanager.amazonaws.com' THEN json_extract_scalar(request, '$.secretId')
            WHEN 'ssm.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.name'),
                    json_extract_scalar(request, '$.names[0]'),
                    json_extract_scalar(request, '$.path')
                )
            WHEN 'rds.amazonaws.com' THEN json_extract_scalar(request, '$.sourceArn')
            WHEN 'ec2.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.volumeId'), json_extract_scalar(request, '$.snapshotId')
                )
            ELSE element_at(resources, 1).arn
        END AS store,
        object_key
    FROM activity
    WHERE
        (
            (
                event_source = 's3.amazonaws.com'
                AND event_name IN (
                    'GetObject',
                    'HeadObject',
                    'SelectObjectContent',
                    'CopyObject',
                    'ListObjects',
                    'PutObject',
                    'DeleteObject',
                    'DeleteObjects'
                )
            )
            OR (
                event_source = 'dynamodb.amazonaws.com'
                AND event_name IN ('GetItem', 'Query', 'Scan', 'ExportTableToPointInTime')
            )
            OR (event_source = 'rdsdata.amazonaws.com' AND event_name IN ('ExecuteStatement', 'BatchExecuteStatement'))
            OR (event_source = 'secretsmanager.amazonaws.com' AND event_name = 'GetSecretValue')
            OR (
                event_source = 'ssm.amazonaws.com'
                AND event_name IN ('GetParameter', 'GetParameters', 'GetParametersByPath')
            )
            OR (event_source = 'kms.amazonaws.com' AND event_name = 'Decrypt')
            OR (event_source = 'rds.amazonaws.com' AND event_name = 'StartExportTask')
            OR (event_source = 'ec2.amazonaws.com' AND event_name IN ('CreateSnapshot', 'ModifySnapshotAttribute'))
        )
        AND (
            any_match(
                :case_principals, named -> actor LIKE replace(replace(named, '_', '!_'), '*', '%') ESCAPE '!'
            )
            OR contains(:case_principals, person)
            OR contains(:case_keys, access_key_id)
        )
)

SELECT
    account_id,
    event_source,
    store,
    coalesce(contains(:sensitive_buckets, store), FALSE) AS is_sensitive,
    event_name,
    actor,
    count_if(call_result IN ('success', 'partial')) AS actions,
    count_if(call_result NOT IN ('success', 'partial', 'unknown')) AS without_effect,
    count(DISTINCT CASE WHEN call_result IN ('success', 'partial') THEN object_key END) AS objects_named,
    sum(bytes_out) AS bytes_out,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM reached
GROUP BY account_id, event_source, store, event_name, actor
ORDER BY account_id, event_source, store, event_name, actor
