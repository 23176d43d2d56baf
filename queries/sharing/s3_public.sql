/*---
id        = "sharing.s3_public"
version   = 1
kind      = "exception"
severity  = "critical"
title.en    = "S3 made public, or its protection removed"
title.pt_BR = "S3 tornado público, ou sua proteção removida"
question.en    = """\
Which buckets were made public or lost their protection against it (and which objects, where S3 data events are \
logged)?"""
question.pt_BR = """\
Quais buckets foram tornados públicos ou perderam a proteção contra isso (e quais objetos, quando os eventos de dados \
do S3 são registrados)?"""
needs      = ["management:write"]
parameters = []
grain      = ["account_id", "event_time", "event_id"]
subject    = ["account_id", "bucket_name", "exposure"]
limits.en = [
  """A public policy or ACL has no effect while a public access block of the bucket or of the account stands; the \
  block's own state is not in these calls.""",
  "ACLs of single objects are seen only where S3 data events are logged; their absence is not claimed.",
  "Buckets that were public before the period, access point policies and presigned URLs are not seen.",
  """A policy whose condition is not one of those that hold callers to an account, organization or network is listed \
  as public, which may be too strict.""",
]
limits.pt_BR = [
  """Uma política ou ACL pública não tem efeito enquanto vigora um bloqueio de acesso público do bucket ou da conta; \
  o estado do bloqueio não está nessas chamadas.""",
  """\
  ACLs de objetos isolados só são vistas quando os eventos de dados do S3 são registrados; sua ausência não é \
  afirmada.""",
  "Buckets já públicos antes do período, políticas de pontos de acesso e URLs pré-assinadas não são vistos.",
  """Uma política cuja condição não limita quem chama a uma conta, organização ou rede é listada como pública, o que \
  pode ser rigoroso demais.""",
]
remedy.en    = """\
Restore the public access block and remove the policy or grant, unless publication was approved. See \
response.exposure_reverted for how long it lasted and data.s3_object_reads for who read meanwhile."""
remedy.pt_BR = """\
Restabeleça o bloqueio de acesso público e remova a política ou concessão, salvo publicação aprovada. Veja em \
response.exposure_reverted quanto tempo durou e em data.s3_object_reads quem leu nesse intervalo."""

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
name = "bucket_name"
type = "varchar"
title.en = "Bucket"
title.pt_BR = "Bucket"

[[column]]
name = "object_key"
type = "varchar"
title.en = "Object"
title.pt_BR = "Objeto"
personal = true

[[column]]
name = "exposure"
type = "varchar"
title.en = "Exposure"
title.pt_BR = "Exposição"

[[column]]
name = "detail"
type = "varchar"
title.en = "Detail"
title.pt_BR = "Detalhe"

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

WITH
calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        request_state,
        bucket_name,
        object_key,
        public_acl,
        -- One statement is an object, several are an array; some records hold the policy as text.
        coalesce(
            try_cast(json_extract(request, '$.bucketPolicy.Statement') AS ARRAY(json)),
            CASE
                WHEN json_extract(request, '$.bucketPolicy.Statement') IS NOT NULL
                    THEN ARRAY[json_extract(request, '$.bucketPolicy.Statement')]
            END,
            try_cast(json_extract(json_extract_scalar(request, '$.bucketPolicy'), '$.Statement') AS ARRAY(json)),
            ARRAY[]
        ) AS statements,
        -- A setting that is left out is off.
        filter(
            ARRAY[
                CASE
                    WHEN json_extract_scalar(request, '$.PublicAccessBlockConfiguration.BlockPublicAcls') = 'true'
                        THEN NULL
                    ELSE 'BlockPublicAcls'
                END,
                CASE
                    WHEN json_extract_scalar(request, '$.PublicAccessBlockConfiguration.IgnorePublicAcls') = 'true'
                        THEN NULL
                    ELSE 'IgnorePublicAcls'
                END,
                CASE
                    WHEN json_extract_scalar(request, '$.PublicAccessBlockConfiguration.BlockPublicPolicy') = 'true'
                        THEN NULL
                    ELSE 'BlockPublicPolicy'
                END,
                CASE
                    WHEN json_extract_scalar(request, '$.PublicAccessBlockConfiguration.RestrictPublicBuckets') = 'true'
                        THEN NULL
                    ELSE 'RestrictPublicBuckets'
                END
            ],
            setting -> setting IS NOT NULL
        ) AS settings_off
    FROM activity
    WHERE
        event_source = 's3.amazonaws.com'
        AND event_name IN (
            'PutBucketPolicy', 'PutBucketAcl', 'CreateBucket', 'PutObjectAcl', 'PutObject', 'CopyObject',
            'CreateMultipartUpload', 'PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock',
            'PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock'
        )
        AND call_result IN ('success', 'partial')
        -- Objects are written all the time, and seldom opened to everyone.
        AND (
            event_name NOT IN ('PutObjectAcl', 'PutObject', 'CopyObject', 'CreateMultipartUpload')
            OR public_acl IS NOT NULL
            OR request_state IN ('omitted', 'unparseable')
        )
),

-- Statements that let everyone in, and the terms of their conditions, one per row.
terms AS (
    SELECT
        calls.account_id,
        calls.event_time,
        calls.event_id,
        held.statement,
        held.statement_number,
        condition_operators.operator,
        condition_keys.name,
        element_at(
            try_cast(
                element_at(
                    try_cast(json_extract(held.statement, '$.Condition') AS MAP (varchar, json)),
                    condition_operators.operator
                ) AS MAP (varchar, json)
            ),
            condition_keys.name
        ) AS allowed
    FROM calls
    CROSS JOIN unnest(calls.statements) WITH ORDINALITY AS held (statement, statement_number)
    LEFT JOIN
        unnest(
            map_keys(try_cast(json_extract(held.statement, '$.Condition') AS MAP (varchar, json)))
        ) AS condition_operators (operator)
        ON TRUE
    LEFT JOIN
        unnest(
            map_keys(
                try_cast(
                    element_at(
                        try_cast(json_extract(held.statement, '$.Condition') AS MAP (varchar, json)),
                        condition_operators.operator
                    ) AS MAP (varchar, json)
                )
            )
        ) AS condition_keys (name)
        ON TRUE
    WHERE
        json_extract_scalar(held.statement, '$.Effect') = 'Allow'
        AND (
            json_extract_scalar(held.statement, '$.Principal') = '*'
            OR json_extract_scalar(held.statement, '$.Principal.AWS') = '*'
            OR contains(try_cast(json_extract(held.statement, '$.Principal.AWS') AS ARRAY(varchar)), '*')
            OR json_extract(held.statement, '$.NotPrincipal') IS NOT NULL
        )
),

-- Those without a condition that holds the caller to an account, an organization or a network. Conditions on what must
-- not be (StringNotEquals, Null, …IfExists) do not hold anyone, and neither do wildcards.
open_statements AS (
    SELECT
        account_id,
        event_time,
        event_id,
        statement_number,
        max(coalesce(
            json_extract_scalar(statement, '$.Action'),
            array_join(try_cast(json_extract(statement, '$.Action') AS ARRAY(varchar)), ', '),
            'NotAction'
        )) AS actions
    FROM terms
    GROUP BY account_id, event_time, event_id, statement_number
    HAVING
        NOT coalesce(
            bool_or(
                regexp_like(
                    lower(operator),
                    '^(foranyvalue:)?(string(equals|equalsignorecase|like)|arn(equals|like)|ipaddress)\z'
                )
                AND lower(name) IN (
                    'aws:principalorgid', 'aws:principalorgpaths', 'aws:principalaccount', 'aws:principalarn',
                    'aws:sourceaccount', 'aws:sourcearn', 'aws:sourceowner', 'aws:sourceorgid', 'aws:sourceip',
                    'aws:sourcevpc', 'aws:sourcevpce', 'aws:userid', 's3:dataaccesspointaccount',
                    's3:dataaccesspointarn'
                )
                AND coalesce(json_extract_scalar(allowed, '$'), '') NOT IN ('*', '0.0.0.0/0', '::/0')
                AND NOT coalesce(
                    arrays_overlap(try_cast(allowed AS ARRAY(varchar)), ARRAY['*', '0.0.0.0/0', '::/0']), FALSE
                )
            ),
            FALSE
        )
),

open_policies AS (
    SELECT
        account_id,
        event_time,
        event_id,
        array_join(array_agg(actions ORDER BY statement_number), ', ') AS actions
    FROM open_statements
    GROUP BY account_id, event_time, event_id
),

read_calls AS (
    SELECT
        calls.*,
        open_policies.actions AS everyone_may
    FROM calls
    LEFT JOIN open_policies
        ON
            calls.account_id = open_policies.account_id
            AND calls.event_time = open_policies.event_time
            AND calls.event_id = open_policies.event_id
),

judged AS (
    SELECT
        read_calls.*,
        CASE
            WHEN event_name IN ('DeleteBucketPublicAccessBlock', 'DeleteAccountPublicAccessBlock') THEN 'block_removed'
            WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
            WHEN event_name IN ('PutBucketPublicAccessBlock', 'PutAccountPublicAccessBlock')
                THEN CASE WHEN cardinality(settings_off) > 0 THEN 'block_weakened' END
            WHEN event_name = 'PutBucketPolicy'
                THEN CASE WHEN everyone_may IS NOT NULL THEN 'public_policy' END
            WHEN public_acl IS NOT NULL THEN 'public_acl'
        END AS exposure
    FROM read_calls
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    bucket_name,
    object_key,
    exposure,
    CASE exposure
        WHEN 'block_weakened' THEN array_join(settings_off, ', ')
        WHEN 'public_acl' THEN public_acl
        WHEN 'public_policy' THEN everyone_may
    END AS detail,
    actor,
    actor_kind,
    person,
    source_address,
    event_id
FROM judged
WHERE exposure IS NOT NULL
ORDER BY event_time, account_id, event_id
