/*---
id = "behaviour.enumeration_bursts"
version = 1
kind = "exception"
severity = "medium"
title.en = "Bursts of enumeration"
title.pt_BR = "Rajadas de enumeração"
question.en = """\
Which identity listed or described very many kinds of resources within an hour, or met many denials while doing so?"""
question.pt_BR = """\
Qual identidade listou ou descreveu muitos tipos de recursos em uma hora, ou teve muitas chamadas negadas ao fazê-lo?"""
needs = ["management:read"]
parameters = ["enumeration_threshold", "enumeration_denied_threshold", "scanner_roles"]
grain = ["account_id", "actor", "person", "utc_day"]
subject = ["account_id", "actor", "person"]
limits.en = [
  "Hours begin on the hour and at half past, so that a burst of up to thirty minutes always lies within one of them.",
  "Pages of the console make dozens of such calls on their own. The row shows the worst hour of each day.",
  "Roles in scanner_roles are left out: their purpose is to look at everything.",
]
limits.pt_BR = [
  """\
  As janelas de uma hora começam na hora cheia e na meia hora; assim, uma rajada de até trinta minutos sempre cabe em \
  uma delas.""",
  "Páginas do console fazem por si só dezenas dessas chamadas. A linha mostra a pior hora de cada dia.",
  "Roles em scanner_roles ficam de fora: sua função é consultar tudo.",
]
remedy.en = """\
Ask what was looked for. Someone with a stolen credential begins by finding out what it may do: look at what came \
next."""
remedy.pt_BR = """\
Pergunte o que se procurava. Quem tem uma credencial furtada começa por descobrir o que ela permite: veja o que veio \
depois."""

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
name = "hour_start"
type = "timestamp"
title.en = "Worst hour begins (UTC)"
title.pt_BR = "Início da pior hora (UTC)"

[[column]]
name = "distinct_actions"
type = "bigint"
title.en = "Different actions"
title.pt_BR = "Ações diferentes"

[[column]]
name = "denied_actions"
type = "bigint"
title.en = "Different actions denied"
title.pt_BR = "Ações diferentes negadas"

[[column]]
name = "services"
type = "bigint"
title.en = "Services (count)"
title.pt_BR = "Serviços (quantidade)"

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "source_addresses"
type = "array(varchar)"
title.en = "Source addresses"
title.pt_BR = "Endereços de origem"
personal = true

[[column]]
name = "user_agent"
type = "varchar"
title.en = "User agent"
title.pt_BR = "Agente do usuário (user agent)"
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
-- What each identity looked at in the whole period: most look at few kinds of things, again and again.
names AS (
    SELECT
        account_id,
        coalesce(actor, '') AS actor,
        actor_kind,
        event_source,
        event_name,
        bool_or(call_result = 'denied') AS was_denied
    FROM activity
    WHERE
        -- Many records before version 1.08 are not marked.
        coalesce(read_only, regexp_like(event_name, '^(Describe|Get|Head|List|Lookup|Search)'), FALSE)
        AND event_category = 'Management'
        AND NOT service_initiated
        AND actor_kind NOT IN ('aws_service', 'service_linked_role', 'service_event')
        AND NOT coalesce(
            any_match(
                :scanner_roles,
                role -> actor LIKE replace(replace(role, '_', '!_'), '*', '%') ESCAPE '!'
            ),
            FALSE
        )
    GROUP BY account_id, coalesce(actor, ''), actor_kind, event_source, event_name
),

-- Who looked at fewer things in the whole period than a burst takes has none.
curious AS (
    SELECT
        account_id,
        actor,
        actor_kind
    FROM names
    GROUP BY account_id, actor, actor_kind
    HAVING count(*) >= :enumeration_threshold OR count_if(was_denied) >= :enumeration_denied_threshold
),

looks AS (
    SELECT
        activity.account_id,
        curious.actor,
        activity.actor_kind,
        CASE
            WHEN activity.actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center')
                THEN activity.person
        END AS person,
        activity.event_source,
        concat(activity.event_source, ' ', activity.event_name) AS action_name,
        activity.call_result,
        activity.source_address,
        substr(activity.user_agent, 1, 200) AS user_agent,
        activity.event_time
    FROM activity
    INNER JOIN curious
        ON
            activity.account_id = curious.account_id
            AND coalesce(activity.actor, '') = curious.actor
            AND activity.actor_kind = curious.actor_kind
    WHERE
        coalesce(
            activity.read_only, regexp_like(activity.event_name, '^(Describe|Get|Head|List|Lookup|Search)'), FALSE
        )
        AND activity.event_category = 'Management'
        AND NOT activity.service_initiated
),

-- Each call lies in two hours: one that begins on the hour, and one that begins at half past.
in_hours AS (
    SELECT
        looks.*,
        date_add(
            'minute', windows.shift, date_trunc('hour', date_add('minute', 0 - windows.shift, looks.event_time))
        ) AS hour_start
    FROM looks
    CROSS JOIN unnest(ARRAY[0, 30]) AS windows (shift)
),

hours AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        person,
        hour_start,
        count(DISTINCT action_name) AS distinct_actions,
        count(DISTINCT CASE WHEN call_result = 'denied' THEN action_name END) AS denied_actions,
        count(DISTINCT event_source) AS services,
        count(*) AS calls,
        slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
            AS source_addresses,
        min(user_agent) AS user_agent,
        min(event_time) AS first_time,
        max(event_time) AS last_time
    FROM in_hours
    GROUP BY account_id, actor, actor_kind, person, hour_start
),

ranked AS (
    SELECT
        hours.*,
        cast(first_time AS date) AS utc_day,
        row_number() OVER (
            PARTITION BY account_id, actor, actor_kind, person, cast(first_time AS date)
            ORDER BY distinct_actions DESC, denied_actions DESC, hour_start ASC
        ) AS nth
    FROM hours
    WHERE distinct_actions >= :enumeration_threshold OR denied_actions >= :enumeration_denied_threshold
)

SELECT
    account_id,
    nullif(actor, '') AS actor,
    actor_kind,
    person,
    utc_day,
    hour_start,
    distinct_actions,
    denied_actions,
    services,
    calls,
    source_addresses,
    user_agent,
    first_time,
    last_time
FROM ranked
WHERE nth = 1
ORDER BY account_id, actor, person, utc_day
