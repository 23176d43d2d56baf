/*---
id = "identity.identity_lifecycle"
version = 1
kind = "population"
severity = "info"
title.en = "Identities created, changed and deleted"
title.pt_BR = "Identidades criadas, alteradas e excluídas"
question.en = "Which users, groups, roles and directory users were created, changed or deleted, and by whom?"
question.pt_BR = """\
Quais usuários, grupos, roles e usuários de diretório foram criados, alterados ou excluídos, e por quem?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  Identity Center directories appear as ids; the directory has the names. A membership that is removed is named by \
  its own id only.""",
  """\
  Users who come from an external identity provider or Active Directory are created there and appear here only if \
  they are provisioned into Identity Center.""",
  "Accounts inside databases, servers and applications are not AWS identities.",
]
limits.pt_BR = [
  """\
  Os diretórios do Identity Center aparecem como ids; os nomes estão no diretório. Uma associação removida é \
  identificada só pelo próprio id.""",
  """\
  Usuários de um provedor de identidade externo ou do Active Directory são criados lá e só aparecem aqui se forem \
  provisionados no Identity Center.""",
  "Contas dentro de bancos de dados, servidores e aplicações não são identidades da AWS.",
]
remedy.en = """\
Draw a sample and match it with joiner, mover and leaver tickets: approval before creation, and removal on the day \
of leaving."""
remedy.pt_BR = """\
Extraia uma amostra e confronte com os chamados de admissão, transferência e desligamento: aprovação antes da \
criação e remoção no dia da saída."""

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
name = "change_made"
type = "varchar"
title.en = "Change"
title.pt_BR = "Mudança"

[[column]]
name = "identity_kind"
type = "varchar"
title.en = "Kind of identity"
title.pt_BR = "Tipo de identidade"

[[column]]
name = "identity_name"
type = "varchar"
title.en = "Identity"
title.pt_BR = "Identidade"
personal = true

[[column]]
name = "group_name"
type = "varchar"
title.en = "Group"
title.pt_BR = "Grupo"

[[column]]
name = "new_name"
type = "varchar"
title.en = "New name"
title.pt_BR = "Novo nome"
personal = true

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
name = "source_address"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "invoked_by"
type = "varchar"
title.en = "Through the service"
title.pt_BR = "Por meio do serviço"

[[column]]
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"
---*/

SELECT
    event_time,
    account_id,
    event_source,
    event_name,
    CASE
        WHEN regexp_like(event_name, '^(Add|CreateGroupMembership)') THEN 'member_added'
        WHEN regexp_like(event_name, '^(Remove|DeleteGroupMembership)') THEN 'member_removed'
        WHEN regexp_like(event_name, '^Create') THEN 'created'
        WHEN regexp_like(event_name, '^Delete') THEN 'deleted'
        WHEN event_name = 'EnableUser' THEN 'enabled'
        WHEN event_name = 'DisableUser' THEN 'disabled'
        ELSE 'changed'
    END AS change_made,
    CASE
        WHEN strpos(event_name, 'Role') > 0 THEN 'role'
        WHEN event_name IN ('CreateGroup', 'UpdateGroup', 'DeleteGroup') THEN 'group'
        ELSE 'user'
    END AS identity_kind,
    -- Identity Center logs ids. A user's name is in its directory, and in the log often hidden.
    CASE
        WHEN
            event_name IN ('CreateGroup', 'UpdateGroup', 'DeleteGroup')
            THEN coalesce(
                json_extract_scalar(request, '$.groupName'),
                json_extract_scalar(request, '$.groupId'),
                json_extract_scalar(response, '$.group.groupId'),
                json_extract_scalar(response, '$.groupId')
            )
        WHEN
            event_source = 'iam.amazonaws.com'
            THEN coalesce(
                json_extract_scalar(request, '$.roleName'),
                json_extract_scalar(response, '$.role.roleName'),
                json_extract_scalar(request, '$.userName')
            )
        ELSE coalesce(
            json_extract_scalar(request, '$.userId'),
            json_extract_scalar(response, '$.user.userId'),
            json_extract_scalar(response, '$.userId'),
            json_extract_scalar(request, '$.member.memberId'),
            json_extract_scalar(request, '$.memberId.userId'),
            json_extract_scalar(request, '$.membershipId')
        )
    END AS identity_name,
    CASE
        WHEN
            event_name NOT IN ('CreateGroup', 'UpdateGroup', 'DeleteGroup')
            THEN coalesce(json_extract_scalar(request, '$.groupName'), json_extract_scalar(request, '$.groupId'))
    END AS group_name,
    coalesce(
        json_extract_scalar(request, '$.newUserName'),
        json_extract_scalar(request, '$.newGroupName')
    ) AS new_name,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    invoked_by,
    event_id
FROM activity
WHERE
    call_result IN ('success', 'partial', 'unknown')
    AND (
        (
            event_source = 'iam.amazonaws.com'
            AND event_name IN (
                'CreateUser', 'UpdateUser', 'DeleteUser',
                'CreateGroup', 'UpdateGroup', 'DeleteGroup', 'AddUserToGroup', 'RemoveUserFromGroup',
                'CreateRole', 'UpdateRole', 'UpdateRoleDescription', 'DeleteRole',
                'CreateServiceLinkedRole', 'DeleteServiceLinkedRole'
            )
        )
        OR (
            event_source = 'sso-directory.amazonaws.com'
            AND event_name IN (
                'CreateUser', 'UpdateUser', 'DeleteUser', 'EnableUser', 'DisableUser',
                'CreateGroup', 'UpdateGroup', 'DeleteGroup', 'AddMemberToGroup', 'RemoveMemberFromGroup'
            )
        )
        OR (
            event_source IN ('identitystore.amazonaws.com', 'sso-directory.amazonaws.com')
            AND event_name IN ('CreateGroupMembership', 'DeleteGroupMembership')
        )
        OR (
            event_source = 'identitystore.amazonaws.com'
            AND event_name IN (
                'CreateUser', 'UpdateUser', 'DeleteUser', 'CreateGroup', 'UpdateGroup', 'DeleteGroup'
            )
        )
    )
ORDER BY event_time, account_id, event_id
