/*---
id = "credentials.mfa_device_events"
version = 1
kind = "population"
severity = "info"
title.en = "MFA devices"
title.pt_BR = "Dispositivos MFA"
question.en = "Which MFA devices were registered, resynchronised, deactivated or deleted, for whom and by whom?"
question.pt_BR = """\
Quais dispositivos MFA foram registrados, ressincronizados, desativados ou excluídos, para quem e por quem?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  Devices of IAM users and root, and of the users of Identity Center's own directory, who appear by id. Outside \
  providers keep their own factors.""",
  "A virtual device protects nobody until it is enabled: created and enabled are two events.",
  "settings_changed: which factors Identity Center asks for, and when.",
]
limits.pt_BR = [
  """\
  Dispositivos de usuários do IAM e do root, e dos usuários do diretório do próprio Identity Center, que aparecem \
  por id. Provedores externos guardam seus próprios fatores.""",
  "Um dispositivo virtual não protege ninguém até ser ativado: a criação e a ativação são dois eventos.",
  "settings_changed: quais fatores o Identity Center pede, e quando.",
]
remedy.en = """\
Follow each user from device to device; ask about devices registered by somebody else and about users whose last \
event is a removal (credentials.mfa_removed)."""
remedy.pt_BR = """\
Acompanhe cada usuário de dispositivo em dispositivo; pergunte sobre os registrados por outra pessoa e sobre \
usuários cujo último evento é uma remoção (credentials.mfa_removed)."""

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
name = "change_made"
type = "varchar"
title.en = "Change"
title.pt_BR = "Mudança"

[[column]]
name = "user_name"
type = "varchar"
title.en = "User"
title.pt_BR = "Usuário"
personal = true

[[column]]
name = "serial_number"
type = "varchar"
title.en = "Device"
title.pt_BR = "Dispositivo"
personal = true

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
    event_source,
    event_name,
    CASE
        WHEN event_source = 'sso.amazonaws.com' OR event_name = 'PutMfaDeviceManagementForDirectory'
            THEN 'settings_changed'
        WHEN event_name = 'CreateVirtualMFADevice' THEN 'created'
        WHEN event_name = 'EnableMFADevice' OR event_name LIKE 'Complete%' THEN 'enabled'
        WHEN event_name LIKE 'Start%' THEN 'begun'
        WHEN event_name = 'ResyncMFADevice' THEN 'resynchronised'
        WHEN event_name = 'DeactivateMFADevice' THEN 'deactivated'
        WHEN event_name LIKE 'Delete%' THEN 'deleted'
        ELSE 'changed'
    END AS change_made,
    CASE
        WHEN event_name IN ('EnableMFADevice', 'DeactivateMFADevice', 'ResyncMFADevice')
            -- Without a user name IAM means the caller.
            THEN coalesce(
                json_extract_scalar(request, '$.userName'), CASE request_state WHEN 'present' THEN person END
            )
        WHEN event_source = 'sso-directory.amazonaws.com' THEN json_extract_scalar(request, '$.userId')
    END AS user_name,
    coalesce(
        json_extract_scalar(request, '$.serialNumber'),
        json_extract_scalar(response, '$.virtualMFADevice.serialNumber'),
        json_extract_scalar(request, '$.virtualMFADeviceName'),
        json_extract_scalar(request, '$.mfaDeviceId')
    ) AS serial_number,
    call_result,
    error_code,
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
        event_source = 'iam.amazonaws.com'
        AND event_name IN (
            'CreateVirtualMFADevice', 'EnableMFADevice', 'ResyncMFADevice', 'DeactivateMFADevice',
            'DeleteVirtualMFADevice'
        )
    )
    OR (
        event_source = 'sso-directory.amazonaws.com'
        AND event_name IN (
            'StartVirtualMfaDeviceRegistration', 'CompleteVirtualMfaDeviceRegistration',
            'StartWebAuthnDeviceRegistration', 'CompleteWebAuthnDeviceRegistration', 'UpdateMfaDeviceForUser',
            'DeleteMfaDeviceForUser', 'PutMfaDeviceManagementForDirectory'
        )
    )
    OR (
        event_source = 'sso.amazonaws.com'
        AND event_name IN ('PutMfaDeviceManagementForDirectory', 'UpdateSsoConfiguration')
    )
ORDER BY event_time, account_id, event_id
