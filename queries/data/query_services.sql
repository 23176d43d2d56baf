/*---
id = "data.query_services"
version = 1
kind = "population"
severity = "info"
title.en = "Queries by Athena, Redshift, RDS and Glue"
title.pt_BR = "Consultas por Athena, Redshift, RDS e Glue"
question.en = "Who queried data by the query services, in which databases and work groups?"
question.pt_BR = "Quem consultou dados pelos serviços de consulta, em quais bancos e grupos de trabalho?"
needs = ["management:read", "management:write"]
parameters = ["sensitive_databases", "time_zone"]
grain = [
  "local_day", "account_id", "event_source", "event_name", "database_name", "workgroup", "actor", "actor_kind",
  "person",
]
limits.en = [
  "The text of a query may be masked or cut, and is not shown. Which rows it read is in no log.",
  """\
  Queries by a connection to the database itself are in the database's own log. Statements of the RDS Data API are \
  data events.""",
]
limits.pt_BR = [
  """\
  O texto de uma consulta pode estar mascarado ou cortado, e não é mostrado. Que linhas ela leu não está em log \
  algum.""",
  "Consultas por conexão direta ao banco estão no log do próprio banco. Comandos da RDS Data API são eventos de dados.",
]
remedy.en = "Sample from it, people and sensitive databases first, and ask for the purpose of the queries."
remedy.pt_BR = "Extraia uma amostra, primeiro de pessoas e bancos sensíveis, e pergunte a finalidade das consultas."

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
name = "database_name"
type = "varchar"
title.en = "Database or cluster"
title.pt_BR = "Banco ou cluster"

[[column]]
name = "workgroup"
type = "varchar"
title.en = "Work group"
title.pt_BR = "Grupo de trabalho"

[[column]]
name = "is_sensitive"
type = "boolean"
title.en = "In sensitive_databases"
title.pt_BR = "Em sensitive_databases"

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
        cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date) AS local_day,
        account_id,
        event_source,
        event_name,
        actor,
        actor_kind,
        CASE WHEN actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center') THEN person END AS person,
        call_result,
        event_time,
        CASE event_source
            WHEN 'athena.amazonaws.com'
                THEN
                    CASE event_name
                        WHEN 'StartQueryExecution' THEN json_extract_scalar(request, '$.queryExecutionContext.database')
                    END
            WHEN 'rdsdata.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.database'), json_extract_scalar(request, '$.resourceArn')
                )
            WHEN 'redshift-data.amazonaws.com'
                THEN
                    CASE
                        WHEN event_name IN ('ExecuteStatement', 'BatchExecuteStatement')
                            THEN coalesce(
                                json_extract_scalar(request, '$.database'),
                                json_extract_scalar(request, '$.clusterIdentifier')
                            )
                    END
            WHEN 'lakeformation.amazonaws.com' THEN element_at(resources, 1).arn
        END AS database_name,
        CASE event_name
            WHEN 'StartQueryExecution' THEN json_extract_scalar(request, '$.workGroup')
        END AS workgroup
    FROM activity
    WHERE
        (event_source = 'athena.amazonaws.com' AND event_name IN ('StartQueryExecution', 'GetQueryResults'))
        OR (
            event_source = 'rdsdata.amazonaws.com'
            AND event_name IN ('ExecuteStatement', 'BatchExecuteStatement')
        )
        OR (
            event_source = 'redshift-data.amazonaws.com'
            AND event_name IN ('ExecuteStatement', 'BatchExecuteStatement', 'GetStatementResult')
        )
        OR (event_source = 'lakeformation.amazonaws.com' AND event_name = 'GetDataAccess')
)

SELECT
    local_day,
    account_id,
    event_source,
    event_name,
    database_name,
    workgroup,
    coalesce(contains(:sensitive_databases, database_name), FALSE) AS is_sensitive,
    actor,
    actor_kind,
    person,
    count_if(call_result IN ('success', 'partial')) AS calls,
    count_if(call_result NOT IN ('success', 'partial', 'unknown')) AS without_effect,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM calls
GROUP BY local_day, account_id, event_source, event_name, database_name, workgroup, actor, actor_kind, person
ORDER BY local_day, account_id, event_source, event_name, database_name, workgroup, actor, actor_kind, person
