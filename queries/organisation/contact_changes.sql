/*---
id = "organisation.contact_changes"
version = 1
kind = "exception"
severity = "high"
title.en = "Contacts and names of accounts changed"
title.pt_BR = "Contatos e nomes de contas alterados"
question.en = """\
Were the security, billing or operations contacts, the contact data, the e-mail address or the name of an account \
changed?"""
question.pt_BR = """\
Os contatos de segurança, cobrança ou operações, os dados de contato, o endereço de e-mail ou o nome de uma conta \
foram alterados?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
subject = ["target_account", "event_name", "contact_kind"]
limits.en = [
  "The values are logged in part or hidden: who the contact is now has to be read from the account.",
  "AWS sends notices of incidents and abuse to the security contact, and to the root user's address.",
]
limits.pt_BR = [
  "Os valores são registrados em parte ou ocultos: quem é o contato agora deve ser lido na conta.",
  "A AWS envia avisos de incidentes e abuso ao contato de segurança e ao endereço do usuário root.",
]
remedy.en = """\
Confirm the new contact with the owner of the account; restore one that would not reach those who must be notified."""
remedy.pt_BR = """\
Confirme o novo contato com o responsável pela conta; restaure o que não alcançaria quem deve ser notificado."""

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
name = "target_account"
type = "varchar"
title.en = "Account concerned"
title.pt_BR = "Conta envolvida"

[[column]]
name = "contact_kind"
type = "varchar"
title.en = "Kind of contact"
title.pt_BR = "Tipo de contato"

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
    event_source,
    event_name,
    CASE
        WHEN event_source = 'account.amazonaws.com'
            THEN coalesce(
                json_extract_scalar(request, '$.AccountId'), json_extract_scalar(request, '$.accountId'), account_id
            )
        ELSE account_id
    END AS target_account,
    CASE
        WHEN event_name IN ('PutAlternateContact', 'DeleteAlternateContact')
            THEN coalesce(
                json_extract_scalar(request, '$.AlternateContactType'),
                json_extract_scalar(request, '$.alternateContactType')
            )
        WHEN event_name = 'PutContactInformation' THEN 'PRIMARY'
        WHEN event_name = 'PutAccountName' THEN 'NAME'
        ELSE 'ROOT_EMAIL'
    END AS contact_kind,
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
    (
        event_source = 'account.amazonaws.com'
        AND event_name IN (
            'PutAlternateContact', 'DeleteAlternateContact', 'PutContactInformation', 'PutAccountName',
            'StartPrimaryEmailUpdate', 'AcceptPrimaryEmailUpdate'
        )
        AND call_result = 'success'
    )
    -- Logged as a sign-in event, whose result may be unknown.
    OR (
        event_source = 'signin.amazonaws.com' AND event_name = 'EmailUpdated' AND call_result IN ('success', 'unknown')
    )
ORDER BY event_time, account_id, event_id
