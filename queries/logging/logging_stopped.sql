/*---
id = "logging.logging_stopped"
version = 1
kind = "exception"
severity = "critical"
title.en = "Logging stopped"
title.pt_BR = "Registro de logs interrompido"
question.en = "When was a trail or event data store stopped or deleted, and how long until it ran again?"
question.pt_BR = """\
Quando uma trilha ou um armazenamento de dados de eventos foi parado ou excluído, e quanto tempo levou para \
voltar?"""
needs = ["management:write"]
parameters = ["period_end"]
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "region", "target_kind", "target"]
limits.en = [
  """\
  open_at_period_end: not started again up to the end of the period; the minutes run to that end. A deleted trail \
  stays open even where a new trail of another name took its place.""",
  """\
  A trail that was already off when the period began is not listed; what it did not record shows as gaps in the \
  assurance of the trail.""",
  "Where the stopped trail was the only one, what happened in between was not recorded anywhere else.",
]
limits.pt_BR = [
  """\
  open_at_period_end: não voltou até o fim do período; os minutos vão até esse fim. Uma trilha excluída permanece \
  aberta mesmo que uma nova, de outro nome, a tenha substituído.""",
  """\
  Uma trilha que já estava parada no início do período não é listada; o que ela não registrou aparece como lacuna \
  na garantia da trilha.""",
  "Se a trilha parada era a única, o que aconteceu no intervalo não foi registrado em nenhum outro lugar.",
]
remedy.en = """\
Ask who ordered it and why. Treat the minutes off as unrecorded: look for other records of them (other trails, \
Config, network and application logs) and have changes of that time reviewed."""
remedy.pt_BR = """\
Pergunte quem ordenou e por quê. Trate os minutos parados como não registrados: procure outras provas (outras \
trilhas, Config, logs de rede e de aplicação) e mande revisar as mudanças do intervalo."""

[[column]]
name = "event_time"
type = "timestamp"
title.en = "Time (UTC)"
title.pt_BR = "Hora (UTC)"

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
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "target_kind"
type = "varchar"
title.en = "Kind of target"
title.pt_BR = "Tipo de alvo"

[[column]]
name = "target"
type = "varchar"
title.en = "Trail or store"
title.pt_BR = "Trilha ou armazenamento"

[[column]]
name = "logging_state"
type = "varchar"
title.en = "State"
title.pt_BR = "Situação"

[[column]]
name = "started_again_at"
type = "timestamp"
title.en = "On again (UTC)"
title.pt_BR = "Voltou (UTC)"

[[column]]
name = "minutes_off"
type = "bigint"
title.en = "Minutes off"
title.pt_BR = "Minutos de interrupção"

[[column]]
name = "request_state"
type = "varchar"
title.en = "Request as logged"
title.pt_BR = "Requisição como registrada"

[[column]]
name = "actor_kind"
type = "varchar"
title.en = "Kind of actor"
title.pt_BR = "Tipo de autor"

[[column]]
name = "actor"
type = "varchar"
title.en = "Actor"
title.pt_BR = "Autor"
personal = true

[[column]]
name = "person"
type = "varchar"
title.en = "Name as logged"
title.pt_BR = "Nome registrado"
personal = true

[[column]]
name = "mfa"
type = "varchar"
title.en = "MFA"
title.pt_BR = "MFA"

[[column]]
name = "source_address"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "user_agent"
type = "varchar"
title.en = "User agent"
title.pt_BR = "Agente do usuário (user agent)"
personal = true

[[column]]
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"
---*/

WITH changes AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        -- Logged by name or by ARN, as the caller wrote it: the name alone is the same in both.
        regexp_replace(
            coalesce(json_extract_scalar(request, '$.name'), json_extract_scalar(request, '$.eventDataStore')),
            '^arn:[^/]*/',
            ''
        ) AS target,
        CASE
            WHEN event_name IN ('StopLogging', 'StartLogging', 'DeleteTrail') THEN 'trail'
            ELSE 'event_data_store'
        END AS target_kind,
        CASE
            WHEN event_name IN ('StartLogging', 'StartEventDataStoreIngestion', 'RestoreEventDataStore') THEN 'on'
            ELSE 'off'
        END AS turned,
        request_state,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        user_agent,
        event_id
    FROM activity
    WHERE
        event_source = 'cloudtrail.amazonaws.com'
        AND event_name IN (
            'StopLogging', 'StartLogging', 'DeleteTrail',
            'DeleteEventDataStore', 'RestoreEventDataStore',
            'StopEventDataStoreIngestion', 'StartEventDataStoreIngestion'
        )
        AND call_result = 'success'
),

-- Of a start and a stop in one second nobody can tell the order: the stop is then taken to have come last.
followed AS (
    SELECT
        changes.*,
        min(CASE WHEN turned = 'on' THEN event_time END) OVER (
            PARTITION BY account_id, region, target_kind, target
            ORDER BY event_time ASC, turned DESC, event_id ASC
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS started_again_at
    FROM changes
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    target_kind,
    target,
    CASE WHEN started_again_at IS NULL THEN 'open_at_period_end' ELSE 'started_again' END AS logging_state,
    started_again_at,
    date_diff('minute', event_time, coalesce(started_again_at, :period_end)) AS minutes_off,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id
FROM followed
WHERE turned = 'off'
ORDER BY event_time, account_id, event_id
