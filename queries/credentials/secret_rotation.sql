/*---
id = "credentials.secret_rotation"
version = 1
kind = "population"
severity = "info"
title.en = "Rotation of secrets and database passwords"
title.pt_BR = "Rotação de segredos e senhas de bancos de dados"
question.en = """\
Which secrets and master passwords of databases were rotated or changed, and which rotations failed or were \
cancelled?"""
question.pt_BR = """\
Quais segredos e senhas mestras de bancos de dados foram rotacionados ou trocados, e quais rotações falharam ou \
foram canceladas?"""
needs = ["management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  A rotation is complete with RotationSucceeded, which Secrets Manager logs by itself; rotation_started and \
  rotation_asked_for are not it.""",
  "Secrets that were not rotated leave no event: their age is in Secrets Manager.",
  """\
  A new master password of RDS, Aurora, DocumentDB, Neptune or Redshift shows as a masked member of the request. \
  Passwords changed inside a database are not seen.""",
]
limits.pt_BR = [
  """\
  Uma rotação só se completa com RotationSucceeded, que o Secrets Manager registra por conta própria; rotation_started \
  e rotation_asked_for não bastam.""",
  "Segredos que não foram rotacionados não deixam evento: a idade deles está no Secrets Manager.",
  """\
  Uma senha mestra nova do RDS, Aurora, DocumentDB, Neptune ou Redshift aparece como um membro mascarado da \
  requisição. Senhas trocadas dentro do banco de dados não são vistas.""",
]
remedy.en = """\
Compare with the list of secrets and their intervals; look at rotations that failed, and at secrets whose rotation \
was cancelled."""
remedy.pt_BR = """\
Compare com a lista de segredos e seus intervalos; examine as rotações que falharam e os segredos cuja rotação foi \
cancelada."""

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
name = "change_made"
type = "varchar"
title.en = "Change"
title.pt_BR = "Mudança"

[[column]]
name = "secret"
type = "varchar"
title.en = "Secret or parameter"
title.pt_BR = "Segredo ou parâmetro"

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

[[column]]
name = "error_code"
type = "varchar"
title.en = "Error code"
title.pt_BR = "Código de erro"

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

[[column]]
name = "log_file"
type = "varchar"
title.en = "Log file"
title.pt_BR = "Arquivo de log"
---*/

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    CASE
        WHEN event_name = 'RotateSecret' THEN 'rotation_asked_for'
        WHEN event_name = 'RotationStarted' THEN 'rotation_started'
        WHEN event_name = 'RotationSucceeded' THEN 'rotated'
        WHEN event_name = 'RotationFailed' THEN 'rotation_failed'
        WHEN event_name = 'RotationAbandoned' THEN 'rotation_abandoned'
        WHEN event_name = 'CancelRotateSecret' THEN 'rotation_cancelled'
        WHEN event_name = 'DeleteSecret' THEN 'deletion_asked_for'
        WHEN event_name = 'RestoreSecret' THEN 'restored'
        WHEN event_name IN ('PutSecretValue', 'UpdateSecret') THEN 'value_changed'
        ELSE 'password_changed'
    END AS change_made,
    CASE
        WHEN event_source = 'secretsmanager.amazonaws.com'
            THEN coalesce(
                json_extract_scalar(request, '$.secretId'),
                json_extract_scalar(additional, '$.SecretId'),
                json_extract_scalar(additional, '$.ARN')
            )
        ELSE coalesce(
            json_extract_scalar(request, '$.dBInstanceIdentifier'),
            json_extract_scalar(request, '$.dBClusterIdentifier'),
            json_extract_scalar(request, '$.clusterIdentifier')
        )
    END AS secret,
    call_result,
    error_code,
    actor_kind,
    actor,
    person,
    invoked_by,
    source_address,
    event_id,
    log_file
FROM activity
WHERE
    (
        event_source = 'secretsmanager.amazonaws.com'
        AND (
            event_name IN (
                'RotateSecret', 'RotationStarted', 'RotationSucceeded', 'RotationFailed', 'RotationAbandoned',
                'CancelRotateSecret', 'PutSecretValue', 'DeleteSecret', 'RestoreSecret'
            )
            -- UpdateSecret changes the description or the key as well.
            OR (
                event_name = 'UpdateSecret'
                AND coalesce(
                    json_extract_scalar(request, '$.secretString'), json_extract_scalar(request, '$.secretBinary')
                ) IS NOT NULL
            )
        )
    )
    OR (
        event_source = 'rds.amazonaws.com'
        AND event_name IN ('ModifyDBInstance', 'ModifyDBCluster')
        AND (
            json_extract_scalar(request, '$.masterUserPassword') IS NOT NULL
            OR lower(json_extract_scalar(request, '$.rotateMasterUserPassword')) = 'true'
        )
    )
    OR (
        event_source = 'redshift.amazonaws.com'
        AND event_name = 'ModifyCluster'
        AND json_extract_scalar(request, '$.masterUserPassword') IS NOT NULL
    )
ORDER BY event_time, account_id, event_id
