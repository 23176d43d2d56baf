-- What the view kept, and the copies it left out.
SELECT
    count_if(in_period) AS in_period,
    count_if(NOT in_period) AS look_back,
    coalesce(sum(copies - 1), 0) AS duplicates,
    count_if(repeated_id = '') AS without_id,
    count_if(request_state IN ('omitted', 'unparseable')) AS unreadable_requests,
    count_if(response_state IN ('omitted', 'unparseable')) AS unreadable_responses
FROM activity
