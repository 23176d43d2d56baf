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
  """\
  A call without effect is use: somebody held the credential. A failed sign-in is none: anyone can try a name. \
  Silence is counted in whole days (UTC).""",
  """\
  Calls in the identity's own account alone count; data events count only where they are logged. Service-linked \
  roles and the roles of Identity Center, which AWS manages, are left out.""",
]
limits.pt_BR = [
  """\
  came_back: usada no período, não usada nos inactivity_days anteriores e não criada nesse tempo. O silêncio precisa \
  ser visto: se nenhum usuário ou role da conta agiu já naquela época, nada se afirma.""",
  """\
  not_used: listada em known_identities e não vista no período nem na janela anterior. Identidades não listadas que \
  nunca agem não deixam registro: elas estão no relatório de credenciais do IAM.""",
  """\
  Uma chamada sem efeito é uso: alguém tinha a credencial. Um login que falhou não é: qualquer um pode tentar um \
  nome. O silêncio é contado em dias inteiros (UTC).""",
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
name = "denied"
type = "bigint"
title.en = "Denied"
title.pt_BR = "Negadas"

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
-- The days of each identity: those on which it was used, on which it was created, and none for one that was listed.
marked AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        cast(event_time AS date) AS utc_day,
        bool_or(in_period) AS has_period,
        TRUE AS has_use,
        FALSE AS has_creation,
        FALSE AS is_listed,
        count_if(in_period) AS calls,
        count_if(in_period AND call_result = 'denied') AS denied,
        min(CASE WHEN in_period THEN event_time END) AS first_in_period,
        max(event_time) AS last_time
    FROM activity
    WHERE
        actor_kind IN ('iam_user', 'role')
        AND actor_account = account_id
        -- Anyone can try a name at a sign-in, even one that does not exist.
        AND (event_source <> 'signin.amazonaws.com' OR call_result = 'success')
    GROUP BY account_id, actor, actor_kind, cast(event_time AS date)
    UNION ALL
    SELECT DISTINCT
        account_id,
        coalesce(json_extract_scalar(response, '$.user.arn'), json_extract_scalar(response, '$.role.arn')) AS actor,
        CASE event_name WHEN 'CreateRole' THEN 'role' ELSE 'iam_user' END AS actor_kind,
        cast(event_time AS date) AS utc_day,
        FALSE AS has_period,
        FALSE AS has_use,
        TRUE AS has_creation,
        FALSE AS is_listed,
        0 AS calls,
        0 AS denied,
        cast(NULL AS timestamp) AS first_in_period,
        cast(NULL AS timestamp) AS last_time
    FROM activity
    WHERE
        event_source = 'iam.amazonaws.com'
        AND event_name IN ('CreateUser', 'CreateRole')
        AND call_result = 'success'
        AND coalesce(json_extract_scalar(response, '$.user.arn'), json_extract_scalar(response, '$.role.arn'))
        IS NOT NULL
    UNION ALL
    SELECT
        split_part(listed.arn, ':', 5) AS account_id,
        listed.arn AS actor,
        CASE WHEN listed.arn LIKE 'arn:%:role/%' THEN 'role' ELSE 'iam_user' END AS actor_kind,
        cast(NULL AS date) AS utc_day,
        FALSE AS has_period,
        FALSE AS has_use,
        FALSE AS has_creation,
        TRUE AS is_listed,
        0 AS calls,
        0 AS denied,
        cast(NULL AS timestamp) AS first_in_period,
        cast(NULL AS timestamp) AS last_time
    FROM unnest(:known_identities) AS listed (arn)
),

days AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        utc_day,
        bool_or(has_period) AS has_period,
        bool_or(has_use) AS has_use,
        bool_or(has_creation) AS has_creation,
        bool_or(is_listed) AS is_listed,
        sum(calls) AS calls,
        sum(denied) AS denied,
        min(first_in_period) AS first_in_period,
        max(last_time) AS last_time
    FROM marked
    GROUP BY account_id, actor, actor_kind, utc_day
),

paced AS (
    SELECT
        days.*,
        lag(last_time) OVER (PARTITION BY account_id, actor, actor_kind ORDER BY utc_day NULLS LAST)
            AS last_use_before,
        lag(utc_day) OVER (PARTITION BY account_id, actor, actor_kind ORDER BY utc_day NULLS LAST) AS day_before,
        min(utc_day) OVER (PARTITION BY account_id) AS account_first_day,
        bool_or(has_use) OVER (PARTITION BY actor) AS is_used,
        bool_or(has_creation) OVER (PARTITION BY actor) AS is_new,
        sum(calls) OVER (PARTITION BY account_id, actor, actor_kind) AS calls_in_period,
        sum(denied) OVER (PARTITION BY account_id, actor, actor_kind) AS denied_in_period
    FROM days
),

-- A silence is one only where the account is seen to be logged at its start.
judged AS (
    SELECT
        paced.*,
        date_diff('day', day_before, utc_day) AS silent_days,
        CASE
            WHEN is_listed AND NOT is_used THEN 'not_used'
            WHEN
                has_period
                AND NOT is_new
                AND coalesce(
                    date_diff('day', day_before, utc_day) > :inactivity_days,
                    date_diff('day', account_first_day, utc_day) >= :inactivity_days
                )
                THEN 'came_back'
        END AS finding
    FROM paced
),

findings AS (
    SELECT
        judged.*,
        row_number() OVER (PARTITION BY account_id, actor ORDER BY utc_day ASC NULLS LAST, actor_kind ASC) AS nth
    FROM judged
    WHERE finding IS NOT NULL
),

-- The first call of the day on which somebody came back; records can share a time, and an id.
firsts AS (
    SELECT
        findings.account_id,
        findings.actor,
        findings.actor_kind,
        activity.event_id,
        activity.log_file,
        row_number() OVER (
            PARTITION BY findings.account_id, findings.actor, findings.actor_kind
            ORDER BY activity.event_id, activity.log_file
        ) AS nth
    FROM findings
    INNER JOIN activity
        ON
            findings.account_id = activity.account_id
            AND findings.actor = activity.actor
            AND findings.actor_kind = activity.actor_kind
            AND findings.first_in_period = activity.event_time
    WHERE
        findings.nth = 1
        AND activity.actor_account = activity.account_id
        AND (activity.event_source <> 'signin.amazonaws.com' OR activity.call_result = 'success')
)

SELECT
    findings.account_id,
    findings.actor,
    findings.actor_kind,
    findings.finding,
    findings.last_use_before,
    findings.first_in_period AS back_at,
    findings.silent_days,
    findings.calls_in_period AS calls,
    findings.denied_in_period AS denied,
    firsts.event_id AS first_event_id,
    firsts.log_file AS first_log_file
FROM findings
LEFT JOIN firsts
    ON
        findings.account_id = firsts.account_id
        AND findings.actor = firsts.actor
        AND findings.actor_kind = firsts.actor_kind
        AND firsts.nth = 1
WHERE findings.nth = 1
ORDER BY findings.account_id, findings.actor, findings.finding
