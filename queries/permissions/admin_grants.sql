/*---
id = "permissions.admin_grants"
version = 1
kind = "exception"
severity = "critical"
title.en = "Administrative permissions granted"
title.pt_BR = "Permissões administrativas concedidas"
question.en = """\
Who was given administrative permissions: by a managed policy, a privileged group, a permission set or cluster \
administration?"""
question.pt_BR = """\
Quem recebeu permissões administrativas: por política gerenciada, grupo privilegiado, conjunto de permissões ou \
administração de cluster?"""
needs = ["management:write"]
parameters = ["admin_policy_patterns", "privileged_groups", "privileged_permission_sets"]
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "permission_granted", "recipient"]
limits.en = [
  """\
  AWS's own AdministratorAccess, PowerUserAccess, IAMFullAccess, AWSOrganizationsFullAccess and the administrator \
  policies of EKS always count as administrative, and so do the names in the parameters; a policy of another name \
  may grant as much. Policy texts are judged in permissions.wildcard_policies.""",
  """\
  A group or permission set of another name counts where an administrative policy was attached to it within the \
  period. An account assignment is logged with the ARN of its permission set, not its name: one that became \
  administrative before the period is listed only where privileged_permission_sets names that ARN.""",
  "Administrative policies attached before the period and not changed in it are not listed.",
]
limits.pt_BR = [
  """\
  As políticas da AWS AdministratorAccess, PowerUserAccess, IAMFullAccess, AWSOrganizationsFullAccess e as de \
  administração do EKS são sempre administrativas, assim como os nomes dos parâmetros; uma política de outro nome \
  pode conceder o mesmo. O texto das políticas é julgado em permissions.wildcard_policies.""",
  """\
  Um grupo ou conjunto de permissões de outro nome conta se uma política administrativa foi anexada a ele no \
  período. A atribuição de conta é registrada com o ARN do conjunto de permissões, não com o nome: um conjunto que \
  se tornou administrativo antes do período só é listado se privileged_permission_sets trouxer esse ARN.""",
  "Políticas administrativas anexadas antes do período e não alteradas nele não são listadas.",
]
remedy.en = """\
Ask for the approval of this grant to this recipient and for its end date; where there is none, take it back and \
look at what was done with it."""
remedy.pt_BR = """\
Peça a aprovação desta concessão a este destinatário e a data de término; se não houver, revogue-a e verifique o \
que foi feito com ela."""

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
name = "grant_kind"
type = "varchar"
title.en = "Granted by"
title.pt_BR = "Concedida por"

[[column]]
name = "permission_granted"
type = "varchar"
title.en = "Granted"
title.pt_BR = "Concedido"

[[column]]
name = "recipient"
type = "varchar"
title.en = "Recipient"
title.pt_BR = "Destinatário"
personal = true

[[column]]
name = "account_or_cluster"
type = "varchar"
title.en = "In the account or cluster"
title.pt_BR = "Na conta ou no cluster"

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
---*/

WITH grants AS (
    SELECT
        event_time,
        account_id,
        event_source,
        event_name,
        CASE
            WHEN event_name = 'AddUserToGroup' THEN 'group'
            WHEN event_name = 'CreateAccountAssignment' THEN 'permission_set'
            WHEN event_source = 'eks.amazonaws.com' THEN 'cluster'
            ELSE 'policy'
        END AS grant_kind,
        CASE
            WHEN event_name = 'AddUserToGroup' THEN json_extract_scalar(request, '$.groupName')
            WHEN event_name = 'CreateAccountAssignment' THEN json_extract_scalar(request, '$.permissionSetArn')
            -- A customer's policy is referred to by path and name: policy/… as at the end of an ARN.
            WHEN event_name = 'AttachCustomerManagedPolicyReferenceToPermissionSet'
                THEN concat(
                    'policy',
                    coalesce(json_extract_scalar(request, '$.customerManagedPolicyReference.path'), '/'),
                    json_extract_scalar(request, '$.customerManagedPolicyReference.name')
                )
            ELSE coalesce(
                json_extract_scalar(request, '$.policyArn'), json_extract_scalar(request, '$.managedPolicyArn')
            )
        END AS permission_granted,
        CASE
            WHEN event_name = 'CreateAccountAssignment' THEN json_extract_scalar(request, '$.principalId')
            ELSE coalesce(
                json_extract_scalar(request, '$.userName'),
                json_extract_scalar(request, '$.roleName'),
                json_extract_scalar(request, '$.groupName'),
                json_extract_scalar(request, '$.permissionSetArn'),
                json_extract_scalar(request, '$.principalArn')
            )
        END AS recipient,
        -- EKS writes the cluster's name as the path of its API calls it.
        coalesce(
            json_extract_scalar(request, '$.targetId'), json_extract_scalar(request, '$.name')
        ) AS account_or_cluster,
        request_state,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        user_agent,
        event_id
    FROM activity
    WHERE
        call_result IN ('success', 'partial', 'unknown')
        AND (
            (
                event_source = 'iam.amazonaws.com'
                AND event_name IN ('AttachUserPolicy', 'AttachRolePolicy', 'AttachGroupPolicy', 'AddUserToGroup')
            )
            OR (
                event_source = 'sso.amazonaws.com'
                AND event_name IN (
                    'AttachManagedPolicyToPermissionSet', 'AttachCustomerManagedPolicyReferenceToPermissionSet',
                    'CreateAccountAssignment'
                )
            )
            OR (event_source = 'eks.amazonaws.com' AND event_name = 'AssociateAccessPolicy')
        )
),

named AS (
    SELECT
        grants.*,
        -- What holds a policy for others: the group or the permission set.
        CASE
            WHEN grant_kind IN ('group', 'permission_set') THEN permission_granted
            WHEN event_source = 'sso.amazonaws.com' OR event_name = 'AttachGroupPolicy' THEN recipient
        END AS holder,
        coalesce(
            regexp_like(
                permission_granted,
                '^arn:aws[a-z-]*:iam::aws:policy/(Administrator|AWSOrganizationsFull|IAMFull|PowerUser)Access\z'
            )
            OR regexp_like(
                permission_granted, '^arn:aws[a-z-]*:eks::aws:cluster-access-policy/AmazonEKS(Cluster)?AdminPolicy\z'
            )
            OR any_match(
                CASE grant_kind
                    WHEN 'group' THEN :privileged_groups
                    WHEN 'permission_set' THEN :privileged_permission_sets
                    ELSE :admin_policy_patterns
                END,
                pattern -> lower(permission_granted)
                LIKE replace(replace(lower(pattern), '_', '!_'), '*', '%') ESCAPE '!'
            ),
            FALSE
        ) AS is_administrative
    FROM grants
),

held AS (
    SELECT
        named.*,
        bool_or(is_administrative) OVER (PARTITION BY account_id, lower(holder)) AS holder_is_administrative
    FROM named
)

SELECT
    event_time,
    account_id,
    event_source,
    event_name,
    grant_kind,
    permission_granted,
    recipient,
    account_or_cluster,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id
FROM held
WHERE
    request_state IN ('omitted', 'unparseable')
    OR is_administrative
    OR (grant_kind IN ('group', 'permission_set') AND holder_is_administrative)
ORDER BY event_time, account_id, event_id
