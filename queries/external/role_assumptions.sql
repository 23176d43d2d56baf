/*---
id = "external.role_assumptions"
version = 1
kind = "population"
severity = "info"
title.en = "Roles assumed from other accounts"
title.pt_BR = "Roles assumidas a partir de outras contas"
question.en = "Which other accounts assumed which roles, how often, and with an external id?"
question.pt_BR = "Quais outras contas assumiram quais roles, quantas vezes, e com external id?"
needs = ["management:read"]
parameters = ["trusted_accounts"]
grain = ["account_id", "role_arn", "caller_account", "caller"]
limits.en = [
  """\
  The record in the role's account names the caller's account and its internal id; the caller's ARN is in the \
  caller's own trail.""",
  """\
  Roles that AWS services assume for themselves are not here; workloads outside AWS are in \
  external.workload_federation.""",
  "At most 20 addresses are listed; their count is complete.",
]
limits.pt_BR = [
  "O registro na conta da role traz a conta do autor e seu id interno; o ARN do autor está na trilha da conta dele.",
  """\
  Roles que serviços da AWS assumem por conta própria não estão aqui; cargas fora da AWS estão em \
  external.workload_federation.""",
  "São listados no máximo 20 endereços; a contagem deles é completa.",
]
remedy.en = """\
Match each account to a contract or to your own list of accounts, and add it to trusted_accounts. A third party that \
comes without an external id can be made to act for someone else: change the trust policy of the role."""
remedy.pt_BR = """\
Associe cada conta a um contrato ou à sua lista de contas e inclua-a em trusted_accounts. Um terceiro que vem sem \
external id pode ser levado a agir por outro: altere a política de confiança da role."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "role_arn"
type = "varchar"
title.en = "Role"
title.pt_BR = "Role"

[[column]]
name = "caller_account"
type = "varchar"
title.en = "Caller's account"
title.pt_BR = "Conta do autor"

[[column]]
name = "is_trusted"
type = "boolean"
title.en = "In trusted_accounts"
title.pt_BR = "Em trusted_accounts"

[[column]]
name = "caller"
type = "varchar"
title.en = "Caller, as logged"
title.pt_BR = "Autor, como registrado"
personal = true

[[column]]
name = "assumptions"
type = "bigint"
title.en = "Assumed"
title.pt_BR = "Assumida"

[[column]]
name = "without_effect"
type = "bigint"
title.en = "Without effect"
title.pt_BR = "Sem efeito"

[[column]]
name = "with_external_id"
type = "bigint"
title.en = "Assumed with an external id"
title.pt_BR = "Assumida com external id"

[[column]]
name = "session_names"
type = "bigint"
title.en = "Session names (count)"
title.pt_BR = "Nomes de sessão (quantidade)"

[[column]]
name = "source_addresses"
type = "array(varchar)"
title.en = "Source addresses"
title.pt_BR = "Endereços de origem"
personal = true

[[column]]
name = "source_address_count"
type = "bigint"
title.en = "Source addresses (count)"
title.pt_BR = "Endereços de origem (quantidade)"

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

WITH assumptions AS (
    SELECT
        account_id,
        actor_account AS caller_account,
        -- Behind the id of the role or user stands, after a colon, the name of the session, which changes each time.
        regexp_extract(coalesce(nullif(principal_id, ''), actor), '^([^:]+)', 1) AS caller,
        json_extract_scalar(request, '$.roleArn') AS role_arn,
        json_extract_scalar(request, '$.externalId') AS external_id,
        json_extract_scalar(request, '$.roleSessionName') AS session_name,
        call_result,
        source_address,
        event_time
    FROM activity
    WHERE
        event_source = 'sts.amazonaws.com'
        AND event_name = 'AssumeRole'
        AND actor_account <> account_id
        AND actor_kind <> 'anonymous'
)

SELECT
    account_id,
    role_arn,
    caller_account,
    contains(:trusted_accounts, caller_account) AS is_trusted,
    caller,
    count_if(call_result = 'success') AS assumptions,
    count_if(call_result NOT IN ('success', 'partial', 'unknown')) AS without_effect,
    count_if(call_result = 'success' AND coalesce(external_id, '') <> '') AS with_external_id,
    count(DISTINCT session_name) AS session_names,
    slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
        AS source_addresses,
    count(DISTINCT source_address) AS source_address_count,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM assumptions
GROUP BY account_id, role_arn, caller_account, caller
ORDER BY account_id, role_arn, caller_account, caller
