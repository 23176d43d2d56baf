/*---
id = "signin.signins_without_mfa"
version = 1
kind = "exception"
severity = "high"
title.en = "Sign-ins without MFA"
title.pt_BR = "Logins sem MFA"
question.en = "Which IAM users, Identity Center users or root signed in successfully with no second factor?"
question.pt_BR = """\
Quais usuários do IAM, usuários do Identity Center ou o root fizeram login com sucesso sem um segundo fator?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "actor"]
limits.en = [
  "Federated sign-ins are left out: CloudTrail does not see the factor that the identity provider asked for.",
  "Where MFAUsed was not logged the row says unknown: that is neither use nor absence of a second factor.",
  "Only sign-ins to the console and the access portal; API calls with a long-term key have no second factor to show.",
]
limits.pt_BR = [
  "Os logins federados ficam de fora: o CloudTrail não vê o fator pedido pelo provedor de identidade.",
  "Quando MFAUsed não foi registrado, a linha diz unknown: isso não prova nem o uso nem a falta do segundo fator.",
  """\
  Somente logins no console e no portal de acesso; chamadas de API com chave de longo prazo não têm segundo fator \
  a mostrar.""",
]
remedy.en = """\
Ask why this identity can sign in without a second factor, enforce one, and check what the session did; for \
unknown ask for other proof, such as the credential report."""
remedy.pt_BR = """\
Pergunte por que essa identidade consegue fazer login sem segundo fator, passe a exigi-lo e verifique o que a sessão \
fez; para unknown, peça outra prova, como o relatório de credenciais."""

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
name = "mfa_logged"
type = "varchar"
title.en = "MFA as logged"
title.pt_BR = "MFA registrado"

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
    actor_kind,
    actor,
    person,
    mfa,
    mfa_logged,
    source_address,
    user_agent,
    event_id
FROM activity
WHERE
    event_source = 'signin.amazonaws.com'
    -- Identity Center logs UserAuthentication once, when every factor it asked for was given.
    AND event_name IN ('ConsoleLogin', 'UserAuthentication')
    AND actor_kind IN ('root', 'iam_user', 'identity_center')
    AND call_result = 'success'
    -- A federated sign-in always says No: its factor is asked for at the identity provider.
    AND mfa NOT IN ('yes', 'at_idp')
ORDER BY event_time, account_id, event_id
