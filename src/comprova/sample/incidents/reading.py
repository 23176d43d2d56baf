"""People who read what programs should read, or at hours when nobody should."""

from dataclasses import replace
from datetime import date, timedelta

from comprova.sample import company
from comprova.sample.callers import sso_person
from comprova.sample.company import Account, Region
from comprova.sample.facts import Text
from comprova.sample.incidents.scene import REFUSED, Scene, Script
from comprova.sample.records import Call, denied
from comprova.sample.rhythm import at
from comprova.sample.signin import sso_sign_in
from comprova.sample.stores import object_call, object_key, secret_call, secret_refused

_OBJECTS = 18
_SIZE = 310_000


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
    described = Call("secretsmanager", "DescribeSecret", Region.SAO_PAULO, {"secretId": name})
    reason = Text("The description, not the secret.", "A descrição, não o segredo.")
    scene.miss(reason, bruno, moment - timedelta(minutes=2), described)
    carla = scene.person(company.CARLA, Account.PRODUCTION, moment)
    refused = secret_refused(scene.chance, carla, moment - timedelta(hours=2), name)
    scene.missed.append((REFUSED, [refused]))


def _night_reads(scene: Scene, day: date) -> None:
    moment = at(day, 2, 30, scene.chance.randrange(60))
    elisa = company.ELISA
    signed_in = moment - timedelta(minutes=6)
    authentication = sso_sign_in(scene.chance, elisa, Account.PRODUCTION, signed_in, address=elisa.home)
    scene.add(*authentication)
    bucket = company.CARDS_BUCKET
    reads = (object_call("GetObject", bucket, object_key(scene.chance, bucket, moment), _SIZE) for _ in range(_OBJECTS))
    scene.show(sso_person(elisa, Account.PRODUCTION, signed_in, address=elisa.home), moment, *reads)


READS_ON_SUNDAY = Script(
    "cards-read-on-sunday-night",
    Text(
        "A person read cardholder data on a Sunday at 02:30", "Uma pessoa leu dados de cartões em um domingo às 02:30"
    ),
    ("out_of_hours_activity", "s3_human_reads"),
    reads_on_sunday,
)
READS_ON_HOLIDAY = Script(
    "cards-read-on-holiday-night",
    Text(
        "A person read cardholder data on a holiday at 02:30", "Uma pessoa leu dados de cartões em um feriado às 02:30"
    ),
    ("out_of_hours_activity", "s3_human_reads"),
    reads_on_holiday,
)
SECRET_READ_BY_PERSON = Script(
    "secret-read-by-person",
    Text("A person read a secret meant for a program", "Uma pessoa leu um segredo destinado a um programa"),
    ("secret_human_reads", "secret_reads"),
    secret_read_by_person,
)
