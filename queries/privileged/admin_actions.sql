/*---
id = "privileged.admin_actions"
version = 1
kind = "population"
severity = "info"
title.en = "What administrators did"
title.pt_BR = "O que os administradores fizeram"
question.en = """\
What did root and the holders of administrative access change, or try to change, and which secrets did they obtain?"""
question.pt_BR = """\
O que o root e quem tem acesso administrativo alteraram, ou tentaram alterar, e quais segredos obtiveram?"""
needs = ["management:read", "management:write"]
parameters = ["privileged_principals"]
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  Root, and whom privileged_principals names by ARN; administrators of other names are not in this list. Compare the \
  parameter with who holds administrative policies.""",
  """\
  Calls that only look (Describe, List, Get) are left out, except those that disclose a secret or grant a \
  credential; cryptographic calls of KMS and data events are left out too.""",
  """\
  The name of a session behind a plain role is what the caller chose. Calls that a service made in the session are \
  here, with invoked_by.""",
]
limits.pt_BR = [
  """\
  O root e quem privileged_principals nomeia por ARN; administradores com outros nomes não estão nesta lista. \
  Compare o parâmetro com quem tem políticas administrativas.""",
  """\
  Chamadas que só consultam (Describe, List, Get) ficam de fora, exceto as que revelam um segredo ou concedem uma \
  credencial; chamadas criptográficas do KMS e eventos de dados também ficam de fora.""",
  """\
  O nome de sessão por trás de uma role comum é o que o autor da chamada escolheu. Chamadas que um serviço fez na \
  sessão estão aqui, com invoked_by.""",
]
remedy.en = """\
Draw a sample and match each change with an approved request and with the person who made it; ask whether it needed \
administrative access."""
remedy.pt_BR = """\
Extraia uma amostra e confronte cada mudança com uma solicitação aprovada e com quem a fez; pergunte se era \
necessário acesso administrativo."""

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
name = "event_source"
type = "varchar"
title.en = "Service"
title.pt_BR = "Serviço"

[[column]]
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "resource_arn"
type = "varchar"
title.en = "Resource"
title.pt_BR = "Recurso"

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
    event_source,
    event_name,
    element_at(resources, 1).arn AS resource_arn,
    call_result,
    error_code,
    actor_kind,
    actor,
    person,
    mfa,
    credential,
    invoked_by,
    source_address,
    user_agent,
    event_id,
    log_file
FROM activity
WHERE
    event_category = 'Management'
    AND (
        -- Records older than version 1.01 do not say whether a call only reads.
        NOT coalesce(read_only, regexp_like(event_name, '^(Describe|Get|Head|List|Lookup|Search)'), FALSE)
        OR (discloses AND event_source <> 'kms.amazonaws.com')
    )
    AND actor_kind NOT IN ('aws_service', 'service_linked_role', 'service_event')
    AND (
        actor_kind IN ('root', 'assumed_root')
        OR coalesce(
            any_match(
                :privileged_principals,
                held -> lower(actor) LIKE replace(replace(lower(held), '_', '!_'), '*', '%') ESCAPE '!'
            ),
            FALSE
        )
    )
ORDER BY event_time, account_id, event_id
