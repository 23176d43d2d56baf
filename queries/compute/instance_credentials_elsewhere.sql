/*---
id = "compute.instance_credentials_elsewhere"
version = 1
kind = "exception"
severity = "critical"
title.en = "Credentials of instances used elsewhere"
title.pt_BR = "Credenciais de instâncias usadas em outro lugar"
question.en = "Were the credentials of instances used from addresses that are not those of their network?"
question.pt_BR = "Credenciais de instâncias foram usadas a partir de endereços que não são os de sua rede?"
needs = ["management:read", "management:write"]
parameters = ["nat_addresses"]
grain = ["account_id", "actor", "person", "source_ip"]
subject = ["account_id", "actor", "source_ip"]
limits.en = [
  """\
  A session is taken for an instance's by its name, an instance id: whoever may assume the role can name a session \
  so.""",
  """\
  Calls through a VPC endpoint, from private addresses, and by AWS services are left out. Data events are asked \
  where they are logged.""",
]
limits.pt_BR = [
  """\
  Uma sessão é tida como de instância pelo nome, um id de instância: quem pode assumir a role pode dar esse nome à \
  sessão.""",
  """\
  Chamadas por VPC endpoint, de endereços privados e de serviços da AWS ficam de fora. Eventos de dados são \
  consultados onde registrados.""",
]
remedy.en = """\
Stop the instance's role (revoke its sessions), keep the disk, and look for how the metadata was read. Add your own \
addresses to nat_addresses."""
remedy.pt_BR = """\
Bloqueie a role da instância (revogue as sessões), preserve o disco e procure como os metadados foram lidos. Inclua \
endereços próprios em nat_addresses."""

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
name = "event_names"
type = "array(varchar)"
title.en = "Events"
title.pt_BR = "Eventos"

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
        person,
        source_ip,
        event_name,
        call_result,
        substr(user_agent, 1, 200) AS user_agent,
        event_time,
        event_id,
        row_number() OVER (
            PARTITION BY account_id, actor, person, source_ip
            ORDER BY event_time, event_id
        ) AS nth
    FROM activity
    WHERE
        actor_kind = 'role'
        AND regexp_like(person, '^i-[0-9a-f]{8,17}\z')
        AND source_ip IS NOT NULL
        AND NOT service_initiated
        AND coalesce(vpc_endpoint_id, '') = ''
        AND none_match(
            ARRAY['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'],
            network -> contains(network, try_cast(source_ip AS ipaddress))
        )
        AND none_match(:nat_addresses, network -> contains(network, try_cast(source_ip AS ipaddress)))
)

SELECT
    account_id,
    actor,
    person,
    source_ip,
    count(*) AS calls,
    count_if(call_result = 'denied') AS denied,
    slice(array_sort(array_agg(DISTINCT event_name)), 1, 20) AS event_names,
    slice(array_sort(array_agg(DISTINCT user_agent) FILTER (WHERE user_agent IS NOT NULL)), 1, 5) AS user_agents,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id
FROM numbered
GROUP BY account_id, actor, person, source_ip
ORDER BY account_id, actor, person, source_ip
