/*---
id = "behaviour.unusual_tools"
version = 1
kind = "exception"
severity = "medium"
title.en = "Tools of attackers and bulk copying"
title.pt_BR = "Ferramentas de ataque e de cópia em massa"
question.en = "Which identities used a client that names itself as a tool for attacks, scans or bulk copying?"
question.pt_BR = """\
Quais identidades usaram um cliente que se identifica como ferramenta de ataque, varredura ou cópia em massa?"""
needs = ["management:read", "management:write"]
parameters = ["tool_patterns", "approved_tools"]
grain = ["account_id", "actor", "actor_kind", "person", "tool", "user_agent"]
subject = ["account_id", "actor", "person", "tool"]
limits.en = [
  "The user agent is what the caller says of itself: a tool that hides is not found, and a name can be made up.",
  "Only the first 200 characters of the user agent are compared and shown.",
]
limits.pt_BR = [
  """\
  O user agent é o que o autor diz de si: uma ferramenta que se esconde não é encontrada, e um nome pode ser \
  inventado.""",
  "Só os primeiros 200 caracteres do user agent são comparados e mostrados.",
]
remedy.en = """\
Ask whether a test was ordered. If not, treat the credential as stolen. Add tools of your own to approved_tools."""
remedy.pt_BR = """\
Pergunte se um teste foi contratado. Se não, trate a credencial como furtada. Inclua ferramentas próprias em \
approved_tools."""

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
name = "tool"
type = "varchar"
title.en = "Pattern"
title.pt_BR = "Padrão"

[[column]]
name = "user_agent"
type = "varchar"
title.en = "User agent"
title.pt_BR = "Agente do usuário (user agent)"
personal = true

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
name = "event_sources"
type = "array(varchar)"
title.en = "Services"
title.pt_BR = "Serviços"

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

[[column]]
name = "first_event_id"
type = "varchar"
title.en = "Id of the first event"
title.pt_BR = "Id do primeiro evento"
---*/

WITH
-- Patterns are matched once for each text that clients sent, not for each event.
agents AS (
    SELECT substr(user_agent, 1, 200) AS user_agent
    FROM activity
    WHERE actor_kind NOT IN ('aws_service', 'service_linked_role', 'service_event')
    GROUP BY substr(user_agent, 1, 200)
),

tools AS (
    SELECT
        user_agent,
        array_min(
            filter(
                :tool_patterns,
                pattern -> lower(user_agent) LIKE replace(replace(lower(pattern), '_', '!_'), '*', '%') ESCAPE '!'
            )
        ) AS tool
    FROM agents
    WHERE
        NOT any_match(
            :approved_tools,
            pattern -> coalesce(
                lower(user_agent) LIKE replace(replace(lower(pattern), '_', '!_'), '*', '%') ESCAPE '!',
                FALSE
            )
        )
),

clients AS (
    SELECT
        activity.account_id,
        activity.actor,
        activity.actor_kind,
        activity.person,
        activity.event_source,
        activity.call_result,
        activity.source_address,
        activity.event_time,
        activity.event_id,
        tools.user_agent,
        tools.tool
    FROM activity
    INNER JOIN tools ON substr(activity.user_agent, 1, 200) = tools.user_agent
    WHERE
        activity.actor_kind NOT IN ('aws_service', 'service_linked_role', 'service_event')
        AND tools.tool IS NOT NULL
),

numbered AS (
    SELECT
        clients.*,
        row_number() OVER (
            PARTITION BY account_id, actor, actor_kind, person, tool, user_agent
            ORDER BY event_time, event_id
        ) AS nth
    FROM clients
)

SELECT
    account_id,
    actor,
    actor_kind,
    person,
    tool,
    user_agent,
    count(*) AS calls,
    count_if(call_result = 'denied') AS denied,
    slice(array_sort(array_agg(DISTINCT event_source)), 1, 20) AS event_sources,
    slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
        AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id
FROM numbered
GROUP BY account_id, actor, actor_kind, person, tool, user_agent
ORDER BY account_id, actor, actor_kind, person, tool, user_agent
