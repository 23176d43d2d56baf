-- Buckets of which the period holds a data event: data events are logged per resource, so absence is proven per resource.
SELECT DISTINCT json_extract_scalar(request, '$.bucketName') AS resource
FROM activity
WHERE
  in_period
  AND event_category = 'Data'
  AND event_source = 's3.amazonaws.com'
  AND json_extract_scalar(request, '$.bucketName') IS NOT NULL
ORDER BY resource
