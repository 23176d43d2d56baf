/*---
id = "credentials.self_made_sessions"
version = 1
kind = "population"
severity = "info"
title.en = "Sessions that users made from their keys"
title.pt_BR = "Sessões que usuários criaram com as próprias chaves"
question.en = """\
Which IAM users, or root, made a temporary session from their key (GetSessionToken, GetFederationToken), for how \
long, and with MFA?"""
question.pt_BR = """\
Quais usuários do IAM, ou o root, criaram uma sessão temporária com a sua chave (GetSessionToken, \
GetFederationToken), por quanto tempo, e com MFA?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  A session lives on after its key is disabled or deleted, up to 36 hours: only a policy that denies the user \
  everything, or deleting the user, ends it. Follow it by session_key, which its calls carry as their access key.""",
  """\
  GetSessionToken with an MFA device (serial_number) is how people use MFA with a key, and is expected. \
  GetFederationToken never carries MFA, and can open the console: ask about each.""",
]
limits.pt_BR = [
  """\
  Uma sessão continua viva depois que a chave é desativada ou excluída, por até 36 horas: só a encerra uma política \
  que negue tudo ao usuário, ou a exclusão dele. Siga-a por session_key, que suas chamadas trazem como chave de \
  acesso.""",
  """\
  GetSessionToken com um dispositivo MFA (serial_number) é como se usa MFA com uma chave, e é esperado. \
  GetFederationToken nunca traz MFA e pode abrir o console: pergunte sobre cada um.""",
]
remedy.en = """\
Ask for the purpose of each GetFederationToken. After a key was taken, look here for what was made from it before it \
was disabled."""
remedy.pt_BR = """\
Pergunte a finalidade de cada GetFederationToken. Se uma chave foi comprometida, veja aqui o que foi criado com ela \
antes de ser desativada."""

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
name = "session_key"
type = "varchar"
title.en = "Key of the session"
title.pt_BR = "Chave da sessão"

[[column]]
name = "federated_name"
type = "varchar"
title.en = "Name given to the session"
title.pt_BR = "Nome dado à sessão"
personal = true

[[column]]
name = "serial_number"
type = "varchar"
title.en = "Device"
title.pt_BR = "Dispositivo"
personal = true

[[column]]
name = "duration_seconds"
type = "bigint"
title.en = "Asked for (seconds)"
title.pt_BR = "Pedida (segundos)"

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
name = "access_key_id"
type = "varchar"
title.en = "Access key"
title.pt_BR = "Chave de acesso"

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
name = "error_code"
type = "varchar"
title.en = "Error code"
title.pt_BR = "Código de erro"

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

SELECT
    event_time,
    account_id,
    region,
    event_name,
    json_extract_scalar(response, '$.credentials.accessKeyId') AS session_key,
    CASE event_name WHEN 'GetFederationToken' THEN json_extract_scalar(request, '$.name') END AS federated_name,
    CASE event_name WHEN 'GetSessionToken' THEN json_extract_scalar(request, '$.serialNumber') END AS serial_number,
    try_cast(json_extract_scalar(request, '$.durationSeconds') AS bigint) AS duration_seconds,
    actor_kind,
    actor,
    person,
    access_key_id,
    mfa,
    call_result,
    error_code,
    source_address,
    user_agent,
    event_id,
    log_file
FROM activity
WHERE
    event_source = 'sts.amazonaws.com'
    AND event_name IN ('GetSessionToken', 'GetFederationToken')
ORDER BY event_time, account_id, event_id
