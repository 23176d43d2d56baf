/*---
id = "permissions.direct_user_grants"
version = 1
kind = "exception"
severity = "medium"
title.en = "Policies given to users directly"
title.pt_BR = "Políticas atribuídas diretamente a usuários"
question.en = "Which IAM users got a policy of their own, instead of through a group or a role?"
question.pt_BR = """\
Quais usuários do IAM receberam uma política diretamente, em vez de por meio de um grupo ou de uma role?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "finding", "user_name", "permission_granted"]
limits.en = [
  """\
  quarantined: AWS found an access key of the user in public, and attached a policy that takes rights away. \
  response.key_containment follows what became of the key.""",
  "A permissions boundary gives nothing and is not here; permissions.boundary_changes lists those.",
  "Policies given before the period and not written again in it are not listed.",
  "A request that CloudTrail left out for its size is listed without its names.",
]
limits.pt_BR = [
  """\
  quarantined: a AWS encontrou em público uma chave de acesso do usuário e anexou uma política que retira direitos. \
  response.key_containment acompanha o que foi feito da chave.""",
  """\
  Um limite de permissões (permissions boundary) não concede nada e não está aqui; permissions.boundary_changes lista \
  os limites.""",
  "Políticas atribuídas antes do período e não regravadas nele não são listadas.",
  "Uma requisição que o CloudTrail omitiu pelo tamanho é listada sem os nomes.",
]
remedy.en = "Move the permission to a group or a role that says what the job needs, and take the direct policy away."
remedy.pt_BR = """\
Transfira a permissão para um grupo ou uma role que expresse o que a função exige e retire a política direta."""

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
name = "user_name"
type = "varchar"
title.en = "User"
title.pt_BR = "Usuário"
personal = true

[[column]]
name = "permission_granted"
type = "varchar"
title.en = "Granted"
title.pt_BR = "Concedido"

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
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

[[column]]
name = "invoked_by"
type = "varchar"
title.en = "Through the service"
title.pt_BR = "Por meio do serviço"

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
    -- AWS's own policy of this name takes rights away.
    CASE
        WHEN
            regexp_like(
                json_extract_scalar(request, '$.policyArn'), ':aws:policy/AWSCompromisedKeyQuarantine(V[0-9]+)?\z'
            )
            THEN 'quarantined'
        ELSE 'granted'
    END AS finding,
    json_extract_scalar(request, '$.userName') AS user_name,
    coalesce(
        json_extract_scalar(request, '$.policyArn'), json_extract_scalar(request, '$.policyName')
    ) AS permission_granted,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    call_result,
    invoked_by,
    source_address,
    user_agent,
    event_id,
    log_file
FROM activity
WHERE
    event_source = 'iam.amazonaws.com'
    AND event_name IN ('AttachUserPolicy', 'PutUserPolicy')
    AND call_result IN ('success', 'partial', 'unknown')
ORDER BY event_time, account_id, event_id
