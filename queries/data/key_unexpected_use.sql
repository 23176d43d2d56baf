/*---
id = "data.key_unexpected_use"
version = 1
kind = "exception"
severity = "high"
title.en = "Sensitive keys used by others than approved"
title.pt_BR = "Chaves sensíveis usadas por identidades não aprovadas"
question.en = "Which identities that are not approved users of a sensitive key decrypted with it?"
question.pt_BR = "Quais identidades que não são usuárias aprovadas de uma chave sensível descriptografaram com ela?"
needs = ["kms"]
parameters = ["sensitive_keys", "approved_key_users"]
grain = ["account_id", "key_arn", "actor", "actor_kind", "person"]
subject = ["account_id", "key_arn", "actor"]
limits.en = [
  "A service that decrypts for a person shows the person, with the service in invoked_by.",
  "While approved_key_users is empty, everyone who decrypts with a sensitive key is a row. Who only encrypts is not.",
]
limits.pt_BR = [
  "Um serviço que descriptografa por uma pessoa mostra a pessoa, com o serviço em invoked_by.",
  """\
  Enquanto approved_key_users estiver vazia, todos os que descriptografam com chave sensível aparecem; quem só \
  criptografa, não.""",
]
remedy.en = "Ask for the need, narrow the key's policy, and treat what the key protects as read."
remedy.pt_BR = "Pergunte a necessidade, restrinja a política da chave, e trate o que ela protege como lido."

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "key_arn"
type = "varchar"
title.en = "Key"
title.pt_BR = "Chave"

[[column]]
name = "actor"
type = "varchar"
title.en = "Actor"
title.pt_BR = "Autor"
personal = true

[[column]]
name = "actor_kind"
type = "varchar"
title.en = "Kind of actor"
title.pt_BR = "Tipo de autor"

[[column]]
name = "person"
type = "varchar"
title.en = "Name as logged"
title.pt_BR = "Nome registrado"
personal = true

[[column]]
name = "services"
type = "array(varchar)"
title.en = "Through services"
title.pt_BR = "Por serviços"

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

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
calls AS (
    SELECT
        account_id,
        actor,
        actor_kind,
        CASE WHEN actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center') THEN person END AS person,
        invoked_by,
        source_address,
        event_time,
        event_id,
        element_at(filter(resources, held -> contains(:sensitive_keys, held.arn)), 1).arn AS key_arn
    FROM activity
    WHERE
        event_source = 'kms.amazonaws.com'
        AND event_name IN ('Decrypt', 'ReEncrypt')
        AND call_result = 'success'
        AND NOT coalesce(
            any_match(
                :approved_key_users, listed -> actor LIKE replace(replace(listed, '_', '!_'), '*', '%') ESCAPE '!'
            ),
            FALSE
        )
),

numbered AS (
    SELECT
        calls.*,
        row_number() OVER (
            PARTITION BY account_id, key_arn, actor, actor_kind, person
            ORDER BY event_time, event_id
        ) AS nth
    FROM calls
    WHERE key_arn IS NOT NULL
)

SELECT
    account_id,
    key_arn,
    actor,
    actor_kind,
    person,
    array_sort(array_agg(DISTINCT invoked_by) FILTER (WHERE invoked_by IS NOT NULL)) AS services,
    count(*) AS calls,
    slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
        AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id
FROM numbered
GROUP BY account_id, key_arn, actor, actor_kind, person
ORDER BY account_id, key_arn, actor, actor_kind, person
