/*---
id        = "keys.key_admin_events"
version   = 1
kind      = "population"
severity  = "info"
title.en    = "Administration of encryption keys"
title.pt_BR = "Administração de chaves criptográficas"
question.en    = "Which administrative actions were taken on encryption keys, key stores and HSMs, and by whom?"
question.pt_BR = """\
Quais ações administrativas foram realizadas sobre chaves criptográficas, repositórios de chaves e HSMs, e por \
quem?"""
needs      = ["management:write", "kms"]
parameters = []
grain      = ["account_id", "event_time", "event_id"]
limits.en = [
  """Grants that AWS services make for a user's own use of a key (volumes, databases) are in the list, marked by the \
  service they came through.""",
  "Keys that never entered KMS or CloudHSM (in files, in code, at other providers) are not seen.",
  "What is done inside an HSM with its own tools is in the HSM's audit log, not in CloudTrail.",
]
limits.pt_BR = [
  """Concessões (grants) que serviços da AWS criam para o uso que o próprio usuário faz da chave (volumes, bancos de \
  dados) constam da lista, marcadas com o serviço pelo qual vieram.""",
  "Chaves que nunca passaram pelo KMS ou CloudHSM (em arquivos, em código, em outros provedores) não são vistas.",
  "O que se faz dentro de um HSM com as ferramentas dele está no log de auditoria do HSM, não no CloudTrail.",
]
remedy.en    = """\
Draw a sample and match it with change tickets and with the list of key custodians; look at key policies and \
grants that name other accounts."""
remedy.pt_BR = """\
Extraia uma amostra e confronte com os chamados de mudança e com a lista de custodiantes de chaves; observe \
políticas de chave e concessões que citem outras contas."""

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
name = "key_id"
type = "varchar"
title.en = "Key"
title.pt_BR = "Chave"

[[column]]
name = "detail"
type = "varchar"
title.en = "Detail"
title.pt_BR = "Detalhe"

[[column]]
name = "pending_days"
type = "bigint"
title.en = "Waiting period (days)"
title.pt_BR = "Prazo de espera (dias)"

[[column]]
name = "key_spec"
type = "varchar"
title.en = "Kind of key made"
title.pt_BR = "Tipo da chave criada"

[[column]]
name = "key_origin"
type = "varchar"
title.en = "Origin of its material"
title.pt_BR = "Origem do material"

[[column]]
name = "grantee"
type = "varchar"
title.en = "Granted to"
title.pt_BR = "Concedido a"
personal = true

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
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

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
    -- The id alone: callers write it alone or as an ARN, and some calls name the key only among the resources.
    regexp_extract(
        coalesce(
            element_at(filter(resources, held -> held.type = 'AWS::KMS::Key'), 1).arn,
            json_extract_scalar(response, '$.keyId'),
            json_extract_scalar(response, '$.keyMetadata.arn'),
            json_extract_scalar(request, '$.keyId'),
            json_extract_scalar(request, '$.targetKeyId'),
            json_extract_scalar(service_details, '$.keyId')
        ),
        '([^/]+)\z',
        1
    ) AS key_id,
    coalesce(
        json_extract_scalar(request, '$.aliasName'),
        json_extract_scalar(request, '$.customKeyStoreId'),
        json_extract_scalar(request, '$.customKeyStoreName'),
        json_extract_scalar(request, '$.replicaRegion'),
        json_extract_scalar(request, '$.primaryRegion'),
        json_extract_scalar(request, '$.grantId'),
        json_extract_scalar(request, '$.hsmId'),
        json_extract_scalar(request, '$.clusterId'),
        json_extract_scalar(request, '$.backupId')
    ) AS detail,
    try_cast(json_extract_scalar(request, '$.pendingWindowInDays') AS bigint) AS pending_days,
    json_extract_scalar(response, '$.keyMetadata.keySpec') AS key_spec,
    json_extract_scalar(response, '$.keyMetadata.origin') AS key_origin,
    coalesce(
        json_extract_scalar(request, '$.granteePrincipal'),
        json_extract_scalar(request, '$.granteeServicePrincipal')
    ) AS grantee,
    actor,
    actor_kind,
    person,
    invoked_by,
    source_address,
    call_result,
    event_id
FROM activity
WHERE
    (
        event_source = 'kms.amazonaws.com'
        AND event_name IN (
            'CreateKey', 'PutKeyPolicy', 'EnableKey', 'DisableKey', 'EnableKeyRotation', 'DisableKeyRotation',
            'RotateKeyOnDemand', 'RotateKey', 'ScheduleKeyDeletion', 'CancelKeyDeletion', 'DeleteKey',
            'ImportKeyMaterial', 'DeleteImportedKeyMaterial',
            'CreateAlias', 'UpdateAlias', 'DeleteAlias', 'CreateGrant', 'RevokeGrant',
            'RetireGrant', 'ReplicateKey', 'UpdatePrimaryRegion', 'UpdateKeyDescription', 'CreateCustomKeyStore',
            'UpdateCustomKeyStore', 'DeleteCustomKeyStore', 'ConnectCustomKeyStore', 'DisconnectCustomKeyStore',
            'TagResource', 'UntagResource'
        )
    )
    OR (
        event_source = 'cloudhsm.amazonaws.com'
        AND event_name IN (
            'CreateCluster', 'InitializeCluster', 'ModifyCluster', 'DeleteCluster', 'CreateHsm', 'DeleteHsm',
            'DeleteBackup', 'RestoreBackup', 'CopyBackupToRegion', 'ModifyBackupAttributes', 'PutResourcePolicy',
            'DeleteResourcePolicy'
        )
    )
ORDER BY event_time, account_id, event_id
