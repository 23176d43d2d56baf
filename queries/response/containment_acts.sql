/*---
id = "response.containment_acts"
version = 1
kind = "population"
severity = "info"
title.en = "Acts of containment"
title.pt_BR = "Atos de contenção"
question.en = "Which sessions were revoked, identities locked and instances isolated, when and by whom?"
question.pt_BR = "Quais sessões foram revogadas, identidades bloqueadas e instâncias isoladas, quando e por quem?"
needs = ["management:write"]
parameters = ["isolation_groups", "response_roles"]
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  """\
  An act counts as containment by its form: a policy that revokes older sessions or denies everything, a key or user \
  that is disabled, a security group of isolation_groups, a snapshot by one of response_roles. The removal of a \
  leaver's access looks the same.""",
  """\
  What was done inside a host or an identity provider is not here. A policy that was too large to be logged cannot \
  be read.""",
]
limits.pt_BR = [
  """\
  Um ato conta como contenção por sua forma: uma política que revoga sessões anteriores ou nega tudo, uma chave ou \
  usuário desativado, um grupo de segurança de isolation_groups, um snapshot feito por uma das response_roles.   O \
  desligamento de pessoas tem a mesma aparência.""",
  """\
  O que foi feito dentro de um host ou provedor de identidade não está aqui. Uma política grande demais para o log \
  não pode ser lida.""",
]
remedy.en = "Match each act with the record of an incident. Ask about an incident without any act of containment."
remedy.pt_BR = "Associe cada ato ao registro de um incidente. Questione um incidente sem nenhum ato de contenção."

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
name = "measure"
type = "varchar"
title.en = "Measure"
title.pt_BR = "Medida"

[[column]]
name = "target"
type = "varchar"
title.en = "Applied to"
title.pt_BR = "Aplicada a"
personal = true

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

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
name = "source_address"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"
---*/

WITH
calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        call_result,
        actor_kind,
        actor,
        person,
        source_address,
        event_id,
        request_state,
        CASE event_source
            WHEN 'iam.amazonaws.com'
                THEN coalesce(json_extract_scalar(request, '$.roleName'), json_extract_scalar(request, '$.userName'))
            WHEN 'sso-directory.amazonaws.com' THEN json_extract_scalar(request, '$.userId')
            WHEN 'sso.amazonaws.com' THEN json_extract_scalar(request, '$.principalId')
            ELSE coalesce(
                json_extract_scalar(request, '$.instanceId'),
                json_extract_scalar(request, '$.associationId'),
                json_extract_scalar(request, '$.AssociationId'),
                json_extract_scalar(request, '$.volumeId')
            )
        END AS target,
        CASE WHEN event_source = 'iam.amazonaws.com' THEN json_extract_scalar(request, '$.policyName') END
            AS policy_name,
        CASE
            WHEN event_source = 'iam.amazonaws.com' THEN json_extract_scalar(request, '$.policyDocument')
        END AS policy_text,
        CASE WHEN event_source = 'iam.amazonaws.com' THEN json_extract_scalar(request, '$.policyArn') END AS policy_arn,
        CASE
            WHEN event_source = 'iam.amazonaws.com' THEN lower(json_extract_scalar(request, '$.status'))
        END AS key_status,
        CASE
            WHEN event_name = 'ModifyInstanceAttribute'
                THEN transform(
                    try_cast(json_extract(request, '$.groupSet.items') AS ARRAY(json)),
                    held -> json_extract_scalar(held, '$.groupId')
                )
        END AS security_groups
    FROM activity
    WHERE
        (
            event_source = 'iam.amazonaws.com'
            AND event_name IN (
                'PutRolePolicy', 'PutUserPolicy', 'AttachUserPolicy', 'AttachRolePolicy', 'UpdateAccessKey',
                'DeleteAccessKey', 'DeleteLoginProfile'
            )
        )
        OR (event_source = 'sso-directory.amazonaws.com' AND event_name = 'DisableUser')
        OR (event_source = 'sso.amazonaws.com' AND event_name = 'DeleteAccountAssignment')
        OR (
            event_source = 'ec2.amazonaws.com'
            AND event_name IN ('DisassociateIamInstanceProfile', 'ModifyInstanceAttribute', 'CreateSnapshot')
        )
),

measures AS (
    SELECT
        calls.*,
        CASE
            WHEN event_name IN ('PutRolePolicy', 'PutUserPolicy') AND request_state IN ('omitted', 'unparseable')
                THEN 'unreadable_policy'
            WHEN policy_name = 'AWSRevokeOlderSessions' THEN 'sessions_revoked'
            WHEN
                regexp_like(policy_arn, ':policy/(AWSDenyAll|AWSCompromisedKeyQuarantine(V[0-9]+)?)\z')
                THEN 'everything_denied'
            WHEN
                event_name IN ('PutRolePolicy', 'PutUserPolicy')
                AND regexp_like(policy_text, '"Effect"[ \t\r\n]*:[ \t\r\n]*"Deny"')
                AND regexp_like(policy_text, '"Action"[ \t\r\n]*:[ \t\r\n]*(\[[ \t\r\n]*)?"\*"')
                AND NOT regexp_like(policy_text, '"Effect"[ \t\r\n]*:[ \t\r\n]*"Allow"')
                THEN 'everything_denied'
            WHEN event_name = 'UpdateAccessKey' AND key_status = 'inactive' THEN 'key_disabled'
            WHEN event_name = 'DeleteAccessKey' THEN 'key_deleted'
            WHEN event_name = 'DeleteLoginProfile' THEN 'password_removed'
            WHEN event_name = 'DisableUser' THEN 'user_disabled'
            WHEN event_name = 'DeleteAccountAssignment' THEN 'access_removed'
            WHEN event_name = 'DisassociateIamInstanceProfile' THEN 'instance_role_removed'
            WHEN
                event_name = 'ModifyInstanceAttribute'
                AND arrays_overlap(security_groups, :isolation_groups)
                THEN 'instance_isolated'
            WHEN
                event_name = 'CreateSnapshot'
                AND any_match(
                    :response_roles,
                    role -> actor LIKE replace(replace(role, '_', '!_'), '*', '%') ESCAPE '!'
                )
                THEN 'disk_preserved'
        END AS measure
    FROM calls
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    measure,
    target,
    call_result,
    actor_kind,
    actor,
    person,
    source_address,
    event_id
FROM measures
WHERE measure IS NOT NULL
ORDER BY event_time, account_id, event_id
