/*---
id = "signin.federated_signins"
version = 1
kind = "population"
severity = "info"
title.en = "Sign-ins through an identity provider"
title.pt_BR = "Logins por provedor de identidade"
question.en = """\
Who came in through an identity provider, so that the proof of the second factor lies with that provider, and \
through which one?"""
question.pt_BR = """\
Quem entrou por um provedor de identidade, de modo que a prova do segundo fator está com esse provedor, e por qual \
deles?"""
needs = ["management:read", "management:write"]
parameters = ["approved_identity_providers"]
grain = ["account_id", "event_time", "event_id"]
limits.en = [
  """\
  CloudTrail sees that the provider vouched for the person, not how the person proved who they are: ask the provider \
  for its own log of these sign-ins.""",
  "One entry into the console can be two rows: the role obtained by AssumeRoleWithSAML, and the ConsoleLogin with it.",
  """\
  is_approved is empty where the record does not name the provider, and false for every provider while \
  approved_identity_providers is empty.""",
  """\
  Sign-ins to the access portal of Identity Center are in signin.identity_center_signins; workloads by web identity \
  are in external.workload_federation.""",
]
limits.pt_BR = [
  """\
  O CloudTrail vê que o provedor atestou a identidade da pessoa, não como ela provou quem é: peça ao provedor o log \
  desses logins.""",
  "Uma entrada no console pode gerar duas linhas: a role obtida por AssumeRoleWithSAML e o ConsoleLogin com ela.",
  """\
  is_approved fica vazio quando o registro não informa o provedor, e é falso para todo provedor enquanto \
  approved_identity_providers estiver vazio.""",
  """\
  Logins no portal de acesso do Identity Center estão em signin.identity_center_signins; cargas de trabalho por \
  identidade web, em external.workload_federation.""",
]
remedy.en = """\
Draw a sample, and match each sign-in with the log of the provider: the person, the time and the second factor."""
remedy.pt_BR = "Extraia uma amostra e confronte cada login com o log do provedor: a pessoa, a hora e o segundo fator."

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
name = "signin_provider"
type = "varchar"
title.en = "Identity provider"
title.pt_BR = "Provedor de identidade"
personal = true

[[column]]
name = "is_approved"
type = "boolean"
title.en = "In approved_identity_providers"
title.pt_BR = "Em approved_identity_providers"

[[column]]
name = "role_arn"
type = "varchar"
title.en = "Role"
title.pt_BR = "Role"

[[column]]
name = "person"
type = "varchar"
title.en = "Name as logged"
title.pt_BR = "Nome registrado"
personal = true

[[column]]
name = "subject_name"
type = "varchar"
title.en = "Subject given by the provider"
title.pt_BR = "Subject informado pelo provedor"
personal = true

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
name = "call_result"
type = "varchar"
title.en = "Result"
title.pt_BR = "Resultado"

[[column]]
name = "error_message"
type = "varchar"
title.en = "Error message"
title.pt_BR = "Mensagem de erro"
personal = true

[[column]]
name = "mfa"
type = "varchar"
title.en = "MFA"
title.pt_BR = "MFA"

[[column]]
name = "mfa_logged"
type = "varchar"
title.en = "MFA as logged"
title.pt_BR = "MFA registrado"

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

WITH signins AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        -- What the record of a SAML sign-in calls the identity provider is a hash; the request has the ARN.
        CASE
            WHEN event_name = 'AssumeRoleWithSAML'
                THEN coalesce(json_extract_scalar(request, '$.principalArn'), identity_provider)
            ELSE identity_provider
        END AS signin_provider,
        CASE
            WHEN event_name = 'AssumeRoleWithSAML' THEN json_extract_scalar(request, '$.roleArn')
            ELSE session_issuer
        END AS role_arn,
        person,
        CASE WHEN event_name = 'AssumeRoleWithSAML' THEN json_extract_scalar(response, '$.subject') END AS subject_name,
        actor_kind,
        actor,
        call_result,
        error_message,
        CASE WHEN event_name = 'AssumeRoleWithSAML' THEN 'at_idp' ELSE mfa END AS mfa,
        mfa_logged,
        source_address,
        user_agent,
        event_id,
        log_file
    FROM activity
    WHERE
        (
            event_source = 'signin.amazonaws.com'
            AND event_name IN ('ConsoleLogin', 'GetSigninToken')
            AND (actor_kind IN ('role', 'human_role', 'federated') OR identity_provider IS NOT NULL)
        )
        OR (event_source = 'signin.amazonaws.com' AND event_name = 'ExternalIdPDirectoryLogin')
        OR (event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRoleWithSAML')
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    signin_provider,
    CASE
        WHEN signin_provider IS NOT NULL THEN contains(:approved_identity_providers, signin_provider)
    END AS is_approved,
    role_arn,
    person,
    subject_name,
    actor_kind,
    actor,
    call_result,
    error_message,
    mfa,
    mfa_logged,
    source_address,
    user_agent,
    event_id,
    log_file
FROM signins
ORDER BY event_time, account_id, event_id
