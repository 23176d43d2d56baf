/*---
id        = "data.s3_object_reads"
version   = 1
kind      = "population"
severity  = "info"
title.en    = "Reads of S3 objects in sensitive buckets"
title.pt_BR = "Leituras de objetos S3 em buckets sensíveis"
question.en    = "Who read objects of the sensitive buckets, on which days, how many objects and how many bytes?"
question.pt_BR = "Quem leu objetos dos buckets sensíveis, em que dias, quantos objetos e quantos bytes?"
needs      = ["data:s3"]
parameters = ["sensitive_buckets", "time_zone"]
grain      = ["local_day", "account_id", "bucket_name", "actor", "actor_kind", "person"]
limits.en = [
  """One row stands for all reads of an actor in a bucket on a day; keys of objects are counted, not listed, \
  because they can themselves be personal data.""",
  """Reads by S3 itself (replication, inventory, lifecycle) and reads through services that hold their own copy are \
  not S3 data events of the reader.""",
  """A read through an access point is logged under the access point's name or ARN: list these names among the \
  sensitive buckets too.""",
]
limits.pt_BR = [
  """Uma linha reúne todas as leituras de um autor em um bucket em um dia; as chaves dos objetos são contadas, \
  não listadas, porque podem ser elas mesmas dados pessoais.""",
  """Leituras do próprio S3 (replicação, inventário, ciclo de vida) e leituras por serviços que mantêm cópia própria \
  não são eventos de dados do S3 em nome do leitor.""",
  """Uma leitura por ponto de acesso é registrada com o nome ou ARN do ponto de acesso: inclua também esses nomes \
  entre os buckets sensíveis.""",
]
remedy.en    = """\
Sample rows and check that each actor needs the data for its task; look at days with unusual numbers of \
objects or bytes, and at denied reads."""
remedy.pt_BR = """\
Extraia uma amostra e confirme que cada autor precisa dos dados para sua tarefa; observe dias com número incomum de \
objetos ou bytes e as leituras negadas."""

[[column]]
name = "local_day"
type = "date"
title.en = "Day (local)"
title.pt_BR = "Dia (local)"

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "bucket_name"
type = "varchar"
title.en = "Bucket"
title.pt_BR = "Bucket"

[[column]]
name = "actor"
type = "varchar"
title.en = "Actor"
title.pt_BR = "Autor"
personal = true

[[column]]
name = "actor_kind"
type = "varchar"
title.en = "Kind of actor"
title.pt_BR = "Tipo de autor"

[[column]]
name = "person"
type = "varchar"
title.en = "Name as logged"
title.pt_BR = "Nome registrado"
personal = true

[[column]]
name = "content_reads"
type = "bigint"
title.en = "Reads of content"
title.pt_BR = "Leituras de conteúdo"

[[column]]
name = "metadata_reads"
type = "bigint"
title.en = "Reads of metadata and listings"
title.pt_BR = "Leituras de metadados e listagens"

[[column]]
name = "objects_read"
type = "bigint"
title.en = "Objects read"
title.pt_BR = "Objetos lidos"

[[column]]
name = "bytes_out"
type = "bigint"
title.en = "Bytes sent"
title.pt_BR = "Bytes enviados"

[[column]]
name = "without_effect"
type = "bigint"
title.en = "Without effect"
title.pt_BR = "Sem efeito"

[[column]]
name = "source_addresses"
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

[[column]]
name = "first_event_id"
type = "varchar"
title.en = "Id of the first event"
title.pt_BR = "Id do primeiro evento"
---*/

WITH
object_reads AS (
    SELECT
        cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date) AS local_day,
        event_time,
        account_id,
        actor,
        actor_kind,
        -- Names of a workload's sessions have no end; those of people do.
        CASE
            WHEN actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center') THEN person
        END AS person,
        source_address,
        event_id,
        request_state,
        call_result IN ('success', 'partial') AS answered,
        event_name IN (
            'GetObject', 'GetObjectTorrent', 'SelectObjectContent', 'CopyObject', 'UploadPartCopy'
        ) AS reads_content,
        -- What a copy reads is its source; the request's bucket is where it writes.
        CASE
            WHEN event_name IN ('CopyObject', 'UploadPartCopy')
                THEN regexp_extract(copy_source, '^/?([^/%]+)(/|%2F)', 1)
            ELSE bucket_name
        END AS bucket_name,
        CASE WHEN event_name IN ('CopyObject', 'UploadPartCopy') THEN copy_source ELSE object_key END AS object_key,
        bytes_out
    FROM activity
    WHERE
        event_source = 's3.amazonaws.com'
        AND event_name IN (
            'GetObject', 'HeadObject', 'GetObjectAcl', 'GetObjectAttributes', 'GetObjectTagging', 'GetObjectTorrent',
            'SelectObjectContent', 'CopyObject', 'UploadPartCopy', 'ListObjects', 'ListObjectVersions'
        )
),

numbered AS (
    SELECT
        object_reads.*,
        row_number() OVER (
            PARTITION BY local_day, account_id, bucket_name, actor, actor_kind, person
            ORDER BY event_time, event_id
        ) AS nth
    FROM object_reads
    -- Where neither request nor resources can be read, it may be any bucket: the read stays, without a name.
    WHERE
        contains(:sensitive_buckets, bucket_name)
        OR (bucket_name IS NULL AND request_state IN ('omitted', 'unparseable'))
)

SELECT
    local_day,
    account_id,
    bucket_name,
    actor,
    actor_kind,
    person,
    count_if(answered AND reads_content) AS content_reads,
    count_if(answered AND NOT reads_content) AS metadata_reads,
    count(DISTINCT CASE WHEN answered AND reads_content THEN object_key END) AS objects_read,
    sum(CASE WHEN answered THEN bytes_out END) AS bytes_out,
    count_if(NOT answered) AS without_effect,
    count(DISTINCT source_address) AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id
FROM numbered
GROUP BY local_day, account_id, bucket_name, actor, actor_kind, person
ORDER BY local_day, account_id, bucket_name, actor, actor_kind, person
