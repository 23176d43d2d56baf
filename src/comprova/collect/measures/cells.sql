-- Events of the period by log account, region, local day and the kind of event that queries need.
-- A loose file has no account or region in its name; its records' own stand in.
WITH counted AS (
    SELECT
        coalesce(nullif(log_account, ''), nullif(account_id, ''), 'unknown') AS cell_account,
        coalesce(nullif(log_region, ''), nullif(region, ''), 'unknown') AS cell_region,
        cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date) AS cell_day,
        cast(CASE
            WHEN event_category = 'Data' THEN concat('data:', coalesce(split_part(event_source, '.', 1), 'unknown'))
            WHEN management_event AND read_only THEN 'management:read'
            WHEN management_event THEN 'management:write'
            ELSE 'other'
        END AS varchar) AS need,
        event_source
    FROM activity
    WHERE in_period
)

SELECT
    cell_account,
    cell_region,
    cell_day,
    need,
    count(*) AS events,
    count_if(event_source = 'kms.amazonaws.com') AS kms_events
FROM counted
GROUP BY cell_account, cell_region, cell_day, need
ORDER BY cell_account, cell_region, cell_day, need
