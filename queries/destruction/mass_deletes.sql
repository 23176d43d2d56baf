/*---
id        = "destruction.mass_deletes"
version   = 1
kind      = "exception"
severity  = "critical"
title.en    = "Many deletions in a short time"
title.pt_BR = "Muitas exclusões em pouco tempo"
question.en    = "Who deleted or stopped many resources of a service in a short time?"
question.pt_BR = "Quem excluiu ou parou muitos recursos de um serviço em pouco tempo?"
needs      = ["management:write"]
parameters = ["mass_delete_threshold", "mass_delete_window_minutes"]
grain      = ["account_id", "actor", "event_source", "first_time"]
subject    = ["account_id", "actor", "event_source"]
limits.en = [
  """Items in a store (objects, rows, messages) are not resources; destruction.mass_object_deletes asks about S3 \
  objects.""",
  "Deletions that services make by themselves (scaling, expiry) are left out.",
  "A burst that is spread over several actors or services, each below the threshold, is not found.",
]
limits.pt_BR = [
  """Itens de um repositório (objetos, linhas, mensagens) não são recursos; destruction.mass_object_deletes pergunta \
  por objetos S3.""",
  "Exclusões que os serviços fazem por si (escalonamento, expiração) ficam de fora.",
  "Uma rajada distribuída entre vários autores ou serviços, cada um abaixo do limite, não é encontrada.",
]
remedy.en    = """\
Ask who ordered the deletions and match them with a change. If nobody did, take the actor's access away first, \
then look for what can still be restored."""
remedy.pt_BR = """\
Pergunte quem ordenou as exclusões e confronte com uma mudança. Se ninguém ordenou, retire primeiro o acesso do \
autor e depois verifique o que ainda pode ser restaurado."""

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
name = "event_source"
type = "varchar"
title.en = "Service"
title.pt_BR = "Serviço"

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
title.en = "Resources deleted or stopped"
title.pt_BR = "Recursos excluídos ou parados"

[[column]]
name = "event_names"
type = "array(varchar)"
title.en = "Kinds of event"
title.pt_BR = "Tipos de evento"

[[column]]
name = "regions"
type = "array(varchar)"
title.en = "Regions"
title.pt_BR = "Regiões"

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
-- One row per resource: EC2 ends and stops many instances in one call.
deletions AS (
    SELECT
        activity.event_time,
        activity.account_id,
        activity.region,
        coalesce(activity.actor, '') AS actor,
        activity.actor_kind,
        -- Names of a workload's sessions have no end; those of people do.
        CASE
            WHEN activity.actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center') THEN activity.person
        END AS person,
        activity.source_address,
        activity.event_source,
        activity.event_name,
        activity.event_id,
        row_number() OVER (
            PARTITION BY activity.account_id, activity.actor, activity.event_source
            ORDER BY activity.event_time, activity.event_id, instances.instance_number
        ) AS nth
    FROM activity
    CROSS JOIN
        unnest(
            coalesce(
                try_cast(json_extract(activity.request, '$.instancesSet.items') AS ARRAY(json)),
                ARRAY[json_extract(activity.request, '$')]
            )
        ) WITH ORDINALITY AS instances (instance, instance_number)
    WHERE
        activity.call_result IN ('success', 'partial')
        AND NOT activity.service_initiated
        AND coalesce(activity.read_only, FALSE) = FALSE
        AND activity.management_event
        AND (
            regexp_like(activity.event_name, '^(Delete|Terminate|Purge|Deregister)')
            OR (activity.event_source = 'ec2.amazonaws.com' AND activity.event_name = 'StopInstances')
            OR (
                activity.event_source = 'rds.amazonaws.com'
                AND activity.event_name IN ('StopDBInstance', 'StopDBCluster')
            )
            OR (activity.event_source = 'kms.amazonaws.com' AND activity.event_name = 'ScheduleKeyDeletion')
        )
        AND activity.event_name NOT IN ('DeleteTags', 'DeleteBucketTagging')
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
        ended.event_source,
        ended.nth AS last_nth,
        begun.nth AS first_nth,
        CASE
            WHEN
                lag(ended.event_time) OVER (
                    PARTITION BY ended.account_id, ended.actor, ended.event_source
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
            AND ended.event_source = begun.event_source
            AND ended.opening_nth = begun.nth
    WHERE ended.earliest_opening <= begun.event_time
),

-- Windows that overlap are one burst.
numbered AS (
    SELECT
        full_windows.*,
        sum(begins_burst) OVER (
            PARTITION BY account_id, actor, event_source
            ORDER BY last_nth
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS burst
    FROM full_windows
),

bursts AS (
    SELECT
        account_id,
        actor,
        event_source,
        burst,
        min(first_nth) AS first_nth,
        max(last_nth) AS last_nth
    FROM numbered
    GROUP BY account_id, actor, event_source, burst
)

SELECT
    bursts.account_id,
    nullif(bursts.actor, '') AS actor,
    min(deletions.actor_kind) AS actor_kind,
    array_sort(array_agg(DISTINCT deletions.person) FILTER (WHERE deletions.person IS NOT NULL)) AS people,
    bursts.event_source,
    min(deletions.event_time) AS first_time,
    max(deletions.event_time) AS last_time,
    count(*) AS deletions,
    array_sort(array_agg(DISTINCT deletions.event_name)) AS event_names,
    array_sort(array_agg(DISTINCT deletions.region) FILTER (WHERE deletions.region IS NOT NULL)) AS regions,
    array_sort(
        array_agg(DISTINCT deletions.source_address) FILTER (WHERE deletions.source_address IS NOT NULL)
    ) AS source_addresses,
    max(CASE WHEN deletions.nth = bursts.first_nth THEN deletions.event_id END) AS first_event_id
FROM bursts
INNER JOIN deletions
    ON
        bursts.account_id = deletions.account_id
        AND bursts.actor = deletions.actor
        AND bursts.event_source = deletions.event_source
        AND deletions.nth BETWEEN bursts.first_nth AND bursts.last_nth
GROUP BY bursts.account_id, bursts.actor, bursts.event_source, bursts.burst
ORDER BY first_time, bursts.account_id, bursts.actor, bursts.event_source
