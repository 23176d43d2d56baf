/*---
id = "destruction.protection_removed"
version = 1
kind = "exception"
severity = "high"
title.en = "Protection against deletion switched off"
title.pt_BR = "Proteção contra exclusão desligada"
question.en = """\
Where was a safeguard against deletion switched off: versioning, object lock, holds, deletion or termination \
protection?"""
question.pt_BR = """\
Onde uma salvaguarda contra exclusão foi desligada: versionamento, object lock, retenções, proteção contra exclusão \
ou término?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "event_source", "finding", "resource_id"]
limits.en = [
  """\
  The console sends every setting with each change: a setting that was off already and is sent as off again is a row \
  too.""",
  "Holds and retention of single objects are data events, seen only where the trail logs them.",
]
limits.pt_BR = [
  """\
  O console envia todas as configurações a cada mudança: uma que já estava desligada e é reenviada desligada também \
  gera linha.""",
  "Retenções de objetos isolados são eventos de dados, vistos só onde a trilha os registra.",
]
remedy.en = "Ask why it was needed and whether it was switched on again; look for deletions that followed."
remedy.pt_BR = "Pergunte por que foi necessário e se a proteção foi religada; procure exclusões que vieram em seguida."

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
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "resource_id"
type = "varchar"
title.en = "Resource"
title.pt_BR = "Recurso"

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
name = "mfa"
type = "varchar"
title.en = "MFA"
title.pt_BR = "MFA"

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
        mfa,
        source_address,
        event_id,
        log_file,
        request_state,
        CASE event_source
            WHEN 's3.amazonaws.com' THEN json_extract_scalar(request, '$.bucketName')
            WHEN 'rds.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.dBInstanceIdentifier'),
                    json_extract_scalar(request, '$.dBClusterIdentifier')
                )
            WHEN 'dynamodb.amazonaws.com' THEN json_extract_scalar(request, '$.tableName')
            WHEN 'ec2.amazonaws.com' THEN json_extract_scalar(request, '$.instanceId')
            WHEN 'elasticloadbalancing.amazonaws.com' THEN json_extract_scalar(request, '$.loadBalancerArn')
            WHEN 'cloudformation.amazonaws.com' THEN json_extract_scalar(request, '$.stackName')
            WHEN 'backup.amazonaws.com' THEN json_extract_scalar(request, '$.backupVaultName')
            WHEN 'cognito-idp.amazonaws.com' THEN json_extract_scalar(request, '$.userPoolId')
        END AS resource_id,
        CASE event_source
            WHEN 's3.amazonaws.com'
                THEN
                    CASE
                        WHEN
                            event_name = 'PutBucketVersioning'
                            AND json_extract_scalar(request, '$.VersioningConfiguration.Status') = 'Suspended'
                            THEN 'versioning_suspended'
                        WHEN
                            event_name = 'PutBucketVersioning'
                            AND json_extract_scalar(request, '$.VersioningConfiguration.MfaDelete') = 'Disabled'
                            THEN 'mfa_delete_disabled'
                        WHEN
                            event_name = 'PutBucketObjectLockConfiguration'
                            AND json_extract(request, '$.ObjectLockConfiguration.Rule') IS NULL
                            AND request_state = 'present'
                            THEN 'default_retention_removed'
                        WHEN
                            event_name = 'PutObjectLegalHold'
                            AND json_extract_scalar(request, '$.LegalHold.Status') = 'OFF'
                            THEN 'legal_hold_removed'
                    END
            WHEN 'rds.amazonaws.com'
                THEN
                    CASE
                        WHEN json_extract_scalar(request, '$.deletionProtection') = 'false'
                            THEN 'deletion_protection_off'
                    END
            WHEN 'dynamodb.amazonaws.com'
                THEN
                    CASE
                        WHEN json_extract_scalar(request, '$.deletionProtectionEnabled') = 'false'
                            THEN 'deletion_protection_off'
                    END
            WHEN 'ec2.amazonaws.com'
                THEN
                    CASE
                        WHEN
                            json_extract_scalar(request, '$.disableApiTermination.value') = 'false'
                            OR (
                                json_extract_scalar(request, '$.attribute') = 'disableApiTermination'
                                AND json_extract_scalar(request, '$.value') = 'false'
                            )
                            THEN 'termination_protection_off'
                    END
            WHEN 'elasticloadbalancing.amazonaws.com'
                THEN
                    CASE
                        WHEN
                            any_match(
                                try_cast(json_extract(request, '$.attributes') AS ARRAY(json)),
                                setting -> json_extract_scalar(setting, '$.key') = 'deletion_protection.enabled'
                                AND json_extract_scalar(setting, '$.value') = 'false'
                            )
                            THEN 'deletion_protection_off'
                    END
            WHEN 'cloudformation.amazonaws.com'
                THEN
                    CASE
                        WHEN json_extract_scalar(request, '$.enableTerminationProtection') = 'false'
                            THEN 'termination_protection_off'
                    END
            WHEN 'backup.amazonaws.com' THEN 'vault_lock_removed'
            WHEN 'cognito-idp.amazonaws.com'
                THEN
                    CASE
                        WHEN json_extract_scalar(request, '$.deletionProtection') = 'INACTIVE'
                            THEN 'deletion_protection_off'
                    END
        END AS switched_off
    FROM activity
    WHERE
        call_result = 'success'
        AND (
            (
                event_source = 's3.amazonaws.com'
                AND event_name IN (
                    'PutBucketVersioning', 'PutBucketObjectLockConfiguration', 'PutObjectLegalHold'
                )
            )
            OR (event_source = 'rds.amazonaws.com' AND event_name IN ('ModifyDBInstance', 'ModifyDBCluster'))
            OR (event_source = 'dynamodb.amazonaws.com' AND event_name = 'UpdateTable')
            OR (event_source = 'ec2.amazonaws.com' AND event_name = 'ModifyInstanceAttribute')
            OR (
                event_source = 'elasticloadbalancing.amazonaws.com' AND event_name = 'ModifyLoadBalancerAttributes'
            )
            OR (event_source = 'cloudformation.amazonaws.com' AND event_name = 'UpdateTerminationProtection')
            OR (event_source = 'backup.amazonaws.com' AND event_name = 'DeleteBackupVaultLockConfiguration')
            OR (event_source = 'cognito-idp.amazonaws.com' AND event_name = 'UpdateUserPool')
        )
),

judged AS (
    SELECT
        calls.*,
        CASE WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable' ELSE switched_off END AS finding
    FROM calls
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    finding,
    resource_id,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    event_id,
    log_file
FROM judged
WHERE finding IS NOT NULL
ORDER BY event_time, account_id, event_id
