/*---
id = "logging.alerting_changes"
version = 1
kind = "exception"
severity = "high"
title.en = "Alarms and alerts silenced or removed"
title.pt_BR = "Alarmes e alertas silenciados ou removidos"
question.en = """\
Were alarms, event rules, metric filters, notification topics or subscriptions disabled, removed or silenced?"""
question.pt_BR = """\
Alarmes, regras de eventos, filtros de métricas, tópicos de notificação ou assinaturas foram desativados, removidos \
ou silenciados?"""
needs = ["management:write"]
parameters = ["critical_alerts"]
grain = ["event_time", "account_id", "event_id", "alert_name"]
subject = ["account_id", "region", "effect", "alert_name"]
limits.en = [
  """\
  Only what is named in critical_alerts is asked for, by name or ARN; the default is everything. Subscriptions are \
  logged by their ARN, which holds the topic's name.""",
  "What AWS services remove by themselves, such as the alarms of autoscaling, is left out.",
  "An alarm that is changed so that it never fires is told only where its actions are switched off.",
]
limits.pt_BR = [
  """\
  Só se considera o que está em critical_alerts, por nome ou ARN; o padrão é tudo. Assinaturas são registradas pelo \
  ARN, que contém o nome do tópico.""",
  "O que serviços da AWS removem por conta própria, como os alarmes de autoscaling, fica de fora.",
  "Um alarme alterado para nunca disparar só é percebido quando suas ações são desligadas.",
]
remedy.en = "Ask for the approved change and who was told of incidents meanwhile; set the alerts up again."
remedy.pt_BR = """\
Peça a mudança aprovada, pergunte quem foi avisado de incidentes nesse meio-tempo e reconfigure os alertas."""

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
name = "effect"
type = "varchar"
title.en = "Effect"
title.pt_BR = "Efeito"

[[column]]
name = "alert_name"
type = "varchar"
title.en = "Alarm, rule, topic or filter"
title.pt_BR = "Alarme, regra, tópico ou filtro"

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

[[column]]
name = "log_file"
type = "varchar"
title.en = "Log file"
title.pt_BR = "Arquivo de log"
---*/

WITH
changes AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        CASE
            WHEN
                event_name IN ('DisableAlarmActions', 'DisableRule')
                OR json_extract_scalar(request, '$.actionsEnabled') = 'false'
                OR json_extract_scalar(request, '$.state') = 'DISABLED'
                THEN 'disabled'
            WHEN event_name = 'PutAlarmMuteRule' THEN 'suppressed'
            WHEN event_name = 'SetAlarmState'
                THEN CASE WHEN json_extract_scalar(request, '$.stateValue') = 'OK' THEN 'state_forced' END
            WHEN event_name IN ('PutMetricAlarm', 'PutCompositeAlarm', 'PutRule', 'SetSubscriptionAttributes')
                THEN CASE
                    WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
                    WHEN
                        json_extract_scalar(request, '$.attributeName') = 'FilterPolicy'
                        AND coalesce(json_extract_scalar(request, '$.attributeValue'), '') NOT IN ('', '{}')
                        THEN 'filtered'
                    WHEN json_extract_scalar(request, '$.actionsSuppressor') <> '' THEN 'suppressed'
                END
            ELSE 'removed'
        END AS effect,
        coalesce(
            try(cast(json_extract(request, '$.alarmNames') AS ARRAY(varchar))),
            try(cast(json_extract(request, '$.muteTargets.alarmNames') AS ARRAY(varchar))),
            ARRAY[
                coalesce(
                    json_extract_scalar(request, '$.alarmName'),
                    json_extract_scalar(request, '$.topicArn'),
                    json_extract_scalar(request, '$.subscriptionArn'),
                    json_extract_scalar(request, '$.rule'),
                    json_extract_scalar(request, '$.filterName'),
                    json_extract_scalar(request, '$.name')
                )
            ]
        ) AS alert_names,
        request_state,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        user_agent,
        event_id,
        log_file
    FROM activity
    WHERE
        call_result IN ('success', 'partial')
        AND actor_kind NOT IN ('aws_service', 'service_linked_role', 'service_event')
        AND (
            (
                event_source = 'monitoring.amazonaws.com'
                AND event_name IN (
                    'DeleteAlarms', 'DisableAlarmActions', 'SetAlarmState', 'PutMetricAlarm', 'PutCompositeAlarm',
                    'PutAlarmMuteRule'
                )
            )
            OR (
                event_source = 'events.amazonaws.com'
                AND event_name IN ('DisableRule', 'DeleteRule', 'RemoveTargets', 'PutRule', 'DeleteEventBus')
            )
            OR (
                event_source = 'sns.amazonaws.com'
                AND event_name IN ('Unsubscribe', 'DeleteTopic', 'SetSubscriptionAttributes')
            )
            OR (event_source = 'logs.amazonaws.com' AND event_name = 'DeleteMetricFilter')
        )
),

named AS (
    SELECT
        changes.*,
        listed_alerts.alert_name
    FROM changes
    CROSS JOIN unnest(changes.alert_names) AS listed_alerts (alert_name)
    WHERE changes.effect IS NOT NULL
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    effect,
    alert_name,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id,
    log_file
FROM named
WHERE
    alert_name IS NULL
    OR any_match(
        :critical_alerts,
        listed -> alert_name LIKE replace(replace(listed, '_', '!_'), '*', '%') ESCAPE '!'
    )
ORDER BY event_time, account_id, event_id, alert_name
