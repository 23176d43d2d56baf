/*---
id = "organisation.account_events"
version = 1
kind = "population"
severity = "info"
title.en = "Accounts that joined, moved, were closed or left"
title.pt_BR = "Contas que entraram, mudaram, foram encerradas ou saíram"
question.en = """\
Which accounts of the organization were created, invited, moved, closed, removed or left, and who tried to?"""
question.pt_BR = """\
Quais contas da organização foram criadas, convidadas, movidas, encerradas, removidas ou saíram, e quem tentou \
isso?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  """\
  Only the management account's log in us-east-1 shows all of it; LeaveOrganization and the answer to an invitation \
  are in the log of the account that leaves or joins.""",
  "CreateAccount is only the request: what came of it, and the number of the account, is in CreateAccountResult.",
  "Attempts without effect are in the list, marked by their result.",
]
limits.pt_BR = [
  """\
  Só o log da conta de gerenciamento em us-east-1 mostra tudo; LeaveOrganization e a resposta a um convite ficam no \
  log da conta que sai ou entra.""",
  "CreateAccount é só o pedido: o desfecho e o número da conta estão em CreateAccountResult.",
  "Tentativas sem efeito estão na lista, marcadas pelo resultado.",
]
remedy.en = """\
Compare with the register of accounts; ask for the approval of each, and see that logging and guardrails reach every \
new one."""
remedy.pt_BR = """\
Compare com o cadastro de contas; peça a aprovação de cada uma e verifique se os logs e os guardrails alcançam cada \
conta nova."""

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
name = "member_account"
type = "varchar"
title.en = "Account concerned"
title.pt_BR = "Conta envolvida"

[[column]]
name = "account_name"
type = "varchar"
title.en = "Name of the account"
title.pt_BR = "Nome da conta"

[[column]]
name = "moved_from"
type = "varchar"
title.en = "Moved from"
title.pt_BR = "Movida de"

[[column]]
name = "moved_to"
type = "varchar"
title.en = "Moved to"
title.pt_BR = "Movida para"

[[column]]
name = "outcome"
type = "varchar"
title.en = "Outcome"
title.pt_BR = "Desfecho"

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
    call_result,
    error_code,
    CASE
        -- The account that leaves is the caller's own.
        WHEN event_name = 'LeaveOrganization' THEN account_id
        ELSE coalesce(
            json_extract_scalar(request, '$.accountId'),
            json_extract_scalar(request, '$.target.id'),
            json_extract_scalar(response, '$.createAccountStatus.accountId'),
            json_extract_scalar(service_details, '$.createAccountStatus.accountId'),
            json_extract_scalar(service_details, '$.closeAccountStatus.accountId'),
            json_extract_scalar(request, '$.handshakeId')
        )
    END AS member_account,
    coalesce(
        json_extract_scalar(request, '$.accountName'),
        json_extract_scalar(service_details, '$.createAccountStatus.accountName')
    ) AS account_name,
    json_extract_scalar(request, '$.sourceParentId') AS moved_from,
    json_extract_scalar(request, '$.destinationParentId') AS moved_to,
    coalesce(
        json_extract_scalar(service_details, '$.createAccountStatus.state'),
        json_extract_scalar(service_details, '$.closeAccountStatus.state'),
        json_extract_scalar(response, '$.createAccountStatus.state'),
        json_extract_scalar(response, '$.handshake.state')
    ) AS outcome,
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
    event_source = 'organizations.amazonaws.com'
    AND event_name IN (
        'CreateAccount', 'CreateGovCloudAccount', 'CreateAccountResult', 'CloseAccount', 'CloseAccountResult',
        'InviteAccountToOrganization', 'AcceptHandshake', 'DeclineHandshake', 'CancelHandshake', 'LeaveOrganization',
        'RemoveAccountFromOrganization', 'MoveAccount', 'CreateOrganization', 'DeleteOrganization',
        'CreateOrganizationalUnit', 'DeleteOrganizationalUnit'
    )
ORDER BY event_time, account_id, event_id
