/*---
id = "data.table_access"
version = 1
kind = "population"
severity = "info"
title.en = "Access to sensitive tables of DynamoDB"
title.pt_BR = "Acesso a tabelas sensíveis do DynamoDB"
question.en = "Who read or changed sensitive tables of DynamoDB, and were they scanned or exported?"
question.pt_BR = "Quem leu ou alterou tabelas sensíveis do DynamoDB, e houve varreduras ou exportações?"
needs = ["management:write", "data:dynamodb"]
parameters = ["sensitive_tables", "time_zone"]
grain = ["local_day", "account_id", "table_arn", "actor", "actor_kind", "person"]
limits.en = [
  "Items that a call read or changed are counted by calls: a query or scan may read many.",
  """\
  Tables that an SQL statement names are known by the resources of the record; where it has none, the call is \
  missing here.""",
]
limits.pt_BR = [
  "Itens lidos ou alterados são contados por chamadas: uma consulta ou varredura pode ler muitos.",
  """\
  Tabelas citadas em um comando SQL são identificadas pelos recursos do registro; quando ele não os traz, a chamada \
  não aparece aqui.""",
]
remedy.en = "Sample from it, and ask about people, scans and exports first."
remedy.pt_BR = "Extraia uma amostra e questione primeiro acessos de pessoas, varreduras e exportações."

[[column]]
name = "local_day"
type = "date"
title.en = "Day (local)"
title.pt_BR = "Dia (local)"

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "table_arn"
type = "varchar"
title.en = "Table"
title.pt_BR = "Tabela"

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
name = "read_calls"
type = "bigint"
title.en = "Reads"
title.pt_BR = "Leituras"

[[column]]
name = "write_calls"
type = "bigint"
title.en = "Writes and deletions"
title.pt_BR = "Gravações e exclusões"

[[column]]
name = "scans"
type = "bigint"
title.en = "Scans and statements"
title.pt_BR = "Varreduras e comandos"

[[column]]
name = "exports"
type = "bigint"
title.en = "Exports"
title.pt_BR = "Exportações"

[[column]]
name = "without_effect"
type = "bigint"
title.en = "Without effect"
title.pt_BR = "Sem efeito"

[[column]]
name = "source_address_count"
type = "bigint"
title.en = "Source addresses (count)"
title.pt_BR = "Endereços de origem (quantidade)"

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
        activity.account_id,
        activity.actor,
        activity.actor_kind,
        CASE
            WHEN activity.actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center') THEN activity.person
        END AS person,
        activity.event_name,
        activity.call_result,
        activity.source_address,
        activity.event_time,
        activity.event_time AS local_time,
        -- Indexes and streams stand below their table.
        regexp_extract(held.arn, '^(arn:[^:]*:dynamodb:[^:]*:[0-9]*:table/[^/]+)', 1) AS table_arn
    FROM activity
    CROSS JOIN unnest(activity.resources) AS held (arn, arn_prefix, account_id, type)
    WHERE
        activity.event_source = 'dynamodb.amazonaws.com'
        AND activity.event_name IN (
            'GetItem', 'BatchGetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem',
            'TransactGetItems', 'TransactWriteItems', 'ExecuteStatement', 'BatchExecuteStatement',
            'ExecuteTransaction', 'ExportTableToPointInTime'
        )
)

SELECT
    cast(at_timezone(with_timezone(local_time, 'UTC'), :time_zone) AS date) AS local_day,
    account_id,
    table_arn,
    actor,
    actor_kind,
    person,
    count_if(call_result = 'success' AND event_name IN ('GetItem', 'BatchGetItem', 'Query', 'TransactGetItems'))
        AS read_calls,
    count_if(
        call_result = 'success'
        AND event_name IN ('PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems')
    ) AS write_calls,
    count_if(
        call_result = 'success'
        AND event_name IN ('Scan', 'ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction')
    ) AS scans,
    count_if(call_result = 'success' AND event_name = 'ExportTableToPointInTime') AS exports,
    count_if(call_result NOT IN ('success', 'partial', 'unknown')) AS without_effect,
    count(DISTINCT source_address) AS source_address_count,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM calls
WHERE contains(:sensitive_tables, table_arn)
GROUP BY
    cast(at_timezone(with_timezone(local_time, 'UTC'), :time_zone) AS date), account_id, table_arn, actor, actor_kind,
    person
ORDER BY local_day, account_id, table_arn, actor, actor_kind, person
