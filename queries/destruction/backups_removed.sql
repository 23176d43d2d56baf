/*---
id        = "destruction.backups_removed"
version   = 1
kind      = "exception"
severity  = "critical"
title.en    = "Backups removed or shortened"
title.pt_BR = "Backups removidos ou com retenção reduzida"
question.en    = """\
Which backups, snapshots, recovery points or backup rules were removed, switched off or shortened, and by whom?"""
question.pt_BR = """\
Quais backups, snapshots, pontos de recuperação ou regras de backup foram removidos, desligados ou tiveram a retenção \
reduzida, e por quem?"""
needs      = ["management:write"]
parameters = ["lifecycle_automation_roles"]
grain      = ["account_id", "event_time", "event_id"]
subject    = ["account_id", "region", "event_source", "backup_id", "finding"]
limits.en = [
  """Deletions that a service makes by itself when a retention period ends, and those by the roles listed as \
  lifecycle automation, are left out: the rules that cause them are not.""",
  "Whether another copy of the same data remains is not in CloudTrail.",
  "A shorter retention is told only where the response still shows the longer one.",
]
limits.pt_BR = [
  """Exclusões que um serviço faz por si ao fim da retenção, e as das roles listadas como automação de ciclo de \
  vida, ficam de fora: as alterações das regras que as causam, não.""",
  "O CloudTrail não mostra se resta outra cópia dos mesmos dados.",
  "Uma retenção mais curta só é reconhecida quando a resposta ainda mostra a mais longa.",
]
remedy.en    = """\
Confirm with the owner of the data that the copy was no longer to be kept and that a restorable one exists; if \
not, treat it as an attempt against recovery."""
remedy.pt_BR = """\
Confirme com o responsável pelos dados que a cópia não precisava mais ser guardada e que existe outra restaurável; \
caso contrário, trate como tentativa contra a recuperação."""

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
name = "backup_id"
type = "varchar"
title.en = "Backup or what it protects"
title.pt_BR = "Cópia ou o que ela protege"

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "days_before"
type = "bigint"
title.en = "Retention before (days)"
title.pt_BR = "Retenção anterior (dias)"

[[column]]
name = "days_after"
type = "bigint"
title.en = "Retention after (days)"
title.pt_BR = "Retenção posterior (dias)"

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
name = "invoked_by"
type = "varchar"
title.en = "Through the service"
title.pt_BR = "Por meio do serviço"

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
---*/

WITH
calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        actor,
        actor_kind,
        person,
        invoked_by,
        source_address,
        event_id,
        request,
        request_state,
        coalesce(
            json_extract_scalar(request, '$.recoveryPointArn'),
            json_extract_scalar(request, '$.backupVaultName'),
            json_extract_scalar(request, '$.backupPlanId'),
            json_extract_scalar(request, '$.dBSnapshotIdentifier'),
            json_extract_scalar(request, '$.dBClusterSnapshotIdentifier'),
            json_extract_scalar(request, '$.dBInstanceAutomatedBackupsArn'),
            json_extract_scalar(request, '$.dbiResourceId'),
            json_extract_scalar(request, '$.dbClusterResourceId'),
            json_extract_scalar(request, '$.dBInstanceIdentifier'),
            json_extract_scalar(request, '$.dBClusterIdentifier'),
            json_extract_scalar(request, '$.snapshotId'),
            json_extract_scalar(request, '$.imageId'),
            json_extract_scalar(request, '$.backupArn'),
            json_extract_scalar(request, '$.backupId'),
            json_extract_scalar(request, '$.tableName'),
            json_extract_scalar(request, '$.snapshotIdentifier'),
            json_extract_scalar(request, '$.snapshotName'),
            json_extract_scalar(request, '$.clusterIdentifier'),
            json_extract_scalar(request, '$.fileSystemId'),
            json_extract_scalar(request, '$.policyId')
        ) AS backup_id,
        try_cast(json_extract_scalar(response, '$.backupRetentionPeriod') AS bigint) AS days_before,
        try_cast(
            coalesce(
                json_extract_scalar(request, '$.backupRetentionPeriod'),
                json_extract_scalar(request, '$.automatedSnapshotRetentionPeriod'),
                json_extract_scalar(request, '$.lifecycle.deleteAfterDays')
            ) AS bigint
        ) AS days_after
    FROM activity
    WHERE
        call_result IN ('success', 'partial')
        AND NOT service_initiated
        AND NOT coalesce(contains(:lifecycle_automation_roles, actor), FALSE)
        AND (
            (
                event_source = 'backup.amazonaws.com'
                AND event_name IN (
                    'DeleteRecoveryPoint', 'DeleteBackupVault', 'DeleteBackupPlan', 'DeleteBackupSelection',
                    'DeleteBackupVaultLockConfiguration', 'DisassociateRecoveryPoint', 'UpdateRecoveryPointLifecycle'
                )
            )
            OR (
                event_source = 'rds.amazonaws.com'
                AND event_name IN (
                    'DeleteDBSnapshot', 'DeleteDBClusterSnapshot', 'DeleteDBInstanceAutomatedBackup',
                    'DeleteDBClusterAutomatedBackup', 'ModifyDBInstance', 'ModifyDBCluster'
                )
            )
            OR (
                event_source = 'ec2.amazonaws.com'
                AND event_name IN ('DeleteSnapshot', 'DeregisterImage', 'UnlockSnapshot')
            )
            OR (
                event_source = 'dynamodb.amazonaws.com' AND event_name IN ('DeleteBackup', 'UpdateContinuousBackups')
            )
            OR (
                event_source = 'redshift.amazonaws.com' AND event_name IN ('DeleteClusterSnapshot', 'ModifyCluster')
            )
            OR (event_source = 'elasticfilesystem.amazonaws.com' AND event_name = 'PutBackupPolicy')
            OR (event_source = 'fsx.amazonaws.com' AND event_name = 'DeleteBackup')
            OR (event_source = 'elasticache.amazonaws.com' AND event_name = 'DeleteSnapshot')
            OR (event_source = 'redshift-serverless.amazonaws.com' AND event_name = 'DeleteSnapshot')
            OR (
                event_source = 'dlm.amazonaws.com'
                AND event_name IN ('DeleteLifecyclePolicy', 'UpdateLifecyclePolicy')
            )
        )
),

judged AS (
    SELECT
        calls.*,
        CASE
            -- Settings: the console sends all of them again, so what counts is the value.
            WHEN
                event_name IN (
                    'ModifyDBInstance', 'ModifyDBCluster', 'ModifyCluster', 'UpdateContinuousBackups',
                    'PutBackupPolicy', 'UpdateLifecyclePolicy', 'UpdateRecoveryPointLifecycle'
                )
                THEN
                    CASE
                        WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
                        WHEN event_name = 'UpdateRecoveryPointLifecycle' THEN 'retention_changed'
                        WHEN days_after = 0 THEN 'switched_off'
                        WHEN days_after < days_before THEN 'retention_shortened'
                        WHEN
                            json_extract_scalar(
                                request, '$.pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled'
                            ) = 'false'
                            THEN 'switched_off'
                        WHEN json_extract_scalar(request, '$.backupPolicy.status') = 'DISABLED' THEN 'switched_off'
                        WHEN json_extract_scalar(request, '$.state') = 'DISABLED' THEN 'switched_off'
                    END
            WHEN event_name IN ('DeleteBackupPlan', 'DeleteBackupSelection', 'DeleteLifecyclePolicy')
                THEN 'rule_removed'
            WHEN event_name IN ('DeleteBackupVaultLockConfiguration', 'UnlockSnapshot') THEN 'lock_removed'
            ELSE 'copy_removed'
        END AS finding
    FROM calls
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    backup_id,
    finding,
    CASE WHEN finding IN ('switched_off', 'retention_shortened') THEN days_before END AS days_before,
    CASE WHEN finding IN ('switched_off', 'retention_shortened', 'retention_changed') THEN days_after END AS days_after,
    actor,
    actor_kind,
    person,
    invoked_by,
    source_address,
    event_id
FROM judged
WHERE finding IS NOT NULL
ORDER BY event_time, account_id, event_id
