/*---
id = "permissions.denied_then_allowed"
version = 1
kind = "exception"
severity = "high"
title.en = "Denied, then allowed after a grant"
title.pt_BR = "Negado, e permitido após uma concessão"
question.en = "Which identity was denied an action, was then given more, and did it after all?"
question.pt_BR = "Qual identidade teve uma ação negada, recebeu depois mais permissões e acabou por executá-la?"
needs = ["management:read", "management:write"]
parameters = ["elevation_window_hours"]
grain = ["account_id", "allowed_at", "event_id"]
subject = ["account_id", "actor", "event_source", "event_name", "grant_event_name"]
limits.en = [
  """\
  A row is the first success of an action after its denial, within elevation_window_hours, with a change of the \
  identity's own permissions between them: a policy of the user or role, a group joined, a boundary.""",
  """\
  A managed policy, a group's policy, a permission set or a policy of the resource that was changed instead is not \
  tied to an identity by the log, and gives no row: permissions.iam_changes and permissions.resource_policy_changes \
  list those.""",
  """\
  Only actions that change something, disclose a secret or grant a credential are asked about, not calls that only \
  look, nor data events. The action is the same, the resource need not be.""",
  "Setting up something new looks the same: a permission is missing, is added, and the work goes on.",
]
limits.pt_BR = [
  """\
  Uma linha é o primeiro sucesso de uma ação após sua negação, dentro de elevation_window_hours, com uma mudança nas \
  permissões da própria identidade entre as duas: política do usuário ou role, entrada em grupo, limite de \
  permissões.""",
  """\
  Uma política gerenciada, a política de um grupo, um conjunto de permissões ou a política do recurso que tenha \
  mudado em vez disso não é ligada a uma identidade pelo log e não gera linha: permissions.iam_changes e \
  permissions.resource_policy_changes os listam.""",
  """\
  Só se consideram ações que alteram algo, revelam um segredo ou concedem uma credencial, não as que só consultam nem \
  os eventos de dados. A ação é a mesma, o recurso pode não ser.""",
  "Configurar algo novo tem a mesma aparência: falta uma permissão, ela é concedida e o trabalho segue.",
]
remedy.en = """\
Ask who approved the grant. Where the identity gave it to itself, or took a way around the approval, take it back \
and look at what was done with it."""
remedy.pt_BR = """\
Pergunte quem aprovou a concessão. Se a identidade a deu a si mesma, ou contornou a aprovação, revogue-a e examine o \
que foi feito com ela."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

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
name = "event_source"
type = "varchar"
title.en = "Service"
title.pt_BR = "Serviço"

[[column]]
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "denied_at"
type = "timestamp"
title.en = "Denied at (UTC)"
title.pt_BR = "Negada em (UTC)"

[[column]]
name = "grant_at"
type = "timestamp"
title.en = "Permissions changed at (UTC)"
title.pt_BR = "Permissões alteradas em (UTC)"

[[column]]
name = "grant_event_name"
type = "varchar"
title.en = "By the event"
title.pt_BR = "Pelo evento"

[[column]]
name = "granted_by"
type = "varchar"
title.en = "Changed by"
title.pt_BR = "Alteradas por"
personal = true

[[column]]
name = "is_own_grant"
type = "boolean"
title.en = "Changed by the identity itself"
title.pt_BR = "Alteradas pela própria identidade"

[[column]]
name = "allowed_at"
type = "timestamp"
title.en = "Done at (UTC)"
title.pt_BR = "Executada em (UTC)"

[[column]]
name = "source_address"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "region"
type = "varchar"
title.en = "Region"
title.pt_BR = "Região"

[[column]]
name = "denied_event_id"
type = "varchar"
title.en = "Id of the denied event"
title.pt_BR = "Id do evento negado"

[[column]]
name = "grant_event_id"
type = "varchar"
title.en = "Id of the change"
title.pt_BR = "Id da mudança"

[[column]]
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"

[[column]]
name = "log_file"
type = "varchar"
title.en = "Log file"
title.pt_BR = "Arquivo de log"
---*/

WITH
-- Changes of the permissions of a user or a role, by a name that is unique whatever its case.
grants AS (
    SELECT
        account_id,
        CASE
            WHEN event_name LIKE '%Role%'
                THEN concat('role/', lower(json_extract_scalar(request, '$.roleName')))
            ELSE concat('user/', lower(json_extract_scalar(request, '$.userName')))
        END AS identity_key,
        actor,
        event_base_name AS event_name,
        event_time,
        event_id
    FROM activity
    WHERE
        event_source = 'iam.amazonaws.com'
        AND event_name IN (
            'AttachUserPolicy', 'PutUserPolicy', 'AddUserToGroup', 'DetachUserPolicy', 'DeleteUserPolicy',
            'PutUserPermissionsBoundary', 'DeleteUserPermissionsBoundary', 'AttachRolePolicy', 'PutRolePolicy',
            'DetachRolePolicy', 'DeleteRolePolicy', 'PutRolePermissionsBoundary', 'DeleteRolePermissionsBoundary'
        )
        AND call_result = 'success'
        AND event_category = 'Management'
        AND NOT service_initiated
),

-- Only whoever was given something matters: most never are.
granted AS (
    SELECT DISTINCT
        account_id,
        identity_key
    FROM grants
    WHERE identity_key IS NOT NULL
),

calls AS (
    SELECT
        account_id,
        concat(
            CASE actor_kind WHEN 'iam_user' THEN 'user/' ELSE 'role/' END, lower(regexp_extract(actor, '/([^/]+)\z', 1))
        ) AS identity_key,
        actor_kind,
        actor,
        person,
        event_source,
        event_base_name AS event_name,
        call_result,
        event_time,
        source_address,
        region,
        event_id,
        log_file
    FROM activity
    WHERE
        event_category = 'Management'
        -- Old records are not always marked: the name tells.
        AND (
            discloses
            OR NOT coalesce(
                read_only,
                regexp_like(
                    event_name,
                    '^(AssumeRole|Decrypt|Describe|Encrypt|Generate|Get|Head|List|Lookup|Search)'
                ),
                TRUE
            )
        )
        AND call_result IN ('success', 'partial', 'denied')
        AND NOT service_initiated
        AND actor_account = account_id
        AND actor_kind IN ('iam_user', 'role', 'human_role')
),

-- A call of an identity, or a grant to one; a grant to oneself is both.
steps AS (
    SELECT
        FALSE AS is_grant,
        calls.account_id,
        calls.identity_key,
        calls.actor_kind,
        calls.actor,
        calls.person,
        calls.event_source,
        calls.event_name,
        calls.call_result,
        calls.event_time,
        calls.source_address,
        calls.region,
        calls.event_id,
        calls.log_file
    FROM calls
    INNER JOIN granted ON calls.account_id = granted.account_id AND calls.identity_key = granted.identity_key
    UNION ALL
    SELECT
        TRUE AS is_grant,
        grants.account_id,
        grants.identity_key,
        cast(NULL AS varchar) AS actor_kind,
        grants.actor,
        cast(NULL AS varchar) AS person,
        cast(NULL AS varchar) AS event_source,
        grants.event_name,
        cast(NULL AS varchar) AS call_result,
        grants.event_time,
        cast(NULL AS varchar) AS source_address,
        cast(NULL AS varchar) AS region,
        grants.event_id,
        cast(NULL AS varchar) AS log_file
    FROM grants
    WHERE grants.identity_key IS NOT NULL
),

-- Grants to one identity are numbered: a call after the third and before the fourth has the third.
counted AS (
    SELECT
        steps.*,
        count_if(is_grant) OVER (
            PARTITION BY account_id, identity_key
            ORDER BY event_time ASC, is_grant DESC, event_id ASC
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS grant_number
    FROM steps
),

dated AS (
    SELECT
        counted.*,
        max(CASE WHEN is_grant THEN event_time END)
            OVER (PARTITION BY account_id, identity_key, grant_number)
            AS grant_at,
        max(CASE WHEN is_grant THEN event_id END) OVER (PARTITION BY account_id, identity_key, grant_number)
            AS grant_event_id,
        max(CASE WHEN is_grant THEN event_name END) OVER (PARTITION BY account_id, identity_key, grant_number)
            AS grant_event_name,
        max(CASE WHEN is_grant THEN actor END) OVER (PARTITION BY account_id, identity_key, grant_number) AS granted_by
    FROM counted
),

followed AS (
    SELECT
        dated.*,
        lag(call_result) OVER (
            PARTITION BY account_id, identity_key, event_source, event_name
            ORDER BY event_time, event_id
        ) AS result_before,
        lag(event_time) OVER (
            PARTITION BY account_id, identity_key, event_source, event_name
            ORDER BY event_time, event_id
        ) AS denied_at,
        lag(event_id) OVER (
            PARTITION BY account_id, identity_key, event_source, event_name
            ORDER BY event_time, event_id
        ) AS denied_event_id
    FROM dated
    WHERE NOT is_grant
)

SELECT
    account_id,
    actor_kind,
    actor,
    person,
    event_source,
    event_name,
    denied_at,
    grant_at,
    grant_event_name,
    granted_by,
    granted_by = actor AS is_own_grant,
    event_time AS allowed_at,
    source_address,
    region,
    denied_event_id,
    grant_event_id,
    event_id,
    log_file
FROM followed
WHERE
    call_result IN ('success', 'partial')
    AND result_before = 'denied'
    AND grant_at >= denied_at
    AND date_diff('second', denied_at, event_time) <= :elevation_window_hours * 3600
ORDER BY account_id, allowed_at, event_id
