/*---
id = "logging.cloudwatch_loss"
version = 1
kind = "exception"
severity = "high"
title.en = "CloudWatch logs deleted, shortened or sent outside"
title.pt_BR = "Logs do CloudWatch excluídos, com retenção reduzida ou enviados para fora"
question.en = """\
Which log groups or streams were deleted, had their retention cut below the requirement, lost their protection or \
their way onward, or were sent to another account?"""
question.pt_BR = """\
Quais grupos ou streams de logs foram excluídos, tiveram a retenção reduzida abaixo do exigido, perderam a proteção \
ou o encaminhamento, ou foram enviados para outra conta?"""
needs = ["management:write"]
parameters = ["audit_log_groups", "min_log_retention_days", "trusted_accounts"]
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "region", "effect", "log_group"]
limits.en = [
  "Only groups in audit_log_groups are asked for; the default is every group, also those of short-lived test stacks.",
  """\
  The retention before the call is not logged: a row says that it is now below min_log_retention_days. Without a \
  retention policy logs are kept for ever.""",
  "Exports to S3 are in sharing.exports, the removal of a KMS key in encryption.defaults_weakened.",
]
limits.pt_BR = [
  """\
  Só se consideram os grupos em audit_log_groups; o padrão é todo grupo, inclusive os de ambientes de teste de vida \
  curta.""",
  """\
  A retenção anterior à chamada não fica registrada: a linha diz que agora está abaixo de min_log_retention_days. \
  Sem política de retenção, os logs ficam para sempre.""",
  "Exportações para o S3 estão em sharing.exports; a remoção de chave KMS, em encryption.defaults_weakened.",
]
remedy.en = """\
Ask for the approved change. Deleted logs cannot be restored: find copies in S3 or with the receivers of \
subscriptions."""
remedy.pt_BR = """\
Peça a mudança aprovada. Logs excluídos não podem ser restaurados: procure cópias no S3 ou nos destinos de \
assinaturas."""

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
name = "effect"
type = "varchar"
title.en = "Effect"
title.pt_BR = "Efeito"

[[column]]
name = "log_group"
type = "varchar"
title.en = "Log group or destination"
title.pt_BR = "Grupo de logs ou destino"

[[column]]
name = "log_stream"
type = "varchar"
title.en = "Log stream or filter"
title.pt_BR = "Stream de logs ou filtro"

[[column]]
name = "days_kept"
type = "bigint"
title.en = "Days"
title.pt_BR = "Dias"

[[column]]
name = "destination"
type = "varchar"
title.en = "Destination"
title.pt_BR = "Destino"

[[column]]
name = "request_state"
type = "varchar"
title.en = "Request as logged"
title.pt_BR = "Requisição como registrada"

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
        region,
        event_name,
        CASE
            WHEN event_name IN ('DeleteLogGroup', 'DeleteLogStream') THEN 'deleted'
            WHEN event_name IN ('DeleteSubscriptionFilter', 'DeleteDestination') THEN 'way_onward_removed'
            WHEN event_name IN ('DeleteDataProtectionPolicy', 'DeleteAccountPolicy') THEN 'protection_removed'
            WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
            WHEN event_name = 'PutLogGroupDeletionProtection'
                THEN CASE
                    WHEN json_extract_scalar(request, '$.deletionProtectionEnabled') = 'false' THEN 'protection_removed'
                END
            WHEN
                try_cast(json_extract_scalar(request, '$.retentionInDays') AS bigint) < :min_log_retention_days
                THEN 'retention_short'
            WHEN
                event_name = 'PutSubscriptionFilter'
                AND split_part(json_extract_scalar(request, '$.destinationArn'), ':', 5) <> account_id
                AND NOT contains(
                    :trusted_accounts, split_part(json_extract_scalar(request, '$.destinationArn'), ':', 5)
                )
                THEN 'sent_outside'
        END AS effect,
        coalesce(
            json_extract_scalar(request, '$.logGroupName'),
            json_extract_scalar(request, '$.logGroupIdentifier'),
            json_extract_scalar(request, '$.destinationName'),
            json_extract_scalar(request, '$.policyName')
        ) AS log_group,
        coalesce(
            json_extract_scalar(request, '$.logStreamName'), json_extract_scalar(request, '$.filterName')
        ) AS log_stream,
        try_cast(json_extract_scalar(request, '$.retentionInDays') AS bigint) AS days_kept,
        json_extract_scalar(request, '$.destinationArn') AS destination,
        request_state,
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
        event_source = 'logs.amazonaws.com'
        AND event_name IN (
            'DeleteLogGroup', 'DeleteLogStream', 'PutRetentionPolicy', 'DeleteSubscriptionFilter',
            'PutSubscriptionFilter', 'DeleteDestination', 'DeleteDataProtectionPolicy', 'DeleteAccountPolicy',
            'PutLogGroupDeletionProtection'
        )
        AND call_result IN ('success', 'partial')
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    effect,
    log_group,
    log_stream,
    days_kept,
    destination,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id,
    log_file
FROM changes
WHERE
    effect IS NOT NULL
    AND (
        log_group IS NULL
        OR event_name IN ('DeleteDestination', 'DeleteAccountPolicy')
        OR any_match(
            :audit_log_groups,
            listed -> regexp_replace(log_group, '^arn:[^:]*:logs:[^:]*:[^:]*:log-group:')
            LIKE replace(replace(listed, '_', '!_'), '*', '%') ESCAPE '!'
        )
    )
ORDER BY event_time, account_id, event_id
