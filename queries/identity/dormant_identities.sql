/*---
id = "identity.dormant_identities"
version = 1
kind = "exception"
severity = "medium"
title.en = "Dormant identities"
title.pt_BR = "Identidades inativas"
question.en = """\
Which IAM users and roles came back after a silence longer than the limit, and which of those you listed were not \
used at all?"""
question.pt_BR = """\
Quais usuários e roles do IAM voltaram após um silêncio maior que o limite, e quais dos que vocês listaram não foram \
usados?"""
needs = ["management:read", "management:write"]
parameters = ["inactivity_days", "known_identities"]
lookback_days = "inactivity_days"
grain = ["account_id", "actor", "finding"]
subject = ["account_id", "actor", "finding"]
limits.en = [
  """\
  came_back: used in the period, not used in inactivity_days before, and not created in that time. The silence has \
  to be seen: where no user or role of the account acted as early as that, nothing is said.""",
  """\
  not_used: listed in known_identities and seen neither in the period nor in the look-back. Identities that are not \
  listed and never act leave no record: IAM's own credential report has them.""",
  "A refused call is use: somebody held the credential. Silence is counted in whole days (UTC).",
  """\
  Calls in the identity's own account alone count; data events count only where they are logged. Service-linked \
  roles and the roles of Identity Center, which AWS manages, are left out.""",
]
limits.pt_BR = [
  """\
  came_back: usada no período, não usada nos inactivity_days anteriores e não criada nesse tempo. O silêncio precisa \
  ser visto: se nenhum usuário ou role da conta agiu tão cedo, nada é dito.""",
  """\
  not_used: listada em known_identities e não vista no período nem na janela anterior. Identidades não listadas que \
  nunca agem não deixam registro: elas estão no relatório de credenciais do IAM.""",
  "Uma chamada recusada é uso: alguém tinha a credencial. O silêncio é contado em dias inteiros (UTC).",
  """\
  Só contam chamadas na própria conta da identidade; eventos de dados contam apenas onde são registrados. \
  Service-linked roles e as roles do Identity Center, geridas pela AWS, ficam de fora.""",
]
remedy.en = "Ask the owner why the identity came back; disable or delete identities that nobody needs any more."
remedy.pt_BR = """\
Pergunte ao dono por que a identidade voltou; desative ou exclua as identidades de que ninguém mais precisa."""

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
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "last_use_before"
type = "timestamp"
title.en = "Last use before (UTC)"
title.pt_BR = "Último uso anterior (UTC)"

[[column]]
name = "back_at"
type = "timestamp"
title.en = "Used again at (UTC)"
title.pt_BR = "Usada de novo em (UTC)"

[[column]]
name = "silent_days"
type = "bigint"
title.en = "Days of silence"
title.pt_BR = "Dias de silêncio"

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "refused"
type = "bigint"
title.en = "Refused"
title.pt_BR = "Recusada"

[[column]]
name = "first_event_id"
type = "varchar"
title.en = "Id of the first event"
title.pt_BR = "Id do primeiro evento"

[[column]]
name = "first_log_file"
type = "varchar"
title.en = "Log file of the first event"
title.pt_BR = "Arquivo de log do primeiro evento"
---*/

WITH
noted AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        call_result,
        in_period,
        event_time,
        event_id,
        log_file,
        cast(event_time AS date) AS utc_day,
        -- Who was created, where the call creates somebody.
        CASE
            WHEN
                event_source = 'iam.amazonaws.com'
                AND event_name IN ('CreateUser', 'CreateRole')
                AND call_result = 'success'
                THEN coalesce(
                    json_extract_scalar(response, '$.user.arn'), json_extract_scalar(response, '$.role.arn')
                )
        END AS created_identity,
        coalesce(actor_kind IN ('iam_user', 'role') AND actor_account = account_id, FALSE) AS is_use
    FROM activity
    WHERE
        (actor_kind IN ('iam_user', 'role') AND actor_account = account_id)
        OR (event_source = 'iam.amazonaws.com' AND event_name IN ('CreateUser', 'CreateRole'))
),

uses AS (
    SELECT
        noted.*,
        row_number() OVER (
            PARTITION BY account_id, actor, actor_kind, utc_day, in_period
            ORDER BY event_time, event_id
        ) AS nth
    FROM noted
    WHERE is_use
),

days AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        utc_day,
        bool_or(in_period) AS has_period,
        count_if(in_period) AS calls,
        count_if(in_period AND call_result = 'denied') AS refused,
        min(CASE WHEN in_period THEN event_time END) AS first_in_period,
        max(event_time) AS last_time,
        max(CASE WHEN in_period AND nth = 1 THEN event_id END) AS first_event_id,
        max(CASE WHEN in_period AND nth = 1 THEN log_file END) AS first_log_file
    FROM uses
    GROUP BY account_id, actor, actor_kind, utc_day
),

created AS (
    SELECT DISTINCT created_identity
    FROM noted
    WHERE created_identity IS NOT NULL
),

paced AS (
    SELECT
        days.*,
        lag(last_time) OVER (PARTITION BY account_id, actor, actor_kind ORDER BY utc_day) AS last_use_before,
        lag(utc_day) OVER (PARTITION BY account_id, actor, actor_kind ORDER BY utc_day) AS day_before,
        min(utc_day) OVER (PARTITION BY account_id) AS account_first_day,
        sum(calls) OVER (PARTITION BY account_id, actor, actor_kind) AS calls_in_period,
        sum(refused) OVER (PARTITION BY account_id, actor, actor_kind) AS refused_in_period
    FROM days
),

-- A silence is one only where the account is seen to be logged at its start.
gaps AS (
    SELECT
        paced.*,
        date_diff('day', day_before, utc_day) AS silent_days,
        coalesce(
            date_diff('day', day_before, utc_day) > :inactivity_days,
            date_diff('day', account_first_day, utc_day) >= :inactivity_days
        ) AS is_back
    FROM paced
    WHERE has_period
),

returned AS (
    SELECT
        gaps.account_id,
        gaps.actor,
        gaps.actor_kind,
        gaps.last_use_before,
        gaps.first_in_period,
        gaps.first_event_id,
        gaps.first_log_file,
        gaps.calls_in_period,
        gaps.refused_in_period,
        gaps.silent_days,
        row_number() OVER (PARTITION BY gaps.account_id, gaps.actor ORDER BY gaps.utc_day, gaps.actor_kind) AS nth
    FROM gaps
    LEFT JOIN created ON gaps.actor = created.created_identity
    WHERE gaps.is_back AND created.created_identity IS NULL
),

used AS (
    SELECT DISTINCT actor
    FROM days
),

listed AS (
    SELECT held.arn
    FROM unnest(:known_identities) AS held (arn)
),

findings AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        'came_back' AS finding,
        last_use_before,
        first_in_period AS back_at,
        silent_days,
        calls_in_period AS calls,
        refused_in_period AS refused,
        first_event_id,
        first_log_file
    FROM returned
    WHERE nth = 1
    UNION ALL
    SELECT
        split_part(listed.arn, ':', 5) AS account_id,
        listed.arn AS actor,
        cast(NULL AS varchar) AS actor_kind,
        'not_used' AS finding,
        cast(NULL AS timestamp) AS last_use_before,
        cast(NULL AS timestamp) AS back_at,
        cast(NULL AS bigint) AS silent_days,
        cast(0 AS bigint) AS calls,
        cast(0 AS bigint) AS refused,
        cast(NULL AS varchar) AS first_event_id,
        cast(NULL AS varchar) AS first_log_file
    FROM listed
    LEFT JOIN used ON listed.arn = used.actor
    WHERE used.actor IS NULL
)

SELECT
    account_id,
    actor,
    actor_kind,
    finding,
    last_use_before,
    back_at,
    silent_days,
    calls,
    refused,
    first_event_id,
    first_log_file
FROM findings
ORDER BY account_id, actor, finding
