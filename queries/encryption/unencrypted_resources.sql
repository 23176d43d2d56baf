/*---
id = "encryption.unencrypted_resources"
version = 1
kind = "exception"
severity = "high"
title.en = "Storage made without encryption"
title.pt_BR = "Armazenamento criado sem criptografia"
question.en = """\
Which volumes, snapshots, databases, file systems, warehouses and caches were made or restored without encryption?"""
question.pt_BR = """\
Quais volumes, snapshots, bancos de dados, sistemas de arquivos, data warehouses e caches foram criados ou \
restaurados sem criptografia?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "event_source", "resource_id"]
limits.en = [
  """\
  What the response says counts, since a request that says nothing takes the account's default. Copies whose \
  response does not say, such as CopySnapshot, are not listed; the copy of an encrypted snapshot is always \
  encrypted.""",
  "Volumes that are made with an instance are not told of by RunInstances.",
  "What was made before the period does not appear.",
]
limits.pt_BR = [
  """\
  Vale o que a resposta diz, pois uma requisição omissa segue o padrão da conta. Cópias cuja resposta não o diz, \
  como CopySnapshot, não são listadas; a cópia de um snapshot criptografado é sempre criptografada.""",
  "Os volumes criados junto com uma instância não aparecem em RunInstances.",
  "O que foi criado antes do período não aparece.",
]
remedy.en = "Encrypt the storage by a copy or a restore, and delete the plain one; switch encryption on by default."
remedy.pt_BR = """\
Criptografe o armazenamento por cópia ou restauração e exclua o original; ligue a criptografia por padrão."""

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
name = "restored_from"
type = "varchar"
title.en = "Restored from"
title.pt_BR = "Restaurado de"

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
name = "user_agent"
type = "varchar"
title.en = "User agent"
title.pt_BR = "Agente do usuário (user agent)"
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

WITH made AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        CASE event_source
            WHEN 'ec2.amazonaws.com' THEN json_extract_scalar(response, '$.encrypted')
            WHEN 'rds.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(response, '$.storageEncrypted'), json_extract_scalar(response, '$.encrypted')
                )
            WHEN 'elasticache.amazonaws.com' THEN json_extract_scalar(response, '$.atRestEncryptionEnabled')
            ELSE json_extract_scalar(response, '$.encrypted')
        END AS is_encrypted,
        coalesce(
            CASE event_name
                WHEN 'CreateVolume' THEN json_extract_scalar(response, '$.volumeId')
                WHEN 'CreateSnapshot' THEN json_extract_scalar(response, '$.snapshotId')
            END,
            json_extract_scalar(response, '$.dBSnapshotArn'),
            json_extract_scalar(response, '$.dBInstanceArn'),
            json_extract_scalar(response, '$.dBClusterArn'),
            json_extract_scalar(response, '$.fileSystemId'),
            json_extract_scalar(response, '$.clusterIdentifier'),
            json_extract_scalar(response, '$.replicationGroupId'),
            json_extract_scalar(response, '$.dBInstanceIdentifier'),
            json_extract_scalar(response, '$.dBClusterIdentifier')
        ) AS resource_id,
        CASE
            WHEN event_name = 'CreateVolume' THEN json_extract_scalar(request, '$.snapshotId')
            WHEN event_name = 'CreateSnapshot' THEN json_extract_scalar(request, '$.volumeId')
            WHEN event_name = 'CreateDBSnapshot' THEN json_extract_scalar(request, '$.dBInstanceIdentifier')
            WHEN event_source = 'rds.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.sourceDBSnapshotIdentifier'),
                    json_extract_scalar(request, '$.sourceDBInstanceIdentifier'),
                    json_extract_scalar(request, '$.sourceDBClusterIdentifier'),
                    json_extract_scalar(request, '$.dBSnapshotIdentifier'),
                    json_extract_scalar(request, '$.snapshotIdentifier')
                )
            WHEN event_name = 'RestoreFromClusterSnapshot' THEN json_extract_scalar(request, '$.snapshotIdentifier')
        END AS restored_from,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        user_agent,
        event_id,
        log_file
    FROM activity
    WHERE
        call_result = 'success'
        AND (
            (event_source = 'ec2.amazonaws.com' AND event_name IN ('CreateVolume', 'CreateSnapshot'))
            OR (
                event_source = 'rds.amazonaws.com'
                AND event_name IN (
                    'CreateDBInstance',
                    'CreateDBInstanceReadReplica',
                    'CreateDBCluster',
                    'RestoreDBInstanceFromDBSnapshot',
                    'RestoreDBInstanceToPointInTime',
                    'RestoreDBClusterFromSnapshot',
                    'RestoreDBClusterToPointInTime',
                    'CreateDBSnapshot',
                    'CopyDBSnapshot'
                )
            )
            OR (event_source = 'elasticfilesystem.amazonaws.com' AND event_name = 'CreateFileSystem')
            OR (
                event_source = 'redshift.amazonaws.com'
                AND event_name IN ('CreateCluster', 'RestoreFromClusterSnapshot')
            )
            OR (event_source = 'elasticache.amazonaws.com' AND event_name = 'CreateReplicationGroup')
        )
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    resource_id,
    restored_from,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id,
    log_file
FROM made
WHERE is_encrypted = 'false'
ORDER BY event_time, account_id, event_id
