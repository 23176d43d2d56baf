/*---
id        = "logs.duplicates"
version   = 1
kind      = "metric"
severity  = "info"
title.en    = "Records repeated and shared"
title.pt_BR = "Registros repetidos e compartilhados"
question.en    = """\
How many records were delivered more than once, how many are shared between accounts, and how many share an id \
without being equal?"""
question.pt_BR = """\
Quantos registros foram entregues mais de uma vez, quantos são compartilhados entre contas e quantos têm o mesmo \
id sem serem iguais?"""
needs      = []
parameters = []
grain      = ["account_id"]
limits.en = [
  """Records are repeated when two trails write to one bucket or a file is delivered again: that is no fault, and \
  each counts once in every result.""",
  """A call across accounts is logged in both with one shared id and two event ids: both stay, because each account \
  owes its own record.""",
]
limits.pt_BR = [
  """Registros se repetem quando duas trilhas gravam no mesmo bucket ou um arquivo é entregue de novo: não é falha, e \
  cada um conta uma vez em todo resultado.""",
  """Uma chamada entre contas é registrada em ambas, com um id compartilhado e dois ids de evento: ambos ficam, \
  porque cada conta deve o seu registro.""",
]
remedy.en    = "Nothing to do for copies. For ids that differ, see logs.conflicting_ids."
remedy.pt_BR = "Nada a fazer quanto às cópias. Para ids divergentes, veja logs.conflicting_ids."

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "events"
type = "bigint"
title.en = "Events"
title.pt_BR = "Eventos"

[[column]]
name = "repeated_events"
type = "bigint"
title.en = "Events delivered more than once"
title.pt_BR = "Eventos entregues mais de uma vez"

[[column]]
name = "surplus_copies"
type = "bigint"
title.en = "Surplus copies left out"
title.pt_BR = "Cópias excedentes descartadas"

[[column]]
name = "shared_events"
type = "bigint"
title.en = "Events with a shared id"
title.pt_BR = "Eventos com id compartilhado"

[[column]]
name = "shared_within_account"
type = "bigint"
title.en = "of these, twice in this account"
title.pt_BR = "destes, duas vezes nesta conta"

[[column]]
name = "conflicting_ids"
type = "bigint"
title.en = "Ids whose records differ"
title.pt_BR = "Ids cujos registros diferem"

[[column]]
name = "events_without_id"
type = "bigint"
title.en = "Events without an id"
title.pt_BR = "Eventos sem id"
---*/

WITH
counted AS (
    SELECT
        account_id,
        copies,
        nullif(event_id, '') AS id,
        nullif(shared_event_id, '') AS shared_id,
        row_number() OVER (PARTITION BY account_id, event_id ORDER BY event_time, log_file) AS nth_of_id,
        row_number() OVER (PARTITION BY account_id, shared_event_id ORDER BY event_time, event_id) AS nth_of_shared_id
    FROM activity
)

SELECT
    account_id,
    count(*) AS events,
    count_if(copies > 1) AS repeated_events,
    sum(copies - 1) AS surplus_copies,
    count_if(shared_id IS NOT NULL) AS shared_events,
    count_if(shared_id IS NOT NULL AND nth_of_shared_id > 1) AS shared_within_account,
    -- Copies are gone: what still has an id that was seen before differs from it.
    count_if(id IS NOT NULL AND nth_of_id = 2) AS conflicting_ids,
    count_if(id IS NULL) AS events_without_id
FROM counted
GROUP BY account_id
ORDER BY account_id
