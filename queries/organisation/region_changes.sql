/*---
id = "organisation.region_changes"
version = 1
kind = "exception"
severity = "medium"
title.en = "Regions switched on or off"
title.pt_BR = "Regiões ativadas ou desativadas"
question.en = "Which regions were switched on or off for which accounts?"
question.pt_BR = "Quais regiões foram ativadas ou desativadas, para quais contas?"
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
subject = ["target_account", "event_name", "region_changed"]
limits.en = [
  "Only regions that have to be switched on are told of; those that are on in every account cannot be switched off.",
  "A region that is on is not yet used: places.unapproved_regions shows use.",
]
limits.pt_BR = [
  "Só há eventos de regiões que precisam ser ativadas; as que estão ativas em toda conta não podem ser desativadas.",
  "Região ativada ainda não é região usada: o uso aparece em places.unapproved_regions.",
]
remedy.en = """\
Ask why the region is needed and whether data may be there; switch off what has no reason. Trails of one region do \
not cover a new one."""
remedy.pt_BR = """\
Pergunte por que a região é necessária e se pode haver dados nela; desative a que não tiver justificativa. Trilhas \
de uma só região não cobrem uma nova."""

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
name = "target_account"
type = "varchar"
title.en = "Account concerned"
title.pt_BR = "Conta envolvida"

[[column]]
name = "region_changed"
type = "varchar"
title.en = "Region switched"
title.pt_BR = "Região alterada"

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

[[column]]
name = "log_file"
type = "varchar"
title.en = "Log file"
title.pt_BR = "Arquivo de log"
---*/

SELECT
    event_time,
    account_id,
    region,
    event_name,
    coalesce(
        json_extract_scalar(request, '$.AccountId'), json_extract_scalar(request, '$.accountId'), account_id
    ) AS target_account,
    coalesce(
        json_extract_scalar(request, '$.RegionName'), json_extract_scalar(request, '$.regionName')
    ) AS region_changed,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id,
    log_file
FROM activity
WHERE
    event_source = 'account.amazonaws.com'
    AND event_name IN ('EnableRegion', 'DisableRegion')
    AND call_result = 'success'
ORDER BY event_time, account_id, event_id
