/*---
id = "signin.changes_without_mfa"
version = 1
kind = "exception"
severity = "high"
title.en = "Changes made without MFA"
title.pt_BR = "Mudanças feitas sem MFA"
question.en = """\
Which IAM users, or root, changed something in a session without a second factor, or with a long-term key, which has \
none?"""
question.pt_BR = """\
Quais usuários do IAM, ou o root, alteraram algo em uma sessão sem segundo fator, ou com uma chave de longo prazo, \
que não tem fator?"""
needs = ["management:write"]
parameters = ["workload_principals"]
grain = ["account_id", "actor_kind", "actor", "person", "mfa", "credential"]
subject = ["account_id", "actor"]
limits.en = [
  """\
  no: the session says that it began without MFA. no_session: a long-term key signed, which carries no session and \
  so no second factor.""",
  "An IAM user may be a program: name those in workload_principals, and they are left out.",
  """\
  Roles are left out: behind Identity Center or SAML the second factor is asked for at the provider, and a role \
  switched to does not say how its session began. A session whose record is silent about MFA (unknown) is left out \
  too.""",
  """\
  The calls by which an IAM user gets a second factor are not changes here: changing the own password, making and \
  enabling an own MFA device, and GetSessionToken. Data events are left out.""",
]
limits.pt_BR = [
  """\
  no: a sessão diz que começou sem MFA. no_session: assinou uma chave de longo prazo, que não carrega sessão nem, \
  portanto, segundo fator.""",
  "Um usuário do IAM pode ser um programa: informe-os em workload_principals e eles ficam de fora.",
  """\
  Roles ficam de fora: por trás do Identity Center ou do SAML o segundo fator é pedido no provedor, e uma role \
  assumida por troca não diz como a sessão começou. Sessões cujo registro silencia sobre MFA (unknown) também ficam \
  de fora.""",
  """\
  As chamadas com que um usuário do IAM obtém um segundo fator não contam como mudança: trocar a própria senha, \
  criar e ativar o próprio dispositivo MFA e GetSessionToken. Eventos de dados ficam de fora.""",
]
remedy.en = """\
Require MFA by a condition (aws:MultiFactorAuthPresent) in the policies of people, move people from IAM users to \
Identity Center, and replace keys of people by sessions."""
remedy.pt_BR = """\
Exija MFA por condição (aws:MultiFactorAuthPresent) nas políticas das pessoas, migre as pessoas de usuários do IAM \
para o Identity Center e troque chaves de pessoas por sessões."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

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
name = "credential"
type = "varchar"
title.en = "Credential"
title.pt_BR = "Credencial"

[[column]]
name = "changes"
type = "bigint"
title.en = "Calls that change"
title.pt_BR = "Chamadas que alteram"

[[column]]
name = "event_sources"
type = "array(varchar)"
title.en = "Services"
title.pt_BR = "Serviços"

[[column]]
name = "event_names"
type = "array(varchar)"
title.en = "Kinds of event"
title.pt_BR = "Tipos de evento"

[[column]]
name = "source_addresses"
type = "array(varchar)"
title.en = "Source addresses"
title.pt_BR = "Endereços de origem"
personal = true

[[column]]
name = "first_time"
type = "timestamp"
title.en = "First time (UTC)"
title.pt_BR = "Primeira vez (UTC)"

[[column]]
name = "last_time"
type = "timestamp"
title.en = "Last time (UTC)"
title.pt_BR = "Última vez (UTC)"

[[column]]
name = "first_event_id"
type = "varchar"
title.en = "Id of the first event"
title.pt_BR = "Id do primeiro evento"

[[column]]
name = "first_log_file"
type = "varchar"
title.en = "Log file of the first event"
title.pt_BR = "Arquivo de log do primeiro evento"
---*/

WITH
acts AS (
    SELECT
        account_id,
        actor_kind,
        actor,
        person,
        mfa,
        credential,
        event_source,
        event_name,
        source_address,
        event_time,
        event_id,
        log_file,
        row_number() OVER (
            PARTITION BY account_id, actor_kind, actor, person, mfa, credential
            ORDER BY event_time, event_id
        ) AS nth
    FROM activity
    WHERE
        actor_kind IN ('iam_user', 'root', 'assumed_root')
        AND mfa IN ('no', 'no_session')
        -- Old records are not always marked: the name tells.
        AND NOT coalesce(
            read_only,
            regexp_like(event_name, '^(AssumeRole|Decrypt|Describe|Encrypt|Generate|Get|Head|List|Lookup|Search)'),
            TRUE
        )
        AND event_category = 'Management'
        AND call_result IN ('success', 'partial')
        AND NOT service_initiated
        AND event_source <> 'signin.amazonaws.com'
        AND NOT (event_source = 'sts.amazonaws.com' AND event_name = 'GetSessionToken')
        -- Nobody has a second factor before this.
        AND NOT (
            event_source = 'iam.amazonaws.com'
            AND (
                event_name IN ('ChangePassword', 'CreateVirtualMFADevice')
                OR (
                    event_name IN ('EnableMFADevice', 'ResyncMFADevice')
                    AND coalesce(lower(json_extract_scalar(request, '$.userName')) = lower(person), FALSE)
                )
            )
        )
        AND NOT coalesce(
            any_match(
                :workload_principals,
                held -> actor LIKE replace(replace(held, '_', '!_'), '*', '%') ESCAPE '!'
            ),
            FALSE
        )
)

SELECT
    account_id,
    actor_kind,
    actor,
    person,
    mfa,
    credential,
    count(*) AS changes,
    slice(array_sort(array_agg(DISTINCT event_source)), 1, 20) AS event_sources,
    slice(array_sort(array_agg(DISTINCT event_name)), 1, 20) AS event_names,
    slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
        AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id,
    max(CASE WHEN nth = 1 THEN log_file END) AS first_log_file
FROM acts
GROUP BY account_id, actor_kind, actor, person, mfa, credential
ORDER BY account_id, actor_kind, actor, person, mfa, credential
