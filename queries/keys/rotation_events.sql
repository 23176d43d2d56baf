/*---
id = "keys.rotation_events"
version = 1
kind = "population"
severity = "info"
title.en = "Rotation of keys"
title.pt_BR = "Rotação de chaves"
question.en = "Which keys were rotated, by themselves or on demand, and where was rotation switched on or off?"
question.pt_BR = "Quais chaves foram rotacionadas, sozinhas ou sob demanda, e onde a rotação foi ligada ou desligada?"
needs = ["kms"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  """\
  That a key rotates by itself is an event without an actor. A key that did not rotate leaves no trace: compare with \
  the list of keys.""",
  "Keys whose material is imported, or that are held elsewhere, are rotated by hand.",
]
limits.pt_BR = [
  """\
  A rotação automática é um evento sem autor. Uma chave que não rotacionou não deixa rastro: compare com a lista de \
  chaves.""",
  "Chaves com material importado, ou mantidas fora, são rotacionadas manualmente.",
]
remedy.en = "Compare with the period that your policy sets. A rotation that was switched off needs an approval."
remedy.pt_BR = "Compare com o prazo da sua política. Uma rotação desligada precisa de aprovação."

[[column]]
name = "event_time"
type = "timestamp"
title.en = "Time (UTC)"
title.pt_BR = "Hora (UTC)"

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "region"
type = "varchar"
title.en = "Region"
title.pt_BR = "Região"

[[column]]
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "key_id"
type = "varchar"
title.en = "Key"
title.pt_BR = "Chave"

[[column]]
name = "rotation_kind"
type = "varchar"
title.en = "Kind of rotation"
title.pt_BR = "Tipo de rotação"

[[column]]
name = "rotation_days"
type = "bigint"
title.en = "Period in days"
title.pt_BR = "Prazo em dias"

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

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
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"
---*/

SELECT
    event_time,
    account_id,
    region,
    event_name,
    coalesce(
        CASE
            WHEN event_name = 'RotateKey' THEN json_extract_scalar(service_details, '$.keyId')
            ELSE json_extract_scalar(request, '$.keyId')
        END,
        element_at(resources, 1).arn
    ) AS key_id,
    CASE WHEN event_name = 'RotateKey' THEN json_extract_scalar(service_details, '$.rotationType') END AS rotation_kind,
    CASE
        WHEN event_name = 'EnableKeyRotation'
            THEN try_cast(json_extract_scalar(request, '$.rotationPeriodInDays') AS bigint)
    END AS rotation_days,
    call_result,
    actor_kind,
    actor,
    person,
    event_id
FROM activity
WHERE
    event_source = 'kms.amazonaws.com'
    AND event_name IN ('RotateKey', 'RotateKeyOnDemand', 'EnableKeyRotation', 'DisableKeyRotation')
ORDER BY event_time, account_id, event_id
