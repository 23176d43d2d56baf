/*---
id = "network.public_addresses"
version = 1
kind = "exception"
severity = "medium"
title.en = "Public addresses in protected networks"
title.pt_BR = "Endereços públicos em redes protegidas"
question.en = "Which instances or subnets of protected networks were given public addresses?"
question.pt_BR = "Quais instâncias ou sub-redes de redes protegidas receberam endereços públicos?"
needs = ["management:write"]
parameters = ["protected_subnets"]
grain = ["event_time", "account_id", "event_id", "subnet_id"]
subject = ["account_id", "event_name", "subnet_id", "target"]
limits.en = [
  "address_attached: which subnet the target is in is not logged, so every address that is attached is a row.",
  """\
  An instance that takes a public address because its subnet gives one to all is seen at the change of the subnet, \
  not at each start. The same holds for a launch template.""",
]
limits.pt_BR = [
  "address_attached: a sub-rede do alvo não é registrada, portanto todo endereço associado gera uma linha.",
  """\
  Uma instância que recebe endereço público porque a sub-rede o dá a todas aparece na mudança da sub-rede, não a \
  cada início. O mesmo vale para um modelo de execução.""",
]
remedy.en = "Remove the address, or move what needs one out of the protected network and behind a load balancer."
remedy.pt_BR = """\
Remova o endereço, ou leve o que precisa dele para fora da rede protegida e para trás de um balanceador."""

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
name = "finding"
type = "varchar"
title.en = "Finding"
title.pt_BR = "Achado"

[[column]]
name = "subnet_id"
type = "varchar"
title.en = "Subnet"
title.pt_BR = "Sub-rede"

[[column]]
name = "target"
type = "varchar"
title.en = "Given to"
title.pt_BR = "Atribuído a"

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

[[column]]
name = "log_file"
type = "varchar"
title.en = "Log file"
title.pt_BR = "Arquivo de log"
---*/

WITH
calls AS (
    SELECT
        event_time,
        account_id,
        region,
        event_name,
        actor_kind,
        actor,
        person,
        source_address,
        event_id,
        log_file,
        json_extract_scalar(request, '$.subnetId') AS own_subnet,
        -- An IPv6 address is a public one.
        'true' IN (
            coalesce(
                json_extract_scalar(request, '$.mapPublicIpOnLaunch.value'),
                json_extract_scalar(request, '$.mapPublicIpOnLaunch'),
                ''
            ),
            coalesce(
                json_extract_scalar(request, '$.assignIpv6AddressOnCreation.value'),
                json_extract_scalar(request, '$.assignIpv6AddressOnCreation'),
                ''
            )
        ) AS gives_to_all,
        json_extract_scalar(request, '$.associatePublicIpAddress') AS attaches_one,
        json_extract_scalar(response, '$.instancesSet.items[0].instanceId') AS first_instance,
        coalesce(
            json_extract_scalar(request, '$.instanceId'), json_extract_scalar(request, '$.networkInterfaceId')
        ) AS attached_to,
        -- The key is networkInterfaceSet: networkInterfaces, as the interface calls it, is never logged.
        coalesce(
            try_cast(json_extract(request, '$.networkInterfaceSet.items') AS ARRAY(json)),
            ARRAY[json_extract(request, '$')]
        ) AS interfaces
    FROM activity
    WHERE
        event_source = 'ec2.amazonaws.com'
        AND event_name IN (
            'RunInstances', 'ModifySubnetAttribute', 'AssociateAddress', 'ModifyNetworkInterfaceAttribute'
        )
        AND call_result IN ('success', 'partial')
),

judged AS (
    SELECT
        calls.*,
        coalesce(json_extract_scalar(listed.interface, '$.subnetId'), calls.own_subnet) AS subnet_id,
        CASE
            WHEN calls.event_name = 'AssociateAddress' THEN 'address_attached'
            WHEN
                calls.event_name = 'ModifyNetworkInterfaceAttribute' AND calls.attaches_one = 'true'
                THEN 'address_attached'
            WHEN
                calls.event_name = 'ModifySubnetAttribute' AND calls.gives_to_all
                THEN 'subnet_gives_addresses'
            WHEN
                calls.event_name = 'RunInstances'
                AND json_extract_scalar(listed.interface, '$.associatePublicIpAddress') = 'true'
                THEN 'instance_started'
        END AS finding
    FROM calls
    CROSS JOIN unnest(calls.interfaces) AS listed (interface)
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    finding,
    subnet_id,
    coalesce(attached_to, first_instance) AS target,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM judged
WHERE finding = 'address_attached' OR (finding IS NOT NULL AND contains(:protected_subnets, subnet_id))
ORDER BY event_time, account_id, event_id, subnet_id
