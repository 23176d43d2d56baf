/*---
id        = "response.guardduty_handling"
version   = 1
kind      = "population"
severity  = "info"
title.en    = "Handling of GuardDuty findings"
title.pt_BR = "Tratamento de achados do GuardDuty"
question.en    = "How were threat findings handled: archived, reopened, marked, or suppressed by a filter, and by whom?"
question.pt_BR = """\
Como os achados de ameaças foram tratados: arquivados, reabertos, marcados ou suprimidos por filtro, e por quem?"""
needs      = ["management:write"]
parameters = []
grain      = ["account_id", "event_time", "event_id"]
limits.en = [
  """When a finding arose, and what it said, is in GuardDuty and not in CloudTrail: this list shows the acts, not how \
  long they took.""",
  "Findings handled in Security Hub, in a ticket system or by a partner's product leave no trace here.",
  "A filter that archives keeps suppressing later findings without any further call.",
]
limits.pt_BR = [
  """Quando um achado surgiu, e o que dizia, está no GuardDuty e não no CloudTrail: a lista mostra os atos, não \
  quanto demoraram.""",
  "Achados tratados no Security Hub, em sistema de chamados ou em produto de terceiros não deixam rastro aqui.",
  "Um filtro que arquiva continua suprimindo achados futuros sem nenhuma outra chamada.",
]
remedy.en    = """\
Match each archived finding with an investigation record. Review every filter that archives: what it suppresses, \
who approved it, until when."""
remedy.pt_BR = """\
Confronte cada achado arquivado com um registro de apuração. Revise cada filtro que arquiva: o que suprime, quem \
aprovou, até quando."""

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
name = "handling"
type = "varchar"
title.en = "Handling"
title.pt_BR = "Tratamento"

[[column]]
name = "detector_id"
type = "varchar"
title.en = "Detector"
title.pt_BR = "Detector"

[[column]]
name = "findings"
type = "bigint"
title.en = "Findings"
title.pt_BR = "Achados"

[[column]]
name = "finding_ids"
type = "array(varchar)"
title.en = "Ids of the findings"
title.pt_BR = "Ids dos achados"

[[column]]
name = "filter_name"
type = "varchar"
title.en = "Filter"
title.pt_BR = "Filtro"

[[column]]
name = "feedback"
type = "varchar"
title.en = "Feedback"
title.pt_BR = "Avaliação"

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
    event_name,
    CASE
        WHEN event_name = 'ArchiveFindings' THEN 'archived'
        WHEN event_name = 'UnarchiveFindings' THEN 'reopened'
        WHEN event_name = 'UpdateFindingsFeedback' THEN 'marked'
        WHEN event_name = 'CreateSampleFindings' THEN 'samples_made'
        WHEN event_name = 'DeleteFilter' THEN 'filter_removed'
        WHEN request_state IN ('omitted', 'unparseable') THEN 'unreadable'
        -- A filter without an action only sorts the view.
        WHEN json_extract_scalar(request, '$.action') = 'ARCHIVE' THEN 'standing_suppression'
        ELSE 'filter_saved'
    END AS handling,
    json_extract_scalar(request, '$.detectorId') AS detector_id,
    cardinality(try_cast(json_extract(request, '$.findingIds') AS ARRAY(varchar))) AS findings,
    try_cast(json_extract(request, '$.findingIds') AS ARRAY(varchar)) AS finding_ids,
    coalesce(
        json_extract_scalar(request, '$.filterName'), json_extract_scalar(request, '$.name')
    ) AS filter_name,
    json_extract_scalar(request, '$.feedback') AS feedback,
    actor,
    actor_kind,
    person,
    source_address,
    call_result,
    event_id
FROM activity
WHERE
    event_source = 'guardduty.amazonaws.com'
    AND event_name IN (
        'ArchiveFindings', 'UnarchiveFindings', 'UpdateFindingsFeedback', 'CreateFilter', 'UpdateFilter',
        'DeleteFilter', 'CreateSampleFindings'
    )
ORDER BY event_time, account_id, event_id
