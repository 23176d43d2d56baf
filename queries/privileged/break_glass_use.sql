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
  sign-ins; a session that was opened and not used is a row with no calls. Failed attempts to open are not listed, \
  unless the session did something else that day.""",
  """\
  opened_by is who called AssumeRole: it is empty at a sign-in through Identity Center or a switch in the console. \
  What AWS services call or assume by themselves is left out.""",
  """\
  closed_at is the first of these within the period, at or after the last call of the day: the sessions of the role \
  revoked (AWSRevokeOlderSessions), or a key or the password of the user disabled, deleted or changed. Closing by \
  other means is not seen.""",
]
limits.pt_BR = [
  """\
  Uma linha por identidade, nome de sessão e dia (UTC). opened conta assunções da role e logins bem-sucedidos; uma \
  sessão aberta e não usada é uma linha sem chamadas. Tentativas malsucedidas de abrir não são listadas, a menos que a \
  sessão tenha feito algo mais naquele dia.""",
  """\
  opened_by é quem chamou AssumeRole: em um login pelo Identity Center ou uma troca de role no console, fica vazio. O \
  que serviços da AWS chamam ou assumem por conta própria fica de fora.""",
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
name = "without_effect"
type = "bigint"
title.en = "Without effect"
title.pt_BR = "Sem efeito"

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
        -- Old records are not always marked: the name tells.
        coalesce(
            read_only,
            regexp_like(event_name, '^(AssumeRole|Decrypt|Describe|Encrypt|Generate|Get|Head|List|Lookup|Search)'),
            TRUE
        ) AS only_looks,
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
        ) AS is_emergency,
        coalesce(
            event_source = 'sts.amazonaws.com'
            AND event_name = 'AssumeRole'
            AND call_result = 'success'
            AND any_match(
                :break_glass_principals,
                held -> json_extract_scalar(request, '$.roleArn')
                LIKE replace(replace(held, '_', '!_'), '*', '%') ESCAPE '!'
            ),
            FALSE
        ) AS opens,
        CASE
            WHEN actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center', 'role')
                THEN concat(actor, coalesce(concat(' ', person), ''))
            ELSE actor
        END AS opener
    FROM activity
    WHERE
        actor_kind NOT IN ('aws_service', 'service_linked_role', 'service_event')
        AND (
            any_match(
                :break_glass_principals,
                held -> actor LIKE replace(replace(held, '_', '!_'), '*', '%') ESCAPE '!'
            )
            OR (event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRole' AND call_result = 'success')
            OR (
                event_source = 'iam.amazonaws.com'
                AND event_name IN (
                    'PutRolePolicy', 'DeleteAccessKey', 'DeleteLoginProfile', 'UpdateLoginProfile', 'ChangePassword',
                    'DeleteUser', 'UpdateAccessKey'
                )
                AND call_result = 'success'
            )
        )
),

-- What each record is: a call of the emergency identity, its opening, or its closing.
parts AS (
    SELECT
        acts.*,
        kinds.part,
        CASE kinds.part WHEN 'call' THEN acts.actor WHEN 'opening' THEN acts.opened_role END AS emergency_identity,
        CASE kinds.part WHEN 'call' THEN acts.person WHEN 'opening' THEN acts.opened_session END AS session_name,
        CASE
            WHEN kinds.part = 'closing' THEN acts.closed_identity
            ELSE lower(
                regexp_replace(
                    CASE kinds.part WHEN 'call' THEN acts.actor ELSE acts.opened_role END,
                    '^arn:[^/]*:(role|user)/(.*/)?([^/]+)\z',
                    '$1/$3'
                )
            )
        END AS identity_key
    FROM acts
    CROSS JOIN unnest(ARRAY['call', 'opening', 'closing']) AS kinds (part)
    WHERE
        (kinds.part = 'call' AND acts.is_emergency)
        OR (kinds.part = 'opening' AND acts.opens)
        OR (kinds.part = 'closing' AND acts.closed_identity IS NOT NULL)
),

-- Closings are numbered from the last: what lies before one, and after the one before it, has its number.
counted AS (
    SELECT
        parts.*,
        count_if(part = 'closing') OVER (
            PARTITION BY account_id, identity_key
            ORDER BY event_time DESC, part = 'closing' DESC, event_id DESC, part ASC
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS closing_number
    FROM parts
),

closed AS (
    SELECT
        counted.*,
        max(CASE WHEN part = 'closing' THEN event_time END) OVER (
            PARTITION BY account_id, identity_key, closing_number
        ) AS closed_at,
        max(CASE WHEN part = 'closing' THEN actor END) OVER (
            PARTITION BY account_id, identity_key, closing_number
        ) AS closed_by
    FROM counted
),

numbered AS (
    SELECT
        closed.*,
        cast(event_time AS date) AS utc_day,
        row_number() OVER (
            PARTITION BY account_id, emergency_identity, session_name, cast(event_time AS date)
            ORDER BY event_time, event_id, part
        ) AS nth,
        row_number() OVER (
            PARTITION BY account_id, emergency_identity, session_name, cast(event_time AS date)
            ORDER BY event_time DESC, event_id DESC, part DESC
        ) AS nth_from_last
    FROM closed
    WHERE part <> 'closing'
)

SELECT
    account_id,
    emergency_identity,
    session_name,
    utc_day,
    count_if(
        part = 'opening'
        OR (event_source = 'signin.amazonaws.com' AND event_name = 'ConsoleLogin' AND call_result = 'success')
    ) AS opened,
    array_sort(array_agg(DISTINCT opener) FILTER (WHERE part = 'opening' AND opener IS NOT NULL)) AS opened_by,
    count_if(part = 'call') AS calls,
    count_if(part = 'call' AND call_result NOT IN ('success', 'partial', 'unknown')) AS without_effect,
    count_if(
        part = 'call'
        AND NOT only_looks
        AND call_result IN ('success', 'partial')
        AND event_source <> 'signin.amazonaws.com'
    ) AS changes,
    date_diff('minute', min(event_time), max(event_time)) AS minutes_in_use,
    count_if(mfa IN ('no', 'no_session')) AS without_mfa,
    slice(array_sort(array_agg(DISTINCT event_source) FILTER (WHERE part = 'call')), 1, 20) AS event_sources,
    slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
        AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth_from_last = 1 THEN closed_at END) AS closed_at,
    max(CASE WHEN nth_from_last = 1 THEN closed_by END) AS closed_by,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id,
    max(CASE WHEN nth = 1 THEN log_file END) AS first_log_file
FROM numbered
GROUP BY account_id, emergency_identity, session_name, utc_day
ORDER BY account_id, emergency_identity, session_name, utc_day
