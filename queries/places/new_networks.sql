/*---
id = "places.new_networks"
version = 1
kind = "exception"
severity = "medium"
title.en = "Networks never seen for a person before"
title.pt_BR = "Redes nunca vistas para uma pessoa"
question.en = "Which people came from a network from which they had not come in the look-back?"
question.pt_BR = "Quais pessoas vieram de uma rede da qual não tinham vindo na janela anterior ao período?"
needs = ["management:read", "management:write"]
parameters = ["baseline_days"]
lookback_days = "baseline_days"
grain = ["account_id", "actor", "actor_kind", "person", "source_network"]
subject = ["account_id", "actor", "person", "source_network"]
limits.en = [
  """\
  A network is a /24 of IPv4, or a /48 of IPv6 where its first three groups are written out; providers give \
  addresses of many networks to one household or telephone.""",
  "no_history: the person does not appear in the look-back at all, so nothing can be said of what is usual.",
  """\
  Workloads are not asked: their addresses change with every start. Web identities, by which workloads outside AWS \
  obtain a role, are left out with them.""",
]
limits.pt_BR = [
  """\
  Uma rede é um /24 de IPv4, ou um /48 de IPv6 quando os três primeiros grupos estão escritos; provedores dão \
  endereços de muitas redes à mesma casa ou telefone.""",
  "no_history: a pessoa não aparece na janela anterior, portanto nada se pode dizer do que é habitual.",
  """\
  Cargas de trabalho não são consultadas: seus endereços mudam a cada início. Identidades web, pelas quais cargas de \
  trabalho de fora da AWS obtêm uma role, ficam de fora com elas.""",
]
remedy.en = """\
Ask the person. Look first at rows with changes or secrets, and at those that came without a second factor."""
remedy.pt_BR = """\
Pergunte à pessoa. Veja primeiro as linhas com alterações ou segredos, e as que vieram sem segundo fator."""

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
name = "source_network"
type = "varchar"
title.en = "Source network"
title.pt_BR = "Rede de origem"
personal = true

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "source_addresses"
type = "array(varchar)"
title.en = "Source addresses"
title.pt_BR = "Endereços de origem"
personal = true

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

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
name = "without_mfa"
type = "bigint"
title.en = "Calls without MFA"
title.pt_BR = "Chamadas sem MFA"

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
calls AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        person,
        source_ip,
        in_period,
        -- Old records are not always marked: the name tells.
        coalesce(
            read_only,
            regexp_like(event_name, '^(AssumeRole|Decrypt|Describe|Encrypt|Generate|Get|Head|List|Lookup|Search)'),
            TRUE
        ) AS only_looks,
        discloses,
        mfa,
        event_time,
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
        AND coalesce(identity_type, '') <> 'WebIdentityUser'
        AND call_result IN ('success', 'partial')
        AND NOT service_initiated
        AND source_ip IS NOT NULL
        AND coalesce(vpc_endpoint_id, '') = ''
),

networks AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        person,
        source_network,
        bool_or(NOT in_period) AS seen_before,
        array_sort(array_agg(DISTINCT source_ip) FILTER (WHERE in_period)) AS source_addresses,
        count_if(in_period) AS calls,
        count_if(in_period AND NOT only_looks) AS changes,
        count_if(in_period AND discloses) AS secrets_read,
        count_if(in_period AND mfa IN ('no', 'no_session')) AS without_mfa,
        min(CASE WHEN in_period THEN event_time END) AS first_time,
        max(event_time) AS last_time
    FROM calls
    GROUP BY account_id, actor, actor_kind, person, source_network
),

compared AS (
    SELECT
        networks.*,
        bool_or(seen_before) OVER (PARTITION BY account_id, actor, actor_kind, person) AS has_history
    FROM networks
)

SELECT
    account_id,
    actor,
    actor_kind,
    person,
    source_network,
    CASE WHEN has_history THEN 'new_network' ELSE 'no_history' END AS finding,
    slice(source_addresses, 1, 20) AS source_addresses,
    calls,
    changes,
    secrets_read,
    without_mfa,
    first_time,
    last_time
FROM compared
WHERE NOT seen_before
ORDER BY account_id, actor, actor_kind, person, source_network
