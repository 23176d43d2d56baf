/*---
id        = "sharing.snapshots_and_images"
version   = 1
kind      = "exception"
severity  = "critical"
title.en    = "Snapshots and images shared outside"
title.pt_BR = "Snapshots e imagens compartilhados para fora"
question.en    = """\
Which snapshots and images were shared with everyone or with an account that is not trusted, and was that used?"""
question.pt_BR = """\
Quais snapshots e imagens foram compartilhados com todos ou com uma conta não confiável, e isso foi usado?"""
needs      = ["management:write"]
parameters = ["trusted_accounts"]
grain      = ["account_id", "event_time", "event_id", "shared_with"]
subject    = ["account_id", "region", "resource_id", "finding", "shared_with"]
limits.en = [
  """That the other account restored or copied an EBS snapshot is logged without naming that account; for RDS, \
  Redshift and images it is not logged at all.""",
  "Shares by backup vault policies, by key grants and by copies made inside another account are not covered.",
  "What was shared before the period and still is does not appear.",
]
limits.pt_BR = [
  """\
  A restauração ou a cópia de um snapshot EBS pela outra conta é registrada sem identificar essa conta; no caso de \
  RDS, Redshift e imagens, não é registrada.""",
  """Compartilhamentos por políticas de cofres de backup, por concessões de chaves e por cópias feitas em outra conta \
  não são cobertos.""",
  "O que já estava compartilhado antes do período não aparece.",
]
remedy.en    = """\
Confirm the agreement with the receiving account, or take the share back; a snapshot that was public counts as \
disclosed. Add accounts of your own and of partners to trusted_accounts."""
remedy.pt_BR = """\
Confirme o acordo com a conta que recebeu, ou desfaça o compartilhamento; um snapshot que esteve público conta \
como divulgado. Inclua contas próprias e de parceiros em trusted_accounts."""

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
title.en = "Snapshot or image"
title.pt_BR = "Snapshot ou imagem"

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "shared_with"
type = "varchar"
title.en = "Shared with"
title.pt_BR = "Compartilhado com"

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
        source_address,
        event_id,
        request_state,
        coalesce(
            json_extract_scalar(request, '$.snapshotId'),
            json_extract_scalar(request, '$.imageId'),
            json_extract_scalar(request, '$.dBSnapshotIdentifier'),
            json_extract_scalar(request, '$.dBClusterSnapshotIdentifier'),
            json_extract_scalar(request, '$.snapshotIdentifier'),
            json_extract_scalar(request, '$.snapshotArn'),
            json_extract_scalar(service_details, '$.snapshotId')
        ) AS resource_id,
        coalesce(
            transform(
                coalesce(
                    try_cast(json_extract(request, '$.createVolumePermission.add.items') AS ARRAY(json)),
                    try_cast(json_extract(request, '$.launchPermission.add.items') AS ARRAY(json))
                ),
                added -> coalesce(
                    json_extract_scalar(added, '$.group'),
                    json_extract_scalar(added, '$.userId'),
                    json_extract_scalar(added, '$.organizationArn'),
                    json_extract_scalar(added, '$.organizationalUnitArn')
                )
            ),
            try_cast(json_extract(request, '$.valuesToAdd') AS ARRAY(varchar)),
            ARRAY[json_extract_scalar(request, '$.accountWithRestoreAccess')]
        ) AS receivers
    FROM activity
    WHERE
        (
            call_result IN ('success', 'partial')
            AND (
                (
                    event_source = 'ec2.amazonaws.com'
                    AND event_name IN (
                        'ModifySnapshotAttribute', 'ModifyImageAttribute', 'DisableSnapshotBlockPublicAccess',
                        'DisableImageBlockPublicAccess'
                    )
                )
                OR (
                    event_source = 'rds.amazonaws.com'
                    AND event_name IN ('ModifyDBSnapshotAttribute', 'ModifyDBClusterSnapshotAttribute')
                )
                OR (event_source = 'redshift.amazonaws.com' AND event_name = 'AuthorizeSnapshotAccess')
            )
        )
        -- Written by EC2 in the owner's trail when the other side uses the share; service events have no result.
        OR (
            event_source = 'ec2.amazonaws.com'
            AND event_name IN ('SharedSnapshotVolumeCreated', 'SharedSnapshotCopyInitiated')
        )
),

shares AS (
    SELECT
        calls.*,
        named.shared_with
    FROM calls
    CROSS JOIN unnest(calls.receivers) AS named (shared_with)
),

judged AS (
    SELECT
        shares.*,
        CASE
            WHEN event_name IN ('DisableSnapshotBlockPublicAccess', 'DisableImageBlockPublicAccess')
                THEN 'protection_removed'
            WHEN event_name IN ('SharedSnapshotVolumeCreated', 'SharedSnapshotCopyInitiated')
                THEN 'used_by_other_account'
            WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
            WHEN shared_with = 'all' THEN 'public'
            WHEN shared_with = account_id OR contains(:trusted_accounts, shared_with) THEN NULL
            WHEN regexp_like(shared_with, '^arn:') THEN 'organization'
            WHEN shared_with IS NOT NULL THEN 'other_account'
        END AS finding
    FROM shares
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    resource_id,
    finding,
    shared_with,
    actor,
    actor_kind,
    person,
    source_address,
    event_id
FROM judged
WHERE finding IS NOT NULL
ORDER BY event_time, account_id, event_id, shared_with
