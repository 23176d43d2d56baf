/*---
id = "network.routing_changes"
version = 1
kind = "population"
severity = "info"
title.en = "Changes to routes, gateways, peerings and mirrors"
title.pt_BR = "Alterações em rotas, gateways, peerings e espelhamentos"
question.en = """\
Which routes, gateways, peerings, VPNs, endpoints and traffic mirrors were made, changed or removed, and do they \
reach outside?"""
question.pt_BR = """\
Quais rotas, gateways, peerings, VPNs, endpoints e espelhamentos de tráfego foram criados, alterados ou removidos, e \
dão acesso a redes externas?"""
needs = ["management:write"]
parameters = ["trusted_accounts"]
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  "What a route leads to is told by its target only: a transit gateway or a peering may lead on to anywhere.",
  "Networks that were there before the period, and were not changed, do not appear.",
]
limits.pt_BR = [
  "Para onde uma rota leva só se sabe pelo destino: um transit gateway ou um peering pode levar a qualquer lugar.",
  "Redes que já existiam e não foram alteradas no período não aparecem.",
]
remedy.en = """\
Match each change with its ticket, beginning with those that reach outside. A mirror copies all traffic: ask for its \
purpose."""
remedy.pt_BR = """\
Associe cada mudança ao seu chamado, a começar pelas que dão acesso a redes externas. Um espelhamento copia todo o \
tráfego: pergunte a finalidade."""

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
name = "network_id"
type = "varchar"
title.en = "Network, table or gateway"
title.pt_BR = "Rede, tabela ou gateway"

[[column]]
name = "destination"
type = "varchar"
title.en = "Destination"
title.pt_BR = "Destino"

[[column]]
name = "via"
type = "varchar"
title.en = "Via"
title.pt_BR = "Por meio de"

[[column]]
name = "reaches"
type = "varchar"
title.en = "Reaches"
title.pt_BR = "Alcança"

[[column]]
name = "other_account"
type = "varchar"
title.en = "Other account"
title.pt_BR = "Outra conta"

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

WITH calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        call_result,
        actor_kind,
        actor,
        person,
        source_address,
        event_id,
        coalesce(
            json_extract_scalar(request, '$.routeTableId'),
            json_extract_scalar(request, '$.internetGatewayId'),
            json_extract_scalar(request, '$.vpcId'),
            json_extract_scalar(request, '$.subnetId'),
            json_extract_scalar(response, '$.internetGateway.internetGatewayId'),
            json_extract_scalar(response, '$.vpc.vpcId'),
            json_extract_scalar(response, '$.subnet.subnetId'),
            json_extract_scalar(response, '$.vpnConnection.vpnConnectionId'),
            element_at(filter(resources, held -> held.arn IS NOT NULL), 1).arn
        ) AS network_id,
        coalesce(
            json_extract_scalar(request, '$.destinationCidrBlock'),
            json_extract_scalar(request, '$.destinationIpv6CidrBlock'),
            json_extract_scalar(request, '$.destinationPrefixListId')
        ) AS destination,
        coalesce(
            json_extract_scalar(request, '$.gatewayId'),
            json_extract_scalar(request, '$.natGatewayId'),
            json_extract_scalar(request, '$.transitGatewayId'),
            json_extract_scalar(request, '$.vpcPeeringConnectionId'),
            json_extract_scalar(request, '$.networkInterfaceId'),
            json_extract_scalar(request, '$.peerVpcId'),
            json_extract_scalar(request, '$.customerGatewayId')
        ) AS via,
        json_extract_scalar(request, '$.peerOwnerId') AS peer_account
    FROM activity
    WHERE
        event_source = 'ec2.amazonaws.com'
        AND event_name IN (
            'CreateRoute', 'ReplaceRoute', 'DeleteRoute', 'CreateRouteTable', 'DeleteRouteTable', 'AssociateRouteTable',
            'ReplaceRouteTableAssociation', 'DisassociateRouteTable', 'CreateInternetGateway', 'AttachInternetGateway',
            'DetachInternetGateway', 'DeleteInternetGateway', 'CreateEgressOnlyInternetGateway', 'CreateNatGateway',
            'DeleteNatGateway', 'CreateCustomerGateway', 'DeleteCustomerGateway', 'CreateVpc', 'CreateDefaultVpc',
            'DeleteVpc', 'ModifyVpcAttribute', 'CreateSubnet', 'DeleteSubnet', 'ModifySubnetAttribute',
            'CreateVpcPeeringConnection', 'AcceptVpcPeeringConnection', 'DeleteVpcPeeringConnection',
            'CreateVpnConnection',
            'DeleteVpnConnection',
            'CreateClientVpnEndpoint',
            'CreateTransitGatewayVpcAttachment',
            'AcceptTransitGatewayPeeringAttachment',
            'CreateTransitGatewayRoute',
            'CreateVpcEndpoint',
            'ModifyVpcEndpoint',
            'DeleteVpcEndpoints', 'CreateTrafficMirrorSession', 'ModifyTrafficMirrorSession',
            'DeleteTrafficMirrorSession', 'CreateTrafficMirrorTarget', 'CreateTrafficMirrorFilter',
            'CreateTrafficMirrorFilterRule'
        )
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    network_id,
    destination,
    via,
    CASE
        WHEN strpos(event_name, 'TrafficMirror') > 0 THEN 'mirror'
        WHEN event_name IN ('CreateRoute', 'ReplaceRoute') AND via LIKE 'igw-%' THEN 'internet'
        WHEN event_name IN ('CreateInternetGateway', 'AttachInternetGateway', 'CreateEgressOnlyInternetGateway')
            THEN 'internet'
        WHEN
            event_name = 'CreateVpcPeeringConnection'
            AND peer_account <> account_id
            AND NOT contains(:trusted_accounts, peer_account)
            THEN 'unknown_account'
        WHEN event_name = 'CreateVpcPeeringConnection' AND peer_account <> account_id THEN 'trusted_account'
        WHEN event_name IN ('CreateVpnConnection', 'CreateCustomerGateway', 'CreateClientVpnEndpoint') THEN 'vpn'
    END AS reaches,
    CASE WHEN peer_account <> account_id THEN peer_account END AS other_account,
    call_result,
    actor_kind,
    actor,
    person,
    source_address,
    event_id
FROM calls
ORDER BY event_time, account_id, event_id
