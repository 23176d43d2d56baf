/*---
id = "network.waf_changes"
version = 1
kind = "exception"
severity = "medium"
title.en = "Protection of web applications removed or loosened"
title.pt_BR = "Proteção de aplicações web removida ou afrouxada"
question.en = """\
Was the protection of web applications by WAF, Shield or Firewall Manager removed, taken off or loosened?"""
question.pt_BR = """\
A proteção de aplicações web por WAF, Shield ou Firewall Manager foi removida, desassociada ou afrouxada?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "event_source", "event_name", "resource_id"]
limits.en = [
  """\
  rules_changed: a new set of rules is logged whole, without what it was before; whether it is looser is for a \
  person to say. What Firewall Manager and Shield change by themselves is left out of these.""",
  """\
  CloudFront takes a web ACL off by an update of the distribution without one; it is a row whether or not there was \
  one before.""",
]
limits.pt_BR = [
  """\
  rules_changed: um novo conjunto de regras é registrado inteiro, sem o anterior; se é mais frouxo, cabe a uma \
  pessoa dizer. O que o Firewall Manager e o Shield mudam por si fica de fora destas linhas.""",
  "O CloudFront retira uma web ACL por uma atualização da distribuição sem ela; gera linha, houvesse ou não uma antes.",
]
remedy.en = """\
Compare with the change that was approved. Put the protection back, and look at the traffic of the time without it."""
remedy.pt_BR = "Compare com a mudança aprovada. Restaure a proteção e examine o tráfego do período sem ela."

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
        source_address,
        event_id,
        log_file,
        CASE event_source
            WHEN 'wafv2.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.resourceArn'),
                    json_extract_scalar(request, '$.name'),
                    json_extract_scalar(request, '$.webACLArn')
                )
            WHEN 'waf.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.webACLId'),
                    json_extract_scalar(request, '$.ruleId'),
                    json_extract_scalar(request, '$.ruleGroupId')
                )
            WHEN 'waf-regional.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.resourceArn'),
                    json_extract_scalar(request, '$.webACLId'),
                    json_extract_scalar(request, '$.ruleId'),
                    json_extract_scalar(request, '$.ruleGroupId')
                )
            WHEN 'cloudfront.amazonaws.com' THEN json_extract_scalar(request, '$.id')
            WHEN 'shield.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.protectionId'),
                    json_extract_scalar(request, '$.protectionGroupId'),
                    json_extract_scalar(request, '$.resourceArn'),
                    json_extract_scalar(request, '$.logBucket')
                )
            WHEN 'fms.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.policyId'), json_extract_scalar(request, '$.policy.policyName')
                )
        END AS resource_id,
        CASE
            WHEN event_base_name = 'UpdateDistribution'
                THEN coalesce(json_extract_scalar(request, '$.distributionConfig.webACLId'), '')
        END AS distribution_acl
    FROM activity
    WHERE
        call_result = 'success'
        AND (
            (
                event_source = 'wafv2.amazonaws.com'
                AND event_name IN (
                    'DeleteWebACL', 'UpdateWebACL', 'DisassociateWebACL', 'DeleteRuleGroup', 'UpdateRuleGroup',
                    'UpdateIPSet', 'DeleteIPSet', 'DeleteFirewallManagerRuleGroups', 'DeletePermissionPolicy',
                    'DeleteLoggingConfiguration'
                )
            )
            OR (
                event_source = 'waf.amazonaws.com'
                AND event_name IN (
                    'DeleteWebACL', 'UpdateWebACL', 'UpdateRule', 'UpdateRuleGroup', 'UpdateIPSet', 'DeleteRule',
                    'DeleteRuleGroup'
                )
            )
            OR (
                event_source = 'waf-regional.amazonaws.com'
                AND event_name IN (
                    'DeleteWebACL', 'UpdateWebACL', 'DisassociateWebACL', 'UpdateRule', 'UpdateRuleGroup',
                    'UpdateIPSet', 'DeleteRule', 'DeleteRuleGroup'
                )
            )
            OR (
                event_source = 'shield.amazonaws.com'
                AND event_name IN (
                    'DeleteProtection', 'DeleteProtectionGroup', 'DeleteSubscription', 'DisassociateDRTRole',
                    'DisassociateDRTLogBucket', 'DisassociateHealthCheck', 'DisableProactiveEngagement',
                    'DisableApplicationLayerAutomaticResponse'
                )
            )
            OR (
                event_source = 'fms.amazonaws.com'
                AND event_name IN ('DeletePolicy', 'PutPolicy', 'DisassociateAdminAccount')
            )
            OR (
                event_source = 'cloudfront.amazonaws.com'
                AND event_base_name IN (
                    'UpdateDistribution', 'DisassociateDistributionWebACL', 'DisassociateDistributionTenantWebACL'
                )
            )
        )
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    CASE
        WHEN event_source = 'cloudfront.amazonaws.com' THEN 'taken_off'
        WHEN event_name LIKE 'Disassociate%' THEN 'taken_off'
        WHEN event_name = 'DeleteLoggingConfiguration' THEN 'logging_removed'
        WHEN event_name LIKE 'Delete%' OR event_name LIKE 'Disable%' THEN 'removed'
        ELSE 'rules_changed'
    END AS finding,
    resource_id,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM calls
WHERE
    coalesce(distribution_acl, '') = ''
    AND NOT (
        actor_kind IN ('aws_service', 'service_linked_role', 'service_event')
        AND (event_name LIKE 'Update%' OR event_name LIKE 'Put%')
    )
ORDER BY event_time, account_id, event_id
