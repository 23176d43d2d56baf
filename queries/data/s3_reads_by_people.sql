/*---
id        = "data.s3_reads_by_people"
version   = 1
kind      = "exception"
severity  = "high"
title.en    = "People who read sensitive S3 objects without being approved readers"
title.pt_BR = "Pessoas que leram objetos S3 sensíveis sem constar como leitores aprovados"
question.en    = """\
Which people, not workloads, read objects of the sensitive buckets without being on the list of approved readers?"""
question.pt_BR = """\
Quais pessoas, e não cargas de trabalho, leram objetos dos buckets sensíveis sem constar da lista de leitores \
aprovados?"""
needs      = ["data:s3"]
parameters = ["approved_data_readers", "sensitive_buckets", "time_zone"]
grain      = ["local_day", "account_id", "bucket_name", "actor", "actor_kind", "person"]
subject    = ["account_id", "bucket_name", "actor", "person"]
limits.en = [
  """A person behind a plain role (a SAML session after its sign-in, a switched role) is not told apart from a \
  workload and is not listed here; data.s3_object_reads lists such roles.""",
  "An IAM user may be a workload that signs with an access key: it is listed as a person until it is approved.",
  """A read through an access point is logged under the access point's name or ARN: list these names among the \
  sensitive buckets too.""",
]
limits.pt_BR = [
  """Uma pessoa por trás de uma role comum (sessão SAML após o login, troca de role) não se distingue de uma \
  carga de trabalho e não aparece aqui; data.s3_object_reads lista essas roles.""",
  """Um usuário do IAM pode ser uma carga de trabalho que assina com chave de acesso: é listado como pessoa até ser \
  aprovado.""",
  """Uma leitura por ponto de acesso é registrada com o nome ou ARN do ponto de acesso: inclua também esses nomes \
  entre os buckets sensíveis.""",
]
remedy.en    = """\
Ask the person and the owner of the data why the read was needed. Approve the reader, move the task to a workload, \
or take the permission away."""
remedy.pt_BR = """\
Pergunte à pessoa e ao responsável pelos dados por que a leitura foi necessária. Aprove o leitor, transfira a \
tarefa para uma carga de trabalho ou retire a permissão."""

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

WITH
object_reads AS (
    SELECT
        cast(at_timezone(with_timezone(event_time, 'UTC'), :time_zone) AS date) AS local_day,
        event_time,
        account_id,
        actor,
        actor_kind,
        person,
        source_address,
        event_id,
        request_state,
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
        AND call_result IN ('success', 'partial')
        AND actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center', 'root', 'assumed_root')
),

numbered AS (
    SELECT
        object_reads.*,
        row_number() OVER (
            PARTITION BY local_day, account_id, bucket_name, actor, actor_kind, person
            ORDER BY event_time, event_id
        ) AS nth
    FROM object_reads
    WHERE
        -- Where neither request nor resources can be read, it may be any bucket: the read stays, without a name.
        (
            contains(:sensitive_buckets, bucket_name)
            OR (bucket_name IS NULL AND request_state IN ('omitted', 'unparseable'))
        )
        AND NOT coalesce(contains(:approved_data_readers, actor), FALSE)
        AND NOT coalesce(contains(:approved_data_readers, person), FALSE)
        -- The end of a permission set's role name differs in every account.
        AND NOT coalesce(
            contains(:approved_data_readers, regexp_extract(actor, '/AWSReservedSSO_(.+)_[0-9a-f]{16}\z', 1)), FALSE
        )
)

SELECT
    local_day,
    account_id,
    bucket_name,
    actor,
    actor_kind,
    person,
    count_if(reads_content) AS content_reads,
    count_if(NOT reads_content) AS metadata_reads,
    count(DISTINCT CASE WHEN reads_content THEN object_key END) AS objects_read,
    sum(bytes_out) AS bytes_out,
    array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)) AS source_addresses,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id
FROM numbered
GROUP BY local_day, account_id, bucket_name, actor, actor_kind, person
ORDER BY local_day, account_id, bucket_name, actor, actor_kind, person
