/*---
id = "logging.trail_changes"
version = 1
kind = "population"
severity = "info"
title.en = "Changes to trails and event data stores"
title.pt_BR = "Mudanças em trilhas e armazenamentos de dados de eventos"
question.en = "What was changed or attempted on trails, event selectors, Insights and event data stores, and by whom?"
question.pt_BR = """\
O que foi alterado ou tentado em trilhas, seletores de eventos, Insights e armazenamentos de dados de eventos, e \
por quem?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  The console sends all settings with every change: a setting shown is the state after the call, not necessarily \
  what changed.""",
  "Attempts without effect are listed too; the result tells them apart.",
  "Changes made while no trail was recording the account are not in the logs.",
]
limits.pt_BR = [
  """\
  O console envia todas as configurações a cada mudança: o valor mostrado é o estado após a chamada, não \
  necessariamente o que mudou.""",
  "Tentativas sem efeito também são listadas; o resultado as distingue.",
  "Mudanças feitas enquanto nenhuma trilha registrava a conta não estão nos logs.",
]
remedy.en = "Match each change with an approved request; ask about every attempt that has none."
remedy.pt_BR = "Confronte cada mudança com uma solicitação aprovada; pergunte sobre cada tentativa que não tenha uma."

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
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

[[column]]
name = "error_code"
type = "varchar"
title.en = "Error code"
title.pt_BR = "Código de erro"

[[column]]
name = "target"
type = "varchar"
title.en = "Trail or store"
title.pt_BR = "Trilha ou armazenamento"

[[column]]
name = "bucket_name"
type = "varchar"
title.en = "Bucket after it"
title.pt_BR = "Bucket resultante"

[[column]]
name = "multi_region"
type = "boolean"
title.en = "All Regions"
title.pt_BR = "Todas as regiões"

[[column]]
name = "file_validation"
type = "boolean"
title.en = "File validation"
title.pt_BR = "Validação de arquivos"

[[column]]
name = "kms_key"
type = "varchar"
title.en = "KMS key"
title.pt_BR = "Chave KMS"

[[column]]
name = "request_state"
type = "varchar"
title.en = "Request as logged"
title.pt_BR = "Requisição como registrada"

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
name = "mfa"
type = "varchar"
title.en = "MFA"
title.pt_BR = "MFA"

[[column]]
name = "source_address"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "user_agent"
type = "varchar"
title.en = "User agent"
title.pt_BR = "Agente do usuário (user agent)"
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
    call_result,
    error_code,
    -- A trail or event data store is logged by its name or its ARN, as the caller wrote it.
    coalesce(
        json_extract_scalar(request, '$.name'),
        json_extract_scalar(request, '$.trailName'),
        json_extract_scalar(request, '$.eventDataStore'),
        json_extract_scalar(request, '$.channel'),
        json_extract_scalar(request, '$.resourceArn'),
        json_extract_scalar(request, '$.memberAccountId'),
        json_extract_scalar(request, '$.delegatedAdminAccountId')
    ) AS target,
    -- The console sends every setting again, so what counts is the state that the response shows.
    json_extract_scalar(response, '$.s3BucketName') AS bucket_name,
    json_extract_scalar(response, '$.isMultiRegionTrail') = 'true' AS multi_region,
    json_extract_scalar(response, '$.logFileValidationEnabled') = 'true' AS file_validation,
    json_extract_scalar(response, '$.kmsKeyId') AS kms_key,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id
FROM activity
WHERE
    event_source = 'cloudtrail.amazonaws.com'
    AND event_name IN (
        'CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging',
        'PutEventSelectors', 'PutInsightSelectors', 'PutEventConfiguration',
        'CreateEventDataStore', 'UpdateEventDataStore', 'DeleteEventDataStore', 'RestoreEventDataStore',
        'StartEventDataStoreIngestion', 'StopEventDataStoreIngestion', 'EnableFederation', 'DisableFederation',
        'CreateChannel', 'UpdateChannel', 'DeleteChannel', 'PutResourcePolicy', 'DeleteResourcePolicy',
        'RegisterOrganizationDelegatedAdmin', 'DeregisterOrganizationDelegatedAdmin'
    )
ORDER BY event_time, account_id, event_id
