/*---
id = "data.s3_anonymous"
version = 1
kind = "exception"
severity = "critical"
title.en = "Objects read or written without any identity"
title.pt_BR = "Objetos lidos ou gravados sem nenhuma identidade"
question.en = "Did anyone who did not identify themselves read, list, write or delete objects?"
question.pt_BR = "Alguém que não se identificou leu, listou, gravou ou excluiu objetos?"
needs = ["data:s3"]
parameters = ["public_buckets"]
grain = ["account_id", "bucket_name", "event_name"]
subject = ["account_id", "bucket_name", "event_name"]
limits.en = [
  """\
  Buckets in public_buckets are left out. Attempts without effect are counted in their own column, and make no row by \
  themselves.""",
  "Whoever comes through CloudFront has the identity of the distribution.",
]
limits.pt_BR = [
  """\
  Buckets em public_buckets ficam de fora. Tentativas sem efeito são contadas em coluna própria e, sozinhas, não geram \
  linha.""",
  "Quem vem pelo CloudFront tem a identidade da distribuição.",
]
remedy.en = """\
Close the bucket to the public, then find out since when it was open and what was read: treat that as disclosed."""
remedy.pt_BR = """\
Feche o bucket ao público e apure desde quando estava aberto e o que foi lido: considere isso divulgado."""

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
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

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
name = "objects_named"
type = "bigint"
title.en = "Objects named"
title.pt_BR = "Objetos citados"

[[column]]
name = "bytes_out"
type = "bigint"
title.en = "Bytes sent"
title.pt_BR = "Bytes enviados"

[[column]]
name = "source_addresses"
type = "array(varchar)"
title.en = "Source addresses"
title.pt_BR = "Endereços de origem"
personal = true

[[column]]
name = "source_address_count"
type = "bigint"
title.en = "Source addresses (count)"
title.pt_BR = "Endereços de origem (quantidade)"

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
        bucket_name,
        event_name,
        count_if(call_result IN ('success', 'partial')) AS calls,
        count_if(call_result NOT IN ('success', 'partial', 'unknown')) AS without_effect,
        count(DISTINCT CASE WHEN call_result = 'success' THEN object_key END) AS objects_named,
        sum(CASE WHEN call_result = 'success' THEN bytes_out END) AS bytes_out,
        slice(
            array_sort(
                array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL AND call_result = 'success')
            ),
            1,
            20
        ) AS source_addresses,
        count(DISTINCT CASE WHEN call_result = 'success' THEN source_address END) AS source_address_count,
        min(CASE WHEN call_result = 'success' THEN event_time END) AS first_time,
        max(CASE WHEN call_result = 'success' THEN event_time END) AS last_time
    FROM activity
    WHERE
        event_source = 's3.amazonaws.com'
        AND event_name IN (
            'GetObject', 'HeadObject', 'ListObjects', 'SelectObjectContent', 'PutObject', 'CopyObject', 'DeleteObject',
            'DeleteObjects'
        )
        AND actor_kind = 'anonymous'
        AND NOT coalesce(contains(:public_buckets, bucket_name), FALSE)
    GROUP BY account_id, bucket_name, event_name
)

SELECT
    account_id,
    bucket_name,
    event_name,
    calls,
    without_effect,
    objects_named,
    bytes_out,
    source_addresses,
    source_address_count,
    first_time,
    last_time
FROM calls
WHERE calls > 0
ORDER BY account_id, bucket_name, event_name
