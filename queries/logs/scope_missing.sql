/*---
id = "logs.scope_missing"
version = 1
kind = "exception"
severity = "high"
title.en = "Accounts and regions that are missing or not expected"
title.pt_BR = "Contas e regiões ausentes ou inesperadas"
question.en = """\
Which expected accounts and regions have no events at all, and which accounts appear that nobody expects?"""
question.pt_BR = """\
Quais contas e regiões esperadas não têm nenhum evento, e quais contas aparecem sem que ninguém as espere?"""
needs = []
parameters = ["expected_accounts", "expected_regions"]
grain = ["finding", "account_id", "region"]
subject = ["finding", "account_id", "region"]
limits.en = [
  """\
  Regions are asked about only where expected_regions is set. An account with one event is present, however little \
  else was logged: logs.coverage_daily shows the volume.""",
  "The list is as good as expected_accounts: compare it with the organization's own register.",
]
limits.pt_BR = [
  """\
  Regiões só são consultadas se expected_regions estiver definido. Uma conta com um único evento conta como presente, \
  por menos que se tenha registrado além dele: o volume está em logs.coverage_daily.""",
  "A lista vale o que vale expected_accounts: compare com o cadastro da própria organização.",
]
remedy.en = """\
Find out whether the account is logged elsewhere or not at all; add unexpected accounts to the register or the \
inquiry."""
remedy.pt_BR = """\
Apure se a conta é registrada em outro lugar ou em nenhum; inclua contas inesperadas no cadastro ou na apuração."""

[[column]]
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

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
name = "events"
type = "bigint"
title.en = "Events"
title.pt_BR = "Eventos"

[[column]]
name = "first_time"
type = "timestamp"
title.en = "First time (UTC)"
title.pt_BR = "Primeira vez (UTC)"

[[column]]
name = "last_time"
type = "timestamp"
title.en = "Last time (UTC)"
title.pt_BR = "Última vez (UTC)"
---*/

WITH
seen AS (
    SELECT
        account_id,
        region,
        count(*) AS events,
        min(event_time) AS first_time,
        max(event_time) AS last_time
    FROM activity
    GROUP BY account_id, region
),

per_account AS (
    SELECT
        account_id,
        sum(events) AS events,
        min(first_time) AS first_time,
        max(last_time) AS last_time,
        array_sort(array_agg(DISTINCT region)) AS regions
    FROM seen
    GROUP BY account_id
),

expected AS (
    SELECT listed.account_id
    FROM unnest(:expected_accounts) AS listed (account_id)
),

wanted AS (
    SELECT listed.region
    FROM unnest(:expected_regions) AS listed (region)
),

compared AS (
    SELECT
        coalesce(expected.account_id, per_account.account_id) AS account_id,
        expected.account_id IS NOT NULL AS is_expected,
        per_account.account_id IS NOT NULL AS is_seen,
        coalesce(per_account.events, 0) AS events,
        per_account.first_time,
        per_account.last_time,
        per_account.regions
    FROM expected
    FULL OUTER JOIN per_account ON expected.account_id = per_account.account_id
)

SELECT
    CASE WHEN is_expected THEN 'account_without_events' ELSE 'unexpected_account' END AS finding,
    account_id,
    cast(NULL AS varchar) AS region,
    events,
    first_time,
    last_time
FROM compared
WHERE is_expected <> is_seen
UNION ALL
SELECT
    'region_without_events' AS finding,
    compared.account_id,
    wanted.region,
    cast(0 AS bigint) AS events,
    cast(NULL AS timestamp) AS first_time,
    cast(NULL AS timestamp) AS last_time
FROM compared
CROSS JOIN wanted
WHERE compared.is_expected AND compared.is_seen AND NOT contains(compared.regions, wanted.region)
ORDER BY finding, account_id, region
