"""People who read what programs should read, or at hours when nobody should."""

from dataclasses import replace
from datetime import date, timedelta

from comprova.sample import company
from comprova.sample.callers import sso_person, sso_role
from comprova.sample.company import Account, Region
from comprova.sample.facts import Row, Text
from comprova.sample.incidents.requirements import DATA_ACCESS, SECRETS
from comprova.sample.incidents.scene import REFUSED, Scene, Script
from comprova.sample.records import Call, denied
from comprova.sample.rhythm import at
from comprova.sample.signin import sso_sign_in
from comprova.sample.stores import object_call, object_key, secret_call, secret_refused

_OBJECTS = 18
_SIZE = 310_000
_READS = "data.s3_reads_by_people"
_HOURS = "hours.out_of_hours_activity"


def reads_on_sunday(scene: Scene) -> None:
    """An analyst signs in on a Sunday at 02:30 and reads cardholder data."""
    _night_reads(scene, scene.month.sunday(3))
    moment = scene.when(13, 10, 3)
    bucket = company.CUSTOMERS_BUCKET
    scene.miss(
        Text("One customer's record, in office hours.", "O registro de um cliente, em horário comercial."),
        scene.person(company.FABIO, Account.PRODUCTION, moment),
        moment,
        object_call("GetObject", bucket, object_key(scene.chance, bucket, moment), _SIZE),
        finds=(_READS,),
    )
    moment = at(scene.month.sunday(2), 11, 14)
    key = object_key(scene.chance, company.CARDS_BUCKET, moment)
    karina = scene.person(company.KARINA, Account.PRODUCTION, moment, at_home=True)
    refusal = denied(karina, "s3:GetObject", f"arn:aws:s3:::{company.CARDS_BUCKET}/{key}")
    refused = replace(object_call("GetObject", company.CARDS_BUCKET, key, 0), refusal=refusal)
    scene.miss(REFUSED, karina, moment, refused)


def reads_on_holiday(scene: Scene) -> None:
    """The same on the month's first holiday; a month without a holiday on a weekday has none of it."""
    holiday = scene.month.holiday()
    if holiday is not None:
        _night_reads(scene, holiday)


def secret_read_by_person(scene: Scene) -> None:
    """An administrator reads the password of the card application's database."""
    moment = scene.when(10, 15, 12)
    name = company.SECRETS[0]
    bruno = scene.person(company.BRUNO, Account.PRODUCTION, moment)
    scene.show(bruno, moment, secret_call(name))
    role = sso_role(Account.PRODUCTION, company.BRUNO.permission_set)
    about = f"{Account.PRODUCTION} {role.arn} {company.BRUNO.email} person"
    scene.rows.append(Row("data.secret_reads_by_people", about))
    described = Call("secretsmanager", "DescribeSecret", Region.SAO_PAULO, {"secretId": name})
    reason = Text("The description, not the secret.", "A descrição, não o segredo.")
    scene.miss(reason, bruno, moment - timedelta(minutes=2), described)
    carla = scene.person(company.CARLA, Account.PRODUCTION, moment)
    scene.pass_by(REFUSED, secret_refused(scene.chance, carla, moment - timedelta(hours=2), name))


def _night_reads(scene: Scene, day: date) -> None:
    moment = at(day, 2, 30, scene.chance.randrange(60))
    elisa = company.ELISA
    signed_in = moment - timedelta(minutes=6)
    authentication, federation, assumption, login = sso_sign_in(
        scene.chance, elisa, Account.PRODUCTION, signed_in, address=elisa.home
    )
    # Each account has its own record of the sign-in: Identity Center in the security account, the role in production.
    scene.add(authentication, finds=(_HOURS,))
    scene.add(federation)
    scene.add(assumption, finds=(_HOURS,))
    scene.add(login, finds=(_HOURS,))
    bucket = company.CARDS_BUCKET
    reads = (object_call("GetObject", bucket, object_key(scene.chance, bucket, moment), _SIZE) for _ in range(_OBJECTS))
    caller = sso_person(elisa, Account.PRODUCTION, signed_in, address=elisa.home)
    scene.show(caller, moment, *reads, first=(_READS,))


READS_ON_SUNDAY = Script(
    "cards-read-on-sunday-night",
    Text(
        "A person read cardholder data on a Sunday at 02:30", "Uma pessoa leu dados de cartões em um domingo às 02:30"
    ),
    Text(
        "elisa.prado, a data analyst, signed in from home in the night and read eighteen batches of cardholder data.",
        "elisa.prado, analista de dados, entrou de casa durante a madrugada e leu dezoito lotes de dados de cartões.",
    ),
    DATA_ACCESS,
    reads_on_sunday,
    ("signin.console_signins",),
)
READS_ON_HOLIDAY = Script(
    "cards-read-on-holiday-night",
    Text(
        "A person read cardholder data on a holiday at 02:30", "Uma pessoa leu dados de cartões em um feriado às 02:30"
    ),
    Text(
        "elisa.prado signed in from home in the night of a holiday and read eighteen batches of cardholder data.",
        "elisa.prado entrou de casa na madrugada de um feriado e leu dezoito lotes de dados de cartões.",
    ),
    DATA_ACCESS,
    reads_on_holiday,
    ("signin.console_signins",),
)
SECRET_READ_BY_PERSON = Script(
    "secret-read-by-person",
    Text("A person read a secret meant for a program", "Uma pessoa leu um segredo destinado a um programa"),
    Text(
        "bruno.lima, an administrator, opened the password of the card application's database in the console.",
        "bruno.lima, administrador, abriu no console a senha do banco de dados do autorizador de cartões.",
    ),
    SECRETS,
    secret_read_by_person,
    ("data.secret_reads",),
)
