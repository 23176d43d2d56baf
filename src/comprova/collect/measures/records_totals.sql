-- Counted over the records themselves and not as a remainder, so that the control totals can fail.
-- The rule for a usable time is that of activity.sql.
WITH timed AS (
    SELECT
        CASE
            WHEN
                regexp_like(
                    eventtime,
                    '\A[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?Z\z'
                )
                THEN try_cast(replace(replace(eventtime, 'T', ' '), 'Z', '') AS timestamp(3))
        END AS event_time
    FROM records
)

SELECT
    count(*) AS records_read,
    count_if(event_time IS NULL) AS undated,
    count_if(event_time < :history_start OR event_time >= :period_end) AS outside
FROM timed
