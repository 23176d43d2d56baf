/*---
id = "external.unknown_accounts"
version = 1
kind = "exception"
severity = "critical"
title.en = "Accounts that nobody listed"
title.pt_BR = "Contas que ninguém listou"
question.en = """\
Which accounts, neither the trail's own nor trusted, reached resources or roles, or had calls come through their \
network?"""
question.pt_BR = """\
Quais contas, nem da própria trilha nem confiáveis, acessaram recursos ou roles, ou tiveram chamadas passando por sua \
rede?"""
needs = ["management:read", "management:write"]
parameters = ["trusted_accounts"]
grain = ["account_id", "outside_account", "finding", "event_source"]
subject = ["account_id", "outside_account", "finding", "event_source"]
limits.en = [
  """\
  Reads and writes of data, such as objects in S3, are seen only where the trail logs data events: without them the \
  absence of rows speaks of management events alone.""",
  "Anonymous callers have no account; they are in data.s3_anonymous and sharing.s3_public.",
  """\
  Some AWS services deliver logs from accounts that AWS owns, such as those of load balancers: list these in \
  trusted_accounts too.""",
  "Calls without effect are not here; permissions.denied_calls counts those that were denied.",
]
limits.pt_BR = [
  """\
  Leituras e gravações de dados, como objetos no S3, só aparecem onde a trilha registra eventos de dados: sem eles, a \
  ausência de linhas diz respeito apenas aos eventos de gerenciamento.""",
  "Chamadas anônimas não têm conta; estão em data.s3_anonymous e sharing.s3_public.",
  """\
  Alguns serviços da AWS entregam logs a partir de contas da própria AWS, como as dos balanceadores: inclua-as \
  também em trusted_accounts.""",
  "Chamadas sem efeito não estão aqui; permissions.denied_calls conta as negadas.",
]
remedy.en = """\
Find out whose account it is. If it is yours or a partner's, add it to trusted_accounts; if not, remove what lets it \
in (trust policy, resource policy, grant) and treat what it read as disclosed."""
remedy.pt_BR = """\
Descubra de quem é a conta. Se for sua ou de um parceiro, inclua-a em trusted_accounts; se não, remova o que a deixa \
entrar (política de confiança, política de recurso, concessão) e trate o que ela leu como divulgado."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "outside_account"
type = "varchar"
title.en = "Outside account"
title.pt_BR = "Conta externa"

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "event_source"
type = "varchar"
title.en = "Service"
title.pt_BR = "Serviço"

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
name = "event_names"
type = "array(varchar)"
title.en = "Events"
title.pt_BR = "Eventos"

[[column]]
name = "resource_arns"
type = "array(varchar)"
title.en = "Resources, as logged"
title.pt_BR = "Recursos, como registrados"

[[column]]
name = "callers"
type = "array(varchar)"
title.en = "Callers, as logged"
title.pt_BR = "Autores, como registrados"
personal = true

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
reached AS (
    SELECT
        account_id,
        event_source,
        event_name,
        event_time,
        event_id,
        -- Old records are not always marked: the name tells.
        coalesce(
            read_only,
            regexp_like(event_name, '^(AssumeRole|Decrypt|Describe|Encrypt|Generate|Get|Head|List|Lookup|Search)'),
            TRUE
        ) AS only_looks,
        coalesce(nullif(principal_id, ''), actor) AS caller,
        source_address,
        element_at(resources, 1).arn AS resource_arn,
        CASE
            WHEN actor_account <> account_id AND NOT contains(:trusted_accounts, actor_account) THEN actor_account
            ELSE vpc_endpoint_account_id
        END AS outside_account,
        CASE
            WHEN actor_account <> account_id AND NOT contains(:trusted_accounts, actor_account) THEN 'identity'
            ELSE 'network'
        END AS finding
    FROM activity
    WHERE
        call_result IN ('success', 'partial')
        AND actor_kind NOT IN ('anonymous', 'aws_service', 'service_event')
        AND (
            (
                regexp_like(actor_account, '^[0-9]{12}\z')
                AND actor_account <> account_id
                AND NOT contains(:trusted_accounts, actor_account)
            )
            -- A call through a VPC endpoint says whose endpoint it is.
            OR (
                regexp_like(vpc_endpoint_account_id, '^[0-9]{12}\z')
                AND vpc_endpoint_account_id <> account_id
                AND vpc_endpoint_account_id <> actor_account
                AND NOT contains(:trusted_accounts, vpc_endpoint_account_id)
            )
        )
),

numbered AS (
    SELECT
        reached.*,
        row_number() OVER (
            PARTITION BY account_id, outside_account, finding, event_source
            ORDER BY event_time, event_id
        ) AS nth
    FROM reached
)

SELECT
    account_id,
    outside_account,
    finding,
    event_source,
    count(*) AS calls,
    count_if(NOT only_looks) AS changes,
    slice(array_sort(array_agg(DISTINCT event_name)), 1, 20) AS event_names,
    slice(array_sort(array_agg(DISTINCT resource_arn) FILTER (WHERE resource_arn IS NOT NULL)), 1, 20) AS resource_arns,
    slice(array_sort(array_agg(DISTINCT caller) FILTER (WHERE caller IS NOT NULL)), 1, 20) AS callers,
    slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
        AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id
FROM numbered
GROUP BY account_id, outside_account, finding, event_source
ORDER BY account_id, outside_account, finding, event_source
