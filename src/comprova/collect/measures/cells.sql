-- Events of the period by log account, region, local day and the kind of event that queries need.
-- A loose file has no account or region in its name; its records' own stand in.
WITH
-- When anything was ordered that changes what a trail records: what came before proves nothing of what came after.
moments AS (
    SELECT DISTINCT event_time AS moment
    FROM activity
    WHERE
        event_source = 'cloudtrail.amazonaws.com'
        AND event_name IN ('StopLogging', 'StartLogging', 'CreateTrail', 'DeleteTrail', 'PutEventSelectors')
        AND call_result = 'success'
),

followed AS (
    SELECT
        moment,
        lead(moment) OVER (ORDER BY moment) AS next_moment
    FROM moments
),

spans AS (
    SELECT
        moment,
        next_moment,
        sequence(cast(moment AS date), cast(coalesce(next_moment, :period_end) AS date)) AS utc_days
    FROM followed
),

spans_by_day AS (
    SELECT
        spans.moment,
        spans.next_moment,
        listed.utc_day
    FROM spans
    CROSS JOIN unnest(spans.utc_days) AS listed (utc_day)
),

counted AS (
    SELECT
        coalesce(nullif(log_account, ''), nullif(account_id, ''), 'unknown') AS cell_account,
        coalesce(nullif(log_region, ''), nullif(region, ''), 'unknown') AS cell_region,
        cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date) AS cell_day,
        -- A management event that does not say whether it reads proves neither kind.
        cast(CASE
            WHEN event_category = 'Data' THEN concat('data:', coalesce(split_part(event_source, '.', 1), 'unknown'))
            WHEN management_event AND read_only THEN 'management:read'
            WHEN management_event AND NOT read_only THEN 'management:write'
            ELSE 'other'
        END AS varchar) AS need,
        event_time,
        cast(event_time AS date) AS utc_day,
        event_source
    FROM activity
    WHERE in_period
)

SELECT
    counted.cell_account,
    counted.cell_region,
    counted.cell_day,
    counted.need,
    spans_by_day.moment AS since,
    count(*) AS events,
    count_if(counted.event_source = 'kms.amazonaws.com') AS kms_events,
    -- The order itself is no proof that anything was recorded once it was in effect.
    count_if(counted.event_time = spans_by_day.moment) AS events_at,
    count_if(counted.event_time = spans_by_day.moment AND counted.event_source = 'kms.amazonaws.com') AS kms_events_at
FROM counted
LEFT JOIN spans_by_day
    ON
        counted.utc_day = spans_by_day.utc_day
        AND counted.event_time >= spans_by_day.moment
        AND (counted.event_time < spans_by_day.next_moment OR spans_by_day.next_moment IS NULL)
GROUP BY counted.cell_account, counted.cell_region, counted.cell_day, counted.need, spans_by_day.moment
ORDER BY counted.cell_account, counted.cell_region, counted.cell_day, counted.need, since
