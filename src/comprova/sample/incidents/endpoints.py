"""What answers on a network: databases, functions, listeners, names, the filter in front; who may pose as another."""

from comprova.sample import company
from comprova.sample.callers import JsonObject, key_holder
from comprova.sample.company import Account, Region
from comprova.sample.facts import Text
from comprova.sample.ids import fixed_hex
from comprova.sample.incidents.deed import Deed, Lookalike, refused
from comprova.sample.incidents.requirements import ENDPOINTS, FORGED, NAMES, NETWORK, TRANSPORT, WEB_FILTER
from comprova.sample.incidents.scene import Scene, Script
from comprova.sample.records import Call

_REGION = Region.SAO_PAULO
_BALANCER = (
    f"arn:aws:elasticloadbalancing:{_REGION}:{Account.PRODUCTION}:loadbalancer/app/ipe-borda/{fixed_hex('borda', 16)}"
)
_BASTION = f"i-{fixed_hex('bastiao', 17)}"
_INTERFACE = f"eni-{fixed_hex('bastiao/eni', 17)}"


def _database(name: str, *, public: bool) -> Call:
    request: JsonObject = {
        "dBInstanceIdentifier": name,
        "dBInstanceClass": "db.t4g.medium",
        "engine": "postgres",
        "storageEncrypted": True,
        "publiclyAccessible": public,
    }
    return Call("rds", "CreateDBInstance", _REGION, request, request | {"dBInstanceStatus": "creating"})


def _function_url(authentication: str) -> Call:
    request: JsonObject = {"functionName": "antifraude", "authType": authentication}
    address = f"https://{fixed_hex('antifraude', 32)}.lambda-url.{_REGION}.on.aws/"
    return Call("lambda", "CreateFunctionUrlConfig", _REGION, request, request | {"functionUrl": address})


def _filter(name: str) -> Call:
    request: JsonObject = {"resourceArn": _BALANCER}
    if name == "AssociateWebACL":
        acl = f"arn:aws:wafv2:{_REGION}:{Account.PRODUCTION}:regional/webacl/ipe-borda/{fixed_hex('waf', 32)}"
        request["webACLArn"] = acl
    return Call("wafv2", name, _REGION, request)


def _record(zone: str) -> Call:
    record: JsonObject = {"name": "pagar.pagamentosipe.example.", "type": "A", "tTL": 60}
    change = {"action": "UPSERT", "resourceRecordSet": record | {"resourceRecords": [{"value": "203.0.113.18"}]}}
    request: JsonObject = {"hostedZoneId": zone, "changeBatch": {"changes": [change]}}
    return Call("route53", "ChangeResourceRecordSets", Region.VIRGINIA, request)


def _listener(action: JsonObject) -> Call:
    request: JsonObject = {"loadBalancerArn": _BALANCER, "protocol": "HTTP", "port": 80, "defaultActions": [action]}
    return Call("elasticloadbalancing", "CreateListener", _REGION, request)


def _check(name: str, resource: JsonObject, *, checked: bool) -> Call:
    return Call("ec2", name, _REGION, resource | {"sourceDestCheck": {"value": checked}}, {"_return": True})


def old_tls(scene: Scene) -> None:
    """A program in the data centre, started again on an old machine, calls by TLS 1.1."""
    program = key_holder(Account.PRODUCTION, company.RECONCILIATION)
    moment = scene.when(16, 9, 48)
    settings: JsonObject = {"name": "/prod/conciliacao/adquirentes", "withDecryption": False}
    call = Call("ssm", "GetParameter", _REGION, settings)
    (record,) = scene.calls(program, moment, call)
    old = {"tlsVersion": "TLSv1.1", "cipherSuite": "ECDHE-RSA-AES128-SHA"}
    host = f"ssm.{_REGION}.amazonaws.com"
    scene.add(
        record | {"tlsDetails": old | {"clientProvidedHostHeader": host}}, finds=("encryption.weak_or_plain_transport",)
    )
    reason = Text("The same program by TLS 1.2.", "O mesmo programa por TLS 1.2.")
    scene.miss(reason, program, scene.when(16, 10, 7), call)


DATABASE_PUBLIC = Script(
    "database-made-public",
    Text("A database was made with a public address", "Um banco de dados foi criado com endereço público"),
    Text(
        "diego.rocha made a test database in development that the whole internet can resolve.",
        "diego.rocha criou em desenvolvimento um banco de testes que toda a internet consegue resolver.",
    ),
    NETWORK,
    Deed(
        company.DIEGO,
        (4, 14, 51),
        (_database("testes-carga", public=True),),
        ("network.public_data_services",),
        (
            Lookalike(
                Text("A database without a public address.", "Um banco sem endereço público."),
                _database("testes-unidade", public=False),
            ),
        ),
        Account.DEVELOPMENT,
    ),
)
FUNCTION_URL_OPEN = Script(
    "function-url-open",
    Text("A function answers whoever calls it", "Uma função Lambda responde a qualquer um"),
    Text(
        "For a demonstration, ana.souza gave the antifraud function a URL that asks for no identity.",
        "Para uma demonstração, ana.souza deu à função antifraude uma URL que não pede identidade.",
    ),
    ENDPOINTS,
    Deed(
        company.ANA,
        (6, 10, 19),
        (_function_url("NONE"),),
        ("network.unauthenticated_endpoints",),
        (Lookalike(Text("A URL that asks for one.", "Uma URL que pede identidade."), _function_url("AWS_IAM")),),
    ),
)
FILTER_TAKEN_OFF = Script(
    "waf-taken-off",
    Text("The web filter was taken off the load balancer", "O filtro web foi retirado do balanceador"),
    Text(
        "A rule refused good payments; bruno.lima took the whole WAF off instead of mending the rule.",
        "Uma regra recusava pagamentos legítimos; bruno.lima retirou o WAF inteiro em vez de corrigi-la.",
    ),
    WEB_FILTER,
    Deed(
        company.BRUNO,
        (7, 11, 36),
        (_filter("DisassociateWebACL"),),
        ("network.waf_changes",),
        (Lookalike(Text("The filter was put on again.", "O filtro foi posto de volta."), _filter("AssociateWebACL")),),
    ),
)
NAME_POINTED_ELSEWHERE = Script(
    "dns-record-changed",
    Text("A record of the company's domain was changed", "Um registro do domínio da empresa foi alterado"),
    Text(
        "bruno.lima pointed the name of the payment page to another address; every such change has to be explained.",
        "bruno.lima apontou o nome da página de pagamento para outro endereço; toda mudança assim deve ser explicada.",
    ),
    NAMES,
    Deed(
        company.BRUNO,
        (15, 16, 2),
        (_record(company.DOMAIN_ZONE),),
        ("network.dns_changes",),
        (
            Lookalike(
                Text("The zone of the tests.", "A zona de testes."),
                _record("Z0733158PAGTOSIPE0002"),
            ),
        ),
    ),
)
PLAIN_LISTENER = Script(
    "plain-http-listener",
    Text("A load balancer takes plain HTTP", "Um balanceador aceita HTTP puro"),
    Text(
        "fabio.nunes made a listener on port 80 that hands requests to the application without encryption.",
        "fabio.nunes criou um listener na porta 80 que entrega requisições à aplicação sem criptografia.",
    ),
    TRANSPORT,
    Deed(
        company.FABIO,
        (11, 10, 41),
        (_listener({"type": "forward", "targetGroupArn": _BALANCER.replace(":loadbalancer/app", ":targetgroup")}),),
        ("encryption.listener_policies",),
        (
            Lookalike(
                Text("It only redirects to HTTPS.", "Apenas redireciona para HTTPS."),
                _listener({"type": "redirect", "redirectConfig": {"protocol": "HTTPS", "statusCode": "HTTP_301"}}),
            ),
            refused(
                company.CARLA, _listener({"type": "forward"}), "elasticloadbalancing:CreateListener", f"{_BALANCER}/*"
            ),
        ),
    ),
)
OLD_TLS = Script(
    "old-tls",
    Text("A program called by TLS 1.1", "Um programa usou TLS 1.1"),
    Text(
        "svc-conciliacao was started again on an old machine of the data centre, whose TLS is out of date.",
        "svc-conciliacao foi reiniciado em uma máquina antiga do data center, cujo TLS está ultrapassado.",
    ),
    TRANSPORT,
    old_tls,
)
SOURCE_CHECK_OFF = Script(
    "source-check-off",
    Text("A machine may pass as another", "Uma máquina pode se passar por outra"),
    Text(
        "bruno.lima switched off the source and destination check of the bastion to use it as a way out.",
        "bruno.lima desligou a verificação de origem e destino do bastião para usá-lo como saída.",
    ),
    FORGED,
    Deed(
        company.BRUNO,
        (9, 15, 8),
        (_check("ModifyInstanceAttribute", {"instanceId": _BASTION}, checked=False),),
        ("network.source_check_disabled",),
        (
            Lookalike(
                Text("The check of another machine was switched on.", "A verificação de outra máquina foi ligada."),
                _check("ModifyNetworkInterfaceAttribute", {"networkInterfaceId": _INTERFACE}, checked=True),
            ),
        ),
    ),
)
