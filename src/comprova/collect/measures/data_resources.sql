-- Buckets of which the period holds a data event: data events are logged per resource, and so is absence proven.
SELECT DISTINCT bucket_name
FROM activity
WHERE
    in_period
    AND event_category = 'Data'
    AND event_source = 's3.amazonaws.com'
    AND bucket_name IS NOT NULL
ORDER BY bucket_name
