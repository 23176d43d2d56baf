/*---
id = "identity.root_activity"
version = 1
kind = "exception"
severity = "critical"
title.en = "Root user activity"
title.pt_BR = "Atividade do usuário root"
question.en = "What did the root user do in the period, central root sessions included?"
question.pt_BR = "O que o usuário root fez no período, inclusive em sessões centrais de root?"
needs = ["management:read", "management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "event_source", "event_name"]
limits.en = [
  "Calls that an AWS service made on root's behalf are marked through_service, not left out.",
  "Root is shared: CloudTrail cannot tell which person used it.",
  "What AWS services did on their own (AwsServiceEvent) is not root's act and is not listed.",
]
limits.pt_BR = [
  "Chamadas que um serviço da AWS fez em nome do root são marcadas como through_service, e não omitidas.",
  "O root é compartilhado: o CloudTrail não diz qual pessoa o usou.",
  "O que serviços da AWS fizeram por conta própria (AwsServiceEvent) não é ato do root e não é listado.",
]
remedy.en = """\
Ask for the ticket that allowed root to be used, the person who used it and why no other identity would do; then \
for proof that its credentials were put away again."""
remedy.pt_BR = """\
Peça o chamado que autorizou o uso do root, quem o usou e por que nenhuma outra identidade serviria; depois, a \
prova de que as credenciais foram guardadas de novo."""

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
name = "act"
type = "varchar"
title.en = "Act"
title.pt_BR = "Ato"

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
name = "root_of_account"
type = "varchar"
title.en = "Root of the account"
title.pt_BR = "Root da conta"

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
    CASE
        WHEN event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRoot' THEN 'root_session_requested'
        WHEN actor_kind = 'assumed_root' THEN 'root_session'
        WHEN invoked_by <> '' THEN 'through_service'
        WHEN event_source = 'signin.amazonaws.com' THEN 'signin'
        ELSE 'call'
    END AS act,
    event_source,
    event_name,
    call_result,
    error_code,
    actor_kind,
    actor,
    person,
    mfa,
    credential,
    invoked_by,
    -- Of a request for a root session: the member account whose root it is.
    CASE
        WHEN event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRoot'
            THEN json_extract_scalar(request, '$.targetPrincipal')
    END AS root_of_account,
    source_address,
    user_agent,
    event_id
FROM activity
WHERE
    actor_kind IN ('root', 'assumed_root')
    OR (event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRoot')
ORDER BY event_time, account_id, event_id
