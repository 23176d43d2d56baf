/*---
id = "data.subject_access"
version = 1
kind = "population"
severity = "info"
title.en = "Access to the objects of one data subject"
title.pt_BR = "Acesso aos objetos de um titular"
question.en = """\
Who accessed the objects that belong to one data subject, to answer an access request, or to find the scope of a \
breach?"""
question.pt_BR = """\
Quem acessou os objetos de um titular, para atender a um pedido de acesso ou apurar o alcance de um incidente?"""
needs = ["data:s3"]
parameters = ["subject_keys"]
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  """\
  Objects are found by their names. What scans, queries and batch deletions touched is not named in the log, and not \
  here.""",
  "Only buckets whose data events are logged can appear.",
]
limits.pt_BR = [
  """\
  Os objetos são localizados pelo nome. O que varreduras, consultas e exclusões em lote tocaram não é citado no log, \
  nem aqui.""",
  "Só podem aparecer buckets cujos eventos de dados são registrados.",
]
remedy.en = "Give the rows to whoever answers the request, and say which stores were not logged."
remedy.pt_BR = "Entregue as linhas a quem responde ao pedido, e diga quais repositórios não foram registrados."

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
name = "bucket_name"
type = "varchar"
title.en = "Bucket"
title.pt_BR = "Bucket"

[[column]]
name = "object_key"
type = "varchar"
title.en = "Object"
title.pt_BR = "Objeto"
personal = true

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

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

SELECT
    event_time,
    account_id,
    event_name,
    bucket_name,
    object_key,
    call_result,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM activity
WHERE
    event_source = 's3.amazonaws.com'
    AND event_name IN ('GetObject', 'HeadObject', 'SelectObjectContent', 'PutObject', 'CopyObject', 'DeleteObject')
    AND any_match(
        :subject_keys,
        prefix -> concat(bucket_name, '/', object_key) LIKE replace(replace(prefix, '_', '!_'), '*', '%') ESCAPE '!'
    )
ORDER BY event_time, account_id, event_id
