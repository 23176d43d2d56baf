-- Calls, of the period and the look-back before it, that change whether and what a trail records.
-- The names are those of cells.sql: each of these calls ends a span there.
SELECT
    event_time,
    account_id,
    region,
    event_name,
    request,
    event_id
FROM activity
WHERE
    event_source = 'cloudtrail.amazonaws.com'
    AND event_name IN ('StopLogging', 'StartLogging', 'CreateTrail', 'DeleteTrail', 'PutEventSelectors')
    AND call_result = 'success'
ORDER BY event_time, account_id, event_id, region, event_name, request
