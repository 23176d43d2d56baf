/*---
id = "data.s3_volume"
version = 1
kind = "exception"
severity = "high"
title.en = "Unusually much taken from sensitive buckets"
title.pt_BR = "Volume incomum retirado de buckets sensíveis"
question.en = "Who took much more from sensitive buckets on one day than on any day of the look-back?"
question.pt_BR = "Quem retirou de buckets sensíveis, em um dia, muito mais do que em qualquer dia da janela anterior?"
needs = ["data:s3"]
parameters = ["sensitive_buckets", "baseline_days", "volume_factor", "volume_floor_bytes", "time_zone"]
lookback_days = "baseline_days"
grain = ["account_id", "local_day", "actor", "actor_kind"]
subject = ["account_id", "actor"]
limits.en = [
  "Compared is the busiest day before the period, not an average: a large day of the past hides an equal one.",
  "no_history: the identity read nothing in the look-back, so nothing can be said of what is usual.",
  "Bytes are those that S3 sent out. What a copy within S3 moves is not among them.",
]
limits.pt_BR = [
  """\
  Compara-se com o dia de maior volume antes do período, não com a média: um dia grande no passado encobre outro \
  igual.""",
  "no_history: a identidade nada leu na janela anterior, portanto nada se pode dizer do que é habitual.",
  "Os bytes são os que o S3 enviou. O que uma cópia dentro do S3 transfere não entra nessa conta.",
]
remedy.en = "Ask for the reason, and where the data went. Read the list of objects in data.s3_object_reads."
remedy.pt_BR = "Pergunte o motivo e para onde foram os dados. Leia a lista de objetos em data.s3_object_reads."

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "local_day"
type = "date"
title.en = "Day (local)"
title.pt_BR = "Dia (local)"

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
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "bytes_out"
type = "bigint"
title.en = "Bytes sent"
title.pt_BR = "Bytes enviados"

[[column]]
name = "bytes_before"
type = "bigint"
title.en = "Bytes on the busiest day before"
title.pt_BR = "Bytes no dia anterior de maior volume"

[[column]]
name = "objects_read"
type = "bigint"
title.en = "Objects read"
title.pt_BR = "Objetos lidos"

[[column]]
name = "bucket_names"
type = "array(varchar)"
title.en = "Buckets"
title.pt_BR = "Buckets"

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
---*/

WITH
daily AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        in_period,
        cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date) AS local_day,
        sum(bytes_out) AS bytes_out,
        count(DISTINCT object_key) AS objects_read,
        array_sort(array_agg(DISTINCT bucket_name)) AS bucket_names,
        slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
            AS source_addresses,
        min(event_time) AS first_time,
        max(event_time) AS last_time
    FROM activity
    WHERE
        event_source = 's3.amazonaws.com'
        AND event_name IN ('GetObject', 'SelectObjectContent')
        AND call_result IN ('success', 'partial')
        AND contains(:sensitive_buckets, bucket_name)
    GROUP BY
        account_id, actor, actor_kind, in_period,
        cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date)
),

compared AS (
    SELECT
        daily.*,
        max(CASE WHEN NOT in_period THEN coalesce(bytes_out, 0) END) OVER (
            PARTITION BY account_id, actor, actor_kind
        ) AS bytes_before
    FROM daily
)

SELECT
    account_id,
    local_day,
    actor,
    actor_kind,
    CASE WHEN bytes_before IS NULL THEN 'no_history' ELSE 'above_usual' END AS finding,
    bytes_out,
    bytes_before,
    objects_read,
    bucket_names,
    source_addresses,
    first_time,
    last_time
FROM compared
WHERE
    in_period
    AND bytes_out >= :volume_floor_bytes
    AND (bytes_before IS NULL OR bytes_out > bytes_before * :volume_factor)
ORDER BY account_id, local_day, actor, actor_kind
