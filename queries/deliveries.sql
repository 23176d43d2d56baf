/*---
id = "deliveries"
version = 1
title.en = "Deliveries: the log files that questions about the logs themselves read"
title.pt_BR = "Entregas: os arquivos de log que as perguntas sobre os próprios logs leem"
reads = ["records", "files"]
---*/

-- One row per log file: those listed (`files`), and those that records came from without being listed. The rules for
-- the time of an event and for copies are those of activity.sql, so that the sums agree with the control totals.
-- `duplicates` counts what activity leaves out: later copies of events from the start of the longest look-back to the
-- end of the period.
WITH
repeated AS (
    SELECT eventid
    FROM records
    WHERE eventid <> ''
    GROUP BY eventid
    HAVING count(*) > 1
),

numbered AS (
    SELECT
        logged.log_file,
        logged.eventtime,
        row_number() OVER (
            PARTITION BY
                coalesce(
                    nullif(logged.recipientaccountid, ''), nullif(logged.log_account, ''),
                    nullif(logged.useridentity.accountid, '')
                ),
                logged.eventversion, logged.useridentity, logged.eventtime, logged.eventsource, logged.eventname,
                logged.awsregion, logged.sourceipaddress, logged.useragent, logged.errorcode, logged.errormessage,
                logged.requestparameters, logged.responseelements, logged.additionaleventdata, logged.requestid,
                logged.eventid, logged.readonly, logged.resources, logged.eventtype, logged.apiversion,
                logged.managementevent, logged.recipientaccountid, logged.serviceeventdetails, logged.sharedeventid,
                logged.vpcendpointid, logged.vpcendpointaccountid, logged.eventcategory, logged.addendum,
                logged.sessioncredentialfromconsole, logged.edgedevicedetails, logged.tlsdetails,
                logged.insightdetails, logged.eventcontext
            ORDER BY logged.delivery_date ASC NULLS LAST, logged.log_file ASC
        ) AS copy_number
    FROM records AS logged
    INNER JOIN repeated ON logged.eventid = repeated.eventid
),

counted AS (
    SELECT
        log_file,
        log_account,
        log_region,
        delivery_date,
        eventtime,
        FALSE AS later_copy
    FROM records
    UNION ALL
    SELECT
        log_file,
        cast(NULL AS varchar) AS log_account,
        cast(NULL AS varchar) AS log_region,
        cast(NULL AS date) AS delivery_date,
        eventtime,
        TRUE AS later_copy
    FROM numbered
    WHERE copy_number > 1
),

timed AS (
    SELECT
        counted.*,
        CASE
            WHEN
                regexp_like(
                    eventtime,
                    '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?Z\z'
                )
                THEN try_cast(replace(replace(eventtime, 'T', ' '), 'Z', '') AS timestamp(3))
        END AS event_time
    FROM counted
),

per_file AS (
    SELECT
        log_file,
        min(log_account) AS log_account,
        min(log_region) AS log_region,
        min(delivery_date) AS delivery_date,
        count(*) FILTER (WHERE NOT later_copy) AS records,
        count(*) FILTER (
            WHERE NOT later_copy AND event_time >= :period_start AND event_time < :period_end
        ) AS in_period,
        count(*) FILTER (WHERE later_copy AND event_time >= :history_start AND event_time < :period_end) AS duplicates,
        count(*) FILTER (WHERE NOT later_copy AND event_time IS NULL) AS undated,
        min(event_time) AS first_event_time,
        max(event_time) AS last_event_time
    FROM timed
    GROUP BY log_file
)

SELECT
    coalesce(files.log_file, per_file.log_file) AS log_file,
    coalesce(files.log_account, per_file.log_account) AS log_account,
    coalesce(files.log_region, per_file.log_region) AS log_region,
    coalesce(
        files.delivery_date, per_file.delivery_date, cast(per_file.first_event_time AS date)
    ) AS delivery_date,
    files.delivered_at,
    files.bytes,
    coalesce(per_file.records, 0) AS records,
    coalesce(per_file.in_period, 0) AS in_period,
    coalesce(per_file.duplicates, 0) AS duplicates,
    coalesce(per_file.undated, 0) AS undated,
    coalesce(files.unreadable, 0) AS unreadable,
    per_file.first_event_time,
    per_file.last_event_time,
    cast(CASE WHEN files.log_file IS NULL THEN 'not listed' ELSE files.state END AS varchar) AS state -- noqa: RF04
FROM files
FULL OUTER JOIN per_file ON files.log_file = per_file.log_file
