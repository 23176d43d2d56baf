/*---
id        = "hours.out_of_hours_activity"
version   = 1
kind      = "exception"
severity  = "medium"
title.en    = "People active outside business hours"
title.pt_BR = "Pessoas ativas fora do expediente"
question.en    = """\
Which people signed in, changed something or read secrets (and data, where data events are logged) outside \
business hours, on weekends or on holidays?"""
question.pt_BR = """\
Quais pessoas fizeram login, alteraram algo ou leram segredos (e dados, quando os eventos de dados são registrados) \
fora do expediente, em fins de semana ou em feriados?"""
needs      = ["management:read", "management:write"]
parameters = ["business_days", "business_end", "business_start", "holidays", "on_call_principals", "time_zone"]
grain      = ["local_day", "account_id", "actor", "actor_kind", "person"]
subject    = ["account_id", "actor", "person"]
limits.en = [
  """A night that crosses midnight is two rows, one per local day. The hours are those of the job's time zone, not of \
  the place where the person is.""",
  """A person behind a plain role (a SAML session after its sign-in, a switched role) is not told apart from a \
  workload and is not here.""",
  "An IAM user may be a workload that signs with an access key; list such users in on_call_principals.",
  "Reads of data are seen only where data events are logged.",
]
limits.pt_BR = [
  """Uma noite que passa da meia-noite gera duas linhas, uma por dia local. As horas são as do fuso horário da \
  tarefa, não as do lugar onde a pessoa está.""",
  """Uma pessoa por trás de uma role comum (sessão SAML após o login, troca de role) não se distingue de uma \
  carga de trabalho e não aparece.""",
  """Um usuário do IAM pode ser uma carga de trabalho que assina com chave de acesso; inclua esses usuários entre os \
  autores de plantão.""",
  "Leituras de dados só são vistas quando os eventos de dados são registrados.",
]
remedy.en    = """\
Ask the person, and match the work with a ticket, an on-call rota or a change window. If the person does not \
recognise it, treat the credential as taken over."""
remedy.pt_BR = """\
Pergunte à pessoa e confronte o trabalho com um chamado, uma escala de plantão ou uma janela de mudança. Se ela \
não o reconhecer, trate a credencial como comprometida."""

[[column]]
name = "local_day"
type = "date"
title.en = "Day (local)"
title.pt_BR = "Dia (local)"

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "actor"
type = "varchar"
title.en = "Actor"
title.pt_BR = "Autor"
personal = true

[[column]]
name = "actor_kind"
type = "varchar"
title.en = "Kind of actor"
title.pt_BR = "Tipo de autor"

[[column]]
name = "person"
type = "varchar"
title.en = "Name as logged"
title.pt_BR = "Nome registrado"
personal = true

[[column]]
name = "reason"
type = "varchar"
title.en = "Why out of hours"
title.pt_BR = "Por que fora do expediente"

[[column]]
name = "holiday"
type = "varchar"
title.en = "Holiday"
title.pt_BR = "Feriado"

[[column]]
name = "sign_ins"
type = "bigint"
title.en = "Sign-ins"
title.pt_BR = "Logins"

[[column]]
name = "changes"
type = "bigint"
title.en = "Changes"
title.pt_BR = "Mudanças"

[[column]]
name = "secrets_read"
type = "bigint"
title.en = "Secrets or credentials obtained"
title.pt_BR = "Segredos ou credenciais obtidos"

[[column]]
name = "data_reads"
type = "bigint"
title.en = "Data reads"
title.pt_BR = "Leituras de dados"

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
name = "first_event_id"
type = "varchar"
title.en = "Id of the first event"
title.pt_BR = "Id do primeiro evento"
---*/

WITH
holiday_names AS (
    SELECT
        listed.day AS holiday_day,
        min(listed.name) AS holiday
    FROM unnest(:holidays) AS listed (day, name)
    GROUP BY listed.day
),

acts AS (
    SELECT
        event_time,
        event_id,
        account_id,
        actor,
        actor_kind,
        person,
        source_address,
        -- event_time is UTC; only the named zone knows the hour, summer time included.
        cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date) AS local_day,
        hour(at_timezone(with_timezone(event_time, 'UTC'), :time_zone)) AS local_hour,
        day_of_week(at_timezone(with_timezone(event_time, 'UTC'), :time_zone)) AS day_number,
        coalesce(event_source = 'signin.amazonaws.com', FALSE) AS of_signin,
        coalesce(
            event_source = 'signin.amazonaws.com' AND event_name IN ('ConsoleLogin', 'UserAuthentication'), FALSE
        ) AS signs_in,
        coalesce(discloses, FALSE) AS obtains_secret,
        coalesce(event_category = 'Data' AND read_only, FALSE) AS reads_data,
        -- Old records are not always marked: the name tells.
        NOT coalesce(
            read_only,
            regexp_like(event_name, '^(AssumeRole|Decrypt|Describe|Encrypt|Generate|Get|Head|List|Lookup|Search)'),
            TRUE
        ) AS changes
    FROM activity
    WHERE
        actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center', 'root', 'assumed_root')
        AND NOT service_initiated
        AND call_result IN ('success', 'partial')
        -- What only looks (Describe…, List…) is not here: it would bury the rest.
        AND (
            event_source = 'signin.amazonaws.com'
            OR coalesce(discloses, FALSE)
            OR event_category = 'Data'
            OR NOT coalesce(
                read_only,
                regexp_like(
                    event_name,
                    '^(AssumeRole|Decrypt|Describe|Encrypt|Generate|Get|Head|List|Lookup|Search)'
                ),
                TRUE
            )
        )
        AND NOT coalesce(contains(:on_call_principals, actor), FALSE)
        AND NOT coalesce(contains(:on_call_principals, person), FALSE)
),

timed AS (
    SELECT
        acts.*,
        NOT contains(:business_days, day_number) AS on_day_off,
        local_hour < :business_start OR local_hour >= :business_end AS at_odd_hour
    FROM acts
),

out_of_hours AS (
    SELECT
        timed.*,
        holiday_names.holiday,
        CASE
            WHEN holiday_names.holiday_day IS NOT NULL THEN 'holiday'
            WHEN timed.on_day_off THEN 'day_off'
            ELSE 'hour'
        END AS reason,
        row_number() OVER (
            PARTITION BY timed.local_day, timed.account_id, timed.actor, timed.actor_kind, timed.person
            ORDER BY timed.event_time, timed.event_id
        ) AS nth
    FROM timed
    LEFT JOIN holiday_names ON timed.local_day = holiday_names.holiday_day
    WHERE holiday_names.holiday_day IS NOT NULL OR timed.on_day_off OR timed.at_odd_hour
)

SELECT
    local_day,
    account_id,
    actor,
    actor_kind,
    person,
    min(reason) AS reason,
    min(holiday) AS holiday,
    count_if(signs_in) AS sign_ins,
    count_if(changes AND NOT of_signin) AS changes,
    count_if(obtains_secret AND NOT of_signin) AS secrets_read,
    count_if(reads_data) AS data_reads,
    array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)) AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id
FROM out_of_hours
GROUP BY local_day, account_id, actor, actor_kind, person
ORDER BY local_day, account_id, actor, actor_kind, person
