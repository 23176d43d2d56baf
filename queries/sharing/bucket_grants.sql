/*---
id = "sharing.bucket_grants"
version = 1
kind = "exception"
severity = "high"
title.en = "Access control lists that grant buckets to others"
title.pt_BR = "Listas de controle de acesso que dão a outros acesso a buckets"
question.en = "Which access control lists of buckets were written to grant something to another canonical user?"
question.pt_BR = """\
Quais listas de controle de acesso de buckets foram gravadas concedendo algo a outro usuário canônico?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id", "admitted", "permission"]
subject = ["account_id", "bucket_name", "admitted"]
limits.en = [
  """\
  A canonical user id does not tell the account: someone has to look it up. Of grants that a header carries the \
  owner is not logged: a grant to the owner is listed too.""",
  "aws_log_delivery: CloudFront grants itself this where its logs are delivered.",
  "Grants to everyone are in sharing.s3_public, bucket policies in sharing.outside_principals.",
  "Grants on single objects are not asked. What was granted before the period and still is does not appear.",
]
limits.pt_BR = [
  """\
  Um id canônico não revela a conta: alguém precisa consultá-la. Em concessões feitas por cabeçalho o proprietário \
  não é registrado: uma concessão ao proprietário também é listada.""",
  "aws_log_delivery: o CloudFront concede isso a si mesmo onde seus logs são entregues.",
  "Concessões a todos estão em sharing.s3_public; políticas de bucket, em sharing.outside_principals.",
  "Concessões sobre objetos isolados não são consultadas. O que já era concedido antes do período não aparece.",
]
remedy.en = """\
Find out whose id it is. Access control lists are best switched off for the bucket, and replaced by a policy."""
remedy.pt_BR = """\
Descubra de quem é o id. O melhor é desligar as listas de controle de acesso no bucket e usar uma política."""

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
name = "bucket_name"
type = "varchar"
title.en = "Bucket"
title.pt_BR = "Bucket"

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "admitted"
type = "varchar"
title.en = "Admitted"
title.pt_BR = "Admitido"

[[column]]
name = "permission"
type = "varchar"
title.en = "Permission"
title.pt_BR = "Permissão"

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
        json_extract_scalar(request, '$.bucketName') AS bucket_name,
        json_extract_scalar(request, '$.AccessControlPolicy.Owner.ID') AS owner_id,
        concat(
            -- One grant is an object, several are an array.
            transform(
                coalesce(
                    try_cast(json_extract(request, '$.AccessControlPolicy.AccessControlList.Grant') AS ARRAY(json)),
                    ARRAY[json_extract(request, '$.AccessControlPolicy.AccessControlList.Grant')]
                ),
                given -> cast(row(
                    coalesce(
                        json_extract_scalar(given, '$.Grantee.ID'),
                        json_extract_scalar(given, '$.Grantee.EmailAddress')
                    ),
                    json_extract_scalar(given, '$.Permission')
                ) AS row (admitted varchar, permission varchar))
            ),
            -- The same as headers, each a list of id="…" and emailAddress="…".
            flatten(transform(
                ARRAY[
                    cast(row(
                        'FULL_CONTROL', json_extract_scalar(request, '$["x-amz-grant-full-control"]')
                    ) AS row (permission varchar, receivers varchar)),
                    cast(row(
                        'READ', json_extract_scalar(request, '$["x-amz-grant-read"]')
                    ) AS row (permission varchar, receivers varchar)),
                    cast(row(
                        'READ_ACP', json_extract_scalar(request, '$["x-amz-grant-read-acp"]')
                    ) AS row (permission varchar, receivers varchar)),
                    cast(row(
                        'WRITE', json_extract_scalar(request, '$["x-amz-grant-write"]')
                    ) AS row (permission varchar, receivers varchar)),
                    cast(row(
                        'WRITE_ACP', json_extract_scalar(request, '$["x-amz-grant-write-acp"]')
                    ) AS row (permission varchar, receivers varchar))
                ],
                header -> transform(
                    regexp_extract_all(coalesce(header.receivers, ''), '(id|emailAddress)="([^"]+)"', 2),
                    receiver -> cast(row(receiver, header.permission) AS row (admitted varchar, permission varchar))
                )
            ))
        ) AS held_grants
    FROM activity
    WHERE
        event_source = 's3.amazonaws.com'
        AND event_name IN ('PutBucketAcl', 'CreateBucket')
        AND call_result = 'success'
),

listed AS (
    SELECT
        calls.*,
        held.admitted,
        held.permission
    FROM calls
    CROSS JOIN unnest(calls.held_grants) AS held (admitted, permission)
),

judged AS (
    SELECT
        listed.*,
        CASE
            WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
            -- awslogsdelivery, as CloudFront's developer guide names it.
            WHEN admitted = 'c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0' THEN 'aws_log_delivery'
            WHEN admitted <> owner_id OR (admitted IS NOT NULL AND owner_id IS NULL) THEN 'other_user'
        END AS finding
    FROM listed
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    bucket_name,
    finding,
    admitted,
    permission,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM judged
WHERE finding IS NOT NULL
ORDER BY event_time, account_id, event_id, admitted, permission
