/*---
id = "sharing.resource_shares"
version = 1
kind = "exception"
severity = "high"
title.en = "Resources shared by Resource Access Manager"
title.pt_BR = "Recursos compartilhados pelo Resource Access Manager"
question.en = "Which resources were shared with whom by Resource Access Manager, outside what is trusted?"
question.pt_BR = "Quais recursos foram compartilhados com quem pelo Resource Access Manager, fora do que é confiável?"
needs = ["management:write"]
parameters = ["trusted_accounts"]
grain = ["event_time", "account_id", "event_id", "shared_with"]
subject = ["account_id", "event_name", "share_name", "shared_with"]
limits.en = [
  "A share that lets in outside accounts, and names none yet, is a row: external_allowed.",
  "What the other account does with what is shared is in its own trail.",
  """\
  A resource that is added to a share, without a word on who has it, is not a row: the share's receivers are not \
  logged.""",
]
limits.pt_BR = [
  "Um compartilhamento que permite contas externas e ainda não cita nenhuma gera uma linha: external_allowed.",
  "O que a outra conta faz com o que foi compartilhado está na trilha dela.",
  """\
  Um recurso incluído em um compartilhamento, sem citar quem o recebe, não gera linha: os destinatários não são \
  registrados.""",
]
remedy.en = """\
Confirm the agreement with the receiving account, and add it to trusted_accounts; else take the share back."""
remedy.pt_BR = """\
Confirme o acordo com a conta que recebeu e inclua-a em trusted_accounts; caso contrário, desfaça o \
compartilhamento."""

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
name = "share_name"
type = "varchar"
title.en = "Share"
title.pt_BR = "Compartilhamento"

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "shared_with"
type = "varchar"
title.en = "Shared with"
title.pt_BR = "Compartilhado com"

[[column]]
name = "shared_resources"
type = "array(varchar)"
title.en = "Resources shared"
title.pt_BR = "Recursos compartilhados"

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

[[column]]
name = "log_file"
type = "varchar"
title.en = "Log file"
title.pt_BR = "Arquivo de log"
---*/

WITH
calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor_kind,
        actor,
        person,
        source_address,
        event_id,
        log_file,
        request_state,
        coalesce(
            json_extract_scalar(request, '$.resourceShareArn'),
            json_extract_scalar(response, '$.resourceShare.resourceShareArn'),
            json_extract_scalar(request, '$.name')
        ) AS share_name,
        coalesce(
            json_extract_scalar(response, '$.resourceShare.allowExternalPrincipals'),
            json_extract_scalar(request, '$.allowExternalPrincipals')
        ) AS external_allowed,
        try_cast(json_extract(request, '$.resourceArns') AS ARRAY(varchar)) AS shared_resources,
        coalesce(try_cast(json_extract(request, '$.principals') AS ARRAY(varchar)), ARRAY[]) AS receivers_named
    FROM activity
    WHERE
        event_source = 'ram.amazonaws.com'
        AND event_name IN ('CreateResourceShare', 'UpdateResourceShare', 'AssociateResourceShare')
        AND call_result = 'success'
),

named AS (
    SELECT
        calls.*,
        receivers.shared_with,
        coalesce(
            regexp_extract(receivers.shared_with, '^([0-9]{12})\z', 1),
            regexp_extract(receivers.shared_with, '^arn:[^:]*:iam::([0-9]{12}):', 1)
        ) AS other_account
    FROM calls
    LEFT JOIN unnest(calls.receivers_named) AS receivers (shared_with) ON TRUE
),

judged AS (
    SELECT
        named.*,
        CASE
            WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
            WHEN shared_with IS NULL
                THEN
                    CASE
                        WHEN
                            external_allowed = 'true' AND event_name <> 'AssociateResourceShare'
                            THEN 'external_allowed'
                    END
            WHEN contains(:trusted_accounts, shared_with) OR contains(:trusted_accounts, other_account) THEN NULL
            -- A unit of an organization that is trusted.
            WHEN
                any_match(
                    :trusted_accounts,
                    listed -> regexp_extract(listed, ':organization/(o-[a-z0-9]+)\z', 1)
                    = regexp_extract(shared_with, ':ou/(o-[a-z0-9]+)/', 1)
                )
                THEN NULL
            WHEN other_account = account_id THEN NULL
            WHEN other_account IS NOT NULL THEN 'other_account'
            WHEN shared_with LIKE 'arn:%:organizations::%' THEN 'organization'
            ELSE 'service_or_other'
        END AS finding
    FROM named
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    share_name,
    finding,
    shared_with,
    slice(array_sort(shared_resources), 1, 20) AS shared_resources,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM judged
WHERE finding IS NOT NULL
ORDER BY event_time, account_id, event_id, shared_with
