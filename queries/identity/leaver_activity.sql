/*---
id = "identity.leaver_activity"
version = 1
kind = "exception"
severity = "critical"
title.en = "Activity of people who had left"
title.pt_BR = "Atividade de pessoas desligadas"
question.en = """\
Did anything happen under the identity of someone who had left, and how long did it take until the access was \
removed?"""
question.pt_BR = """\
Houve alguma atividade com a identidade de alguém já desligado, e quanto tempo levou até o acesso ser removido?"""
needs = ["management:read", "management:write"]
parameters = ["leavers"]
grain = ["account_id", "leaver", "actor_kind", "actor", "person"]
subject = ["account_id", "leaver", "actor"]
limits.en = [
  """\
  A leaver is matched, whatever the case of letters, with the ARN of the actor and with the name or id as logged: \
  list every name that the person had (user, e-mail, id in Identity Center).""",
  """\
  Calls without effect count: somebody still tried. A sign-in with a wrong password is such a call, and anyone can \
  make it.""",
  """\
  access_removed_at is the first of these within the period, at or after the time of leaving: the user deleted or \
  disabled, its console password deleted, an access key of it disabled or deleted. It is empty too where the access \
  was removed before the period or at an identity provider. A session that was open lasts until it expires.""",
  "What a role did that the person had assumed is matched by the name of the session, which the person chose.",
]
limits.pt_BR = [
  """\
  Uma pessoa desligada é comparada, sem distinção de maiúsculas, com o ARN do autor e com o nome ou id registrado: \
  informe todos os nomes que ela tinha (usuário, e-mail, id no Identity Center).""",
  "Chamadas sem efeito contam: alguém ainda tentou. Um login com senha errada é uma delas, e qualquer um pode fazê-lo.",
  """\
  access_removed_at é o primeiro destes no período, na hora do desligamento ou depois: usuário excluído ou \
  desativado, senha do console excluída, chave de acesso desativada ou excluída. Também fica vazio se o acesso foi \
  removido antes do período ou em um provedor de identidade. Uma sessão aberta dura até expirar.""",
  "O que uma role assumida pela pessoa fez é atribuído a ela pelo nome da sessão, que a própria pessoa escolheu.",
]
remedy.en = """\
Disable what is left of the identity today, look at every one of these calls, and find the step of the leaving \
process that did not reach AWS."""
remedy.pt_BR = """\
Desative hoje o que resta da identidade, examine cada uma dessas chamadas e descubra qual etapa do desligamento não \
chegou à AWS."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "leaver"
type = "varchar"
title.en = "Person who left"
title.pt_BR = "Pessoa desligada"
personal = true

[[column]]
name = "left_at"
type = "timestamp"
title.en = "Left at (UTC)"
title.pt_BR = "Desligada em (UTC)"

[[column]]
name = "actor_kind"
type = "varchar"
title.en = "Kind of actor"
title.pt_BR = "Tipo de autor"

[[column]]
name = "actor"
type = "varchar"
title.en = "Actor"
title.pt_BR = "Autor"
personal = true

[[column]]
name = "person"
type = "varchar"
title.en = "Name as logged"
title.pt_BR = "Nome registrado"
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
name = "sign_ins"
type = "bigint"
title.en = "Sign-ins"
title.pt_BR = "Logins"

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
name = "access_removed_at"
type = "timestamp"
title.en = "Access removed at (UTC)"
title.pt_BR = "Acesso removido em (UTC)"

[[column]]
name = "hours_until_removed"
type = "bigint"
title.en = "Hours from leaving to removal"
title.pt_BR = "Horas do desligamento à remoção"

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
people AS (
    SELECT
        listed.identity AS leaver,
        min(listed.left_at) AS left_at
    FROM unnest(:leavers) AS listed (identity, left_at)
    GROUP BY listed.identity
),

-- What each record is about: who acted, or whose access was removed.
noted AS (
    SELECT
        account_id,
        actor_kind,
        actor,
        person,
        event_source,
        event_name,
        -- Old records are not always marked: the name tells.
        coalesce(
            read_only,
            regexp_like(event_name, '^(AssumeRole|Decrypt|Describe|Encrypt|Generate|Get|Head|List|Lookup|Search)'),
            TRUE
        ) AS only_looks,
        call_result,
        source_address,
        service_initiated,
        event_time,
        event_id,
        log_file,
        CASE
            WHEN call_result IN ('success', 'partial')
                THEN CASE
                    WHEN
                        event_source = 'iam.amazonaws.com'
                        AND (
                            event_name IN ('DeleteUser', 'DeleteLoginProfile', 'DeleteAccessKey')
                            OR (
                                event_name = 'UpdateAccessKey'
                                AND lower(json_extract_scalar(request, '$.status')) = 'inactive'
                            )
                        )
                        THEN json_extract_scalar(request, '$.userName')
                    WHEN
                        event_source IN ('sso-directory.amazonaws.com', 'identitystore.amazonaws.com')
                        AND event_name IN ('DeleteUser', 'DisableUser')
                        THEN json_extract_scalar(request, '$.userId')
                END
        END AS removed_user
    FROM activity
),

matched AS (
    SELECT
        noted.*,
        people.leaver,
        people.left_at,
        coalesce(lower(noted.removed_user) = lower(people.leaver), FALSE)
        OR coalesce(
            people.leaver LIKE 'arn:%'
            AND lower(noted.removed_user) = lower(regexp_extract(people.leaver, ':user/(.+/)?([^/]+)\z', 2)),
            FALSE
        ) AS removes,
        NOT noted.service_initiated
        AND (
            coalesce(lower(noted.person) = lower(people.leaver), FALSE)
            OR coalesce(lower(noted.actor) = lower(people.leaver), FALSE)
        ) AS is_act
    FROM noted
    CROSS JOIN people
    WHERE noted.event_time >= people.left_at
),

dated AS (
    SELECT
        matched.*,
        min(CASE WHEN removes THEN event_time END) OVER (PARTITION BY leaver) AS access_removed_at
    FROM matched
    WHERE removes OR is_act
),

acts AS (
    SELECT
        dated.*,
        row_number() OVER (
            PARTITION BY account_id, leaver, actor_kind, actor, person
            ORDER BY event_time, event_id
        ) AS nth
    FROM dated
    WHERE is_act
)

SELECT
    account_id,
    leaver,
    max(left_at) AS left_at,
    actor_kind,
    actor,
    person,
    count(*) AS calls,
    count_if(call_result NOT IN ('success', 'partial', 'unknown')) AS without_effect,
    count_if(NOT only_looks AND call_result IN ('success', 'partial') AND event_source <> 'signin.amazonaws.com')
        AS changes,
    count_if(
        event_source = 'signin.amazonaws.com'
        AND event_name IN ('ConsoleLogin', 'UserAuthentication')
        AND call_result = 'success'
    ) AS sign_ins,
    slice(array_sort(array_agg(DISTINCT event_source)), 1, 20) AS event_sources,
    slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
        AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(access_removed_at) AS access_removed_at,
    max(date_diff('hour', left_at, access_removed_at)) AS hours_until_removed,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id,
    max(CASE WHEN nth = 1 THEN log_file END) AS first_log_file
FROM acts
GROUP BY account_id, leaver, actor_kind, actor, person
ORDER BY account_id, leaver, actor_kind, actor, person
