/*---
id = "permissions.iam_changes"
version = 1
kind = "population"
severity = "info"
title.en = "Changes to IAM and permission sets"
title.pt_BR = "Mudanças no IAM e nos conjuntos de permissões"
question.en = """\
Which changes to users, groups, roles, policies, identity providers and permission sets of Identity Center took \
effect, and who made them?"""
question.pt_BR = """\
Quais mudanças em usuários, grupos, roles, políticas, provedores de identidade e conjuntos de permissões do \
Identity Center tiveram efeito, e quem as fez?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  Users, groups and applications of Identity Center, and policies on resources (buckets, keys, queues), are changed \
  through other services and are not in this list.""",
  """\
  Identity Center assigns and provisions permission sets after it has answered: such a row says that it was asked \
  for, and that Identity Center took it on.""",
  "The text of policies is in the record that the event id leads to, not in the row.",
  """\
  A change without a target is to the account itself or to the caller's own credentials, or its request was left \
  out for its size.""",
]
limits.pt_BR = [
  """\
  Usuários, grupos e aplicações do Identity Center, e políticas de recursos (buckets, chaves, filas), mudam por \
  outros serviços e não estão nesta lista.""",
  """\
  O Identity Center atribui e provisiona conjuntos de permissões depois de responder: a linha diz que isso foi \
  pedido e que o Identity Center aceitou o pedido.""",
  "O texto das políticas está no registro a que o id do evento leva, não na linha.",
  """\
  Uma mudança sem alvo é na própria conta ou nas credenciais de quem chamou, ou teve a requisição omitida pelo \
  tamanho.""",
]
remedy.en = """\
Draw a sample and match each change with an approved request, its approver and the person who made it; changes by \
people outside the pipeline first."""
remedy.pt_BR = """\
Extraia uma amostra e confronte cada mudança com uma solicitação aprovada, o aprovador e quem a executou; comece \
pelas feitas por pessoas, fora do pipeline."""

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
name = "target_kind"
type = "varchar"
title.en = "Kind of target"
title.pt_BR = "Tipo de alvo"

[[column]]
name = "target"
type = "varchar"
title.en = "Target"
title.pt_BR = "Alvo"
personal = true

[[column]]
name = "detail"
type = "varchar"
title.en = "Detail"
title.pt_BR = "Detalhe"
personal = true

[[column]]
name = "assigned_account"
type = "varchar"
title.en = "In the account"
title.pt_BR = "Na conta"

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
name = "service_initiated"
type = "boolean"
title.en = "By a service alone"
title.pt_BR = "Só por um serviço"

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

WITH changes AS (
    SELECT
        event_time,
        account_id,
        event_source,
        event_name,
        request_state,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        service_initiated,
        invoked_by,
        event_id,
        coalesce(
            json_extract_scalar(request, '$.permissionSetArn'),
            json_extract_scalar(response, '$.permissionSet.permissionSetArn')
        ) AS permission_set,
        json_extract_scalar(request, '$.name') AS given_name,
        -- The user or group of Identity Center, by its id there.
        json_extract_scalar(request, '$.principalId') AS assignee,
        -- Identity Center names the account in targetId, which is there for other kinds of target too.
        CASE
            WHEN json_extract_scalar(request, '$.targetType') = 'AWS_ACCOUNT'
                THEN json_extract_scalar(request, '$.targetId')
        END AS assigned_account,
        json_extract_scalar(request, '$.userName') AS user_name,
        coalesce(
            json_extract_scalar(request, '$.roleName'), json_extract_scalar(response, '$.role.roleName')
        ) AS role_name,
        json_extract_scalar(request, '$.groupName') AS group_name,
        json_extract_scalar(request, '$.instanceProfileName') AS instance_profile_name,
        coalesce(
            json_extract_scalar(request, '$.policyArn'),
            json_extract_scalar(response, '$.policy.arn'),
            json_extract_scalar(request, '$.policyName'),
            json_extract_scalar(request, '$.managedPolicyArn'),
            json_extract_scalar(request, '$.customerManagedPolicyReference.name'),
            json_extract_scalar(request, '$.permissionsBoundary.managedPolicyArn'),
            json_extract_scalar(request, '$.permissionsBoundary.customerManagedPolicyReference.name'),
            json_extract_scalar(request, '$.permissionsBoundary')
        ) AS policy_name,
        coalesce(
            json_extract_scalar(request, '$.sAMLProviderArn'),
            json_extract_scalar(response, '$.sAMLProviderArn'),
            json_extract_scalar(request, '$.openIDConnectProviderArn'),
            json_extract_scalar(response, '$.openIDConnectProviderArn')
        ) AS provider,
        coalesce(
            json_extract_scalar(request, '$.accessKeyId'),
            json_extract_scalar(response, '$.accessKey.accessKeyId'),
            json_extract_scalar(request, '$.serialNumber'),
            json_extract_scalar(response, '$.virtualMFADevice.serialNumber'),
            json_extract_scalar(request, '$.versionId')
        ) AS part
    FROM activity
    WHERE
        call_result IN ('success', 'partial', 'unknown')
        AND (
            (
                event_source = 'iam.amazonaws.com'
                -- Records older than version 1.01 do not say whether a call only reads.
                AND NOT coalesce(read_only, regexp_like(event_name, '^(Generate|Get|List|Simulate)'), FALSE)
            )
            OR (
                event_source = 'sso.amazonaws.com'
                AND event_name IN (
                    'CreatePermissionSet', 'UpdatePermissionSet', 'DeletePermissionSet', 'ProvisionPermissionSet',
                    'AttachManagedPolicyToPermissionSet', 'DetachManagedPolicyFromPermissionSet',
                    'AttachCustomerManagedPolicyReferenceToPermissionSet',
                    'DetachCustomerManagedPolicyReferenceFromPermissionSet', 'PutInlinePolicyToPermissionSet',
                    'DeleteInlinePolicyFromPermissionSet', 'PutPermissionsBoundaryToPermissionSet',
                    'DeletePermissionsBoundaryFromPermissionSet', 'CreateAccountAssignment',
                    'DeleteAccountAssignment', 'CreateInstanceAccessControlAttributeConfiguration',
                    'UpdateInstanceAccessControlAttributeConfiguration',
                    'DeleteInstanceAccessControlAttributeConfiguration'
                )
            )
        )
)

SELECT
    event_time,
    account_id,
    event_source,
    event_name,
    CASE
        WHEN assignee IS NOT NULL THEN 'assignee'
        WHEN permission_set IS NOT NULL THEN 'permission_set'
        WHEN user_name IS NOT NULL THEN 'user'
        WHEN role_name IS NOT NULL THEN 'role'
        WHEN group_name IS NOT NULL THEN 'group'
        WHEN policy_name IS NOT NULL THEN 'policy'
        WHEN provider IS NOT NULL THEN 'identity_provider'
        WHEN instance_profile_name IS NOT NULL THEN 'instance_profile'
        ELSE 'other'
    END AS target_kind,
    coalesce(
        assignee, permission_set, user_name, role_name, group_name, policy_name, provider, instance_profile_name
    ) AS target,
    -- What was attached to, put into or taken from the target.
    CASE
        WHEN assignee IS NOT NULL THEN permission_set
        WHEN permission_set IS NOT NULL THEN coalesce(policy_name, given_name)
        WHEN user_name IS NOT NULL THEN coalesce(policy_name, group_name, part)
        WHEN role_name IS NOT NULL THEN coalesce(policy_name, instance_profile_name)
        WHEN group_name IS NOT NULL THEN policy_name
        ELSE part
    END AS detail,
    assigned_account,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    service_initiated,
    invoked_by,
    event_id
FROM changes
ORDER BY event_time, account_id, event_id
