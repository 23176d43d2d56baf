/*---
id = "permissions.denied_sensitive"
version = 1
kind = "exception"
severity = "high"
title.en = "People denied where it matters most"
title.pt_BR = "Pessoas com acesso negado onde mais importa"
question.en = """\
Which people and outsiders were denied calls on keys, secrets, identities and their roles, logs, detection and the \
resources that hold regulated data?"""
question.pt_BR = """\
Quais pessoas e terceiros tiveram chamadas negadas a chaves, segredos, identidades e suas roles, logs, detecção e \
recursos que guardam dados regulados?"""
needs = ["management:read", "management:write"]
parameters = ["sensitive_resources"]
grain = ["account_id", "actor_kind", "actor", "person", "event_source", "event_name"]
subject = ["account_id", "actor", "person", "event_source", "event_name"]
limits.en = [
  """\
  The attempt is the finding: nothing took effect. permissions.denied_calls counts the denials of everyone, \
  workloads included.""",
  """\
  Beside the services named in the question, resources count that sensitive_resources names; denials on their data \
  are seen only where data events are logged.""",
  """\
  The console asks for more than the person does, and causes denials that nobody meant: many different actions that \
  only look, within one minute, are a sign of it.""",
  """\
  Denials by a VPC endpoint (VpceAccessDenied) are seen where network activity events are logged. A person behind a \
  plain role is not told apart from a workload and is left out.""",
]
limits.pt_BR = [
  """\
  A tentativa é o achado: nada teve efeito. permissions.denied_calls conta as negações de todos, cargas de trabalho \
  incluídas.""",
  """\
  Além dos serviços da pergunta, contam os recursos que sensitive_resources nomeia; negações sobre seus dados só são \
  vistas quando os eventos de dados são registrados.""",
  """\
  O console pede mais do que a pessoa pede e gera negações que ninguém provocou de propósito: é o caso de muitas ações \
  de consulta diferentes em um minuto.""",
  """\
  Negações por um VPC endpoint (VpceAccessDenied) são vistas onde eventos de atividade de rede são registrados. Uma \
  pessoa por trás de uma role comum não se distingue de uma carga de trabalho e fica de fora.""",
]
remedy.en = """\
Ask the person what they were doing: a permission that their work needs is missing, or somebody tried what they may \
not do, or somebody else has their credential."""
remedy.pt_BR = """\
Pergunte à pessoa o que fazia: falta uma permissão de que o trabalho precisa, ou alguém tentou o que não pode, ou \
outra pessoa tem a credencial."""

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
name = "denials"
type = "bigint"
title.en = "Denied calls"
title.pt_BR = "Chamadas negadas"

[[column]]
name = "error_codes"
type = "array(varchar)"
title.en = "Error codes"
title.pt_BR = "Códigos de erro"

[[column]]
name = "resource_arns"
type = "array(varchar)"
title.en = "Resources, as logged"
title.pt_BR = "Recursos, como registrados"

[[column]]
name = "source_addresses"
type = "array(varchar)"
title.en = "Source addresses"
title.pt_BR = "Endereços de origem"
personal = true

[[column]]
name = "through_vpc_endpoint"
type = "bigint"
title.en = "Through a VPC endpoint"
title.pt_BR = "Por VPC endpoint"

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
denied AS (
    SELECT
        account_id,
        actor_kind,
        actor,
        person,
        event_source,
        event_name,
        error_code,
        source_address,
        vpc_endpoint_id,
        event_time,
        event_id,
        log_file,
        transform(resources, held -> held.arn) AS arns
    FROM activity
    WHERE
        call_result = 'denied'
        AND actor_kind IN (
            'iam_user', 'human_role', 'federated', 'identity_center', 'root', 'assumed_root', 'other_account',
            'anonymous'
        )
        AND NOT service_initiated
        AND (
            event_source IN (
                'kms.amazonaws.com', 'secretsmanager.amazonaws.com', 'iam.amazonaws.com', 'sso.amazonaws.com',
                'sso-directory.amazonaws.com', 'identitystore.amazonaws.com', 'organizations.amazonaws.com',
                'cloudtrail.amazonaws.com', 'logs.amazonaws.com', 'config.amazonaws.com', 'guardduty.amazonaws.com',
                'securityhub.amazonaws.com', 'access-analyzer.amazonaws.com', 'macie2.amazonaws.com',
                'inspector2.amazonaws.com', 'detective.amazonaws.com', 'sts.amazonaws.com'
            )
            OR any_match(
                :sensitive_resources,
                named -> coalesce(
                    any_match(
                        transform(resources, held -> held.arn),
                        arn -> arn LIKE replace(replace(named, '_', '!_'), '*', '%') ESCAPE '!'
                    ),
                    FALSE
                )
            )
        )
),

numbered AS (
    SELECT
        denied.*,
        row_number() OVER (
            PARTITION BY account_id, actor_kind, actor, person, event_source, event_name
            ORDER BY event_time, event_id
        ) AS nth
    FROM denied
)

SELECT
    account_id,
    actor_kind,
    actor,
    person,
    event_source,
    event_name,
    count(*) AS denials,
    slice(array_sort(array_agg(DISTINCT error_code)), 1, 20) AS error_codes,
    slice(array_sort(array_distinct(flatten(array_agg(coalesce(arns, ARRAY[]))))), 1, 20) AS resource_arns,
    slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
        AS source_addresses,
    count_if(coalesce(vpc_endpoint_id, '') <> '') AS through_vpc_endpoint,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id,
    max(CASE WHEN nth = 1 THEN log_file END) AS first_log_file
FROM numbered
GROUP BY account_id, actor_kind, actor, person, event_source, event_name
ORDER BY account_id, actor_kind, actor, person, event_source, event_name
