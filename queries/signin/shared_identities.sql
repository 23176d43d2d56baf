/*---
id = "signin.shared_identities"
version = 1
kind = "exception"
severity = "medium"
title.en = "One identity from many networks at once"
title.pt_BR = "Uma identidade a partir de várias redes ao mesmo tempo"
question.en = "Which person's identity was used from many networks within one hour, as if several people shared it?"
question.pt_BR = """\
Qual identidade de pessoa foi usada a partir de várias redes em uma hora, como se várias pessoas a compartilhassem?"""
needs = ["management:read", "management:write"]
parameters = ["shared_identity_networks", "workload_principals"]
grain = ["account_id", "actor_kind", "actor", "person", "utc_day"]
subject = ["account_id", "actor", "person"]
limits.en = [
  """\
  A network is the first 24 bits of an IPv4 address and the first 48 of an IPv6 one. One person on a phone and \
  behind a company proxy can have two or three.""",
  "Hours begin at every full and half hour; of several in one day (UTC) the one with the most networks is the row.",
  """\
  Calls that AWS services make for the person, and calls through VPC endpoints, are left out; so are plain roles, \
  which workloads share by design, and the actors in workload_principals. Calls with a key count also where they \
  had no effect.""",
]
limits.pt_BR = [
  """\
  Uma rede corresponde aos primeiros 24 bits de um endereço IPv4 ou aos primeiros 48 de um IPv6. Uma só pessoa no \
  celular e atrás do proxy da empresa pode ter duas ou três.""",
  "As horas começam a cada hora cheia e meia hora; de várias no mesmo dia (UTC), a linha é a que tem mais redes.",
  """\
  Ficam de fora chamadas que serviços da AWS fazem pela pessoa e chamadas por VPC endpoints, bem como roles comuns, \
  que cargas de trabalho compartilham por natureza, e os autores em workload_principals. Chamadas com uma chave \
  contam mesmo quando sem efeito.""",
]
remedy.en = """\
Ask the person which of the networks are theirs. Give each person an identity of their own; if nobody knows a \
network, treat the credential as taken."""
remedy.pt_BR = """\
Pergunte à pessoa quais redes são dela. Dê a cada pessoa uma identidade própria; se ninguém reconhecer uma rede, \
trate a credencial como comprometida."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

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
name = "networks"
type = "bigint"
title.en = "Networks"
title.pt_BR = "Redes"

[[column]]
name = "source_addresses"
type = "array(varchar)"
title.en = "Source addresses"
title.pt_BR = "Endereços de origem"
personal = true

[[column]]
name = "user_agents"
type = "array(varchar)"
title.en = "User agents"
title.pt_BR = "User agents"
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

[[column]]
name = "first_log_file"
type = "varchar"
title.en = "Log file of the first event"
title.pt_BR = "Arquivo de log do primeiro evento"
---*/

WITH
calls AS (
    SELECT
        account_id,
        actor_kind,
        actor,
        person,
        source_ip,
        call_result,
        substr(user_agent, 1, 200) AS user_agent,
        event_time,
        event_id,
        log_file,
        CASE source_kind
            WHEN 'ip4' THEN concat(regexp_extract(source_ip, '^(.+)\.[0-9]+\z', 1), '.0/24')
            ELSE coalesce(
                concat(regexp_extract(lower(source_ip), '^([0-9a-f]+:[0-9a-f]+:[0-9a-f]+):', 1), '::/48'),
                lower(source_ip)
            )
        END AS source_network
    FROM activity
    WHERE
        actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center', 'root', 'assumed_root')
        -- Anyone can try somebody's name at a sign-in; a signature needs the key.
        AND (event_source <> 'signin.amazonaws.com' OR call_result = 'success')
        AND NOT service_initiated
        AND coalesce(invoked_by, '') = ''
        AND source_ip IS NOT NULL
        AND coalesce(vpc_endpoint_id, '') = ''
        AND NOT coalesce(
            any_match(
                :workload_principals,
                held -> actor LIKE replace(replace(held, '_', '!_'), '*', '%') ESCAPE '!'
            ),
            FALSE
        )
),

-- Each call lies in two hours: one that begins on the hour, and one that begins at half past.
in_hours AS (
    SELECT
        calls.*,
        date_add(
            'minute', windows.shift, date_trunc('hour', date_add('minute', 0 - windows.shift, calls.event_time))
        ) AS hour_start
    FROM calls
    CROSS JOIN unnest(ARRAY[0, 30]) AS windows (shift)
),

numbered AS (
    SELECT
        in_hours.*,
        row_number() OVER (
            PARTITION BY account_id, actor_kind, actor, person, hour_start
            ORDER BY event_time, event_id
        ) AS nth
    FROM in_hours
),

hours AS (
    SELECT
        account_id,
        actor_kind,
        actor,
        person,
        hour_start,
        count(DISTINCT source_network) AS networks,
        slice(array_sort(array_agg(DISTINCT source_ip)), 1, 20) AS source_addresses,
        slice(array_sort(array_agg(DISTINCT user_agent) FILTER (WHERE user_agent IS NOT NULL)), 1, 5) AS user_agents,
        count(*) AS calls,
        count_if(call_result = 'denied') AS denied,
        min(event_time) AS first_time,
        max(event_time) AS last_time,
        max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id,
        max(CASE WHEN nth = 1 THEN log_file END) AS first_log_file
    FROM numbered
    GROUP BY account_id, actor_kind, actor, person, hour_start
),

ranked AS (
    SELECT
        hours.*,
        cast(first_time AS date) AS utc_day,
        row_number() OVER (
            PARTITION BY account_id, actor_kind, actor, person, cast(first_time AS date)
            ORDER BY networks DESC, hour_start ASC
        ) AS nth
    FROM hours
    WHERE networks >= :shared_identity_networks
)

SELECT
    account_id,
    actor_kind,
    actor,
    person,
    utc_day,
    hour_start,
    networks,
    source_addresses,
    user_agents,
    calls,
    denied,
    first_time,
    last_time,
    first_event_id,
    first_log_file
FROM ranked
WHERE nth = 1
ORDER BY account_id, actor_kind, actor, person, utc_day
