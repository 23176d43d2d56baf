/*---
id = "sharing.copies_and_replication"
version = 1
kind = "exception"
severity = "high"
title.en = "Copies and replication to other regions or accounts"
title.pt_BR = "Cópias e replicação para outras regiões ou contas"
question.en = """\
Which data was copied, or set to replicate, to a region that is not approved or to an account that is not trusted?"""
question.pt_BR = """\
Que dados foram copiados, ou configurados para replicar, para uma região não aprovada ou uma conta não confiável?"""
needs = ["management:write"]
parameters = ["approved_regions", "trusted_accounts"]
grain = ["event_time", "account_id", "event_id", "destination"]
subject = ["account_id", "event_source", "event_name", "resource_id", "destination"]
limits.en = [
  "A copy of a snapshot or image is logged in the region that receives it.",
  """\
  A bucket's rule names the bucket it replicates to, not its region; unless the rule names an account, it is a row: \
  unresolved.""",
]
limits.pt_BR = [
  "A cópia de um snapshot ou imagem é registrada na região que a recebe.",
  """\
  A regra de um bucket cita o bucket para onde replica, não a região; se a regra não citar uma conta, gera uma \
  linha: unresolved.""",
]
remedy.en = """\
Check it against the transfers that are registered and the plan for recovery. Stop what nobody ordered, and delete \
the copy."""
remedy.pt_BR = """\
Confira com as transferências registradas e com o plano de recuperação. Interrompa o que ninguém pediu e exclua a \
cópia."""

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
name = "resource_id"
type = "varchar"
title.en = "Resource"
title.pt_BR = "Recurso"

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

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

WITH
calls AS (
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
        request_state,
        CASE event_source
            WHEN 's3.amazonaws.com' THEN json_extract_scalar(request, '$.bucketName')
            WHEN 'ec2.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.sourceSnapshotId'), json_extract_scalar(request, '$.sourceImageId')
                )
            WHEN 'rds.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.sourceDBSnapshotIdentifier'),
                    json_extract_scalar(request, '$.sourceDBClusterSnapshotIdentifier'),
                    json_extract_scalar(request, '$.sourceDBInstanceIdentifier'),
                    json_extract_scalar(request, '$.sourceDBInstanceArn')
                )
            WHEN 'dynamodb.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.tableName'), json_extract_scalar(request, '$.globalTableName')
                )
            WHEN 'backup.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.recoveryPointArn'),
                    json_extract_scalar(request, '$.backupPlanId'),
                    json_extract_scalar(request, '$.backupPlan.backupPlanName')
                )
            WHEN 'fsx.amazonaws.com' THEN json_extract_scalar(request, '$.sourceBackupId')
            WHEN 'secretsmanager.amazonaws.com'
                THEN coalesce(json_extract_scalar(request, '$.secretId'), json_extract_scalar(request, '$.name'))
            WHEN 'kms.amazonaws.com' THEN json_extract_scalar(request, '$.keyId')
            WHEN 'redshift.amazonaws.com' THEN json_extract_scalar(request, '$.clusterIdentifier')
            WHEN 'elasticfilesystem.amazonaws.com' THEN json_extract_scalar(request, '$.sourceFileSystemId')
        END AS resource_id,
        CASE
            WHEN event_source = 's3.amazonaws.com'
                THEN coalesce(
                    try_cast(json_extract(request, '$.ReplicationConfiguration.Rule') AS ARRAY(json)),
                    ARRAY[json_extract(request, '$.ReplicationConfiguration.Rule')]
                )
            WHEN event_source = 'dynamodb.amazonaws.com'
                THEN coalesce(
                    try_cast(json_extract(request, '$.replicaUpdates') AS ARRAY(json)),
                    try_cast(json_extract(request, '$.replicationGroup') AS ARRAY(json))
                )
            WHEN event_name IN ('CreateBackupPlan', 'UpdateBackupPlan')
                THEN flatten(
                    transform(
                        try_cast(json_extract(request, '$.backupPlan.rules') AS ARRAY(json)),
                        rule -> coalesce(try_cast(json_extract(rule, '$.copyActions') AS ARRAY(json)), ARRAY[])
                    )
                )
            WHEN event_source = 'secretsmanager.amazonaws.com'
                THEN try_cast(json_extract(request, '$.addReplicaRegions') AS ARRAY(json))
            WHEN event_source = 'ecr.amazonaws.com'
                THEN flatten(
                    transform(
                        try_cast(json_extract(request, '$.replicationConfiguration.rules') AS ARRAY(json)),
                        rule -> try_cast(json_extract(rule, '$.destinations') AS ARRAY(json))
                    )
                )
            WHEN event_source = 'elasticfilesystem.amazonaws.com'
                THEN try_cast(json_extract(request, '$.destinations') AS ARRAY(json))
            ELSE ARRAY[json_extract(request, '$')]
        END AS targets,
        CASE
            -- A copy is made by the region that receives it.
            WHEN
                event_name IN ('CopySnapshot', 'CopyImage', 'CopyDBSnapshot', 'CopyDBClusterSnapshot', 'CopyBackup')
                THEN region
            WHEN event_name IN ('CreateDBInstanceReadReplica', 'StartDBInstanceAutomatedBackupsReplication') THEN region
            WHEN event_name = 'ReplicateKey' THEN json_extract_scalar(request, '$.replicaRegion')
            WHEN event_name = 'EnableSnapshotCopy' THEN json_extract_scalar(request, '$.destinationRegion')
        END AS copied_to
    FROM activity
    WHERE
        call_result = 'success'
        AND (
            (event_source = 's3.amazonaws.com' AND event_name = 'PutBucketReplication')
            OR (event_source = 'ec2.amazonaws.com' AND event_name IN ('CopySnapshot', 'CopyImage'))
            OR (
                event_source = 'rds.amazonaws.com'
                AND event_name IN (
                    'CopyDBSnapshot', 'CopyDBClusterSnapshot', 'CreateDBInstanceReadReplica',
                    'StartDBInstanceAutomatedBackupsReplication'
                )
            )
            OR (
                event_source = 'dynamodb.amazonaws.com'
                AND event_name IN ('UpdateTable', 'CreateGlobalTable', 'UpdateGlobalTable')
            )
            OR (
                event_source = 'backup.amazonaws.com'
                AND event_name IN ('StartCopyJob', 'CreateBackupPlan', 'UpdateBackupPlan')
            )
            OR (event_source = 'fsx.amazonaws.com' AND event_name = 'CopyBackup')
            OR (
                event_source = 'secretsmanager.amazonaws.com'
                AND event_name IN ('ReplicateSecretToRegions', 'CreateSecret')
            )
            OR (event_source = 'kms.amazonaws.com' AND event_name = 'ReplicateKey')
            OR (event_source = 'redshift.amazonaws.com' AND event_name = 'EnableSnapshotCopy')
            OR (event_source = 'ecr.amazonaws.com' AND event_name = 'PutReplicationConfiguration')
            OR (event_source = 'elasticfilesystem.amazonaws.com' AND event_name = 'CreateReplicationConfiguration')
        )
),

placed AS (
    SELECT
        calls.*,
        CASE calls.event_source
            WHEN 's3.amazonaws.com' THEN json_extract_scalar(held.target, '$.Destination.Bucket')
            WHEN 'backup.amazonaws.com' THEN json_extract_scalar(held.target, '$.destinationBackupVaultArn')
        END AS target_name,
        CASE calls.event_source
            WHEN 's3.amazonaws.com' THEN json_extract_scalar(held.target, '$.Destination.Account')
            WHEN 'ecr.amazonaws.com' THEN json_extract_scalar(held.target, '$.registryId')
            WHEN 'backup.amazonaws.com'
                THEN regexp_extract(
                    json_extract_scalar(held.target, '$.destinationBackupVaultArn'),
                    '^arn:[^:]*:backup:[^:]*:([0-9]{12}):',
                    1
                )
        END AS target_account,
        CASE calls.event_source
            WHEN 'dynamodb.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(held.target, '$.create.regionName'),
                    json_extract_scalar(held.target, '$.regionName')
                )
            WHEN 'secretsmanager.amazonaws.com' THEN json_extract_scalar(held.target, '$.region')
            WHEN 'ecr.amazonaws.com' THEN json_extract_scalar(held.target, '$.region')
            WHEN 'elasticfilesystem.amazonaws.com' THEN json_extract_scalar(held.target, '$.region')
            WHEN 'backup.amazonaws.com'
                THEN regexp_extract(
                    json_extract_scalar(held.target, '$.destinationBackupVaultArn'), '^arn:[^:]*:backup:([^:]*):', 1
                )
            ELSE calls.copied_to
        END AS target_region
    FROM calls
    CROSS JOIN unnest(calls.targets) AS held (target)
),

judged AS (
    SELECT
        placed.*,
        CASE
            WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
            WHEN
                target_account IS NOT NULL
                AND target_account <> account_id
                AND NOT contains(:trusted_accounts, target_account)
                THEN 'other_account'
            WHEN target_region IS NOT NULL AND NOT contains(:approved_regions, target_region) THEN 'unapproved_region'
            WHEN event_source = 's3.amazonaws.com' AND target_name IS NOT NULL AND target_account IS NULL
                THEN 'unresolved'
        END AS finding
    FROM placed
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    resource_id,
    finding,
    coalesce(target_name, target_account, target_region) AS destination,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM judged
WHERE finding IS NOT NULL
ORDER BY event_time, account_id, event_id, destination
