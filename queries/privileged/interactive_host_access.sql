/*---
id = "privileged.interactive_host_access"
version = 1
kind = "population"
severity = "info"
title.en = "Access into hosts, containers and databases"
title.pt_BR = "Acesso a servidores, contêineres e bancos de dados"
question.en = """\
Who opened a session, ran a command, or obtained a password or key on hosts, containers, notebooks and databases?"""
question.pt_BR = """\
Quem abriu uma sessão, executou um comando ou obteve senha ou chave em servidores, contêineres, notebooks e bancos \
de dados?"""
needs = ["management:read", "management:write"]
parameters = []
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  CloudTrail shows that the way in was asked for. What was typed is in the logs of Session Manager, of the host or \
  of the database.""",
  """\
  SSH, RDP and database clients that connect by themselves, with a key or password that they have, or with an IAM \
  token for RDS, leave no event.""",
  """\
  AWS hides which command SendCommand ran. Reads of user data (user_data) and of what a console shows are here because \
  they give away what a host holds.""",
]
limits.pt_BR = [
  """\
  O CloudTrail mostra que a entrada foi pedida. O que se digitou está nos logs do Session Manager, do servidor ou do \
  banco de dados.""",
  """\
  Clientes SSH, RDP e de banco de dados que se conectam sozinhos, com chave ou senha que já têm, ou com um token do \
  IAM para o RDS, não deixam evento.""",
  """\
  O comando de SendCommand é ocultado pela AWS. Leituras de user data (user_data) e do que um console mostra estão \
  aqui porque revelam o que o servidor guarda.""",
]
remedy.en = """\
Draw a sample and match each entry with a ticket, the person who opened it and the log of the session; ask about \
entries into production outside a change or an incident."""
remedy.pt_BR = """\
Extraia uma amostra e confronte cada acesso com um chamado, quem o abriu e o log da sessão; pergunte sobre acessos à \
produção fora de uma mudança ou de um incidente."""

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
name = "access_kind"
type = "varchar"
title.en = "Kind of access"
title.pt_BR = "Tipo de acesso"

[[column]]
name = "target"
type = "varchar"
title.en = "Trail or store"
title.pt_BR = "Trilha ou armazenamento"

[[column]]
name = "detail"
type = "varchar"
title.en = "Detail"
title.pt_BR = "Detalhe"

[[column]]
name = "session_id"
type = "varchar"
title.en = "Session or command"
title.pt_BR = "Sessão ou comando"

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
name = "mfa"
type = "varchar"
title.en = "MFA"
title.pt_BR = "MFA"

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

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    CASE
        WHEN event_name IN ('StartSession', 'ResumeSession') THEN 'session'
        WHEN event_name = 'TerminateSession' THEN 'session_ended'
        WHEN event_name = 'SendCommand' THEN 'command'
        WHEN event_name IN ('SendSSHPublicKey', 'GetInstanceAccessDetails', 'DownloadDefaultKeyPair') THEN 'ssh_key'
        WHEN event_name IN ('SendSerialConsoleSSHPublicKey', 'EnableSerialConsoleAccess') THEN 'serial_console'
        WHEN event_name = 'OpenTunnel' THEN 'tunnel'
        WHEN event_name = 'GetPasswordData' THEN 'windows_password'
        WHEN event_name IN ('GetConsoleOutput', 'GetConsoleScreenshot') THEN 'console_view'
        WHEN event_name = 'DescribeInstanceAttribute' THEN 'user_data'
        WHEN event_name = 'ExecuteCommand' THEN 'container'
        WHEN event_source = 'cloudshell.amazonaws.com' THEN 'cloud_shell'
        WHEN event_source = 'sagemaker.amazonaws.com' THEN 'notebook'
        ELSE 'database'
    END AS access_kind,
    coalesce(
        json_extract_scalar(request, '$.target'),
        json_extract_scalar(request, '$.instanceId'),
        -- One instance, several, or a rule that selects them.
        array_join(try_cast(json_extract(request, '$.instanceIds') AS ARRAY(varchar)), ', '),
        concat(
            json_extract_scalar(request, '$.targets[0].key'), '=',
            coalesce(json_extract_scalar(request, '$.targets[0].values[0]'), '')
        ),
        json_extract_scalar(request, '$.GetConsoleScreenshotRequest.InstanceId'),
        json_extract_scalar(request, '$.task'),
        json_extract_scalar(request, '$.notebookInstanceName'),
        json_extract_scalar(request, '$.domainId'),
        json_extract_scalar(request, '$.instanceName'),
        json_extract_scalar(request, '$.clusterIdentifier'),
        json_extract_scalar(request, '$.workgroupName')
    ) AS target,
    coalesce(
        json_extract_scalar(request, '$.documentName'),
        json_extract_scalar(request, '$.instanceOSUser'),
        json_extract_scalar(request, '$.container'),
        json_extract_scalar(request, '$.userProfileName'),
        json_extract_scalar(request, '$.dbUser'),
        json_extract_scalar(request, '$.dbName')
    ) AS detail,
    coalesce(
        json_extract_scalar(response, '$.sessionId'),
        json_extract_scalar(request, '$.sessionId'),
        json_extract_scalar(response, '$.command.commandId')
    ) AS session_id,
    call_result,
    error_code,
    actor_kind,
    actor,
    person,
    mfa,
    invoked_by,
    source_address,
    user_agent,
    event_id,
    log_file
FROM activity
WHERE
    (
        event_source = 'ssm.amazonaws.com'
        AND event_name IN ('StartSession', 'ResumeSession', 'TerminateSession', 'SendCommand')
    )
    OR (
        event_source = 'ec2-instance-connect.amazonaws.com'
        AND event_name IN ('SendSSHPublicKey', 'SendSerialConsoleSSHPublicKey', 'OpenTunnel')
    )
    OR (
        event_source = 'ec2.amazonaws.com'
        AND (
            event_name IN (
                'GetPasswordData', 'EnableSerialConsoleAccess', 'GetConsoleOutput', 'GetConsoleScreenshot'
            )
            OR (
                event_name = 'DescribeInstanceAttribute'
                AND json_extract_scalar(request, '$.attribute') = 'userData'
            )
        )
    )
    OR (event_source = 'ecs.amazonaws.com' AND event_name = 'ExecuteCommand')
    OR (event_source = 'cloudshell.amazonaws.com' AND event_name IN ('CreateEnvironment', 'CreateSession'))
    OR (
        event_source = 'sagemaker.amazonaws.com'
        AND event_name IN ('CreatePresignedNotebookInstanceUrl', 'CreatePresignedDomainUrl')
    )
    OR (
        event_source = 'lightsail.amazonaws.com'
        AND event_name IN ('GetInstanceAccessDetails', 'DownloadDefaultKeyPair')
    )
    OR (
        event_source = 'redshift.amazonaws.com'
        AND event_name IN ('GetClusterCredentials', 'GetClusterCredentialsWithIAM')
    )
    OR (event_source = 'redshift-serverless.amazonaws.com' AND event_name = 'GetCredentials')
ORDER BY event_time, account_id, event_id
