/*---
id = "response.principal_timeline"
version = 1
kind = "population"
severity = "info"
title.en = "Everything that the identities of a case did"
title.pt_BR = "Tudo o que as identidades de um caso fizeram"
question.en = "What did the identities, keys and addresses of a case do, with the sessions that they began?"
question.pt_BR = "O que fizeram as identidades, chaves e endereços de um caso, com as sessões que iniciaram?"
needs = ["management:read", "management:write"]
parameters = ["case_principals", "case_keys", "case_addresses"]
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  """\
  Sessions are followed one step: what a role did that was assumed by an identity of the case, but not what came \
  after it.""",
  """\
  An address may be shared by people who have nothing to do with the case. Data events appear only where the trail \
  logs them.""",
]
limits.pt_BR = [
  """\
  As sessões são seguidas por um passo: o que fez uma role assumida por uma identidade do caso, mas não o que veio \
  depois dela.""",
  """\
  Um endereço pode ser compartilhado por pessoas alheias ao caso. Eventos de dados só aparecem onde a trilha os \
  registra.""",
]
remedy.en = "Read it from top to bottom, denied calls included; add what else belongs to the case and ask again."
remedy.pt_BR = """\
Leia do início ao fim, inclusive as chamadas negadas; inclua o que mais pertence ao caso e consulte de novo."""

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
name = "resource_arn"
type = "varchar"
title.en = "Resource"
title.pt_BR = "Recurso"

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
name = "reached_by"
type = "varchar"
title.en = "Belongs to the case by"
title.pt_BR = "Pertence ao caso por"

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

WITH
-- Keys of sessions that the case's identities were given.
issued AS (
    SELECT DISTINCT json_extract_scalar(response, '$.credentials.accessKeyId') AS access_key_id
    FROM activity
    WHERE
        event_source = 'sts.amazonaws.com'
        AND event_name IN (
            'AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'GetFederationToken', 'GetSessionToken'
        )
        AND (
            any_match(
                :case_principals, named -> actor LIKE replace(replace(named, '_', '!_'), '*', '%') ESCAPE '!'
            )
            OR contains(:case_principals, person)
            OR contains(:case_keys, access_key_id)
        )
),

followed AS (
    SELECT
        activity.event_time,
        activity.account_id,
        activity.region,
        activity.event_source,
        activity.event_name,
        activity.call_result,
        activity.error_code,
        activity.actor_kind,
        activity.actor,
        activity.person,
        activity.access_key_id,
        activity.source_address,
        activity.user_agent,
        activity.event_id,
        activity.log_file,
        activity.resources,
        issued.access_key_id IS NOT NULL AS is_issued
    FROM activity
    LEFT JOIN issued ON activity.access_key_id = issued.access_key_id
),

judged AS (
    SELECT
        followed.*,
        CASE
            WHEN
                any_match(
                    :case_principals, named -> actor LIKE replace(replace(named, '_', '!_'), '*', '%') ESCAPE '!'
                )
                OR contains(:case_principals, person)
                THEN 'identity'
            WHEN contains(:case_keys, access_key_id) THEN 'key'
            WHEN is_issued THEN 'session'
            WHEN contains(:case_addresses, source_address) THEN 'address'
        END AS reached_by
    FROM followed
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    element_at(resources, 1).arn AS resource_arn,
    call_result,
    error_code,
    reached_by,
    actor_kind,
    actor,
    person,
    access_key_id,
    source_address,
    user_agent,
    event_id,
    log_file
FROM judged
WHERE reached_by IS NOT NULL
ORDER BY event_time, account_id, event_id
