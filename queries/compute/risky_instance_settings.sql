/*---
id = "compute.risky_instance_settings"
version = 1
kind = "exception"
severity = "high"
title.en = "Instances made less secure"
title.pt_BR = "Instâncias com proteção reduzida"
question.en = "Were start-up scripts of instances changed, or their metadata opened to calls without a token?"
question.pt_BR = """\
Scripts de inicialização de instâncias foram alterados, ou os metadados delas foram abertos a chamadas sem token?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "region", "finding", "resource_id"]
limits.en = [
  """\
  A start-up script is never logged; only that it was changed is. It runs at the next start, with the rights of the \
  machine.""",
  """\
  Metadata without a token (IMDSv1) lets a program that fetches addresses for others give away the machine's \
  credentials.""",
]
limits.pt_BR = [
  """\
  O conteúdo de um script de inicialização nunca é registrado; registra-se apenas que foi alterado. Ele é executado na \
  próxima inicialização, com as permissões da máquina.""",
  """\
  Metadados sem token (IMDSv1) permitem que um programa que acessa endereços a pedido de terceiros entregue as \
  credenciais da máquina.""",
]
remedy.en = "Read the script that is there now, and compare it with the one that was approved. Require tokens again."
remedy.pt_BR = "Leia o script atual e compare-o com o aprovado. Volte a exigir tokens."

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
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

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
        CASE event_name
            WHEN 'ModifyInstanceAttribute' THEN json_extract_scalar(request, '$.instanceId')
            WHEN 'ModifyInstanceMetadataOptions'
                THEN json_extract_scalar(request, '$.ModifyInstanceMetadataOptionsRequest.InstanceId')
        END AS resource_id,
        CASE
            WHEN
                event_name = 'ModifyInstanceAttribute'
                AND (
                    json_extract(request, '$.userData') IS NOT NULL
                    OR json_extract_scalar(request, '$.attribute') = 'userData'
                )
                THEN 'start_script_changed'
            WHEN
                event_name = 'ModifyInstanceMetadataOptions'
                AND json_extract_scalar(request, '$.ModifyInstanceMetadataOptionsRequest.HttpTokens') = 'optional'
                THEN 'metadata_without_token'
            WHEN
                event_name = 'ModifyInstanceMetadataDefaults'
                AND coalesce(
                    json_extract_scalar(request, '$.ModifyInstanceMetadataDefaultsRequest.HttpTokens'),
                    json_extract_scalar(request, '$.httpTokens')
                ) = 'optional'
                THEN 'metadata_without_token'
        END AS finding
    FROM activity
    WHERE
        event_source = 'ec2.amazonaws.com'
        AND event_name IN (
            'ModifyInstanceAttribute', 'ModifyInstanceMetadataOptions', 'ModifyInstanceMetadataDefaults'
        )
        AND call_result = 'success'
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    finding,
    resource_id,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM calls
WHERE finding IS NOT NULL
ORDER BY event_time, account_id, event_id
