/*---
id = "logging.selectors_narrowed"
version = 1
kind = "exception"
severity = "critical"
title.en = "Event selectors narrowed"
title.pt_BR = "Seletores de eventos restringidos"
question.en = """\
Was a trail or event data store left running but blinded: without management events, without reads or writes, \
without some services, without required data events?"""
question.pt_BR = """\
Alguma trilha ou armazenamento de dados de eventos continuou ligado, mas às cegas: sem eventos de gerenciamento, \
sem leituras ou gravações, sem certos serviços, sem os eventos de dados exigidos?"""
needs = ["management:write"]
parameters = ["required_data_resources"]
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "region", "target"]
limits.en = [
  """\
  Each trail is judged alone, by the state after the call: another trail may log what this one leaves out, and a \
  trail kept for data events alone appears with every change of it.""",
  """\
  Required data events are checked only where required_data_resources names resources, and count as logged only \
  where one selector logs both reads and writes.""",
  "Left out names event sources, or with field: a field by which only a part of the management events is chosen.",
  "Selectors that were narrow before the period and did not change in it are not listed.",
]
limits.pt_BR = [
  """\
  Cada trilha é julgada isoladamente, pelo estado após a chamada: outra trilha pode registrar o que esta deixa de \
  fora, e uma trilha mantida só para eventos de dados aparece a cada mudança.""",
  """\
  Os eventos de dados exigidos só são conferidos se required_data_resources indicar recursos, e só contam como \
  registrados se um mesmo seletor registrar leituras e gravações.""",
  """\
  O que foi deixado de fora são origens de eventos ou, com field:, um campo pelo qual só parte dos eventos de \
  gerenciamento é escolhida.""",
  "Seletores que já eram restritos antes do período e não mudaram nele não são listados.",
]
remedy.en = "Ask who ordered it, restore the selectors, and treat what was left out from then on as unrecorded."
remedy.pt_BR = """\
Pergunte quem ordenou, restaure os seletores e trate o que ficou de fora desde então como não registrado."""

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
name = "target"
type = "varchar"
title.en = "Trail or store"
title.pt_BR = "Trilha ou armazenamento"

[[column]]
name = "management_reads"
type = "boolean"
title.en = "Management reads logged"
title.pt_BR = "Leituras de gerenciamento registradas"

[[column]]
name = "management_writes"
type = "boolean"
title.en = "Management writes logged"
title.pt_BR = "Gravações de gerenciamento registradas"

[[column]]
name = "left_out"
type = "array(varchar)"
title.en = "Left out"
title.pt_BR = "Deixado de fora"

[[column]]
name = "data_not_logged"
type = "array(varchar)"
title.en = "Required data events not logged"
title.pt_BR = "Eventos de dados exigidos não registrados"

[[column]]
name = "insights_off"
type = "boolean"
title.en = "Insights off"
title.pt_BR = "Insights desligado"

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
---*/

WITH calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        coalesce(
            json_extract_scalar(request, '$.trailName'), json_extract_scalar(request, '$.eventDataStore')
        ) AS target,
        -- A call replaces all selectors of the trail or store, whichever of the two forms it uses.
        try(cast(json_extract(request, '$.eventSelectors') AS ARRAY(json))) AS basic_selectors,
        try(cast(json_extract(request, '$.advancedEventSelectors') AS ARRAY(json))) AS advanced_selectors,
        try(cast(json_extract(request, '$.insightSelectors') AS ARRAY(json))) AS insight_selectors,
        request_state,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        user_agent,
        event_id
    FROM activity
    WHERE
        event_source = 'cloudtrail.amazonaws.com'
        AND event_name IN ('PutEventSelectors', 'PutInsightSelectors', 'UpdateEventDataStore')
        AND call_result = 'success'
),

basic AS (
    SELECT
        calls.account_id,
        calls.event_time,
        calls.event_id,
        listed.place,
        coalesce(json_extract_scalar(listed.selector, '$.includeManagementEvents') = 'true', TRUE) AS management,
        coalesce(json_extract_scalar(listed.selector, '$.readWriteType') <> 'WriteOnly', TRUE) AS logs_reads,
        coalesce(json_extract_scalar(listed.selector, '$.readWriteType') <> 'ReadOnly', TRUE) AS logs_writes,
        coalesce(
            try(cast(json_extract(listed.selector, '$.excludeManagementEventSources') AS ARRAY(varchar))),
            cast(ARRAY[] AS ARRAY(varchar))
        ) AS left_out,
        flatten(
            transform(
                coalesce(
                    try(cast(json_extract(listed.selector, '$.dataResources') AS ARRAY(json))),
                    cast(ARRAY[] AS ARRAY(json))
                ),
                resource -> coalesce(
                    try(cast(json_extract(resource, '$.values') AS ARRAY(varchar))), cast(ARRAY[] AS ARRAY(varchar))
                )
            )
        ) AS data_resources
    FROM calls
    CROSS JOIN unnest(calls.basic_selectors) WITH ORDINALITY AS listed (selector, place)
),

fields AS (
    SELECT
        calls.account_id,
        calls.event_time,
        calls.event_id,
        listed.place,
        try(cast(json_extract(listed.selector, '$.fieldSelectors') AS ARRAY(json))) AS field_selectors
    FROM calls
    CROSS JOIN unnest(calls.advanced_selectors) WITH ORDINALITY AS listed (selector, place)
),

advanced AS (
    SELECT
        account_id,
        event_time,
        event_id,
        place,
        any_match(
            field_selectors,
            field -> json_extract_scalar(field, '$.field') = 'eventCategory'
            AND json_extract_scalar(field, '$.equals[0]') = 'Management'
        ) AS management,
        none_match(
            field_selectors,
            field -> json_extract_scalar(field, '$.field') = 'readOnly'
            AND json_extract_scalar(field, '$.equals[0]') = 'false'
        ) AS logs_reads,
        none_match(
            field_selectors,
            field -> json_extract_scalar(field, '$.field') = 'readOnly'
            AND json_extract_scalar(field, '$.equals[0]') = 'true'
        ) AS logs_writes,
        -- Any further field makes the selector smaller.
        flatten(
            transform(
                filter(
                    field_selectors,
                    field -> json_extract_scalar(field, '$.field') NOT IN ('eventCategory', 'readOnly')
                ),
                field -> coalesce(
                    CASE
                        WHEN json_extract_scalar(field, '$.field') = 'eventSource'
                            THEN try(cast(json_extract(field, '$.notEquals') AS ARRAY(varchar)))
                    END,
                    ARRAY[concat('field:', json_extract_scalar(field, '$.field'))]
                )
            )
        ) AS left_out,
        flatten(
            transform(
                filter(field_selectors, field -> json_extract_scalar(field, '$.field') = 'resources.ARN'),
                field -> concat(
                    coalesce(
                        try(cast(json_extract(field, '$.equals') AS ARRAY(varchar))), cast(ARRAY[] AS ARRAY(varchar))
                    ),
                    coalesce(
                        try(cast(json_extract(field, '$.startsWith') AS ARRAY(varchar))),
                        cast(ARRAY[] AS ARRAY(varchar))
                    )
                )
            )
        ) AS data_arns,
        transform(
            filter(field_selectors, field -> json_extract_scalar(field, '$.field') = 'resources.type'),
            field -> json_extract_scalar(field, '$.equals[0]')
        ) AS data_types
    FROM fields
),

-- One row per selector, in the same terms for both forms. AWS::S3::Object without ARNs logs all that begins arn:aws:s3.
selectors AS (
    SELECT
        account_id,
        event_time,
        event_id,
        place,
        management,
        logs_reads,
        logs_writes,
        left_out,
        data_resources
    FROM basic
    UNION ALL
    SELECT
        account_id,
        event_time,
        event_id,
        place,
        management,
        logs_reads,
        logs_writes,
        left_out,
        CASE
            WHEN cardinality(data_arns) > 0 THEN data_arns
            ELSE transform(data_types, data_type -> concat('arn:aws:', lower(split_part(data_type, '::', 2))))
        END AS data_resources
    FROM advanced
),

covered AS (
    SELECT
        account_id,
        event_time,
        event_id,
        bool_or(management AND logs_reads) AS management_reads,
        bool_or(management AND logs_writes) AS management_writes,
        array_sort(
            array_distinct(
                flatten(
                    array_agg(
                        CASE WHEN management THEN left_out ELSE cast(ARRAY[] AS ARRAY(varchar)) END
                        ORDER BY place
                    )
                )
            )
        ) AS left_out,
        flatten(
            array_agg(
                CASE WHEN logs_reads AND logs_writes THEN data_resources ELSE cast(ARRAY[] AS ARRAY(varchar)) END
                ORDER BY place
            )
        ) AS data_resources
    FROM selectors
    GROUP BY account_id, event_time, event_id
),

judged AS (
    SELECT
        calls.event_time,
        calls.account_id,
        calls.region,
        calls.event_name,
        calls.target,
        calls.basic_selectors IS NOT NULL OR calls.advanced_selectors IS NOT NULL AS sets_selectors,
        coalesce(covered.management_reads, FALSE) AS management_reads,
        coalesce(covered.management_writes, FALSE) AS management_writes,
        coalesce(covered.left_out, cast(ARRAY[] AS ARRAY(varchar))) AS left_out,
        coalesce(covered.data_resources, cast(ARRAY[] AS ARRAY(varchar))) AS data_resources,
        cardinality(calls.insight_selectors) = 0 AS insights_off,
        calls.request_state,
        calls.actor_kind,
        calls.actor,
        calls.person,
        calls.mfa,
        calls.source_address,
        calls.user_agent,
        calls.event_id
    FROM calls
    LEFT JOIN covered
        ON
            calls.account_id = covered.account_id
            AND calls.event_time = covered.event_time
            AND calls.event_id = covered.event_id
),

compared AS (
    SELECT
        judged.*,
        filter(
            :required_data_resources,
            required -> none_match(data_resources, logged -> starts_with(required, logged))
        ) AS data_not_logged
    FROM judged
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    target,
    CASE WHEN sets_selectors THEN management_reads END AS management_reads,
    CASE WHEN sets_selectors THEN management_writes END AS management_writes,
    CASE WHEN sets_selectors THEN left_out END AS left_out,
    CASE WHEN sets_selectors THEN data_not_logged END AS data_not_logged,
    insights_off,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id
FROM compared
WHERE
    request_state IN ('omitted', 'unparseable')
    OR insights_off
    OR (
        sets_selectors
        AND (
            NOT management_reads
            OR NOT management_writes
            OR cardinality(left_out) > 0
            OR cardinality(data_not_logged) > 0
        )
    )
ORDER BY event_time, account_id, event_id
