/*---
id = "data.s3_new_readers"
version = 1
kind = "exception"
severity = "medium"
title.en = "Identities new to a sensitive bucket"
title.pt_BR = "Identidades novas em um bucket sensível"
question.en = "Which identities touched a sensitive bucket that they had not touched in the look-back?"
question.pt_BR = "Quais identidades acessaram um bucket sensível que não haviam acessado na janela anterior?"
needs = ["data:s3"]
parameters = ["sensitive_buckets", "baseline_days"]
lookback_days = "baseline_days"
grain = ["account_id", "bucket_name", "actor", "actor_kind"]
subject = ["account_id", "bucket_name", "actor"]
limits.en = [
  "An identity is a role, user or account, not a person or session behind a role.",
  "Calls without effect do not count, neither before nor in the period.",
]
limits.pt_BR = [
  "Uma identidade é uma role, um usuário ou uma conta, não a pessoa ou sessão por trás de uma role.",
  "Chamadas sem efeito não contam, nem antes nem no período.",
]
remedy.en = """\
Match each with the request that granted the access; where there is none, take the access back and look at what was \
read."""
remedy.pt_BR = """\
Associe cada uma à solicitação que concedeu o acesso; se não houver, retire o acesso e veja o que foi lido."""

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
name = "people"
type = "array(varchar)"
title.en = "Names as logged"
title.pt_BR = "Nomes registrados"
personal = true

[[column]]
name = "read_calls"
type = "bigint"
title.en = "Reads"
title.pt_BR = "Leituras"

[[column]]
name = "write_calls"
type = "bigint"
title.en = "Writes and deletions"
title.pt_BR = "Gravações e exclusões"

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
        bucket_name,
        actor,
        actor_kind,
        bool_or(NOT in_period) AS seen_before,
        slice(array_sort(array_agg(DISTINCT person) FILTER (WHERE person IS NOT NULL)), 1, 20) AS people,
        count_if(event_name IN ('GetObject', 'HeadObject', 'ListObjects', 'SelectObjectContent')) AS read_calls,
        count_if(event_name IN ('PutObject', 'CopyObject', 'DeleteObject', 'DeleteObjects')) AS write_calls,
        count(DISTINCT object_key) AS objects_named,
        sum(bytes_out) AS bytes_out,
        slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
            AS source_addresses,
        min(event_time) AS first_time,
        max(event_time) AS last_time
    FROM activity
    WHERE
        event_source = 's3.amazonaws.com'
        AND event_name IN (
            'GetObject', 'HeadObject', 'ListObjects', 'SelectObjectContent', 'PutObject', 'CopyObject', 'DeleteObject',
            'DeleteObjects'
        )
        AND call_result IN ('success', 'partial')
        AND contains(:sensitive_buckets, bucket_name)
    GROUP BY account_id, bucket_name, actor, actor_kind
)

SELECT
    account_id,
    bucket_name,
    actor,
    actor_kind,
    people,
    read_calls,
    write_calls,
    objects_named,
    bytes_out,
    source_addresses,
    first_time,
    last_time
FROM touched
WHERE NOT seen_before
ORDER BY account_id, bucket_name, actor, actor_kind
