/*---
id = "encryption.certificate_events"
version = 1
kind = "population"
severity = "info"
title.en = "Certificates and certificate authorities"
title.pt_BR = "Certificados e autoridades certificadoras"
question.en = """\
Which certificates were requested, imported, exported, issued, renewed, revoked or deleted, and which authorities \
changed?"""
question.pt_BR = """\
Quais certificados foram solicitados, importados, exportados, emitidos, renovados, revogados ou excluídos, e quais \
autoridades mudaram?"""
needs = ["management:read", "management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  "ExportCertificate hands out the private key: it is marked by discloses_key, also where AWS logs it as a read.",
  "Renewals by ACM itself, and certificates of other issuers that are used elsewhere, are not logged here.",
  "Calls without effect are in the list, marked by their result.",
]
limits.pt_BR = [
  "ExportCertificate entrega a chave privada: é marcado por discloses_key, ainda que a AWS o registre como leitura.",
  "Renovações feitas pelo próprio ACM e certificados de outros emissores usados em outro lugar não aparecem.",
  "Chamadas sem efeito estão na lista, marcadas pelo resultado.",
]
remedy.en = "Compare with the inventory of certificates; ask about exports and about names that are not your own."
remedy.pt_BR = """\
Compare com o inventário de certificados; questione exportações e nomes de domínio que não são da organização."""

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
name = "discloses_key"
type = "boolean"
title.en = "Hands out the private key"
title.pt_BR = "Entrega a chave privada"

[[column]]
name = "certificate"
type = "varchar"
title.en = "Certificate or authority"
title.pt_BR = "Certificado ou autoridade"

[[column]]
name = "domain_name"
type = "varchar"
title.en = "Name"
title.pt_BR = "Nome"

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
    call_result,
    error_code,
    event_name = 'ExportCertificate' AND call_result = 'success' AS discloses_key,
    coalesce(
        json_extract_scalar(response, '$.certificateArn'),
        json_extract_scalar(request, '$.certificateArn'),
        json_extract_scalar(response, '$.certificateAuthorityArn'),
        json_extract_scalar(request, '$.certificateAuthorityArn'),
        json_extract_scalar(request, '$.serverCertificateName')
    ) AS certificate,
    json_extract_scalar(request, '$.domainName') AS domain_name,
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
        event_source = 'acm.amazonaws.com'
        AND event_name IN (
            'RequestCertificate', 'ImportCertificate', 'ExportCertificate', 'RenewCertificate', 'RevokeCertificate',
            'DeleteCertificate', 'UpdateCertificateOptions', 'ResendValidationEmail'
        )
    )
    OR (
        event_source = 'acm-pca.amazonaws.com'
        AND event_name IN (
            'CreateCertificateAuthority', 'UpdateCertificateAuthority', 'DeleteCertificateAuthority',
            'RestoreCertificateAuthority', 'ImportCertificateAuthorityCertificate', 'IssueCertificate',
            'RevokeCertificate', 'CreatePermission', 'PutPolicy'
        )
    )
    OR (
        event_source = 'iam.amazonaws.com'
        AND event_name IN ('UploadServerCertificate', 'UpdateServerCertificate', 'DeleteServerCertificate')
    )
ORDER BY event_time, account_id, event_id
