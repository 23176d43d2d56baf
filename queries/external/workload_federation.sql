/*---
id = "external.workload_federation"
version = 1
kind = "exception"
severity = "high"
title.en = "Workloads outside AWS that obtained roles"
title.pt_BR = "Cargas de trabalho fora da AWS que obtiveram roles"
question.en = """\
Which outside workloads, such as build systems and clusters, obtained a role by web identity or certificate, and is \
their subject expected?"""
question.pt_BR = """\
Quais cargas de trabalho externas, como sistemas de build e clusters, obtiveram uma role por identidade web ou \
certificado, e seu subject é esperado?"""
needs = ["management:read", "management:write"]
parameters = ["approved_workload_subjects"]
grain = ["account_id", "role_arn", "provider", "workload_subject", "event_name"]
subject = ["account_id", "role_arn", "provider", "workload_subject"]
limits.en = [
  "Identities of Cognito identity pools are data events and not asked here.",
  """\
  A subject is expected only if approved_workload_subjects holds it; while that list is empty, every subject is a \
  row.""",
]
limits.pt_BR = [
  "Identidades de grupos do Cognito são eventos de dados e não são consultadas aqui.",
  """\
  Um subject só é esperado se estiver em approved_workload_subjects; enquanto a lista estiver vazia, todo subject é \
  uma linha.""",
]
remedy.en = """\
Find the repository, cluster or host behind each subject. Add what is expected to approved_workload_subjects; for \
the rest, narrow the condition on the subject in the role's trust policy."""
remedy.pt_BR = """\
Localize o repositório, cluster ou host por trás de cada subject. Inclua o que é esperado em \
approved_workload_subjects; para os demais, restrinja a condição sobre o subject na política de confiança da role."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "role_arn"
type = "varchar"
title.en = "Role"
title.pt_BR = "Role"

[[column]]
name = "provider"
type = "varchar"
title.en = "Provider or anchor"
title.pt_BR = "Provedor ou âncora"

[[column]]
name = "workload_subject"
type = "varchar"
title.en = "Subject"
title.pt_BR = "Subject"
personal = true

[[column]]
name = "audience"
type = "varchar"
title.en = "Audience"
title.pt_BR = "Audience"

[[column]]
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "sessions"
type = "bigint"
title.en = "Sessions"
title.pt_BR = "Sessões"

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
---*/

WITH
sessions AS (
    SELECT
        account_id,
        event_name,
        event_time,
        event_id,
        source_address,
        json_extract_scalar(request, '$.roleArn') AS role_arn,
        CASE event_name
            WHEN 'CreateSession' THEN json_extract_scalar(request, '$.trustAnchorArn')
            ELSE coalesce(json_extract_scalar(response, '$.provider'), identity_provider)
        END AS provider,
        CASE event_name
            WHEN 'CreateSession'
                THEN coalesce(
                    json_extract_scalar(response, '$.credentialSet[0].sourceIdentity'),
                    json_extract_scalar(response, '$.subjectArn')
                )
            ELSE coalesce(json_extract_scalar(response, '$.subjectFromWebIdentityToken'), person)
        END AS workload_subject,
        CASE WHEN event_name <> 'CreateSession' THEN json_extract_scalar(response, '$.audience') END AS audience
    FROM activity
    WHERE
        call_result = 'success'
        AND (
            (event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRoleWithWebIdentity')
            OR (event_source = 'rolesanywhere.amazonaws.com' AND event_name = 'CreateSession')
        )
),

numbered AS (
    SELECT
        sessions.*,
        row_number() OVER (
            PARTITION BY account_id, role_arn, provider, workload_subject, event_name
            ORDER BY event_time, event_id
        ) AS nth
    FROM sessions
    WHERE
        NOT coalesce(
            any_match(
                :approved_workload_subjects,
                approved -> workload_subject LIKE replace(replace(approved, '_', '!_'), '*', '%') ESCAPE '!'
            ),
            FALSE
        )
)

SELECT
    account_id,
    role_arn,
    provider,
    workload_subject,
    max(audience) AS audience,
    event_name,
    count(*) AS sessions,
    slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
        AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id
FROM numbered
GROUP BY account_id, role_arn, provider, workload_subject, event_name
ORDER BY account_id, role_arn, provider, workload_subject, event_name
