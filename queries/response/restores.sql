/*---
id = "response.restores"
version = 1
kind = "population"
severity = "info"
title.en = "Restores"
title.pt_BR = "Restaurações"
question.en = "Which restores were run, as a test or for real, from what into what, and with which result?"
question.pt_BR = """\
Quais restaurações foram executadas, como teste ou por necessidade real, de onde para onde e com que resultado?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  "That a restore was begun is logged; whether what it made was complete and used is known to whoever tested it.",
  "A volume that is made from a snapshot is the usual way of restoring a disk, and of starting a machine.",
]
limits.pt_BR = [
  "O início de uma restauração é registrado; se o que ela produziu estava completo e foi usado, só sabe quem a testou.",
  "Um volume criado a partir de um snapshot é a forma usual de restaurar um disco, e também de iniciar uma máquina.",
]
remedy.en = """\
Compare with the plan of recovery tests. A restore into another place is also a copy of the data: check its \
encryption and who can reach it."""
remedy.pt_BR = """\
Compare com o plano de testes de recuperação. Uma restauração em outro lugar também é uma cópia dos dados: verifique \
a criptografia e quem a alcança."""

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
name = "restored_from"
type = "varchar"
title.en = "Restored from"
title.pt_BR = "Restaurado de"

[[column]]
name = "restored_to"
type = "varchar"
title.en = "Restored to"
title.pt_BR = "Restaurado em"

[[column]]
name = "job_state"
type = "varchar"
title.en = "State of the job"
title.pt_BR = "Estado do trabalho"

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
name = "event_id"
type = "varchar"
title.en = "Event id"
title.pt_BR = "Id do evento"
---*/

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    CASE event_source
        WHEN 'backup.amazonaws.com' THEN json_extract_scalar(request, '$.recoveryPointArn')
        WHEN 'rds.amazonaws.com'
            THEN coalesce(
                json_extract_scalar(request, '$.dBSnapshotIdentifier'),
                json_extract_scalar(request, '$.snapshotIdentifier'),
                json_extract_scalar(request, '$.sourceDBInstanceIdentifier'),
                json_extract_scalar(request, '$.sourceDBClusterIdentifier'),
                json_extract_scalar(request, '$.s3BucketName')
            )
        WHEN 'dynamodb.amazonaws.com'
            THEN coalesce(
                json_extract_scalar(request, '$.backupArn'),
                json_extract_scalar(request, '$.sourceTableName'),
                json_extract_scalar(request, '$.sourceTableArn')
            )
        WHEN 'redshift.amazonaws.com' THEN json_extract_scalar(request, '$.snapshotIdentifier')
        WHEN 'ec2.amazonaws.com' THEN json_extract_scalar(request, '$.snapshotId')
        WHEN 'secretsmanager.amazonaws.com' THEN json_extract_scalar(request, '$.secretId')
        WHEN 's3.amazonaws.com'
            THEN concat(bucket_name, '/', object_key)
    END AS restored_from,
    CASE event_source
        WHEN 'rds.amazonaws.com'
            THEN coalesce(
                json_extract_scalar(request, '$.dBInstanceIdentifier'),
                json_extract_scalar(request, '$.targetDBInstanceIdentifier'),
                json_extract_scalar(request, '$.dBClusterIdentifier')
            )
        WHEN 'dynamodb.amazonaws.com' THEN json_extract_scalar(request, '$.targetTableName')
        WHEN 'redshift.amazonaws.com' THEN json_extract_scalar(request, '$.clusterIdentifier')
        WHEN 'ec2.amazonaws.com' THEN json_extract_scalar(response, '$.volumeId')
    END AS restored_to,
    CASE
        WHEN event_source = 'backup.amazonaws.com' AND event_name <> 'StartRestoreJob'
            THEN json_extract_scalar(service_details, '$.state')
    END AS job_state,
    call_result,
    actor_kind,
    actor,
    person,
    event_id
FROM activity
WHERE
    (event_source = 'backup.amazonaws.com' AND event_name IN ('StartRestoreJob', 'RestoreStarted', 'RestoreCompleted'))
    OR (
        event_source = 'rds.amazonaws.com'
        AND event_name IN (
            'RestoreDBInstanceFromDBSnapshot', 'RestoreDBInstanceToPointInTime', 'RestoreDBInstanceFromS3',
            'RestoreDBClusterFromSnapshot', 'RestoreDBClusterToPointInTime', 'RestoreDBClusterFromS3'
        )
    )
    OR (
        event_source = 'dynamodb.amazonaws.com'
        AND event_name IN ('RestoreTableFromBackup', 'RestoreTableToPointInTime')
    )
    OR (
        event_source = 'redshift.amazonaws.com'
        AND event_name IN ('RestoreFromClusterSnapshot', 'RestoreTableFromClusterSnapshot')
    )
    OR (
        event_source = 'ec2.amazonaws.com'
        AND (
            event_name = 'RestoreSnapshotTier'
            OR (event_name = 'CreateVolume' AND coalesce(json_extract_scalar(request, '$.snapshotId'), '') <> '')
        )
    )
    OR (event_source = 's3.amazonaws.com' AND event_name = 'RestoreObject')
    OR (event_source = 'secretsmanager.amazonaws.com' AND event_name = 'RestoreSecret')
ORDER BY event_time, account_id, event_id
