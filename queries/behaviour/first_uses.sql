/*---
id = "behaviour.first_uses"
version = 1
kind = "exception"
severity = "medium"
title.en = "Actions and regions used for the first time"
title.pt_BR = "Ações e regiões usadas pela primeira vez"
question.en = """\
Which identity changed something, or obtained a secret, by an action or in a region that it had not used in the \
look-back?"""
question.pt_BR = """\
Qual identidade alterou algo, ou obteve um segredo, por uma ação ou em uma região que não havia usado na janela \
anterior?"""
needs = ["management:write"]
parameters = ["baseline_days"]
lookback_days = "baseline_days"
grain = ["account_id", "actor", "actor_kind", "finding", "what"]
subject = ["account_id", "actor", "finding", "what"]
limits.en = [
  """\
  An identity is a role, user or account, not a person or session behind a role: what any session of it did before is \
  taken into account.""",
  "new_identity: nothing by it is in the look-back; its actions are counted in one row.",
  "Acts of AWS services for themselves, and calls that only look, are left out. Data events are left out too.",
]
limits.pt_BR = [
  """\
  Uma identidade é uma role, um usuário ou uma conta, não a pessoa ou sessão por trás de uma role: o que qualquer \
  sessão fez antes é levado em conta.""",
  "new_identity: nada dela consta da janela anterior; suas ações são contadas em uma linha.",
  """\
  Ficam de fora o que serviços da AWS fazem por conta própria, as chamadas que só consultam e também os eventos de \
  dados.""",
]
remedy.en = """\
Look for the change or the deployment that explains it. Start with identities that manage access, keys and logs, and \
with new regions."""
remedy.pt_BR = """\
Procure a mudança ou a implantação que explique a linha. Comece pelas identidades que administram acesso, chaves e \
logs, e por regiões novas."""

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
name = "what"
type = "varchar"
title.en = "Action or region"
title.pt_BR = "Ação ou região"

[[column]]
name = "novelties"
type = "bigint"
title.en = "New actions and regions"
title.pt_BR = "Ações e regiões novas"

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

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
noted AS (
    SELECT
        activity.account_id,
        activity.actor,
        activity.actor_kind,
        activity.in_period,
        activity.event_time,
        uses.what
    FROM activity
    CROSS JOIN
        unnest(ARRAY[concat(activity.event_source, ' ', activity.event_base_name), activity.region]) AS uses (what)
    WHERE
        activity.call_result IN ('success', 'partial')
        AND activity.event_category = 'Management'
        -- Old records are not always marked: the name tells.
        AND (
            activity.discloses
            OR NOT coalesce(
                activity.read_only,
                regexp_like(
                    activity.event_name,
                    '^(AssumeRole|Decrypt|Describe|Encrypt|Generate|Get|Head|List|Lookup|Search)'
                ),
                TRUE
            )
        )
        AND NOT activity.service_initiated
        AND activity.actor_kind NOT IN ('aws_service', 'service_linked_role', 'service_event', 'anonymous')
        AND uses.what IS NOT NULL
),

uses AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        what,
        bool_or(NOT in_period) AS seen_before,
        count(*) AS calls,
        min(event_time) AS first_time,
        max(event_time) AS last_time
    FROM noted
    GROUP BY account_id, actor, actor_kind, what
),

compared AS (
    SELECT
        uses.*,
        bool_or(seen_before) OVER (PARTITION BY account_id, actor, actor_kind) AS known_identity
    FROM uses
),

news AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        first_time,
        last_time,
        -- Each call is an action and a region; of a new identity it counts once.
        CASE WHEN known_identity OR strpos(what, ' ') > 0 THEN calls ELSE 0 END AS calls,
        CASE
            WHEN NOT known_identity THEN 'new_identity'
            WHEN strpos(what, ' ') > 0 THEN 'new_action'
            ELSE 'new_region'
        END AS finding,
        CASE WHEN known_identity THEN what END AS what
    FROM compared
    WHERE NOT seen_before
)

SELECT
    account_id,
    actor,
    actor_kind,
    finding,
    what,
    count(*) AS novelties,
    sum(calls) AS calls,
    min(first_time) AS first_time,
    max(last_time) AS last_time
FROM news
GROUP BY account_id, actor, actor_kind, finding, what
ORDER BY account_id, actor, actor_kind, finding, what
