/*---
id        = "logs.required_fields"
version   = 1
kind      = "metric"
severity  = "info"
title.en    = "Who, what, when, where and with what result: is it in the records?"
title.pt_BR = "Quem, o quê, quando, onde e com que resultado: está nos registros?"
question.en    = """\
In how many records is the user, the action, the origin, the result or the object affected missing, by kind of \
record?"""
question.pt_BR = """\
Em quantos registros faltam o usuário, a ação, a origem, o resultado ou o objeto afetado, por tipo de registro?"""
needs      = []
parameters = []
grain      = ["account_id", "event_type", "identity_type"]
limits.en = [
  "The time is in every record counted here: those without one are in the control totals as undated.",
  "Records of AWS services' own events have no user and no result by their nature; they stand in rows of their own.",
  "That a field is filled does not prove that what it says is true.",
]
limits.pt_BR = [
  """\
  A hora está em todo registro contado aqui: os que não têm hora estão nos totais de controle, como registros sem \
  data.""",
  """Registros de eventos próprios dos serviços da AWS não têm usuário nem resultado por natureza; ficam em linhas \
  próprias.""",
  "Um campo preenchido não prova que o que diz é verdade.",
]
remedy.en    = """\
Explain each kind of record that lacks something by the service that writes it; gaps in records of API calls want \
an inquiry."""
remedy.pt_BR = """\
Explique cada tipo de registro incompleto pelo serviço que o grava; lacunas em registros de chamadas de API pedem \
apuração."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "event_type"
type = "varchar"
title.en = "Kind of record"
title.pt_BR = "Tipo de registro"

[[column]]
name = "identity_type"
type = "varchar"
title.en = "Identity type as logged"
title.pt_BR = "Tipo de identidade registrado"

[[column]]
name = "events"
type = "bigint"
title.en = "Events"
title.pt_BR = "Eventos"

[[column]]
name = "complete"
type = "bigint"
title.en = "With all fields"
title.pt_BR = "Com todos os campos"

[[column]]
name = "without_user"
type = "bigint"
title.en = "Without user"
title.pt_BR = "Sem usuário"

[[column]]
name = "without_action"
type = "bigint"
title.en = "Without action"
title.pt_BR = "Sem ação"

[[column]]
name = "without_origin"
type = "bigint"
title.en = "Without origin"
title.pt_BR = "Sem origem"

[[column]]
name = "without_result"
type = "bigint"
title.en = "Without result"
title.pt_BR = "Sem resultado"

[[column]]
name = "without_object"
type = "bigint"
title.en = "Without object"
title.pt_BR = "Sem objeto"
---*/

WITH fields AS (
    SELECT
        account_id,
        event_type,
        identity_type,
        nullif(actor, '') IS NULL AS no_user,
        nullif(event_name, '') IS NULL OR nullif(event_source, '') IS NULL AS no_action,
        source_kind = 'none' AS no_origin,
        coalesce(call_result, 'unknown') = 'unknown' AS no_result,
        -- A call that lists everything names nothing else.
        NOT names_object
        AND NOT coalesce(read_only, regexp_like(event_name, '^(Describe|List|Get)'), FALSE) AS no_object
    FROM activity
)

SELECT
    account_id,
    event_type,
    identity_type,
    count(*) AS events,
    count_if(NOT (no_user OR no_action OR no_origin OR no_result OR no_object)) AS complete,
    count_if(no_user) AS without_user,
    count_if(no_action) AS without_action,
    count_if(no_origin) AS without_origin,
    count_if(no_result) AS without_result,
    count_if(no_object) AS without_object
FROM fields
GROUP BY account_id, event_type, identity_type
ORDER BY account_id, event_type, identity_type
