"""Logging and threat detection stopped, narrowed or silenced."""

from datetime import timedelta

from comprova.sample import company
from comprova.sample.callers import JsonObject
from comprova.sample.company import LOCAL_TRAIL, ORGANIZATION_TRAIL, Account, Region
from comprova.sample.facts import Text
from comprova.sample.ids import fixed_uuid
from comprova.sample.incidents.scene import BY_ORGANIZATION, REFUSED, Scene, Script
from comprova.sample.records import Call, denied

_REGION = Region.SAO_PAULO


def trail_stopped(scene: Scene) -> None:
    """The local trail of production stands still for 95 minutes; the organisation trail goes on recording."""
    moment = scene.when(6, 15, 10)
    bruno = scene.person(company.BRUNO, Account.PRODUCTION, moment)
    scene.show(bruno, moment, Call("cloudtrail", "StopLogging", _REGION, {"name": LOCAL_TRAIL}))
    scene.show(
        bruno, moment + timedelta(minutes=95), Call("cloudtrail", "StartLogging", _REGION, {"name": LOCAL_TRAIL})
    )
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
    scene.show(bruno, moment, _selectors([], ["kms.amazonaws.com"]))
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
        scene.show(ana, moment + timedelta(hours=delay), call)
    request = {"detectorId": detector, "enable": True, "findingPublishingFrequency": "FIFTEEN_MINUTES"}
    scene.miss(
        Text("Findings are published more often.", "As descobertas passam a ser publicadas com mais frequência."),
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


def retention_cut(scene: Scene) -> None:
    """The log group of the application keeps three days instead of a year."""
    moment = scene.when(11, 15, 5)
    caller = scene.person(company.BRUNO, Account.PRODUCTION, moment)
    scene.show(caller, moment, _retention("/ecs/autorizador", 3))
    scene.miss(
        Text("The retention became longer.", "A retenção aumentou."),
        caller,
        moment + timedelta(minutes=2),
        _retention("/ecs/cadastro", 400),
    )


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


def _retention(group: str, days: int) -> Call:
    request: JsonObject = {"logGroupName": group, "retentionInDays": days}
    return Call("logs", "PutRetentionPolicy", _REGION, request, version="20140328")


TRAIL_STOPPED = Script(
    "trail-stopped",
    Text(
        "A local trail was stopped for 95 minutes; the organisation trail went on",
        "Uma trilha local ficou parada por 95 minutos; a trilha da organização continuou",
    ),
    ("trail_stopped", "trail_changes"),
    trail_stopped,
)
SELECTORS_NARROWED = Script(
    "selectors-narrowed",
    Text("A trail no longer records data events and KMS", "Uma trilha deixou de registrar eventos de dados e KMS"),
    ("selectors_narrowed", "trail_changes"),
    selectors_narrowed,
)
DETECTOR_DISABLED = Script(
    "detector-disabled",
    Text("GuardDuty was off in a region for three hours", "O GuardDuty ficou desligado três horas em uma região"),
    ("threat_detection_changes",),
    detector_disabled,
)
FINDINGS_ARCHIVED = Script(
    "findings-archived",
    Text("Findings of GuardDuty were archived", "Descobertas do GuardDuty foram arquivadas"),
    ("threat_detection_changes", "guardduty_handling"),
    findings_archived,
)
RETENTION_CUT = Script(
    "retention-cut",
    Text("A log group keeps only three days", "Um grupo de logs passou a guardar só três dias"),
    ("cloudwatch_loss",),
    retention_cut,
)
