/*---
id        = "destruction.data_stores_deleted"
version   = 1
kind      = "population"
severity  = "info"
title.en    = "Data stores deleted"
title.pt_BR = "Repositórios de dados excluídos"
question.en    = """\
Which databases, tables, buckets, volumes, file systems, streams and secrets were deleted, by whom, and was a \
final copy taken?"""
question.pt_BR = """\
Quais bancos de dados, tabelas, buckets, volumes, sistemas de arquivos, fluxos e segredos foram excluídos, por \
quem, e foi feita uma cópia final?"""
needs      = ["management:write"]
parameters = []
grain      = ["account_id", "event_time", "event_id"]
limits.en = [
  """A call that was accepted starts a deletion; whether it was carried through, and whether other copies remain, is \
  not in CloudTrail.""",
  "What a deleted CloudFormation stack took with it appears as deletions of their own, by the stack's role or user.",
  "Data deleted inside a store (rows, objects, documents) is not a deletion of the store.",
]
limits.pt_BR = [
  "Uma chamada aceita inicia a exclusão; o CloudTrail não mostra se ela foi concluída nem se restam outras cópias.",
  """O que uma pilha do CloudFormation excluída levou consigo aparece como exclusões próprias, pela role ou pelo \
  usuário da pilha.""",
  "Dados excluídos dentro de um repositório (linhas, objetos, documentos) não são a exclusão do repositório.",
]
remedy.en    = """\
Match each row with a change ticket or a retention decision; where no final copy was taken, confirm that the data \
was no longer to be kept."""
remedy.pt_BR = """\
Confronte cada linha com um chamado de mudança ou uma decisão de retenção; onde não houve cópia final, confirme \
que os dados não precisavam mais ser guardados."""

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
name = "store_id"
type = "varchar"
title.en = "Data store"
title.pt_BR = "Repositório de dados"

[[column]]
name = "final_copy"
type = "varchar"
title.en = "Final copy"
title.pt_BR = "Cópia final"

[[column]]
name = "final_copy_id"
type = "varchar"
title.en = "Name of the final copy"
title.pt_BR = "Nome da cópia final"

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
name = "request_state"
type = "varchar"
title.en = "Request as logged"
title.pt_BR = "Requisição como registrada"

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
    coalesce(
        json_extract_scalar(request, '$.dBInstanceIdentifier'),
        json_extract_scalar(request, '$.dBClusterIdentifier'),
        json_extract_scalar(request, '$.globalClusterIdentifier'),
        json_extract_scalar(request, '$.dBShardGroupIdentifier'),
        json_extract_scalar(request, '$.bucketName'),
        json_extract_scalar(request, '$.tableName'),
        json_extract_scalar(request, '$.volumeId'),
        json_extract_scalar(request, '$.fileSystemId'),
        json_extract_scalar(request, '$.clusterIdentifier'),
        json_extract_scalar(request, '$.namespaceName'),
        json_extract_scalar(request, '$.clusterArn'),
        json_extract_scalar(request, '$.domainName'),
        json_extract_scalar(request, '$.replicationGroupId'),
        json_extract_scalar(request, '$.cacheClusterId'),
        json_extract_scalar(request, '$.streamName'),
        json_extract_scalar(request, '$.streamARN'),
        concat(json_extract_scalar(request, '$.databaseName'), '.', json_extract_scalar(request, '$.name')),
        json_extract_scalar(request, '$.name'),
        json_extract_scalar(request, '$.repositoryName'),
        json_extract_scalar(request, '$.secretId'),
        json_extract_scalar(request, '$.stackName'),
        json_extract_scalar(request, '$.stackSetName'),
        json_extract_scalar(request, '$.queueUrl'),
        json_extract_scalar(request, '$.userPoolId')
    ) AS store_id,
    CASE
        WHEN request_state IN ('omitted', 'unparseable') THEN 'unknown'
        WHEN
            'true' IN (
                json_extract_scalar(request, '$.skipFinalSnapshot'),
                json_extract_scalar(request, '$.skipFinalClusterSnapshot'),
                json_extract_scalar(request, '$.forceDeleteWithoutRecovery')
            )
            THEN 'refused_by_caller'
        WHEN
            coalesce(
                json_extract_scalar(request, '$.finalDBSnapshotIdentifier'),
                json_extract_scalar(request, '$.finalClusterSnapshotIdentifier'),
                json_extract_scalar(request, '$.finalSnapshotIdentifier'),
                json_extract_scalar(request, '$.finalSnapshotName')
            ) IS NOT NULL
            THEN 'requested'
        -- Left to itself, a secret can be restored for 30 days, or as long as the call says.
        WHEN event_source = 'secretsmanager.amazonaws.com' THEN 'recovery_window'
        ELSE 'none_requested'
    END AS final_copy,
    coalesce(
        json_extract_scalar(request, '$.finalDBSnapshotIdentifier'),
        json_extract_scalar(request, '$.finalClusterSnapshotIdentifier'),
        json_extract_scalar(request, '$.finalSnapshotIdentifier'),
        json_extract_scalar(request, '$.finalSnapshotName')
    ) AS final_copy_id,
    actor,
    actor_kind,
    person,
    invoked_by,
    source_address,
    call_result,
    request_state,
    event_id
FROM activity
WHERE
    (
        event_source = 'rds.amazonaws.com'
        AND event_name IN ('DeleteDBInstance', 'DeleteDBCluster', 'DeleteGlobalCluster', 'DeleteDBShardGroup')
    )
    OR (event_source = 'dynamodb.amazonaws.com' AND event_name = 'DeleteTable')
    OR (event_source = 's3.amazonaws.com' AND event_name = 'DeleteBucket')
    OR (event_source = 'ec2.amazonaws.com' AND event_name = 'DeleteVolume')
    OR (event_source = 'elasticfilesystem.amazonaws.com' AND event_name = 'DeleteFileSystem')
    OR (event_source = 'fsx.amazonaws.com' AND event_name = 'DeleteFileSystem')
    OR (event_source = 'redshift.amazonaws.com' AND event_name = 'DeleteCluster')
    OR (event_source = 'redshift-serverless.amazonaws.com' AND event_name = 'DeleteNamespace')
    OR (event_source = 'es.amazonaws.com' AND event_name IN ('DeleteDomain', 'DeleteElasticsearchDomain'))
    OR (
        event_source = 'elasticache.amazonaws.com'
        AND event_name IN ('DeleteReplicationGroup', 'DeleteCacheCluster')
    )
    OR (event_source = 'kinesis.amazonaws.com' AND event_name = 'DeleteStream')
    OR (event_source = 'glue.amazonaws.com' AND event_name IN ('DeleteDatabase', 'DeleteTable'))
    OR (event_source = 'docdb-elastic.amazonaws.com' AND event_name = 'DeleteCluster')
    OR (event_source = 'ecr.amazonaws.com' AND event_name = 'DeleteRepository')
    OR (event_source = 'secretsmanager.amazonaws.com' AND event_name = 'DeleteSecret')
    OR (event_source = 'cloudformation.amazonaws.com' AND event_name IN ('DeleteStack', 'DeleteStackSet'))
    OR (event_source = 'sqs.amazonaws.com' AND event_name IN ('DeleteQueue', 'PurgeQueue'))
    OR (event_source = 'cognito-idp.amazonaws.com' AND event_name = 'DeleteUserPool')
ORDER BY event_time, account_id, event_id
