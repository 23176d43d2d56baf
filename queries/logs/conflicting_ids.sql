/*---
id        = "logs.conflicting_ids"
version   = 1
kind      = "exception"
severity  = "high"
title.en    = "Records that share an id and differ"
title.pt_BR = "Registros com o mesmo id e conteúdo diferente"
question.en    = "Which records have the same event id and are not equal?"
question.pt_BR = "Quais registros têm o mesmo id de evento e não são iguais?"
needs      = []
parameters = []
grain      = ["account_id", "event_id", "record_number"]
subject    = ["account_id", "event_source", "event_name"]
limits.en = [
  "Which of the records is genuine is not told here: the trail's digest files prove the log files.",
  "Records that share an id, one within the period and one outside it, are not compared.",
]
limits.pt_BR = [
  """\
  Aqui não se diz qual dos registros é o verdadeiro: são os arquivos de resumo da trilha que comprovam os arquivos de \
  log.""",
  "Registros com o mesmo id, um dentro e outro fora do período, não são comparados.",
]
remedy.en    = """\
Read both records in their files and verify the files against the trail's digests. A file that fails was changed \
after delivery."""
remedy.pt_BR = """\
Leia ambos os registros em seus arquivos e verifique os arquivos com os arquivos de resumo. Um arquivo que não confere \
foi alterado após a entrega."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"

[[column]]
name = "record_number"
type = "bigint"
title.en = "Record"
title.pt_BR = "Registro"

[[column]]
name = "event_time"
type = "timestamp"
title.en = "Time (UTC)"
title.pt_BR = "Hora (UTC)"

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
name = "actor"
type = "varchar"
title.en = "Actor"
title.pt_BR = "Autor"
personal = true

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

[[column]]
name = "addendum_reason"
type = "varchar"
title.en = "Reason of a correction"
title.pt_BR = "Motivo de correção"

[[column]]
name = "log_file"
type = "varchar"
title.en = "Log file"
title.pt_BR = "Arquivo de log"

[[column]]
name = "region"
type = "varchar"
title.en = "Region"
title.pt_BR = "Região"
---*/

WITH sharing AS (
    SELECT
        account_id,
        repeated_id AS event_id,
        event_time,
        event_source,
        event_name,
        actor,
        call_result,
        addendum_reason,
        log_file,
        region,
        -- Records that differ in nothing shown here are alike whatever their number.
        row_number() OVER (
            PARTITION BY account_id, repeated_id
            ORDER BY event_time, log_file, event_source, event_name, actor, call_result, addendum_reason, region
        ) AS record_number,
        count(*) OVER (PARTITION BY account_id, repeated_id) AS sharers
    FROM activity
    WHERE repeated_id <> '' -- copies are gone: what still has an id in common differs
)

SELECT
    account_id,
    event_id,
    record_number,
    event_time,
    event_source,
    event_name,
    actor,
    call_result,
    addendum_reason,
    log_file,
    region
FROM sharing
WHERE sharers > 1
ORDER BY account_id, event_id, record_number
