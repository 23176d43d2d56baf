/*---
id = "credentials.keys_for_other_users"
version = 1
kind = "exception"
severity = "high"
title.en = "Credentials made for someone else"
title.pt_BR = "Credenciais criadas para outra pessoa"
question.en = """\
Who created or enabled a key, password, MFA device or other credential for another user, outside the identity \
administrators?"""
question.pt_BR = """\
Quem, fora dos administradores de identidade, criou ou ativou chave, senha, dispositivo MFA ou outra credencial \
para outro usuário?"""
needs = ["management:write"]
parameters = ["identity_admin_roles"]
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "actor", "user_name", "credential_kind"]
limits.en = [
  "Only IAM users: credentials in Identity Center, databases and applications are not covered.",
  """\
  A role has no credentials of its own to make, so every credential made by a role is for someone else, pipelines \
  included; name the approved ones in identity_admin_roles.""",
  "A request that CloudTrail left out for its size is listed without a user name.",
]
limits.pt_BR = [
  "Somente usuários do IAM: credenciais no Identity Center, em bancos de dados e em aplicações ficam de fora.",
  """\
  Uma role não cria credenciais para si; por isso toda credencial criada por uma role é para outra identidade, \
  inclusive em pipelines; informe as aprovadas em identity_admin_roles.""",
  "Uma requisição que o CloudTrail omitiu pelo tamanho é listada sem nome de usuário.",
]
remedy.en = """\
Ask for the request behind it and whether the user got the credential. If neither is known, disable it and look at \
what was done with it."""
remedy.pt_BR = """\
Peça a solicitação correspondente e confirme se o usuário recebeu a credencial. Se nada disso se confirmar, desative-a \
e verifique o que foi feito com ela."""

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
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "credential_kind"
type = "varchar"
title.en = "Kind of credential"
title.pt_BR = "Tipo de credencial"

[[column]]
name = "user_name"
type = "varchar"
title.en = "For the user"
title.pt_BR = "Para o usuário"
personal = true

[[column]]
name = "credential_id"
type = "varchar"
title.en = "Credential id"
title.pt_BR = "Id da credencial"
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

WITH changes AS (
    SELECT
        event_time,
        account_id,
        event_name,
        json_extract_scalar(request, '$.userName') AS user_name,
        coalesce(
            json_extract_scalar(request, '$.accessKeyId'),
            json_extract_scalar(response, '$.accessKey.accessKeyId'),
            json_extract_scalar(request, '$.serialNumber'),
            json_extract_scalar(request, '$.serviceSpecificCredentialId'),
            json_extract_scalar(response, '$.serviceSpecificCredential.serviceSpecificCredentialId')
        ) AS credential_id,
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
        event_source = 'iam.amazonaws.com'
        AND call_result = 'success'
        AND (
            event_name IN (
                'CreateAccessKey', 'CreateLoginProfile', 'UpdateLoginProfile', 'EnableMFADevice',
                'CreateServiceSpecificCredential', 'ResetServiceSpecificCredential',
                'UploadSSHPublicKey', 'UploadSigningCertificate'
            )
            OR (
                event_name IN (
                    'UpdateAccessKey', 'UpdateServiceSpecificCredential', 'UpdateSSHPublicKey',
                    'UpdateSigningCertificate'
                )
                AND lower(json_extract_scalar(request, '$.status')) = 'active'
            )
        )
)

SELECT
    event_time,
    account_id,
    event_name,
    CASE
        WHEN strpos(event_name, 'AccessKey') > 0 THEN 'access_key'
        WHEN strpos(event_name, 'LoginProfile') > 0 THEN 'console_password'
        WHEN strpos(event_name, 'MFA') > 0 THEN 'mfa'
        WHEN strpos(event_name, 'ServiceSpecific') > 0 THEN 'service_credential'
        WHEN strpos(event_name, 'SSH') > 0 THEN 'ssh_key'
        ELSE 'certificate'
    END AS credential_kind,
    user_name,
    credential_id,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id
FROM changes
WHERE
    (
        request_state IN ('omitted', 'unparseable')
        OR (
            -- Without a user name IAM means the caller. Names of IAM users are unique whatever their case.
            user_name IS NOT NULL
            AND NOT coalesce(actor_kind = 'iam_user' AND lower(user_name) = lower(person), FALSE)
            AND NOT (actor_kind IN ('root', 'assumed_root') AND user_name = 'AWS ROOT USER')
        )
    )
    AND NOT coalesce(
        any_match(
            :identity_admin_roles,
            role -> actor LIKE replace(replace(role, '_', '!_'), '*', '%') ESCAPE '!'
        ),
        FALSE
    )
ORDER BY event_time, account_id, event_id
