/*---
id = "encryption.tls_versions"
version = 1
kind = "metric"
severity = "info"
title.en = "TLS versions of calls"
title.pt_BR = "Versões de TLS das chamadas"
question.en = "Which TLS versions and ciphers were used to call AWS?"
question.pt_BR = "Quais versões de TLS e cifras foram usadas para chamar a AWS?"
needs = []
parameters = []
grain = ["account_id", "tls_version", "tls_cipher"]
limits.en = [
  """\
  not_logged: a service called by itself, the record is of a version before 1.08, or the service does not log TLS. \
  Nothing follows from it.""",
  "Only calls to AWS are told of, not the traffic of one's own applications.",
]
limits.pt_BR = [
  """\
  not_logged: um serviço chamou por conta própria, o registro é de versão anterior à 1.08, ou o serviço não registra \
  o TLS. Nada se conclui disso.""",
  "Só se mostram chamadas à AWS, não o tráfego das aplicações próprias.",
]
remedy.en = "Find the clients behind old versions in encryption.weak_or_plain_transport."
remedy.pt_BR = "Encontre os clientes de versões antigas em encryption.weak_or_plain_transport."

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "tls_version"
type = "varchar"
title.en = "TLS version"
title.pt_BR = "Versão do TLS"

[[column]]
name = "tls_cipher"
type = "varchar"
title.en = "Cipher"
title.pt_BR = "Cifra"

[[column]]
name = "calls"
type = "bigint"
title.en = "Calls"
title.pt_BR = "Chamadas"

[[column]]
name = "actors"
type = "bigint"
title.en = "Actors (count)"
title.pt_BR = "Autores (quantidade)"

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

WITH calls AS (
    SELECT
        account_id,
        CASE WHEN tls_version <> '' THEN tls_version ELSE 'not_logged' END AS tls_version,
        coalesce(
            tls_cipher,
            -- S3 said the cipher of data events before there were details of TLS.
            CASE WHEN event_source = 's3.amazonaws.com' THEN json_extract_scalar(additional, '$.CipherSuite') END
        ) AS tls_cipher,
        actor,
        event_time
    FROM activity
)

SELECT
    account_id,
    tls_version,
    tls_cipher,
    count(*) AS calls,
    count(DISTINCT actor) AS actors,
    min(event_time) AS first_time,
    max(event_time) AS last_time
FROM calls
GROUP BY account_id, tls_version, tls_cipher
ORDER BY account_id, tls_version, tls_cipher
