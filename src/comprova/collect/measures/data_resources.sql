-- Resources of which the period holds a data event, by local day: data events are logged per resource, and so is
-- absence proven. A bucket is called as in the request, any other resource by its ARN without what lies inside it.
WITH asked AS (
    SELECT
        'data:s3' AS need,
        bucket_name AS resource_name,
        event_time
    FROM activity
    WHERE
        in_period
        AND event_category = 'Data'
        AND event_source = 's3.amazonaws.com'
    UNION ALL
    SELECT
        concat('data:', split_part(activity.event_source, '.', 1)) AS need,
        regexp_extract(listed.arn, '^[^/]+(?:/[^/]+)?') AS resource_name,
        activity.event_time
    FROM activity
    CROSS JOIN unnest(transform(activity.resources, held -> held.arn)) AS listed (arn)
    WHERE
        activity.in_period
        AND activity.event_category = 'Data'
        AND activity.event_source <> 's3.amazonaws.com'
)

SELECT
    need,
    resource_name,
    cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date) AS resource_day,
    min(event_time) AS first_event,
    max(event_time) AS last_event
FROM asked
WHERE resource_name <> ''
GROUP BY need, resource_name, cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date)
ORDER BY need, resource_name, resource_day
