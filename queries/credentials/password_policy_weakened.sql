/*---
id = "credentials.password_policy_weakened"
version = 1
kind = "exception"
severity = "high"
title.en = "Password policy weaker than required"
title.pt_BR = "Política de senhas mais fraca que o exigido"
question.en = "Was the account's password policy deleted, or set below the required minimum?"
question.pt_BR = "A política de senhas da conta foi excluída, ou definida abaixo do mínimo exigido?"
needs = ["management:write"]
parameters = ["password_history", "password_max_age_days", "password_min_length"]
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "event_name"]
limits.en = [
  """\
  Every change writes the whole policy: what is left out goes back to the default of IAM, which is weak. A policy \
  that meets the minimum is not listed; permissions.iam_changes lists every change.""",
  """\
  length: shorter than password_min_length. character_kinds: does not ask for both letters and digits. expiry: never \
  expires, or after more than password_max_age_days. history: an old password may be used again before \
  password_history others.""",
  """\
  PCI DSS 8.3.9 lets passwords live longer where they are not the only factor: set password_max_age_days to what you \
  have decided. 0 asks for none of the three figures.""",
  """\
  A policy that was weak before the period and not written in it is not listed. Identity Center and outside \
  providers have policies of their own.""",
]
limits.pt_BR = [
  """\
  Toda mudança grava a política inteira: o que se omite volta ao padrão do IAM, que é fraco. Uma política que atende \
  ao mínimo não é listada; permissions.iam_changes lista toda mudança.""",
  """\
  length: menor que password_min_length. character_kinds: não exige letras e dígitos. expiry: nunca expira, ou só \
  após mais de password_max_age_days. history: uma senha antiga pode voltar antes de password_history outras.""",
  """\
  O PCI DSS 8.3.9 deixa senhas durarem mais se não forem o único fator: ajuste password_max_age_days ao que vocês \
  decidiram. 0 não exige nada, em qualquer dos três números.""",
  """\
  Uma política que já era fraca antes do período e não foi gravada nele não é listada. O Identity Center e os \
  provedores externos têm políticas próprias.""",
]
remedy.en = "Put the policy back, and ask who changed it and why."
remedy.pt_BR = "Restaure a política e pergunte quem a mudou e por quê."

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
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "weaknesses"
type = "array(varchar)"
title.en = "Weaknesses"
title.pt_BR = "Fraquezas"

[[column]]
name = "minimum_length"
type = "bigint"
title.en = "Minimum length"
title.pt_BR = "Tamanho mínimo"

[[column]]
name = "max_age_days"
type = "bigint"
title.en = "Expires after (days)"
title.pt_BR = "Expira após (dias)"

[[column]]
name = "remembered_passwords"
type = "bigint"
title.en = "Passwords remembered"
title.pt_BR = "Senhas lembradas"

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
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

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
changes AS (
    SELECT
        event_time,
        account_id,
        event_name,
        request_state,
        try_cast(json_extract_scalar(request, '$.minimumPasswordLength') AS bigint) AS minimum_length,
        try_cast(json_extract_scalar(request, '$.maxPasswordAge') AS bigint) AS max_age_days,
        try_cast(json_extract_scalar(request, '$.passwordReusePrevention') AS bigint) AS remembered_passwords,
        coalesce(lower(json_extract_scalar(request, '$.requireNumbers')) = 'true', FALSE) AS asks_digit,
        coalesce(lower(json_extract_scalar(request, '$.requireLowercaseCharacters')) = 'true', FALSE)
        OR coalesce(lower(json_extract_scalar(request, '$.requireUppercaseCharacters')) = 'true', FALSE)
            AS asks_letter,
        actor_kind,
        actor,
        person,
        mfa,
        call_result,
        source_address,
        user_agent,
        event_id,
        log_file
    FROM activity
    WHERE
        event_source = 'iam.amazonaws.com'
        AND event_name IN ('UpdateAccountPasswordPolicy', 'DeleteAccountPasswordPolicy')
        AND call_result IN ('success', 'partial', 'unknown')
),

judged AS (
    SELECT
        changes.*,
        CASE
            WHEN event_name = 'DeleteAccountPasswordPolicy' THEN ARRAY['deleted']
            WHEN request_state IN ('omitted', 'unparseable') THEN ARRAY['unreadable']
            ELSE filter(
                ARRAY[
                    CASE WHEN coalesce(minimum_length, 0) < :password_min_length THEN 'length' END,
                    CASE WHEN NOT (asks_digit AND asks_letter) THEN 'character_kinds' END,
                    -- Left out, or 0, passwords do not expire.
                    CASE
                        WHEN
                            :password_max_age_days > 0
                            AND (
                                coalesce(max_age_days, 0) = 0
                                OR coalesce(max_age_days, 0) > :password_max_age_days
                            )
                            THEN 'expiry'
                    END,
                    CASE WHEN coalesce(remembered_passwords, 0) < :password_history THEN 'history' END
                ],
                weakness -> weakness IS NOT NULL
            )
        END AS weaknesses
    FROM changes
)

SELECT
    event_time,
    account_id,
    event_name,
    weaknesses,
    minimum_length,
    max_age_days,
    remembered_passwords,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    call_result,
    source_address,
    user_agent,
    event_id,
    log_file
FROM judged
WHERE cardinality(weaknesses) > 0
ORDER BY event_time, account_id, event_id
