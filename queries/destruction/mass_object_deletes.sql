/*---
id        = "destruction.mass_object_deletes"
version   = 1
kind      = "exception"
severity  = "critical"
title.en    = "Many objects deleted in a short time"
title.pt_BR = "Muitos objetos excluídos em pouco tempo"
question.en    = "Who deleted many objects of a sensitive bucket in a short time?"
question.pt_BR = "Quem excluiu muitos objetos de um bucket sensível em pouco tempo?"
needs      = ["data:s3"]
parameters = ["mass_delete_threshold", "mass_delete_window_minutes", "sensitive_buckets"]
grain      = ["account_id", "actor", "bucket_name", "first_time"]
subject    = ["account_id", "actor", "bucket_name"]
limits.en = [
  """DeleteObjects removes up to 1,000 objects in one call that does not name them: each such call counts as one, \
  and deletions by lifecycle rules are not calls at all.""",
  "Where versions are kept, a deletion without a version id hides the object and can be undone.",
  "A burst that is spread over several actors or buckets, each below the threshold, is not found.",
  """A deletion through an access point is logged under the access point's name or ARN: list these names among the \
  sensitive buckets too.""",
]
limits.pt_BR = [
  """DeleteObjects remove até 1.000 objetos em uma chamada que não os nomeia: cada chamada dessas conta como \
  uma; exclusões por regras de ciclo de vida não são chamadas.""",
  "Onde há versionamento, a exclusão sem id de versão apenas oculta o objeto e pode ser desfeita.",
  "Uma rajada distribuída entre vários autores ou buckets, cada um abaixo do limite, não é encontrada.",
  """Uma exclusão por ponto de acesso é registrada com o nome ou ARN do ponto de acesso: inclua também esses nomes \
  entre os buckets sensíveis.""",
]
remedy.en    = """\
Ask who ordered the deletions. If nobody did, take the actor's access away first, then restore from versions or \
backups; the keys of single deletions are in the records."""
remedy.pt_BR = """\
Pergunte quem ordenou as exclusões. Se ninguém ordenou, retire primeiro o acesso do autor e depois restaure de versões \
ou backups; as chaves das exclusões individuais estão nos registros."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

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
name = "bucket_name"
type = "varchar"
title.en = "Bucket"
title.pt_BR = "Bucket"

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
name = "deletions"
type = "bigint"
title.en = "Calls that deleted objects"
title.pt_BR = "Chamadas que excluíram objetos"

[[column]]
name = "batch_calls"
type = "bigint"
title.en = "Calls of unknown size"
title.pt_BR = "Chamadas de tamanho desconhecido"

[[column]]
name = "source_addresses"
type = "array(varchar)"
title.en = "Source addresses"
title.pt_BR = "Endereços de origem"
personal = true

[[column]]
name = "first_event_id"
type = "varchar"
title.en = "Id of the first event"
title.pt_BR = "Id do primeiro evento"
---*/

WITH
calls AS (
    SELECT
        event_time,
        account_id,
        coalesce(actor, '') AS actor,
        actor_kind,
        -- Names of a workload's sessions have no end; those of people do.
        CASE
            WHEN actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center') THEN person
        END AS person,
        source_address,
        event_name,
        event_id,
        request_state,
        coalesce(bucket_name, '') AS bucket_name
    FROM activity
    WHERE
        event_source = 's3.amazonaws.com'
        AND event_name IN ('DeleteObject', 'DeleteObjects')
        AND call_result IN ('success', 'partial')
        AND NOT service_initiated
),

deletions AS (
    SELECT
        calls.*,
        row_number() OVER (
            PARTITION BY account_id, actor, bucket_name
            ORDER BY event_time, event_id
        ) AS nth
    FROM calls
    -- Where neither request nor resources can be read, it may be any bucket: the call counts, without a name.
    WHERE
        contains(:sensitive_buckets, bucket_name)
        OR (bucket_name = '' AND request_state IN ('omitted', 'unparseable'))
),

-- A window slides: it ends at a deletion and begins at the one that is threshold - 1 deletions earlier.
positions AS (
    SELECT
        deletions.*,
        nth - :mass_delete_threshold + 1 AS opening_nth,
        date_add('minute', 0 - :mass_delete_window_minutes, event_time) AS earliest_opening
    FROM deletions
),

full_windows AS (
    SELECT
        ended.account_id,
        ended.actor,
        ended.bucket_name,
        ended.nth AS last_nth,
        begun.nth AS first_nth,
        CASE
            WHEN
                lag(ended.event_time) OVER (
                    PARTITION BY ended.account_id, ended.actor, ended.bucket_name
                    ORDER BY ended.nth
                ) >= begun.event_time
                THEN 0
            ELSE 1
        END AS begins_burst
    FROM positions AS ended
    INNER JOIN deletions AS begun
        ON
            ended.account_id = begun.account_id
            AND ended.actor = begun.actor
            AND ended.bucket_name = begun.bucket_name
            AND ended.opening_nth = begun.nth
    WHERE ended.earliest_opening <= begun.event_time
),

-- Windows that overlap are one burst.
numbered AS (
    SELECT
        full_windows.*,
        sum(begins_burst) OVER (
            PARTITION BY account_id, actor, bucket_name
            ORDER BY last_nth
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS burst
    FROM full_windows
),

bursts AS (
    SELECT
        account_id,
        actor,
        bucket_name,
        burst,
        min(first_nth) AS first_nth,
        max(last_nth) AS last_nth
    FROM numbered
    GROUP BY account_id, actor, bucket_name, burst
)

SELECT
    bursts.account_id,
    nullif(bursts.actor, '') AS actor,
    min(deletions.actor_kind) AS actor_kind,
    array_sort(array_agg(DISTINCT deletions.person) FILTER (WHERE deletions.person IS NOT NULL)) AS people,
    nullif(bursts.bucket_name, '') AS bucket_name,
    min(deletions.event_time) AS first_time,
    max(deletions.event_time) AS last_time,
    count(*) AS deletions,
    count_if(deletions.event_name = 'DeleteObjects') AS batch_calls,
    array_sort(
        array_agg(DISTINCT deletions.source_address) FILTER (WHERE deletions.source_address IS NOT NULL)
    ) AS source_addresses,
    max(CASE WHEN deletions.nth = bursts.first_nth THEN deletions.event_id END) AS first_event_id
FROM bursts
INNER JOIN deletions
    ON
        bursts.account_id = deletions.account_id
        AND bursts.actor = deletions.actor
        AND bursts.bucket_name = deletions.bucket_name
        AND deletions.nth BETWEEN bursts.first_nth AND bursts.last_nth
GROUP BY bursts.account_id, bursts.actor, bursts.bucket_name, bursts.burst
ORDER BY first_time, bursts.account_id, bursts.actor, bursts.bucket_name
