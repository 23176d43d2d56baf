/*---
id = "network.source_check_disabled"
version = 1
kind = "exception"
severity = "medium"
title.en = "Source and destination check switched off"
title.pt_BR = "Verificação de origem e destino desligada"
question.en = """\
Which instances and network interfaces may now send and take packets that carry an address other than their own?"""
question.pt_BR = """\
Quais instâncias e interfaces de rede passaram a poder enviar e receber pacotes com endereço diferente do seu?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "region", "resource_id"]
limits.en = [
  "NAT instances, firewalls and some container networks need the check off: each should be known by name.",
  "What was sent or taken since leaves no API event. A check that was off before the period does not appear.",
]
limits.pt_BR = [
  "Instâncias NAT, firewalls e algumas redes de contêineres precisam dela desligada: cada uma deve ser conhecida.",
  "O tráfego posterior não deixa evento de API. Uma verificação desligada antes do período não aparece.",
]
remedy.en = """\
Ask what the machine forwards, and for whom. Where it forwards nothing, switch the check on again: without it the \
machine can pose as its neighbours."""
remedy.pt_BR = """\
Pergunte o que a máquina encaminha, e para quem. Se não encaminha nada, religue a verificação: sem ela a máquina pode \
se passar por suas vizinhas."""

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
name = "resource_id"
type = "varchar"
title.en = "Resource"
title.pt_BR = "Recurso"

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
name = "log_file"
type = "varchar"
title.en = "Log file"
title.pt_BR = "Arquivo de log"
---*/

WITH calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor_kind,
        actor,
        person,
        source_address,
        event_id,
        log_file,
        coalesce(
            json_extract_scalar(request, '$.networkInterfaceId'),
            json_extract_scalar(request, '$.instanceId')
        ) AS resource_id,
        -- The setting stands as a member of its own, bare or wrapped, or is named by `attribute` in older calls.
        lower(coalesce(
            json_extract_scalar(request, '$.sourceDestCheck.value'),
            json_extract_scalar(request, '$.sourceDestCheck'),
            CASE
                WHEN json_extract_scalar(request, '$.attribute') = 'sourceDestCheck'
                    THEN json_extract_scalar(request, '$.value')
            END
        )) AS check_setting
    FROM activity
    WHERE
        event_source = 'ec2.amazonaws.com'
        AND event_name IN ('ModifyInstanceAttribute', 'ModifyNetworkInterfaceAttribute')
        AND call_result = 'success'
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    resource_id,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM calls
WHERE check_setting = 'false'
ORDER BY event_time, account_id, event_id
