-- Event ids that records of different content share; all of these records stay in activity.
WITH shared AS (
    SELECT
        account_id,
        repeated_id
    FROM activity
    WHERE repeated_id <> ''
    GROUP BY account_id, repeated_id
    HAVING count(*) > 1
)

SELECT count(*) AS conflicting_ids FROM shared
