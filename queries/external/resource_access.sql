/*---
id = "external.resource_access"
version = 1
kind = "population"
severity = "info"
title.en = "Resources reached across accounts"
title.pt_BR = "Recursos acessados entre contas"
question.en = """\
Which resources of other accounts did our identities reach, and which of ours did identities of other accounts \
reach?"""
question.pt_BR = """\
Quais recursos de outras contas nossas identidades acessaram, e quais dos nossos foram acessados por identidades de \
outras contas?"""
needs = ["management:read", "management:write", "kms"]
parameters = ["trusted_accounts"]
grain = ["account_id", "direction", "other_account", "event_source", "event_name"]
limits.en = [
  """\
  Only services that log the account of a resource are asked: S3, KMS, SQS, SNS, STS, Secrets Manager, DynamoDB, \
  Lambda and ECR.""",
  "Reads and writes of data are seen only where the trail logs data events.",
  "An action that both accounts log is counted once in each account, by the id that both records share.",
]
limits.pt_BR = [
  """\
  Só são consultados serviços que registram a conta do recurso: S3, KMS, SQS, SNS, STS, Secrets Manager, DynamoDB, \
  Lambda e ECR.""",
  "Leituras e gravações de dados só aparecem onde a trilha registra eventos de dados.",
  "Uma ação que as duas contas registram conta uma vez em cada conta, pelo id que os dois registros compartilham.",
]
remedy.en = """\
Compare with the data flows that are agreed and registered. Data that leaves to another account, or is read from it, \
is a disclosure to whoever holds that account."""
remedy.pt_BR = """\
Compare com os fluxos de dados acordados e registrados. Dados que saem para outra conta, ou que são lidos a partir \
dela, são um compartilhamento com quem a controla."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "direction"
type = "varchar"
title.en = "Direction"
title.pt_BR = "Direção"

[[column]]
name = "other_account"
type = "varchar"
title.en = "Other account"
title.pt_BR = "Outra conta"

[[column]]
name = "is_trusted"
type = "boolean"
title.en = "In trusted_accounts"
title.pt_BR = "Em trusted_accounts"

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
name = "actions"
type = "bigint"
title.en = "Actions"
title.pt_BR = "Ações"

[[column]]
name = "without_effect"
type = "bigint"
title.en = "Without effect"
title.pt_BR = "Sem efeito"

[[column]]
name = "resources_reached"
type = "bigint"
title.en = "Resources (count)"
title.pt_BR = "Recursos (quantidade)"

[[column]]
name = "resource_arns"
type = "array(varchar)"
title.en = "Resources, as logged"
title.pt_BR = "Recursos, como registrados"

[[column]]
name = "actors"
type = "array(varchar)"
title.en = "Actors"
title.pt_BR = "Autores"
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
---*/

WITH
calls AS (
    SELECT
        activity.account_id,
        activity.event_source,
        activity.event_name,
        activity.event_time,
        coalesce(nullif(activity.shared_event_id, ''), activity.event_id) AS action_id,
        activity.call_result,
        activity.actor,
        held.arn AS resource_arn,
        CASE
            WHEN
                activity.actor_account <> activity.account_id AND held.account_id = activity.account_id
                THEN 'from_outside'
            WHEN
                activity.actor_account = activity.account_id AND held.account_id <> activity.account_id
                THEN 'to_outside'
        END AS direction,
        CASE
            WHEN activity.actor_account <> activity.account_id THEN activity.actor_account
            ELSE held.account_id
        END AS other_account
    FROM activity
    CROSS JOIN unnest(activity.resources) AS held (arn, arn_prefix, account_id, type)
    WHERE
        activity.event_source IN (
            's3.amazonaws.com', 'kms.amazonaws.com', 'sqs.amazonaws.com', 'sns.amazonaws.com', 'sts.amazonaws.com',
            'secretsmanager.amazonaws.com', 'dynamodb.amazonaws.com', 'lambda.amazonaws.com', 'ecr.amazonaws.com'
        )
        AND regexp_like(activity.actor_account, '^[0-9]{12}\z')
        AND regexp_like(held.account_id, '^[0-9]{12}\z')
        -- What the directions imply of a call. Said before its resources are taken apart, it keeps ids unread.
        AND (
            activity.actor_account <> activity.account_id
            OR any_match(activity.resources, named -> named.account_id <> activity.account_id)
        )
)

SELECT
    account_id,
    direction,
    other_account,
    contains(:trusted_accounts, other_account) AS is_trusted,
    event_source,
    event_name,
    count(DISTINCT CASE WHEN call_result IN ('success', 'partial') THEN action_id END) AS actions,
    count(DISTINCT CASE WHEN call_result NOT IN ('success', 'partial', 'unknown') THEN action_id END) AS without_effect,
    count(DISTINCT resource_arn) AS resources_reached,
    slice(array_sort(array_agg(DISTINCT resource_arn) FILTER (WHERE resource_arn IS NOT NULL)), 1, 20) AS resource_arns,
    slice(array_sort(array_agg(DISTINCT actor) FILTER (WHERE actor IS NOT NULL)), 1, 20) AS actors,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM calls
WHERE direction IS NOT NULL
GROUP BY account_id, direction, other_account, event_source, event_name
ORDER BY account_id, direction, other_account, event_source, event_name
