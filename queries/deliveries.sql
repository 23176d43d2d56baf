/*---
id = "deliveries"
version = 1
title.en = "Deliveries: the log files that questions about the logs themselves read"
title.pt_BR = "Entregas: os arquivos de log que as perguntas sobre os próprios logs leem"
reads = ["records", "files", "activity"]
---*/

-- One row per log file: those listed (`files`), and those that records came from without being listed. The rule for the
-- time of an event is that of activity.sql, so that the sums agree with the control totals. `duplicates` counts what
-- activity leaves out of a file: of its records from the start of the longest look-back to the end of the period, those
-- that are not there. `unreadable` is NULL where nobody counted.
WITH
timed AS (
    SELECT
        log_file,
        log_account,
        log_region,
        delivery_date,
        CASE
            WHEN
                regexp_like(
                    eventtime,
                    '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?Z\z'
                )
                THEN try_cast(replace(replace(eventtime, 'T', ' '), 'Z', '') AS timestamp(3))
        END AS event_time
    FROM records
),

per_file AS (
    SELECT
        log_file,
        min(log_account) AS log_account,
        min(log_region) AS log_region,
        min(delivery_date) AS delivery_date,
        count(*) AS records,
        count_if(event_time >= :period_start AND event_time < :period_end) AS in_period,
        count_if(event_time >= :history_start AND event_time < :period_end) AS in_history,
        count_if(event_time IS NULL) AS undated,
        min(event_time) AS first_event_time,
        max(event_time) AS last_event_time
    FROM timed
    GROUP BY log_file
),

kept AS (
    SELECT
        log_file,
        count(*) AS records
    FROM activity
    GROUP BY log_file
)

SELECT
    coalesce(files.log_file, per_file.log_file) AS log_file,
    coalesce(files.log_account, per_file.log_account) AS log_account,
    coalesce(files.log_region, per_file.log_region) AS log_region,
    coalesce(
        files.delivery_date, per_file.delivery_date, cast(per_file.first_event_time AS date)
    ) AS delivery_date,
    files.delivered_at,
    files.bytes,
    coalesce(per_file.records, 0) AS records,
    coalesce(per_file.in_period, 0) AS in_period,
    coalesce(per_file.in_history, 0) - coalesce(kept.records, 0) AS duplicates,
    coalesce(per_file.undated, 0) AS undated,
    files.unreadable,
    per_file.first_event_time,
    per_file.last_event_time,
    cast(CASE WHEN files.log_file IS NULL THEN 'not listed' ELSE files.state END AS varchar) AS state -- noqa: RF04
FROM files
FULL OUTER JOIN per_file ON files.log_file = per_file.log_file
LEFT JOIN kept ON per_file.log_file = kept.log_file
