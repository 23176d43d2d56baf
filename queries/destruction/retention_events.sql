/*---
id = "destruction.retention_events"
version = 1
kind = "population"
severity = "info"
title.en = "Retention and lifecycle settings"
title.pt_BR = "Configurações de retenção e ciclo de vida"
question.en = "Which settings of how long data is kept were written, and do they show disposal in time, or too early?"
question.pt_BR = """\
Quais configurações de prazo de guarda dos dados foram gravadas, e elas mostram descarte no prazo ou cedo demais?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  """\
  Days are those of the first rule that names any; a rule may hold for a part of a bucket only, and the record has \
  it whole.""",
  "Settings that were there before the period do not appear.",
]
limits.pt_BR = [
  """\
  Os dias são os da primeira regra que define um prazo; uma regra pode valer só para parte de um bucket, e o registro \
  a traz inteira.""",
  "Configurações anteriores ao período não aparecem.",
]
remedy.en = """\
Compare the days with the schedule of retention: shorter destroys what must be kept, longer keeps what must go."""
remedy.pt_BR = """\
Compare os dias com a tabela de temporalidade: menos destrói o que deve ser guardado, mais guarda o que deve ser \
eliminado."""

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
name = "days_kept"
type = "bigint"
title.en = "Days"
title.pt_BR = "Dias"

[[column]]
name = "detail"
type = "varchar"
title.en = "Detail"
title.pt_BR = "Detalhe"

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
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"
---*/

WITH calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        call_result,
        actor_kind,
        actor,
        person,
        event_id,
        CASE event_source
            WHEN 's3.amazonaws.com' THEN json_extract_scalar(request, '$.bucketName')
            WHEN 'logs.amazonaws.com' THEN json_extract_scalar(request, '$.logGroupName')
            WHEN 'dynamodb.amazonaws.com' THEN json_extract_scalar(request, '$.tableName')
            WHEN 'kinesis.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.streamName'), json_extract_scalar(request, '$.streamARN')
                )
            WHEN 'ecr.amazonaws.com' THEN json_extract_scalar(request, '$.repositoryName')
            WHEN 'backup.amazonaws.com' THEN json_extract_scalar(request, '$.recoveryPointArn')
        END AS resource_id,
        CASE event_name
            WHEN 'PutBucketLifecycle'
                -- One rule is an object, several are an array.
                THEN coalesce(
                    json_extract_scalar(request, '$.LifecycleConfiguration.Rule.Expiration.Days'),
                    json_extract_scalar(
                        element_at(
                            filter(
                                try_cast(json_extract(request, '$.LifecycleConfiguration.Rule') AS ARRAY(json)),
                                rule -> json_extract(rule, '$.Expiration.Days') IS NOT NULL
                            ),
                            1
                        ),
                        '$.Expiration.Days'
                    )
                )
            WHEN 'PutRetentionPolicy' THEN json_extract_scalar(request, '$.retentionInDays')
            WHEN 'UpdateRecoveryPointLifecycle' THEN json_extract_scalar(request, '$.lifecycle.deleteAfterDays')
        END AS days_text,
        CASE event_name
            WHEN 'UpdateTimeToLive'
                THEN concat(
                    coalesce(json_extract_scalar(request, '$.timeToLiveSpecification.attributeName'), '?'),
                    ' ',
                    coalesce(json_extract_scalar(request, '$.timeToLiveSpecification.enabled'), '?')
                )
            WHEN 'IncreaseStreamRetentionPeriod'
                THEN concat(json_extract_scalar(request, '$.retentionPeriodHours'), ' h')
            WHEN 'DecreaseStreamRetentionPeriod'
                THEN concat(json_extract_scalar(request, '$.retentionPeriodHours'), ' h')
        END AS detail
    FROM activity
    WHERE
        (event_source = 's3.amazonaws.com' AND event_name IN ('PutBucketLifecycle', 'DeleteBucketLifecycle'))
        OR (event_source = 'logs.amazonaws.com' AND event_name IN ('PutRetentionPolicy', 'DeleteRetentionPolicy'))
        OR (event_source = 'dynamodb.amazonaws.com' AND event_name = 'UpdateTimeToLive')
        OR (
            event_source = 'kinesis.amazonaws.com'
            AND event_name IN ('IncreaseStreamRetentionPeriod', 'DecreaseStreamRetentionPeriod')
        )
        OR (event_source = 'ecr.amazonaws.com' AND event_name IN ('PutLifecyclePolicy', 'DeleteLifecyclePolicy'))
        OR (event_source = 'backup.amazonaws.com' AND event_name = 'UpdateRecoveryPointLifecycle')
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    resource_id,
    try_cast(days_text AS bigint) AS days_kept,
    detail,
    call_result,
    actor_kind,
    actor,
    person,
    event_id
FROM calls
ORDER BY event_time, account_id, event_id
