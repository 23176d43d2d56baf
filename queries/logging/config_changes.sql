/*---
id = "logging.config_changes"
version = 1
kind = "exception"
severity = "high"
title.en = "AWS Config narrowed"
title.pt_BR = "AWS Config restringido"
question.en = """\
Was AWS Config left recording less, keeping less, delivering elsewhere, or without organization rules, remediation, \
results or aggregation?"""
question.pt_BR = """\
O AWS Config passou a gravar menos, reter menos, entregar em outro lugar, ou ficou sem regras da organização, \
remediação, resultados ou agregação?"""
needs = ["management:write"]
parameters = ["min_log_retention_days"]
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "region", "effect", "target"]
limits.en = [
  """\
  Recorders that stop, deleted delivery channels, rules and conformance packs of an account are in \
  logging.detection_disabled.""",
  """\
  What was recorded before a change is not logged by CloudTrail: recording_narrowed says that not all kinds of \
  resources are recorded after the call, recorded_daily that changes within a day are not, delivery_set where the \
  records go from then on.""",
]
limits.pt_BR = [
  """\
  Gravadores parados, canais de entrega, regras e pacotes de conformidade excluídos de uma conta estão em \
  logging.detection_disabled.""",
  """\
  O que era gravado antes de uma mudança não fica no CloudTrail: recording_narrowed diz que nem todos os tipos de \
  recursos são gravados após a chamada, recorded_daily que mudanças dentro de um dia não são, delivery_set para onde \
  vão os registros desde então.""",
]
remedy.en = "Ask for the approved change and restore the recording. Compare the delivery bucket with the approved one."
remedy.pt_BR = "Peça a mudança aprovada e restaure a gravação. Compare o bucket de entrega com o aprovado."

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
name = "target"
type = "varchar"
title.en = "Trail or store"
title.pt_BR = "Trilha ou armazenamento"

[[column]]
name = "detail"
type = "varchar"
title.en = "Detail"
title.pt_BR = "Detalhe"

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
        event_name,
        CASE
            WHEN
                event_name IN ('DeleteOrganizationConfigRule', 'DeleteOrganizationConformancePack')
                THEN 'rule_removed'
            WHEN event_name = 'DeleteRemediationConfiguration' THEN 'remediation_removed'
            WHEN event_name = 'PutRemediationExceptions' THEN 'remediation_excepted'
            WHEN event_name = 'DeleteEvaluationResults' THEN 'results_deleted'
            WHEN
                event_name IN (
                    'DeleteAggregationAuthorization', 'DeleteConfigurationAggregator', 'DeletePendingAggregationRequest'
                )
                THEN 'aggregation_removed'
            WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
            WHEN event_name = 'PutDeliveryChannel' THEN 'delivery_set'
            WHEN event_name = 'PutRetentionConfiguration'
                THEN CASE
                    WHEN
                        try_cast(json_extract_scalar(request, '$.retentionPeriodInDays') AS bigint)
                        < :min_log_retention_days
                        THEN 'retention_short'
                END
            WHEN event_name = 'DisassociateResourceTypes' THEN 'recording_narrowed'
            -- A group that does not say so does not hold all; a recorder without a group does.
            WHEN
                json_extract(request, '$.configurationRecorder.recordingGroup') IS NOT NULL
                AND coalesce(
                    json_extract_scalar(request, '$.configurationRecorder.recordingGroup.allSupported'), 'false'
                ) = 'false'
                AND coalesce(
                    json_extract_scalar(request, '$.configurationRecorder.recordingGroup.recordingStrategy.useOnly'), ''
                ) <> 'ALL_SUPPORTED_RESOURCE_TYPES'
                THEN 'recording_narrowed'
            WHEN
                json_extract_scalar(request, '$.configurationRecorder.recordingMode.recordingFrequency') = 'DAILY'
                THEN 'recorded_daily'
        END AS effect,
        coalesce(
            json_extract_scalar(request, '$.configurationRecorder.name'),
            json_extract_scalar(request, '$.configurationRecorderArn'),
            json_extract_scalar(request, '$.deliveryChannel.name'),
            json_extract_scalar(request, '$.organizationConfigRuleName'),
            json_extract_scalar(request, '$.organizationConformancePackName'),
            json_extract_scalar(request, '$.configRuleName'),
            json_extract_scalar(request, '$.configurationAggregatorName'),
            json_extract_scalar(request, '$.authorizedAccountId'),
            json_extract_scalar(request, '$.requesterAccountId')
        ) AS target,
        coalesce(
            json_extract_scalar(request, '$.retentionPeriodInDays'),
            json_extract_scalar(request, '$.deliveryChannel.s3BucketName'),
            json_extract_scalar(request, '$.configurationRecorder.recordingGroup.recordingStrategy.useOnly')
        ) AS detail,
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
        event_source = 'config.amazonaws.com'
        AND event_name IN (
            'PutConfigurationRecorder', 'DisassociateResourceTypes', 'PutDeliveryChannel', 'PutRetentionConfiguration',
            'DeleteOrganizationConfigRule', 'DeleteOrganizationConformancePack', 'DeleteRemediationConfiguration',
            'DeleteEvaluationResults', 'DeleteAggregationAuthorization', 'DeleteConfigurationAggregator',
            'DeletePendingAggregationRequest', 'PutRemediationExceptions'
        )
        AND call_result IN ('success', 'partial')
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    effect,
    target,
    detail,
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
