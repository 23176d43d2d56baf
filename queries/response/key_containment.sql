/*---
id        = "response.key_containment"
version   = 1
kind      = "exception"
severity  = "critical"
title.en    = "Suspect access keys not contained in time"
title.pt_BR = "Chaves de acesso suspeitas não contidas a tempo"
question.en    = """\
How long did it take to disable access keys that AWS quarantined or that are on the list of suspects, and which are \
still open?"""
question.pt_BR = """\
Quanto tempo levou para desativar chaves de acesso postas em quarentena pela AWS ou da lista de suspeitas, e quais \
continuam abertas?"""
needs      = ["management:read", "management:write"]
parameters = ["containment_minutes", "suspect_keys"]
grain      = ["account_id", "started_at", "user_name", "access_key_id"]
subject    = ["account_id", "user_name", "access_key_id"]
limits.en = [
  """For a quarantined user the first key of that user that was disabled or deleted counts as the containment: which \
  of two keys leaked is not logged.""",
  """A suspect key is measured from its first call in the period; one without calls has no start. Sessions begun with \
  a key outlive it and are not followed.""",
  """not_seen: a suspect key of which the period has no call and no containment; it may have been contained before. \
  Take it off suspect_keys once it was. Containment after the end of the period is not seen either.""",
]
limits.pt_BR = [
  """Para um usuário em quarentena, conta como contenção a primeira chave dele desativada ou excluída: qual de duas \
  chaves vazou não é registrado.""",
  """Uma chave suspeita é medida desde sua primeira chamada no período; sem chamadas, não há início. Sessões \
  iniciadas com a chave sobrevivem a ela e não são acompanhadas.""",
  """not_seen: uma chave suspeita da qual o período não tem chamada nem contenção; pode ter sido contida antes. \
  Retire-a de suspect_keys depois de contida. Contenção após o fim do período também não é vista.""",
]
remedy.en    = """\
Disable the key now, review every call made with it since the start, revoke sessions of the user, and record the \
times for the incident report."""
remedy.pt_BR = """\
Desative a chave agora, revise todas as chamadas feitas com ela desde o início, revogue as sessões do usuário e \
registre os horários no relatório do incidente."""

[[column]]
name = "started_at"
type = "timestamp"
title.en = "Start (UTC)"
title.pt_BR = "Início (UTC)"

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "user_name"
type = "varchar"
title.en = "User"
title.pt_BR = "Usuário"
personal = true

[[column]]
name = "access_key_id"
type = "varchar"
title.en = "Access key"
title.pt_BR = "Chave de acesso"

[[column]]
name = "origin"
type = "varchar"
title.en = "Why suspect"
title.pt_BR = "Por que suspeita"

[[column]]
name = "containment_state"
type = "varchar"
title.en = "State"
title.pt_BR = "Situação"

[[column]]
name = "contained_at"
type = "timestamp"
title.en = "Contained (UTC)"
title.pt_BR = "Contida (UTC)"

[[column]]
name = "minutes_open"
type = "bigint"
title.en = "Minutes open"
title.pt_BR = "Minutos aberta"

[[column]]
name = "calls_while_open"
type = "bigint"
title.en = "Calls while open"
title.pt_BR = "Chamadas enquanto aberta"

[[column]]
name = "contained_by"
type = "varchar"
title.en = "Contained by"
title.pt_BR = "Contida por"
personal = true

[[column]]
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"

[[column]]
name = "containment_event_id"
type = "varchar"
title.en = "Id of the containing event"
title.pt_BR = "Id do evento de contenção"
---*/

WITH
-- A key of the list may leave no call at all: it has a row nonetheless.
listed AS (
    SELECT DISTINCT named.suspect_key
    FROM unnest(:suspect_keys) AS named (suspect_key)
),

first_calls AS (
    SELECT
        access_key_id AS suspect_key,
        account_id,
        person AS user_name,
        event_time,
        event_id,
        row_number() OVER (PARTITION BY access_key_id ORDER BY event_time, event_id) AS nth
    FROM activity
    WHERE contains(:suspect_keys, access_key_id)
),

starts AS (
    SELECT
        'suspect_list' AS origin,
        first_calls.account_id,
        first_calls.user_name,
        listed.suspect_key,
        first_calls.event_time AS started_at,
        first_calls.event_id
    FROM listed
    LEFT JOIN first_calls ON listed.suspect_key = first_calls.suspect_key AND first_calls.nth = 1
    UNION ALL
    SELECT
        'aws_quarantine' AS origin,
        account_id,
        json_extract_scalar(request, '$.userName') AS user_name,
        cast(NULL AS varchar) AS suspect_key,
        event_time AS started_at,
        event_id
    FROM activity
    WHERE
        event_source = 'iam.amazonaws.com'
        AND event_name = 'AttachUserPolicy'
        AND call_result IN ('success', 'partial')
        AND regexp_like(
            json_extract_scalar(request, '$.policyArn'), ':aws:policy/AWSCompromisedKeyQuarantine(V[0-9]+)?\z'
        )
),

ends AS (
    SELECT
        account_id,
        event_time,
        event_id,
        coalesce(person, actor) AS ended_by,
        -- Left out where a user disables a key of their own.
        coalesce(json_extract_scalar(request, '$.userName'), person) AS user_name,
        json_extract_scalar(request, '$.accessKeyId') AS ended_key
    FROM activity
    WHERE
        event_source = 'iam.amazonaws.com'
        AND call_result IN ('success', 'partial')
        AND (
            event_name = 'DeleteAccessKey'
            OR (event_name = 'UpdateAccessKey' AND json_extract_scalar(request, '$.status') = 'Inactive')
        )
),

paired AS (
    SELECT
        starts.origin,
        coalesce(starts.account_id, ends.account_id) AS account_id,
        coalesce(starts.user_name, ends.user_name) AS user_name,
        starts.suspect_key,
        starts.started_at,
        starts.event_id,
        ends.event_time AS contained_at,
        ends.event_id AS containment_event_id,
        ends.ended_by,
        row_number() OVER (
            PARTITION BY starts.origin, starts.account_id, starts.user_name, starts.suspect_key, starts.started_at
            ORDER BY ends.event_time, ends.event_id
        ) AS nth
    FROM starts
    LEFT JOIN ends
        ON
            starts.suspect_key = ends.ended_key
            OR (
                starts.origin = 'aws_quarantine'
                AND starts.account_id = ends.account_id
                AND starts.user_name = ends.user_name
                AND starts.started_at <= ends.event_time
            )
),

-- Only calls that can be of one of them: columns are read where there are such.
calls AS (
    SELECT
        account_id,
        event_time,
        access_key_id,
        actor_kind,
        person
    FROM activity
    WHERE
        call_result IN ('success', 'partial')
        AND (actor_kind = 'iam_user' OR contains(:suspect_keys, access_key_id))
),

measured AS (
    SELECT
        paired.started_at,
        paired.account_id,
        paired.user_name,
        paired.suspect_key,
        paired.origin,
        paired.contained_at,
        paired.ended_by,
        paired.event_id,
        paired.containment_event_id,
        count(calls.event_time) AS calls_while_open,
        date_diff('minute', paired.started_at, paired.contained_at) AS minutes_open
    FROM paired
    LEFT JOIN calls
        ON
            paired.account_id = calls.account_id
            AND paired.started_at <= calls.event_time
            AND coalesce(paired.contained_at > calls.event_time, TRUE)
            AND (
                paired.suspect_key = calls.access_key_id
                OR (
                    paired.origin = 'aws_quarantine'
                    AND calls.actor_kind = 'iam_user'
                    AND paired.user_name = calls.person
                )
            )
    WHERE paired.nth = 1
    GROUP BY
        paired.started_at, paired.account_id, paired.user_name, paired.suspect_key, paired.origin,
        paired.contained_at, paired.ended_by, paired.event_id, paired.containment_event_id
)

SELECT
    started_at,
    account_id,
    user_name,
    suspect_key AS access_key_id,
    origin,
    CASE
        WHEN contained_at IS NOT NULL THEN 'contained_late'
        WHEN started_at IS NULL THEN 'not_seen'
        ELSE 'open_at_period_end'
    END AS containment_state,
    contained_at,
    minutes_open,
    calls_while_open,
    ended_by AS contained_by,
    event_id,
    containment_event_id
FROM measured
WHERE contained_at IS NULL OR minutes_open > :containment_minutes
ORDER BY started_at, account_id, user_name, access_key_id
