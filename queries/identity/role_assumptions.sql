/*---
id = "identity.role_assumptions"
version = 1
kind = "metric"
severity = "info"
title.en = "Who assumes which roles"
title.pt_BR = "Quem assume quais roles"
question.en = "Which identities assumed which roles, how often, when first and last, and with MFA or not?"
question.pt_BR = """\
Quais identidades assumiram quais roles, quantas vezes, quando pela primeira e última vez, e com MFA ou não?"""
needs = ["management:read", "management:write"]
parameters = []
grain = ["account_id", "actor_kind", "actor", "event_name", "assumed_role"]
limits.en = [
  """\
  A call across accounts is logged in both: it is counted once in the account of the caller and once in that of the \
  role, where the caller is known by its account only. external.role_assumptions lists the latter.""",
  "Sign-ins through SAML or web identity name the person or workload by the provider's words.",
  """\
  is_chained: the caller was itself in a role. Behind a chain the person is known only by the session names and the \
  source identity.""",
  "AWS services assume roles for themselves often and are counted like all others; the kind of actor tells them apart.",
]
limits.pt_BR = [
  """\
  Uma chamada entre contas é registrada nas duas: conta uma vez na conta do autor e uma vez na da role, onde do \
  autor só se conhece a conta. external.role_assumptions lista estas últimas.""",
  "Logins por SAML ou identidade web trazem a pessoa ou a carga de trabalho como o provedor as nomeia.",
  """\
  is_chained: o próprio autor estava em uma role. Por trás de uma cadeia, a pessoa só é conhecida pelos nomes de \
  sessão e pela source identity.""",
  "Serviços da AWS assumem roles para si com frequência e são contados como os demais; o tipo de autor os distingue.",
]
remedy.en = """\
Compare with the list of who may assume each role; ask about pairs that are new, that often stay without effect, and \
about people who assume administrative roles without MFA."""
remedy.pt_BR = """\
Compare com a lista de quem pode assumir cada role; pergunte sobre pares novos, sobre os que muitas vezes ficam sem \
efeito e sobre pessoas que assumem roles administrativas sem MFA."""

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
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "assumed_role"
type = "varchar"
title.en = "Role assumed"
title.pt_BR = "Role assumida"
personal = true

[[column]]
name = "is_chained"
type = "boolean"
title.en = "Caller was in a role"
title.pt_BR = "O autor estava em uma role"

[[column]]
name = "assumptions"
type = "bigint"
title.en = "Assumed"
title.pt_BR = "Assumida"

[[column]]
name = "without_effect"
type = "bigint"
title.en = "Without effect"
title.pt_BR = "Sem efeito"

[[column]]
name = "with_mfa"
type = "bigint"
title.en = "Assumed with MFA"
title.pt_BR = "Assumida com MFA"

[[column]]
name = "session_names"
type = "bigint"
title.en = "Session names (count)"
title.pt_BR = "Nomes de sessão (quantidade)"

[[column]]
name = "source_identities"
type = "bigint"
title.en = "Source identities (count)"
title.pt_BR = "Source identities (quantidade)"

[[column]]
name = "source_address_count"
type = "bigint"
title.en = "Source addresses (count)"
title.pt_BR = "Endereços de origem (quantidade)"

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
---*/

WITH assumptions AS (
    SELECT
        account_id,
        event_name,
        event_time,
        call_result,
        mfa,
        source_address,
        -- Who switched is in the event of the role that was switched to.
        CASE event_name WHEN 'SwitchRole' THEN 'unknown' ELSE actor_kind END AS actor_kind,
        CASE event_name
            WHEN 'SwitchRole' THEN json_extract_scalar(additional, '$.SwitchFrom')
            ELSE actor
        END AS actor,
        CASE event_name
            WHEN 'SwitchRole' THEN coalesce(session_issuer, actor)
            WHEN 'AssumeRoot' THEN json_extract_scalar(request, '$.targetPrincipal')
            ELSE json_extract_scalar(request, '$.roleArn')
        END AS assumed_role,
        event_name <> 'SwitchRole'
        AND actor_kind IN ('role', 'human_role', 'service_linked_role') AS is_chained,
        CASE event_name
            WHEN 'SwitchRole' THEN person
            ELSE json_extract_scalar(request, '$.roleSessionName')
        END AS session_name,
        coalesce(
            CASE event_name WHEN 'AssumeRole' THEN json_extract_scalar(request, '$.sourceIdentity') END,
            source_identity
        ) AS source_identity
    FROM activity
    WHERE
        (
            event_source = 'sts.amazonaws.com'
            AND event_name IN ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot')
        )
        OR (event_source = 'signin.amazonaws.com' AND event_name = 'SwitchRole')
)

SELECT
    account_id,
    actor_kind,
    actor,
    event_name,
    assumed_role,
    bool_or(is_chained) AS is_chained,
    count_if(call_result IN ('success', 'unknown')) AS assumptions,
    count_if(call_result NOT IN ('success', 'partial', 'unknown')) AS without_effect,
    count_if(call_result IN ('success', 'unknown') AND mfa = 'yes') AS with_mfa,
    count(DISTINCT session_name) AS session_names,
    count(DISTINCT source_identity) AS source_identities,
    count(DISTINCT source_address) AS source_address_count,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM assumptions
GROUP BY account_id, actor_kind, actor, event_name, assumed_role
ORDER BY account_id, actor_kind, actor, event_name, assumed_role
