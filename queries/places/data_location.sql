/*---
id = "places.data_location"
version = 1
kind = "metric"
severity = "info"
title.en = "Where data is stored, read and written"
title.pt_BR = "Onde os dados são guardados, lidos e gravados"
question.en = "In which regions were data stores created, and sensitive buckets read and written?"
question.pt_BR = "Em quais regiões foram criados repositórios de dados, e lidos e gravados os buckets sensíveis?"
needs = ["management:write", "data:s3"]
parameters = ["sensitive_buckets"]
grain = ["account_id", "region", "event_source", "use_kind", "store"]
limits.en = [
  "Stores that were there before the period, and were not touched in it, do not appear.",
  "Reads and writes are of sensitive buckets only; those of databases happen inside the database.",
]
limits.pt_BR = [
  "Repositórios que já existiam e não foram acessados no período não aparecem.",
  "Leituras e gravações são apenas dos buckets sensíveis; as de bancos de dados acontecem dentro do banco.",
]
remedy.en = """\
Compare the regions with the register of processing and with the transfers to other countries that it allows."""
remedy.pt_BR = """\
Compare as regiões com o registro das operações de tratamento e com as transferências internacionais que ele \
permite."""

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
name = "use_kind"
type = "varchar"
title.en = "Use"
title.pt_BR = "Uso"

[[column]]
name = "store"
type = "varchar"
title.en = "Store"
title.pt_BR = "Repositório"

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "actors"
type = "bigint"
title.en = "Actors (count)"
title.pt_BR = "Autores (quantidade)"

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

WITH touched AS (
    SELECT
        account_id,
        region,
        event_source,
        CASE
            WHEN event_name IN ('GetObject', 'SelectObjectContent') THEN 'read'
            WHEN event_name IN ('PutObject', 'CopyObject', 'CompleteMultipartUpload') THEN 'written'
            ELSE 'created'
        END AS use_kind,
        CASE event_source
            WHEN 's3.amazonaws.com' THEN bucket_name
            WHEN 'rds.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.dBInstanceIdentifier'),
                    json_extract_scalar(request, '$.dBClusterIdentifier')
                )
            WHEN 'dynamodb.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.tableName'), json_extract_scalar(request, '$.globalTableName')
                )
            WHEN 'elasticfilesystem.amazonaws.com' THEN json_extract_scalar(response, '$.fileSystemId')
            WHEN 'redshift.amazonaws.com' THEN json_extract_scalar(request, '$.clusterIdentifier')
            ELSE json_extract_scalar(response, '$.volumeId')
        END AS store,
        actor,
        bytes_out,
        event_time
    FROM activity
    WHERE
        call_result IN ('success', 'partial')
        AND (
            (
                event_source = 's3.amazonaws.com'
                AND event_name IN (
                    'CreateBucket',
                    'GetObject',
                    'SelectObjectContent',
                    'PutObject',
                    'CopyObject',
                    'CompleteMultipartUpload'
                )
                AND (event_name = 'CreateBucket' OR contains(:sensitive_buckets, bucket_name))
            )
            OR (event_source = 'rds.amazonaws.com' AND event_name IN ('CreateDBInstance', 'CreateDBCluster'))
            OR (event_source = 'dynamodb.amazonaws.com' AND event_name IN ('CreateTable', 'CreateGlobalTable'))
            OR (event_source = 'elasticfilesystem.amazonaws.com' AND event_name = 'CreateFileSystem')
            OR (event_source = 'redshift.amazonaws.com' AND event_name = 'CreateCluster')
            OR (event_source = 'ec2.amazonaws.com' AND event_name = 'CreateVolume')
        )
)

SELECT
    account_id,
    region,
    event_source,
    use_kind,
    store,
    count(*) AS calls,
    count(DISTINCT actor) AS actors,
    sum(bytes_out) AS bytes_out,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM touched
GROUP BY account_id, region, event_source, use_kind, store
ORDER BY account_id, region, event_source, use_kind, store
