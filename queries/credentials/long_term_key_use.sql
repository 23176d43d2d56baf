/*---
id = "credentials.long_term_key_use"
version = 1
kind = "metric"
severity = "info"
title.en = "Use of long-term access keys"
title.pt_BR = "Uso de chaves de acesso de longo prazo"
question.en = "Which long-term access keys were used, by whom, from where, for which services, and how old are they?"
question.pt_BR = """\
Quais chaves de acesso de longo prazo foram usadas, por quem, de onde, em quais serviços, e que idade têm?"""
needs = ["management:read", "management:write"]
parameters = ["max_key_age_days"]
lookback_days = "max_key_age_days"
grain = ["account_id", "access_key_id", "actor_kind", "actor"]
limits.en = [
  """\
  creation_not_seen: the key was not created within the look-back, or its creation was not logged. Where the look-back \
  is held whole, the key is older than the limit.""",
  "Uses that are data events (such as reads of S3 objects) count only where the trail logs them.",
  "At most 20 addresses and 20 services are listed; the count of addresses is complete.",
]
limits.pt_BR = [
  """\
  creation_not_seen: a chave não foi criada na janela anterior, ou sua criação não foi registrada. Se essa janela foi \
  lida inteira, a chave é mais antiga que o limite.""",
  "Usos que são eventos de dados (como leituras de objetos no S3) só contam onde a trilha os registra.",
  "São listados no máximo 20 endereços e 20 serviços; a contagem de endereços é completa.",
]
remedy.en = """\
Ask for the owner and need of each key, whether a role could take its place, and for rotation of those over the \
limit. A root key has no acceptable use."""
remedy.pt_BR = """\
Pergunte quem é o dono de cada chave, por que ela é necessária e se uma role poderia substituí-la; exija a rotação das \
que passaram do limite. Uma chave do root não tem uso aceitável."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "access_key_id"
type = "varchar"
title.en = "Access key"
title.pt_BR = "Chave de acesso"

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
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "denied_calls"
type = "bigint"
title.en = "Denied calls"
title.pt_BR = "Chamadas negadas"

[[column]]
name = "first_use"
type = "timestamp"
title.en = "First use (UTC)"
title.pt_BR = "Primeiro uso (UTC)"

[[column]]
name = "last_use"
type = "timestamp"
title.en = "Last use (UTC)"
title.pt_BR = "Último uso (UTC)"

[[column]]
name = "created_at"
type = "timestamp"
title.en = "Created (UTC)"
title.pt_BR = "Criada (UTC)"

[[column]]
name = "age_days"
type = "bigint"
title.en = "Age in days"
title.pt_BR = "Idade em dias"

[[column]]
name = "age"
type = "varchar"
title.en = "Age against the limit"
title.pt_BR = "Idade em relação ao limite"

[[column]]
name = "source_addresses"
type = "bigint"
title.en = "Source addresses (count)"
title.pt_BR = "Endereços de origem (quantidade)"

[[column]]
name = "first_source_addresses"
type = "array(varchar)"
title.en = "Source addresses (up to 20)"
title.pt_BR = "Endereços de origem (até 20)"
personal = true

[[column]]
name = "first_services"
type = "array(varchar)"
title.en = "Services (up to 20)"
title.pt_BR = "Serviços (até 20)"
---*/

WITH created AS (
    SELECT
        json_extract_scalar(response, '$.accessKey.accessKeyId') AS access_key_id,
        min(event_time) AS created_at
    FROM activity
    WHERE
        event_source = 'iam.amazonaws.com'
        AND event_name = 'CreateAccessKey'
        AND call_result = 'success'
    GROUP BY json_extract_scalar(response, '$.accessKey.accessKeyId')
),

used AS (
    SELECT
        account_id,
        access_key_id,
        actor_kind,
        actor,
        count(*) AS calls,
        count_if(call_result = 'denied') AS denied_calls,
        min(event_time) AS first_use,
        max(event_time) AS last_use,
        count(DISTINCT source_address) AS source_addresses,
        slice(array_sort(array_agg(DISTINCT source_address)), 1, 20) AS first_source_addresses,
        slice(array_sort(array_agg(DISTINCT event_source)), 1, 20) AS first_services
    FROM activity
    WHERE in_period AND credential = 'long_term_key'
    GROUP BY account_id, access_key_id, actor_kind, actor
),

aged AS (
    SELECT
        used.*,
        created.created_at,
        date_diff('day', created.created_at, used.last_use) AS age_days
    FROM used
    LEFT JOIN created ON used.access_key_id = created.access_key_id
)

SELECT
    account_id,
    access_key_id,
    actor_kind,
    actor,
    calls,
    denied_calls,
    first_use,
    last_use,
    created_at,
    age_days,
    CASE
        WHEN created_at IS NULL THEN 'creation_not_seen'
        WHEN age_days > :max_key_age_days THEN 'over_limit'
        ELSE 'within_limit'
    END AS age,
    source_addresses,
    first_source_addresses,
    first_services
FROM aged
ORDER BY account_id, access_key_id, actor_kind, actor
