/*---
id = "credentials.mfa_removed"
version = 1
kind = "exception"
severity = "high"
title.en = "MFA devices removed"
title.pt_BR = "Dispositivos MFA removidos"
question.en = "Who lost an MFA device, by whose hand, and when did they get one back?"
question.pt_BR = "Quem perdeu um dispositivo MFA, por ação de quem, e quando voltou a ter um?"
needs = ["management:write"]
parameters = ["mfa_swap_minutes", "period_end"]
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "user_name"]
limits.en = [
  """\
  Devices enabled before the period are not known here: a user with a second, older device was not without MFA, \
  though the row says open_at_period_end.""",
  """\
  open_at_period_end: no new device and no deletion of the user up to the end of the period, to which the minutes \
  run; what came after is in the next report.""",
  """\
  A user who had signed in with MFA and replaced an own device within mfa_swap_minutes is not listed. Who holds such \
  a session could do the same; permissions.iam_changes lists both calls.""",
  "Only IAM users and root; Identity Center and external identity providers keep their own factors.",
]
limits.pt_BR = [
  """\
  Dispositivos ativados antes do período não são conhecidos aqui: um usuário com um segundo dispositivo, mais \
  antigo, não ficou sem MFA, embora a linha diga open_at_period_end.""",
  """\
  open_at_period_end: nenhum dispositivo novo nem exclusão do usuário até o fim do período, até o qual contam os \
  minutos; o que veio depois está no relatório seguinte.""",
  """\
  Não é listado o usuário que entrou com MFA e trocou o próprio dispositivo dentro de mfa_swap_minutes. Quem tomou \
  uma sessão dessas poderia fazer o mesmo; permissions.iam_changes lista as duas chamadas.""",
  "Somente usuários do IAM e o root; o Identity Center e os provedores externos guardam seus próprios fatores.",
]
remedy.en = """\
Ask who asked for the removal. For open rows have a device enrolled or the access closed; for restored ones \
confirm with the user that the new device is theirs."""
remedy.pt_BR = """\
Pergunte quem pediu a remoção. Nas linhas abertas, cadastre um dispositivo ou encerre o acesso; nas restauradas, \
confirme com o usuário que o novo dispositivo é dele."""

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
name = "user_name"
type = "varchar"
title.en = "User"
title.pt_BR = "Usuário"
personal = true

[[column]]
name = "serial_number"
type = "varchar"
title.en = "Device"
title.pt_BR = "Dispositivo"
personal = true

[[column]]
name = "mfa_state"
type = "varchar"
title.en = "State"
title.pt_BR = "Situação"

[[column]]
name = "restored_at"
type = "timestamp"
title.en = "New device (UTC)"
title.pt_BR = "Novo dispositivo (UTC)"

[[column]]
name = "user_deleted_at"
type = "timestamp"
title.en = "User deleted (UTC)"
title.pt_BR = "Usuário excluído (UTC)"

[[column]]
name = "minutes_without"
type = "bigint"
title.en = "Minutes without MFA"
title.pt_BR = "Minutos sem MFA"

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
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"
---*/

WITH changes AS (
    SELECT
        event_time,
        account_id,
        event_name,
        -- Without a user name IAM means the caller.
        coalesce(json_extract_scalar(request, '$.userName'), person, actor) AS user_name,
        json_extract_scalar(request, '$.serialNumber') AS serial_number,
        request_state,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        event_id
    FROM activity
    WHERE
        event_source = 'iam.amazonaws.com'
        AND event_name IN ('DeactivateMFADevice', 'EnableMFADevice', 'DeleteUser')
        AND call_result = 'success'
),

-- Of two changes in one second nobody can tell the order: the device is then taken to have gone last.
followed AS (
    SELECT
        changes.*,
        min(CASE WHEN event_name = 'EnableMFADevice' THEN event_time END) OVER (
            PARTITION BY account_id, lower(user_name)
            ORDER BY event_time ASC, event_name DESC, event_id ASC
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS restored_at,
        min(CASE WHEN event_name = 'DeleteUser' THEN event_time END) OVER (
            PARTITION BY account_id, lower(user_name)
            ORDER BY event_time ASC, event_name DESC, event_id ASC
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS user_deleted_at,
        min(CASE WHEN event_name = 'DeactivateMFADevice' THEN event_time END) OVER (
            PARTITION BY account_id, lower(user_name), serial_number
            ORDER BY event_time ASC, event_name DESC, event_id ASC
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS device_removed_at
    FROM changes
),

-- Who enables the new device before the old one goes never was without.
other_devices AS (
    SELECT
        removed.account_id,
        removed.event_time,
        removed.event_id,
        count(*) AS devices
    FROM followed AS removed
    INNER JOIN followed AS enabled
        ON
            removed.account_id = enabled.account_id
            AND lower(removed.user_name) = lower(enabled.user_name)
            AND removed.serial_number <> enabled.serial_number
            AND removed.event_time >= enabled.event_time
            AND coalesce(removed.event_time < enabled.device_removed_at, TRUE)
    WHERE removed.event_name = 'DeactivateMFADevice' AND enabled.event_name = 'EnableMFADevice'
    GROUP BY removed.account_id, removed.event_time, removed.event_id
),

removals AS (
    SELECT
        removed.*,
        coalesce(other_devices.devices > 0, FALSE) AS has_other_device,
        coalesce(
            least(removed.restored_at, removed.user_deleted_at), removed.restored_at, removed.user_deleted_at
        ) AS ended_at
    FROM followed AS removed
    LEFT JOIN other_devices
        ON
            removed.account_id = other_devices.account_id
            AND removed.event_time = other_devices.event_time
            AND removed.event_id = other_devices.event_id
    WHERE removed.event_name = 'DeactivateMFADevice'
),

judged AS (
    SELECT
        removals.*,
        -- A change of one's own device, made with it: not a loss.
        coalesce(
            actor_kind = 'iam_user'
            AND lower(person) = lower(user_name)
            AND mfa = 'yes'
            AND :mfa_swap_minutes > 0
            AND (
                has_other_device
                OR date_diff('second', event_time, restored_at) <= :mfa_swap_minutes * 60
            ),
            FALSE
        ) AS is_own_swap
    FROM removals
)

SELECT
    event_time,
    account_id,
    user_name,
    serial_number,
    CASE
        WHEN has_other_device THEN 'other_device_enabled'
        WHEN ended_at IS NULL THEN 'open_at_period_end'
        WHEN ended_at = user_deleted_at THEN 'user_deleted'
        ELSE 'restored'
    END AS mfa_state,
    restored_at,
    user_deleted_at,
    CASE
        WHEN has_other_device THEN cast(0 AS bigint)
        ELSE date_diff('minute', event_time, coalesce(ended_at, :period_end))
    END AS minutes_without,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    event_id
FROM judged
WHERE NOT is_own_swap
ORDER BY event_time, account_id, event_id
