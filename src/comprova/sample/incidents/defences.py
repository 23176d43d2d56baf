"""Logging and threat detection stopped, narrowed or silenced."""

from datetime import timedelta

from comprova.sample import company
from comprova.sample.callers import JsonObject
from comprova.sample.company import LOCAL_TRAIL, ORGANIZATION_TRAIL, Account, Region
from comprova.sample.facts import Text
from comprova.sample.ids import fixed_uuid
from comprova.sample.incidents.requirements import ALERTS_ANSWERED, DETECTION, LOG_BUCKET, LOGGING, SELECTORS
from comprova.sample.incidents.scene import BY_ORGANIZATION, REFUSED, Scene, Script
from comprova.sample.records import Call, denied
from comprova.sample.stores import bucket_call

_REGION = Region.SAO_PAULO
_STOP_AND_START = ("StopLogging", "StartLogging")
_WEEK = 7


def trail_stopped(scene: Scene) -> None:
    """The local trail of production stands still for 95 minutes; the organisation trail goes on recording."""
    moment = scene.when(6, 15, 10)
    bruno = scene.person(company.BRUNO, Account.PRODUCTION, moment)
    stopped, started = (Call("cloudtrail", name, _REGION, {"name": LOCAL_TRAIL}) for name in _STOP_AND_START)
    scene.show(bruno, moment, stopped, finds=("logging.logging_stopped",))
    scene.show(bruno, moment + timedelta(minutes=95), started)
    _refused_stop(scene)


def _refused_stop(scene: Scene) -> None:
    """The organisation's policy refuses to let the organisation trail be stopped; nothing happened."""
    moment = scene.when(6, 15, 2)
    bruno = scene.person(company.BRUNO, Account.PRODUCTION, moment)
    refusal = denied(
        bruno, "cloudtrail:StopLogging", ORGANIZATION_TRAIL, code="AccessDeniedException", why=BY_ORGANIZATION
    )
    call = Call("cloudtrail", "StopLogging", _REGION, {"name": ORGANIZATION_TRAIL}, refusal=refusal)
    scene.miss(REFUSED, bruno, moment, call)


def selectors_narrowed(scene: Scene) -> None:
    """The local trail leaves out data events and KMS; it goes on, and looks well."""
    moment = scene.when(13, 11, 47)
    bruno = scene.person(company.BRUNO, Account.PRODUCTION, moment)
    scene.show(bruno, moment, _selectors([], ["kms.amazonaws.com"]), finds=("logging.selectors_narrowed",))
    buckets = [f"arn:aws:s3:::{name}/" for name in (company.CARDS_BUCKET, company.CUSTOMERS_BUCKET)]
    scene.miss(
        Text("Selectors were widened.", "Os seletores foram ampliados."),
        scene.person(company.GABRIELA, Account.PRODUCTION, moment),
        scene.when(2, 10, 20),
        _selectors([{"type": "AWS::S3::Object", "values": buckets}], []),
    )


def detector_disabled(scene: Scene) -> None:
    """GuardDuty in Ireland is switched off for three hours."""
    moment = scene.when(10, 13, 33)
    ana = scene.person(company.ANA, Account.PRODUCTION, moment)
    detector = company.detector(Account.PRODUCTION, Region.IRELAND)
    for delay, enabled in ((0, False), (3, True)):
        request: JsonObject = {"detectorId": detector, "enable": enabled}
        call = Call("guardduty", "UpdateDetector", Region.IRELAND, request)
        finds = () if enabled else ("logging.detection_disabled", "places.unapproved_regions")
        scene.show(ana, moment + timedelta(hours=delay), call, finds=finds)
    request = {"detectorId": detector, "enable": True, "findingPublishingFrequency": "FIFTEEN_MINUTES"}
    scene.miss(
        Text("Findings are published more often.", "Os achados passam a ser publicados com mais frequência."),
        ana,
        scene.when(11, 9, 12),
        Call("guardduty", "UpdateDetector", Region.IRELAND, request),
    )


def findings_archived(scene: Scene) -> None:
    """Three findings of GuardDuty are archived an hour after they appeared."""
    moment = scene.when(12, 10, 15)
    findings = [fixed_uuid(f"finding/{scene.month.label}/{number}").replace("-", "") for number in range(3)]
    request: JsonObject = {"detectorId": company.detector(Account.PRODUCTION, _REGION), "findingIds": findings}
    caller = scene.person(company.BRUNO, Account.PRODUCTION, moment)
    scene.show(caller, moment, Call("guardduty", "ArchiveFindings", _REGION, request))
    carla = scene.person(company.CARLA, Account.PRODUCTION, moment)
    arn = f"arn:aws:guardduty:{_REGION}:{Account.PRODUCTION}:detector/{request['detectorId']}"
    refusal = denied(carla, "guardduty:ArchiveFindings", arn, code="AccessDeniedException")
    call = Call("guardduty", "ArchiveFindings", _REGION, request, refusal=refusal)
    scene.miss(REFUSED, carla, moment - timedelta(minutes=30), call)


def log_bucket_lifecycle(scene: Scene) -> None:
    """The bucket of the organisation trail deletes log files after a week."""
    moment = scene.when(12, 11, 20)
    ana = scene.person(company.ANA, Account.SECURITY, moment)
    expiry = bucket_call("PutBucketLifecycle", company.TRAIL_BUCKET, _expiry(_WEEK), Account.SECURITY)
    scene.show(ana, moment, expiry, finds=("logging.log_bucket_tampering",))
    scene.miss(
        Text("A bucket that holds no logs.", "Um bucket que não guarda logs."),
        scene.person(company.ANA, Account.PRODUCTION, moment),
        moment + timedelta(minutes=11),
        bucket_call("PutBucketLifecycle", company.REPORTS_BUCKET, _expiry(_WEEK)),
    )


def _expiry(days: int) -> JsonObject:
    rule: JsonObject = {
        "ID": "limpeza",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"Days": days},
    }
    configuration = {"xmlns": "http://s3.amazonaws.com/doc/2006-03-01/", "Rule": rule}
    return {"lifecycle": "", "LifecycleConfiguration": configuration}


def _selectors(resources: list[JsonObject], excluded: list[str]) -> Call:
    selectors = [
        {
            "readWriteType": "All",
            "includeManagementEvents": True,
            "dataResources": resources,
            "excludeManagementEventSources": excluded,
        }
    ]
    request: JsonObject = {"trailName": LOCAL_TRAIL, "eventSelectors": selectors}
    return Call(
        "cloudtrail", "PutEventSelectors", _REGION, request, {"trailARN": LOCAL_TRAIL, "eventSelectors": selectors}
    )


TRAIL_STOPPED = Script(
    "trail-stopped",
    Text(
        "A local trail was stopped for 95 minutes; the organisation trail went on",
        "Uma trilha local ficou parada por 95 minutos; a trilha da organização continuou",
    ),
    Text(
        "bruno.lima tried to stop the organisation trail and was denied, then stopped production's own for 95 minutes.",
        "bruno.lima teve negada a parada da trilha da organização e então parou a trilha local de produção por 95 "
        "minutos.",
    ),
    LOGGING,
    trail_stopped,
    ("logging.trail_changes",),
)
SELECTORS_NARROWED = Script(
    "selectors-narrowed",
    Text("A trail no longer records data events and KMS", "Uma trilha deixou de registrar eventos de dados e KMS"),
    Text(
        "bruno.lima left data events and KMS out of production's own trail, which goes on and looks well.",
        "bruno.lima retirou eventos de dados e KMS da trilha local de produção, que continua e parece normal.",
    ),
    SELECTORS,
    selectors_narrowed,
    ("logging.trail_changes",),
)
LOG_BUCKET_LIFECYCLE = Script(
    "log-bucket-lifecycle",
    Text("The log bucket deletes its files after a week", "O bucket de logs passou a excluir arquivos em uma semana"),
    Text(
        "To save storage, ana.souza set a lifecycle rule on the bucket of the organisation trail.",
        "Para economizar armazenamento, ana.souza criou uma regra de ciclo de vida no bucket da trilha da organização.",
    ),
    LOG_BUCKET,
    log_bucket_lifecycle,
)
DETECTOR_DISABLED = Script(
    "detector-disabled",
    Text("GuardDuty was off in a region for three hours", "O GuardDuty ficou desligado três horas em uma região"),
    Text(
        "ana.souza switched GuardDuty off in Ireland at 13:33 and on again at 16:33.",
        "ana.souza desligou o GuardDuty na Irlanda às 13:33 e o religou às 16:33.",
    ),
    DETECTION,
    detector_disabled,
)
FINDINGS_ARCHIVED = Script(
    "findings-archived",
    Text("Findings of GuardDuty were archived", "Achados do GuardDuty foram arquivados"),
    Text(
        "bruno.lima archived three findings of GuardDuty in one call.",
        "bruno.lima arquivou três achados do GuardDuty em uma só chamada.",
    ),
    ALERTS_ANSWERED,
    findings_archived,
    ("response.guardduty_handling",),
)
