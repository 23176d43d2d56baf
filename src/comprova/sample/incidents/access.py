"""Credentials and permissions given, taken away or left open."""

import json
from datetime import datetime, timedelta

from comprova.sample import company
from comprova.sample.callers import Caller, JsonObject, Role, key_holder, stamp
from comprova.sample.company import EMERGENCY, MARCOS, RECONCILIATION, REPORTS_BOT, Account, Region
from comprova.sample.facts import Text
from comprova.sample.ids import fixed_id
from comprova.sample.incidents.scene import REFUSED, Scene, Script
from comprova.sample.records import Call, denied, spoken

_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def mfa_restored(scene: Scene) -> None:
    """A user's MFA is switched off, and on again 26 hours later."""
    moment = scene.when(8, 9, 40)
    scene.show(_ana(scene, moment), moment, _mfa("DeactivateMFADevice", MARCOS))
    later = moment + timedelta(hours=26)
    scene.show(_ana(scene, later), later, _mfa("EnableMFADevice", MARCOS))
    exchange = scene.when(10, 10, 5)
    scene.miss(
        Text("A device was replaced within a minute.", "Um dispositivo foi substituído em menos de um minuto."),
        _ana(scene, exchange),
        exchange,
        _mfa("DeactivateMFADevice", company.LUCIA),
        _mfa("EnableMFADevice", company.LUCIA),
    )


def mfa_never_restored(scene: Scene) -> None:
    """The emergency user loses MFA and does not get it back."""
    moment = scene.when(14, 16, 22)
    scene.show(_ana(scene, moment), moment, _mfa("DeactivateMFADevice", EMERGENCY))
    carla = scene.person(company.CARLA, Account.PRODUCTION, moment)
    refusal = denied(carla, "iam:DeactivateMFADevice", _user_arn(EMERGENCY))
    call = Call("iam", "DeactivateMFADevice", Region.VIRGINIA, refusal=refusal)
    scene.miss(REFUSED, carla, moment - timedelta(minutes=50), call)


def key_for_other_user(scene: Scene) -> None:
    """An administrator makes a long-term key for a user who is a program."""
    moment = scene.when(9, 14, 13)
    bruno = scene.person(company.BRUNO, Account.PRODUCTION, moment)
    scene.show(bruno, moment, _new_key(RECONCILIATION, moment, named=True))
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
    scene.show(bruno, moment, _attach("AttachUserPolicy", "userName", RECONCILIATION, _ADMINISTRATOR))
    scene.miss(
        Text("The policy only allows reading.", "A política só permite leitura."),
        bruno,
        moment + timedelta(minutes=4),
        _attach("AttachUserPolicy", "userName", RECONCILIATION, "arn:aws:iam::aws:policy/ReadOnlyAccess"),
    )
    carla = scene.person(company.CARLA, Account.PRODUCTION, moment)
    refusal = denied(carla, "iam:AttachUserPolicy", _user_arn(MARCOS))
    call = Call("iam", "AttachUserPolicy", Region.VIRGINIA, refusal=refusal)
    scene.miss(REFUSED, carla, moment + timedelta(minutes=20), call)


def admin_role(scene: Scene) -> None:
    """A function's role gets AdministratorAccess in development."""
    moment = scene.when(6, 11, 26)
    bruno = scene.person(company.BRUNO, Account.DEVELOPMENT, moment)
    scene.show(bruno, moment, _attach("AttachRolePolicy", "roleName", "lambda-antifraude-dev", _ADMINISTRATOR))


def wildcard_policy(scene: Scene) -> None:
    """A function's role gets an inline policy that allows everything."""
    moment = scene.when(15, 10, 51)
    ana = _ana(scene, moment)
    scene.show(ana, moment, _inline("depuracao", "Allow", "*", "*"))
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
    scene.show(
        _ana(scene, moment),
        moment,
        Call("iam", "CreateUser", Region.VIRGINIA, {"userName": name}, {"user": user}),
        Call(
            "iam",
            "CreateLoginProfile",
            Region.VIRGINIA,
            {"userName": name, "passwordResetRequired": False},
            {"loginProfile": profile},
        ),
    )


def _ana(scene: Scene, moment: datetime) -> Caller:
    return scene.person(company.ANA, Account.PRODUCTION, moment)


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
    ("mfa_removed", "mfa_device_events"),
    mfa_restored,
)
MFA_NEVER_RESTORED = Script(
    "mfa-never-restored",
    Text("The emergency user lost MFA for good", "O usuário de emergência perdeu o MFA e não o recuperou"),
    ("mfa_removed", "mfa_device_events"),
    mfa_never_restored,
)
KEY_FOR_OTHER_USER = Script(
    "key-for-other-user",
    Text("An access key was created for another user", "Uma chave de acesso foi criada para outro usuário"),
    ("keys_for_other_users", "access_key_events"),
    key_for_other_user,
)
ADMIN_POLICY_ATTACHED = Script(
    "admin-policy-attached",
    Text("AdministratorAccess was attached to a user", "AdministratorAccess foi anexada a um usuário"),
    ("admin_grants", "direct_user_grants"),
    admin_policy_attached,
)
ADMIN_ROLE = Script(
    "admin-role",
    Text("AdministratorAccess was attached to a role", "AdministratorAccess foi anexada a uma função"),
    ("admin_grants",),
    admin_role,
)
WILDCARD_POLICY = Script(
    "wildcard-inline-policy",
    Text(
        "An inline policy allows every action on every resource",
        "Uma política inline permite qualquer ação em qualquer recurso",
    ),
    ("wildcard_policies", "admin_grants"),
    wildcard_policy,
)
USER_WITH_PASSWORD = Script(
    "user-with-lasting-password",
    Text(
        "A user was created with a password that need not be changed",
        "Um usuário foi criado com senha que não precisa ser trocada",
    ),
    ("identity_lifecycle", "password_events"),
    user_with_password,
)
