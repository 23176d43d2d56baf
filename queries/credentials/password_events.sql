/*---
id = "credentials.password_events"
version = 1
kind = "population"
severity = "info"
title.en = "Console passwords"
title.pt_BR = "Senhas do console"
question.en = """\
Which passwords of people were created, changed, reset, recovered or removed, by whom, and was a change at the next \
sign-in asked for?"""
question.pt_BR = """\
Quais senhas de pessoas foram criadas, trocadas, redefinidas, recuperadas ou removidas, por quem, e foi exigida a \
troca no próximo login?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  Passwords of IAM users, of root and of Identity Center's own directory. Those of an outside identity provider \
  change there.""",
  """\
  must_change is what the request says, and empty where it says nothing: then IAM asks for no change of a new \
  password, and leaves the setting of an old one.""",
]
limits.pt_BR = [
  """\
  Senhas de usuários do IAM, do root e do diretório do próprio Identity Center. As de um provedor externo são \
  trocadas lá.""",
  """\
  must_change é o que a requisição diz, e fica vazio se ela nada diz: nesse caso, o IAM não exige a troca de uma senha \
  nova e mantém a configuração da antiga.""",
]
remedy.en = """\
Look for passwords set for somebody else without must_change, and match resets with the request of the person."""
remedy.pt_BR = """\
Procure senhas definidas para outra pessoa sem must_change, e confronte as redefinições com o pedido da pessoa."""

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
name = "user_name"
type = "varchar"
title.en = "User"
title.pt_BR = "Usuário"
personal = true

[[column]]
name = "for_other_user"
type = "boolean"
title.en = "For somebody else"
title.pt_BR = "Para outra pessoa"

[[column]]
name = "must_change"
type = "boolean"
title.en = "Change at next sign-in"
title.pt_BR = "Troca no próximo login"

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

[[column]]
name = "error_code"
type = "varchar"
title.en = "Error code"
title.pt_BR = "Código de erro"

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
        event_source,
        event_name,
        CASE event_name
            WHEN 'CreateLoginProfile' THEN 'created'
            WHEN 'UpdateLoginProfile' THEN 'reset'
            WHEN 'DeleteLoginProfile' THEN 'removed'
            WHEN 'PasswordRecoveryRequested' THEN 'recovery_asked_for'
            WHEN 'PasswordRecoveryCompleted' THEN 'recovered'
            ELSE 'changed'
        END AS change_made,
        -- Without a user name IAM means the caller.
        CASE
            WHEN event_source = 'sso-directory.amazonaws.com' THEN json_extract_scalar(request, '$.userId')
            WHEN event_source = 'iam.amazonaws.com' AND request_state IN ('present', 'empty')
                THEN coalesce(json_extract_scalar(request, '$.userName'), person, actor)
            WHEN event_source = 'signin.amazonaws.com' THEN coalesce(person, actor)
        END AS user_name,
        CASE
            WHEN event_name IN ('CreateLoginProfile', 'UpdateLoginProfile')
                THEN CASE lower(json_extract_scalar(request, '$.passwordResetRequired'))
                    WHEN 'true' THEN TRUE
                    WHEN 'false' THEN FALSE
                END
        END AS must_change,
        call_result,
        error_code,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        user_agent,
        event_id,
        log_file
    FROM activity
    WHERE
        (
            event_source = 'iam.amazonaws.com'
            AND event_name IN ('CreateLoginProfile', 'UpdateLoginProfile', 'DeleteLoginProfile', 'ChangePassword')
        )
        OR (
            event_source = 'signin.amazonaws.com'
            AND event_name IN ('PasswordRecoveryRequested', 'PasswordRecoveryCompleted', 'PasswordUpdated')
        )
        OR (event_source = 'sso-directory.amazonaws.com' AND event_name = 'UpdatePassword')
)

SELECT
    event_time,
    account_id,
    event_source,
    event_name,
    change_made,
    user_name,
    -- Identity Center logs the user's id and the caller's name, which do not tell.
    CASE event_source
        WHEN 'iam.amazonaws.com'
            THEN CASE
                WHEN actor_kind = 'iam_user' THEN lower(user_name) <> lower(person)
                ELSE user_name <> actor
            END
        WHEN 'signin.amazonaws.com' THEN FALSE
    END AS for_other_user,
    must_change,
    call_result,
    error_code,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id,
    log_file
FROM changes
ORDER BY event_time, account_id, event_id
