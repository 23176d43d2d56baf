/*---
id = "signin.console_signins"
version = 1
kind = "population"
severity = "info"
title.en = "Console sign-ins"
title.pt_BR = "Logins no console"
question.en = """\
Who signed in to the console in the period, from where, by which method, with which factor and with which result?"""
question.pt_BR = "Quem fez login no console no período, de onde, por qual método, com qual fator e com qual resultado?"
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  The console records a sign-in in the Region that AWS chose for it, so the Region says nothing about the person's \
  place.""",
  """\
  Of a federated sign-in CloudTrail knows only that it came from the identity provider: whether a second factor \
  was asked for is shown in the provider's own log.""",
  """\
  CheckMfa is the step at which the console asks an IAM user or root for the second factor; the sign-in itself is \
  the ConsoleLogin after it.""",
  "A user name that does not exist is logged as HIDDEN_DUE_TO_SECURITY_REASONS, because people type passwords there.",
]
limits.pt_BR = [
  """\
  O console registra o login na região escolhida pela AWS; por isso a região nada diz sobre o lugar onde a pessoa \
  estava.""",
  """\
  De um login federado o CloudTrail só sabe que veio do provedor de identidade: se houve segundo fator, só o \
  log do próprio provedor mostra.""",
  """\
  CheckMfa é o passo em que o console pede o segundo fator ao usuário do IAM ou ao root; o login em si é o \
  ConsoleLogin seguinte.""",
  """\
  Um nome de usuário inexistente é registrado como HIDDEN_DUE_TO_SECURITY_REASONS, porque há quem digite a senha \
  nesse campo.""",
]
remedy.en = """\
Draw a sample and match each sign-in with a person who was allowed in on that day; for federated sign-ins ask the \
identity provider for its record of the same minute."""
remedy.pt_BR = """\
Extraia uma amostra e confronte cada login com uma pessoa autorizada naquela data; nos logins federados, peça ao \
provedor de identidade o registro do mesmo minuto."""

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
name = "signin_method"
type = "varchar"
title.en = "Method"
title.pt_BR = "Método"

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
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

[[column]]
name = "error_message"
type = "varchar"
title.en = "Error message"
title.pt_BR = "Mensagem de erro"
personal = true

[[column]]
name = "mfa"
type = "varchar"
title.en = "MFA"
title.pt_BR = "MFA"

[[column]]
name = "factor"
type = "varchar"
title.en = "Factor as logged"
title.pt_BR = "Fator registrado"
personal = true

[[column]]
name = "identity_provider"
type = "varchar"
title.en = "Identity provider"
title.pt_BR = "Provedor de identidade"

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

SELECT
    event_time,
    account_id,
    region,
    event_name,
    -- An Identity Center sign-in reaches the accounts as a role whose name AWS reserves for it.
    CASE
        WHEN actor_kind IN ('root', 'assumed_root') THEN 'root'
        WHEN actor_kind = 'identity_center' OR strpos(actor, 'AWSReservedSSO_') > 0 THEN 'identity_center'
        WHEN actor_kind = 'iam_user' THEN 'iam_user'
        WHEN strpos(identity_provider, ':saml-provider/') > 0 THEN 'saml'
        WHEN actor_kind IN ('role', 'human_role') THEN 'role'
        ELSE actor_kind
    END AS signin_method,
    actor,
    person,
    call_result,
    error_message,
    mfa,
    coalesce(
        json_extract_scalar(additional, '$.MFAIdentifier'),
        json_extract_scalar(additional, '$.MfaType'),
        json_extract_scalar(additional, '$.CredentialType')
    ) AS factor,
    identity_provider,
    source_address,
    user_agent,
    event_id
FROM activity
WHERE
    event_source = 'signin.amazonaws.com'
    AND event_name IN ('ConsoleLogin', 'CheckMfa', 'SwitchRole', 'UserAuthentication')
ORDER BY event_time, account_id, event_id
