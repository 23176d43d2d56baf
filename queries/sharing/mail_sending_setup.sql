/*---
id = "sharing.mail_sending_setup"
version = 1
kind = "exception"
severity = "medium"
title.en = "Preparations to send mail"
title.pt_BR = "Preparativos para enviar e-mails"
question.en = """\
Was the account prepared to send mail: identities verified or removed, sending switched on, the sandbox lifted?"""
question.pt_BR = """\
A conta foi preparada para enviar e-mails: identidades verificadas ou removidas, envio ligado, sandbox retirada?"""
needs = ["management:write"]
parameters = ["approved_mail_identities"]
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "event_name", "mail_identity"]
limits.en = [
  "The mails themselves are not logged unless data events of SES are.",
  "Identities in approved_mail_identities are left out. Policies that let others send in the name of one are listed.",
]
limits.pt_BR = [
  "Os e-mails em si não são registrados, a menos que eventos de dados do SES o sejam.",
  """\
  Identidades em approved_mail_identities ficam de fora. Políticas que permitem a outros enviar em nome de uma são \
  listadas.""",
]
remedy.en = """\
Confirm with whoever sends mail in your name. Stolen credentials are often used to send fraud from a trusted \
sender."""
remedy.pt_BR = """\
Confirme com quem envia e-mails em seu nome. Credenciais furtadas são muito usadas para fraudes por um remetente \
confiável."""

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
name = "mail_identity"
type = "varchar"
title.en = "Identity"
title.pt_BR = "Identidade"
personal = true

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
            json_extract_scalar(request, '$.emailAddress'),
            json_extract_scalar(request, '$.domain'),
            json_extract_scalar(request, '$.emailIdentity'),
            json_extract_scalar(request, '$.identity')
        ) AS mail_identity
    FROM activity
    WHERE
        event_source = 'ses.amazonaws.com'
        AND event_name IN (
            'VerifyEmailIdentity', 'VerifyEmailAddress', 'VerifyDomainIdentity', 'DeleteVerifiedEmailAddress',
            'PutIdentityPolicy',
            'CreateEmailIdentityPolicy',
            'UpdateEmailIdentityPolicy',
            'VerifyDomainDkim',
            'CreateEmailIdentity',
            'DeleteIdentity',
            'DeleteEmailIdentity', 'UpdateAccountSendingEnabled', 'PutAccountDetails', 'PutAccountSendingAttributes',
            'SetIdentityFeedbackForwardingEnabled'
        )
        AND call_result = 'success'
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    mail_identity,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM calls
WHERE NOT coalesce(contains(:approved_mail_identities, mail_identity), FALSE)
ORDER BY event_time, account_id, event_id
