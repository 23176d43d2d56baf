/*---
id = "organisation.guardrail_changes"
version = 1
kind = "exception"
severity = "critical"
title.en = "Guardrails of the organization changed"
title.pt_BR = "Guardrails da organização alterados"
question.en = """\
Were organization policies, trusted services, delegated administrators, Control Tower controls or the control of \
root users changed?"""
question.pt_BR = """\
Políticas da organização, serviços confiáveis, administradores delegados, controles do Control Tower ou o controle \
de usuários root foram alterados?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "event_name", "guardrail", "target"]
limits.en = [
  """\
  Every change is listed, whether it tightens or loosens: what a policy allowed before is not logged. weakens is \
  true where the call by its nature takes a guardrail away or hands control on.""",
  "The events are in the log of the management account, or of a delegated administrator, only.",
]
limits.pt_BR = [
  """\
  Toda mudança é listada, aperte ou afrouxe: o que a política permitia antes não fica registrado. weakens é \
  verdadeiro quando a chamada, por natureza, retira um guardrail ou delega controle.""",
  "Os eventos estão apenas no log da conta de gerenciamento ou de um administrador delegado.",
]
remedy.en = "Ask for the approved change, and compare the policy as it stands with the one that was approved."
remedy.pt_BR = "Peça a mudança aprovada e compare a política vigente com a aprovada."

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
name = "weakens"
type = "boolean"
title.en = "Loosens control"
title.pt_BR = "Afrouxa o controle"

[[column]]
name = "policy_name"
type = "varchar"
title.en = "Policy"
title.pt_BR = "Política"

[[column]]
name = "guardrail"
type = "varchar"
title.en = "Policy, service or control"
title.pt_BR = "Política, serviço ou controle"

[[column]]
name = "target"
type = "varchar"
title.en = "Trail or store"
title.pt_BR = "Trilha ou armazenamento"

[[column]]
name = "request_state"
type = "varchar"
title.en = "Request as logged"
title.pt_BR = "Requisição como registrada"

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

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    event_name IN (
        'DeletePolicy', 'DetachPolicy', 'DisablePolicyType', 'DisableAWSServiceAccess', 'EnableAWSServiceAccess',
        'RegisterDelegatedAdministrator', 'DeregisterDelegatedAdministrator', 'PutResourcePolicy', 'DisableControl',
        'DeleteLandingZone', 'DisableBaseline', 'DisableOrganizationsRootCredentialsManagement',
        'DisableOrganizationsRootSessions'
    ) AS weakens,
    coalesce(
        json_extract_scalar(response, '$.policy.policySummary.name'), json_extract_scalar(request, '$.name')
    ) AS policy_name,
    coalesce(
        json_extract_scalar(request, '$.policyId'),
        json_extract_scalar(response, '$.policy.policySummary.id'),
        json_extract_scalar(request, '$.policyType'),
        json_extract_scalar(request, '$.servicePrincipal'),
        json_extract_scalar(request, '$.controlIdentifier'),
        json_extract_scalar(request, '$.enabledControlIdentifier'),
        json_extract_scalar(request, '$.baselineIdentifier'),
        json_extract_scalar(request, '$.enabledBaselineIdentifier'),
        json_extract_scalar(request, '$.landingZoneIdentifier')
    ) AS guardrail,
    coalesce(
        json_extract_scalar(request, '$.targetId'),
        json_extract_scalar(request, '$.rootId'),
        json_extract_scalar(request, '$.accountId'),
        json_extract_scalar(request, '$.targetIdentifier')
    ) AS target,
    request_state,
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
        (
            event_source = 'organizations.amazonaws.com'
            AND event_name IN (
                'CreatePolicy', 'UpdatePolicy', 'DeletePolicy', 'AttachPolicy', 'DetachPolicy', 'EnablePolicyType',
                'DisablePolicyType', 'EnableAWSServiceAccess', 'DisableAWSServiceAccess',
                'RegisterDelegatedAdministrator', 'DeregisterDelegatedAdministrator', 'PutResourcePolicy',
                'DeleteResourcePolicy', 'EnableAllFeatures'
            )
        )
        OR (
            event_source = 'controltower.amazonaws.com'
            AND event_name IN (
                'EnableControl', 'DisableControl', 'UpdateEnabledControl', 'ResetEnabledControl', 'CreateLandingZone',
                'UpdateLandingZone', 'ResetLandingZone', 'DeleteLandingZone', 'EnableBaseline', 'DisableBaseline',
                'UpdateEnabledBaseline', 'ResetEnabledBaseline'
            )
        )
        OR (
            event_source = 'iam.amazonaws.com'
            AND event_name IN (
                'EnableOrganizationsRootCredentialsManagement', 'DisableOrganizationsRootCredentialsManagement',
                'EnableOrganizationsRootSessions', 'DisableOrganizationsRootSessions'
            )
        )
    )
ORDER BY event_time, account_id, event_id
