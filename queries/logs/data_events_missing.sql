/*---
id = "logs.data_events_missing"
version = 1
kind = "exception"
severity = "high"
title.en = "Sensitive stores without data events"
title.pt_BR = "Repositórios sensíveis sem eventos de dados"
question.en = """\
Which sensitive buckets and tables have no data events at all, so that silence about them proves nothing?"""
question.pt_BR = """\
Quais buckets e tabelas sensíveis não têm nenhum evento de dados, de modo que o silêncio sobre eles nada prova?"""
needs = []
parameters = ["sensitive_buckets", "sensitive_tables"]
grain = ["event_source", "store"]
subject = ["event_source", "store"]
limits.en = [
  """\
  One event shows that something of the store is logged, not that all is: the selectors may name a prefix or writes \
  only. logging.selectors_narrowed and the trail's configuration say more.""",
  "A store that nobody used in the period has a row too.",
]
limits.pt_BR = [
  """\
  Um evento mostra que algo do repositório é registrado, não que tudo é: os seletores podem citar um prefixo ou só \
  gravações. logging.selectors_narrowed e a configuração da trilha dizem mais.""",
  "Um repositório que ninguém usou no período também tem linha.",
]
remedy.en = """\
Read the event selectors of the trails; log data events of the store, or write down that its use cannot be shown."""
remedy.pt_BR = """\
Leia os seletores de eventos das trilhas; registre eventos de dados do repositório, ou declare que seu uso não pode \
ser demonstrado."""

[[column]]
name = "event_source"
type = "varchar"
title.en = "Service"
title.pt_BR = "Serviço"

[[column]]
name = "store"
type = "varchar"
title.en = "Store"
title.pt_BR = "Repositório"

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "management_events"
type = "bigint"
title.en = "Management events"
title.pt_BR = "Eventos de gerenciamento"
---*/

WITH
used AS (
    SELECT
        event_source,
        CASE event_source
            WHEN 's3.amazonaws.com' THEN bucket_name
            ELSE regexp_extract(json_extract_scalar(request, '$.tableName'), '([^/]+)\z', 1)
        END AS store,
        event_category
    FROM activity
    WHERE event_source IN ('s3.amazonaws.com', 'dynamodb.amazonaws.com')
),

counted AS (
    SELECT
        event_source,
        store,
        count_if(event_category = 'Data') AS data_events,
        count_if(event_category = 'Management') AS management_events
    FROM used
    WHERE
        (event_source = 's3.amazonaws.com' AND contains(:sensitive_buckets, store))
        OR (event_source = 'dynamodb.amazonaws.com' AND contains(:sensitive_tables, store))
    GROUP BY event_source, store
),

expected AS (
    SELECT
        's3.amazonaws.com' AS event_source,
        listed.store
    FROM unnest(:sensitive_buckets) AS listed (store)
    UNION ALL
    SELECT
        'dynamodb.amazonaws.com' AS event_source,
        listed.store
    FROM unnest(:sensitive_tables) AS listed (store)
)

SELECT
    expected.event_source,
    expected.store,
    CASE WHEN counted.store IS NULL THEN 'no_events' ELSE 'no_data_events' END AS finding,
    coalesce(counted.management_events, 0) AS management_events
FROM expected
LEFT JOIN counted ON expected.event_source = counted.event_source AND expected.store = counted.store
WHERE coalesce(counted.data_events, 0) = 0
ORDER BY expected.event_source, expected.store
