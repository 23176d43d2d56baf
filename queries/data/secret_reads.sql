/*---
id        = "data.secret_reads"
version   = 1
kind      = "population"
severity  = "info"
title.en    = "Reads of secrets and decrypted parameters"
title.pt_BR = "Leituras de segredos e de parâmetros descriptografados"
question.en    = "Who read which secrets and decrypted parameters, on which days and how often?"
question.pt_BR = "Quem leu quais segredos e parâmetros descriptografados, em que dias e quantas vezes?"
needs      = ["management:read"]
parameters = ["time_zone"]
grain      = [
  "local_day",
  "account_id",
  "region",
  "event_source",
  "event_name",
  "secret",
  "actor",
  "actor_kind",
  "person",
]
limits.en = [
  """\
  Reads by path and in batches name what was asked for (a path, filters as key=value), not each secret that was \
  returned.""",
  "A secret held in a cache or in the environment of a process is read there without any call.",
  "The name is what the caller wrote: the same secret may stand once by name and once by ARN.",
]
limits.pt_BR = [
  """\
  Leituras por caminho e em lote trazem o que foi pedido (um caminho, filtros como chave=valor), não cada segredo \
  devolvido.""",
  "Um segredo guardado em cache ou no ambiente de um processo é lido ali sem nenhuma chamada.",
  "O nome é o que o autor da chamada escreveu: o mesmo segredo pode aparecer pelo nome e pelo ARN.",
]
remedy.en    = """\
Sample rows and check that each actor needs the secret; look at people among the readers, and at denied \
reads."""
remedy.pt_BR = """\
Extraia uma amostra e confirme que cada autor precisa do segredo; observe as pessoas entre os leitores e as leituras \
negadas."""

[[column]]
name = "local_day"
type = "date"
title.en = "Day (local)"
title.pt_BR = "Dia (local)"

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
name = "secret"
type = "varchar"
title.en = "Secret or parameter"
title.pt_BR = "Segredo ou parâmetro"

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
name = "answered"
type = "bigint"
title.en = "Answered"
title.pt_BR = "Atendidas"

[[column]]
name = "without_effect"
type = "bigint"
title.en = "Without effect"
title.pt_BR = "Sem efeito"

[[column]]
name = "source_addresses"
type = "bigint"
title.en = "Source addresses (count)"
title.pt_BR = "Endereços de origem (quantidade)"

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
        cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date) AS local_day,
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        actor,
        actor_kind,
        -- Names of a workload's sessions have no end; those of people do.
        CASE
            WHEN actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center') THEN person
        END AS person,
        source_address,
        event_id,
        call_result IN ('success', 'partial') AS answered,
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
                )
            )]
        ) AS secrets
    FROM activity
    WHERE
        (event_source = 'secretsmanager.amazonaws.com' AND event_name IN ('GetSecretValue', 'BatchGetSecretValue'))
        OR (
            event_source = 'ssm.amazonaws.com'
            AND event_name IN ('GetParameter', 'GetParameters', 'GetParametersByPath', 'GetParameterHistory')
            -- Left out, withDecryption is false; where the request cannot be read it may be anything.
            AND (
                json_extract_scalar(request, '$.withDecryption') = 'true'
                OR request_state IN ('omitted', 'unparseable')
            )
        )
),

secret_reads AS (
    SELECT
        calls.*,
        asked.secret,
        row_number() OVER (
            PARTITION BY
                calls.local_day, calls.account_id, calls.region, calls.event_source, calls.event_name, asked.secret,
                calls.actor, calls.actor_kind, calls.person
            ORDER BY calls.event_time, calls.event_id
        ) AS nth
    FROM calls
    CROSS JOIN unnest(calls.secrets) AS asked (secret)
)

SELECT
    local_day,
    account_id,
    region,
    event_source,
    event_name,
    secret,
    actor,
    actor_kind,
    person,
    count_if(answered) AS answered,
    count_if(NOT answered) AS without_effect,
    count(DISTINCT source_address) AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id
FROM secret_reads
GROUP BY local_day, account_id, region, event_source, event_name, secret, actor, actor_kind, person
ORDER BY local_day, account_id, region, event_source, event_name, secret, actor, actor_kind, person
