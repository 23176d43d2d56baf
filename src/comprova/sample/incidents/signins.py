"""Sign-ins that should not have been, or not so."""

from datetime import timedelta

from comprova.sample import company
from comprova.sample.callers import BROWSER, Caller, iam_user, root, stamp
from comprova.sample.company import LUCIA, MARCOS, STRANGER_ADDRESS, Account, Region
from comprova.sample.facts import Text
from comprova.sample.ids import fixed_id
from comprova.sample.incidents.scene import Scene, Script
from comprova.sample.records import Call, spoken
from comprova.sample.signin import console_login, unknown_user_login

_GUESSES = 14
_TYPING_ERRORS = 2


def root_sign_in(scene: Scene) -> None:
    """Root signs in to production in the evening with a password alone."""
    moment = scene.when(4, 21, 12)
    address = company.ANA.home
    page = root(Account.PRODUCTION, None, mfa=False, address=address)
    scene.add(console_login(scene.chance, page, moment, mfa=False))
    other = root(Account.SECURITY, None, mfa=False, address=address)
    failed = console_login(scene.chance, other, moment - timedelta(minutes=6), mfa=False, success=False)
    scene.missed.append((Text("The sign-in failed.", "O login falhou."), [failed]))


def root_access_key(scene: Scene) -> None:
    """Root of production makes itself a long-term key, minutes after signing in."""
    moment = scene.when(4, 21, 19)
    caller = root(Account.PRODUCTION, moment - timedelta(minutes=7), mfa=False, address=company.ANA.home)
    key = {
        "accessKeyId": fixed_id("AKIA", f"root/{stamp(moment)}"),
        "status": "Active",
        "createDate": spoken(moment),
    }
    scene.show(caller, moment, Call("iam", "CreateAccessKey", Region.VIRGINIA, None, {"accessKey": key}))
    scene.miss(
        Text("Root only looked at the account's summary.", "O root apenas consultou o resumo da conta."),
        caller,
        moment - timedelta(minutes=3),
        Call("iam", "GetAccountSummary", Region.VIRGINIA),
    )


def user_sign_in_without_mfa(scene: Scene) -> None:
    """An old IAM user signs in with a password alone."""
    moment = scene.when(7, 11, 8)
    page = _page(LUCIA, company.LUCIA_HOME)
    scene.add(console_login(scene.chance, page, moment, mfa=False))
    with_mfa = console_login(scene.chance, page, scene.when(8, 11, 8), mfa=True)
    scene.missed.append((Text("The same user, with MFA.", "O mesmo usuário, com MFA."), [with_mfa]))


def password_guessing(scene: Scene) -> None:
    """Somebody guesses a password from one address and gets in at the fifteenth attempt."""
    moment = scene.when(12, 3, 21)
    page = _page(MARCOS, STRANGER_ADDRESS)
    for number in range(_GUESSES):
        then = moment + timedelta(seconds=41 * number)
        scene.add(console_login(scene.chance, page, then, mfa=False, success=False))
    scene.add(console_login(scene.chance, page, moment + timedelta(minutes=11), mfa=False))
    _typing_errors(scene)


def password_spraying(scene: Scene) -> None:
    """Somebody tries user names from one address; none of them signs in."""
    moment = scene.when(9, 4, 2)
    for number in range(_GUESSES):
        then = moment + timedelta(seconds=25 * number)
        if number % 4 == 0:
            user = (MARCOS, LUCIA)[number // 4 % 2]
            scene.add(console_login(scene.chance, _page(user, STRANGER_ADDRESS), then, mfa=False, success=False))
        else:
            scene.add(unknown_user_login(scene.chance, Account.PRODUCTION, then, STRANGER_ADDRESS))
    _typing_errors(scene)


def _typing_errors(scene: Scene) -> None:
    """Add a user who mistypes the password twice and then signs in with MFA."""
    moment = scene.when(13, 9, 31)
    page = _page(LUCIA, company.OFFICE_ADDRESS)
    records = [
        console_login(scene.chance, page, moment + timedelta(seconds=20 * number), mfa=False, success=False)
        for number in range(_TYPING_ERRORS)
    ]
    records.append(console_login(scene.chance, page, moment + timedelta(minutes=1), mfa=True))
    reason = Text("Two failures, then a sign-in with MFA.", "Duas falhas e, em seguida, um login com MFA.")
    scene.missed.append((reason, records))


def _page(user: str, address: str) -> Caller:
    return Caller(iam_user(Account.PRODUCTION, user), Account.PRODUCTION, address, BROWSER)


ROOT_SIGN_IN = Script(
    "root-signin-without-mfa",
    Text("Root signed in to production without MFA", "O root entrou na conta de produção sem MFA"),
    ("root_activity", "console_signin_without_mfa"),
    root_sign_in,
)
ROOT_ACCESS_KEY = Script(
    "root-access-key",
    Text("Root created an access key for itself", "O root criou uma chave de acesso para si"),
    ("root_activity", "root_credential_changes", "access_key_events"),
    root_access_key,
)
USER_SIGN_IN_WITHOUT_MFA = Script(
    "user-signin-without-mfa",
    Text("An IAM user signed in without MFA", "Um usuário IAM entrou sem MFA"),
    ("console_signin_without_mfa",),
    user_sign_in_without_mfa,
)
PASSWORD_GUESSING = Script(
    "password-guessing",
    Text(
        "Fourteen failed sign-ins on one user from one address, then a success",
        "Quatorze logins recusados de um usuário a partir de um endereço e, em seguida, um aceito",
    ),
    ("signin_guessing", "failed_signins", "console_signin_without_mfa", "out_of_hours_activity"),
    password_guessing,
)
PASSWORD_SPRAYING = Script(
    "password-spraying",
    Text("One address tried many user names", "Um endereço tentou muitos nomes de usuário"),
    ("signin_guessing", "failed_signins"),
    password_spraying,
)
