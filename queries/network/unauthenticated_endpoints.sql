/*---
id = "network.unauthenticated_endpoints"
version = 1
kind = "exception"
severity = "high"
title.en = "Endpoints that ask for no authentication"
title.pt_BR = "Endpoints que não exigem autenticação"
question.en = """\
Which function URLs, API routes and GraphQL APIs accept calls from anyone, or from anyone who holds a key that \
belongs to no one person?"""
question.pt_BR = """\
Quais URLs de funções, rotas de API e APIs GraphQL aceitam chamadas de qualquer um, ou de quem tiver uma chave que \
não é de uma pessoa?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "region", "event_source", "resource_id", "route"]
limits.en = [
  "The endpoint may check its callers in its own code; that is not logged.",
  """\
  A route or method without authorizationType has none: it is listed too. A private API is reached from inside only, \
  which is not told here.""",
]
limits.pt_BR = [
  "O endpoint pode verificar quem chama no próprio código; isso não é registrado.",
  """\
  Uma rota ou método sem authorizationType não exige nenhuma: também é listado. Uma API privada só é acessível de \
  dentro da rede, o que aqui não se distingue.""",
]
remedy.en = """\
Confirm that the endpoint is meant for the public and gives out nothing regulated; else ask for IAM or an \
authorizer."""
remedy.pt_BR = """\
Confirme que o endpoint é público de propósito e não entrega nada regulado; caso contrário, exija IAM ou um \
autorizador."""

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
name = "resource_id"
type = "varchar"
title.en = "Resource"
title.pt_BR = "Recurso"

[[column]]
name = "route"
type = "varchar"
title.en = "Route"
title.pt_BR = "Rota"

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

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
        event_source,
        event_name,
        actor_kind,
        actor,
        person,
        source_address,
        event_id,
        log_file,
        CASE event_source
            WHEN 'lambda.amazonaws.com' THEN json_extract_scalar(request, '$.functionName')
            WHEN 'appsync.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.apiId'),
                    json_extract_scalar(response, '$.graphqlApi.apiId'),
                    json_extract_scalar(request, '$.name')
                )
            ELSE coalesce(json_extract_scalar(request, '$.apiId'), json_extract_scalar(request, '$.restApiId'))
        END AS resource_id,
        CASE
            WHEN event_name IN ('CreateRoute', 'UpdateRoute')
                THEN coalesce(json_extract_scalar(request, '$.routeKey'), json_extract_scalar(request, '$.routeId'))
            WHEN event_name IN ('PutMethod', 'UpdateMethod')
                THEN concat(
                    coalesce(json_extract_scalar(request, '$.httpMethod'), '?'),
                    ' ',
                    coalesce(json_extract_scalar(request, '$.resourceId'), '?')
                )
        END AS route,
        CASE
            WHEN event_source = 'lambda.amazonaws.com'
                THEN
                    CASE event_base_name
                        WHEN 'AddPermission'
                            THEN CASE
                                WHEN json_extract_scalar(request, '$.principal') = '*'
                                    THEN json_extract_scalar(request, '$.functionUrlAuthType')
                            END
                        ELSE json_extract_scalar(request, '$.authType')
                    END
            WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
            WHEN event_name = 'CreateRoute' THEN coalesce(json_extract_scalar(request, '$.authorizationType'), 'NONE')
            WHEN event_name = 'PutMethod'
                THEN coalesce(
                    json_extract_scalar(request, '$.putMethodInput.authorizationType'),
                    json_extract_scalar(request, '$.authorizationType'),
                    'NONE'
                )
            WHEN event_name = 'UpdateRoute' THEN json_extract_scalar(request, '$.authorizationType')
            WHEN event_name = 'UpdateMethod'
                THEN json_extract_scalar(
                    element_at(
                        filter(
                            coalesce(
                                try_cast(json_extract(request, '$.updateMethodInput.patchOperations') AS ARRAY(json)),
                                try_cast(json_extract(request, '$.patchOperations') AS ARRAY(json))
                            ),
                            change -> json_extract_scalar(change, '$.path') = '/authorizationType'
                        ),
                        1
                    ),
                    '$.value'
                )
            WHEN
                event_name IN ('CreateGraphqlApi', 'UpdateGraphqlApi')
                AND any_match(
                    try_cast(json_extract(request, '$.additionalAuthenticationProviders') AS ARRAY(json)),
                    held -> json_extract_scalar(held, '$.authenticationType') = 'API_KEY'
                )
                THEN 'API_KEY'
            WHEN event_name IN ('CreateGraphqlApi', 'UpdateGraphqlApi')
                THEN json_extract_scalar(request, '$.authenticationType')
            WHEN event_name IN ('CreateApi', 'UpdateApi')
                THEN
                    CASE
                        WHEN
                            any_match(
                                try_cast(json_extract(request, '$.eventConfig.authProviders') AS ARRAY(json)),
                                held -> json_extract_scalar(held, '$.authType') = 'API_KEY'
                            )
                            THEN 'API_KEY'
                    END
            WHEN event_name = 'CreateApiKey' THEN 'API_KEY'
        END AS authentication
    FROM activity
    WHERE
        call_result = 'success'
        AND (
            (
                event_source = 'lambda.amazonaws.com'
                AND event_base_name IN ('CreateFunctionUrlConfig', 'UpdateFunctionUrlConfig', 'AddPermission')
            )
            OR (
                event_source = 'apigateway.amazonaws.com'
                AND event_name IN ('CreateRoute', 'UpdateRoute', 'PutMethod', 'UpdateMethod')
            )
            OR (
                event_source = 'appsync.amazonaws.com'
                AND event_name IN (
                    'CreateGraphqlApi', 'UpdateGraphqlApi', 'CreateApiKey', 'CreateApi', 'UpdateApi'
                )
            )
        )
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    resource_id,
    route,
    CASE authentication
        WHEN 'API_KEY' THEN 'key_only'
        WHEN 'unreadable' THEN 'unreadable'
        ELSE 'no_authentication'
    END AS finding,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM calls
WHERE authentication IN ('NONE', 'API_KEY', 'unreadable') AND coalesce(route, '') NOT LIKE 'OPTIONS %'
ORDER BY event_time, account_id, event_id
