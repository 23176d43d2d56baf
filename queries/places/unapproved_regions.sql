/*---
id = "places.unapproved_regions"
version = 1
kind = "exception"
severity = "high"
title.en = "Activity in regions that are not approved"
title.pt_BR = "Atividade em regiões não aprovadas"
question.en = "What was changed, and which data was read or written, in regions outside the approved list?"
question.pt_BR = "O que foi alterado, e que dados foram lidos ou gravados, em regiões fora da lista aprovada?"
needs = ["management:write"]
parameters = ["approved_regions", "global_services"]
grain = ["account_id", "region", "event_source", "event_name", "actor", "actor_kind"]
subject = ["account_id", "region", "event_source", "event_name", "actor"]
limits.en = [
  """\
  AWS itself decides in which region global services and sign-ins are logged: the services in global_services are \
  left out.""",
  "Calls that only look at resources are left out. Data events are seen only where the trail logs them.",
  "A region in which the trail does not log shows nothing at all: see the coverage of the logs.",
]
limits.pt_BR = [
  """\
  É a AWS que decide em que região serviços globais e logins são registrados: os serviços em global_services ficam \
  de fora.""",
  "Chamadas que só consultam recursos ficam de fora. Eventos de dados só aparecem onde a trilha os registra.",
  "De uma região em que a trilha não registra, nada aparece: veja a cobertura dos logs.",
]
remedy.en = """\
Ask who needs that region. Personal data that was stored there may have left the country: check it against the \
transfers that are registered. Deny the region by a service control policy."""
remedy.pt_BR = """\
Pergunte quem precisa dessa região. Dados pessoais guardados nela podem ter saído do país: confira com as \
transferências registradas. Negue a região por meio de uma service control policy."""

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
name = "use_kind"
type = "varchar"
title.en = "Use"
title.pt_BR = "Uso"

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "people"
type = "array(varchar)"
title.en = "Names as logged"
title.pt_BR = "Nomes registrados"
personal = true

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

[[column]]
name = "first_event_id"
type = "varchar"
title.en = "Id of the first event"
title.pt_BR = "Id do primeiro evento"
---*/

WITH
acts AS (
    SELECT
        account_id,
        region,
        event_source,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        event_time,
        event_id,
        CASE
            WHEN event_category = 'Data' THEN 'data'
            WHEN discloses THEN 'secret'
            ELSE 'change'
        END AS use_kind
    FROM activity
    WHERE
        call_result IN ('success', 'partial')
        -- Old records are not always marked: the name tells.
        AND (
            event_category = 'Data'
            OR discloses
            OR NOT coalesce(
                read_only,
                regexp_like(
                    event_name,
                    '^(AssumeRole|Decrypt|Describe|Encrypt|Generate|Get|Head|List|Lookup|Search)'
                ),
                TRUE
            )
        )
        AND NOT contains(:approved_regions, region)
        AND NOT contains(:global_services, event_source)
),

numbered AS (
    SELECT
        acts.*,
        row_number() OVER (
            PARTITION BY account_id, region, event_source, event_name, actor, actor_kind
            ORDER BY event_time, event_id
        ) AS nth
    FROM acts
)

SELECT
    account_id,
    region,
    event_source,
    event_name,
    actor,
    actor_kind,
    min(use_kind) AS use_kind,
    count(*) AS calls,
    slice(array_sort(array_agg(DISTINCT person) FILTER (WHERE person IS NOT NULL)), 1, 20) AS people,
    slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
        AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id
FROM numbered
GROUP BY account_id, region, event_source, event_name, actor, actor_kind
ORDER BY account_id, region, event_source, event_name, actor, actor_kind
