"""People and users who had more than they should, or were not whom they seemed to be."""

import json
from dataclasses import replace
from datetime import timedelta

from comprova.sample import company
from comprova.sample.callers import BROWSER, Caller, JsonObject, console_user, iam_user, sso_role
from comprova.sample.company import EMERGENCY, LUCIA, MARCOS, Account, Region
from comprova.sample.facts import Row, Text
from comprova.sample.incidents.deed import Deed, Lookalike
from comprova.sample.incidents.requirements import LEAVERS, ONE_IDENTITY, POLICIES, PRIVILEGES, SELF_GRANTS
from comprova.sample.incidents.scene import Habit, Scene, Script
from comprova.sample.records import Call, denied, look
from comprova.sample.rhythm import at
from comprova.sample.signin import console_login

_REGION = Region.SAO_PAULO
_TELEPHONE = "2001:db8:40::21"
"""An address of the telephone network that Karina uses."""

_NOTIFIER = "lambda-notificacoes"


def self_grant(scene: Scene) -> None:
    """A user is refused a change, gives herself the permission, and makes it."""
    moment = scene.when(14, 10, 28)
    lucia = console_user(
        Account.PRODUCTION, LUCIA, moment - timedelta(minutes=8), mfa=True, address=company.OFFICE_ADDRESS
    )
    database = f"arn:aws:rds:{_REGION}:{Account.PRODUCTION}:db:{company.DATABASE}"
    request: JsonObject = {"dBInstanceIdentifier": company.DATABASE, "backupRetentionPeriod": 7}
    change = Call("rds", "ModifyDBInstance", _REGION, request, request | {"dBInstanceStatus": "available"})
    refusal = denied(lucia, "rds:ModifyDBInstance", database)
    scene.show(lucia, moment, replace(change, refusal=refusal))
    granted: JsonObject = {"userName": LUCIA, "policyArn": "arn:aws:iam::aws:policy/AmazonRDSFullAccess"}
    scene.show(
        lucia,
        moment + timedelta(minutes=4),
        Call("iam", "AttachUserPolicy", Region.VIRGINIA, granted),
        finds=("permissions.self_grants", "permissions.direct_user_grants"),
    )
    scene.show(lucia, moment + timedelta(minutes=9), change, finds=("permissions.denied_then_allowed",))
    group: JsonObject = {"dBParameterGroupName": "ipe-pagamentos", "parameters": []}
    other = denied(lucia, "rds:ModifyDBParameterGroup", database.replace(":db:", ":pg:"))
    scene.miss(
        Text("Refused, and never done after all.", "Negada, e nunca feita depois."),
        lucia,
        moment - timedelta(minutes=2),
        Call("rds", "ModifyDBParameterGroup", _REGION, group, refusal=other),
    )


def leaver(scene: Scene) -> None:
    """An old user signs in on the day after he left."""
    moment = at(scene.month.last_business_day(), 10, 17, scene.chance.randrange(60))
    page = console_user(Account.PRODUCTION, MARCOS, moment, mfa=True, address=company.OFFICE_ADDRESS)
    signing_in = _sign_in_page(MARCOS, company.OFFICE_ADDRESS)
    login = console_login(scene.chance, signing_in, moment, mfa=True)
    scene.add(login, finds=("identity.leaver_activity",))
    scene.show(page, moment + timedelta(minutes=2), look("rds", "DescribeDBInstances", _REGION))
    before = at(scene.month.last_business_day(1), 11, 6, scene.chance.randrange(60))
    scene.pass_by(
        Text("His last day at work.", "O último dia de trabalho dele."),
        console_login(scene.chance, signing_in, before, mfa=True),
    )


def shared_identity(scene: Scene) -> None:
    """Three colleagues use Karina's access within half an hour."""
    moment = scene.when(12, 14, 3)
    karina = company.KARINA
    for minutes, address in ((0, company.OFFICE_ADDRESS), (7, karina.home), (12, _TELEPHONE)):
        caller = replace(scene.person(karina, Account.PRODUCTION, moment), address=address)
        call = look("ecs", "ListTasks", _REGION)
        finds = () if minutes else ("signin.shared_identities",)
        scene.show(caller, moment + timedelta(minutes=minutes), call, finds=finds)
    role = sso_role(Account.PRODUCTION, karina.permission_set)
    about = f"{Account.PRODUCTION} {role.arn} {karina.email} 2001:db8:40::/48"
    scene.rows.append(Row("places.new_networks", about))
    elisa = company.ELISA
    records = []
    for minutes, address in ((0, company.OFFICE_ADDRESS), (9, elisa.home)):
        caller = replace(scene.person(elisa, Account.PRODUCTION, moment), address=address)
        call = look("athena", "ListWorkGroups", _REGION)
        records += scene.calls(caller, moment + timedelta(minutes=minutes), call)
    scene.pass_by(Text("Someone who leaves the office for home.", "Alguém que vai do escritório para casa."), *records)


def emergency_drill(scene: Scene) -> None:
    """The emergency user signs in with MFA, as it is tried once in a quarter."""
    drill = scene.when(4, 14, 40)
    page = _sign_in_page(EMERGENCY, company.ANA.home)
    scene.add(console_login(scene.chance, page, drill, mfa=True), finds=("privileged.break_glass_use",))


def _sign_in_page(user: str, address: str) -> Caller:
    return Caller(iam_user(Account.PRODUCTION, user), Account.PRODUCTION, address, BROWSER)


def _boundary(name: str, boundary: str = "") -> Call:
    request: JsonObject = {"roleName": _NOTIFIER}
    if boundary:
        request["permissionsBoundary"] = f"arn:aws:iam::{Account.PRODUCTION}:policy/{boundary}"
    return Call("iam", name, Region.VIRGINIA, request)


def _policy(name: str) -> Call:
    statement = {"Effect": "Allow", "Action": "sns:Publish", "Resource": f"arn:aws:sns:*:{Account.PRODUCTION}:avisos"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    request: JsonObject = {"roleName": _NOTIFIER, "policyName": name, "policyDocument": document}
    return Call("iam", "PutRolePolicy", Region.VIRGINIA, request)


_TOO_LARGE: JsonObject = {"omitted": True, "originalSize": 131_584, "reason": "requestParameters too large"}

SELF_GRANT = Script(
    "own-permissions-widened",
    Text("A user gave herself what she was refused", "Uma usuária concedeu a si o que lhe foi negado"),
    Text(
        "lucia.ramos was refused a change of the database, attached a policy to her own user, and made the change.",
        "lucia.ramos teve negada uma mudança no banco, anexou uma política ao próprio usuário e fez a mudança.",
    ),
    SELF_GRANTS,
    self_grant,
    ("permissions.iam_changes",),
)
BOUNDARY_REMOVED = Script(
    "boundary-removed",
    Text("A role lost its permissions boundary", "Uma role perdeu seu limite de permissões"),
    Text(
        "ana.souza took the boundary from the role of the notifications, which nothing limits since.",
        "ana.souza retirou o limite da role das notificações, que desde então nada limita.",
    ),
    PRIVILEGES,
    Deed(
        company.ANA,
        (13, 16, 11),
        (_boundary("DeleteRolePermissionsBoundary"),),
        ("permissions.boundary_changes",),
        (
            Lookalike(
                Text("The approved boundary was put.", "O limite aprovado foi aplicado."),
                _boundary("PutRolePermissionsBoundary", "limite-aplicacoes"),
            ),
        ),
    ),
    ("permissions.iam_changes",),
)
POLICY_TOO_LARGE = Script(
    "policy-text-not-logged",
    Text("A policy was written whose text is not in the log", "Foi escrita uma política cujo texto não está no log"),
    Text(
        "ana.souza wrote an inline policy so long that CloudTrail left the request out: nobody can say what it allows.",
        "ana.souza escreveu uma política inline tão longa que o CloudTrail omitiu a requisição: não se sabe o que ela "
        "permite.",
    ),
    POLICIES,
    Deed(
        company.ANA,
        (9, 10, 22),
        (Call("iam", "PutRolePolicy", Region.VIRGINIA, _TOO_LARGE),),
        ("permissions.unreadable_documents", "permissions.wildcard_policies"),
        (Lookalike(Text("A policy that can be read.", "Uma política que se pode ler."), _policy("avisos")),),
    ),
    ("permissions.iam_changes",),
)
LEAVER = Script(
    "leaver-signed-in",
    Text("Someone who had left signed in", "Alguém já desligado fez login"),
    Text(
        "marcos.pereira left on the evening before; nobody had removed his user, and he signed in once more.",
        "marcos.pereira saiu na noite anterior; ninguém havia removido o usuário dele, e ele entrou mais uma vez.",
    ),
    LEAVERS,
    leaver,
    ("signin.console_signins",),
)
SHARED_IDENTITY = Script(
    "identity-shared",
    Text("One identity came from three networks at once", "Uma identidade veio de três redes ao mesmo tempo"),
    Text(
        "Within twelve minutes karina.dias was in the office, at home, and on a telephone network never seen before: "
        "she had lent her access to colleagues.",
        "Em doze minutos karina.dias estava no escritório, em casa e em uma rede de telefonia nunca vista: ela havia "
        "emprestado seu acesso a colegas.",
    ),
    ONE_IDENTITY,
    shared_identity,
)
EMERGENCY_DRILL = Habit(
    "emergency-drill",
    Text(
        "The emergency user was tried, with MFA, as is done each quarter.",
        "O usuário de emergência foi testado, com MFA, como se faz a cada trimestre.",
    ),
    emergency_drill,
)
