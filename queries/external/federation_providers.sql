/*---
id = "external.federation_providers"
version = 1
kind = "exception"
severity = "critical"
title.en = "Identity providers and trust anchors changed"
title.pt_BR = "Provedores de identidade e âncoras de confiança alterados"
question.en = """\
Were SAML or OIDC providers, Roles Anywhere anchors, or the identity source of Identity Center added, changed or \
removed?"""
question.pt_BR = """\
Foram incluídos, alterados ou removidos provedores SAML ou OIDC, âncoras do Roles Anywhere, ou a fonte de \
identidades do Identity Center?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "event_source", "event_name", "provider"]
limits.en = [
  """\
  Whoever may write a provider can sign in as anyone whom it vouches for; what was configured before the period does \
  not appear.""",
  "Changes inside the identity provider itself, such as a new signing key there, are in its own log.",
]
limits.pt_BR = [
  """\
  Quem pode alterar um provedor consegue entrar como qualquer pessoa por quem ele responde; o que foi configurado \
  antes do período não aparece.""",
  "Mudanças dentro do próprio provedor de identidade, como uma nova chave de assinatura, estão no log dele.",
]
remedy.en = """\
Confirm each change with whoever runs sign-in. An unexpected one lets an outsider make identities: remove the \
provider, and look for sessions that came through it."""
remedy.pt_BR = """\
Confirme cada mudança com quem administra os logins. Uma mudança inesperada permite que alguém de fora crie \
identidades: remova o provedor e procure as sessões que vieram por ele."""

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
name = "provider"
type = "varchar"
title.en = "Provider, anchor or directory"
title.pt_BR = "Provedor, âncora ou diretório"

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
    coalesce(
        json_extract_scalar(request, '$.sAMLProviderArn'),
        json_extract_scalar(response, '$.sAMLProviderArn'),
        json_extract_scalar(request, '$.openIDConnectProviderArn'),
        json_extract_scalar(response, '$.openIDConnectProviderArn'),
        json_extract_scalar(response, '$.trustAnchor.trustAnchorArn'),
        json_extract_scalar(request, '$.trustAnchorId'),
        json_extract_scalar(response, '$.profile.profileArn'),
        json_extract_scalar(request, '$.profileId'),
        json_extract_scalar(response, '$.trustedTokenIssuerArn'),
        json_extract_scalar(request, '$.trustedTokenIssuerArn'),
        json_extract_scalar(request, '$.directoryId'),
        json_extract_scalar(request, '$.name')
    ) AS provider,
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
    call_result = 'success'
    AND (
        (
            event_source = 'iam.amazonaws.com'
            AND event_name IN (
                'CreateSAMLProvider', 'UpdateSAMLProvider', 'DeleteSAMLProvider', 'CreateOpenIDConnectProvider',
                'UpdateOpenIDConnectProviderThumbprint', 'AddClientIDToOpenIDConnectProvider',
                'RemoveClientIDFromOpenIDConnectProvider', 'DeleteOpenIDConnectProvider'
            )
        )
        OR (
            event_source = 'rolesanywhere.amazonaws.com'
            AND event_name IN (
                'CreateTrustAnchor',
                'UpdateTrustAnchor',
                'EnableTrustAnchor',
                'DisableTrustAnchor',
                'DeleteTrustAnchor',
                'CreateProfile', 'UpdateProfile', 'EnableProfile', 'DisableProfile', 'DeleteProfile'
            )
        )
        OR (
            event_source = 'sso.amazonaws.com'
            AND event_name IN (
                'AssociateDirectory', 'DisassociateDirectory', 'CreateTrustedTokenIssuer', 'UpdateTrustedTokenIssuer',
                'DeleteTrustedTokenIssuer'
            )
        )
        OR (
            event_source = 'sso-directory.amazonaws.com'
            AND event_name IN (
                'CreateExternalIdPConfigurationForDirectory', 'UpdateExternalIdPConfigurationForDirectory',
                'EnableExternalIdPConfigurationForDirectory', 'DisableExternalIdPConfigurationForDirectory',
                'DeleteExternalIdPConfigurationForDirectory', 'CreateProvisioningTenant', 'CreateBearerToken'
            )
        )
    )
ORDER BY event_time, account_id, event_id
