"""Regulated data in the wrong hands, in too large amounts, or read unseen."""

from dataclasses import replace
from datetime import timedelta

from comprova.sample import company
from comprova.sample.callers import BROWSER, Caller, JsonObject, sso_role
from comprova.sample.company import CARDS_BUCKET, CUSTOMERS_BUCKET, STRANGER_ADDRESS, Account, Region
from comprova.sample.facts import Row, Text
from comprova.sample.ids import fixed_hex
from comprova.sample.incidents.requirements import ANONYMOUS, DATA_ACCESS, DATA_RECORDING
from comprova.sample.incidents.scene import REFUSED, Scene, Script
from comprova.sample.programs import AUTHORISER, BACKUP, application
from comprova.sample.records import Call, resource
from comprova.sample.stores import object_call, object_key

_REGION = Region.SAO_PAULO
_READS = "data.s3_reads_by_people"
_NEW_READERS = "data.s3_new_readers"
_DUMP = 430_000_000
_LARGE = 290_000_000
"""Bytes of a dump of the customers, three of which are more than a gibibyte, and of a large file."""


def new_reader(scene: Scene) -> None:
    """An analyst reads cardholder data, which no analyst did before."""
    moment = scene.when(7, 15, 27)
    elisa = scene.person(company.ELISA, Account.PRODUCTION, moment)
    key = object_key(scene.chance, CARDS_BUCKET, moment)
    scene.show(elisa, moment, object_call("GetObject", CARDS_BUCKET, key, 310_000), finds=(_READS,))
    analysts = sso_role(Account.PRODUCTION, company.ELISA.permission_set)
    scene.rows.append(Row(_NEW_READERS, f"{Account.PRODUCTION} {CARDS_BUCKET} {analysts.arn}"))
    reason = Text("The backup, which reads each night.", "A rotina de backup, que lê toda noite.")
    night = scene.when(8, 2, 30)
    scene.miss(reason, application(BACKUP, night), night, object_call("GetObject", CARDS_BUCKET, key, 310_000))


def large_download(scene: Scene) -> None:
    """The database administrator takes three dumps of the customers."""
    moment = scene.when(14, 17, 20)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    dumps = (
        object_call("GetObject", CUSTOMERS_BUCKET, f"exportacao/clientes-{number}.dump", _DUMP) for number in range(3)
    )
    scene.show(fabio, moment, *dumps, first=(_READS,))
    role = sso_role(Account.PRODUCTION, company.FABIO.permission_set)
    scene.rows.append(Row("data.s3_volume", f"{Account.PRODUCTION} {role.arn}"))
    scene.rows.append(Row(_NEW_READERS, f"{Account.PRODUCTION} {CUSTOMERS_BUCKET} {role.arn}"))
    reason = Text("A large file, taken by the backup.", "Um arquivo grande, copiado pelo backup.")
    night = scene.when(15, 2, 40)
    large = object_call("GetObject", CUSTOMERS_BUCKET, "exportacao/clientes-0.dump", _LARGE)
    scene.miss(reason, application(BACKUP, night), night, large)


def read_by_strangers(scene: Scene) -> None:
    """A customer's document is read by somebody who does not say who he is."""
    moment = scene.when(13, 11, 55)
    nobody: JsonObject = {"type": "AWSAccount", "principalId": "", "accountId": "ANONYMOUS_PRINCIPAL"}
    stranger = Caller(nobody, Account.PRODUCTION, STRANGER_ADDRESS, BROWSER)
    key = object_key(scene.chance, CUSTOMERS_BUCKET, moment)
    call = object_call("GetObject", CUSTOMERS_BUCKET, key, 84_000)
    scene.show(stranger, moment, call, call, first=("data.off_path_access",))
    scene.rows.append(Row("data.s3_anonymous", f"{Account.PRODUCTION} {CUSTOMERS_BUCKET} GetObject"))
    scene.rows.append(Row(_NEW_READERS, f"{Account.PRODUCTION} {CUSTOMERS_BUCKET} {nobody['accountId']}"))
    other = object_call("PutObject", CUSTOMERS_BUCKET, key, 0)
    refused = replace(other, refusal=("AccessDenied", "Access Denied"), response=None)
    scene.miss(REFUSED, stranger, moment + timedelta(minutes=2), refused)


def table_not_recorded(scene: Scene) -> None:
    """A table with data of customers is in use, and the trail records nothing of what is read in it."""
    moment = scene.when(1, 11, 40)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    described = Call("dynamodb", "DescribeTable", _REGION, {"tableName": company.LIMITS_TABLE})
    scene.show(fabio, moment, described)
    scene.rows.append(Row("logs.data_events_missing", f"dynamodb.amazonaws.com {company.LIMITS_TABLE}"))
    arn = f"arn:aws:dynamodb:{_REGION}:{Account.PRODUCTION}:table/{company.TOKENS_TABLE}"
    read = Call(
        "dynamodb",
        "GetItem",
        _REGION,
        {"tableName": company.TOKENS_TABLE, "key": {"token": fixed_hex("token", 12)}},
        resources=(resource("AWS::DynamoDB::Table", arn, Account.PRODUCTION),),
        data=True,
    )
    reason = Text("A table whose reads are recorded.", "Uma tabela cujas leituras são registradas.")
    then = moment + timedelta(minutes=18)
    scene.miss(reason, application(AUTHORISER, then), then, read)


NEW_READER = Script(
    "new-reader-of-cards",
    Text("An analyst read cardholder data for the first time", "Uma analista leu dados de cartões pela primeira vez"),
    Text(
        "elisa.prado opened a batch of cardholder data in office hours; analysts never had before.",
        "elisa.prado abriu um lote de dados de cartões em horário comercial; analistas nunca o haviam feito.",
    ),
    DATA_ACCESS,
    new_reader,
)
LARGE_DOWNLOAD = Script(
    "customers-downloaded",
    Text("More than a gibibyte of customers was downloaded", "Mais de um gibibyte de clientes foi baixado"),
    Text(
        "fabio.nunes took three dumps of the register of customers, more than he ever took in a day.",
        "fabio.nunes baixou três dumps do cadastro de clientes, mais do que jamais baixou em um dia.",
    ),
    DATA_ACCESS,
    large_download,
)
READ_BY_STRANGERS = Script(
    "document-read-by-stranger",
    Text("Somebody unknown read a customer's document", "Um desconhecido leu o documento de um cliente"),
    Text(
        "A link to one document had been made public; a stranger opened it twice without saying who he is.",
        "O link de um documento havia sido tornado público; um estranho o abriu duas vezes sem se identificar.",
    ),
    ANONYMOUS,
    read_by_strangers,
)
TABLE_NOT_RECORDED = Script(
    "table-not-recorded",
    Text("Nothing records who reads a table of customers", "Nada registra quem lê uma tabela de clientes"),
    Text(
        "The table of limits holds data of customers, and the trail does not record its data events: silence about it "
        "proves nothing.",
        "A tabela de limites guarda dados de clientes, e a trilha não registra seus eventos de dados: o silêncio sobre "
        "ela nada prova.",
    ),
    DATA_RECORDING,
    table_not_recorded,
)
