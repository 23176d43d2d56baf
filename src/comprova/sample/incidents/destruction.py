"""Keys, databases, snapshots and objects destroyed, or nearly."""

from dataclasses import replace
from datetime import timedelta

from comprova.sample import company
from comprova.sample.callers import JsonObject, workload
from comprova.sample.company import Account, Region
from comprova.sample.facts import Text
from comprova.sample.ids import fixed_hex
from comprova.sample.incidents.requirements import BACKUPS, KEYS, MASS_DELETION
from comprova.sample.incidents.scene import REFUSED, Scene, Script
from comprova.sample.programs import BACKUP
from comprova.sample.records import Call, denied, resource, spoken
from comprova.sample.stores import object_call, object_key

_REGION = Region.SAO_PAULO
_SNAPSHOTS = 24
_OBJECTS = 60
_WAITING_DAYS = 7
_KEYS = "keys.keys_disabled_or_deleted"
_MASS = "destruction.mass_deletes"


def key_deletion(scene: Scene) -> None:
    """The customers' key is scheduled for deletion, and nobody cancels it."""
    moment = scene.when(18, 10, 9)
    ana = scene.person(company.ANA, Account.PRODUCTION, moment)
    scheduled = _schedule("clientes-2023", spoken(moment + timedelta(days=_WAITING_DAYS)))
    scene.show(ana, moment, scheduled, finds=(_KEYS,))
    carla = scene.person(company.CARLA, Account.PRODUCTION, moment)
    arn = company.key_arn("cartoes")
    refusal = denied(carla, "kms:ScheduleKeyDeletion", arn, code="AccessDenied")
    key = resource("AWS::KMS::Key", arn, Account.PRODUCTION)
    call = Call("kms", "ScheduleKeyDeletion", _REGION, resources=(key,), refusal=refusal)
    scene.miss(REFUSED, carla, moment - timedelta(minutes=42), call)


def key_deletion_cancelled(scene: Scene) -> None:
    """The secrets' key is scheduled for deletion; 50 minutes later this is cancelled."""
    moment = scene.when(5, 14, 40)
    ana = scene.person(company.ANA, Account.PRODUCTION, moment)
    scheduled = _schedule("segredos", spoken(moment + timedelta(days=_WAITING_DAYS)))
    scene.show(ana, moment, scheduled, finds=(_KEYS,))
    arn = company.key_arn("segredos")
    scene.show(ana, moment + timedelta(minutes=50), _key_call("CancelKeyDeletion", "segredos", {"keyId": arn}))


def key_disabled(scene: Scene) -> None:
    """An old key is disabled and stays so."""
    moment = scene.when(15, 15, 33)
    ana = scene.person(company.ANA, Account.PRODUCTION, moment)
    scene.show(ana, moment, _key_call("DisableKey", "cartoes-2023"), finds=(_KEYS,))
    rotated = Call("kms", "EnableKeyRotation", _REGION, {"keyId": company.key_arn("segredos")})
    reason = Text("The yearly rotation of a key was switched on.", "A rotação anual de uma chave foi ligada.")
    scene.miss(reason, ana, moment + timedelta(minutes=6), rotated)


def key_disabled_briefly(scene: Scene) -> None:
    """The cards' key is disabled by mistake and enabled twenty minutes later."""
    moment = scene.when(8, 11, 50)
    ana = scene.person(company.ANA, Account.PRODUCTION, moment)
    scene.show(ana, moment, _key_call("DisableKey", "cartoes"), finds=(_KEYS,))
    scene.show(ana, moment + timedelta(minutes=20), _key_call("EnableKey", "cartoes"))


def database_deleted(scene: Scene) -> None:
    """A database is deleted without a last snapshot."""
    moment = scene.when(17, 16, 18)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    scene.show(
        fabio, moment, _delete_database("ipe-conciliacao", {"skipFinalSnapshot": True, "deleteAutomatedBackups": True})
    )
    kept: JsonObject = {"skipFinalSnapshot": False, "finalDBSnapshotIdentifier": "ipe-homologacao-final"}
    scene.miss(
        Text("A last snapshot was taken.", "Um último snapshot foi feito."),
        scene.person(company.FABIO, Account.DEVELOPMENT, moment),
        scene.when(16, 10, 18),
        _delete_database("ipe-homologacao", kept),
    )


def snapshots_deleted(scene: Scene) -> None:
    """Two dozen snapshots are deleted within three minutes."""
    moment = scene.when(17, 16, 31)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    deletions = (_delete_snapshot(scene, f"massa/{number}") for number in range(_SNAPSHOTS))
    scene.show(fabio, moment, *deletions, finds=("destruction.backups_removed",), first=(_MASS,))
    scene.miss(
        Text("The backup job drops three old snapshots.", "A rotina de backup remove três snapshots antigos."),
        workload(BACKUP, "noturno", moment),
        scene.when(9, 3, 5),
        *(_delete_snapshot(scene, f"rotina/{number}") for number in range(3)),
    )


def objects_deleted(scene: Scene) -> None:
    """Sixty customer records are deleted one by one, then two batches whose keys CloudTrail does not name."""
    moment = scene.when(16, 16, 40)
    fabio = scene.person(company.FABIO, Account.PRODUCTION, moment)
    bucket = company.CUSTOMERS_BUCKET
    single = (object_call("DeleteObject", bucket, object_key(scene.chance, bucket, moment), 0) for _ in range(_OBJECTS))
    scene.show(fabio, moment, *single, first=("destruction.mass_object_deletes",))
    arn = f"arn:aws:s3:::{bucket}"
    request: JsonObject = {
        "bucketName": bucket,
        "Host": f"{bucket}.s3.{_REGION}.amazonaws.com",
        "delete": "",
    }
    prefix: JsonObject = {"type": "AWS::S3::Object", "ARNPrefix": f"{arn}/"}
    touched = (prefix, resource("AWS::S3::Bucket", arn, Account.PRODUCTION))
    batch = Call("s3", "DeleteObjects", _REGION, request, None, touched, data=True)
    scene.show(fabio, moment + timedelta(minutes=9), batch, batch)
    scene.miss(
        Text("One record was erased on request.", "Um registro foi eliminado a pedido do titular."),
        fabio,
        scene.when(6, 10, 25),
        object_call("DeleteObject", bucket, object_key(scene.chance, bucket, moment), 0),
    )


def _schedule(key: str, deletion: str) -> Call:
    arn = company.key_arn(key)
    response: JsonObject = {
        "keyId": arn,
        "deletionDate": deletion,
        "keyState": "PendingDeletion",
        "pendingWindowInDays": _WAITING_DAYS,
    }
    request: JsonObject = {"keyId": arn, "pendingWindowInDays": _WAITING_DAYS}
    return replace(_key_call("ScheduleKeyDeletion", key, response), request=request)


def _key_call(name: str, key: str, response: JsonObject | None = None) -> Call:
    arn = company.key_arn(key)
    owned = (resource("AWS::KMS::Key", arn, Account.PRODUCTION),)
    return Call("kms", name, _REGION, {"keyId": arn}, response, owned)


def _delete_database(name: str, options: JsonObject) -> Call:
    request: JsonObject = {"dBInstanceIdentifier": name} | options
    response: JsonObject = {
        "dBInstanceIdentifier": name,
        "dBInstanceStatus": "deleting",
        "engine": "postgres",
        "storageEncrypted": True,
    }
    return Call("rds", "DeleteDBInstance", _REGION, request, response)


def _delete_snapshot(scene: Scene, name: str) -> Call:
    snapshot = f"snap-{fixed_hex(f'{scene.month.label}/{name}', 17)}"
    done: JsonObject = {"requestId": scene.chance.uuid(), "_return": True}
    return Call("ec2", "DeleteSnapshot", _REGION, {"snapshotId": snapshot}, done)


KEY_DELETION = Script(
    "key-deletion-scheduled",
    Text("A KMS key will be deleted", "Uma chave KMS será excluída"),
    Text(
        "ana.souza scheduled an old key of the customers for deletion in seven days, and nobody cancelled it.",
        "ana.souza agendou para sete dias a exclusão de uma chave antiga dos clientes, e ninguém a cancelou.",
    ),
    KEYS,
    key_deletion,
    ("keys.key_admin_events",),
)
KEY_DELETION_CANCELLED = Script(
    "key-deletion-cancelled",
    Text(
        "The deletion of a KMS key was scheduled and cancelled", "A exclusão de uma chave KMS foi agendada e cancelada"
    ),
    Text(
        "ana.souza scheduled the key of all secrets for deletion, noticed, and cancelled it 50 minutes later.",
        "ana.souza agendou a exclusão da chave de todos os segredos, percebeu e a cancelou 50 minutos depois.",
    ),
    KEYS,
    key_deletion_cancelled,
    ("keys.key_admin_events",),
)
KEY_DISABLED = Script(
    "key-disabled",
    Text("A KMS key was disabled", "Uma chave KMS foi desativada"),
    Text(
        "ana.souza disabled an old key of the cards; it stays so.",
        "ana.souza desativou uma chave antiga dos cartões, que continua assim.",
    ),
    KEYS,
    key_disabled,
    ("keys.key_admin_events",),
)
KEY_DISABLED_BRIEFLY = Script(
    "key-disabled-briefly",
    Text("A KMS key was disabled for twenty minutes", "Uma chave KMS ficou desativada por vinte minutos"),
    Text(
        "ana.souza disabled the key of the cards by mistake; payments stopped until she enabled it again.",
        "ana.souza desativou por engano a chave dos cartões; os pagamentos pararam até que ela a reativasse.",
    ),
    KEYS,
    key_disabled_briefly,
    ("keys.key_admin_events",),
)
DATABASE_DELETED = Script(
    "database-deleted",
    Text("A database was deleted without a last snapshot", "Um banco de dados foi excluído sem um último snapshot"),
    Text(
        "fabio.nunes deleted the reconciliation database with its automated backups and without a last snapshot.",
        "fabio.nunes excluiu o banco de conciliação com os backups automáticos e sem um último snapshot.",
    ),
    BACKUPS,
    database_deleted,
    ("destruction.data_stores_deleted",),
)
SNAPSHOTS_DELETED = Script(
    "snapshots-deleted",
    Text(
        "Twenty-four snapshots were deleted in three minutes",
        "Vinte e quatro snapshots foram excluídos em três minutos",
    ),
    Text(
        "Minutes later fabio.nunes deleted two dozen disk snapshots of production, one after the other.",
        "Minutos depois, fabio.nunes excluiu duas dúzias de snapshots de disco de produção, um após o outro.",
    ),
    BACKUPS,
    snapshots_deleted,
)
OBJECTS_DELETED = Script(
    "objects-deleted",
    Text("Customer records were deleted in bulk", "Registros de clientes foram excluídos em massa"),
    Text(
        "fabio.nunes deleted sixty customer records one by one, then two batches whose keys CloudTrail does not name.",
        "fabio.nunes excluiu sessenta registros de clientes um a um e depois dois lotes cujas chaves o CloudTrail não "
        "informa.",
    ),
    MASS_DELETION,
    objects_deleted,
)
