/*---
id = "compute.pipeline_changes"
version = 1
kind = "exception"
severity = "medium"
title.en = "Pipelines changed, or infrastructure deployed, by hand"
title.pt_BR = "Pipelines alterados ou infraestrutura implantada manualmente"
question.en = "Who changed the delivery pipeline, or deployed infrastructure, other than by the deployment roles?"
question.pt_BR = """\
Quem alterou o pipeline de entrega, ou implantou infraestrutura, por outra via que não as roles de implantação?"""
needs = ["management:write"]
parameters = ["deployment_roles"]
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "actor", "person", "event_name", "resource_id"]
limits.en = [
  """\
  Acts of AWS services, such as a stack that the pipeline's own role updates, are left out with deployment_roles \
  only if that list names them.""",
  "An approval is evidence that a second person looked; who must approve is set in the pipeline.",
]
limits.pt_BR = [
  """\
  Atos de serviços da AWS, como uma pilha que a role do pipeline atualiza, só ficam de fora se deployment_roles as \
  citar.""",
  "Uma aprovação é evidência de que uma segunda pessoa examinou a mudança; quem deve aprovar é definido no pipeline.",
]
remedy.en = "Ask for the emergency or the ticket. Whoever can change the pipeline can change everything it deploys."
remedy.pt_BR = """\
Peça a justificativa da emergência ou o chamado. Quem pode alterar o pipeline pode alterar tudo o que ele implanta."""

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

WITH calls AS (
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
        CASE event_source
            WHEN 'codebuild.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.name'),
                    json_extract_scalar(request, '$.projectName'),
                    json_extract_scalar(request, '$.projectArn')
                )
            WHEN 'codepipeline.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.pipeline.name'), json_extract_scalar(request, '$.pipelineName')
                )
            WHEN 'cloudformation.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.stackName'), json_extract_scalar(request, '$.stackSetName')
                )
            WHEN 'codecommit.amazonaws.com' THEN json_extract_scalar(request, '$.repositoryName')
            WHEN 'codedeploy.amazonaws.com' THEN json_extract_scalar(request, '$.applicationName')
            WHEN 'codeartifact.amazonaws.com' THEN json_extract_scalar(request, '$.domain')
        END AS resource_id
    FROM activity
    WHERE
        call_result = 'success'
        AND NOT service_initiated
        AND (
            (
                event_source = 'codebuild.amazonaws.com'
                AND event_name IN (
                    'CreateProject', 'UpdateProject', 'UpdateProjectVisibility', 'CreateWebhook',
                    'ImportSourceCredentials', 'StartBuild'
                )
            )
            OR (
                event_source = 'codepipeline.amazonaws.com'
                AND event_name IN (
                    'CreatePipeline', 'UpdatePipeline', 'DisableStageTransition', 'PutApprovalResult'
                )
            )
            OR (
                event_source = 'cloudformation.amazonaws.com'
                AND event_name IN (
                    'CreateStack', 'UpdateStack', 'DeleteStack', 'CreateStackSet', 'UpdateStackSet',
                    'CreateStackInstances', 'SetStackPolicy', 'ExecuteChangeSet'
                )
            )
            OR (
                event_source = 'codecommit.amazonaws.com'
                AND event_name IN (
                    'DeleteRepository', 'MergePullRequestByFastForward', 'OverridePullRequestApprovalRules',
                    'DeleteApprovalRuleTemplate'
                )
            )
            OR (
                event_source = 'codedeploy.amazonaws.com'
                AND event_name IN ('CreateDeployment', 'UpdateDeploymentGroup')
            )
            OR (event_source = 'codeartifact.amazonaws.com' AND event_name = 'PutDomainPermissionsPolicy')
        )
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    resource_id,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    event_id,
    log_file
FROM calls
WHERE
    NOT coalesce(
        any_match(
            :deployment_roles, role -> actor LIKE replace(replace(role, '_', '!_'), '*', '%') ESCAPE '!'
        ),
        FALSE
    )
ORDER BY event_time, account_id, event_id
