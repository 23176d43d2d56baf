/*---
id = "signin.failed_signins"
version = 1
kind = "metric"
severity = "info"
title.en = "Failed sign-ins"
title.pt_BR = "Falhas de login"
question.en = "How many sign-ins failed per day, identity and source?"
question.pt_BR = "Quantos logins falharam por dia, identidade e origem?"
needs = ["management:write"]
parameters = ["time_zone"]
grain = ["local_day", "account_id", "user_name", "actor_kind", "source_address"]
limits.en = [
  "All names that do not exist share one line per source: HIDDEN_DUE_TO_SECURITY_REASONS is not one user.",
  "Failures at an external identity provider never reach CloudTrail.",
  "Days are those of the job's time zone.",
]
limits.pt_BR = [
  "Todos os nomes inexistentes dividem uma linha por origem: HIDDEN_DUE_TO_SECURITY_REASONS não é um usuário.",
  "Falhas em um provedor de identidade externo nunca chegam ao CloudTrail.",
  "Os dias são os do fuso horário da tarefa.",
]
remedy.en = """\
Compare with earlier months; ask about identities and sources whose failures rise, and see signin.signin_guessing \
for runs of them."""
remedy.pt_BR = """\
Compare com os meses anteriores; pergunte sobre identidades e origens cujas falhas crescem e veja as sequências em \
signin.signin_guessing."""

[[column]]
name = "local_day"
type = "date"
title.en = "Day (local)"
title.pt_BR = "Dia (local)"

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "user_name"
type = "varchar"
title.en = "User"
title.pt_BR = "Usuário"
personal = true

[[column]]
name = "actor_kind"
type = "varchar"
title.en = "Kind of actor"
title.pt_BR = "Tipo de autor"

[[column]]
name = "source_address"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "failures"
type = "bigint"
title.en = "Failures"
title.pt_BR = "Falhas"

[[column]]
name = "factors_refused"
type = "bigint"
title.en = "Second factors refused"
title.pt_BR = "Segundos fatores recusados"

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
    cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date) AS local_day,
    account_id,
    -- A failure is logged without an ARN. AWS gives every name that does not exist the same text.
    coalesce(person, actor) AS user_name,
    actor_kind,
    source_address,
    count(*) AS failures,
    count_if(mfa = 'yes') AS factors_refused,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM activity
WHERE
    event_source = 'signin.amazonaws.com'
    AND event_name IN ('ConsoleLogin', 'CredentialVerification')
    AND call_result = 'failed'
GROUP BY
    cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date),
    account_id,
    coalesce(person, actor),
    actor_kind,
    source_address
ORDER BY local_day, account_id, user_name, actor_kind, source_address
