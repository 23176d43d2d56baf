/*---
id = "sharing.exports"
version = 1
kind = "exception"
severity = "high"
title.en = "Exports of data"
title.pt_BR = "Exportações de dados"
question.en = """\
Which exports of databases, tables, machines and streams, and which transfers, were begun, into a place that is not \
approved?"""
question.pt_BR = """\
Quais exportações de bancos, tabelas, máquinas e fluxos, e quais transferências, foram iniciadas para um lugar não \
aprovado?"""
needs = ["management:write"]
parameters = ["approved_export_buckets"]
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "event_source", "event_name", "exported", "destination"]
limits.en = [
  "That an export was begun is logged; how much it moved, and what became of it, is in the service that made it.",
  "Exports by SQL inside a database, such as UNLOAD, are in the log of that database.",
  """\
  Streams and subscriptions of log groups that go on delivering from then on are listed when they are set up, with \
  the bucket, address or ARN that they deliver to.""",
]
limits.pt_BR = [
  "O início de uma exportação é registrado; quanto ela moveu, e o que foi feito dela, está no serviço que a fez.",
  "Exportações por SQL dentro de um banco de dados, como UNLOAD, estão no log desse banco.",
  """\
  Streams e assinaturas de grupos de logs que continuam entregando dali em diante são listados quando configurados, \
  com o bucket, o endereço ou o ARN a que entregam.""",
]
remedy.en = """\
Ask for the purpose and the recipient, and check the bucket it went to. Add places of your own to \
approved_export_buckets."""
remedy.pt_BR = """\
Pergunte a finalidade e o destinatário, e verifique o bucket de destino. Inclua os lugares próprios em \
approved_export_buckets."""

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
name = "event_source"
type = "varchar"
title.en = "Service"
title.pt_BR = "Serviço"

[[column]]
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "exported"
type = "varchar"
title.en = "Exported"
title.pt_BR = "Exportado"

[[column]]
name = "destination"
type = "varchar"
title.en = "Destination"
title.pt_BR = "Destino"

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

WITH calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        actor_kind,
        actor,
        person,
        source_address,
        event_id,
        log_file,
        CASE event_source
            WHEN 'rds.amazonaws.com' THEN json_extract_scalar(request, '$.sourceArn')
            WHEN 'dynamodb.amazonaws.com' THEN json_extract_scalar(request, '$.tableArn')
            WHEN 'ec2.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.instanceId'),
                    json_extract_scalar(request, '$.imageId'),
                    json_extract_scalar(request, '$.CreateStoreImageTaskRequest.ImageId'),
                    json_extract_scalar(request, '$.ExportImageRequest.ImageId')
                )
            WHEN 'datasync.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.sourceLocationArn'), json_extract_scalar(request, '$.taskArn')
                )
            WHEN 'dms.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.sourceEndpointArn'),
                    json_extract_scalar(request, '$.replicationTaskArn'),
                    json_extract_scalar(request, '$.replicationConfigArn')
                )
            WHEN 'elasticache.amazonaws.com' THEN json_extract_scalar(request, '$.sourceSnapshotName')
            WHEN 'firehose.amazonaws.com' THEN json_extract_scalar(request, '$.deliveryStreamName')
            WHEN 'transfer.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.sendFilePaths[0]'), json_extract_scalar(request, '$.connectorId')
                )
            WHEN 'appflow.amazonaws.com' THEN json_extract_scalar(request, '$.flowName')
            WHEN 'logs.amazonaws.com' THEN json_extract_scalar(request, '$.logGroupName')
        END AS exported,
        CASE event_source
            WHEN 'rds.amazonaws.com' THEN json_extract_scalar(request, '$.s3BucketName')
            WHEN 'dynamodb.amazonaws.com' THEN json_extract_scalar(request, '$.s3Bucket')
            WHEN 'ec2.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.exportToS3.s3Bucket'),
                    json_extract_scalar(request, '$.s3ExportLocation.s3Bucket'),
                    json_extract_scalar(request, '$.ExportImageRequest.S3ExportLocation.S3Bucket'),
                    json_extract_scalar(request, '$.CreateStoreImageTaskRequest.Bucket'),
                    json_extract_scalar(request, '$.bucket')
                )
            WHEN 'elasticache.amazonaws.com' THEN json_extract_scalar(request, '$.targetBucket')
            WHEN 'firehose.amazonaws.com'
                THEN coalesce(
                    regexp_extract(request, '"[Uu]rl"[ ]*:[ ]*"([^"]+)"', 1),
                    regexp_extract(request, '"[Bb]ucketARN"[ ]*:[ ]*"arn:[^:"]*:s3:::([^"]+)"', 1)
                )
            WHEN 'datasync.amazonaws.com' THEN json_extract_scalar(request, '$.destinationLocationArn')
            WHEN 'dms.amazonaws.com' THEN json_extract_scalar(request, '$.targetEndpointArn')
            WHEN 'logs.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.destination'), json_extract_scalar(request, '$.destinationArn')
                )
        END AS destination
    FROM activity
    WHERE
        call_result = 'success'
        AND (
            (event_source = 'rds.amazonaws.com' AND event_name = 'StartExportTask')
            OR (event_source = 'dynamodb.amazonaws.com' AND event_name = 'ExportTableToPointInTime')
            OR (
                event_source = 'ec2.amazonaws.com'
                AND event_name IN ('CreateInstanceExportTask', 'ExportImage', 'CreateStoreImageTask')
            )
            OR (event_source = 'datasync.amazonaws.com' AND event_name IN ('CreateTask', 'StartTaskExecution'))
            OR (
                event_source = 'dms.amazonaws.com'
                AND event_name IN (
                    'CreateReplicationTask', 'StartReplicationTask', 'CreateReplicationConfig', 'StartReplication'
                )
            )
            OR (event_source = 'transfer.amazonaws.com' AND event_name = 'StartFileTransfer')
            OR (event_source = 'appflow.amazonaws.com' AND event_name IN ('CreateFlow', 'StartFlow'))
            OR (event_source = 'logs.amazonaws.com' AND event_name IN ('CreateExportTask', 'PutSubscriptionFilter'))
            OR (event_source = 'elasticache.amazonaws.com' AND event_name = 'CopySnapshot')
            OR (event_source = 'firehose.amazonaws.com' AND event_name IN ('CreateDeliveryStream', 'UpdateDestination'))
        )
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    exported,
    destination,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM calls
WHERE
    NOT coalesce(contains(:approved_export_buckets, destination), FALSE)
    -- A copy that stays where it is names no bucket.
    AND (event_source <> 'elasticache.amazonaws.com' OR destination <> '')
ORDER BY event_time, account_id, event_id
