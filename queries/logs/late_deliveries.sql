/*---
id        = "logs.late_deliveries"
version   = 1
kind      = "exception"
severity  = "medium"
title.en    = "Log files late or not read whole"
title.pt_BR = "Arquivos de log atrasados ou não lidos por inteiro"
question.en    = "Which log files came late, could not be read, or hold records that could not be read or dated?"
question.pt_BR = """\
Quais arquivos de log chegaram atrasados, não puderam ser lidos ou contêm registros ilegíveis ou sem data?"""
needs      = []
parameters = ["max_delay_hours"]
grain      = ["log_file", "finding"]
subject    = ["finding", "log_account", "log_region"]
limits.en = [
  """The delay is counted from a file's first event to the minute in its name, or to the time that S3 gives where the \
  name has none.""",
  "A file that was never delivered has no row: digests show those.",
  "Files that could not be read are listed whatever the period of the events in them, which is not known.",
]
limits.pt_BR = [
  """O atraso é contado do primeiro evento do arquivo até o minuto em seu nome, ou até a hora dada pelo S3 quando o \
  nome não a traz.""",
  "Um arquivo que nunca foi entregue não gera linha: são os arquivos de resumo que o revelam.",
  "Arquivos que não puderam ser lidos são listados qualquer que seja o período de seus eventos, que não se conhece.",
]
remedy.en    = """\
Restore the file from a copy and run the period again; if it cannot be restored, record the loss. For late files, \
check the delivery errors of the trail and the permissions of the bucket."""
remedy.pt_BR = """\
Recupere o arquivo de uma cópia e execute o período de novo; se não for possível, registre a perda. Para arquivos \
atrasados, verifique os erros de entrega da trilha e as permissões do bucket."""

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "log_account"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "log_region"
type = "varchar"
title.en = "Region"
title.pt_BR = "Região"

[[column]]
name = "delivery_date"
type = "date"
title.en = "Delivery date"
title.pt_BR = "Data de entrega"

[[column]]
name = "delivered_at"
type = "timestamp"
title.en = "Delivered (UTC)"
title.pt_BR = "Entregue (UTC)"

[[column]]
name = "first_event_time"
type = "timestamp"
title.en = "First event (UTC)"
title.pt_BR = "Primeiro evento (UTC)"

[[column]]
name = "delay_hours"
type = "bigint"
title.en = "Delay (whole hours)"
title.pt_BR = "Atraso (horas inteiras)"

[[column]]
name = "file_state"
type = "varchar"
title.en = "State"
title.pt_BR = "Situação"

[[column]]
name = "records"
type = "bigint"
title.en = "Records"
title.pt_BR = "Registros"

[[column]]
name = "records_not_read"
type = "bigint"
title.en = "Records not read"
title.pt_BR = "Registros não lidos"

[[column]]
name = "undated"
type = "bigint"
title.en = "Records without a time"
title.pt_BR = "Registros sem hora"

[[column]]
name = "log_file"
type = "varchar"
title.en = "Log file"
title.pt_BR = "Arquivo de log"
---*/

WITH
files AS (
    SELECT
        log_file,
        log_account,
        log_region,
        delivery_date,
        delivered_at,
        first_event_time,
        records,
        unreadable,
        undated,
        in_period,
        deliveries.state AS file_state,
        date_diff('hour', first_event_time, delivered_at) AS delay_hours,
        date_diff('second', first_event_time, delivered_at) > :max_delay_hours * 3600 AS late
    FROM deliveries
),

findings AS (
    SELECT
        'not_read' AS finding,
        log_file
    FROM files
    WHERE file_state <> 'read'
    UNION ALL
    SELECT
        'read_in_part' AS finding,
        log_file
    FROM files
    WHERE unreadable > 0 OR undated > 0
    UNION ALL
    SELECT
        'late' AS finding,
        log_file
    FROM files
    WHERE late AND in_period > 0
)

SELECT
    findings.finding,
    files.log_account,
    files.log_region,
    files.delivery_date,
    files.delivered_at,
    files.first_event_time,
    files.delay_hours,
    files.file_state,
    files.records,
    files.unreadable AS records_not_read,
    files.undated,
    files.log_file
FROM findings
INNER JOIN files ON findings.log_file = files.log_file
ORDER BY files.delivery_date, files.log_file, findings.finding
