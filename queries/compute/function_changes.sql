/*---
id = "compute.function_changes"
version = 1
kind = "population"
severity = "info"
title.en = "Changes to functions"
title.pt_BR = "Alterações em funções"
question.en = """\
Which functions changed code, configuration, role, layers or triggers, by whom, and by the usual way of deployment?"""
question.pt_BR = """\
Quais funções mudaram código, configuração, role, layers ou gatilhos, por quem, e pela via usual de implantação?"""
needs = ["management:write"]
parameters = ["deployment_roles"]
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  "The code itself is not logged. Values of environment variables are not logged either.",
  "outside_layer: a layer of another account runs inside the function with its rights.",
]
limits.pt_BR = [
  "O código em si não é registrado. Valores de variáveis de ambiente também não.",
  "outside_layer: um layer de outra conta é executado dentro da função, com as permissões dela.",
]
remedy.en = """\
Sample from it: ask for review and approval of a change. Look first at those that did not come by a deployment \
role."""
remedy.pt_BR = """\
Extraia uma amostra: peça a revisão e a aprovação de cada mudança. Veja primeiro as que não vieram por uma role de \
implantação."""

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
name = "function_name"
type = "varchar"
title.en = "Function"
title.pt_BR = "Função"

[[column]]
name = "by_deployment"
type = "boolean"
title.en = "By a deployment role"
title.pt_BR = "Por role de implantação"

[[column]]
name = "function_role"
type = "varchar"
title.en = "Role given"
title.pt_BR = "Role definida"

[[column]]
name = "outside_layer"
type = "varchar"
title.en = "Layer of another account"
title.pt_BR = "Layer de outra conta"

[[column]]
name = "code_bucket"
type = "varchar"
title.en = "Bucket of the code"
title.pt_BR = "Bucket do código"

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
---*/

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    CASE event_source
        WHEN 'cloudfront.amazonaws.com' THEN json_extract_scalar(request, '$.name')
        ELSE
            CASE event_base_name
                WHEN 'PublishLayerVersion' THEN json_extract_scalar(request, '$.layerName')
                ELSE json_extract_scalar(request, '$.functionName')
            END
    END AS function_name,
    any_match(
        :deployment_roles, role -> actor LIKE replace(replace(role, '_', '!_'), '*', '%') ESCAPE '!'
    ) AS by_deployment,
    CASE
        WHEN
            event_base_name IN ('CreateFunction', 'UpdateFunctionConfiguration')
            AND event_source = 'lambda.amazonaws.com'
            THEN json_extract_scalar(request, '$.role')
    END AS function_role,
    CASE
        WHEN
            event_base_name IN ('CreateFunction', 'UpdateFunctionConfiguration')
            AND event_source = 'lambda.amazonaws.com'
            THEN element_at(
                array_sort(
                    filter(
                        try_cast(json_extract(request, '$.layers') AS ARRAY(varchar)),
                        layer -> regexp_extract(layer, '^arn:[^:]*:lambda:[^:]*:([0-9]{12}):', 1) <> account_id
                    )
                ),
                1
            )
    END AS outside_layer,
    CASE
        WHEN event_source = 'lambda.amazonaws.com' AND event_base_name = 'CreateFunction'
            THEN json_extract_scalar(request, '$.code.s3Bucket')
        WHEN event_source = 'lambda.amazonaws.com' AND event_base_name = 'UpdateFunctionCode'
            THEN json_extract_scalar(request, '$.s3Bucket')
    END AS code_bucket,
    call_result,
    actor_kind,
    actor,
    person,
    source_address,
    event_id
FROM activity
WHERE
    (
        event_source = 'lambda.amazonaws.com'
        AND event_base_name IN (
            'CreateFunction', 'UpdateFunctionCode', 'UpdateFunctionConfiguration', 'DeleteFunction', 'PublishVersion',
            'PublishLayerVersion', 'CreateEventSourceMapping', 'UpdateEventSourceMapping', 'UpdateAlias',
            'CreateFunctionUrlConfig', 'UpdateFunctionUrlConfig', 'AddPermission'
        )
    )
    OR (
        event_source = 'cloudfront.amazonaws.com'
        AND event_base_name IN ('CreateFunction', 'UpdateFunction', 'PublishFunction')
    )
ORDER BY event_time, account_id, event_id
