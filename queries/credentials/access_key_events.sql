/*---
id = "credentials.access_key_events"
version = 1
kind = "population"
severity = "info"
title.en = "Access keys created, activated, deactivated and deleted"
title.pt_BR = "Chaves de acesso criadas, ativadas, desativadas e excluídas"
question.en = """\
Which long-term access keys were created, activated, deactivated or deleted, whose are they and who did it?"""
question.pt_BR = """\
Quais chaves de acesso de longo prazo foram criadas, ativadas, desativadas ou excluídas, de quem são e quem fez a \
mudança?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  "Keys that existed before the period and did not change are not listed; the IAM credential report lists them.",
  "Keys that were deleted along with their user by a console action appear as their own DeleteAccessKey events.",
]
limits.pt_BR = [
  "Chaves que já existiam antes do período e não mudaram não são listadas; o relatório de credenciais do IAM as lista.",
  "Chaves excluídas junto com o usuário pelo console aparecem em seus próprios eventos DeleteAccessKey.",
]
remedy.en = """\
Follow each key from creation to deletion: a creation wants an approved need, a replaced key its deactivation, a \
leaver's key its deletion."""
remedy.pt_BR = """\
Acompanhe cada chave da criação à exclusão: a criação pede uma necessidade aprovada; a chave substituída, a \
desativação; a chave de quem saiu, a exclusão."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "access_key_id"
type = "varchar"
title.en = "Access key"
title.pt_BR = "Chave de acesso"

[[column]]
name = "event_time"
type = "timestamp"
title.en = "Time (UTC)"
title.pt_BR = "Hora (UTC)"

[[column]]
name = "change_made"
type = "varchar"
title.en = "Change"
title.pt_BR = "Mudança"

[[column]]
name = "key_owner"
type = "varchar"
title.en = "Owner of the key"
title.pt_BR = "Dono da chave"
personal = true

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
name = "credential"
type = "varchar"
title.en = "Credential"
title.pt_BR = "Credencial"

[[column]]
name = "source_address"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "invoked_by"
type = "varchar"
title.en = "Through the service"
title.pt_BR = "Por meio do serviço"

[[column]]
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"
---*/

SELECT
    account_id,
    coalesce(
        json_extract_scalar(request, '$.accessKeyId'),
        json_extract_scalar(response, '$.accessKey.accessKeyId')
    ) AS access_key_id,
    event_time,
    CASE
        WHEN event_name = 'CreateAccessKey' THEN 'created'
        WHEN event_name = 'DeleteAccessKey' THEN 'deleted'
        WHEN lower(json_extract_scalar(request, '$.status')) = 'active' THEN 'activated'
        WHEN lower(json_extract_scalar(request, '$.status')) = 'inactive' THEN 'deactivated'
        ELSE 'updated'
    END AS change_made,
    -- Without a user name IAM means the caller's own key.
    coalesce(
        json_extract_scalar(request, '$.userName'),
        json_extract_scalar(response, '$.accessKey.userName'),
        person,
        actor
    ) AS key_owner,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    credential,
    source_address,
    invoked_by,
    event_id
FROM activity
WHERE
    event_source = 'iam.amazonaws.com'
    AND event_name IN ('CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey')
    AND call_result = 'success'
ORDER BY account_id, access_key_id, event_time, event_id
