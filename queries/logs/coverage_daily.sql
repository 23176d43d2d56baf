/*---
id        = "logs.coverage_daily"
version   = 1
kind      = "metric"
severity  = "info"
title.en    = "Events per day: what the evidence rests on"
title.pt_BR = "Eventos por dia: em que as evidências se apoiam"
question.en    = "How many events per account, region, category and day does the evidence rest on?"
question.pt_BR = "Em quantos eventos por conta, região, categoria e dia as evidências se apoiam?"
needs      = []
parameters = ["time_zone"]
grain      = ["local_day", "account_id", "region", "event_category"]
limits.en = [
  """A day without a row had no event in that account, region and category; whether nothing happened or nothing was \
  logged is told by the assurance of the trail, not here.""",
  "Repeated deliveries of a record count once; undated and unreadable records are not in these figures.",
]
limits.pt_BR = [
  """\
  Um dia sem linha não teve evento naquela conta, região e categoria; é a garantia da trilha, e não esta consulta, que \
  diz se nada aconteceu ou se nada foi registrado.""",
  "Entregas repetidas de um registro contam uma vez; registros sem data ou ilegíveis não entram nestes números.",
]
remedy.en    = """\
Compare with the month before: an account, region or category that falls silent, or doubles, wants a reason before \
the other results are relied on."""
remedy.pt_BR = """\
Compare com o mês anterior: uma conta, região ou categoria que silencia ou dobra pede explicação antes que se confie \
nos demais resultados."""

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
name = "region"
type = "varchar"
title.en = "Region"
title.pt_BR = "Região"

[[column]]
name = "event_category"
type = "varchar"
title.en = "Category"
title.pt_BR = "Categoria"

[[column]]
name = "events"
type = "bigint"
title.en = "Events"
title.pt_BR = "Eventos"

[[column]]
name = "read_events"
type = "bigint"
title.en = "Reading"
title.pt_BR = "De leitura"

[[column]]
name = "write_events"
type = "bigint"
title.en = "Writing"
title.pt_BR = "De escrita"

[[column]]
name = "unmarked_events"
type = "bigint"
title.en = "Not marked as either"
title.pt_BR = "Sem marcação"

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

WITH dated AS (
    SELECT
        cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date) AS local_day,
        account_id,
        region,
        event_category,
        read_only,
        event_time
    FROM activity
)

SELECT
    local_day,
    account_id,
    region,
    event_category,
    count(*) AS events,
    count_if(coalesce(read_only, FALSE)) AS read_events,
    count_if(NOT coalesce(read_only, TRUE)) AS write_events,
    count_if(read_only IS NULL) AS unmarked_events,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM dated
GROUP BY local_day, account_id, region, event_category
ORDER BY local_day, account_id, region, event_category
