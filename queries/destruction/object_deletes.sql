/*---
id = "destruction.object_deletes"
version = 1
kind = "metric"
severity = "info"
title.en = "Deletions of objects in sensitive buckets"
title.pt_BR = "Exclusões de objetos em buckets sensíveis"
question.en = """\
How many objects of sensitive buckets were deleted, by whom, one by one or in batches, and which rules delete by \
themselves?"""
question.pt_BR = """\
Quantos objetos de buckets sensíveis foram excluídos, por quem, um a um ou em lote, e quais regras excluem \
sozinhas?"""
needs = ["management:write", "data:s3"]
parameters = ["sensitive_buckets"]
grain = ["account_id", "bucket_name", "how", "actor", "actor_kind", "person"]
limits.en = [
  """\
  A batch, and every deletion in the console, is logged without the names of its objects: batches are calls, not \
  objects.""",
  "What a lifecycle rule deletes is not logged at all; only that the rule was written is.",
  "In a bucket with versions a deletion hides the object and destroys nothing, unless it names the version.",
]
limits.pt_BR = [
  "Um lote, e toda exclusão no console, é registrado sem os nomes dos objetos: lotes são chamadas, não objetos.",
  "O que uma regra de ciclo de vida exclui não é registrado; registra-se apenas que a regra foi gravada.",
  "Em um bucket com versionamento, uma exclusão oculta o objeto e nada destrói, a menos que cite a versão.",
]
remedy.en = """\
Compare with requests for erasure and with the schedule of retention. Ask about people, and about versions that were \
named."""
remedy.pt_BR = """\
Compare com os pedidos de eliminação e com a tabela de temporalidade. Questione exclusões por pessoas e com versão \
citada."""

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
name = "how"
type = "varchar"
title.en = "How"
title.pt_BR = "Como"

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
name = "versions_named"
type = "bigint"
title.en = "Calls that name a version"
title.pt_BR = "Chamadas que citam a versão"

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

WITH deletions AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        CASE WHEN actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center') THEN person END AS person,
        call_result,
        event_time,
        object_key,
        json_extract_scalar(request, '$.bucketName') AS bucket_name,
        CASE WHEN event_name = 'DeleteObject' THEN json_extract_scalar(request, '$.versionId') END AS version_id,
        CASE event_name
            WHEN 'DeleteObject' THEN 'single'
            WHEN 'DeleteObjects' THEN 'batch'
            ELSE 'lifecycle_rule'
        END AS how
    FROM activity
    WHERE
        event_source = 's3.amazonaws.com'
        AND event_name IN ('DeleteObject', 'DeleteObjects', 'PutBucketLifecycle')
)

SELECT
    account_id,
    bucket_name,
    how,
    actor,
    actor_kind,
    person,
    count_if(call_result IN ('success', 'partial')) AS calls,
    count_if(call_result NOT IN ('success', 'partial', 'unknown')) AS without_effect,
    count(DISTINCT CASE WHEN call_result = 'success' THEN object_key END) AS objects_named,
    count_if(call_result = 'success' AND version_id IS NOT NULL) AS versions_named,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM deletions
WHERE contains(:sensitive_buckets, bucket_name)
GROUP BY account_id, bucket_name, how, actor, actor_kind, person
ORDER BY account_id, bucket_name, how, actor, actor_kind, person
