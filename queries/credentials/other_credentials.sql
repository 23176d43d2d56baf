/*---
id = "credentials.other_credentials"
version = 1
kind = "population"
severity = "info"
title.en = "Keys and certificates beside access keys"
title.pt_BR = "Chaves e certificados além das chaves de acesso"
question.en = """\
Which SSH keys, key pairs, certificates, service passwords and API keys were issued, imported, changed or removed?"""
question.pt_BR = """\
Quais chaves SSH, pares de chaves, certificados, senhas de serviço e chaves de API foram emitidos, importados, \
alterados ou removidos?"""
needs = ["management:read", "management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  Access keys are in credentials.access_key_events, console passwords in credentials.password_events. Certificates \
  of Certificate Manager are in the keys pack.""",
  """\
  A key pair made outside and put on a host by hand, and credentials inside databases and applications, leave no \
  event.""",
]
limits.pt_BR = [
  """\
  Chaves de acesso estão em credentials.access_key_events; senhas do console, em credentials.password_events. \
  Certificados do Certificate Manager estão no pacote keys.""",
  """\
  Um par de chaves criado fora e instalado manualmente em um servidor não deixa evento, nem as credenciais dentro de \
  bancos de dados e aplicações.""",
]
remedy.en = "Match each credential with its owner and purpose, and with the date on which it will be replaced."
remedy.pt_BR = "Associe cada credencial ao dono, à finalidade e à data em que será trocada."

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
name = "credential_kind"
type = "varchar"
title.en = "Kind of credential"
title.pt_BR = "Tipo de credencial"

[[column]]
name = "change_made"
type = "varchar"
title.en = "Change"
title.pt_BR = "Mudança"

[[column]]
name = "credential_id"
type = "varchar"
title.en = "Credential id"
title.pt_BR = "Id da credencial"
personal = true

[[column]]
name = "user_name"
type = "varchar"
title.en = "User"
title.pt_BR = "Usuário"
personal = true

[[column]]
name = "for_service"
type = "varchar"
title.en = "For the service"
title.pt_BR = "Para o serviço"

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
    region,
    event_source,
    event_name,
    CASE
        WHEN strpos(event_name, 'ServiceSpecific') > 0 THEN 'service_credential'
        WHEN strpos(lower(event_name), 'sshpublickey') > 0 THEN 'ssh_key'
        WHEN strpos(event_name, 'KeyPair') > 0 THEN 'key_pair'
        WHEN strpos(event_name, 'ApiKey') > 0 THEN 'api_key'
        ELSE 'certificate'
    END AS credential_kind,
    CASE
        WHEN event_name LIKE 'Delete%' THEN 'removed'
        WHEN event_name LIKE 'Reset%' THEN 'reset'
        WHEN event_name LIKE 'Update%' THEN lower(coalesce(json_extract_scalar(request, '$.status'), 'changed'))
        WHEN regexp_like(event_name, '^(Import|Upload)') THEN 'imported'
        WHEN event_name LIKE 'Download%' THEN 'downloaded'
        ELSE 'issued'
    END AS change_made,
    coalesce(
        json_extract_scalar(request, '$.serviceSpecificCredentialId'),
        json_extract_scalar(response, '$.serviceSpecificCredential.serviceSpecificCredentialId'),
        json_extract_scalar(request, '$.sSHPublicKeyId'),
        json_extract_scalar(response, '$.sSHPublicKey.sSHPublicKeyId'),
        json_extract_scalar(request, '$.certificateId'),
        json_extract_scalar(response, '$.certificate.certificateId'),
        json_extract_scalar(request, '$.serverCertificateName'),
        json_extract_scalar(request, '$.keyName'),
        json_extract_scalar(request, '$.keyPairId'),
        json_extract_scalar(request, '$.keyPairName'),
        json_extract_scalar(response, '$.sshPublicKeyId'),
        json_extract_scalar(response, '$.id'),
        json_extract_scalar(request, '$.name')
    ) AS credential_id,
    json_extract_scalar(request, '$.userName') AS user_name,
    coalesce(
        json_extract_scalar(request, '$.serviceName'),
        json_extract_scalar(request, '$.serverId'),
        json_extract_scalar(request, '$.apiId')
    ) AS for_service,
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
            'CreateServiceSpecificCredential', 'ResetServiceSpecificCredential', 'UpdateServiceSpecificCredential',
            'DeleteServiceSpecificCredential', 'UploadSSHPublicKey', 'UpdateSSHPublicKey', 'DeleteSSHPublicKey',
            'UploadSigningCertificate', 'UpdateSigningCertificate', 'DeleteSigningCertificate',
            'UploadServerCertificate', 'DeleteServerCertificate'
        )
    )
    OR (event_source = 'ec2.amazonaws.com' AND event_name IN ('CreateKeyPair', 'ImportKeyPair', 'DeleteKeyPair'))
    OR (
        event_source = 'lightsail.amazonaws.com'
        AND event_name IN ('CreateKeyPair', 'ImportKeyPair', 'DeleteKeyPair', 'DownloadDefaultKeyPair')
    )
    OR (
        event_source = 'transfer.amazonaws.com'
        AND event_name IN ('ImportSshPublicKey', 'DeleteSshPublicKey')
    )
    OR (event_source = 'apigateway.amazonaws.com' AND event_name IN ('CreateApiKey', 'DeleteApiKey'))
    OR (event_source = 'appsync.amazonaws.com' AND event_name IN ('CreateApiKey', 'DeleteApiKey'))
ORDER BY event_time, account_id, event_id
