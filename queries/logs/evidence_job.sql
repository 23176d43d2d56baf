/*---
id = "logs.evidence_job"
version = 1
kind = "population"
severity = "info"
title.en = "What the evidence job read"
title.pt_BR = "O que a coleta desta evidência leu"
question.en = "What did the roles under which this evidence is gathered read and run?"
question.pt_BR = "O que leram e executaram as roles com que esta evidência é coletada?"
needs = ["management:read", "management:write", "data:s3"]
parameters = ["evidence_roles"]
grain = ["account_id", "actor", "person", "event_source", "event_name", "target", "call_result"]
limits.en = [
  "Reads of log files are covered only where the trail logs S3 data events of their bucket.",
  """\
  This run itself is in the logs of the next period. The ids of its statements stand in its evidence, and are found \
  again here.""",
]
limits.pt_BR = [
  "Leituras de arquivos de log só são cobertas onde a trilha registra eventos de dados do S3 do bucket.",
  """\
  Esta própria execução está nos logs do próximo período. Os ids de suas consultas constam em sua evidência e \
  reaparecem aqui.""",
]
remedy.en = """\
Compare the statements with those that the evidence of the time names; ask about every other act of these roles."""
remedy.pt_BR = "Compare as consultas com as citadas na evidência da época; questione qualquer outro ato dessas roles."

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

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
name = "target"
type = "varchar"
title.en = "Trail or store"
title.pt_BR = "Trilha ou armazenamento"

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

WITH acts AS (
    SELECT
        account_id,
        actor,
        person,
        event_source,
        event_name,
        CASE event_source
            WHEN 's3.amazonaws.com' THEN bucket_name
            WHEN 'athena.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(response, '$.queryExecutionId'),
                    json_extract_scalar(request, '$.queryExecutionId'),
                    json_extract_scalar(request, '$.workGroup')
                )
            WHEN 'glue.amazonaws.com'
                THEN array_join(
                    ARRAY[
                        json_extract_scalar(request, '$.databaseName'),
                        coalesce(
                            json_extract_scalar(request, '$.tableName'),
                            json_extract_scalar(request, '$.tableInput.name'),
                            json_extract_scalar(request, '$.name')
                        )
                    ],
                    '.'
                )
            WHEN 'sts.amazonaws.com' THEN json_extract_scalar(request, '$.roleArn')
        END AS target,
        call_result,
        event_time
    FROM activity
    WHERE
        any_match(
            :evidence_roles,
            listed -> actor LIKE replace(replace(listed, '_', '!_'), '*', '%') ESCAPE '!'
        )
)

SELECT
    account_id,
    actor,
    person,
    event_source,
    event_name,
    target,
    call_result,
    count(*) AS calls,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM acts
GROUP BY account_id, actor, person, event_source, event_name, target, call_result
ORDER BY account_id, actor, person, event_source, event_name, target, call_result
