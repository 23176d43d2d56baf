/*---
id = "logs.format_versions"
version = 1
kind = "metric"
severity = "info"
title.en = "Formats of the records"
title.pt_BR = "Formatos dos registros"
question.en = "Which versions, categories and types of records appear, and are any unknown to these queries?"
question.pt_BR = "Quais versões, categorias e tipos de registros aparecem, e há algum desconhecido destas consultas?"
needs = []
parameters = []
grain = ["account_id", "event_version", "event_category", "event_type", "format_state"]
limits.en = [
  """\
  unknown: a version after 1.11, or a category or type that is not in AWS's reference of October 2026. Such records \
  are read as far as they look like the known ones.""",
  "New event names are not told of here.",
]
limits.pt_BR = [
  """\
  unknown: versão posterior à 1.11, ou categoria ou tipo que não está na referência da AWS de outubro de 2026. Esses \
  registros são lidos na medida em que se parecem com os conhecidos.""",
  "Novos nomes de eventos não são apontados aqui.",
]
remedy.en = "Look at some records of what is unknown before the results that rest on them are relied on."
remedy.pt_BR = "Examine alguns registros do que for desconhecido antes de confiar nos resultados que dependem deles."

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "event_version"
type = "varchar"
title.en = "Version"
title.pt_BR = "Versão"

[[column]]
name = "event_category"
type = "varchar"
title.en = "Category"
title.pt_BR = "Categoria"

[[column]]
name = "event_type"
type = "varchar"
title.en = "Kind of record"
title.pt_BR = "Tipo de registro"

[[column]]
name = "format_state"
type = "varchar"
title.en = "Format"
title.pt_BR = "Formato"

[[column]]
name = "events"
type = "bigint"
title.en = "Events"
title.pt_BR = "Eventos"

[[column]]
name = "services"
type = "bigint"
title.en = "Services (count)"
title.pt_BR = "Serviços (quantidade)"

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

WITH formats AS (
    SELECT
        account_id,
        event_version,
        event_category,
        event_type,
        event_source,
        event_time,
        regexp_like(event_version, '^1\.(0[0-9]|1[01]|[0-9])\z')
        AND event_category IN ('Management', 'Data', 'NetworkActivity', 'Insight')
        AND event_type IN (
            'AwsApiCall',
            'AwsServiceEvent',
            'AwsConsoleAction',
            'AwsConsoleSignIn',
            'AwsVpceEvent',
            'AwsCloudTrailInsight'
        ) AS is_known
    FROM activity
)

SELECT
    account_id,
    event_version,
    event_category,
    event_type,
    CASE WHEN is_known THEN 'known' ELSE 'unknown' END AS format_state,
    count(*) AS events,
    count(DISTINCT event_source) AS services,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM formats
GROUP BY account_id, event_version, event_category, event_type, is_known
ORDER BY account_id, event_version, event_category, event_type, format_state
