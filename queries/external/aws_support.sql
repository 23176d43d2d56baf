/*---
id = "external.aws_support"
version = 1
kind = "population"
severity = "info"
title.en = "AWS Support: cases, and its access"
title.pt_BR = "AWS Support: casos e acesso"
question.en = "Which support cases were opened, and what did AWS Support do in the account by its role?"
question.pt_BR = "Quais casos de suporte foram abertos, e o que o AWS Support fez na conta por meio da sua role?"
needs = ["management:read", "management:write"]
parameters = []
grain = ["account_id", "utc_day", "actor_kind", "actor", "person", "event_source", "event_name"]
limits.en = [
  "AWS Support sees data about an account without calling its APIs; only calls by its service-linked role are logged.",
  "Days are UTC days.",
]
limits.pt_BR = [
  """\
  O AWS Support vê dados sobre uma conta sem chamar as APIs dela; só as chamadas da sua service-linked role são \
  registradas.""",
  "Os dias são em UTC.",
]
remedy.en = "Match the days on which the role acted to a case that you opened, and ask AWS about the others."
remedy.pt_BR = "Associe os dias em que a role agiu a um caso aberto por vocês, e pergunte à AWS sobre os demais."

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "utc_day"
type = "date"
title.en = "Day (UTC)"
title.pt_BR = "Dia (UTC)"

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
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "without_effect"
type = "bigint"
title.en = "Without effect"
title.pt_BR = "Sem efeito"

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

WITH acts AS (
    SELECT
        account_id,
        cast(event_time AS date) AS utc_day,
        actor_kind,
        actor,
        person,
        event_source,
        event_name,
        call_result,
        event_time
    FROM activity
    WHERE
        (
            event_source = 'support.amazonaws.com'
            AND event_name IN ('CreateCase', 'AddCommunicationToCase', 'ResolveCase')
        )
        OR session_issuer LIKE 'arn:%:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport'
)

SELECT
    account_id,
    utc_day,
    actor_kind,
    actor,
    person,
    event_source,
    event_name,
    count(*) AS calls,
    count_if(call_result NOT IN ('success', 'partial', 'unknown')) AS without_effect,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM acts
GROUP BY account_id, utc_day, actor_kind, actor, person, event_source, event_name
ORDER BY account_id, utc_day, actor_kind, actor, person, event_source, event_name
