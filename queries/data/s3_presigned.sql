/*---
id = "data.s3_presigned"
version = 1
kind = "metric"
severity = "info"
title.en = "Sensitive objects by presigned address"
title.pt_BR = "Objetos sensíveis por endereço pré-assinado"
question.en = "How much of sensitive buckets was read or written by presigned addresses, and who signed them?"
question.pt_BR = "Quanto dos buckets sensíveis foi lido ou gravado por endereços pré-assinados, e quem os assinou?"
needs = ["data:s3"]
parameters = ["sensitive_buckets"]
grain = ["account_id", "bucket_name", "event_name", "actor", "actor_kind"]
limits.en = [
  "The identity is whoever signed; whoever used the address is known by the source address alone.",
  "Sessions of the S3 console also sign in the address for downloads.",
]
limits.pt_BR = [
  "A identidade é a de quem assinou; quem usou o endereço só se conhece pelo endereço de origem.",
  "O console do S3 também assina no endereço para downloads.",
]
remedy.en = """\
Compare with the applications that are meant to hand out such addresses, and with how long these are valid."""
remedy.pt_BR = "Compare com as aplicações que devem distribuir esses endereços, e com o tempo pelo qual são válidos."

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

SELECT
    account_id,
    bucket_name,
    event_name,
    actor,
    actor_kind,
    count_if(call_result = 'success') AS calls,
    count_if(call_result NOT IN ('success', 'partial', 'unknown')) AS without_effect,
    count(DISTINCT CASE WHEN call_result = 'success' THEN object_key END) AS objects_named,
    sum(CASE WHEN call_result = 'success' THEN bytes_out END) AS bytes_out,
    count(DISTINCT source_address) AS source_address_count,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM activity
WHERE
    event_source = 's3.amazonaws.com'
    AND event_name IN ('GetObject', 'PutObject')
    AND contains(:sensitive_buckets, bucket_name)
    AND json_extract_scalar(additional, '$.AuthenticationMethod') = 'QueryString'
GROUP BY account_id, bucket_name, event_name, actor, actor_kind
ORDER BY account_id, bucket_name, event_name, actor, actor_kind
