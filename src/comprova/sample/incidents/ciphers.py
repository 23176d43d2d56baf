"""Encryption left out, and keys in hands that should not use them."""

from dataclasses import replace
from datetime import timedelta

from comprova.sample import company
from comprova.sample.callers import JsonObject, workload
from comprova.sample.company import CUSTOMERS_BUCKET, UNKNOWN_ACCOUNT, Account, Region
from comprova.sample.facts import Text
from comprova.sample.ids import fixed_hex, fixed_uuid
from comprova.sample.incidents.deed import Deed, Lookalike
from comprova.sample.incidents.requirements import ENCRYPTION, ENCRYPTION_DEFAULTS, KEY_USE, MASS_DELETION
from comprova.sample.incidents.scene import Scene, Script
from comprova.sample.programs import BACKUP, REGISTER, application
from comprova.sample.records import Call, resource
from comprova.sample.stores import object_call, object_key

_REGION = Region.SAO_PAULO
_SIZE = 18_000


def _volume(*, encrypted: bool) -> Call:
    request: JsonObject = {"size": "100", "zone": f"{_REGION}a", "volumeType": "gp3", "encrypted": encrypted}
    response: JsonObject = {
        "volumeId": f"vol-{fixed_hex(f'testes/{encrypted}', 17)}",
        "size": "100",
        "zone": f"{_REGION}a",
        "status": "creating",
        "encrypted": encrypted,
    }
    return Call("ec2", "CreateVolume", _REGION, request, response)


def _default(name: str) -> Call:
    answer: JsonObject = {f"{name}Response": {"ebsEncryptionByDefault": name.startswith("Enable")}}
    return Call("ec2", name, _REGION, {f"{name}Request": ""}, answer)


def _decrypt(key: str) -> Call:
    sealed: JsonObject = {"encryptionContext": {"lote": "2026-09"}, "encryptionAlgorithm": "SYMMETRIC_DEFAULT"}
    owned = (resource("AWS::KMS::Key", company.key_arn(key), Account.PRODUCTION),)
    return Call("kms", "Decrypt", _REGION, sealed, resources=owned)


def key_used_by_person(scene: Scene) -> None:
    """The database administrator decrypts an old batch of cards by hand."""
    moment = scene.when(15, 11, 25)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    scene.show(fabio, moment, _decrypt("cartoes"), finds=("data.key_unexpected_use",))
    reason = Text(
        "The key of the settings, which holds no cards.", "A chave das configurações, que não guarda cartões."
    )
    scene.miss(reason, fabio, moment + timedelta(minutes=3), _decrypt("segredos"))
    reason = Text("The backup, which may.", "A rotina de backup, que pode.")
    scene.miss(reason, workload(BACKUP, "noturno", moment), moment - timedelta(hours=1), _decrypt("cartoes"))


def foreign_key(scene: Scene) -> None:
    """A release of the register of customers writes documents under a key of an account that nobody knows."""
    moment = scene.when(10, 14, 35)
    bucket = CUSTOMERS_BUCKET
    header = "x-amz-server-side-encryption-aws-kms-key-id"
    strange = f"arn:aws:kms:{_REGION}:{UNKNOWN_ACCOUNT}:key/{fixed_uuid('key/estranha')}"
    writes = []
    for key in (strange, strange, company.bucket_key(bucket)):
        call = object_call("PutObject", bucket, object_key(scene.chance, bucket, moment), _SIZE)
        sent: JsonObject = {"x-amz-server-side-encryption": "aws:kms", header: key}
        writes.append(replace(call, request=(call.request or {}) | sent, response=sent))
    register = application(REGISTER, moment)
    scene.show(register, moment, *writes[:2], first=("destruction.foreign_key_encryption",))
    reason = Text("The company's own key.", "A chave da própria empresa.")
    scene.miss(reason, register, moment - timedelta(minutes=20), writes[2])


DEFAULT_ENCRYPTION_OFF = Script(
    "default-encryption-off",
    Text(
        "New disks of development are no longer encrypted",
        "Discos novos de desenvolvimento deixaram de ser criptografados",
    ),
    Text(
        "bruno.lima switched the encryption of new disks off by default in the development account.",
        "bruno.lima desligou a criptografia padrão de discos novos na conta de desenvolvimento.",
    ),
    ENCRYPTION_DEFAULTS,
    Deed(
        company.BRUNO,
        (11, 15, 6),
        (_default("DisableEbsEncryptionByDefault"),),
        ("encryption.defaults_weakened",),
        (Lookalike(Text("It was switched on.", "Ela foi ligada."), _default("EnableEbsEncryptionByDefault")),),
        Account.DEVELOPMENT,
    ),
)
DISK_WITHOUT_ENCRYPTION = Script(
    "disk-without-encryption",
    Text("A disk was made without encryption", "Um disco foi criado sem criptografia"),
    Text(
        "diego.rocha made a disk for load tests without encryption.",
        "diego.rocha criou um disco para testes de carga sem criptografia.",
    ),
    ENCRYPTION,
    Deed(
        company.DIEGO,
        (3, 10, 12),
        (_volume(encrypted=False),),
        ("encryption.unencrypted_resources",),
        (Lookalike(Text("An encrypted disk.", "Um disco criptografado."), _volume(encrypted=True)),),
        Account.DEVELOPMENT,
    ),
)
KEY_USED_BY_PERSON = Script(
    "cards-key-used-by-person",
    Text("A person decrypted with the key of the cards", "Uma pessoa descriptografou com a chave dos cartões"),
    Text(
        "fabio.nunes decrypted a batch of cardholder data by hand, with a key that only programs should use.",
        "fabio.nunes descriptografou manualmente um lote de dados de cartões, com uma chave só de programas.",
    ),
    KEY_USE,
    key_used_by_person,
)
FOREIGN_KEY = Script(
    "documents-under-a-strange-key",
    Text(
        "Customer documents were written under a stranger's key",
        "Documentos de clientes foram gravados com a chave de um estranho",
    ),
    Text(
        "A wrong setting in a release made the register write two documents under a key of an unknown account: whoever "
        "holds it can lock them.",
        "Uma configuração errada fez o cadastro gravar dois documentos com a chave de uma conta desconhecida: quem a "
        "detém pode bloqueá-los.",
    ),
    MASS_DELETION,
    foreign_key,
)
