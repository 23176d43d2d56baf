-- What logs show of the things that a job's parameters name, as suggestions: each value with its events and the last
-- of them. The most frequent values of each topic; `of_values` says among how many. Only calls that succeeded count
-- for resources, because anyone may name a bucket that is not there, and ask for it a million times.
WITH calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        actor,
        actor_kind,
        actor_account,
        identity_provider,
        source_ip,
        source_kind,
        invoked_by,
        bucket_name,
        resources,
        request,
        call_result,
        at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS local_time,
        actor_kind IN ('human_role', 'identity_center', 'federated', 'root', 'assumed_root')
        OR (actor_kind = 'iam_user' AND credential = 'console') AS by_person
    FROM activity
    WHERE in_period
),

called AS (
    SELECT
        'account' AS topic,
        account_id AS named,
        event_time
    FROM calls
    UNION ALL
    SELECT
        'region' AS topic,
        region AS named,
        event_time
    FROM calls
    UNION ALL
    SELECT
        CASE
            WHEN
                invoked_by IN (
                    'cloudtrail.amazonaws.com', 'config.amazonaws.com', 'delivery.logs.amazonaws.com',
                    'logging.s3.amazonaws.com', 'logs.amazonaws.com'
                )
                THEN 'log_bucket'
            ELSE 'bucket'
        END AS topic,
        bucket_name AS named,
        event_time
    FROM calls
    WHERE event_source = 's3.amazonaws.com' AND call_result = 'success'
    UNION ALL
    SELECT
        'log_bucket' AS topic,
        json_extract_scalar(request, '$.s3BucketName') AS named,
        event_time
    FROM calls
    WHERE
        event_source = 'cloudtrail.amazonaws.com'
        AND event_name IN ('CreateTrail', 'UpdateTrail')
        AND call_result = 'success'
    UNION ALL
    SELECT
        'table' AS topic,
        regexp_extract(listed.arn, '^arn:[^:]*:dynamodb:[^/]+:table/[^/]+') AS named,
        calls.event_time
    FROM calls
    CROSS JOIN unnest(transform(calls.resources, held -> held.arn)) AS listed (arn)
    WHERE calls.event_source = 'dynamodb.amazonaws.com' AND calls.call_result = 'success'
    UNION ALL
    SELECT
        'key' AS topic,
        regexp_extract(listed.arn, '^arn:[^:]*:kms:[^/]+:key/[^/]+') AS named,
        calls.event_time
    FROM calls
    CROSS JOIN unnest(transform(calls.resources, held -> held.arn)) AS listed (arn)
    WHERE calls.event_source = 'kms.amazonaws.com' AND calls.call_result = 'success'
    UNION ALL
    SELECT
        'secret' AS topic,
        json_extract_scalar(request, '$.secretId') AS named,
        event_time
    FROM calls
    WHERE
        event_source = 'secretsmanager.amazonaws.com'
        AND event_name = 'GetSecretValue'
        AND call_result = 'success'
    UNION ALL
    SELECT
        'secret_reader' AS topic,
        actor AS named,
        event_time
    FROM calls
    WHERE
        event_source = 'secretsmanager.amazonaws.com'
        AND event_name = 'GetSecretValue'
        AND call_result = 'success'
    UNION ALL
    SELECT
        'administrator' AS topic,
        actor AS named,
        event_time
    FROM calls
    WHERE
        actor_kind IN ('human_role', 'role', 'iam_user')
        AND regexp_like(lower(actor), '(admin|poweruser|owner|root)[^/]*\z')
    UNION ALL
    SELECT
        'break_glass' AS topic,
        actor AS named,
        event_time
    FROM calls
    WHERE
        actor_kind IN ('human_role', 'role', 'iam_user')
        AND regexp_like(lower(actor), '(break.?glass|emergenc|firecall|quebra.?vidro)[^/]*\z')
    UNION ALL
    SELECT
        'identity_provider' AS topic,
        CASE
            WHEN event_name = 'AssumeRoleWithSAML' THEN json_extract_scalar(request, '$.principalArn')
            ELSE regexp_extract(identity_provider, '^arn:[^:]*:iam::[0-9]+:saml-provider/.+')
        END AS named,
        event_time
    FROM calls
    WHERE call_result = 'success'
    UNION ALL
    SELECT
        'other_account' AS topic,
        CASE
            WHEN actor_account <> account_id THEN actor_account
            ELSE nullif(
                regexp_extract(json_extract_scalar(request, '$.roleArn'), '^arn:[^:]*:iam::([0-9]{12}):', 1),
                account_id
            )
        END AS named,
        event_time
    FROM calls
    WHERE event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRole' AND call_result = 'success'
    UNION ALL
    SELECT
        'month' AS topic,
        date_format(local_time, '%Y-%m') AS named,
        event_time
    FROM calls
    UNION ALL
    SELECT
        'hour' AS topic,
        cast(hour(local_time) AS varchar) AS named,
        event_time
    FROM calls
    WHERE by_person
    UNION ALL
    SELECT
        'day_of_week' AS topic,
        cast(day_of_week(local_time) AS varchar) AS named,
        event_time
    FROM calls
    WHERE by_person
),

-- One address stands for itself, several of one /24 for that network.
networks AS (
    SELECT
        CASE
            WHEN source_kind = 'ip4' THEN regexp_extract(source_ip, '^[0-9]+\.[0-9]+\.[0-9]+\.')
            ELSE source_ip
        END AS near,
        source_kind,
        min(source_ip) AS first_address,
        max(source_ip) AS last_address,
        count(*) AS events,
        max(event_time) AS last_seen
    FROM calls
    WHERE by_person AND source_ip IS NOT NULL AND call_result = 'success'
    GROUP BY
        CASE
            WHEN source_kind = 'ip4' THEN regexp_extract(source_ip, '^[0-9]+\.[0-9]+\.[0-9]+\.')
            ELSE source_ip
        END,
        source_kind
),

found AS (
    SELECT
        topic,
        named,
        count(*) AS events,
        max(event_time) AS last_seen
    FROM called
    WHERE named <> ''
    GROUP BY topic, named
    UNION ALL
    SELECT
        'network' AS topic,
        CASE
            WHEN source_kind = 'ip6' THEN concat(first_address, '/128')
            WHEN first_address = last_address THEN concat(first_address, '/32')
            ELSE concat(near, '0/24')
        END AS named,
        events,
        last_seen
    FROM networks
),

ranked AS (
    SELECT
        topic,
        named,
        events,
        last_seen,
        row_number() OVER (
            PARTITION BY topic
            ORDER BY events DESC, named ASC
        ) AS place,
        count(*) OVER (PARTITION BY topic) AS of_values
    FROM found
)

SELECT
    topic,
    named,
    events,
    last_seen,
    of_values
FROM ranked
WHERE place <= 24
ORDER BY topic, place, named
