"""Machines, functions and the roles that they act with."""

from dataclasses import replace
from datetime import timedelta

from comprova.sample import company
from comprova.sample.callers import CLI, JsonObject, Role, instance, sso_role, workload
from comprova.sample.company import STRANGER_ADDRESS, Account, Region
from comprova.sample.facts import Row, Text
from comprova.sample.ids import fixed_hex
from comprova.sample.incidents.deed import Deed, Lookalike, refused
from comprova.sample.incidents.requirements import ADDRESSES, CHANGES, COMPUTE_ROLES, HARDENING, STOLEN_CREDENTIALS
from comprova.sample.incidents.scene import Scene, Script
from comprova.sample.programs import MACHINE, SETTLEMENT
from comprova.sample.records import Call

_REGION = Region.SAO_PAULO
_STACK = "autorizador"


def _metadata(tokens: str) -> Call:
    """Return a ModifyInstanceMetadataOptions, which CloudTrail logs in a wrapper and with the capitals of the API."""
    options: JsonObject = {"InstanceId": MACHINE, "HttpTokens": tokens, "HttpEndpoint": "enabled"}
    return Call("ec2", "ModifyInstanceMetadataOptions", _REGION, {"ModifyInstanceMetadataOptionsRequest": options})


def _function_role(role: str) -> Call:
    request: JsonObject = {"functionName": "cadastro-dev", "role": Role(Account.DEVELOPMENT, role).arn}
    return Call("lambda", "UpdateFunctionConfiguration20150331v2", _REGION, request, request | {"timeout": 30})


def _addresses(subnet: str) -> Call:
    request: JsonObject = {"subnetId": subnet, "mapPublicIpOnLaunch": {"value": True}}
    return Call("ec2", "ModifySubnetAttribute", _REGION, request, {"_return": True})


def machine_credentials_elsewhere(scene: Scene) -> None:
    """Somebody outside uses the credentials of the settlement machine."""
    moment = scene.when(14, 15, 26)
    machine = instance(SETTLEMENT, MACHINE, moment)
    outside = replace(machine, address=STRANGER_ADDRESS, agent=CLI)
    scene.show(
        outside,
        moment,
        Call("sts", "GetCallerIdentity", Region.VIRGINIA),
        Call("s3", "ListBuckets", Region.VIRGINIA, {"Host": "s3.amazonaws.com"}),
        first=("compute.instance_credentials_elsewhere",),
    )
    scene.miss(
        Text("The machine itself, by the NAT gateway.", "A própria máquina, pelo NAT gateway."),
        machine,
        moment - timedelta(minutes=30),
        Call("sts", "GetCallerIdentity", Region.VIRGINIA),
    )


def stack_by_hand(scene: Scene) -> None:
    """An administrator updates the stack of the card application in the console, past the pipeline."""
    moment = scene.when(7, 17, 12)
    request: JsonObject = {"stackName": _STACK, "capabilities": ["CAPABILITY_IAM"]}
    stack = f"arn:aws:cloudformation:{_REGION}:{Account.PRODUCTION}:stack/{_STACK}/{scene.chance.uuid()}"
    scene.show(
        scene.person(company.BRUNO, Account.PRODUCTION, moment),
        moment,
        Call("cloudformation", "UpdateStack", _REGION, request, {"stackId": stack}),
        finds=("compute.pipeline_changes", "privileged.manual_changes"),
    )
    administrators = sso_role(Account.PRODUCTION, company.BRUNO.permission_set)
    about = f"{Account.PRODUCTION} {administrators.arn} new_action cloudformation.amazonaws.com UpdateStack"
    scene.rows.append(Row("behaviour.first_uses", about))
    change: JsonObject = {"stackName": "antifraude", "changeSetName": "implantacao-5d1f0c2e"}
    scene.miss(
        Text("The pipeline, as in every release.", "O pipeline de implantação, como em toda entrega."),
        workload(Role(Account.PRODUCTION, company.PIPELINE), "GitHubActions-4071936225", moment),
        moment - timedelta(hours=2),
        Call("cloudformation", "ExecuteChangeSet", _REGION, change),
    )


METADATA_WITHOUT_TOKEN = Script(
    "metadata-without-token",
    Text("A machine gives its credentials without a token", "Uma máquina entrega suas credenciais sem token"),
    Text(
        "For an old agent, bruno.lima let the settlement machine answer metadata calls without a token (IMDSv1).",
        "Por causa de um agente antigo, bruno.lima liberou os metadados da máquina de liquidação sem token (IMDSv1).",
    ),
    HARDENING,
    Deed(
        company.BRUNO,
        (4, 10, 33),
        (_metadata("optional"),),
        ("compute.risky_instance_settings",),
        (Lookalike(Text("A token was made necessary.", "O token passou a ser exigido."), _metadata("required")),),
    ),
)
MACHINE_CREDENTIALS_ELSEWHERE = Script(
    "machine-credentials-elsewhere",
    Text(
        "The credentials of a machine were used from outside",
        "As credenciais de uma máquina foram usadas de fora da rede",
    ),
    Text(
        "A stranger's address called with the session of the settlement machine and listed the buckets.",
        "Um endereço estranho usou a sessão da máquina de liquidação e listou os buckets.",
    ),
    STOLEN_CREDENTIALS,
    machine_credentials_elsewhere,
)
STACK_BY_HAND = Script(
    "stack-updated-by-hand",
    Text("A stack of production was updated by hand", "Uma pilha de produção foi alterada manualmente"),
    Text(
        "bruno.lima updated the stack of the card application in the console, past the pipeline and its review.",
        "bruno.lima alterou no console a pilha do autorizador, sem passar pelo pipeline nem pela revisão.",
    ),
    CHANGES,
    stack_by_hand,
)
ADMIN_ROLE_TO_FUNCTION = Script(
    "admin-role-to-function",
    Text("A function was given an administrator's role", "Uma função Lambda recebeu a role de administrador"),
    Text(
        "diego.rocha let a function of development run with the role admin-manutencao, to get round a refusal.",
        "diego.rocha pôs uma função de desenvolvimento para rodar com a role admin-manutencao e contornar uma recusa.",
    ),
    COMPUTE_ROLES,
    Deed(
        company.DIEGO,
        (10, 15, 44),
        (_function_role("admin-manutencao"),),
        ("privileged.roles_given_to_compute",),
        (
            Lookalike(
                Text("The function's own role.", "A role da própria função."), _function_role("lambda-cadastro-dev")
            ),
        ),
        Account.DEVELOPMENT,
    ),
)
SUBNET_WITH_ADDRESSES = Script(
    "subnet-gives-addresses",
    Text("The subnet of the databases gives public addresses", "A sub-rede dos bancos passou a dar endereços públicos"),
    Text(
        "fabio.nunes let the protected subnet give each new machine a public address.",
        "fabio.nunes fez a sub-rede protegida dar um endereço público a cada máquina nova.",
    ),
    ADDRESSES,
    Deed(
        company.FABIO,
        (8, 11, 27),
        (_addresses(company.DATABASE_SUBNET),),
        ("network.public_addresses",),
        (
            Lookalike(
                Text("The subnet of the load balancers.", "A sub-rede dos balanceadores."),
                _addresses(f"subnet-{fixed_hex('borda', 17)}"),
            ),
            refused(
                company.CARLA,
                _addresses(company.DATABASE_SUBNET),
                "ec2:ModifySubnetAttribute",
                f"arn:aws:ec2:{_REGION}:{Account.PRODUCTION}:subnet/{company.DATABASE_SUBNET}",
            ),
        ),
    ),
)
