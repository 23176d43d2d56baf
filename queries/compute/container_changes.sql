/*---
id = "compute.container_changes"
version = 1
kind = "population"
severity = "info"
title.en = "Changes to containers and clusters"
title.pt_BR = "Alterações em contêineres e clusters"
question.en = """\
Which images, task definitions and cluster settings changed, who opened a shell, and who was given access to the \
cluster?"""
question.pt_BR = """\
Quais imagens, definições de tarefas e configurações de cluster mudaram, quem abriu um shell e a quem foi dado acesso \
ao cluster?"""
needs = ["management:write"]
parameters = ["deployment_roles"]
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  "What happens inside a cluster, through its own interface, is in the cluster's audit log and not in CloudTrail.",
  "What is typed in a shell is not logged here.",
]
limits.pt_BR = [
  """\
  O que acontece dentro de um cluster, pela interface do próprio cluster, está no log de auditoria do cluster e não no \
  CloudTrail.""",
  "O que se digita em um shell não é registrado aqui.",
]
remedy.en = """\
Sample from it: ask for review and approval. Look first at access to the cluster, at shells, and at images not put \
by a deployment role."""
remedy.pt_BR = """\
Extraia uma amostra: peça revisão e aprovação. Veja primeiro acessos ao cluster, shells e imagens não enviadas por \
role de implantação."""

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
name = "detail"
type = "varchar"
title.en = "Detail"
title.pt_BR = "Detalhe"
personal = true

[[column]]
name = "by_deployment"
type = "boolean"
title.en = "By a deployment role"
title.pt_BR = "Por role de implantação"

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
        WHEN 'ecs.amazonaws.com'
            THEN coalesce(
                json_extract_scalar(request, '$.family'),
                json_extract_scalar(request, '$.service'),
                json_extract_scalar(request, '$.serviceName'),
                json_extract_scalar(request, '$.task'),
                json_extract_scalar(request, '$.cluster'),
                json_extract_scalar(request, '$.clusterName')
            )
        WHEN 'ecr.amazonaws.com' THEN json_extract_scalar(request, '$.repositoryName')
        ELSE coalesce(json_extract_scalar(request, '$.clusterName'), json_extract_scalar(request, '$.name'))
    END AS resource_id,
    CASE
        WHEN event_name = 'RegisterTaskDefinition' THEN json_extract_scalar(request, '$.taskRoleArn')
        WHEN event_source = 'ecs.amazonaws.com' AND event_name IN ('CreateService', 'UpdateService', 'RunTask')
            THEN json_extract_scalar(request, '$.taskDefinition')
        WHEN event_name = 'PutImage' THEN json_extract_scalar(request, '$.imageTag')
        WHEN event_name = 'PutImageTagMutability' THEN json_extract_scalar(request, '$.imageTagMutability')
        WHEN event_name = 'AssociateAccessPolicy'
            THEN concat(
                coalesce(json_extract_scalar(request, '$.principalArn'), '?'),
                ' ',
                coalesce(json_extract_scalar(request, '$.policyArn'), '?')
            )
        WHEN event_name = 'CreateAccessEntry' THEN json_extract_scalar(request, '$.principalArn')
    END AS detail,
    any_match(
        :deployment_roles, role -> actor LIKE replace(replace(role, '_', '!_'), '*', '%') ESCAPE '!'
    ) AS by_deployment,
    call_result,
    actor_kind,
    actor,
    person,
    source_address,
    event_id
FROM activity
WHERE
    (
        event_source = 'ecs.amazonaws.com'
        AND event_name IN (
            'RegisterTaskDefinition', 'CreateService', 'UpdateService', 'DeleteService', 'RunTask', 'ExecuteCommand',
            'CreateCluster', 'DeleteCluster'
        )
    )
    OR (
        event_source = 'ecr.amazonaws.com'
        AND event_name IN (
            'PutImage', 'BatchDeleteImage', 'DeleteRepository', 'PutImageScanningConfiguration',
            'PutImageTagMutability', 'DeleteRepositoryPolicy'
        )
    )
    OR (
        event_source = 'eks.amazonaws.com'
        AND event_name IN (
            'CreateCluster', 'DeleteCluster', 'UpdateClusterConfig', 'UpdateClusterVersion', 'CreateAccessEntry',
            'AssociateAccessPolicy'
        )
    )
ORDER BY event_time, account_id, event_id
