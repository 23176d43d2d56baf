/*---
id = "encryption.weak_or_plain_transport"
version = 1
kind = "exception"
severity = "high"
title.en = "Calls by old TLS or without TLS"
title.pt_BR = "Chamadas com TLS antigo ou sem TLS"
question.en = "Who called AWS by TLS 1.0 or 1.1, or reached S3 by plain HTTP?"
question.pt_BR = "Quem chamou a AWS com TLS 1.0 ou 1.1, ou acessou o S3 por HTTP puro?"
needs = ["management:read", "management:write", "data:s3"]
parameters = []
grain = [
  "account_id",
  "finding",
  "tls_version",
  "actor_kind",
  "actor",
  "person",
  "event_source",
  "bucket_name",
  "user_agent",
  "call_result",
]
subject = ["account_id", "finding", "actor", "person", "event_source", "bucket_name"]
limits.en = [
  """\
  no_tls: a data event of S3 that AWS did not make itself, whose record says neither version nor cipher, though S3 \
  logs the cipher of every call by TLS.""",
  """\
  Other services take TLS 1.2 or later only, and say nothing in old records: those are in encryption.tls_versions as \
  not_logged.""",
  "Attempts without effect count too: the client is what has to be mended.",
]
limits.pt_BR = [
  """\
  no_tls: evento de dados do S3 não originado pela própria AWS, cujo registro não traz versão nem cifra, embora o S3 \
  registre a cifra de toda chamada por TLS.""",
  """\
  Os demais serviços só aceitam TLS 1.2 ou posterior e nada dizem em registros antigos: estes constam em \
  encryption.tls_versions como not_logged.""",
  "Tentativas sem efeito também contam: é o cliente que precisa ser corrigido.",
]
remedy.en = "Bring the client up to date; refuse plain HTTP in the policy of the bucket (aws:SecureTransport)."
remedy.pt_BR = "Atualize o cliente; recuse HTTP puro na política do bucket (aws:SecureTransport)."

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "tls_version"
type = "varchar"
title.en = "TLS version"
title.pt_BR = "Versão do TLS"

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
name = "bucket_name"
type = "varchar"
title.en = "Bucket"
title.pt_BR = "Bucket"

[[column]]
name = "user_agent"
type = "varchar"
title.en = "User agent"
title.pt_BR = "Agente do usuário (user agent)"
personal = true

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

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

WITH weak AS (
    SELECT
        account_id,
        CASE WHEN tls_version IN ('TLSv1', 'TLSv1.0', 'TLSv1.1', 'SSLv3') THEN 'old_tls' ELSE 'no_tls' END AS finding,
        tls_version,
        actor_kind,
        actor,
        -- Names of a workload's sessions have no end; those of people do.
        CASE
            WHEN actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center') THEN person
        END AS person,
        event_source,
        bucket_name,
        user_agent,
        call_result,
        source_address,
        event_time,
        event_id
    FROM activity
    WHERE
        tls_version IN ('TLSv1', 'TLSv1.0', 'TLSv1.1', 'SSLv3')
        OR (
            event_source = 's3.amazonaws.com'
            AND event_category = 'Data'
            AND coalesce(tls_version, '') = ''
            AND source_ip IS NOT NULL
            AND NOT service_initiated
            AND coalesce(invoked_by, '') = ''
            AND coalesce(json_extract_scalar(additional, '$.CipherSuite'), '') = ''
            -- Where the details as a whole are missing, nothing can be said of the transport.
            AND json_extract_scalar(additional, '$["x-amz-id-2"]') IS NOT NULL
        )
)

SELECT
    account_id,
    finding,
    tls_version,
    actor_kind,
    actor,
    person,
    event_source,
    bucket_name,
    user_agent,
    call_result,
    count(*) AS calls,
    array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)) AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    min_by(event_id, concat(date_format(event_time, '%Y-%m-%d %H:%i:%s'), event_id)) AS first_event_id
FROM weak
GROUP BY
    account_id, finding, tls_version, actor_kind, actor, person, event_source, bucket_name, user_agent, call_result
ORDER BY
    account_id, finding, tls_version, actor_kind, actor, person, event_source, bucket_name, user_agent, call_result
