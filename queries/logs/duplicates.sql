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
  """\
  Uma chamada entre contas é registrada em ambas, com um id compartilhado e dois ids de evento: ambos ficam, porque \
  cada conta precisa apresentar o próprio registro.""",
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
title.en = "Of these, twice in this account"
title.pt_BR = "Destes, duas vezes nesta conta"

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
-- Copies are gone: records that still have an id in common differ.
differing AS (
    SELECT
        account_id,
        repeated_id
    FROM activity
    WHERE repeated_id <> ''
    GROUP BY account_id, repeated_id
    HAVING count(*) > 1
),

differing_of_account AS (
    SELECT
        account_id,
        count(*) AS ids
    FROM differing
    GROUP BY account_id
),

of_account AS (
    SELECT
        account_id,
        count(*) AS events,
        count_if(copies > 1) AS repeated_events,
        sum(copies - 1) AS surplus_copies,
        count(nullif(shared_event_id, '')) AS shared_events,
        count(DISTINCT nullif(shared_event_id, '')) AS shared_ids,
        count_if(repeated_id = '') AS events_without_id
    FROM activity
    GROUP BY account_id
)

SELECT
    of_account.account_id,
    of_account.events,
    of_account.repeated_events,
    of_account.surplus_copies,
    of_account.shared_events,
    of_account.shared_events - of_account.shared_ids AS shared_within_account,
    coalesce(differing_of_account.ids, 0) AS conflicting_ids,
    of_account.events_without_id
FROM of_account
LEFT JOIN differing_of_account
    ON coalesce(of_account.account_id, '') = coalesce(differing_of_account.account_id, '')
ORDER BY of_account.account_id
