/*---
id = "compute.instances_launched"
version = 1
kind = "population"
severity = "info"
title.en = "Instances launched"
title.pt_BR = "Instâncias iniciadas"
question.en = "Which instances were launched or asked for, with which image, type, role and exposure, and by whom?"
question.pt_BR = "Quais instâncias foram iniciadas ou solicitadas, com qual imagem, tipo, role e exposição, e por quem?"
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  "A launch through a template shows the template; what it fills in is in the answer where EC2 gives one.",
  "A call that starts many instances is one row: instances counts them, and first_instance is the first of them.",
]
limits.pt_BR = [
  "Uma instância iniciada por modelo mostra o modelo; o que ele preenche está na resposta, quando o EC2 retorna uma.",
  """\
  Uma chamada que inicia muitas instâncias gera uma só linha: instances traz a quantidade, e first_instance, a \
  primeira delas.""",
]
remedy.en = """\
Sample from it: ask for the request behind a launch. Look at unusual types, regions and images, and at instances \
with IMDSv1."""
remedy.pt_BR = """\
Extraia uma amostra: peça a solicitação que motivou cada início. Veja tipos, regiões e imagens incomuns, e instâncias \
com IMDSv1."""

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
name = "first_instance"
type = "varchar"
title.en = "First instance"
title.pt_BR = "Primeira instância"

[[column]]
name = "instances"
type = "bigint"
title.en = "Instances"
title.pt_BR = "Instâncias"

[[column]]
name = "image_id"
type = "varchar"
title.en = "Image"
title.pt_BR = "Imagem"

[[column]]
name = "instance_type"
type = "varchar"
title.en = "Type"
title.pt_BR = "Tipo"

[[column]]
name = "role_name"
type = "varchar"
title.en = "Instance profile"
title.pt_BR = "Perfil de instância"

[[column]]
name = "template_id"
type = "varchar"
title.en = "Template"
title.pt_BR = "Modelo"

[[column]]
name = "asks_public_address"
type = "boolean"
title.en = "Asks for a public address"
title.pt_BR = "Pede endereço público"

[[column]]
name = "metadata_tokens"
type = "varchar"
title.en = "Metadata tokens"
title.pt_BR = "Tokens de metadados"

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
name = "invoked_by"
type = "varchar"
title.en = "Through the service"
title.pt_BR = "Por meio do serviço"

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
    CASE
        WHEN event_name IN ('RunInstances', 'StartInstances')
            THEN json_extract_scalar(response, '$.instancesSet.items[0].instanceId')
    END AS first_instance,
    CASE
        WHEN event_name IN ('RunInstances', 'StartInstances')
            THEN json_array_length(json_extract(response, '$.instancesSet.items'))
    END AS instances,
    CASE
        WHEN event_name = 'RunInstances'
            THEN coalesce(
                json_extract_scalar(request, '$.instancesSet.items[0].imageId'),
                json_extract_scalar(response, '$.instancesSet.items[0].imageId')
            )
        WHEN event_name = 'RequestSpotInstances' THEN json_extract_scalar(request, '$.launchSpecification.imageId')
    END AS image_id,
    -- A text, or an object around it.
    CASE
        WHEN event_name = 'RunInstances'
            THEN coalesce(
                json_extract_scalar(request, '$.instanceType'),
                json_extract_scalar(request, '$.instanceType.value'),
                json_extract_scalar(response, '$.instancesSet.items[0].instanceType')
            )
        WHEN event_name = 'RequestSpotInstances'
            THEN json_extract_scalar(request, '$.launchSpecification.instanceType')
    END AS instance_type,
    CASE
        WHEN event_name = 'RunInstances'
            THEN coalesce(
                json_extract_scalar(request, '$.iamInstanceProfile.name'),
                json_extract_scalar(request, '$.iamInstanceProfile.arn'),
                json_extract_scalar(response, '$.instancesSet.items[0].iamInstanceProfile.arn')
            )
    END AS role_name,
    CASE
        WHEN event_name = 'RunInstances'
            THEN coalesce(
                json_extract_scalar(request, '$.launchTemplate.launchTemplateId'),
                json_extract_scalar(request, '$.launchTemplate.launchTemplateName')
            )
        WHEN event_name = 'CreateAutoScalingGroup'
            THEN coalesce(
                json_extract_scalar(request, '$.launchTemplate.launchTemplateId'),
                json_extract_scalar(request, '$.launchTemplate.launchTemplateName'),
                json_extract_scalar(request, '$.launchConfigurationName')
            )
    END AS template_id,
    CASE
        WHEN event_name = 'RunInstances'
            THEN any_match(
                try_cast(json_extract(request, '$.networkInterfaceSet.items') AS ARRAY(json)),
                interface -> json_extract_scalar(interface, '$.associatePublicIpAddress') = 'true'
            )
    END AS asks_public_address,
    CASE
        WHEN event_name = 'RunInstances'
            THEN json_extract_scalar(response, '$.instancesSet.items[0].metadataOptions.httpTokens')
    END AS metadata_tokens,
    call_result,
    actor_kind,
    actor,
    person,
    invoked_by,
    source_address,
    event_id
FROM activity
WHERE
    (
        event_source = 'ec2.amazonaws.com'
        AND event_name IN ('RunInstances', 'StartInstances', 'RequestSpotInstances', 'CreateFleet')
    )
    OR (event_source = 'autoscaling.amazonaws.com' AND event_name = 'CreateAutoScalingGroup')
    OR (event_source = 'lightsail.amazonaws.com' AND event_name = 'CreateInstances')
    OR (event_source = 'servicequotas.amazonaws.com' AND event_name = 'RequestServiceQuotaIncrease')
ORDER BY event_time, account_id, event_id
