/*---
id = "identity.root_credential_changes"
version = 1
kind = "exception"
severity = "critical"
title.en = "Changes to root credentials"
title.pt_BR = "Mudanças nas credenciais do root"
question.en = """\
Were root's password, MFA, access keys, certificates or e-mail address created, changed, recovered or removed?"""
question.pt_BR = """\
A senha, o MFA, as chaves de acesso, os certificados ou o e-mail do root foram criados, alterados, recuperados ou \
removidos?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "event_source", "event_name"]
limits.en = [
  "Attempts without effect are not listed here; identity.root_activity lists them where root made them.",
  "Sign-in events of this kind do not always state a result: unknown means that none was logged.",
  "A virtual MFA device that root creates for another user is listed, because creation names no user.",
]
limits.pt_BR = [
  "Tentativas sem efeito não são listadas aqui; identity.root_activity as lista quando partiram do root.",
  "Eventos de login desse tipo nem sempre trazem resultado: unknown quer dizer que nenhum foi registrado.",
  "Um dispositivo MFA virtual que o root cria para outro usuário é listado, porque a criação não nomeia usuário.",
]
remedy.en = """\
Confirm the change with the holders of the root credentials and the ticket behind it. If nobody knows of it, treat \
the account as taken over."""
remedy.pt_BR = """\
Confirme a mudança com os guardiões das credenciais do root e com o chamado correspondente. Se ninguém a \
reconhecer, trate a conta como comprometida."""

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
name = "changed"
type = "varchar"
title.en = "Changed"
title.pt_BR = "O que mudou"

[[column]]
name = "credential_id"
type = "varchar"
title.en = "Credential id"
title.pt_BR = "Id da credencial"
personal = true

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

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
---*/

WITH changes AS (
    SELECT
        event_time,
        account_id,
        event_source,
        event_name,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        user_agent,
        call_result,
        event_id,
        json_extract_scalar(request, '$.userName') AS user_name,
        coalesce(
            json_extract_scalar(request, '$.serialNumber'),
            json_extract_scalar(response, '$.virtualMFADevice.serialNumber')
        ) AS serial_number,
        coalesce(
            json_extract_scalar(request, '$.accessKeyId'),
            json_extract_scalar(response, '$.accessKey.accessKeyId'),
            json_extract_scalar(request, '$.certificateId'),
            json_extract_scalar(response, '$.certificate.certificateId')
        ) AS key_or_certificate,
        coalesce(
            json_extract_scalar(response, '$.PasswordUpdated'),
            json_extract_scalar(response, '$.EmailUpdated')
        ) AS update_result
    FROM activity
    WHERE
        call_result NOT IN ('denied', 'failed', 'throttled', 'dry_run')
        AND (
            (
                event_source = 'iam.amazonaws.com'
                AND event_name IN (
                    'CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey',
                    'CreateVirtualMFADevice', 'DeleteVirtualMFADevice',
                    'EnableMFADevice', 'DeactivateMFADevice', 'ResyncMFADevice',
                    'ChangePassword', 'CreateLoginProfile', 'UpdateLoginProfile', 'DeleteLoginProfile',
                    'UploadSigningCertificate', 'UpdateSigningCertificate', 'DeleteSigningCertificate'
                )
            )
            OR (
                event_source = 'signin.amazonaws.com'
                AND event_name IN (
                    'PasswordUpdated', 'EmailUpdated', 'PasswordRecoveryRequested', 'PasswordRecoveryCompleted'
                )
            )
            OR (
                event_source = 'account.amazonaws.com'
                AND event_name IN ('StartPrimaryEmailUpdate', 'AcceptPrimaryEmailUpdate')
            )
        )
)

SELECT
    event_time,
    account_id,
    event_source,
    event_name,
    CASE
        WHEN strpos(event_name, 'MFA') > 0 THEN 'mfa'
        WHEN strpos(event_name, 'AccessKey') > 0 THEN 'access_key'
        WHEN strpos(event_name, 'Certificate') > 0 THEN 'certificate'
        WHEN strpos(event_name, 'Email') > 0 THEN 'email'
        ELSE 'password'
    END AS changed,
    coalesce(key_or_certificate, serial_number) AS credential_id,
    call_result,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id
FROM changes
WHERE
    coalesce(update_result, '') <> 'Failure'
    AND (
        event_source <> 'iam.amazonaws.com'
        -- Without a user name IAM means the caller's own credentials; in a root session those are root's.
        OR (actor_kind IN ('root', 'assumed_root') AND user_name IS NULL)
        OR user_name = 'AWS ROOT USER'
        OR regexp_like(serial_number, ':mfa/root-account-mfa-device\z')
    )
ORDER BY event_time, account_id, event_id
