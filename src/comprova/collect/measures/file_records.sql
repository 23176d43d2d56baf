-- Records of each log file, as they were loaded: a file that was listed and is not here was not read, or held nothing.
SELECT
    delivery_date,
    log_file,
    count(*) AS file_records
FROM records
GROUP BY delivery_date, log_file
ORDER BY delivery_date, log_file
