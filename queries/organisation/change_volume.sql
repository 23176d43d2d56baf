/*---
id = "organisation.change_volume"
version = 1
kind = "metric"
severity = "info"
title.en = "Changes per service and kind of actor"
title.pt_BR = "Mudanças por serviço e tipo de autor"
question.en = """\
How many changes were made per account, service and kind of actor: the population from which samples are drawn?"""
question.pt_BR = """\
Quantas mudanças foram feitas por conta, serviço e tipo de autor: a população da qual se extraem amostras?"""
needs = ["management:write"]
parameters = ["time_zone"]
grain = ["local_month", "account_id", "event_source", "actor_kind"]
limits.en = [
  "A change is a management event that is not marked as reading; some change nothing, such as a query that is started.",
  "Events that are marked as neither are counted apart, and may be either.",
]
limits.pt_BR = [
  "Mudança é um evento de gerenciamento não marcado como leitura; alguns não mudam nada, como uma consulta iniciada.",
  "Eventos sem marcação são contados à parte, e podem ser um ou outro.",
]
remedy.en = """\
Draw samples from the lists of changes of each service, and compare their number with the tickets of the time."""
remedy.pt_BR = """\
Extraia amostras das listas de mudanças de cada serviço e compare a quantidade com os chamados do período."""

[[column]]
name = "local_month"
type = "varchar"
title.en = "Month (local)"
title.pt_BR = "Mês (local)"

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "event_source"
type = "varchar"
title.en = "Service"
title.pt_BR = "Serviço"

[[column]]
name = "actor_kind"
type = "varchar"
title.en = "Kind of actor"
title.pt_BR = "Tipo de autor"

[[column]]
name = "changes"
type = "bigint"
title.en = "Calls that change"
title.pt_BR = "Chamadas que alteram"

[[column]]
name = "changes_without_effect"
type = "bigint"
title.en = "Changes without effect"
title.pt_BR = "Mudanças sem efeito"

[[column]]
name = "unmarked_events"
type = "bigint"
title.en = "Not marked as either"
title.pt_BR = "Sem marcação"

[[column]]
name = "actors"
type = "bigint"
title.en = "Actors (count)"
title.pt_BR = "Autores (quantidade)"

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

WITH changes AS (
    SELECT
        date_format(at_timezone(with_timezone(event_time, 'UTC'), :time_zone), '%Y-%m') AS local_month,
        account_id,
        event_source,
        actor_kind,
        actor,
        read_only,
        call_result,
        event_time
    FROM activity
    WHERE event_category = 'Management' AND read_only IS DISTINCT FROM TRUE
)

SELECT
    local_month,
    account_id,
    event_source,
    actor_kind,
    count_if(read_only = FALSE AND call_result IN ('success', 'partial', 'unknown')) AS changes,
    count_if(read_only = FALSE AND call_result NOT IN ('success', 'partial', 'unknown')) AS changes_without_effect,
    count_if(read_only IS NULL) AS unmarked_events,
    count(DISTINCT actor) AS actors,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM changes
GROUP BY local_month, account_id, event_source, actor_kind
ORDER BY local_month, account_id, event_source, actor_kind
