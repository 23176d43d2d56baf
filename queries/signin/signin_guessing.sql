/*---
id = "signin.signin_guessing"
version = 1
kind = "exception"
severity = "high"
title.en = "Sign-in guessing"
title.pt_BR = "Tentativas de adivinhação de senha"
question.en = """\
Where does a run of failed sign-ins look like guessing: many on one user, many from one source, second factors \
refused, or failures ended by a success?"""
question.pt_BR = """\
Onde uma sequência de falhas de login parece adivinhação: muitas no mesmo usuário, muitas da mesma origem, \
segundos fatores recusados ou falhas que terminam em sucesso?"""
needs = ["management:write"]
parameters = ["failed_signin_threshold", "guessing_window_minutes", "mfa_refused_threshold", "failures_before_success"]
lookback_days = 1
grain = ["pattern", "account_id", "user_name", "source_address", "last_time", "event_id"]
subject = ["pattern", "account_id", "user_name", "source_address"]
limits.en = [
  """\
  Guessing that is slower than the thresholds, or spread thinly over many accounts, stays below them; the failed \
  sign-ins themselves are in signin.failed_signins.""",
  "Names that do not exist are hidden by AWS and count only towards their source.",
  "Failures at an external identity provider never reach CloudTrail.",
  "At most 20 user names and 20 addresses are listed; the counts are complete.",
]
limits.pt_BR = [
  """\
  Uma adivinhação mais lenta que os limites, ou espalhada por muitas contas, fica abaixo deles; as falhas em si \
  estão em signin.failed_signins.""",
  "Nomes inexistentes são ocultados pela AWS e contam apenas para a origem.",
  "Falhas em um provedor de identidade externo nunca chegam ao CloudTrail.",
  "São listados no máximo 20 nomes de usuário e 20 endereços; as contagens são completas.",
]
remedy.en = """\
Ask the user whether the attempts were theirs. A success after failures, or a refused second factor (the password \
was right), calls for a new password and a look at what the session did."""
remedy.pt_BR = """\
Pergunte ao usuário se as tentativas foram dele. Um sucesso após falhas, ou um segundo fator recusado (a senha \
estava certa), pede troca de senha e exame do que a sessão fez."""

[[column]]
name = "pattern"
type = "varchar"
title.en = "Pattern"
title.pt_BR = "Padrão"

[[column]]
name = "account_id"
type = "varchar"
title.en = "Account"
title.pt_BR = "Conta"

[[column]]
name = "user_name"
type = "varchar"
title.en = "User"
title.pt_BR = "Usuário"
personal = true

[[column]]
name = "source_address"
type = "varchar"
title.en = "Source address"
title.pt_BR = "Endereço de origem"
personal = true

[[column]]
name = "first_time"
type = "timestamp"
title.en = "First failure (UTC)"
title.pt_BR = "Primeira falha (UTC)"

[[column]]
name = "last_time"
type = "timestamp"
title.en = "Last attempt (UTC)"
title.pt_BR = "Última tentativa (UTC)"

[[column]]
name = "failures"
type = "bigint"
title.en = "Failures"
title.pt_BR = "Falhas"

[[column]]
name = "user_names"
type = "bigint"
title.en = "Users (count)"
title.pt_BR = "Usuários (quantidade)"

[[column]]
name = "source_addresses"
type = "bigint"
title.en = "Source addresses (count)"
title.pt_BR = "Endereços de origem (quantidade)"

[[column]]
name = "first_user_names"
type = "array(varchar)"
title.en = "Users (up to 20)"
title.pt_BR = "Usuários (até 20)"
personal = true

[[column]]
name = "first_source_addresses"
type = "array(varchar)"
title.en = "Source addresses (up to 20)"
title.pt_BR = "Endereços de origem (até 20)"
personal = true

[[column]]
name = "event_id"
type = "varchar"
title.en = "Id of the last event"
title.pt_BR = "Id do último evento"
---*/

WITH attempts AS (
    SELECT
        account_id,
        -- A failure is logged without an ARN, a success with one: the name is what both have. Root has only its ARN.
        coalesce(person, actor) AS user_name,
        source_address,
        event_name,
        call_result,
        mfa,
        event_time,
        event_id,
        in_period
    FROM activity
    WHERE
        event_source = 'signin.amazonaws.com'
        AND event_name IN ('ConsoleLogin', 'CredentialVerification', 'UserAuthentication')
),

failures AS (
    SELECT
        account_id,
        user_name,
        source_address,
        mfa,
        event_time,
        event_id,
        in_period
    FROM attempts
    WHERE event_name IN ('ConsoleLogin', 'CredentialVerification') AND call_result = 'failed'
),

-- What is counted, once per pattern. AWS gives every name that does not exist the same text: it is no user.
counted AS (
    SELECT
        'per_user' AS pattern,
        user_name AS counted_by,
        :failed_signin_threshold AS threshold,
        account_id,
        user_name,
        source_address,
        event_time,
        event_id,
        in_period
    FROM failures
    WHERE user_name <> 'HIDDEN_DUE_TO_SECURITY_REASONS'
    UNION ALL
    SELECT
        'per_source' AS pattern,
        source_address AS counted_by,
        :failed_signin_threshold AS threshold,
        account_id,
        user_name,
        source_address,
        event_time,
        event_id,
        in_period
    FROM failures
    WHERE source_address <> ''
    UNION ALL
    SELECT
        'mfa_refused' AS pattern,
        user_name AS counted_by,
        :mfa_refused_threshold AS threshold,
        account_id,
        user_name,
        source_address,
        event_time,
        event_id,
        in_period
    FROM failures
    WHERE mfa = 'yes' AND user_name IS NOT NULL
),

numbered AS (
    SELECT
        counted.*,
        row_number() OVER (
            PARTITION BY pattern, account_id, counted_by
            ORDER BY event_time ASC, event_id ASC
        ) AS place
    FROM counted
),

-- The window slides: it ends at a failure, and starts at the one that is `threshold - 1` failures earlier.
windows AS (
    SELECT
        newest.pattern,
        newest.account_id,
        newest.counted_by,
        newest.place,
        newest.event_time,
        newest.in_period,
        oldest.event_time AS window_start
    FROM numbered AS newest
    INNER JOIN numbered AS oldest
        ON
            newest.pattern = oldest.pattern
            AND newest.account_id = oldest.account_id
            AND newest.counted_by = oldest.counted_by
            AND newest.place = oldest.place + newest.threshold - 1
),

-- Windows that overlap are one burst.
begun AS (
    SELECT
        windows.*,
        CASE
            WHEN
                lag(event_time) OVER (PARTITION BY pattern, account_id, counted_by ORDER BY place ASC) >= window_start
                THEN cast(0 AS bigint)
            ELSE cast(1 AS bigint)
        END AS begins_burst
    FROM windows
    WHERE date_diff('second', window_start, event_time) <= :guessing_window_minutes * 60
),

followed AS (
    SELECT
        begun.*,
        sum(begins_burst) OVER (
            PARTITION BY pattern, account_id, counted_by
            ORDER BY place ASC
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS burst
    FROM begun
),

bursts AS (
    SELECT
        pattern,
        account_id,
        counted_by,
        burst,
        min(window_start) AS first_time,
        max(event_time) AS last_time
    FROM followed
    GROUP BY pattern, account_id, counted_by, burst
    HAVING count_if(in_period) > 0
),

runs AS (
    SELECT
        bursts.pattern,
        bursts.account_id,
        CASE WHEN bursts.pattern <> 'per_source' THEN bursts.counted_by END AS user_name,
        CASE WHEN bursts.pattern = 'per_source' THEN bursts.counted_by END AS source_address,
        bursts.first_time,
        bursts.last_time,
        count(*) AS failures,
        count(DISTINCT counted.user_name) AS user_names,
        count(DISTINCT counted.source_address) AS source_addresses,
        slice(array_sort(array_agg(DISTINCT counted.user_name)), 1, 20) AS first_user_names,
        slice(array_sort(array_agg(DISTINCT counted.source_address)), 1, 20) AS first_source_addresses,
        max(CASE WHEN counted.event_time = bursts.last_time THEN counted.event_id END) AS event_id
    FROM bursts
    INNER JOIN counted
        ON
            bursts.pattern = counted.pattern
            AND bursts.account_id = counted.account_id
            AND bursts.counted_by = counted.counted_by
            AND counted.event_time BETWEEN bursts.first_time AND bursts.last_time
    GROUP BY bursts.pattern, bursts.account_id, bursts.counted_by, bursts.burst, bursts.first_time, bursts.last_time
),

-- Every success beside the failures of the same user before it.
preceded AS (
    SELECT
        successes.account_id,
        successes.user_name,
        successes.source_address,
        successes.event_time,
        successes.event_id,
        failures.event_time AS failure_time,
        failures.source_address AS failure_source
    FROM attempts AS successes
    INNER JOIN failures
        ON
            successes.account_id = failures.account_id
            AND successes.user_name = failures.user_name
            AND successes.event_time >= failures.event_time
    WHERE
        successes.in_period
        AND successes.event_name IN ('ConsoleLogin', 'UserAuthentication')
        AND successes.call_result = 'success'
),

guessed AS (
    SELECT
        'fail_then_success' AS pattern,
        account_id,
        user_name,
        source_address,
        min(failure_time) AS first_time,
        event_time AS last_time,
        count(*) AS failures,
        cast(1 AS bigint) AS user_names,
        count(DISTINCT failure_source) AS source_addresses,
        ARRAY[user_name] AS first_user_names,
        slice(array_sort(array_agg(DISTINCT failure_source)), 1, 20) AS first_source_addresses,
        event_id
    FROM preceded
    WHERE date_diff('second', failure_time, event_time) <= :guessing_window_minutes * 60
    GROUP BY account_id, user_name, source_address, event_time, event_id
    HAVING count(*) >= :failures_before_success
)

SELECT
    pattern,
    account_id,
    user_name,
    source_address,
    first_time,
    last_time,
    failures,
    user_names,
    source_addresses,
    first_user_names,
    first_source_addresses,
    event_id
FROM runs
UNION ALL
SELECT
    pattern,
    account_id,
    user_name,
    source_address,
    first_time,
    last_time,
    failures,
    user_names,
    source_addresses,
    first_user_names,
    first_source_addresses,
    event_id
FROM guessed
ORDER BY last_time, pattern, account_id, user_name, source_address, event_id
