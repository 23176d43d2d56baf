/*---
id = "data.off_path_access"
version = 1
kind = "exception"
severity = "high"
title.en = "Sensitive data reached by a way that is not approved"
title.pt_BR = "Dados sensíveis acessados por via não aprovada"
question.en = """\
Which calls on sensitive buckets and on secrets came neither through an approved VPC endpoint nor from a known \
network?"""
question.pt_BR = """\
Quais chamadas a buckets sensíveis e a segredos não vieram por VPC endpoint aprovado nem de uma rede conhecida?"""
needs = ["management:read", "data:s3"]
parameters = ["sensitive_buckets", "approved_vpc_endpoints", "known_networks"]
grain = ["account_id", "event_source", "store", "actor", "actor_kind", "source_ip"]
subject = ["account_id", "event_source", "store", "actor", "source_ip"]
limits.en = [
  "Calls that an AWS service makes, whose address is its name, are left out.",
  "An endpoint that is not approved is a way out as well: its calls are rows, with the endpoint.",
  "For buckets, data events count. Secrets that were read by a filter count as one store without a name.",
]
limits.pt_BR = [
  "Chamadas feitas por um serviço da AWS, cujo endereço é o nome dele, ficam de fora.",
  "Um endpoint não aprovado também é uma saída: suas chamadas aparecem, com o endpoint.",
  "No caso de buckets, contam os eventos de dados. Segredos lidos por um filtro contam como um repositório sem nome.",
]
remedy.en = "Ask what runs there. Hold the bucket's policy to the approved endpoints and networks."
remedy.pt_BR = "Pergunte o que roda ali. Restrinja a política do bucket aos endpoints e redes aprovados."

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

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
name = "source_ip"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "vpc_endpoints"
type = "array(varchar)"
title.en = "VPC endpoints"
title.pt_BR = "VPC endpoints"

[[column]]
name = "people"
type = "array(varchar)"
title.en = "Names as logged"
title.pt_BR = "Nomes registrados"
personal = true

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

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
calls AS (
    SELECT
        account_id,
        event_source,
        actor,
        actor_kind,
        person,
        source_ip,
        object_key,
        bytes_out,
        event_time,
        event_id,
        nullif(vpc_endpoint_id, '') AS vpc_endpoint,
        CASE event_source
            WHEN 's3.amazonaws.com' THEN ARRAY[bucket_name]
            ELSE coalesce(
                try_cast(json_extract(request, '$.secretIdList') AS ARRAY(varchar)),
                ARRAY[json_extract_scalar(request, '$.secretId')]
            )
        END AS stores
    FROM activity
    WHERE
        (
            (
                event_source = 's3.amazonaws.com'
                AND event_category = 'Data'
                AND contains(:sensitive_buckets, bucket_name)
            )
            OR (
                event_source = 'secretsmanager.amazonaws.com'
                AND event_name IN ('GetSecretValue', 'BatchGetSecretValue')
            )
        )
        AND call_result IN ('success', 'partial')
        AND source_ip IS NOT NULL
        AND NOT coalesce(contains(:approved_vpc_endpoints, vpc_endpoint_id), FALSE)
        AND none_match(:known_networks, network -> contains(network, try_cast(source_ip AS ipaddress)))
),

numbered AS (
    SELECT
        calls.*,
        held.store,
        row_number() OVER (
            PARTITION BY
                calls.account_id, calls.event_source, held.store, calls.actor, calls.actor_kind, calls.source_ip
            ORDER BY calls.event_time, calls.event_id
        ) AS nth
    FROM calls
    CROSS JOIN unnest(calls.stores) AS held (store)
)

SELECT
    account_id,
    event_source,
    store,
    actor,
    actor_kind,
    source_ip,
    array_sort(array_agg(DISTINCT vpc_endpoint) FILTER (WHERE vpc_endpoint IS NOT NULL)) AS vpc_endpoints,
    slice(array_sort(array_agg(DISTINCT person) FILTER (WHERE person IS NOT NULL)), 1, 20) AS people,
    count(*) AS calls,
    count(DISTINCT object_key) AS objects_named,
    sum(bytes_out) AS bytes_out,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id
FROM numbered
GROUP BY account_id, event_source, store, actor, actor_kind, source_ip
ORDER BY account_id, event_source, store, actor, actor_kind, source_ip
