/*---
id = "network.public_data_services"
version = 1
kind = "exception"
severity = "critical"
title.en = "Databases and clusters reachable from the internet"
title.pt_BR = "Bancos de dados e clusters acessíveis pela internet"
question.en = """\
Which databases, search domains, clusters and brokers were made, or left at a change, publicly reachable?"""
question.pt_BR = """\
Quais bancos de dados, domínios de busca, clusters e brokers foram criados com acesso público, ou ficaram assim após \
uma mudança?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "region", "event_source", "resource_id"]
limits.en = [
  "Reachable means an address that the internet can resolve; a security group or a policy may still keep callers out.",
  """\
  The state that the service answered is judged, not what was asked for: the console sends every field with each \
  change.""",
  "A change that is to take effect later shows the state before it.",
  "An endpoint of Kubernetes that only some networks may call is not listed.",
]
limits.pt_BR = [
  """\
  Acesso público significa um endereço que a internet resolve; um grupo de segurança ou uma política ainda podem \
  barrar quem chama.""",
  """\
  Julga-se o estado informado na resposta do serviço, não o que foi pedido: o console envia todos os campos a cada \
  mudança.""",
  "Uma mudança que só terá efeito depois mostra o estado anterior.",
  "Um endpoint do Kubernetes que só algumas redes podem chamar não é listado.",
]
remedy.en = """\
Make it private unless its purpose is public. If it holds regulated data, treat the time it was open as an \
incident."""
remedy.pt_BR = """\
Torne-o privado, a menos que sua finalidade seja pública. Se guarda dados regulados, trate o tempo exposto como \
incidente."""

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
name = "exposure"
type = "varchar"
title.en = "Exposure"
title.pt_BR = "Exposição"

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

WITH
states AS (
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
            WHEN 'rds.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(response, '$.dBInstanceIdentifier'),
                    json_extract_scalar(request, '$.dBInstanceIdentifier'),
                    json_extract_scalar(response, '$.dBClusterIdentifier'),
                    json_extract_scalar(request, '$.dBClusterIdentifier')
                )
            WHEN 'redshift.amazonaws.com' THEN json_extract_scalar(request, '$.clusterIdentifier')
            WHEN 'redshift-serverless.amazonaws.com' THEN json_extract_scalar(request, '$.workgroupName')
            WHEN 'amazonmq.amazonaws.com' THEN json_extract_scalar(request, '$.brokerName')
            WHEN 'lightsail.amazonaws.com' THEN json_extract_scalar(request, '$.relationalDatabaseName')
            WHEN 'dms.amazonaws.com' THEN json_extract_scalar(request, '$.replicationInstanceIdentifier')
            WHEN 'eks.amazonaws.com' THEN json_extract_scalar(request, '$.name')
            WHEN 'es.amazonaws.com' THEN json_extract_scalar(request, '$.domainName')
            WHEN 'kafka.amazonaws.com' THEN json_extract_scalar(request, '$.clusterArn')
        END AS resource_id,
        CASE event_source
            WHEN 'rds.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(response, '$.publiclyAccessible'),
                    json_extract_scalar(request, '$.publiclyAccessible')
                )
            WHEN 'redshift.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(response, '$.publiclyAccessible'),
                    json_extract_scalar(request, '$.publiclyAccessible')
                )
            WHEN 'redshift-serverless.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(response, '$.workgroup.publiclyAccessible'),
                    json_extract_scalar(request, '$.publiclyAccessible')
                )
            WHEN 'amazonmq.amazonaws.com' THEN json_extract_scalar(request, '$.publiclyAccessible')
            WHEN 'lightsail.amazonaws.com' THEN json_extract_scalar(request, '$.publiclyAccessible')
            WHEN 'dms.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(response, '$.replicationInstance.publiclyAccessible'),
                    json_extract_scalar(request, '$.publiclyAccessible')
                )
            WHEN 'eks.amazonaws.com'
                THEN
                    CASE event_name
                        WHEN 'CreateCluster'
                            -- Left out, the endpoint is public.
                            THEN coalesce(
                                json_extract_scalar(response, '$.cluster.resourcesVpcConfig.endpointPublicAccess'),
                                json_extract_scalar(request, '$.resourcesVpcConfig.endpointPublicAccess'),
                                'true'
                            )
                        -- Networks may be let in without a word on the endpoint itself.
                        ELSE coalesce(
                            json_extract_scalar(request, '$.resourcesVpcConfig.endpointPublicAccess'),
                            CASE
                                WHEN json_extract(request, '$.resourcesVpcConfig.publicAccessCidrs') IS NOT NULL
                                    THEN 'true'
                            END
                        )
                    END
            -- A domain that names no network has an endpoint on the internet, for good.
            WHEN 'es.amazonaws.com'
                THEN
                    CASE
                        WHEN json_extract(request, '$.vPCOptions') IS NULL AND request_state = 'present' THEN 'true'
                    END
            WHEN 'kafka.amazonaws.com'
                THEN
                    CASE json_extract_scalar(request, '$.connectivityInfo.publicAccess.type')
                        WHEN 'SERVICE_PROVIDED_EIPS' THEN 'true'
                    END
        END AS is_public,
        CASE
            WHEN event_source = 'eks.amazonaws.com'
                THEN try_cast(json_extract(request, '$.resourcesVpcConfig.publicAccessCidrs') AS ARRAY(varchar))
        END AS admitted
    FROM activity
    WHERE
        call_result = 'success'
        AND (
            (
                event_source = 'rds.amazonaws.com'
                AND event_name IN (
                    'CreateDBInstance', 'ModifyDBInstance', 'CreateDBInstanceReadReplica', 'CreateDBCluster',
                    'RestoreDBInstanceFromDBSnapshot', 'RestoreDBInstanceToPointInTime', 'RestoreDBInstanceFromS3',
                    'RestoreDBClusterFromSnapshot', 'RestoreDBClusterToPointInTime'
                )
            )
            OR (
                event_source = 'redshift.amazonaws.com'
                AND event_name IN ('CreateCluster', 'ModifyCluster', 'RestoreFromClusterSnapshot')
            )
            OR (
                event_source = 'redshift-serverless.amazonaws.com'
                AND event_name IN ('CreateWorkgroup', 'UpdateWorkgroup')
            )
            OR (event_source = 'amazonmq.amazonaws.com' AND event_name = 'CreateBroker')
            OR (
                event_source = 'lightsail.amazonaws.com'
                AND event_name IN ('CreateRelationalDatabase', 'UpdateRelationalDatabase')
            )
            OR (event_source = 'dms.amazonaws.com' AND event_name = 'CreateReplicationInstance')
            OR (event_source = 'eks.amazonaws.com' AND event_name IN ('CreateCluster', 'UpdateClusterConfig'))
            OR (event_source = 'es.amazonaws.com' AND event_name IN ('CreateDomain', 'CreateElasticsearchDomain'))
            OR (event_source = 'kafka.amazonaws.com' AND event_name = 'UpdateConnectivity')
        )
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    resource_id,
    CASE
        WHEN cardinality(admitted) > 0 THEN array_join(array_sort(admitted), ', ')
        ELSE 'internet'
    END AS exposure,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM states
WHERE
    lower(is_public) = 'true'
    AND (coalesce(cardinality(admitted), 0) = 0 OR contains(admitted, '0.0.0.0/0') OR contains(admitted, '::/0'))
ORDER BY event_time, account_id, event_id
