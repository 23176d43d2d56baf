-- The UTC days before the period of which an account holds events: how far a look-back can see.
-- A loose file has no account in its name; its records' own stands in.
SELECT
    coalesce(nullif(log_account, ''), nullif(account_id, ''), 'unknown') AS history_account,
    cast(event_time AS date) AS history_day
FROM activity
WHERE NOT in_period
GROUP BY coalesce(nullif(log_account, ''), nullif(account_id, ''), 'unknown'), cast(event_time AS date)
ORDER BY history_account, history_day
