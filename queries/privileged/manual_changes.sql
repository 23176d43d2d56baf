/*---
id = "privileged.manual_changes"
version = 1
kind = "exception"
severity = "medium"
title.en = "Changes made by hand"
title.pt_BR = "Mudanças feitas manualmente"
question.en = """\
Which changes in production did people make by hand, instead of the deployment pipeline, and what share of all \
changes is that?"""
question.pt_BR = """\
Quais mudanças em produção foram feitas manualmente por pessoas, e não pelo pipeline de implantação, e que parcela do \
total elas representam?"""
needs = ["management:write"]
parameters = ["deployment_roles", "production_accounts", "workload_principals"]
grain = ["account_id", "actor_kind", "actor", "person", "event_source"]
subject = ["account_id", "actor", "person", "event_source"]
limits.en = [
  """\
  By hand: by root, an IAM user, a person of Identity Center or a federated one, or any role in a session of the \
  console, except the actors in deployment_roles and workload_principals. A person behind a plain role with a \
  command line is not told apart from a workload.""",
  "All accounts count while production_accounts is empty.",
  """\
  changes_in_account counts every change in the account, by whomever, except what AWS services did by themselves: \
  the share is changes over that. Calls that a service made in a person's session (invoked_by) are the person's \
  changes.""",
  "Data events, sign-ins and calls that only obtain a credential are not changes here.",
]
limits.pt_BR = [
  """\
  Manualmente, isto é: pelo root, por um usuário do IAM, por uma pessoa do Identity Center ou federada, ou por \
  qualquer role em sessão do console, exceto os autores em deployment_roles e workload_principals. Uma pessoa por trás \
  de uma role comum, com linha de comando, não se distingue de uma carga de trabalho.""",
  "Todas as contas contam enquanto production_accounts estiver vazio.",
  """\
  changes_in_account conta toda mudança na conta, de quem quer que seja, exceto o que serviços da AWS fizeram por \
  conta própria: a parcela é changes sobre esse total. Chamadas que um serviço fez na sessão de uma pessoa \
  (invoked_by) são mudanças dela.""",
  "Eventos de dados, logins e chamadas que só obtêm uma credencial não contam como mudança aqui.",
]
remedy.en = """\
Match each row with a ticket; bring what should last into the pipeline's code, or it will be undone or forgotten."""
remedy.pt_BR = """\
Associe cada linha a um chamado; leve ao código do pipeline o que deve durar, ou será desfeito ou esquecido."""

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

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
name = "event_source"
type = "varchar"
title.en = "Service"
title.pt_BR = "Serviço"

[[column]]
name = "event_names"
type = "array(varchar)"
title.en = "Kinds of event"
title.pt_BR = "Tipos de evento"

[[column]]
name = "changes"
type = "bigint"
title.en = "Calls that change"
title.pt_BR = "Chamadas que alteram"

[[column]]
name = "changes_in_account"
type = "bigint"
title.en = "Changes in the account by anyone"
title.pt_BR = "Mudanças na conta por qualquer autor"

[[column]]
name = "in_console"
type = "bigint"
title.en = "In the console"
title.pt_BR = "No console"

[[column]]
name = "source_addresses"
type = "array(varchar)"
title.en = "Source addresses"
title.pt_BR = "Endereços de origem"
personal = true

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

[[column]]
name = "first_event_id"
type = "varchar"
title.en = "Id of the first event"
title.pt_BR = "Id do primeiro evento"

[[column]]
name = "first_log_file"
type = "varchar"
title.en = "Log file of the first event"
title.pt_BR = "Arquivo de log do primeiro evento"
---*/

WITH
acts AS (
    SELECT
        account_id,
        actor_kind,
        actor,
        person,
        event_source,
        event_name,
        source_address,
        event_time,
        event_id,
        log_file,
        credential = 'console' AS is_console,
        (
            actor_kind IN ('iam_user', 'human_role', 'federated', 'identity_center', 'root', 'assumed_root')
            OR credential = 'console'
        )
        AND NOT coalesce(
            any_match(
                :deployment_roles,
                held -> actor LIKE replace(replace(held, '_', '!_'), '*', '%') ESCAPE '!'
            ),
            FALSE
        )
        AND NOT coalesce(
            any_match(
                :workload_principals,
                held -> actor LIKE replace(replace(held, '_', '!_'), '*', '%') ESCAPE '!'
            ),
            FALSE
        ) AS by_hand
    FROM activity
    WHERE
        -- Old records are not always marked: the name tells.
        NOT coalesce(
            read_only,
            regexp_like(event_name, '^(AssumeRole|Decrypt|Describe|Encrypt|Generate|Get|Head|List|Lookup|Search)'),
            TRUE
        )
        AND event_category = 'Management'
        AND call_result IN ('success', 'partial')
        AND NOT service_initiated
        AND event_source NOT IN ('signin.amazonaws.com', 'sts.amazonaws.com')
        AND (contains(:production_accounts, account_id) OR cardinality(:production_accounts) = 0)
),

numbered AS (
    SELECT
        acts.*,
        row_number() OVER (
            PARTITION BY account_id, actor_kind, actor, person, event_source, by_hand
            ORDER BY event_time, event_id
        ) AS nth
    FROM acts
),

groups AS (
    SELECT
        account_id,
        actor_kind,
        actor,
        person,
        event_source,
        by_hand,
        slice(array_sort(array_agg(DISTINCT event_name)), 1, 20) AS event_names,
        count(*) AS changes,
        count_if(is_console) AS in_console,
        slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
            AS source_addresses,
        min(event_time) AS first_time,
        max(event_time) AS last_time,
        max(CASE WHEN nth = 1 THEN event_id END) AS first_event_id,
        max(CASE WHEN nth = 1 THEN log_file END) AS first_log_file
    FROM numbered
    GROUP BY account_id, actor_kind, actor, person, event_source, by_hand
),

shared AS (
    SELECT
        groups.*,
        sum(changes) OVER (PARTITION BY account_id) AS changes_in_account
    FROM groups
)

SELECT
    account_id,
    actor_kind,
    actor,
    person,
    event_source,
    event_names,
    changes,
    changes_in_account,
    in_console,
    source_addresses,
    first_time,
    last_time,
    first_event_id,
    first_log_file
FROM shared
WHERE by_hand
ORDER BY account_id, actor_kind, actor, person, event_source
