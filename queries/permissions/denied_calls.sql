/*---
id = "permissions.denied_calls"
version = 1
kind = "metric"
severity = "info"
title.en = "Denied calls"
title.pt_BR = "Chamadas negadas"
question.en = "How many calls were denied, by actor, service and action?"
question.pt_BR = "Quantas chamadas foram negadas, por autor, serviço e ação?"
needs = ["management:read", "management:write"]
parameters = []
grain = ["account_id", "actor_kind", "actor", "event_source", "event_name"]
limits.en = [
  """\
  Denials by services for themselves, by scanners and by anonymous callers are counted like all others; the kind \
  of actor tells them apart.""",
  "Failed sign-ins are in signin.failed_signins. Denied data events count only where the trail logs data events.",
  "Days are UTC days. AWS does not log every denied call of every service.",
]
limits.pt_BR = [
  """\
  Negações de serviços por conta própria, de scanners e de anônimos são contadas como as demais; o tipo de autor \
  as distingue.""",
  """\
  Falhas de login estão em signin.failed_signins. Eventos de dados negados só contam onde a trilha os \
  registra.""",
  "Os dias são em UTC. A AWS não registra toda chamada negada de todo serviço.",
]
remedy.en = """\
Compare with earlier months. Ask about actors whose denials are new or rise: a broken permission, or someone \
trying what they may not do."""
remedy.pt_BR = """\
Compare com os meses anteriores. Pergunte sobre autores cujas negações são novas ou crescem: uma permissão mal \
configurada, ou alguém tentando o que não pode."""

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
name = "event_source"
type = "varchar"
title.en = "Service"
title.pt_BR = "Serviço"

[[column]]
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "denials"
type = "bigint"
title.en = "Denied calls"
title.pt_BR = "Chamadas negadas"

[[column]]
name = "denied_days"
type = "bigint"
title.en = "Days with denials"
title.pt_BR = "Dias com negações"

[[column]]
name = "persons"
type = "bigint"
title.en = "Names as logged (count)"
title.pt_BR = "Nomes registrados (quantidade)"

[[column]]
name = "by_service_alone"
type = "bigint"
title.en = "By a service alone (count)"
title.pt_BR = "Só por um serviço (quantidade)"

[[column]]
name = "through_vpc_endpoint"
type = "bigint"
title.en = "Through a VPC endpoint"
title.pt_BR = "Por VPC endpoint"

[[column]]
name = "source_addresses"
type = "bigint"
title.en = "Source addresses (count)"
title.pt_BR = "Endereços de origem (quantidade)"

[[column]]
name = "error_codes"
type = "array(varchar)"
title.en = "Error codes"
title.pt_BR = "Códigos de erro"

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

SELECT
    account_id,
    actor_kind,
    actor,
    event_source,
    event_name,
    count(*) AS denials,
    count(DISTINCT date_trunc('day', event_time)) AS denied_days,
    count(DISTINCT person) AS persons,
    count_if(service_initiated) AS by_service_alone,
    count_if(coalesce(vpc_endpoint_id, '') <> '') AS through_vpc_endpoint,
    count(DISTINCT source_address) AS source_addresses,
    slice(array_sort(array_agg(DISTINCT error_code)), 1, 20) AS error_codes,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM activity
WHERE call_result = 'denied'
GROUP BY account_id, actor_kind, actor, event_source, event_name
ORDER BY account_id, actor_kind, actor, event_source, event_name
