/*---
id = "logs.gaps"
version = 1
kind = "exception"
severity = "high"
title.en = "Silences in the logs"
title.pt_BR = "Silêncios nos logs"
question.en = "In which accounts did the log fall silent for longer than it ever had in the look-back?"
question.pt_BR = "Em quais contas o log silenciou por mais tempo do que em toda a janela anterior?"
needs = []
parameters = ["period_start", "period_end", "baseline_days", "max_silence_hours"]
lookback_days = "baseline_days"
grain = ["account_id", "silent_from"]
subject = ["account_id", "silent_from"]
limits.en = [
  """\
  A silence is listed from max_silence_hours on, where it is longer than every silence of that account in the \
  look-back. Regions are not asked about one by one: a quiet region says nothing.""",
  "no_history: the account has no event before the period, so every silence from max_silence_hours on is listed.",
  "An account without any event in the period and the look-back has no row here: logs.scope_missing names it.",
  "A silence does not say why: a stopped trail, a delivery that failed, or an account at rest.",
]
limits.pt_BR = [
  """\
  Um silêncio é listado a partir de max_silence_hours, quando supera todos os silêncios daquela conta na janela \
  anterior. As regiões não são consultadas uma a uma: uma região em silêncio nada diz.""",
  """\
  no_history: a conta não tem evento antes do período, por isso todo silêncio a partir de max_silence_hours é \
  listado.""",
  "Conta sem nenhum evento no período e na janela anterior não aparece aqui: logs.scope_missing a aponta.",
  "O silêncio não diz o motivo: trilha parada, entrega que falhou ou conta em repouso.",
]
remedy.en = """\
Compare with logging.logging_stopped and with the digest files of that time; look in the event history of the \
account."""
remedy.pt_BR = """\
Compare com logging.logging_stopped e com os arquivos de resumo do intervalo; consulte o histórico de eventos da \
conta."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "silent_from"
type = "timestamp"
title.en = "Silent from (UTC)"
title.pt_BR = "Silêncio desde (UTC)"

[[column]]
name = "silent_until"
type = "timestamp"
title.en = "Silent until (UTC)"
title.pt_BR = "Silêncio até (UTC)"

[[column]]
name = "hours_silent"
type = "bigint"
title.en = "Hours of silence"
title.pt_BR = "Horas de silêncio"

[[column]]
name = "longest_hours_before"
type = "bigint"
title.en = "Longest silence in the look-back (hours)"
title.pt_BR = "Maior silêncio na janela anterior (horas)"

[[column]]
name = "event_before"
type = "varchar"
title.en = "Id of the event before"
title.pt_BR = "Id do evento anterior"
---*/

WITH
-- One row per account and minute is enough, and keeps the window small.
minutes AS (
    SELECT
        account_id,
        date_trunc('minute', event_time) AS logged_minute,
        min(event_time) AS first_time,
        max(event_time) AS last_time,
        max_by(event_id, concat(date_format(event_time, '%Y-%m-%d %H:%i:%s'), coalesce(event_id, ''))) AS event_id,
        bool_or(in_period) AS in_period
    FROM activity
    GROUP BY account_id, date_trunc('minute', event_time)
),

followed AS (
    SELECT
        account_id,
        event_id,
        first_time,
        last_time,
        lag(last_time) OVER (PARTITION BY account_id ORDER BY first_time) AS before_it,
        lead(first_time) OVER (PARTITION BY account_id ORDER BY first_time) AS after_it,
        bool_or(NOT in_period) OVER (PARTITION BY account_id) AS has_history
    FROM minutes
),

sided AS (
    SELECT
        followed.account_id,
        followed.event_id,
        followed.first_time,
        followed.last_time,
        followed.after_it,
        followed.has_history,
        sides.side
    FROM followed
    -- Before the first event, where nothing was logged before the period, the silence is counted from its start.
    CROSS JOIN unnest(
        CASE
            WHEN followed.before_it IS NULL AND NOT followed.has_history THEN ARRAY['before', 'after']
            ELSE ARRAY['after']
        END
    ) AS sides (side)
),

silences AS (
    SELECT
        account_id,
        has_history,
        CASE side WHEN 'after' THEN event_id END AS event_id,
        CASE side WHEN 'after' THEN last_time ELSE :period_start END AS silent_from,
        CASE side WHEN 'after' THEN coalesce(after_it, :period_end) ELSE first_time END AS silent_until
    FROM sided
),

measured AS (
    SELECT
        account_id,
        event_id,
        silent_from,
        silent_until,
        has_history,
        date_diff('minute', silent_from, silent_until) AS minutes_silent,
        max(CASE WHEN silent_until < :period_start THEN date_diff('minute', silent_from, silent_until) END)
            OVER (PARTITION BY account_id) AS longest_before,
        max(CASE WHEN silent_until < :period_start THEN date_diff('hour', silent_from, silent_until) END)
            OVER (PARTITION BY account_id) AS longest_hours_before
    FROM silences
)

SELECT
    account_id,
    CASE WHEN has_history THEN 'longer_than_before' ELSE 'no_history' END AS finding,
    silent_from,
    silent_until,
    date_diff('hour', silent_from, silent_until) AS hours_silent,
    longest_hours_before,
    event_id AS event_before
FROM measured
WHERE
    silent_until >= :period_start
    AND minutes_silent >= :max_silence_hours * 60
    AND minutes_silent > coalesce(longest_before, 0)
ORDER BY account_id, silent_from
