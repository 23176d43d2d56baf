"""What the company's programs do all day: applications, functions, machines and the nightly backup."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from comprova.sample import company
from comprova.sample.callers import PYTHON_SDK, Caller, JsonObject, Role, instance, key_holder, workload
from comprova.sample.company import CARDS_BUCKET, CUSTOMERS_BUCKET, Account, Region
from comprova.sample.ids import Chance, fixed_hex
from comprova.sample.records import Call, api_call, resource
from comprova.sample.rhythm import PAYMENT_HOURS, at, batch_times, count_of, is_business_day
from comprova.sample.routine import Routine, reads
from comprova.sample.stores import object_access, object_call, object_key, secret_read

_REGION = Region.SAO_PAULO
_BACKUP_OBJECTS = 24

AUTHORISER = Role(Account.PRODUCTION, "ecs-autorizador")
REGISTER = Role(Account.PRODUCTION, "ecs-cadastro")
ANTIFRAUD = Role(Account.PRODUCTION, "lambda-antifraude")
NOTIFIER = Role(Account.PRODUCTION, "lambda-notificacoes")
BACKUP = Role(Account.PRODUCTION, "backup-noturno")
SETTLEMENT = Role(Account.PRODUCTION, "ec2-liquidacao")
MACHINE = f"i-{fixed_hex('liquidacao', 17)}"
"""The machine that settles payments."""


def program_records(chance: Chance, day: date) -> Iterator[JsonObject]:
    """Yield what programs do on a local day; on days without business there are fewer payments."""
    busy = 1.0 if is_business_day(day) else 0.6
    yield from _objects(chance, day, AUTHORISER, CARDS_BUCKET, 150 * busy)
    yield from _objects(chance, day, REGISTER, CUSTOMERS_BUCKET, 70 * busy)
    yield from _secrets(chance, day, 12 * busy)
    yield from _nightly_backup(chance, day)
    for routine in _ROUTINES:
        yield from routine.records(chance, day)


def application(role: Role, moment: datetime) -> Caller:
    """Return an application inside the network of production, which reaches AWS by a VPC endpoint."""
    caller = workload(role, fixed_hex(f"{role.name}/{moment:%Y%m%d}{moment.hour // 6}", 32), moment)
    return replace(caller, address=f"10.20.{len(role.name)}.{10 + moment.hour}", endpoint=company.VPC_ENDPOINT)


def _objects(chance: Chance, day: date, role: Role, bucket: str, mean: float) -> Iterator[JsonObject]:
    for moment in batch_times(chance, day, PAYMENT_HOURS, count_of(chance, mean)):
        name = "PutObject" if chance.random() < 1 / 4 else "GetObject"
        call = object_call(name, bucket, object_key(chance, bucket, moment), chance.randrange(2_000, 400_000))
        yield from object_access(chance, application(role, moment), moment, call)


def _secrets(chance: Chance, day: date, mean: float) -> Iterator[JsonObject]:
    readers = {"prod/autorizador/banco": AUTHORISER, "prod/cadastro/banco": REGISTER}
    for moment in batch_times(chance, day, PAYMENT_HOURS, count_of(chance, mean)):
        name, role = chance.choice(tuple(readers.items()))
        yield from secret_read(chance, workload(role, fixed_hex(f"{day}{name}", 32), moment), moment, name)


def _nightly_backup(chance: Chance, day: date) -> Iterator[JsonObject]:
    """Read the new objects of the day before at 02:10, and snapshot the database at 02:40."""
    start = at(day, 2, 10)
    caller = application(BACKUP, start)
    for number in range(_BACKUP_OBJECTS):
        bucket = CARDS_BUCKET if number % 2 else CUSTOMERS_BUCKET
        call = object_call("GetObject", bucket, object_key(chance, bucket, start - timedelta(days=1)), 250_000)
        yield from object_access(chance, caller, start + timedelta(seconds=11 * number), call)
    moment = at(day, 2, 40)
    request: JsonObject = {
        "dBSnapshotIdentifier": f"{company.DATABASE}-{day:%Y-%m-%d}",
        "dBInstanceIdentifier": company.DATABASE,
    }
    response = request | {"engine": "postgres", "encrypted": True, "snapshotType": "manual"}
    call = Call("rds", "CreateDBSnapshot", _REGION, request, response)
    yield api_call(chance, workload(BACKUP, "noturno", moment), moment, call)


def _antifraud(moment: datetime) -> Caller:
    return workload(ANTIFRAUD, "antifraude", moment, agent=PYTHON_SDK)


def _notifier(moment: datetime) -> Caller:
    return workload(NOTIFIER, "notificacoes", moment, agent=PYTHON_SDK)


def _applications() -> Iterator[Routine]:
    """Yield the applications that decrypt and read their settings."""
    key = resource("AWS::KMS::Key", company.key_arn("segredos"), Account.PRODUCTION)
    sealed: JsonObject = {"encryptionContext": {"servico": "autorizador"}, "encryptionAlgorithm": "SYMMETRIC_DEFAULT"}
    decrypt = Call("kms", "Decrypt", _REGION, sealed, resources=(key,))
    yield Routine(lambda at: workload(AUTHORISER, fixed_hex(f"{at:%Y%m%d}", 32), at), (decrypt,), 32, 0.6)
    parameters = tuple(
        Call("ssm", "GetParameter", _REGION, {"name": f"/prod/{service}/limites", "withDecryption": True})
        for service in company.SERVICES
    )
    yield Routine(_antifraud, parameters, 20, 0.6, 2)


def _functions() -> Iterator[Routine]:
    """Yield the functions, which write logs, and one that lacks a permission and never learns."""
    streams = tuple(
        Call(
            "logs",
            "CreateLogStream",
            _REGION,
            {"logGroupName": f"/aws/lambda/{name}", "logStreamName": f"[$LATEST]{fixed_hex(name, 32)}"},
            version="20140328",
        )
        for name in ("antifraude", "notificacoes")
    )
    yield Routine(_notifier, streams, 16, 0.6, 2)
    message = (
        f"User: {NOTIFIER.session_arn('notificacoes')} is not authorized to perform: ssm:GetParametersByPath on "
        f"resource: arn:aws:ssm:{_REGION}:{Account.PRODUCTION}:parameter/prod because no identity-based policy allows "
        "the ssm:GetParametersByPath action"
    )
    lacking = Call("ssm", "GetParametersByPath", _REGION, refusal=("AccessDeniedException", message))
    yield Routine(_notifier, (lacking,), 4, 0.5)


def _machines() -> Iterator[Routine]:
    """Yield the machine in the cloud, and the programs outside it that sign with long-term keys."""
    beat: JsonObject = {
        "instanceId": MACHINE,
        "agentVersion": "3.3.3050.0",
        "agentStatus": "Active",
        "platformType": "Linux",
        "platformName": "Amazon Linux",
        "platformVersion": "2023",
        "iPAddress": "10.20.40.8",
        "computerName": f"ip-10-20-40-8.{_REGION}.compute.internal",
        "agentName": "amazon-ssm-agent",
    }
    update = Call("ssm", "UpdateInstanceInformation", _REGION, beat)
    yield Routine(lambda at: instance(SETTLEMENT, MACHINE, at), (update,), 20)
    on_premises = key_holder(Account.PRODUCTION, company.RECONCILIATION)
    settings: JsonObject = {"name": "/prod/conciliacao/adquirentes", "withDecryption": False}
    settle = (Call("sts", "GetCallerIdentity", _REGION), Call("ssm", "GetParameter", _REGION, settings))
    yield Routine(lambda _: on_premises, settle, 8, 0.2, 2)
    bot = key_holder(Account.DEVELOPMENT, company.REPORTS_BOT)
    yield Routine(lambda _: bot, reads("ce", Region.VIRGINIA, "GetCostAndUsage", "GetCostForecast"), 4, 0.0, 2)


_ROUTINES = (*_applications(), *_functions(), *_machines())
