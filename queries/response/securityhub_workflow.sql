/*---
id = "response.securityhub_workflow"
version = 1
kind = "population"
severity = "info"
title.en = "Handling of Security Hub findings"
title.pt_BR = "Tratamento de achados do Security Hub"
question.en = """\
How did findings move through the workflow of Security Hub, and who resolved or suppressed them, by hand or by a \
rule?"""
question.pt_BR = """\
Como os achados avançaram no fluxo do Security Hub, e quem os resolveu ou suprimiu, manualmente ou por regra?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  "When a finding arose, and what it said, is in Security Hub and not in CloudTrail.",
  """\
  A rule that suppresses goes on doing so without any further call. Findings handled in a ticket system leave no \
  trace here.""",
]
limits.pt_BR = [
  "Quando um achado surgiu, e o que dizia, está no Security Hub e não no CloudTrail.",
  """\
  Uma regra que suprime continua suprimindo sem nenhuma outra chamada. Achados tratados em sistema de chamados não \
  deixam rastro aqui.""",
]
remedy.en = """\
Match what was suppressed or resolved with a record of why. Review each rule that suppresses, and who approved it."""
remedy.pt_BR = """\
Confronte o que foi suprimido ou resolvido com um registro do motivo. Revise cada regra que suprime, e quem a \
aprovou."""

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
name = "event_name"
type = "varchar"
title.en = "Event"
title.pt_BR = "Evento"

[[column]]
name = "workflow_status"
type = "varchar"
title.en = "Workflow status set"
title.pt_BR = "Status definido"

[[column]]
name = "severity_label"
type = "varchar"
title.en = "Severity set"
title.pt_BR = "Gravidade definida"

[[column]]
name = "findings_named"
type = "bigint"
title.en = "Findings named"
title.pt_BR = "Achados citados"

[[column]]
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

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
---*/

SELECT
    event_time,
    account_id,
    region,
    event_name,
    CASE event_name
        WHEN 'BatchUpdateFindings' THEN json_extract_scalar(request, '$.Workflow.Status')
        WHEN 'UpdateFindings' THEN json_extract_scalar(request, '$.RecordState')
        WHEN 'BatchUpdateFindingsV2' THEN json_extract_scalar(request, '$.StatusId')
    END AS workflow_status,
    CASE event_name
        WHEN 'BatchUpdateFindings' THEN json_extract_scalar(request, '$.Severity.Label')
        WHEN 'BatchUpdateFindingsV2' THEN json_extract_scalar(request, '$.SeverityId')
    END AS severity_label,
    CASE
        WHEN event_name IN ('BatchUpdateFindings', 'BatchUpdateFindingsV2')
            THEN json_array_length(json_extract(request, '$.FindingIdentifiers'))
    END AS findings_named,
    call_result,
    actor_kind,
    actor,
    person,
    source_address,
    event_id
FROM activity
WHERE
    event_source = 'securityhub.amazonaws.com'
    AND event_name IN (
        'BatchUpdateFindings', 'BatchUpdateFindingsV2', 'UpdateFindings', 'CreateAutomationRule',
        'CreateAutomationRuleV2', 'BatchUpdateAutomationRules', 'UpdateAutomationRuleV2', 'BatchDeleteAutomationRules',
        'DeleteAutomationRuleV2', 'UpdateInsight', 'DeleteInsight'
    )
ORDER BY event_time, account_id, event_id
