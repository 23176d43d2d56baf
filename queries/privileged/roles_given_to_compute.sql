/*---
id = "privileged.roles_given_to_compute"
version = 1
kind = "exception"
severity = "high"
title.en = "Administrative roles given to compute"
title.pt_BR = "Roles administrativas entregues a recursos de computação"
question.en = """\
Where was a privileged role handed to an instance, function, container, job or automation, so that whoever reaches \
it acts as an administrator?"""
question.pt_BR = """\
Onde uma role privilegiada foi entregue a uma instância, função, contêiner, tarefa em lote ou automação, de modo que \
quem a alcança age como administrador?"""
needs = ["management:write"]
parameters = ["privileged_principals"]
grain = ["account_id", "event_time", "event_id", "role_name"]
subject = ["account_id", "role_name", "event_source", "resource_id"]
limits.en = [
  """\
  Passing a role (iam:PassRole) leaves no event of its own: the role is read from the calls that take one. Services \
  and calls that are not in the query may take one too.""",
  """\
  Where only a name is logged, or the name of an instance profile, it is compared with the last part of the \
  patterns; a profile is taken to have the name of its role, as the console makes it.""",
  """\
  Roles that a template of CloudFormation gives are in the calls that CloudFormation makes. Instances that AWS \
  starts by itself from a launch template are left out: the template is listed.""",
]
limits.pt_BR = [
  """\
  Passar uma role (iam:PassRole) não gera evento próprio: a role é lida das chamadas que a recebem. Serviços e \
  chamadas que não estão na consulta também podem recebê-la.""",
  """\
  Quando só se registra um nome, ou o nome de um perfil de instância, ele é comparado com a última parte dos padrões; \
  supõe-se que o perfil tenha o nome da sua role, como o console o cria.""",
  """\
  Roles que um modelo do CloudFormation entrega estão nas chamadas que o CloudFormation faz. Instâncias que a AWS \
  inicia por conta própria a partir de um modelo de execução ficam de fora: o modelo é listado.""",
]
remedy.en = """\
Ask why the workload needs an administrative role; give it one with what it needs. Look in \
privileged.interactive_host_access for who can reach it."""
remedy.pt_BR = """\
Pergunte por que a carga de trabalho precisa de uma role administrativa; dê-lhe uma com o necessário. Veja em \
privileged.interactive_host_access quem a alcança."""

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
name = "role_name"
type = "varchar"
title.en = "Role or instance profile"
title.pt_BR = "Role ou perfil de instância"

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
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

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

WITH calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        coalesce(
            json_extract_scalar(request, '$.instanceId'),
            json_extract_scalar(request, '$.AssociateIamInstanceProfileRequest.InstanceId'),
            json_extract_scalar(request, '$.ReplaceIamInstanceProfileAssociationRequest.AssociationId'),
            json_extract_scalar(response, '$.instancesSet.items[0].instanceId'),
            json_extract_scalar(request, '$.CreateLaunchTemplateRequest.LaunchTemplateName'),
            json_extract_scalar(request, '$.CreateLaunchTemplateVersionRequest.LaunchTemplateName'),
            json_extract_scalar(request, '$.CreateLaunchTemplateVersionRequest.LaunchTemplateId'),
            json_extract_scalar(request, '$.launchConfigurationName'),
            json_extract_scalar(request, '$.instanceProfileName'),
            json_extract_scalar(request, '$.functionName'),
            json_extract_scalar(request, '$.endpointName'),
            json_extract_scalar(request, '$.jobName'),
            json_extract_scalar(request, '$.notebookInstanceName'),
            json_extract_scalar(request, '$.trainingJobName'),
            json_extract_scalar(request, '$.processingJobName'),
            json_extract_scalar(request, '$.family'),
            json_extract_scalar(request, '$.taskDefinition'),
            json_extract_scalar(request, '$.stackName'),
            json_extract_scalar(request, '$.stateMachineArn'),
            json_extract_scalar(request, '$.documentName'),
            json_extract_scalar(request, '$.clusterName'),
            json_extract_scalar(request, '$.id'),
            json_extract_scalar(request, '$.name')
        ) AS resource_id,
        CASE event_source
            WHEN 'ec2.amazonaws.com'
                THEN
                    ARRAY[
                        json_extract_scalar(request, '$.iamInstanceProfile.arn'),
                        json_extract_scalar(request, '$.iamInstanceProfile.name'),
                        json_extract_scalar(request, '$.AssociateIamInstanceProfileRequest.IamInstanceProfile.Arn'),
                        json_extract_scalar(request, '$.AssociateIamInstanceProfileRequest.IamInstanceProfile.Name'),
                        json_extract_scalar(
                            request, '$.ReplaceIamInstanceProfileAssociationRequest.IamInstanceProfile.Arn'
                        ),
                        json_extract_scalar(
                            request, '$.ReplaceIamInstanceProfileAssociationRequest.IamInstanceProfile.Name'
                        ),
                        json_extract_scalar(
                            request, '$.CreateLaunchTemplateRequest.LaunchTemplateData.IamInstanceProfile.Arn'
                        ),
                        json_extract_scalar(
                            request, '$.CreateLaunchTemplateRequest.LaunchTemplateData.IamInstanceProfile.Name'
                        ),
                        json_extract_scalar(
                            request, '$.CreateLaunchTemplateVersionRequest.LaunchTemplateData.IamInstanceProfile.Arn'
                        ),
                        json_extract_scalar(
                            request, '$.CreateLaunchTemplateVersionRequest.LaunchTemplateData.IamInstanceProfile.Name'
                        )
                    ]
            ELSE ARRAY[
                json_extract_scalar(request, '$.iamInstanceProfile'),
                json_extract_scalar(request, '$.roleName'),
                json_extract_scalar(request, '$.role'),
                json_extract_scalar(request, '$.roleArn'),
                json_extract_scalar(request, '$.roleARN'),
                json_extract_scalar(request, '$.jobUpdate.role'),
                json_extract_scalar(request, '$.taskRoleArn'),
                json_extract_scalar(request, '$.executionRoleArn'),
                json_extract_scalar(request, '$.overrides.taskRoleArn'),
                json_extract_scalar(request, '$.serviceRole'),
                json_extract_scalar(request, '$.jobFlowRole'),
                json_extract_scalar(request, '$.target.roleArn'),
                json_extract_scalar(request, '$.parameters.AutomationAssumeRole[0]')
            ]
        END AS given_roles,
        actor_kind,
        actor,
        person,
        mfa,
        call_result,
        invoked_by,
        source_address,
        user_agent,
        event_id,
        log_file
    FROM activity
    WHERE
        call_result IN ('success', 'partial', 'unknown')
        AND NOT service_initiated
        AND (
            (
                event_source = 'ec2.amazonaws.com'
                AND event_name IN (
                    'RunInstances', 'AssociateIamInstanceProfile', 'ReplaceIamInstanceProfileAssociation',
                    'CreateLaunchTemplate', 'CreateLaunchTemplateVersion'
                )
            )
            OR (event_source = 'autoscaling.amazonaws.com' AND event_name = 'CreateLaunchConfiguration')
            OR (event_source = 'iam.amazonaws.com' AND event_name = 'AddRoleToInstanceProfile')
            OR (
                event_source = 'lambda.amazonaws.com'
                AND event_base_name IN ('CreateFunction', 'UpdateFunctionConfiguration')
            )
            OR (
                event_source = 'glue.amazonaws.com'
                AND event_name IN ('CreateDevEndpoint', 'CreateJob', 'UpdateJob', 'CreateSession', 'CreateCrawler')
            )
            OR (
                event_source = 'sagemaker.amazonaws.com'
                AND event_name IN ('CreateNotebookInstance', 'CreateTrainingJob', 'CreateProcessingJob')
            )
            OR (event_source = 'ecs.amazonaws.com' AND event_name IN ('RegisterTaskDefinition', 'RunTask'))
            OR (event_source = 'eks.amazonaws.com' AND event_name = 'CreatePodIdentityAssociation')
            OR (
                event_source = 'cloudformation.amazonaws.com'
                AND event_name IN ('CreateStack', 'UpdateStack', 'CreateChangeSet')
            )
            OR (event_source = 'codebuild.amazonaws.com' AND event_name IN ('CreateProject', 'UpdateProject'))
            OR (event_source = 'elasticmapreduce.amazonaws.com' AND event_name = 'RunJobFlow')
            OR (event_source = 'scheduler.amazonaws.com' AND event_name IN ('CreateSchedule', 'UpdateSchedule'))
            OR (event_source = 'ssm.amazonaws.com' AND event_name = 'StartAutomationExecution')
            OR (
                event_source = 'states.amazonaws.com'
                AND event_name IN ('CreateStateMachine', 'UpdateStateMachine')
            )
        )
),

given AS (
    SELECT
        calls.*,
        held.role_name,
        lower(regexp_extract(held.role_name, '([^/]+)\z', 1)) AS last_part
    FROM calls
    CROSS JOIN unnest(array_distinct(calls.given_roles)) AS held (role_name)
    WHERE held.role_name IS NOT NULL
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    role_name,
    resource_id,
    actor_kind,
    actor,
    person,
    mfa,
    call_result,
    invoked_by,
    source_address,
    user_agent,
    event_id,
    log_file
FROM given
WHERE
    any_match(
        :privileged_principals,
        pattern -> CASE
            WHEN role_name LIKE 'arn:%:role/%'
                THEN lower(role_name) LIKE replace(replace(lower(pattern), '_', '!_'), '*', '%') ESCAPE '!'
            WHEN pattern NOT LIKE '%user/%'
                THEN last_part LIKE replace(
                    replace(lower(regexp_extract(pattern, '([^/]+)\z', 1)), '_', '!_'), '*', '%'
                ) ESCAPE '!'
            ELSE FALSE
        END
    )
ORDER BY event_time, account_id, event_id, role_name
