"""Credentials and permissions given, taken away or left open."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

from comprova.sample import company
from comprova.sample.callers import CLI, Caller, JsonObject, Role, aws_service, key_holder, stamp, workload
from comprova.sample.company import (
    EMERGENCY,
    LUCIA,
    MARCOS,
    RECONCILIATION,
    REPORTS_BOT,
    STRANGER_ADDRESS,
    Account,
    Region,
)
from comprova.sample.facts import Row, Text
from comprova.sample.ids import fixed_id
from comprova.sample.incidents.requirements import CREDENTIALS, LEAKED_KEY, MFA, PRIVILEGES
from comprova.sample.incidents.scene import REFUSED, Habit, Scene, Script
from comprova.sample.programs import NOTIFIER
from comprova.sample.records import Call, denied, spoken

_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
_QUARANTINE = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"
_MFA_REMOVED = "credentials.mfa_removed"
_FOR_OTHERS = "credentials.keys_for_other_users"
_ADMIN_GRANTS = "permissions.admin_grants"
_CONTAINMENT = "response.key_containment"
_DIRECT = "permissions.direct_user_grants"
_DENIED = "permissions.denied_sensitive"

FORGOTTEN = "svc-faturamento"
LABELS = "svc-etiquetas"
"""IAM users of development whose keys nobody needs any more."""


def mfa_restored(scene: Scene) -> None:
    """A user's MFA is switched off, and on again 26 hours later."""
    moment = scene.when(8, 9, 40)
    scene.show(_ana(scene, moment), moment, _mfa("DeactivateMFADevice", MARCOS), finds=(_MFA_REMOVED,))
    later = moment + timedelta(hours=26)
    scene.show(_ana(scene, later), later, _mfa("EnableMFADevice", MARCOS), finds=(_FOR_OTHERS,))
    carla = scene.person(company.CARLA, Account.PRODUCTION, moment)
    refusal = denied(carla, "iam:DeactivateMFADevice", _user_arn(MARCOS))
    call = Call("iam", "DeactivateMFADevice", Region.VIRGINIA, refusal=refusal)
    scene.miss(REFUSED, carla, moment - timedelta(minutes=25), call)


def device_replaced(scene: Scene) -> None:
    """A user with a new telephone gets its MFA in place of the old one, within seconds."""
    moment = scene.when(10, 10, 5)
    scene.show(_ana(scene, moment), moment, _mfa("DeactivateMFADevice", LUCIA), finds=(_MFA_REMOVED,))
    scene.show(_ana(scene, moment), moment + timedelta(seconds=7), _mfa("EnableMFADevice", LUCIA), finds=(_FOR_OTHERS,))


def mfa_never_restored(scene: Scene) -> None:
    """The emergency user loses MFA and does not get it back."""
    moment = scene.when(14, 16, 22)
    scene.show(_ana(scene, moment), moment, _mfa("DeactivateMFADevice", EMERGENCY), finds=(_MFA_REMOVED,))
    carla = scene.person(company.CARLA, Account.PRODUCTION, moment)
    refusal = denied(carla, "iam:DeactivateMFADevice", _user_arn(EMERGENCY))
    call = Call("iam", "DeactivateMFADevice", Region.VIRGINIA, refusal=refusal)
    scene.miss(REFUSED, carla, moment - timedelta(minutes=50), call)


def key_for_other_user(scene: Scene) -> None:
    """An administrator makes a long-term key for a user who is a program."""
    moment = scene.when(9, 14, 13)
    bruno = scene.person(company.BRUNO, Account.PRODUCTION, moment)
    scene.show(bruno, moment, _new_key(RECONCILIATION, moment, named=True), finds=(_FOR_OTHERS,))
    own = scene.when(11, 10, 44)
    scene.miss(
        Text("A program renewed its own key.", "Um programa renovou a própria chave."),
        key_holder(Account.DEVELOPMENT, REPORTS_BOT),
        own,
        _new_key(REPORTS_BOT, own, named=False),
    )
    carla = scene.person(company.CARLA, Account.PRODUCTION, own)
    refusal = denied(carla, "iam:CreateAccessKey", _user_arn(RECONCILIATION))
    scene.miss(REFUSED, carla, own, Call("iam", "CreateAccessKey", Region.VIRGINIA, refusal=refusal))


def admin_policy_attached(scene: Scene) -> None:
    """A program's user gets AdministratorAccess."""
    moment = scene.when(9, 14, 20)
    bruno = scene.person(company.BRUNO, Account.PRODUCTION, moment)
    attached = _attach("AttachUserPolicy", "userName", RECONCILIATION, _ADMINISTRATOR)
    scene.show(bruno, moment, attached, finds=(_ADMIN_GRANTS, _DIRECT))
    scene.miss(
        Text("The policy only allows reading.", "A política só permite leitura."),
        bruno,
        moment + timedelta(minutes=4),
        _attach("AttachUserPolicy", "userName", RECONCILIATION, "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        finds=(_DIRECT,),
    )
    carla = scene.person(company.CARLA, Account.PRODUCTION, moment)
    refusal = denied(carla, "iam:AttachUserPolicy", _user_arn(MARCOS))
    call = Call("iam", "AttachUserPolicy", Region.VIRGINIA, refusal=refusal)
    scene.miss(REFUSED, carla, moment + timedelta(minutes=20), call)


def admin_role(scene: Scene) -> None:
    """A function's role gets AdministratorAccess in development."""
    moment = scene.when(6, 11, 26)
    bruno = scene.person(company.BRUNO, Account.DEVELOPMENT, moment)
    attached = _attach("AttachRolePolicy", "roleName", "lambda-antifraude-dev", _ADMINISTRATOR)
    scene.show(bruno, moment, attached, finds=(_ADMIN_GRANTS,))
    carla = scene.person(company.CARLA, Account.DEVELOPMENT, moment)
    refusal = denied(carla, "iam:AttachRolePolicy", Role(Account.DEVELOPMENT, "lambda-antifraude-dev").arn)
    call = Call("iam", "AttachRolePolicy", Region.VIRGINIA, refusal=refusal)
    scene.miss(REFUSED, carla, moment - timedelta(minutes=17), call)


def wildcard_policy(scene: Scene) -> None:
    """A function's role gets an inline policy that allows everything."""
    moment = scene.when(15, 10, 51)
    ana = _ana(scene, moment)
    scene.show(ana, moment, _inline("depuracao", "Allow", "*", "*"), finds=("permissions.wildcard_policies",))
    scene.miss(
        Text("The statement denies.", "A declaração nega."),
        ana,
        moment + timedelta(minutes=5),
        _inline("sem-exclusao", "Deny", "s3:Delete*", "*"),
    )
    scene.miss(
        Text("The wildcard ends at one bucket.", "O curinga se limita a um bucket."),
        ana,
        moment + timedelta(minutes=9),
        _inline("relatorios", "Allow", "s3:Get*", f"arn:aws:s3:::{company.REPORTS_BUCKET}/*"),
    )


def user_with_password(scene: Scene) -> None:
    """A new IAM user gets a console password that need not be changed."""
    moment = scene.when(5, 16, 8)
    name = "temp.auditoria"
    user: JsonObject = {
        "path": "/",
        "userName": name,
        "userId": fixed_id("AIDA", f"{Account.PRODUCTION}/{name}"),
        "arn": _user_arn(name),
        "createDate": spoken(moment),
    }
    profile: JsonObject = {"userName": name, "createDate": spoken(moment), "passwordResetRequired": False}
    asked: JsonObject = {"userName": name, "passwordResetRequired": False}
    scene.show(
        _ana(scene, moment),
        moment,
        Call("iam", "CreateUser", Region.VIRGINIA, {"userName": name}, {"user": user}),
        Call("iam", "CreateLoginProfile", Region.VIRGINIA, asked, {"loginProfile": profile}),
        last=(_FOR_OTHERS,),
    )
    scene.miss(
        Text("The user's password policy was only looked at.", "A política de senhas apenas foi consultada."),
        _ana(scene, moment),
        moment - timedelta(minutes=3),
        Call("iam", "GetAccountPasswordPolicy", Region.VIRGINIA),
    )


def key_leaked(scene: Scene) -> None:
    """A forgotten key is used by a stranger; AWS quarantines the user, and hours pass before the key is disabled."""
    moment = scene.when(14, 11, 17)
    stranger = _stranger(FORGOTTEN)
    refusal = denied(stranger, "iam:ListUsers", f"arn:aws:iam::{Account.DEVELOPMENT}:user/")
    scene.show(
        stranger,
        moment,
        Call("sts", "GetCallerIdentity", Region.VIRGINIA),
        Call("s3", "ListBuckets", Region.VIRGINIA, {"Host": "s3.amazonaws.com"}),
        Call("iam", "ListUsers", Region.VIRGINIA, refusal=refusal),
        first=("places.unknown_networks", "identity.dormant_identities"),
    )
    scene.find(scene.shown[-1], _DENIED)
    about = f"{Account.DEVELOPMENT} {stranger.arn} {FORGOTTEN} {company.STRANGER_NETWORK}"
    scene.rows.append(Row("places.new_networks", about))
    quarantined = moment + timedelta(minutes=38)
    attached = _attach("AttachUserPolicy", "userName", FORGOTTEN, _QUARANTINE)
    scene.show(aws_service(Account.DEVELOPMENT, "support"), quarantined, attached, finds=(_CONTAINMENT, _DIRECT))
    scene.show(stranger, quarantined + timedelta(minutes=9), Call("sts", "GetCallerIdentity", Region.VIRGINIA))
    disabled = quarantined + timedelta(minutes=205)
    bruno = scene.person(company.BRUNO, Account.DEVELOPMENT, disabled)
    scene.show(bruno, disabled, _disabled(FORGOTTEN), _deleted(FORGOTTEN))
    other = scene.when(9, 15, 3)
    service, bruno = (
        aws_service(Account.DEVELOPMENT, "support"),
        scene.person(company.BRUNO, Account.DEVELOPMENT, other),
    )
    scene.pass_by(
        Text("Another key, disabled 25 minutes after the quarantine.", "Outra chave, desativada 25 minutos depois."),
        *scene.calls(service, other, _attach("AttachUserPolicy", "userName", LABELS, _QUARANTINE)),
        finds=(_DIRECT,),
    )
    reason = Text("That key, disabled in time.", "Essa chave, desativada a tempo.")
    scene.miss(reason, bruno, other + timedelta(minutes=25), _disabled(LABELS))
    notifier = workload(NOTIFIER, "notificacoes", moment)
    reason = Text("A program was refused, which people are not.", "Um programa teve negada a chamada, não uma pessoa.")
    refusal = denied(notifier, "iam:ListUsers", f"arn:aws:iam::{Account.PRODUCTION}:user/")
    scene.miss(reason, notifier, moment, Call("iam", "ListUsers", Region.VIRGINIA, refusal=refusal))


def _ana(scene: Scene, moment: datetime) -> Caller:
    return scene.person(company.ANA, Account.PRODUCTION, moment)


def _stranger(user: str) -> Caller:
    """Return whoever holds the long-term key of a user of development and is not of the company."""
    return replace(key_holder(Account.DEVELOPMENT, user), address=STRANGER_ADDRESS, agent=CLI, old_tls=False)


def _disabled(user: str) -> Call:
    key = fixed_id("AKIA", f"{Account.DEVELOPMENT}/{user}")
    request: JsonObject = {"userName": user, "accessKeyId": key, "status": "Inactive"}
    return Call("iam", "UpdateAccessKey", Region.VIRGINIA, request)


def _deleted(user: str) -> Call:
    key = fixed_id("AKIA", f"{Account.DEVELOPMENT}/{user}")
    return Call("iam", "DeleteAccessKey", Region.VIRGINIA, {"userName": user, "accessKeyId": key})


def _user_arn(name: str) -> str:
    return f"arn:aws:iam::{Account.PRODUCTION}:user/{name}"


def _mfa(name: str, user: str) -> Call:
    serial = f"arn:aws:iam::{Account.PRODUCTION}:mfa/{user}"
    return Call("iam", name, Region.VIRGINIA, {"userName": user, "serialNumber": serial})


def _new_key(user: str, moment: datetime, *, named: bool) -> Call:
    """Return a CreateAccessKey; who makes a key for itself may leave the user name out."""
    key = {
        "userName": user,
        "accessKeyId": fixed_id("AKIA", f"{user}/{stamp(moment)}"),
        "status": "Active",
        "createDate": spoken(moment),
    }
    return Call("iam", "CreateAccessKey", Region.VIRGINIA, {"userName": user} if named else None, {"accessKey": key})


def _attach(name: str, member: str, target: str, policy: str) -> Call:
    return Call("iam", name, Region.VIRGINIA, {member: target, "policyArn": policy})


def _inline(name: str, effect: str, action: str, resource: str) -> Call:
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = Role(Account.PRODUCTION, "lambda-antifraude").name
    request: JsonObject = {"roleName": role, "policyName": name, "policyDocument": document}
    return Call("iam", "PutRolePolicy", Region.VIRGINIA, request)


MFA_RESTORED = Script(
    "mfa-restored-next-day",
    Text("A user was without MFA for 26 hours", "Um usuário ficou 26 horas sem MFA"),
    Text(
        "ana.souza took the MFA device from marcos.pereira, and gave him another on the next day.",
        "ana.souza retirou o dispositivo MFA de marcos.pereira e lhe deu outro no dia seguinte.",
    ),
    MFA,
    mfa_restored,
    ("permissions.iam_changes",),
)
MFA_NEVER_RESTORED = Script(
    "mfa-never-restored",
    Text("The emergency user lost MFA for good", "O usuário de emergência perdeu o MFA e não o recuperou"),
    Text(
        "ana.souza took the MFA device from the emergency user; up to the end of the month it had none.",
        "ana.souza retirou o dispositivo MFA do usuário de emergência, que ficou sem nenhum até o fim do mês.",
    ),
    MFA,
    mfa_never_restored,
    ("permissions.iam_changes",),
)
DEVICE_REPLACED = Habit(
    "mfa-device-replaced",
    Text(
        "lucia.ramos has a new telephone: ana.souza replaced her MFA device within seconds.",
        "lucia.ramos trocou de telefone: ana.souza substituiu seu dispositivo MFA em segundos.",
    ),
    device_replaced,
)
KEY_FOR_OTHER_USER = Script(
    "key-for-other-user",
    Text("An access key was created for another user", "Uma chave de acesso foi criada para outro usuário"),
    Text(
        "bruno.lima created a long-term key for svc-conciliacao, a program in the data centre, and saw its secret.",
        "bruno.lima criou uma chave de longo prazo para svc-conciliacao, um programa do data center, e viu o segredo.",
    ),
    CREDENTIALS,
    key_for_other_user,
    ("credentials.access_key_events",),
)
KEY_LEAKED = Script(
    "key-leaked",
    Text("A leaked access key was contained late", "Uma chave de acesso vazada foi contida com atraso"),
    Text(
        "A stranger used a forgotten key of svc-faturamento; AWS put the user in quarantine, and 205 minutes passed "
        "before bruno.lima disabled the key.",
        "Um estranho usou uma chave esquecida de svc-faturamento; a AWS pôs o usuário em quarentena, e passaram-se 205 "
        "minutos até bruno.lima desativar a chave.",
    ),
    LEAKED_KEY,
    key_leaked,
    ("credentials.access_key_events",),
)
ADMIN_POLICY_ATTACHED = Script(
    "admin-policy-attached",
    Text("AdministratorAccess was attached to a user", "AdministratorAccess foi anexada a um usuário"),
    Text(
        "Minutes later bruno.lima gave the same program every permission.",
        "Minutos depois, bruno.lima deu ao mesmo programa todas as permissões.",
    ),
    PRIVILEGES,
    admin_policy_attached,
    ("permissions.iam_changes",),
)
ADMIN_ROLE = Script(
    "admin-role",
    Text("AdministratorAccess was attached to a role", "AdministratorAccess foi anexada a uma role"),
    Text(
        "bruno.lima gave a function in development every permission of its account.",
        "bruno.lima deu a uma função Lambda de desenvolvimento todas as permissões da conta.",
    ),
    PRIVILEGES,
    admin_role,
    ("permissions.iam_changes",),
)
WILDCARD_POLICY = Script(
    "wildcard-inline-policy",
    Text(
        "An inline policy allows every action on every resource",
        "Uma política inline permite qualquer ação em qualquer recurso",
    ),
    Text(
        "To find a fault, ana.souza let the antifraud function do anything, by an inline policy named depuracao.",
        "Para depurar uma falha, ana.souza liberou tudo à função antifraude por uma política inline chamada depuracao.",
    ),
    PRIVILEGES,
    wildcard_policy,
    ("permissions.iam_changes",),
)
USER_WITH_PASSWORD = Script(
    "user-with-lasting-password",
    Text(
        "A user was created with a password that need not be changed",
        "Um usuário foi criado com senha que não precisa ser trocada",
    ),
    Text(
        "ana.souza created temp.auditoria, an IAM user beside Identity Center, and chose its password.",
        "ana.souza criou temp.auditoria, um usuário IAM fora do Identity Center, e escolheu a senha dele.",
    ),
    CREDENTIALS,
    user_with_password,
    ("identity.identity_lifecycle",),
)
