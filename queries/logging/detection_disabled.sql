/*---
id = "logging.detection_disabled"
version = 1
kind = "exception"
severity = "high"
title.en = "Threat detection switched off or silenced"
title.pt_BR = "Detecção de ameaças desligada ou silenciada"
question.en = """\
Were GuardDuty, Security Hub, the Config recorder, Macie, Inspector, Detective or Access Analyzer switched off, \
narrowed, silenced or cut off from members, and when did they run again?"""
question.pt_BR = """\
GuardDuty, Security Hub, o gravador do Config, Macie, Inspector, Detective ou Access Analyzer foram desligados, \
restringidos, silenciados ou perderam contas-membro, e quando voltaram?"""
needs = ["management:write"]
parameters = ["period_end"]
grain = ["account_id", "event_time", "event_id"]
subject = ["account_id", "region", "event_source", "effect", "target"]
limits.en = [
  """\
  Only what is switched off as a whole is paired with being switched on again: the next switch-on of the same service \
  in the same account and Region. Narrowing, silencing and removal of members are listed without a time of their \
  end.""",
  "open_at_period_end: not on again up to the end of the period; the minutes run to that end.",
  "A service that was never on, or was off before the period, is not listed.",
]
limits.pt_BR = [
  """\
  Só o que é desligado por inteiro é pareado com a reativação: a próxima ativação do mesmo serviço na mesma conta e \
  região. Restrições, silenciamentos e retiradas de membros são listados sem hora de término.""",
  "open_at_period_end: não voltou até o fim do período; os minutos vão até esse fim.",
  "Um serviço que nunca foi ligado, ou já estava desligado antes do período, não é listado.",
]
remedy.en = """\
Ask for the approved change and how threats were detected meanwhile. Read what a filter or rule silences; restore \
what has no reason."""
remedy.pt_BR = """\
Peça a mudança aprovada e pergunte como as ameaças foram detectadas nesse meio-tempo. Leia o que o filtro ou a regra \
silencia; restaure o que não tiver justificativa."""

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
name = "effect"
type = "varchar"
title.en = "Effect"
title.pt_BR = "Efeito"

[[column]]
name = "target"
type = "varchar"
title.en = "Target"
title.pt_BR = "Alvo"

[[column]]
name = "detection_state"
type = "varchar"
title.en = "State"
title.pt_BR = "Situação"

[[column]]
name = "on_again_at"
type = "timestamp"
title.en = "On again (UTC)"
title.pt_BR = "Voltou (UTC)"

[[column]]
name = "minutes_off"
type = "bigint"
title.en = "Minutes off"
title.pt_BR = "Minutos de interrupção"

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
---*/

WITH changes AS (
    SELECT
        event_time,
        account_id,
        region,
        event_source,
        event_name,
        -- What is switched off or on as a whole, so that both can be paired.
        CASE
            WHEN event_name IN ('DeleteDeliveryChannel', 'PutDeliveryChannel') THEN 'config_delivery'
            WHEN event_name IN ('DisableSecurityHubV2', 'EnableSecurityHubV2') THEN 'securityhub_v2'
            ELSE split_part(event_source, '.', 1)
        END AS service,
        CASE
            WHEN
                event_name IN (
                    'DeleteDetector', 'DisableSecurityHub', 'DisableSecurityHubV2', 'StopConfigurationRecorder',
                    'DeleteConfigurationRecorder', 'DeleteDeliveryChannel', 'DisableMacie', 'Disable', 'DeleteGraph',
                    'DeleteAnalyzer'
                )
                THEN 'off'
            WHEN
                event_name IN (
                    'EnableSecurityHub', 'EnableSecurityHubV2', 'StartConfigurationRecorder', 'PutDeliveryChannel',
                    'Enable', 'CreateGraph', 'CreateAnalyzer'
                )
                THEN 'on'
            WHEN event_name IN ('CreateDetector', 'UpdateDetector')
                THEN CASE json_extract_scalar(request, '$.enable')
                    WHEN 'false' THEN 'off'
                    WHEN 'true' THEN 'on'
                END
            WHEN event_name IN ('EnableMacie', 'UpdateMacieSession')
                THEN CASE
                    WHEN json_extract_scalar(request, '$.status') = 'PAUSED' THEN 'off'
                    WHEN json_extract_scalar(request, '$.status') = 'ENABLED' OR event_name = 'EnableMacie' THEN 'on'
                END
        END AS turned,
        CASE
            WHEN
                event_name IN (
                    'BatchDisableStandards', 'DisableImportFindingsForProduct', 'DeletePublishingDestination',
                    'DeleteConfigRule', 'DeleteConformancePack'
                )
                OR json_extract_scalar(request, '$.ControlStatus') = 'DISABLED'
                OR any_match(
                    try(cast(json_extract(request, '$.StandardsControlAssociationUpdates') AS ARRAY(json))),
                    control -> json_extract_scalar(control, '$.AssociationStatus') = 'DISABLED'
                )
                OR any_match(
                    try(cast(json_extract(request, '$.features') AS ARRAY(json))),
                    feature -> json_extract_scalar(feature, '$.status') = 'DISABLED'
                )
                THEN 'narrowed'
            WHEN
                event_name IN ('CreateArchiveRule', 'CreateAutomationRule')
                OR (
                    event_name IN ('CreateFilter', 'UpdateFilter', 'CreateFindingsFilter', 'UpdateFindingsFilter')
                    AND json_extract_scalar(request, '$.action') IN ('ARCHIVE', 'SUPPRESS')
                )
                OR (
                    event_name IN ('CreateIPSet', 'UpdateIPSet', 'CreateTrustedEntitySet', 'UpdateTrustedEntitySet')
                    AND json_extract_scalar(request, '$.activate') = 'true'
                )
                THEN 'suppressed'
            WHEN
                regexp_like(event_name, '^(DeleteMember|Disassociate|StopMonitoringMembers|DisableOrganization)')
                OR event_name = 'DisableDelegatedAdminAccount'
                THEN 'member_removed'
        END AS other_effect,
        coalesce(
            array_join(try(cast(json_extract(request, '$.accountIds') AS ARRAY(varchar))), ', '),
            array_join(try(cast(json_extract(request, '$.AccountIds') AS ARRAY(varchar))), ', '),
            array_join(try(cast(json_extract(request, '$.StandardsSubscriptionArns') AS ARRAY(varchar))), ', '),
            json_extract_scalar(request, '$.StandardsControlArn'),
            array_join(
                array_distinct(
                    transform(
                        try(cast(json_extract(request, '$.StandardsControlAssociationUpdates') AS ARRAY(json))),
                        control -> json_extract_scalar(control, '$.SecurityControlId')
                    )
                ),
                ', '
            ),
            json_extract_scalar(request, '$.configurationRecorderName'),
            json_extract_scalar(request, '$.deliveryChannelName'),
            json_extract_scalar(request, '$.configRuleName'),
            json_extract_scalar(request, '$.conformancePackName'),
            json_extract_scalar(request, '$.analyzerName'),
            json_extract_scalar(request, '$.name'),
            json_extract_scalar(request, '$.filterName'),
            json_extract_scalar(request, '$.detectorId')
        ) AS target,
        request_state,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        user_agent,
        event_id
    FROM activity
    WHERE
        call_result IN ('success', 'partial')
        AND (
            (
                event_source = 'guardduty.amazonaws.com'
                AND event_name IN (
                    'CreateDetector', 'UpdateDetector', 'DeleteDetector', 'UpdateMemberDetectors',
                    'DeletePublishingDestination', 'CreateFilter', 'UpdateFilter', 'CreateIPSet', 'UpdateIPSet',
                    'CreateTrustedEntitySet', 'UpdateTrustedEntitySet', 'DeleteMembers', 'DisassociateMembers',
                    'StopMonitoringMembers', 'DisassociateFromMasterAccount', 'DisassociateFromAdministratorAccount',
                    'DisableOrganizationAdminAccount'
                )
            )
            OR (
                event_source = 'securityhub.amazonaws.com'
                AND event_name IN (
                    'EnableSecurityHub', 'DisableSecurityHub', 'EnableSecurityHubV2', 'DisableSecurityHubV2',
                    'BatchDisableStandards', 'UpdateStandardsControl', 'BatchUpdateStandardsControlAssociations',
                    'DisableImportFindingsForProduct', 'CreateAutomationRule', 'DeleteMembers',
                    'DisassociateMembers', 'DisassociateFromMasterAccount', 'DisassociateFromAdministratorAccount',
                    'DisableOrganizationAdminAccount'
                )
            )
            OR (
                event_source = 'config.amazonaws.com'
                AND event_name IN (
                    'StartConfigurationRecorder', 'StopConfigurationRecorder', 'DeleteConfigurationRecorder',
                    'PutDeliveryChannel', 'DeleteDeliveryChannel', 'DeleteConfigRule', 'DeleteConformancePack'
                )
            )
            OR (
                event_source = 'macie2.amazonaws.com'
                AND event_name IN (
                    'EnableMacie', 'UpdateMacieSession', 'DisableMacie', 'CreateFindingsFilter',
                    'UpdateFindingsFilter', 'DeleteMember', 'DisassociateMember', 'DisableOrganizationAdminAccount'
                )
            )
            OR (
                event_source = 'inspector2.amazonaws.com'
                AND event_name IN (
                    'Enable', 'Disable', 'CreateFilter', 'UpdateFilter', 'DisassociateMember',
                    'DisableDelegatedAdminAccount'
                )
            )
            OR (
                event_source = 'detective.amazonaws.com'
                AND event_name IN ('CreateGraph', 'DeleteGraph', 'DeleteMembers', 'DisableOrganizationAdminAccount')
            )
            OR (
                event_source = 'access-analyzer.amazonaws.com'
                AND event_name IN ('CreateAnalyzer', 'DeleteAnalyzer', 'CreateArchiveRule')
            )
        )
),

-- Of two changes in one second nobody can tell the order: the one that switches off is then taken to have come last.
followed AS (
    SELECT
        changes.*,
        min(CASE WHEN turned = 'on' THEN event_time END) OVER (
            PARTITION BY account_id, region, service
            ORDER BY event_time ASC, turned DESC NULLS LAST, event_id ASC
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS on_again_at
    FROM changes
)

SELECT
    event_time,
    account_id,
    region,
    event_source,
    event_name,
    CASE WHEN turned = 'off' THEN 'off' WHEN other_effect IS NOT NULL THEN other_effect ELSE 'unreadable' END AS effect,
    target,
    CASE
        WHEN turned = 'off' AND on_again_at IS NULL THEN 'open_at_period_end'
        WHEN turned = 'off' THEN 'on_again'
    END AS detection_state,
    CASE WHEN turned = 'off' THEN on_again_at END AS on_again_at,
    CASE
        WHEN turned = 'off' THEN date_diff('minute', event_time, coalesce(on_again_at, :period_end))
    END AS minutes_off,
    request_state,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    user_agent,
    event_id
FROM followed
WHERE
    turned = 'off'
    OR other_effect IS NOT NULL
    OR (turned IS NULL AND request_state IN ('omitted', 'unparseable'))
ORDER BY event_time, account_id, event_id
