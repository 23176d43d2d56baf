/*---
id = "logging.audit_log_access"
version = 1
kind = "population"
severity = "info"
title.en = "Reads of the audit logs"
title.pt_BR = "Leituras dos logs de auditoria"
question.en = "Who read the audit logs: the files, the tables over them, the event history or the log groups?"
question.pt_BR = """\
Quem leu os logs de auditoria: os arquivos, as tabelas sobre eles, o histórico de eventos ou os grupos de logs?"""
needs = ["data:s3", "management:read", "management:write"]
parameters = ["audit_log_buckets", "audit_databases", "audit_log_groups"]
grain = ["account_id", "actor_kind", "actor", "person", "access_kind", "store", "call_result"]
limits.en = [
  "Files and listings are covered only where the trail logs S3 data events of these buckets.",
  """\
  A statement of Athena is told by the database that it was run in, or by one that its text names; one whose text \
  was not logged, or names a table through a view, is told by the reads of files only.""",
  """\
  Results that were written elsewhere can be read again without any row here. The role that gathers this evidence is \
  in the list too.""",
]
limits.pt_BR = [
  "Leituras de arquivos e listagens só aparecem onde a trilha registra eventos de dados do S3 desses buckets.",
  """\
  Uma consulta do Athena é identificada pelo banco em que rodou ou por um que o texto cita; a de texto não \
  registrado, ou que usa uma view, só aparece pelas leituras de arquivos.""",
  """\
  Resultados gravados em outro lugar podem ser relidos sem gerar linha aqui. A role que coleta esta evidência também \
  está na lista.""",
]
remedy.en = "Compare the readers with those who need the logs for their work (PCI DSS 10.3.1); ask the others."
remedy.pt_BR = "Compare os leitores com quem precisa dos logs em seu trabalho (PCI DSS 10.3.1); questione os demais."

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

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
name = "access_kind"
type = "varchar"
title.en = "Kind of access"
title.pt_BR = "Tipo de acesso"

[[column]]
name = "store"
type = "varchar"
title.en = "Store"
title.pt_BR = "Repositório"

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "objects_read"
type = "bigint"
title.en = "Objects read"
title.pt_BR = "Objetos lidos"

[[column]]
name = "source_addresses"
type = "array(varchar)"
title.en = "Source addresses"
title.pt_BR = "Endereços de origem"
personal = true

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

[[column]]
name = "first_event_id"
type = "varchar"
title.en = "Id of the first event"
title.pt_BR = "Id do primeiro evento"
---*/

WITH accesses AS (
    SELECT
        account_id,
        actor_kind,
        actor,
        -- Names of a workload's sessions have no end; those of people do.
        CASE
            WHEN actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center') THEN person
        END AS person,
        CASE event_source
            WHEN 's3.amazonaws.com' THEN CASE WHEN event_name LIKE 'List%' THEN 'listing' ELSE 'file' END
            WHEN 'athena.amazonaws.com' THEN 'statement'
            WHEN 'cloudtrail.amazonaws.com'
                THEN CASE WHEN event_name = 'LookupEvents' THEN 'event_history' ELSE 'event_data_store' END
            ELSE 'log_group'
        END AS access_kind,
        CASE event_source
            WHEN 's3.amazonaws.com'
                -- What a copy reads is its source; the request's bucket is where it writes.
                THEN CASE
                    WHEN event_name = 'CopyObject' THEN regexp_extract(copy_source, '^/?([^/%]+)(/|%2F)', 1)
                    ELSE bucket_name
                END
            WHEN 'athena.amazonaws.com'
                THEN coalesce(
                    element_at(
                        filter(
                            :audit_databases,
                            listed -> listed = json_extract_scalar(request, '$.queryExecutionContext.database')
                            OR json_extract_scalar(request, '$.queryString')
                            LIKE concat('%', replace(listed, '_', '!_'), '%') ESCAPE '!'
                        ),
                        1
                    ),
                    json_extract_scalar(request, '$.queryExecutionContext.database')
                )
            WHEN 'logs.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.logGroupName'),
                    json_extract_scalar(request, '$.logGroupIdentifier'),
                    json_extract_scalar(request, '$.logGroupNames[0]'),
                    json_extract_scalar(request, '$.logGroupIdentifiers[0]')
                )
        END AS store,
        CASE WHEN event_name = 'CopyObject' THEN copy_source ELSE object_key END AS object_key,
        call_result,
        request_state,
        source_address,
        event_time,
        event_id,
        event_source
    FROM activity
    WHERE
        (
            event_source = 's3.amazonaws.com'
            AND event_name IN (
                'GetObject', 'HeadObject', 'SelectObjectContent', 'CopyObject', 'ListObjects', 'ListObjectVersions'
            )
            AND (event_name = 'CopyObject' OR contains(:audit_log_buckets, bucket_name))
        )
        OR (event_source = 'athena.amazonaws.com' AND event_name = 'StartQueryExecution')
        OR (event_source = 'cloudtrail.amazonaws.com' AND event_name IN ('LookupEvents', 'StartQuery'))
        OR (
            event_source = 'logs.amazonaws.com'
            AND event_name IN ('GetLogEvents', 'FilterLogEvents', 'StartQuery', 'StartLiveTail')
        )
)

SELECT
    account_id,
    actor_kind,
    actor,
    person,
    access_kind,
    store,
    call_result,
    count(*) AS calls,
    count(DISTINCT object_key) AS objects_read,
    array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)) AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    min_by(event_id, concat(date_format(event_time, '%Y-%m-%d %H:%i:%s'), event_id)) AS first_event_id
FROM accesses
WHERE
    event_source = 'cloudtrail.amazonaws.com'
    OR (event_source = 's3.amazonaws.com' AND contains(:audit_log_buckets, store))
    OR (event_source = 'athena.amazonaws.com' AND contains(:audit_databases, store))
    OR (
        event_source = 'logs.amazonaws.com'
        AND any_match(
            :audit_log_groups,
            listed -> store LIKE replace(replace(listed, '_', '!_'), '*', '%') ESCAPE '!'
        )
    )
    -- Of what was left out for its size nobody can tell what it read.
    OR request_state IN ('omitted', 'unparseable')
GROUP BY account_id, actor_kind, actor, person, access_kind, store, call_result
ORDER BY account_id, actor_kind, actor, person, access_kind, store, call_result
