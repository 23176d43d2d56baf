"""What becomes of the log files themselves: late, twice, altered, or not at all."""

from datetime import datetime, timedelta

from comprova.sample import company
from comprova.sample.callers import PYTHON_SDK, Caller, JsonObject, Role, workload
from comprova.sample.company import Account, Region
from comprova.sample.facts import Row, Text
from comprova.sample.incidents.requirements import LOG_COPIES, LOG_FILES, LOG_RECORDS
from comprova.sample.incidents.scene import Scene, Script
from comprova.sample.records import Call, look
from comprova.sample.rhythm import at
from comprova.sample.writer import LogFile, moment_of

_LATE = "logs.late_deliveries"
_CONFLICTS = "logs.conflicting_ids"
_REGION = Region.SAO_PAULO
_HOLE = 11
"""The business day on which nothing of an account is delivered."""

_DOUBLED = (6, 7, 8)
"""The business days on which a second trail writes into the bucket too."""


def file_after_the_period(scene: Scene) -> None:
    """A file of the month's last evening comes when the month is over."""
    evening = scene.month.period.end - timedelta(hours=9)
    looks = (look("ec2", name, Region.OHIO) for name in ("DescribeInstances", "DescribeVpcs", "DescribeVolumes"))
    records = scene.calls(_inventory(evening), evening, *looks)
    late = _file(scene, records, timedelta(hours=38))
    scene.add(*records)
    scene.files.append(late)
    scene.rows.append(Row(_LATE, late.key))
    morning = scene.when(7, 10, 30)
    slow = scene.calls(_inventory(morning), morning, look("ec2", "DescribeVolumes", Region.OHIO))
    scene.pass_by(Text("Late by 23 hours, within bounds.", "Atraso de 23 horas, dentro do limite."), *slow)
    scene.files.append(_file(scene, slow, timedelta(hours=23)))


def record_altered(scene: Scene) -> None:
    """CloudTrail delivers a record again, under the same id and with another answer."""
    moment = scene.when(10, 10, 12)
    diego = scene.person(company.DIEGO, Account.DEVELOPMENT, moment)
    name = "cadastro-dev"
    request: JsonObject = {"functionName": name, "timeout": 30}
    arn = f"arn:aws:lambda:{_REGION}:{Account.DEVELOPMENT}:function:{name}"
    response: JsonObject = {"functionName": name, "functionArn": arn, "timeout": 30, "lastUpdateStatus": "InProgress"}
    call = Call("lambda", "UpdateFunctionConfiguration20150331v2", _REGION, request, response)
    (record,) = scene.calls(diego, moment, call)
    altered = record | {
        "responseElements": response | {"lastUpdateStatus": "Successful"},
        "addendum": {
            "reason": "UPDATED_DATA",
            "updatedFields": "responseElements",
            "originalRequestID": record["requestID"],
            "originalEventID": record["eventID"],
        },
    }
    scene.add(record)
    scene.find(record, _CONFLICTS, _CONFLICTS)  # a row for each of the two records
    scene.files.append(_file(scene, [altered], timedelta(hours=6), again=True, altered=True))
    (same,) = scene.calls(diego, moment + timedelta(minutes=3), look("lambda", "ListFunctions20150331", _REGION))
    scene.pass_by(Text("Delivered twice, and the same both times.", "Entregue duas vezes, sem diferença."), same)
    scene.files.append(_file(scene, [same], timedelta(hours=5), again=True))


def day_without_logs(scene: Scene) -> None:
    """Nothing of the development account is delivered for a day."""
    day = scene.month.business_day(_HOLE)
    scene.lost.append((Account.DEVELOPMENT, day))
    last = at(day, 0, 0) - timedelta(seconds=1)
    scene.show(_inventory(last), last, look("ec2", "DescribeVolumes", _REGION), finds=("logs.gaps",))
    morning = scene.when(3, 9, 40)
    slow = scene.calls(_inventory(morning), morning, look("ec2", "DescribeVolumes", Region.OHIO))
    reason = Text(
        "A file came 23 hours late, and nothing is missing.", "Um arquivo chegou 23 horas depois; nada falta."
    )
    scene.pass_by(reason, *slow)
    scene.files.append(_file(scene, slow, timedelta(hours=23)))


def second_trail(scene: Scene) -> None:
    """Production's own trail writes into the bucket of the organisation trail for three days."""
    scene.doubled.extend((Account.PRODUCTION, _REGION, scene.month.business_day(number)) for number in _DOUBLED)


def _inventory(moment: datetime) -> Caller:
    """Return a program that counts what there is in development."""
    return workload(Role(Account.DEVELOPMENT, "lambda-inventario"), "inventario", moment, agent=PYTHON_SDK)


def _file(
    scene: Scene, records: list[JsonObject], delay: timedelta, *, again: bool = False, altered: bool = False
) -> LogFile:
    account, region = str(records[0]["recipientAccountId"]), str(records[0]["awsRegion"])
    delivered = moment_of(records[0]) + delay
    return LogFile(account, region, delivered, scene.chance.letters(16), tuple(records), again, altered)


FILE_AFTER_THE_PERIOD = Script(
    "file-after-the-period",
    Text("A log file arrived when the month was over", "Um arquivo de log chegou depois do fim do mês"),
    Text(
        "Three calls of the month's last evening were delivered 38 hours late, when the next month had begun.",
        "Três chamadas da última noite do mês foram entregues com 38 horas de atraso, já no mês seguinte.",
    ),
    LOG_FILES,
    file_after_the_period,
)
RECORD_ALTERED = Script(
    "record-altered",
    Text("Two records with one id differ", "Dois registros com o mesmo id diferem"),
    Text(
        "CloudTrail delivered a record again with updated data, under the same event id; both are kept.",
        "O CloudTrail entregou um registro de novo, com dados atualizados e o mesmo id de evento; ambos são mantidos.",
    ),
    LOG_RECORDS,
    record_altered,
)
DAY_WITHOUT_LOGS = Script(
    "day-without-logs",
    Text("A day of one account is missing", "Falta um dia de uma conta"),
    Text(
        "Nothing of the development account was delivered for a day: what happened there on that day is not known, and "
        "questions without rows end inconclusive.",
        "Nada da conta de desenvolvimento foi entregue durante um dia: não se sabe o que houve ali nesse dia, e "
        "perguntas sem linhas ficam inconclusivas.",
    ),
    LOG_FILES,
    day_without_logs,
)
SECOND_TRAIL = Script(
    "second-trail",
    Text("A second trail delivered three days twice", "Uma segunda trilha entregou três dias em dobro"),
    Text(
        "Production's own trail was pointed at the bucket of the organisation trail for three days; each record counts "
        "once.",
        "A trilha local de produção gravou por três dias no bucket da trilha da organização; cada registro conta uma "
        "vez só.",
    ),
    LOG_COPIES,
    second_trail,
    ("logs.duplicates",),
)
