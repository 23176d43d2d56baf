/*---
id        = "keys.keys_disabled_or_deleted"
version   = 1
kind      = "exception"
severity  = "critical"
title.en    = "Keys disabled, scheduled for deletion or emptied"
title.pt_BR = "Chaves desativadas, agendadas para exclusão ou sem material"
question.en    = """\
Which encryption keys were disabled, scheduled for deletion or had their key material removed, and was it \
reversed?"""
question.pt_BR = """\
Quais chaves criptográficas foram desativadas, agendadas para exclusão ou tiveram o material removido, e isso foi \
revertido?"""
needs      = ["management:write", "kms"]
parameters = []
grain      = ["account_id", "event_time", "event_id"]
subject    = ["account_id", "region", "key_id", "event_name"]
limits.en = [
  """A reversal after the end of the period is not seen: such a row says that the key was still so at the end of the \
  period.""",
  "What the key protected, and whether the data can still be read, is not in CloudTrail.",
  "Cancelling a deletion leaves the key disabled until it is enabled again.",
]
limits.pt_BR = [
  "Uma reversão após o fim do período não é vista: a linha diz que a chave continuava assim ao fim do período.",
  "O que a chave protegia, e se os dados ainda podem ser lidos, não está no CloudTrail.",
  "Cancelar uma exclusão deixa a chave desativada até que seja ativada de novo.",
]
remedy.en    = """\
Confirm with the key's custodian that it was planned and that nothing is still encrypted under the key. If not, \
cancel the deletion or enable the key at once, while the waiting period runs."""
remedy.pt_BR = """\
Confirme com o custodiante que a ação foi planejada e que nada continua criptografado com a chave. Caso contrário, \
cancele a exclusão ou reative a chave imediatamente, enquanto corre o prazo de espera."""

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
name = "pending_days"
type = "bigint"
title.en = "Waiting period (days)"
title.pt_BR = "Prazo de espera (dias)"

[[column]]
name = "key_state"
type = "varchar"
title.en = "State"
title.pt_BR = "Situação"

[[column]]
name = "reversed_at"
type = "timestamp"
title.en = "Reversed (UTC)"
title.pt_BR = "Revertido (UTC)"

[[column]]
name = "minutes_until_reversed"
type = "bigint"
title.en = "Minutes until reversed"
title.pt_BR = "Minutos até a reversão"

[[column]]
name = "reversed_by"
type = "varchar"
title.en = "Reversed by"
title.pt_BR = "Revertido por"
personal = true

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
name = "source_address"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"

[[column]]
name = "reversal_event_id"
type = "varchar"
title.en = "Id of the reversing event"
title.pt_BR = "Id do evento de reversão"
---*/

WITH
key_calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        try_cast(json_extract_scalar(request, '$.pendingWindowInDays') AS bigint) AS pending_days,
        -- The id alone: callers write it alone or as an ARN, and DeleteKey names the key only among the resources.
        regexp_extract(
            coalesce(
                json_extract_scalar(request, '$.customKeyStoreId'),
                element_at(filter(resources, held -> held.type = 'AWS::KMS::Key'), 1).arn,
                json_extract_scalar(response, '$.keyId'),
                json_extract_scalar(request, '$.keyId'),
                json_extract_scalar(service_details, '$.keyId')
            ),
            '([^/]+)\z',
            1
        ) AS key_id,
        -- What undoes what; DeleteKey is written by KMS when the waiting period is over, and nothing undoes it.
        CASE
            WHEN event_name IN ('DisableKey', 'EnableKey') THEN 'disabled'
            WHEN event_name IN ('ScheduleKeyDeletion', 'CancelKeyDeletion') THEN 'scheduled'
            WHEN event_name IN ('DeleteImportedKeyMaterial', 'ImportKeyMaterial') THEN 'emptied'
            WHEN event_name IN ('DisconnectCustomKeyStore', 'ConnectCustomKeyStore') THEN 'disconnected'
            ELSE 'deleted'
        END AS effect,
        event_name IN (
            'DisableKey', 'ScheduleKeyDeletion', 'DeleteImportedKeyMaterial', 'DisconnectCustomKeyStore', 'DeleteKey'
        ) AS begins
    FROM activity
    WHERE
        event_source = 'kms.amazonaws.com'
        AND (
            (
                event_name IN (
                    'DisableKey', 'EnableKey', 'ScheduleKeyDeletion', 'CancelKeyDeletion', 'DeleteImportedKeyMaterial',
                    'ImportKeyMaterial', 'DisconnectCustomKeyStore', 'ConnectCustomKeyStore'
                )
                AND call_result IN ('success', 'partial')
            )
            OR (event_name = 'DeleteKey' AND event_type = 'AwsServiceEvent')
        )
),

ends_of_keys AS (
    SELECT
        account_id,
        region,
        key_id,
        max(event_time) AS deleted_at
    FROM key_calls
    WHERE effect = 'deleted'
    GROUP BY account_id, region, key_id
),

paired AS (
    SELECT
        begun.*,
        ends_of_keys.deleted_at,
        ended.event_time AS reversed_at,
        coalesce(ended.person, ended.actor) AS reversed_by,
        ended.event_id AS reversal_event_id,
        row_number() OVER (
            PARTITION BY begun.account_id, begun.event_time, begun.event_id
            ORDER BY ended.event_time, ended.event_id
        ) AS nth
    FROM key_calls AS begun
    LEFT JOIN key_calls AS ended
        ON
            begun.account_id = ended.account_id
            AND begun.region = ended.region
            AND begun.key_id = ended.key_id
            AND begun.effect = ended.effect
            AND NOT ended.begins
            AND begun.event_time <= ended.event_time
    LEFT JOIN ends_of_keys
        ON
            begun.account_id = ends_of_keys.account_id
            AND begun.region = ends_of_keys.region
            AND begun.key_id = ends_of_keys.key_id
    WHERE begun.begins
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    key_id,
    pending_days,
    CASE
        WHEN reversed_at IS NOT NULL THEN 'reversed'
        WHEN deleted_at >= event_time THEN 'deleted'
        ELSE 'open_at_period_end'
    END AS key_state,
    reversed_at,
    date_diff('minute', event_time, reversed_at) AS minutes_until_reversed,
    reversed_by,
    actor,
    actor_kind,
    person,
    source_address,
    event_id,
    reversal_event_id
FROM paired
WHERE nth = 1
ORDER BY event_time, account_id, event_id
