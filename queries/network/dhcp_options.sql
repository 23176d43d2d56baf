/*---
id = "network.dhcp_options"
version = 1
kind = "population"
severity = "info"
title.en = "Time and name servers given to networks"
title.pt_BR = "Servidores de hora e de nomes informados às redes"
question.en = "Which DHCP option sets, with which time and name servers, were made, given to a network or deleted?"
question.pt_BR = """\
Quais conjuntos de opções DHCP, com quais servidores de hora e de nomes, foram criados, associados a uma rede ou \
excluídos?"""
needs = ["management:write"]
parameters = []
grain = ["event_time", "account_id", "event_id"]
limits.en = [
  """\
  What a set offers stands where it was made; giving it to a network names the set only. `default` gives the network \
  back AWS's name servers.""",
  "A host may use other servers than its network offers, and the Amazon Time Sync Service needs no option at all.",
]
limits.pt_BR = [
  """\
  O que um conjunto oferece consta de sua criação; a associação a uma rede só nomeia o conjunto. `default` devolve à \
  rede os servidores de nomes da AWS.""",
  """\
  Um host pode usar servidores diferentes dos que a rede oferece, e o Amazon Time Sync Service dispensa qualquer \
  opção.""",
]
remedy.en = "Match each change with its ticket, and the servers with those that are designated for time and names."
remedy.pt_BR = "Associe cada mudança ao seu chamado, e os servidores aos designados para hora e para nomes."

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
name = "options_id"
type = "varchar"
title.en = "Option set"
title.pt_BR = "Conjunto de opções"

[[column]]
name = "network_id"
type = "varchar"
title.en = "Network"
title.pt_BR = "Rede"

[[column]]
name = "time_servers"
type = "varchar"
title.en = "Time servers (NTP)"
title.pt_BR = "Servidores de hora (NTP)"

[[column]]
name = "name_servers"
type = "varchar"
title.en = "Name servers"
title.pt_BR = "Servidores de nomes"

[[column]]
name = "domain_name"
type = "varchar"
title.en = "Domain name"
title.pt_BR = "Nome de domínio"

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
        call_result,
        actor_kind,
        actor,
        person,
        source_address,
        event_id,
        log_file,
        coalesce(
            json_extract_scalar(request, '$.dhcpOptionsId'),
            json_extract_scalar(response, '$.dhcpOptions.dhcpOptionsId')
        ) AS options_id,
        json_extract_scalar(request, '$.vpcId') AS network_id,
        -- As EC2 says that it made them, else as they were asked for.
        coalesce(
            try_cast(json_extract(response, '$.dhcpOptions.dhcpConfigurationSet.items') AS ARRAY(json)),
            try_cast(json_extract(request, '$.dhcpConfigurationSet.items') AS ARRAY(json)),
            ARRAY[]
        ) AS offered
    FROM activity
    WHERE
        event_source = 'ec2.amazonaws.com'
        AND event_name IN ('CreateDhcpOptions', 'AssociateDhcpOptions', 'DeleteDhcpOptions')
),

named AS (
    SELECT
        calls.*,
        transform(
            offered,
            held -> cast(
                row(
                    json_extract_scalar(held, '$.key'),
                    nullif(
                        array_join(
                            transform(
                                coalesce(try_cast(json_extract(held, '$.valueSet.items') AS ARRAY(json)), ARRAY[]),
                                part -> json_extract_scalar(part, '$.value')
                            ),
                            ', '
                        ),
                        ''
                    )
                ) AS row (name varchar, setting varchar)
            )
        ) AS settings
    FROM calls
)

SELECT
    event_time,
    account_id,
    region,
    event_name,
    options_id,
    network_id,
    element_at(filter(settings, held -> held.name = 'ntp-servers'), 1).setting AS time_servers,
    element_at(filter(settings, held -> held.name = 'domain-name-servers'), 1).setting AS name_servers,
    element_at(filter(settings, held -> held.name = 'domain-name'), 1).setting AS domain_name,
    call_result,
    actor_kind,
    actor,
    person,
    source_address,
    event_id,
    log_file
FROM named
ORDER BY event_time, account_id, event_id
