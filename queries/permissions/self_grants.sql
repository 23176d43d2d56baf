/*---
id = "permissions.self_grants"
version = 1
kind = "exception"
severity = "high"
title.en = "Changes to one's own permissions"
title.pt_BR = "Mudanças nas próprias permissões"
question.en = "Which users and roles changed their own permissions?"
question.pt_BR = "Quais usuários e roles mudaram as próprias permissões?"
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "actor", "event_name", "what"]
limits.en = [
  """\
  Only what names the actor itself: its own user, or the role that it acts in. A policy or a group that the actor \
  has may be changed to the same end; permissions.iam_changes lists those, permissions.admin_grants and \
  permissions.wildcard_policies judge them.""",
  "Taking away is listed too: a policy may have denied something, and a boundary always does.",
  """\
  A deployment role that manages itself by its own templates is listed: invoked_by says that a service carried the \
  change out.""",
]
limits.pt_BR = [
  """\
  Somente o que nomeia o próprio autor: o seu usuário, ou a role em que age. Uma política ou um grupo do autor pode \
  ser mudado com o mesmo fim; permissions.iam_changes os lista, e permissions.admin_grants e \
  permissions.wildcard_policies os julgam.""",
  """\
  Retirar também é listado: uma política pode negar algo, e um limite de permissões (permissions boundary) sempre \
  nega.""",
  """\
  Uma role de implantação que se administra por seus próprios modelos é listada: invoked_by diz que um serviço \
  executou a mudança.""",
]
remedy.en = """\
Ask who approved it; nobody should change what they may do. Take the permission to write IAM away from the identity, \
or bound it by a permissions boundary."""
remedy.pt_BR = """\
Pergunte quem aprovou; ninguém deveria mudar o que pode fazer. Retire da identidade a permissão de escrever no IAM, ou \
restrinja-a com um limite de permissões."""

[[column]]
name = "event_time"
type = "timestamp"
title.en = "Time (UTC)"
title.pt_BR = "Hora (UTC)"

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "region"
type = "varchar"
title.en = "Region"
title.pt_BR = "Região"

[[column]]
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "target_kind"
type = "varchar"
title.en = "Kind of target"
title.pt_BR = "Tipo de alvo"

[[column]]
name = "target"
type = "varchar"
title.en = "Trail or store"
title.pt_BR = "Trilha ou armazenamento"
personal = true

[[column]]
name = "what"
type = "varchar"
title.en = "Policy, group or boundary"
title.pt_BR = "Política, grupo ou limite de permissões"

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
name = "mfa"
type = "varchar"
title.en = "MFA"
title.pt_BR = "MFA"

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

[[column]]
name = "invoked_by"
type = "varchar"
title.en = "Through the service"
title.pt_BR = "Por meio do serviço"

[[column]]
name = "source_address"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "user_agent"
type = "varchar"
title.en = "User agent"
title.pt_BR = "Agente do usuário (user agent)"
personal = true

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

WITH changes AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        json_extract_scalar(request, '$.userName') AS user_name,
        json_extract_scalar(request, '$.roleName') AS role_name,
        coalesce(
            json_extract_scalar(request, '$.policyArn'),
            json_extract_scalar(request, '$.policyName'),
            json_extract_scalar(request, '$.groupName'),
            json_extract_scalar(request, '$.permissionsBoundary')
        ) AS what,
        actor_kind,
        actor,
        person,
        mfa,
        call_result,
        invoked_by,
        source_address,
        user_agent,
        event_id,
        log_file,
        -- The path of a role stands in its ARN and not in its name.
        regexp_extract(actor, '/([^/]+)\z', 1) AS own_name
    FROM activity
    WHERE
        event_source = 'iam.amazonaws.com'
        AND event_name IN (
            'AttachUserPolicy', 'DetachUserPolicy', 'PutUserPolicy', 'DeleteUserPolicy',
            'AddUserToGroup', 'RemoveUserFromGroup',
            'PutUserPermissionsBoundary', 'DeleteUserPermissionsBoundary',
            'AttachRolePolicy', 'DetachRolePolicy', 'PutRolePolicy', 'DeleteRolePolicy', 'UpdateAssumeRolePolicy',
            'PutRolePermissionsBoundary', 'DeleteRolePermissionsBoundary'
        )
        AND call_result IN ('success', 'partial', 'unknown')
        AND actor_account = account_id
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    CASE WHEN user_name IS NOT NULL THEN 'user' ELSE 'role' END AS target_kind,
    coalesce(user_name, role_name) AS target,
    what,
    actor_kind,
    actor,
    person,
    mfa,
    call_result,
    invoked_by,
    source_address,
    user_agent,
    event_id,
    log_file
FROM changes
WHERE
    -- Names of users and roles are unique whatever their case.
    (actor_kind = 'iam_user' AND lower(user_name) = lower(own_name))
    OR (actor_kind IN ('role', 'human_role') AND lower(role_name) = lower(own_name))
ORDER BY event_time, account_id, event_id
