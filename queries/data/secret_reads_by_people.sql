/*---
id = "data.secret_reads_by_people"
version = 1
kind = "exception"
severity = "high"
title.en = "Secrets read by people, and in bursts"
title.pt_BR = "Leituras de segredos por pessoas e em rajadas"
question.en = "Which people who are not approved read secrets, and which identities read very many within an hour?"
question.pt_BR = "Quais pessoas não aprovadas leram segredos, e quais identidades leram muitos em uma hora?"
needs = ["management:read"]
parameters = ["approved_secret_readers", "secrets_burst_threshold"]
grain = ["account_id", "actor", "actor_kind", "person", "utc_day"]
subject = ["account_id", "actor", "person", "finding"]
limits.en = [
  "Hours are those of the clock, in UTC: a burst that crosses one is counted in two parts.",
  """\
  A read of several secrets in one call counts each that the request names; one by filter or path counts as one, and \
  shows what was asked. Each secret that it gave may have a read of its own in the logs. ?: the request was not \
  logged.""",
]
limits.pt_BR = [
  "As horas são as do relógio, em UTC: uma rajada que passa de uma hora para a outra é contada em duas partes.",
  """\
  Uma leitura de vários segredos em uma chamada conta cada um que a requisição cita; uma por filtro ou caminho conta \
  como uma, e mostra o que foi pedido. Cada segredo entregue pode ter leitura própria nos logs. ?: a requisição não \
  foi registrada.""",
]
remedy.en = """\
Ask for the need. A secret that a person read outside a procedure must be changed. Add those approved to \
approved_secret_readers."""
remedy.pt_BR = """\
Pergunte a necessidade. Um segredo lido por uma pessoa fora de procedimento deve ser trocado. Inclua aprovados em \
approved_secret_readers."""

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
name = "person"
type = "varchar"
title.en = "Name as logged"
title.pt_BR = "Nome registrado"
personal = true

[[column]]
name = "utc_day"
type = "date"
title.en = "Day (UTC)"
title.pt_BR = "Dia (UTC)"

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "secrets_named"
type = "bigint"
title.en = "Different secrets"
title.pt_BR = "Segredos diferentes"

[[column]]
name = "busiest_hour"
type = "bigint"
title.en = "Different secrets in the busiest hour"
title.pt_BR = "Segredos diferentes na hora de maior volume"

[[column]]
name = "secrets"
type = "array(varchar)"
title.en = "Secrets"
title.pt_BR = "Segredos"

[[column]]
name = "secret_reads"
type = "bigint"
title.en = "Reads of secrets"
title.pt_BR = "Leituras de segredos"

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
calls AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        CASE WHEN actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center') THEN person END AS person,
        source_address,
        event_time,
        coalesce(
            try_cast(json_extract(request, '$.names') AS ARRAY(varchar)),
            try_cast(json_extract(request, '$.secretIdList') AS ARRAY(varchar)),
            ARRAY[coalesce(
                json_extract_scalar(request, '$.secretId'),
                json_extract_scalar(request, '$.name'),
                json_extract_scalar(request, '$.path'),
                array_join(
                    transform(
                        try_cast(json_extract(request, '$.filters') AS ARRAY(json)),
                        asked -> concat(
                            json_extract_scalar(asked, '$.key'),
                            coalesce(
                                concat(
                                    '=',
                                    array_join(try_cast(json_extract(asked, '$.values') AS ARRAY(varchar)), '|')
                                ),
                                ''
                            )
                        )
                    ),
                    ', '
                ),
                '?'
            )]
        ) AS secrets
    FROM activity
    WHERE
        call_result IN ('success', 'partial')
        AND NOT service_initiated
        AND (
            (
                event_source = 'secretsmanager.amazonaws.com'
                AND event_name IN ('GetSecretValue', 'BatchGetSecretValue')
            )
            OR (
                event_source = 'ssm.amazonaws.com'
                AND event_name IN ('GetParameter', 'GetParameters', 'GetParametersByPath', 'GetParameterHistory')
                AND json_extract_scalar(request, '$.withDecryption') = 'true'
            )
        )
        AND NOT coalesce(contains(:approved_secret_readers, actor), FALSE)
        AND NOT coalesce(contains(:approved_secret_readers, person), FALSE)
),

hours AS (
    SELECT
        calls.account_id,
        calls.actor,
        calls.actor_kind,
        calls.person,
        date_trunc('hour', calls.event_time) AS hour_start,
        array_sort(array_agg(DISTINCT asked.secret)) AS secrets,
        count(DISTINCT asked.secret) AS secrets_named,
        count(*) AS secret_reads,
        array_sort(
            array_agg(DISTINCT calls.source_address) FILTER (WHERE calls.source_address IS NOT NULL)
        ) AS source_addresses,
        min(calls.event_time) AS first_time,
        max(calls.event_time) AS last_time
    FROM calls
    CROSS JOIN unnest(calls.secrets) AS asked (secret)
    GROUP BY calls.account_id, calls.actor, calls.actor_kind, calls.person, date_trunc('hour', calls.event_time)
),

days AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        person,
        cast(hour_start AS date) AS utc_day,
        array_sort(array_distinct(flatten(array_agg(secrets ORDER BY hour_start)))) AS secrets,
        max(secrets_named) AS busiest_hour,
        sum(secret_reads) AS secret_reads,
        array_sort(array_distinct(flatten(array_agg(source_addresses ORDER BY hour_start)))) AS source_addresses,
        min(first_time) AS first_time,
        max(last_time) AS last_time
    FROM hours
    GROUP BY account_id, actor, actor_kind, person, cast(hour_start AS date)
),

judged AS (
    SELECT
        days.*,
        CASE
            WHEN busiest_hour >= :secrets_burst_threshold THEN 'burst'
            WHEN
                actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center', 'root', 'assumed_root')
                THEN 'person'
        END AS finding
    FROM days
)

SELECT
    account_id,
    actor,
    actor_kind,
    person,
    utc_day,
    finding,
    cardinality(secrets) AS secrets_named,
    busiest_hour,
    slice(secrets, 1, 20) AS secrets,
    secret_reads,
    slice(source_addresses, 1, 20) AS source_addresses,
    first_time,
    last_time
FROM judged
WHERE finding IS NOT NULL
ORDER BY account_id, actor, actor_kind, person, utc_day
