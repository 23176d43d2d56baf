/*---
id = "external.vendor_activity"
version = 1
kind = "metric"
severity = "info"
title.en = "What vendors did"
title.pt_BR = "O que os fornecedores fizeram"
question.en = """\
What did each vendor do: on how many days, at which hours, with which services, and what did it change or read?"""
question.pt_BR = """\
O que cada fornecedor fez: em quantos dias, em que horários, com quais serviços, e o que alterou ou leu?"""
needs = ["management:read", "management:write"]
parameters = ["vendors", "business_days", "business_start", "business_end", "time_zone"]
grain = ["vendor", "account_id", "actor"]
limits.en = [
  """\
  A vendor that uses a role of yours is seen only if the role is in vendors; what it does inside hosts and \
  applications is elsewhere.""",
  "Data events count only where the trail logs them. Public holidays count as working days here.",
  "Days and hours are those of the time zone of the report.",
]
limits.pt_BR = [
  """\
  Um fornecedor que usa uma role sua só aparece se a role estiver em vendors; o que ele faz dentro de hosts e \
  aplicações está em outro lugar.""",
  "Eventos de dados só contam onde a trilha os registra. Feriados contam aqui como dias úteis.",
  "Dias e horários são os do fuso do relatório.",
]
remedy.en = """\
Compare with what the contract allows and with the vendor's tickets. Ask about activity outside business hours, \
denied calls and changes that nobody ordered."""
remedy.pt_BR = """\
Compare com o que o contrato permite e com os chamados do fornecedor. Pergunte sobre atividade fora do expediente, \
chamadas negadas e mudanças que ninguém pediu."""

[[column]]
name = "vendor"
type = "varchar"
title.en = "Vendor"
title.pt_BR = "Fornecedor"

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "actor"
type = "varchar"
title.en = "Actor"
title.pt_BR = "Autor"
personal = true

[[column]]
name = "days_active"
type = "bigint"
title.en = "Days active"
title.pt_BR = "Dias com atividade"

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "changes"
type = "bigint"
title.en = "Calls that change"
title.pt_BR = "Chamadas que alteram"

[[column]]
name = "secrets_read"
type = "bigint"
title.en = "Secrets and credentials obtained"
title.pt_BR = "Segredos e credenciais obtidos"

[[column]]
name = "data_events"
type = "bigint"
title.en = "Data events"
title.pt_BR = "Eventos de dados"

[[column]]
name = "denied"
type = "bigint"
title.en = "Denied"
title.pt_BR = "Negadas"

[[column]]
name = "out_of_hours"
type = "bigint"
title.en = "Outside business hours"
title.pt_BR = "Fora do expediente"

[[column]]
name = "event_sources"
type = "array(varchar)"
title.en = "Services"
title.pt_BR = "Serviços"

[[column]]
name = "regions"
type = "array(varchar)"
title.en = "Regions"
title.pt_BR = "Regiões"

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

WITH
acts AS (
    SELECT
        element_at(
            filter(
                :vendors,
                listed -> listed.principal = actor_account
                OR actor LIKE replace(replace(listed.principal, '_', '!_'), '*', '%') ESCAPE '!'
            ),
            1
        ).name AS vendor,
        account_id,
        actor,
        cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date) AS local_day,
        hour(at_timezone(with_timezone(event_time, 'UTC'), :time_zone)) AS local_hour,
        day_of_week(at_timezone(with_timezone(event_time, 'UTC'), :time_zone)) AS day_number,
        event_source,
        region,
        source_address,
        read_only,
        discloses,
        event_category,
        call_result,
        event_time
    FROM activity
    WHERE
        any_match(
            :vendors,
            listed -> listed.principal = actor_account
            OR actor LIKE replace(replace(listed.principal, '_', '!_'), '*', '%') ESCAPE '!'
        )
)

SELECT
    vendor,
    account_id,
    actor,
    count(DISTINCT local_day) AS days_active,
    count(*) AS calls,
    count_if(coalesce(read_only = FALSE, FALSE) AND call_result IN ('success', 'partial')) AS changes,
    count_if(discloses AND call_result IN ('success', 'partial')) AS secrets_read,
    count_if(event_category = 'Data') AS data_events,
    count_if(call_result = 'denied') AS denied,
    count_if(
        NOT contains(:business_days, day_number) OR local_hour < :business_start OR local_hour >= :business_end
    ) AS out_of_hours,
    slice(array_sort(array_agg(DISTINCT event_source)), 1, 20) AS event_sources,
    array_sort(array_agg(DISTINCT region) FILTER (WHERE region IS NOT NULL)) AS regions,
    count(DISTINCT source_address) AS source_address_count,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM acts
GROUP BY vendor, account_id, actor
ORDER BY vendor, account_id, actor
