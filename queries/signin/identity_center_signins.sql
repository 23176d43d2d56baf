/*---
id = "signin.identity_center_signins"
version = 1
kind = "population"
severity = "info"
title.en = "Sign-ins to Identity Center"
title.pt_BR = "Logins no Identity Center"
question.en = "Which users signed in to Identity Center, with which factors, and which challenges did they fail?"
question.pt_BR = "Quais usuários fizeram login no Identity Center, com quais fatores, e em quais desafios falharam?"
needs = ["management:write"]
parameters = []
grain = ["account_id", "first_time", "signin_id"]
limits.en = [
  """\
  The steps of one sign-in are one row, by the id of its workflow; a step without one, and each opening of an \
  account or application (Federate) or token of a command line (CreateToken), is a row of its own.""",
  "not_finished: a challenge was given and nothing more was logged within the period.",
  """\
  With an outside identity provider, or Active Directory, the factor is asked for there: credential_types says \
  EXTERNAL_IDP, and the provider has the proof.""",
  "Authenticate and Federate of before 2025 may name nobody: the actor is then Identity Center itself.",
  """\
  Users often appear as the ids of the directory, not by name. Identity Center logs in its own home Region and in \
  the account of the organization that runs it.""",
]
limits.pt_BR = [
  """\
  Os passos de um login formam uma linha, pelo id do fluxo; um passo sem esse id, e cada abertura de conta ou \
  aplicação (Federate) ou token de linha de comando (CreateToken), é uma linha própria.""",
  "not_finished: um desafio foi apresentado e nada mais foi registrado no período.",
  """\
  Com provedor externo ou Active Directory, o fator é pedido lá: credential_types diz EXTERNAL_IDP, e a prova está \
  no provedor.""",
  "Authenticate e Federate anteriores a 2025 podem não nomear ninguém: o autor é então o próprio Identity Center.",
  """\
  Os usuários aparecem muitas vezes pelos ids do diretório, não pelo nome. O Identity Center registra na sua região \
  de origem e na conta da organização que o administra.""",
]
remedy.en = """\
Look at sign-ins whose only factor is PASSWORD and at users with many failed challenges; ask for MFA at every \
sign-in in the settings of Identity Center."""
remedy.pt_BR = """\
Examine os logins cujo único fator é PASSWORD e os usuários com muitos desafios malsucedidos; exija MFA em todo login \
nas configurações do Identity Center."""

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
name = "signin_id"
type = "varchar"
title.en = "Sign-in (workflow, or event)"
title.pt_BR = "Login (fluxo, ou evento)"

[[column]]
name = "event_names"
type = "array(varchar)"
title.en = "Kinds of event"
title.pt_BR = "Tipos de evento"

[[column]]
name = "signin_state"
type = "varchar"
title.en = "State of the sign-in"
title.pt_BR = "Estado do login"

[[column]]
name = "mfa"
type = "varchar"
title.en = "MFA"
title.pt_BR = "MFA"

[[column]]
name = "credential_types"
type = "array(varchar)"
title.en = "Factors given"
title.pt_BR = "Fatores apresentados"

[[column]]
name = "failed_steps"
type = "bigint"
title.en = "Failed steps"
title.pt_BR = "Passos que falharam"

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
name = "source_addresses"
type = "array(varchar)"
title.en = "Source addresses"
title.pt_BR = "Endereços de origem"
personal = true

[[column]]
name = "user_agent"
type = "varchar"
title.en = "User agent"
title.pt_BR = "Agente do usuário (user agent)"
personal = true

[[column]]
name = "last_event_id"
type = "varchar"
title.en = "Id of the last event"
title.pt_BR = "Id do último evento"
---*/

WITH
steps AS (
    SELECT
        account_id,
        region,
        event_time,
        event_id,
        event_name,
        call_result,
        mfa,
        actor,
        person,
        source_address,
        user_agent,
        coalesce(json_extract_scalar(additional, '$.AuthWorkflowID'), event_id) AS signin_id,
        json_extract_scalar(additional, '$.CredentialType') AS credential_type
    FROM activity
    WHERE
        (
            event_source = 'signin.amazonaws.com'
            AND event_name IN ('UserAuthentication', 'CredentialChallenge', 'CredentialVerification')
        )
        OR (event_source = 'sso.amazonaws.com' AND event_name IN ('Authenticate', 'Federate', 'CreateToken'))
        OR (event_source = 'sso-oauth.amazonaws.com' AND event_name IN ('CreateToken', 'CreateTokenWithIAM'))
),

numbered AS (
    SELECT
        steps.*,
        row_number() OVER (
            PARTITION BY account_id, region, signin_id
            ORDER BY event_time DESC, event_id DESC
        ) AS nth_from_last
    FROM steps
),

signins AS (
    SELECT
        account_id,
        region,
        signin_id,
        min(event_time) AS first_time,
        max(event_time) AS last_time,
        array_sort(array_agg(DISTINCT event_name)) AS event_names,
        -- Identity Center logs UserAuthentication once, when every factor it asked for was given.
        bool_or(
            event_name NOT IN ('CredentialChallenge', 'CredentialVerification')
            AND call_result IN ('success', 'unknown')
        ) AS is_complete,
        count_if(call_result IN ('failed', 'denied')) AS failed_steps,
        max(CASE WHEN event_name = 'UserAuthentication' THEN mfa END) AS mfa,
        array_sort(
            array_agg(DISTINCT credential_type) FILTER (
                WHERE credential_type IS NOT NULL AND event_name <> 'CredentialChallenge'
            )
        ) AS credential_types,
        -- A step before the last may not know yet who it is.
        coalesce(max(CASE WHEN event_name = 'UserAuthentication' THEN actor END), max(actor)) AS actor,
        coalesce(max(CASE WHEN event_name = 'UserAuthentication' THEN person END), max(person)) AS person,
        slice(array_sort(array_agg(DISTINCT source_address) FILTER (WHERE source_address IS NOT NULL)), 1, 20)
            AS source_addresses,
        min(user_agent) AS user_agent,
        max(CASE WHEN nth_from_last = 1 THEN event_id END) AS last_event_id
    FROM numbered
    GROUP BY account_id, region, signin_id
)

SELECT
    first_time,
    last_time,
    account_id,
    region,
    signin_id,
    event_names,
    CASE
        WHEN is_complete THEN 'signed_in'
        WHEN failed_steps > 0 THEN 'failed'
        ELSE 'not_finished'
    END AS signin_state,
    coalesce(mfa, 'unknown') AS mfa,
    credential_types,
    failed_steps,
    actor,
    person,
    source_addresses,
    user_agent,
    last_event_id
FROM signins
ORDER BY first_time, account_id, region, signin_id
