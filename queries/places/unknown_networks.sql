/*---
id = "places.unknown_networks"
version = 1
kind = "exception"
severity = "high"
title.en = "People outside the known networks"
title.pt_BR = "Pessoas fora das redes conhecidas"
question.en = "Which people signed in or worked from addresses outside the known networks?"
question.pt_BR = "Quais pessoas fizeram login ou trabalharam a partir de endereços fora das redes conhecidas?"
needs = ["management:read", "management:write"]
parameters = ["known_networks"]
grain = ["account_id", "actor", "actor_kind", "person", "source_ip"]
subject = ["account_id", "actor", "person", "source_ip"]
limits.en = [
  "A person behind CloudShell, AppStream, WorkSpaces or a bastion host has the address of that service, not their own.",
  """\
  Calls through a VPC endpoint have a private address and are left out; external.unknown_accounts asks whose \
  endpoint it is.""",
  "Calls for which no address was logged, such as those that a service makes for a person, are left out.",
]
limits.pt_BR = [
  "Uma pessoa atrás de CloudShell, AppStream, WorkSpaces ou de um bastion tem o endereço desse serviço, não o seu.",
  """\
  Chamadas por VPC endpoint têm endereço privado e ficam de fora; external.unknown_accounts pergunta de quem é o \
  endpoint.""",
  "Chamadas sem endereço registrado, como as que um serviço faz por uma pessoa, ficam de fora.",
]
remedy.en = """\
Ask each person where they were. An address that nobody explains is a reason to revoke the session and rotate the \
credential."""
remedy.pt_BR = """\
Pergunte a cada pessoa onde estava. Um endereço que ninguém explica é motivo para revogar a sessão e trocar a \
credencial."""

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
name = "source_ip"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "sign_ins"
type = "bigint"
title.en = "Sign-ins"
title.pt_BR = "Logins"

[[column]]
name = "changes"
type = "bigint"
title.en = "Calls that change"
title.pt_BR = "Chamadas que alteram"

[[column]]
name = "secrets_read"
type = "bigint"
title.en = "Secrets and credentials obtained"
title.pt_BR = "Segredos e credenciais obtidos"

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "user_agents"
type = "array(varchar)"
title.en = "User agents"
title.pt_BR = "User agents"
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

WITH numbered AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        person,
        source_ip,
        event_source,
        event_name,
        -- Old records are not always marked: the name tells.
        coalesce(
            read_only,
            regexp_like(event_name, '^(AssumeRole|Decrypt|Describe|Encrypt|Generate|Get|Head|List|Lookup|Search)'),
            TRUE
        ) AS only_looks,
        discloses,
        substr(user_agent, 1, 200) AS user_agent,
        event_time,
        event_id,
        row_number() OVER (
            PARTITION BY account_id, actor, actor_kind, person, source_ip
            ORDER BY event_time, event_id
        ) AS nth
    FROM activity
    WHERE
        actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center', 'root', 'assumed_root')
        AND call_result IN ('success', 'partial')
        AND NOT service_initiated
        AND source_ip IS NOT NULL
        AND coalesce(vpc_endpoint_id, '') = ''
        AND none_match(:known_networks, network -> contains(network, try_cast(source_ip AS ipaddress)))
)

SELECT
    account_id,
    actor,
    actor_kind,
    person,
    source_ip,
    count_if(event_source = 'signin.amazonaws.com' AND event_name IN ('ConsoleLogin', 'UserAuthentication'))
        AS sign_ins,
    count_if(NOT only_looks AND event_source <> 'signin.amazonaws.com') AS changes,
    count_if(discloses) AS secrets_read,
    count(*) AS calls,
    slice(array_sort(array_agg(DISTINCT user_agent) FILTER (WHERE user_agent IS NOT NULL)), 1, 5) AS user_agents,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id
FROM numbered
GROUP BY account_id, actor, actor_kind, person, source_ip
ORDER BY account_id, actor, actor_kind, person, source_ip
