/*---
id = "privileged.break_glass_use"
version = 1
kind = "exception"
severity = "high"
title.en = "Emergency access used"
title.pt_BR = "Acesso de emergência usado"
question.en = """\
When was an emergency role or user used, by whom, for how long, what was done with it, and was it closed \
afterwards?"""
question.pt_BR = """\
Quando uma role ou usuário de emergência foi usado, por quem, por quanto tempo, o que foi feito, e foi encerrado \
depois?"""
needs = ["management:read", "management:write"]
parameters = ["break_glass_principals"]
grain = ["account_id", "emergency_identity", "session_name", "utc_day"]
subject = ["account_id", "emergency_identity", "session_name", "utc_day"]
limits.en = [
  """\
  One row for each identity, name of session and day (UTC). opened counts successful assumptions of the role and \
  sign-ins; a session that was opened and not used is a row with no calls. Refused attempts to open are not listed, \
  unless the session did something else that day.""",
  """\
  opened_by is who called AssumeRole: at a sign-in through Identity Center or a switch in the console, nobody stands \
  there.""",
  """\
  closed_at is the first of these within the period, at or after the last call of the day: the sessions of the role \
  revoked (AWSRevokeOlderSessions), or a key or the password of the user disabled, deleted or changed. Closing by \
  other means is not seen.""",
]
limits.pt_BR = [
  """\
  Uma linha por identidade, nome de sessão e dia (UTC). opened conta assunções da role e logins bem-sucedidos; uma \
  sessão aberta e não usada é uma linha sem chamadas. Tentativas recusadas de abrir não são listadas, a menos que a \
  sessão tenha feito algo mais naquele dia.""",
  """\
  opened_by é quem chamou AssumeRole: em um login pelo Identity Center ou uma troca de role no console, não há \
  ninguém ali.""",
  """\
  closed_at é o primeiro destes no período, na última chamada do dia ou depois dela: as sessões da role revogadas \
  (AWSRevokeOlderSessions), ou uma chave ou a senha do usuário desativada, excluída ou trocada. Encerramento por \
  outros meios não é visto.""",
]
remedy.en = """\
Match each row with an incident, its approver and the report of what was done; where there is none, treat it as an \
intrusion. Change the credential after every use."""
remedy.pt_BR = """\
Associe cada linha a um incidente, a quem o aprovou e ao relato do que foi feito; se não houver, trate como \
intrusão. Troque a credencial após cada uso."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "emergency_identity"
type = "varchar"
title.en = "Emergency identity"
title.pt_BR = "Identidade de emergência"
personal = true

[[column]]
name = "session_name"
type = "varchar"
title.en = "Name of the session"
title.pt_BR = "Nome da sessão"
personal = true

[[column]]
name = "utc_day"
type = "date"
title.en = "Day (UTC)"
title.pt_BR = "Dia (UTC)"

[[column]]
name = "opened"
type = "bigint"
title.en = "Opened"
title.pt_BR = "Aberturas"

[[column]]
name = "opened_by"
type = "array(varchar)"
title.en = "Opened by"
title.pt_BR = "Aberta por"
personal = true

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "refused"
type = "bigint"
title.en = "Refused"
title.pt_BR = "Recusada"

[[column]]
name = "changes"
type = "bigint"
title.en = "Calls that change"
title.pt_BR = "Chamadas que alteram"

[[column]]
name = "minutes_in_use"
type = "bigint"
title.en = "Minutes from first to last"
title.pt_BR = "Minutos do primeiro ao último"

[[column]]
name = "without_mfa"
type = "bigint"
title.en = "Calls without MFA"
title.pt_BR = "Chamadas sem MFA"

[[column]]
name = "event_sources"
type = "array(varchar)"
title.en = "Services"
title.pt_BR = "Serviços"

[[column]]
name = "source_addresses"
type = "array(varchar)"
title.en = "Source addresses"
title.pt_BR = "Endereços de origem"
personal = true

[[column]]
name = "first_time"
type = "timestamp"
title.en = "First time (UTC)"
title.pt_BR = "Primeira vez (UTC)"

[[column]]
name = "last_time"
type = "timestamp"
title.en = "Last time (UTC)"
title.pt_BR = "Última vez (UTC)"

[[column]]
name = "closed_at"
type = "timestamp"
title.en = "Closed at (UTC)"
title.pt_BR = "Encerrada em (UTC)"

[[column]]
name = "closed_by"
type = "varchar"
title.en = "Closed by"
title.pt_BR = "Encerrada por"
personal = true

[[column]]
name = "first_event_id"
type = "varchar"
title.en = "Id of the first event"
title.pt_BR = "Id do primeiro evento"

[[column]]
name = "first_log_file"
type = "varchar"
title.en = "Log file of the first event"
title.pt_BR = "Arquivo de log do primeiro evento"
---*/

WITH
acts AS (
    SELECT
        account_id,
        event_source,
        event_name,
        event_time,
        event_id,
        log_file,
        call_result,
        read_only,
        mfa,
        source_address,
        actor,
        actor_kind,
        person,
        CASE
            WHEN event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRole'
                THEN json_extract_scalar(request, '$.roleArn')
        END AS opened_role,
        CASE
            WHEN event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRole'
                THEN json_extract_scalar(request, '$.roleSessionName')
        END AS opened_session,
        CASE
            WHEN event_source <> 'iam.amazonaws.com' OR call_result <> 'success' THEN NULL
            WHEN
                event_name = 'PutRolePolicy'
                AND json_extract_scalar(request, '$.policyName') = 'AWSRevokeOlderSessions'
                THEN concat('role/', lower(json_extract_scalar(request, '$.roleName')))
            WHEN
                event_name IN (
                    'DeleteAccessKey', 'DeleteLoginProfile', 'UpdateLoginProfile', 'ChangePassword', 'DeleteUser'
                )
                OR (
                    event_name = 'UpdateAccessKey'
                    AND lower(json_extract_scalar(request, '$.status')) = 'inactive'
                )
                THEN concat('user/', lower(coalesce(json_extract_scalar(request, '$.userName'), person)))
        END AS closed_identity,
        coalesce(
            any_match(
                :break_glass_principals,
                held -> actor LIKE replace(replace(held, '_', '!_'), '*', '%') ESCAPE '!'
            ),
            FALSE
        ) AS is_emergency
    FROM activity
    WHERE actor_kind NOT IN ('aws_service', 'service_linked_role', 'service_event')
),

openings AS (
    SELECT
        acts.*,
        coalesce(
            any_match(
                :break_glass_principals,
                held -> opened_role LIKE replace(replace(held, '_', '!_'), '*', '%') ESCAPE '!'
            )
            AND call_result = 'success',
            FALSE
        ) AS opens
    FROM acts
),

-- What is done in a session, and, once more where it is the emergency identity that is assumed, its opening.
used AS (
    SELECT
        account_id,
        actor AS emergency_identity,
        person AS session_name,
        cast(NULL AS varchar) AS opener,
        event_source = 'signin.amazonaws.com' AND event_name = 'ConsoleLogin' AND call_result = 'success' AS opens,
        TRUE AS is_call,
        event_source,
        event_time,
        event_id,
        log_file,
        call_result,
        read_only,
        mfa,
        source_address
    FROM openings
    WHERE is_emergency
    UNION ALL
    SELECT
        account_id,
        opened_role AS emergency_identity,
        opened_session AS session_name,
        CASE
            WHEN actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center', 'role')
                THEN concat(actor, coalesce(concat(' ', person), ''))
            ELSE actor
        END AS opener,
        TRUE AS opens,
        FALSE AS is_call,
        event_source,
        event_time,
        event_id,
        log_file,
        call_result,
        read_only,
        mfa,
        source_address
    FROM openings
    WHERE opens
),

numbered AS (
    SELECT
        used.*,
        cast(event_time AS date) AS utc_day,
        row_number() OVER (
            PARTITION BY account_id, emergency_identity, session_name, cast(event_time AS date)
            ORDER BY event_time, event_id
        ) AS nth
    FROM used
),

uses AS (
    SELECT
        account_id,
        emergency_identity,
        session_name,
        utc_day,
        regexp_extract(lower(emergency_identity), ':(role|user)/', 1) AS identity_kind,
        count_if(opens) AS opened,
        array_sort(array_agg(DISTINCT opener) FILTER (WHERE opener IS NOT NULL)) AS opened_by,
        count_if(is_call) AS calls,
        count_if(is_call AND call_result IN ('denied', 'failed')) AS refused,
        count_if(
            is_call AND read_only = FALSE AND call_result IN ('success', 'partial')
            AND event_source <> 'signin.amazonaws.com'
        ) AS changes,
        count_if(mfa IN ('no', 'no_session')) AS without_mfa,
        slice(array_sort(array_agg(DISTINCT event_source) FILTER (WHERE is_call)), 1, 20) AS event_sources,
        slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
            AS source_addresses,
        min(event_time) AS first_time,
        max(event_time) AS last_time,
        max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id,
        max(CASE WHEN nth = 1 THEN log_file END) AS first_log_file
    FROM numbered
    GROUP BY account_id, emergency_identity, session_name, utc_day
),

closings AS (
    SELECT
        uses.account_id,
        uses.emergency_identity,
        uses.session_name,
        uses.utc_day,
        acts.event_time AS closed_at,
        acts.actor AS closed_by,
        row_number() OVER (
            PARTITION BY uses.account_id, uses.emergency_identity, uses.session_name, uses.utc_day
            ORDER BY acts.event_time, acts.event_id
        ) AS nth
    FROM uses
    INNER JOIN acts
        ON
            uses.account_id = acts.account_id
            AND acts.closed_identity = concat(
                uses.identity_kind, '/', regexp_extract(lower(uses.emergency_identity), '/([^/]+)\z', 1)
            )
            AND uses.last_time <= acts.event_time
)

SELECT
    uses.account_id,
    uses.emergency_identity,
    uses.session_name,
    uses.utc_day,
    uses.opened,
    uses.opened_by,
    uses.calls,
    uses.refused,
    uses.changes,
    date_diff('minute', uses.first_time, uses.last_time) AS minutes_in_use,
    uses.without_mfa,
    uses.event_sources,
    uses.source_addresses,
    uses.first_time,
    uses.last_time,
    closings.closed_at,
    closings.closed_by,
    uses.first_event_id,
    uses.first_log_file
FROM uses
LEFT JOIN closings
    ON
        uses.account_id = closings.account_id
        AND uses.emergency_identity = closings.emergency_identity
        AND coalesce(uses.session_name, '') = coalesce(closings.session_name, '')
        AND uses.utc_day = closings.utc_day
        AND closings.nth = 1
ORDER BY uses.account_id, uses.emergency_identity, uses.session_name, uses.utc_day
