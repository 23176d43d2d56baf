/*---
id = "network.dns_changes"
version = 1
kind = "exception"
severity = "medium"
title.en = "Domains and protected DNS zones changed"
title.pt_BR = "Domínios e zonas DNS protegidas alterados"
question.en = """\
Which domains changed hands, lock, name servers or contacts, which protected zones changed, and which rules for \
resolving or refusing names?"""
question.pt_BR = """\
Quais domínios mudaram de titular, bloqueio, servidores de nomes ou contatos, quais zonas protegidas mudaram, e \
quais regras para resolver ou recusar nomes?"""
needs = ["management:write"]
parameters = ["protected_zones"]
grain = ["event_time", "account_id", "event_id"]
subject = ["account_id", "event_source", "event_name", "resource_id"]
limits.en = [
  "Changes to records are asked of protected_zones only. Domains held at another registrar are not in CloudTrail.",
  "A change of many records is one row; the first record's name and type stand for it.",
]
limits.pt_BR = [
  "Mudanças de registros só são consultadas em protected_zones. Domínios em outro registrador não estão no CloudTrail.",
  "Uma mudança de muitos registros gera uma só linha, com o nome e o tipo do primeiro.",
]
remedy.en = """\
Confirm with whoever owns the name. A record that points elsewhere gives away mail, sign-ins and certificates."""
remedy.pt_BR = """\
Confirme com o responsável pelo nome. Um registro que aponta para outro lugar entrega e-mails, logins e \
certificados."""

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
name = "resource_id"
type = "varchar"
title.en = "Resource"
title.pt_BR = "Recurso"

[[column]]
name = "record_changed"
type = "varchar"
title.en = "First record changed"
title.pt_BR = "Primeiro registro alterado"

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
        event_source,
        event_name,
        actor_kind,
        actor,
        person,
        mfa,
        source_address,
        event_id,
        log_file,
        request_state,
        CASE event_source
            WHEN 'route53domains.amazonaws.com' THEN json_extract_scalar(request, '$.domainName')
            WHEN 'route53resolver.amazonaws.com'
                THEN coalesce(
                    json_extract_scalar(request, '$.domainName'),
                    json_extract_scalar(request, '$.resolverRuleId'),
                    json_extract_scalar(request, '$.firewallRuleGroupId'),
                    json_extract_scalar(request, '$.firewallRuleGroupAssociationId'),
                    json_extract_scalar(request, '$.resourceId')
                )
            -- The id is logged with or without the path before it.
            ELSE coalesce(
                regexp_extract(json_extract_scalar(request, '$.hostedZoneId'), '([A-Z0-9]+)\z', 1),
                regexp_extract(json_extract_scalar(request, '$.id'), '([A-Z0-9]+)\z', 1),
                json_extract_scalar(request, '$.name')
            )
        END AS resource_id,
        CASE
            WHEN event_name = 'ChangeResourceRecordSets'
                THEN concat(
                    json_extract_scalar(request, '$.changeBatch.changes[0].action'),
                    ' ',
                    json_extract_scalar(request, '$.changeBatch.changes[0].resourceRecordSet.name'),
                    ' ',
                    json_extract_scalar(request, '$.changeBatch.changes[0].resourceRecordSet.type')
                )
        END AS record_changed
    FROM activity
    WHERE
        call_result = 'success'
        AND (
            (
                event_source = 'route53.amazonaws.com'
                AND event_name IN (
                    'ChangeResourceRecordSets', 'DeleteHostedZone', 'DisableHostedZoneDNSSEC',
                    'AssociateVPCWithHostedZone', 'DisassociateVPCFromHostedZone', 'CreateVPCAssociationAuthorization',
                    'CreateTrafficPolicyInstance', 'DeactivateKeySigningKey', 'DeleteKeySigningKey'
                )
            )
            OR (
                event_source = 'route53domains.amazonaws.com'
                AND event_name IN (
                    'DisableDomainTransferLock', 'TransferDomainToAnotherAwsAccount', 'TransferDomain',
                    'UpdateDomainNameservers', 'UpdateDomainContact', 'DeleteDomain', 'DisableDomainAutoRenew',
                    'RetrieveDomainAuthCode', 'DisassociateDelegationSignerFromDomain'
                )
            )
            OR (
                event_source = 'route53resolver.amazonaws.com'
                AND event_name IN (
                    'CreateResolverRule', 'UpdateResolverRule', 'DeleteResolverRule', 'AssociateResolverRule',
                    'DisassociateResolverRule', 'UpdateFirewallConfig', 'UpdateFirewallRule', 'DeleteFirewallRule',
                    'DisassociateFirewallRuleGroup', 'UpdateResolverDnssecConfig'
                )
            )
        )
)

SELECT
    event_time,
    account_id,
    event_source,
    event_name,
    resource_id,
    record_changed,
    actor_kind,
    actor,
    person,
    mfa,
    source_address,
    event_id,
    log_file
FROM calls
WHERE
    event_source <> 'route53.amazonaws.com'
    OR event_name IN ('DeleteHostedZone', 'DisableHostedZoneDNSSEC', 'CreateVPCAssociationAuthorization')
    OR contains(:protected_zones, resource_id)
    -- Which zone it was cannot be read.
    OR request_state IN ('omitted', 'unparseable')
ORDER BY event_time, account_id, event_id
