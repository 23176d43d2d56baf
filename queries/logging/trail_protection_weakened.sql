/*---
id = "logging.trail_protection_weakened"
version = 1
kind = "exception"
severity = "high"
title.en = "Trails left with weaker protection"
title.pt_BR = "Trilhas deixadas com proteção mais fraca"
question.en = """\
Which changes left a trail pointing at another bucket, or without file validation, all Regions, global events, its \
KMS key, the organization or its alarm route?"""
question.pt_BR = """\
Quais mudanças deixaram uma trilha apontando para outro bucket, ou sem validação de arquivos, todas as regiões, \
eventos globais, chave KMS, organização ou caminho de alarmes?"""
needs = ["management:write"]
parameters = ["audit_log_buckets"]
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "trail_arn", "weaknesses"]
limits.en = [
  """\
  The state after the call is judged, as the response shows it: the console sends every setting again, so a row may \
  be a state that was there before the call.""",
  """\
  A KMS key, CloudWatch Logs and the organization count as removed only where the request removes them; a trail that \
  never had them is not listed.""",
  "A trail that was weak before the period and was not changed in it does not appear.",
]
limits.pt_BR = [
  """\
  Julga-se o estado após a chamada, como a resposta mostra: o console reenvia todas as configurações, de modo que \
  uma linha pode ser um estado que já existia.""",
  """\
  Chave KMS, CloudWatch Logs e organização só contam como removidos quando a requisição os remove; uma trilha que \
  nunca os teve não é listada.""",
  "Uma trilha que já era fraca antes do período e não mudou nele não aparece.",
]
remedy.en = """\
Ask for the approved change. Set back what was weakened, and check the digest files and the copies of the logs for \
that time."""
remedy.pt_BR = """\
Peça a mudança aprovada. Restaure o que foi enfraquecido e confira os arquivos de resumo e as cópias dos logs desse \
intervalo."""

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
name = "trail_arn"
type = "varchar"
title.en = "Trail"
title.pt_BR = "Trilha"

[[column]]
name = "weaknesses"
type = "array(varchar)"
title.en = "Left weaker by"
title.pt_BR = "Deixada mais fraca por"

[[column]]
name = "bucket_name"
type = "varchar"
title.en = "Bucket"
title.pt_BR = "Bucket"

[[column]]
name = "kms_key"
type = "varchar"
title.en = "KMS key"
title.pt_BR = "Chave KMS"

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
        coalesce(json_extract_scalar(response, '$.trailARN'), json_extract_scalar(request, '$.name')) AS trail_arn,
        json_extract_scalar(response, '$.s3BucketName') AS bucket_name,
        json_extract_scalar(response, '$.kmsKeyId') AS kms_key,
        filter(
            ARRAY[
                CASE WHEN response_state <> 'present' THEN 'unreadable' END,
                CASE
                    WHEN NOT contains(:audit_log_buckets, json_extract_scalar(response, '$.s3BucketName'))
                        THEN 'other_bucket'
                END,
                CASE
                    WHEN json_extract_scalar(response, '$.logFileValidationEnabled') = 'false' THEN 'no_file_validation'
                END,
                CASE WHEN json_extract_scalar(response, '$.isMultiRegionTrail') = 'false' THEN 'one_region' END,
                CASE
                    WHEN json_extract_scalar(response, '$.includeGlobalServiceEvents') = 'false' THEN 'no_global_events'
                END,
                CASE
                    WHEN event_name = 'UpdateTrail' AND json_extract_scalar(request, '$.isOrganizationTrail') = 'false'
                        THEN 'no_organization'
                END,
                CASE WHEN json_extract_scalar(request, '$.kmsKeyId') = '' THEN 'no_kms_key' END,
                CASE
                    WHEN json_extract_scalar(request, '$.cloudWatchLogsLogGroupArn') = '' THEN 'no_cloudwatch_logs'
                END
            ],
            weakness -> weakness IS NOT NULL
        ) AS weaknesses,
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
        event_source = 'cloudtrail.amazonaws.com'
        AND event_name IN ('CreateTrail', 'UpdateTrail')
        AND call_result = 'success'
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    trail_arn,
    weaknesses,
    bucket_name,
    kms_key,
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
WHERE cardinality(weaknesses) > 0
ORDER BY event_time, account_id, event_id
