/*---
id = "encryption.listener_policies"
version = 1
kind = "exception"
severity = "medium"
title.en = "Plain HTTP or old TLS let in"
title.pt_BR = "HTTP puro ou TLS antigo permitidos"
question.en = """\
Which load balancers, distributions, APIs and search domains were set to take plain HTTP or an old TLS policy?"""
question.pt_BR = """\
Quais balanceadores, distribuições, APIs e domínios de busca foram configurados para aceitar HTTP puro ou política \
TLS antiga?"""
needs = ["management:write"]
parameters = ["approved_tls_policies"]
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "event_source", "finding", "resource_id"]
limits.en = [
  "A plain listener that only redirects to HTTPS is not listed. What stood before the period does not appear.",
  """\
  Distributions and domains send their whole configuration at every change: a row may be a state that was there \
  before.""",
  """\
  Listeners of the network layer (TCP, UDP) carry what the targets speak and are not judged, nor are rules of a \
  listener beside its default.""",
]
limits.pt_BR = [
  "Um listener sem TLS que só redireciona para HTTPS não é listado. O que já existia antes do período não aparece.",
  "Distribuições e domínios enviam a configuração inteira a cada mudança: uma linha pode ser um estado que já existia.",
  """\
  Listeners da camada de rede (TCP, UDP) transportam o que os destinos usam e não são julgados, nem as regras de um \
  listener além da padrão.""",
]
remedy.en = "Redirect to HTTPS, and set a policy of TLS 1.2 or later; write down why where it cannot be."
remedy.pt_BR = """\
Redirecione para HTTPS e defina política de TLS 1.2 ou posterior; registre o motivo onde não for possível."""

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
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "resource_id"
type = "varchar"
title.en = "Resource"
title.pt_BR = "Recurso"

[[column]]
name = "protocol"
type = "varchar"
title.en = "Protocol"
title.pt_BR = "Protocolo"

[[column]]
name = "tls_policy"
type = "varchar"
title.en = "TLS policy"
title.pt_BR = "Política TLS"

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

WITH
settings AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        CASE
            -- Of the default or of any path, in whichever wrapping.
            WHEN event_source = 'cloudfront.amazonaws.com'
                THEN coalesce(
                    regexp_extract(request, '"viewerProtocolPolicy"[ ]*:[ ]*"(allow-all)"', 1),
                    regexp_extract(request, '"viewerProtocolPolicy"[ ]*:[ ]*"([a-z-]+)"', 1)
                )
            WHEN event_name IN ('CreateLoadBalancer', 'CreateLoadBalancerListeners')
                THEN element_at(
                    filter(
                        transform(
                            try(cast(json_extract(request, '$.listeners') AS ARRAY(json))),
                            listener -> lower(json_extract_scalar(listener, '$.protocol'))
                        ),
                        listener_protocol -> listener_protocol = 'http'
                    ),
                    1
                )
            WHEN event_source = 'elasticloadbalancing.amazonaws.com'
                THEN lower(coalesce(
                    json_extract_scalar(response, '$.listeners[0].protocol'), json_extract_scalar(request, '$.protocol')
                ))
            WHEN
                event_source = 'es.amazonaws.com'
                AND coalesce(
                    json_extract_scalar(request, '$.domainEndpointOptions.enforceHTTPS'),
                    json_extract_scalar(response, '$.domainStatus.domainEndpointOptions.enforceHTTPS')
                ) = 'false'
                THEN 'http'
        END AS protocol,
        CASE event_source
            WHEN 'cloudfront.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.distributionConfig.viewerCertificate.minimumProtocolVersion'),
                    json_extract_scalar(
                        request,
                        '$.distributionConfigWithTags.distributionConfig.viewerCertificate.minimumProtocolVersion'
                    )
                )
            -- Left out, AWS chooses one, and says which. A classic load balancer names it as an attribute of a policy.
            WHEN 'elasticloadbalancing.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.sslPolicy'),
                    json_extract_scalar(response, '$.listeners[0].sslPolicy'),
                    json_extract_scalar(
                        element_at(
                            filter(
                                try(cast(json_extract(request, '$.policyAttributes') AS ARRAY(json))),
                                held -> json_extract_scalar(held, '$.attributeName') = 'Reference-Security-Policy'
                            ),
                            1
                        ),
                        '$.attributeValue'
                    )
                )
            WHEN 'es.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.domainEndpointOptions.tLSSecurityPolicy'),
                    json_extract_scalar(response, '$.domainStatus.domainEndpointOptions.tLSSecurityPolicy')
                )
            ELSE coalesce(
                json_extract_scalar(request, '$.createDomainNameInput.securityPolicy'),
                json_extract_scalar(request, '$.domainNameConfigurations[0].securityPolicy'),
                json_extract_scalar(request, '$.securityPolicy'),
                json_extract_scalar(
                    element_at(
                        filter(
                            coalesce(
                                try(
                                    cast(
                                        json_extract(request, '$.updateDomainNameInput.patchOperations') AS ARRAY(json)
                                    )
                                ),
                                try(cast(json_extract(request, '$.patchOperations') AS ARRAY(json)))
                            ),
                            change -> json_extract_scalar(change, '$.path') = '/securityPolicy'
                        ),
                        1
                    ),
                    '$.value'
                )
            )
        END AS tls_policy,
        any_match(
            coalesce(
                try(cast(json_extract(request, '$.defaultActions') AS ARRAY(json))),
                try(cast(json_extract(response, '$.listeners[0].defaultActions') AS ARRAY(json)))
            ),
            act -> json_extract_scalar(act, '$.type') = 'redirect'
            AND lower(json_extract_scalar(act, '$.redirectConfig.protocol')) = 'https'
        ) AS redirects,
        coalesce(
            json_extract_scalar(request, '$.listenerArn'),
            json_extract_scalar(request, '$.loadBalancerArn'),
            json_extract_scalar(request, '$.loadBalancerName'),
            json_extract_scalar(request, '$.domainName'),
            json_extract_scalar(request, '$.createDomainNameInput.domainName'),
            json_extract_scalar(request, '$.id'),
            json_extract_scalar(response, '$.distribution.id')
        ) AS resource_id,
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
        call_result = 'success'
        AND (
            (
                event_source = 'elasticloadbalancing.amazonaws.com'
                AND event_name IN (
                    'CreateListener', 'ModifyListener', 'CreateLoadBalancer', 'CreateLoadBalancerListeners',
                    'CreateLoadBalancerPolicy'
                )
            )
            OR (
                event_source = 'cloudfront.amazonaws.com'
                AND event_base_name IN ('CreateDistribution', 'CreateDistributionWithTags', 'UpdateDistribution')
            )
            OR (event_source = 'apigateway.amazonaws.com' AND event_name IN ('CreateDomainName', 'UpdateDomainName'))
            OR (
                event_source = 'es.amazonaws.com'
                AND event_name IN (
                    'CreateDomain', 'UpdateDomainConfig', 'CreateElasticsearchDomain', 'UpdateElasticsearchDomainConfig'
                )
            )
        )
),

judged AS (
    SELECT
        settings.*,
        CASE
            WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
            WHEN protocol IN ('http', 'allow-all') AND NOT coalesce(redirects, FALSE) THEN 'plain_http'
            WHEN
                NOT any_match(
                    :approved_tls_policies,
                    listed -> tls_policy LIKE replace(replace(listed, '_', '!_'), '*', '%') ESCAPE '!'
                )
                THEN 'old_tls_policy'
        END AS finding
    FROM settings
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    finding,
    resource_id,
    protocol,
    tls_policy,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id,
    log_file
FROM judged
WHERE finding IS NOT NULL
ORDER BY event_time, account_id, event_id
