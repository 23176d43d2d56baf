"""Sign-ins that should not have been, or not so."""

from datetime import timedelta

from comprova.sample import company
from comprova.sample.callers import (
    BROWSER,
    Caller,
    JsonObject,
    console_user,
    iam_user,
    root,
    sso_person,
    stamp,
    workload,
)
from comprova.sample.company import EMERGENCY, LUCIA, MARCOS, STRANGER_ADDRESS, Account, Region
from comprova.sample.facts import Row, Text
from comprova.sample.ids import fixed_id
from comprova.sample.incidents.requirements import GUESSING, ROOT, SIGN_IN, WORKING_HOURS
from comprova.sample.incidents.scene import Habit, Scene, Script
from comprova.sample.programs import BACKUP
from comprova.sample.records import Call, look, spoken
from comprova.sample.rhythm import at
from comprova.sample.signin import console_login, sso_sign_in, unknown_user_login

_GUESSES = 14
_TYPING_ERRORS = 2
_FORGETFUL_ERRORS = 6
_ROOT = "identity.root_activity"
_NO_MFA = "signin.signins_without_mfa"
_GUESSING = "signin.signin_guessing"
_HOURS = "hours.out_of_hours_activity"
_EMERGENCY = "privileged.break_glass_use"


def root_sign_in(scene: Scene) -> None:
    """Root signs in to production in the evening with a password alone."""
    moment = scene.when(4, 21, 12)
    address = company.ANA.home
    page = root(Account.PRODUCTION, None, mfa=False, address=address)
    scene.add(console_login(scene.chance, page, moment, mfa=False), finds=(_ROOT, _NO_MFA, _HOURS))
    other = root(Account.SECURITY, None, mfa=False, address=address)
    failed = console_login(scene.chance, other, moment - timedelta(minutes=6), mfa=False, success=False)
    scene.pass_by(Text("The sign-in failed.", "O login falhou."), failed, finds=(_ROOT,))
    named_root = workload(BACKUP, "root", moment)
    reason = Text("A session of a role, named root.", "Uma sessão de uma role, com o nome root.")
    scene.miss(reason, named_root, scene.when(5, 11, 40), look("rds", "DescribeDBSnapshots", Region.SAO_PAULO))


def root_access_key(scene: Scene) -> None:
    """Root of production makes itself a long-term key, minutes after the sign-in of `root_sign_in`."""
    moment = scene.when(4, 21, 19)
    caller = root(Account.PRODUCTION, moment - timedelta(minutes=7), mfa=False, address=company.ANA.home)
    key = {
        "accessKeyId": fixed_id("AKIA", f"root/{stamp(moment)}"),
        "status": "Active",
        "createDate": spoken(moment),
    }
    created = Call("iam", "CreateAccessKey", Region.VIRGINIA, None, {"accessKey": key})
    scene.show(caller, moment, created, finds=(_ROOT, "identity.root_credential_changes", "signin.changes_without_mfa"))
    scene.miss(
        Text("Root only looked at the account's summary.", "O root apenas consultou o resumo da conta."),
        caller,
        moment - timedelta(minutes=3),
        Call("iam", "GetAccountSummary", Region.VIRGINIA),
        finds=(_ROOT,),
    )


def user_sign_in_without_mfa(scene: Scene) -> None:
    """An old IAM user signs in with a password alone."""
    moment = scene.when(7, 11, 8)
    page = _page(LUCIA, company.LUCIA_HOME)
    scene.add(console_login(scene.chance, page, moment, mfa=False), finds=(_NO_MFA,))
    with_mfa = console_login(scene.chance, page, scene.when(8, 11, 8), mfa=True)
    scene.pass_by(Text("The same user, with MFA.", "O mesmo usuário, com MFA."), with_mfa)


def password_guessing(scene: Scene) -> None:
    """Somebody guesses a password from one address and gets in at the fifteenth attempt."""
    moment = scene.when(12, 3, 21)
    page = _page(MARCOS, STRANGER_ADDRESS)
    failures = [
        console_login(scene.chance, page, moment + timedelta(seconds=41 * number), mfa=False, success=False)
        for number in range(_GUESSES)
    ]
    scene.add(*failures)
    scene.find(failures[-1], _GUESSING, _GUESSING)  # once by the user, once by the address
    success = console_login(scene.chance, page, moment + timedelta(minutes=11), mfa=False)
    scene.add(success, finds=(_GUESSING, _NO_MFA, _HOURS, "places.unknown_networks"))
    about = f"{Account.PRODUCTION} {page.arn} {MARCOS} {company.STRANGER_NETWORK}"
    scene.rows.append(Row("places.new_networks", about))
    _typing_errors(scene)


def password_spraying(scene: Scene) -> None:
    """Somebody tries user names from one address; none of them signs in."""
    moment = scene.when(9, 4, 2)
    failures = []
    for number in range(_GUESSES):
        then = moment + timedelta(seconds=25 * number)
        if number % 4 == 0:
            page = _page((MARCOS, LUCIA)[number // 4 % 2], STRANGER_ADDRESS)
            failures.append(console_login(scene.chance, page, then, mfa=False, success=False))
        else:
            failures.append(unknown_user_login(scene.chance, Account.PRODUCTION, then, STRANGER_ADDRESS))
    scene.add(*failures)
    scene.find(failures[-1], _GUESSING)
    _typing_errors(scene)


def break_glass(scene: Scene) -> None:
    """On a Sunday the emergency user restarts the card application and its database."""
    signed_in = at(scene.month.sunday(1), 10, 42, scene.chance.randrange(60))
    page = Caller(iam_user(Account.PRODUCTION, EMERGENCY), Account.PRODUCTION, company.ANA.home, BROWSER)
    login = console_login(scene.chance, page, signed_in, mfa=True)
    scene.add(login, finds=(_HOURS, _EMERGENCY))
    caller = console_user(Account.PRODUCTION, EMERGENCY, signed_in, mfa=True, address=company.ANA.home)
    service: JsonObject = {"cluster": company.CLUSTER, "service": "autorizador", "forceNewDeployment": True}
    started: JsonObject = {"service": {"serviceName": "autorizador", "status": "ACTIVE"}}
    database: JsonObject = {"dBInstanceIdentifier": company.DATABASE}
    scene.show(
        caller,
        signed_in + timedelta(minutes=4),
        Call("ecs", "UpdateService", Region.SAO_PAULO, service, started),
        Call("rds", "RebootDBInstance", Region.SAO_PAULO, database, database | {"dBInstanceStatus": "rebooting"}),
    )
    drill = scene.when(3, 14, 25)
    reason = Text("A drill in office hours, with MFA.", "Um simulado em horário comercial, com MFA.")
    scene.pass_by(reason, console_login(scene.chance, page, drill, mfa=True), finds=(_EMERGENCY,))
    looked = Call("iam", "GetUser", Region.VIRGINIA, {"userName": EMERGENCY})
    reason = Text("The emergency user was looked at, not used.", "O usuário de emergência foi consultado, não usado.")
    ana = scene.person(company.ANA, Account.PRODUCTION, drill)
    scene.miss(reason, ana, drill + timedelta(minutes=50), looked)


def forgetful_user(scene: Scene) -> None:
    """A user comes back from leave, mistypes the password six times, and signs in with MFA."""
    moment = scene.when(5, 9, 6)
    page = _page(MARCOS, company.OFFICE_ADDRESS)
    for number in range(_FORGETFUL_ERRORS):
        then = moment + timedelta(seconds=33 * number)
        scene.add(console_login(scene.chance, page, then, mfa=False, success=False))
    success = console_login(scene.chance, page, moment + timedelta(minutes=5), mfa=True)
    scene.add(success, finds=(_GUESSING,))


def planned_maintenance(scene: Scene) -> None:
    """The database administrator changes the database's class in an announced window on a Sunday."""
    signed_in = at(scene.month.sunday(2), 7, 15, scene.chance.randrange(60))
    fabio = company.FABIO
    authentication, federation, assumption, login = sso_sign_in(
        scene.chance, fabio, Account.PRODUCTION, signed_in, address=fabio.home
    )
    # Each account has its own record of the sign-in: Identity Center in the security account, the role in production.
    scene.add(authentication, finds=(_HOURS,))
    scene.add(federation)
    scene.add(assumption, finds=(_HOURS,))
    scene.add(login, finds=(_HOURS,))
    request: JsonObject = {
        "dBInstanceIdentifier": company.DATABASE,
        "dBInstanceClass": "db.r7g.xlarge",
        "applyImmediately": True,
        "allowMajorVersionUpgrade": False,
    }
    response: JsonObject = {
        "dBInstanceIdentifier": company.DATABASE,
        "dBInstanceStatus": "available",
        "pendingModifiedValues": {"dBInstanceClass": "db.r7g.xlarge"},
    }
    caller = sso_person(fabio, Account.PRODUCTION, signed_in, address=fabio.home)
    call = Call("rds", "ModifyDBInstance", Region.SAO_PAULO, request, response)
    scene.show(caller, signed_in + timedelta(minutes=9), call)


def _typing_errors(scene: Scene) -> None:
    """Add a user who mistypes the password twice and then signs in with MFA."""
    moment = scene.when(13, 9, 31)
    page = _page(LUCIA, company.OFFICE_ADDRESS)
    records = [
        console_login(scene.chance, page, moment + timedelta(seconds=20 * number), mfa=False, success=False)
        for number in range(_TYPING_ERRORS)
    ]
    records.append(console_login(scene.chance, page, moment + timedelta(minutes=1), mfa=True))
    scene.pass_by(
        Text("Two failures, then a sign-in with MFA.", "Duas falhas e, em seguida, um login com MFA."), *records
    )


def _page(user: str, address: str) -> Caller:
    return Caller(iam_user(Account.PRODUCTION, user), Account.PRODUCTION, address, BROWSER)


ROOT_SIGN_IN = Script(
    "root-signin-without-mfa",
    Text("Root signed in to production without MFA", "O root entrou na conta de produção sem MFA"),
    Text(
        "At 21:12 somebody signed in as root from an administrator's home address, with a password alone.",
        "Às 21:12 alguém entrou como root a partir do endereço residencial de uma administradora, só com senha.",
    ),
    ROOT,
    root_sign_in,
    ("signin.console_signins",),
)
ROOT_ACCESS_KEY = Script(
    "root-access-key",
    Text("Root created an access key for itself", "O root criou uma chave de acesso para si"),
    Text(
        "Seven minutes after that sign-in root had a long-term access key, which nothing limits.",
        "Sete minutos depois desse login o root tinha uma chave de acesso de longo prazo, que nada limita.",
    ),
    ROOT,
    root_access_key,
    ("credentials.access_key_events",),
)
USER_SIGN_IN_WITHOUT_MFA = Script(
    "user-signin-without-mfa",
    Text("An IAM user signed in without MFA", "Um usuário IAM entrou sem MFA"),
    Text(
        "lucia.ramos, an IAM user from before Identity Center, signed in from home with a password alone.",
        "lucia.ramos, usuária IAM anterior ao Identity Center, entrou de casa só com senha.",
    ),
    SIGN_IN,
    user_sign_in_without_mfa,
    ("signin.console_signins",),
)
PASSWORD_GUESSING = Script(
    "password-guessing",
    Text(
        "Fourteen failed sign-ins on one user from one address, then a success",
        "Quatorze logins recusados de um usuário a partir de um endereço e, em seguida, um aceito",
    ),
    Text(
        "At 03:21 a stranger's address tried passwords of marcos.pereira for eleven minutes, and got in without MFA.",
        "Às 03:21 um endereço estranho testou senhas de marcos.pereira por onze minutos e entrou sem MFA.",
    ),
    GUESSING,
    password_guessing,
    ("signin.console_signins",),
)
PASSWORD_SPRAYING = Script(
    "password-spraying",
    Text("One address tried many user names", "Um endereço tentou muitos nomes de usuário"),
    Text(
        "At 04:02 one address tried fourteen sign-ins, most with names that do not exist; none succeeded.",
        "Às 04:02 um endereço tentou quatorze logins, a maioria com nomes inexistentes; nenhum teve êxito.",
    ),
    GUESSING,
    password_spraying,
)
BREAK_GLASS = Script(
    "break-glass-on-sunday",
    Text("The emergency user worked on a Sunday", "O usuário de emergência atuou em um domingo"),
    Text(
        "The card application stood still; the on-call administrator used the emergency user, with MFA, to restart it.",
        "O autorizador de cartões parou; a administradora de plantão usou o usuário de emergência, com MFA, para "
        "reiniciá-lo.",
    ),
    WORKING_HOURS,
    break_glass,
    ("signin.console_signins",),
)
FORGETFUL_USER = Habit(
    "forgetful-user",
    Text(
        "marcos.pereira came back from leave, mistyped the password six times in the office, and signed in with MFA.",
        "marcos.pereira voltou de férias, errou a senha seis vezes no escritório e entrou com MFA.",
    ),
    forgetful_user,
)
PLANNED_MAINTENANCE = Habit(
    "planned-maintenance",
    Text(
        "fabio.nunes changed the database's class in a maintenance window announced for a Sunday morning.",
        "fabio.nunes trocou a classe do banco em uma janela de manutenção anunciada para a manhã de domingo.",
    ),
    planned_maintenance,
)
