/*---
id = "permissions.boundary_changes"
version = 1
kind = "exception"
severity = "high"
title.en = "Permissions boundaries removed or replaced"
title.pt_BR = "Limites de permissões (permissions boundaries) removidos ou trocados"
question.en = "From whom was a permissions boundary taken, and who was given one that is not approved?"
question.pt_BR = "De quem foi retirado o limite de permissões, e quem recebeu um que não está aprovado?"
needs = ["management:write"]
parameters = ["approved_boundaries"]
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "target", "finding"]
limits.en = [
  """\
  A boundary that is put is expected only where approved_boundaries names it; while that list is empty, every one is \
  listed.""",
  """\
  Boundaries of users, roles and permission sets. A user or role that is created without one, or deleted with it, is \
  in identity.identity_lifecycle; a boundary whose policy was rewritten is in permissions.iam_changes.""",
]
limits.pt_BR = [
  """\
  Um limite aplicado só é esperado se approved_boundaries o trouxer; enquanto a lista estiver vazia, todos são \
  listados.""",
  """\
  São os limites de usuários, roles e conjuntos de permissões. Um usuário ou role que se cria sem limite, ou que se \
  exclui com ele, está em identity.identity_lifecycle; um limite cuja política foi reescrita está em \
  permissions.iam_changes.""",
]
remedy.en = """\
Ask for the approval. Put the boundary back, and allow its removal to nobody who is bound by it (a deny on \
iam:DeleteRolePermissionsBoundary)."""
remedy.pt_BR = """\
Peça a aprovação. Reaplique o limite e não permita que o remova quem está sujeito a ele (negação de \
iam:DeleteRolePermissionsBoundary)."""

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
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "target"
type = "varchar"
title.en = "Trail or store"
title.pt_BR = "Trilha ou armazenamento"
personal = true

[[column]]
name = "boundary"
type = "varchar"
title.en = "Boundary"
title.pt_BR = "Limite de permissões"

[[column]]
name = "request_state"
type = "varchar"
title.en = "Request as logged"
title.pt_BR = "Requisição como registrada"

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
        event_source,
        event_name,
        CASE WHEN event_name LIKE 'Delete%' THEN 'removed' ELSE 'not_approved' END AS finding,
        coalesce(
            json_extract_scalar(request, '$.userName'),
            json_extract_scalar(request, '$.roleName'),
            json_extract_scalar(request, '$.permissionSetArn')
        ) AS target,
        coalesce(
            json_extract_scalar(request, '$.permissionsBoundary'),
            json_extract_scalar(request, '$.permissionsBoundary.managedPolicyArn'),
            json_extract_scalar(request, '$.permissionsBoundary.customerManagedPolicyReference.name')
        ) AS boundary,
        request_state,
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
    FROM activity
    WHERE
        call_result IN ('success', 'partial', 'unknown')
        AND (
            (
                event_source = 'iam.amazonaws.com'
                AND event_name IN (
                    'DeleteUserPermissionsBoundary', 'DeleteRolePermissionsBoundary',
                    'PutUserPermissionsBoundary', 'PutRolePermissionsBoundary'
                )
            )
            OR (
                event_source = 'sso.amazonaws.com'
                AND event_name IN (
                    'PutPermissionsBoundaryToPermissionSet', 'DeletePermissionsBoundaryFromPermissionSet'
                )
            )
        )
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    finding,
    target,
    boundary,
    request_state,
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
    finding = 'removed'
    OR NOT coalesce(
        any_match(
            :approved_boundaries,
            approved -> boundary LIKE replace(replace(approved, '_', '!_'), '*', '%') ESCAPE '!'
        ),
        FALSE
    )
ORDER BY event_time, account_id, event_id
