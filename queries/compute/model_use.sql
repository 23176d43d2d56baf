/*---
id = "compute.model_use"
version = 1
kind = "metric"
severity = "info"
title.en = "Use of AI models and services"
title.pt_BR = "Uso de modelos e serviços de IA"
question.en = """\
Which identities sent data to AI services, to which models and regions, and were guardrails or their logging \
changed?"""
question.pt_BR = """\
Quais identidades enviaram dados a serviços de IA, para quais modelos e regiões, e houve alteração nas salvaguardas ou \
em seu registro?"""
needs = ["management:read", "management:write"]
parameters = []
grain = ["account_id", "region", "event_source", "event_name", "model_id", "inference_region", "actor", "actor_kind"]
limits.en = [
  "What was sent and answered is not in CloudTrail; Bedrock can log it by itself.",
  "Calls of endpoints in SageMaker are data events, seen only where the trail logs them.",
]
limits.pt_BR = [
  "O que foi enviado e respondido não está no CloudTrail; o Bedrock pode registrar isso por conta própria.",
  "Chamadas de endpoints no SageMaker são eventos de dados, vistos só onde a trilha os registra.",
]
remedy.en = """\
Compare with the register of processing: which data may be sent to which model. Inference in another region is a \
transfer."""
remedy.pt_BR = """\
Compare com o registro das operações: que dados podem ser enviados a que modelo. Inferência em outra região é uma \
transferência."""

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
name = "model_id"
type = "varchar"
title.en = "Model"
title.pt_BR = "Modelo"

[[column]]
name = "inference_region"
type = "varchar"
title.en = "Inference in"
title.pt_BR = "Inferência em"

[[column]]
name = "actor"
type = "varchar"
title.en = "Actor"
title.pt_BR = "Autor"
personal = true

[[column]]
name = "actor_kind"
type = "varchar"
title.en = "Kind of actor"
title.pt_BR = "Tipo de autor"

[[column]]
name = "people"
type = "array(varchar)"
title.en = "Names as logged"
title.pt_BR = "Nomes registrados"
personal = true

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "without_effect"
type = "bigint"
title.en = "Without effect"
title.pt_BR = "Sem efeito"

[[column]]
name = "first_time"
type = "timestamp"
title.en = "First time (UTC)"
title.pt_BR = "Primeira vez (UTC)"

[[column]]
name = "last_time"
type = "timestamp"
title.en = "Last time (UTC)"
title.pt_BR = "Última vez (UTC)"
---*/

WITH calls AS (
    SELECT
        account_id,
        region,
        event_source,
        event_name,
        actor,
        actor_kind,
        CASE WHEN actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center') THEN person END AS person,
        call_result,
        event_time,
        CASE event_source
            WHEN 'bedrock.amazonaws.com'
                THEN
                    CASE
                        WHEN
                            event_name IN (
                                'InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream'
                            )
                            THEN json_extract_scalar(request, '$.modelId')
                        WHEN event_name IN ('DeleteGuardrail', 'UpdateGuardrail')
                            THEN json_extract_scalar(request, '$.guardrailIdentifier')
                    END
            WHEN 'sagemaker.amazonaws.com' THEN json_extract_scalar(request, '$.endpointName')
        END AS model_id,
        CASE
            WHEN
                event_source = 'bedrock.amazonaws.com'
                AND event_name IN ('InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream')
                THEN json_extract_scalar(additional, '$.inferenceRegion')
        END AS inference_region
    FROM activity
    WHERE
        (
            event_source = 'bedrock.amazonaws.com'
            AND event_name IN (
                'InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream', 'DeleteGuardrail',
                'UpdateGuardrail', 'PutFoundationModelEntitlement', 'PutUseCaseForModelAccess',
                'CreateFoundationModelAgreement', 'DeleteModelInvocationLoggingConfiguration'
            )
        )
        OR (event_source = 'sagemaker.amazonaws.com' AND event_name = 'InvokeEndpoint')
        OR (
            event_source = 'comprehend.amazonaws.com'
            AND event_name IN ('DetectPiiEntities', 'DetectEntities', 'StartPiiEntitiesDetectionJob')
        )
        OR (
            event_source = 'rekognition.amazonaws.com'
            AND event_name IN ('DetectFaces', 'SearchFacesByImage', 'CompareFaces', 'IndexFaces')
        )
        OR (
            event_source = 'textract.amazonaws.com'
            AND event_name IN ('AnalyzeDocument', 'AnalyzeID', 'StartDocumentAnalysis')
        )
        OR (event_source = 'transcribe.amazonaws.com' AND event_name = 'StartTranscriptionJob')
)

SELECT
    account_id,
    region,
    event_source,
    event_name,
    model_id,
    inference_region,
    actor,
    actor_kind,
    slice(array_sort(array_agg(DISTINCT person) FILTER (WHERE person IS NOT NULL)), 1, 20) AS people,
    count_if(call_result IN ('success', 'partial')) AS calls,
    count_if(call_result NOT IN ('success', 'partial', 'unknown')) AS without_effect,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM calls
GROUP BY account_id, region, event_source, event_name, model_id, inference_region, actor, actor_kind
ORDER BY account_id, region, event_source, event_name, model_id, inference_region, actor, actor_kind
