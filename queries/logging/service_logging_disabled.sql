/*---
id = "logging.service_logging_disabled"
version = 1
kind = "exception"
severity = "high"
title.en = "Logging of other services switched off"
title.pt_BR = "Logs de outros serviços desligados"
question.en = """\
Was logging switched off in a service: flow logs, DNS queries, load balancers, WAF, buckets, distributions, APIs, \
databases, clusters, firewalls, workflows, models?"""
question.pt_BR = """\
Os logs de algum serviço foram desligados: logs de fluxo, consultas DNS, balanceadores, WAF, buckets, distribuições, \
APIs, bancos de dados, clusters, firewalls, fluxos de trabalho, modelos?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "event_source", "effect", "resource_id"]
limits.en = [
  """\
  off: the call switches logging off. left_off: the call sends the whole configuration, and in it logging is off; \
  whether it was on before is not logged. narrowed: a part is no longer logged.""",
  "A call that failed for some of its resources has the result partial, and names all of them.",
  """\
  Logs end as well when the resource itself, or the bucket or log group that receives them, is deleted: \
  destruction.data_stores_deleted, logging.cloudwatch_loss.""",
  "Logs of CloudTrail itself are in logging.logging_stopped.",
]
limits.pt_BR = [
  """\
  off: a chamada desliga os logs. left_off: a chamada envia a configuração inteira, com os logs desligados; não se \
  registra se antes estavam ligados. narrowed: uma parte deixa de ser registrada.""",
  "Uma chamada que falhou para parte dos recursos tem o resultado partial e cita todos eles.",
  """\
  Os logs também cessam quando se exclui o próprio recurso, ou o bucket ou grupo de logs que os recebe: \
  destruction.data_stores_deleted, logging.cloudwatch_loss.""",
  "Os logs do próprio CloudTrail estão em logging.logging_stopped.",
]
remedy.en = "Ask for the approved change and what was not recorded meanwhile; switch the logs on again."
remedy.pt_BR = "Peça a mudança aprovada, apure o que deixou de ser registrado nesse meio-tempo e religue os logs."

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
name = "effect"
type = "varchar"
title.en = "Effect"
title.pt_BR = "Efeito"

[[column]]
name = "resource_id"
type = "varchar"
title.en = "Resource"
title.pt_BR = "Recurso"

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

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

WITH changes AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        CASE
            WHEN
                request_state IN ('omitted', 'unparseable')
                AND event_base_name IN (
                    'ModifyLoadBalancerAttributes', 'PutLoggingConfiguration', 'PutBucketLogging', 'UpdateDistribution',
                    'UpdateStage', 'ModifyDBInstance', 'ModifyDBCluster', 'ModifyDBParameterGroup',
                    'ModifyDBClusterParameterGroup', 'UpdateClusterConfig', 'UpdateLoggingConfiguration',
                    'PutModelInvocationLoggingConfiguration', 'UpdateDomainConfig', 'UpdateElasticsearchDomainConfig',
                    'UpdateStateMachine', 'UpdateAcceleratorAttributes'
                )
                THEN 'unreadable'
            WHEN event_name = 'ModifyLoadBalancerAttributes'
                THEN CASE
                    WHEN json_extract_scalar(request, '$.loadBalancerAttributes.accessLog.enabled') = 'false' THEN 'off'
                    WHEN
                        any_match(
                            try(cast(json_extract(request, '$.attributes') AS ARRAY(json))),
                            attribute -> regexp_like(json_extract_scalar(attribute, '$.key'), 'logs\.s3\.enabled\z')
                            AND json_extract_scalar(attribute, '$.value') = 'false'
                        )
                        THEN 'off'
                END
            WHEN event_source = 'wafv2.amazonaws.com' AND event_name = 'PutLoggingConfiguration'
                THEN CASE
                    WHEN
                        json_extract_scalar(request, '$.loggingConfiguration.loggingFilter.defaultBehavior') = 'DROP'
                        THEN 'narrowed'
                END
            WHEN event_name = 'PutBucketLogging'
                -- The status of a bucket whose logging goes off is there and holds nothing.
                THEN CASE
                    WHEN
                        json_extract(request, '$.BucketLoggingStatus.LoggingEnabled') IS NULL
                        AND json_extract(request, '$.BucketLoggingStatus') IS NOT NULL
                        THEN 'off'
                END
            WHEN event_base_name = 'UpdateDistribution'
                THEN CASE
                    WHEN json_extract_scalar(request, '$.distributionConfig.logging.enabled') = 'false' THEN 'left_off'
                END
            WHEN event_name = 'UpdateStage'
                THEN CASE
                    WHEN
                        any_match(
                            coalesce(
                                try(cast(json_extract(request, '$.updateStageInput.patchOperations') AS ARRAY(json))),
                                try(cast(json_extract(request, '$.patchOperations') AS ARRAY(json)))
                            ),
                            patch -> (
                                json_extract_scalar(patch, '$.op') = 'remove'
                                AND json_extract_scalar(patch, '$.path') LIKE '/accessLogSettings%'
                            )
                            OR (
                                json_extract_scalar(patch, '$.path') LIKE '%/logging/loglevel'
                                AND json_extract_scalar(patch, '$.value') = 'OFF'
                            )
                        )
                        THEN 'off'
                END
            WHEN event_name IN ('ModifyDBInstance', 'ModifyDBCluster')
                THEN CASE
                    WHEN
                        cardinality(
                            try(
                                cast(
                                    json_extract(request, '$.cloudwatchLogsExportConfiguration.disableLogTypes')
                                    AS ARRAY(varchar)
                                )
                            )
                        ) > 0
                        THEN 'narrowed'
                END
            WHEN event_name IN ('ModifyDBParameterGroup', 'ModifyDBClusterParameterGroup')
                THEN CASE
                    WHEN
                        any_match(
                            try(cast(json_extract(request, '$.parameters') AS ARRAY(json))),
                            parameter -> regexp_like(
                                json_extract_scalar(parameter, '$.parameterName'),
                                concat(
                                    '^(audit_logs|audit_trail|enable_user_activity_logging|general_log|log_connections',
                                    '|log_disconnections|log_statement|pgaudit\.log|rds\.force_admin_logging_level',
                                    '|server_audit_logging|shared_preload_libraries|slow_query_log)\z'
                                )
                            )
                            AND lower(coalesce(json_extract_scalar(parameter, '$.parameterValue'), ''))
                            IN ('', '0', 'off', 'none', 'false', 'disabled')
                        )
                        THEN 'narrowed'
                END
            WHEN event_name = 'UpdateClusterConfig'
                THEN CASE
                    WHEN
                        any_match(
                            try(cast(json_extract(request, '$.logging.clusterLogging') AS ARRAY(json))),
                            logs -> json_extract_scalar(logs, '$.enabled') = 'false'
                        )
                        THEN 'narrowed'
                END
            WHEN event_name = 'UpdateLoggingConfiguration'
                THEN CASE
                    WHEN
                        cardinality(
                            try(
                                cast(
                                    json_extract(request, '$.loggingConfiguration.logDestinationConfigs')
                                    AS ARRAY(json)
                                )
                            )
                        ) = 0
                        THEN 'off'
                END
            WHEN event_name = 'PutModelInvocationLoggingConfiguration'
                THEN CASE
                    WHEN json_extract_scalar(request, '$.loggingConfig.textDataDeliveryEnabled') = 'false'
                        THEN 'narrowed'
                END
            WHEN event_name IN ('UpdateDomainConfig', 'UpdateElasticsearchDomainConfig')
                THEN CASE
                    WHEN
                        any_match(
                            map_values(
                                try(cast(json_extract(request, '$.logPublishingOptions') AS MAP (varchar, json)))
                            ),
                            logs -> json_extract_scalar(logs, '$.enabled') = 'false'
                        )
                        THEN 'narrowed'
                END
            WHEN event_name = 'UpdateStateMachine'
                THEN CASE
                    WHEN json_extract_scalar(request, '$.loggingConfiguration.level') = 'OFF' THEN 'left_off'
                END
            WHEN event_name = 'UpdateAcceleratorAttributes'
                THEN CASE WHEN json_extract_scalar(request, '$.flowLogsEnabled') = 'false' THEN 'off' END
            ELSE 'off'
        END AS effect,
        CASE event_source
            WHEN 's3.amazonaws.com' THEN bucket_name
            -- One flow log is an object, several are a list.
            WHEN 'ec2.amazonaws.com'
                THEN nullif(array_join(
                    transform(
                        coalesce(
                            try(cast(json_extract(request, '$.DeleteFlowLogsRequest.FlowLogId') AS ARRAY(json))),
                            ARRAY[json_extract(request, '$.DeleteFlowLogsRequest.FlowLogId')]
                        ),
                        flow_log -> json_extract_scalar(flow_log, '$.content')
                    ),
                    ', '
                ), '')
            ELSE coalesce(
                json_extract_scalar(request, '$.id'),
                json_extract_scalar(request, '$.resolverQueryLogConfigId'),
                json_extract_scalar(request, '$.loadBalancerArn'),
                json_extract_scalar(request, '$.loadBalancerName'),
                json_extract_scalar(request, '$.resourceArn'),
                json_extract_scalar(request, '$.loggingConfiguration.resourceArn'),
                json_extract_scalar(request, '$.restApiId'),
                json_extract_scalar(request, '$.apiId'),
                json_extract_scalar(request, '$.dBInstanceIdentifier'),
                json_extract_scalar(request, '$.dBClusterIdentifier'),
                json_extract_scalar(request, '$.dBParameterGroupName'),
                json_extract_scalar(request, '$.dBClusterParameterGroupName'),
                json_extract_scalar(request, '$.clusterIdentifier'),
                json_extract_scalar(request, '$.firewallArn'),
                json_extract_scalar(request, '$.firewallName'),
                json_extract_scalar(request, '$.domainName'),
                json_extract_scalar(request, '$.stateMachineArn'),
                json_extract_scalar(request, '$.acceleratorArn'),
                json_extract_scalar(request, '$.name'),
                json_extract_scalar(request, '$.aRN')
            )
        END AS resource_id,
        call_result,
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
        call_result IN ('success', 'partial')
        AND (
            (event_source = 'ec2.amazonaws.com' AND event_name = 'DeleteFlowLogs')
            OR (event_source = 'route53.amazonaws.com' AND event_name = 'DeleteQueryLoggingConfig')
            OR (
                event_source = 'route53resolver.amazonaws.com'
                AND event_name IN ('DeleteResolverQueryLogConfig', 'DisassociateResolverQueryLogConfig')
            )
            OR (
                event_source = 'elasticloadbalancing.amazonaws.com'
                AND event_name = 'ModifyLoadBalancerAttributes'
            )
            OR (
                event_source = 'wafv2.amazonaws.com'
                AND event_name IN ('PutLoggingConfiguration', 'DeleteLoggingConfiguration')
            )
            OR (
                event_source IN ('waf.amazonaws.com', 'waf-regional.amazonaws.com')
                AND event_name = 'DeleteLoggingConfiguration'
            )
            OR (event_source = 's3.amazonaws.com' AND event_name = 'PutBucketLogging')
            OR (
                event_source = 'cloudfront.amazonaws.com'
                AND event_base_name IN ('UpdateDistribution', 'DeleteRealtimeLogConfig')
            )
            OR (
                event_source = 'apigateway.amazonaws.com' AND event_name IN ('UpdateStage', 'DeleteAccessLogSettings')
            )
            OR (
                event_source = 'rds.amazonaws.com'
                AND event_name IN (
                    'StopActivityStream', 'ModifyDBInstance', 'ModifyDBCluster', 'ModifyDBParameterGroup',
                    'ModifyDBClusterParameterGroup'
                )
            )
            OR (event_source = 'redshift.amazonaws.com' AND event_name = 'DisableLogging')
            OR (event_source = 'eks.amazonaws.com' AND event_name = 'UpdateClusterConfig')
            OR (event_source = 'network-firewall.amazonaws.com' AND event_name = 'UpdateLoggingConfiguration')
            OR (
                event_source = 'bedrock.amazonaws.com'
                AND event_name IN (
                    'PutModelInvocationLoggingConfiguration', 'DeleteModelInvocationLoggingConfiguration'
                )
            )
            OR (
                event_source = 'es.amazonaws.com'
                AND event_name IN ('UpdateDomainConfig', 'UpdateElasticsearchDomainConfig')
            )
            OR (event_source = 'states.amazonaws.com' AND event_name = 'UpdateStateMachine')
            OR (event_source = 'globalaccelerator.amazonaws.com' AND event_name = 'UpdateAcceleratorAttributes')
            OR (
                event_source = 'logs.amazonaws.com'
                AND event_name IN ('DeleteDelivery', 'DeleteDeliverySource', 'DeleteDeliveryDestination')
            )
            OR (event_source = 'securitylake.amazonaws.com' AND event_name IN ('DeleteAwsLogSource', 'DeleteDataLake'))
        )
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    effect,
    resource_id,
    call_result,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id,
    log_file
FROM changes
WHERE effect IS NOT NULL
ORDER BY event_time, account_id, event_id
