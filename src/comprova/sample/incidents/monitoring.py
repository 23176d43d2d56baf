"""What should notice and remember, weakened: trails, configuration, flow logs, log groups, alarms, passwords."""

from comprova.sample import company
from comprova.sample.callers import JsonObject
from comprova.sample.company import LOCAL_TRAIL, Account, Region
from comprova.sample.facts import Text
from comprova.sample.ids import fixed_hex
from comprova.sample.incidents.deed import Deed, Lookalike, refused
from comprova.sample.incidents.requirements import ALERTING, LOG_DIGESTS, LOGGING, PASSWORDS
from comprova.sample.incidents.scene import Script
from comprova.sample.records import Call

_REGION = Region.SAO_PAULO
_LOG_GROUP = "/ecs/autorizador"
_FLOW_LOG = f"fl-{fixed_hex('producao', 17)}"
_ALARM = "root-em-producao"
_EVERYTHING: JsonObject = {"allSupported": True, "includeGlobalResourceTypes": True}
_MACHINES: JsonObject = {
    "allSupported": False,
    "includeGlobalResourceTypes": False,
    "resourceTypes": ["AWS::EC2::Instance"],
}


def _trail(*, validated: bool) -> Call:
    request: JsonObject = {"name": LOCAL_TRAIL, "enableLogFileValidation": validated}
    response: JsonObject = {
        "name": "ipe-producao-local",
        "trailARN": LOCAL_TRAIL,
        "s3BucketName": company.TRAIL_BUCKET,
        "includeGlobalServiceEvents": True,
        "isMultiRegionTrail": True,
        "logFileValidationEnabled": validated,
        "isOrganizationTrail": False,
    }
    return Call("cloudtrail", "UpdateTrail", _REGION, request, response)


def _recorder(group: JsonObject) -> Call:
    recorder: JsonObject = {"name": "default", "recordingGroup": group}
    return Call("config", "PutConfigurationRecorder", _REGION, {"configurationRecorder": recorder})


def _flow_logs_deleted() -> Call:
    deleted: JsonObject = {"DeleteFlowLogsRequest": {"FlowLogId": {"tag": 1, "content": _FLOW_LOG}}}
    return Call("ec2", "DeleteFlowLogs", _REGION, deleted, {"DeleteFlowLogsResponse": {"unsuccessful": ""}})


def _flow_logs_created() -> Call:
    resources = {"tag": 1, "content": f"vpc-{fixed_hex('producao', 17)}"}
    asked = {"ResourceType": "VPC", "TrafficType": "ALL", "ResourceId": resources}
    return Call("ec2", "CreateFlowLogs", _REGION, {"CreateFlowLogsRequest": asked})


def _retention(days: int) -> Call:
    request: JsonObject = {"logGroupName": _LOG_GROUP, "retentionInDays": days}
    return Call("logs", "PutRetentionPolicy", _REGION, request, version="20140328")


def _alarm(name: str) -> Call:
    return Call("monitoring", name, _REGION, {"alarmNames": [_ALARM]})


def _passwords(length: int) -> Call:
    request: JsonObject = {
        "minimumPasswordLength": length,
        "requireSymbols": True,
        "requireNumbers": True,
        "requireUppercaseCharacters": True,
        "requireLowercaseCharacters": True,
        "allowUsersToChangePassword": True,
        "maxPasswordAge": 90,
        "passwordReusePrevention": 12,
        "hardExpiry": False,
    }
    return Call("iam", "UpdateAccountPasswordPolicy", Region.VIRGINIA, request)


TRAIL_WITHOUT_DIGESTS = Script(
    "trail-without-digests",
    Text("A trail no longer proves its files", "Uma trilha deixou de provar seus arquivos"),
    Text(
        "bruno.lima switched the validation of log files of production's own trail off; no digests are signed since.",
        "bruno.lima desligou a validação de arquivos da trilha local de produção; não se assina mais resumo algum.",
    ),
    LOG_DIGESTS,
    Deed(
        company.BRUNO,
        (9, 11, 14),
        (_trail(validated=False),),
        ("logging.trail_protection_weakened",),
        (Lookalike(Text("Validation was switched on.", "A validação foi ligada."), _trail(validated=True)),),
    ),
    ("logging.trail_changes",),
)
RECORDER_NARROWED = Script(
    "config-recorder-narrowed",
    Text("AWS Config records one kind of resource only", "O AWS Config grava só um tipo de recurso"),
    Text(
        "To save money, ana.souza let Config record virtual machines alone; what becomes of the rest is not kept.",
        "Para economizar, ana.souza deixou o Config gravar só máquinas virtuais; do restante nada se guarda.",
    ),
    LOGGING,
    Deed(
        company.ANA,
        (2, 15, 38),
        (_recorder(_MACHINES),),
        ("logging.config_changes",),
        (Lookalike(Text("Everything is recorded.", "Tudo é gravado."), _recorder(_EVERYTHING)),),
    ),
)
FLOW_LOGS_DELETED = Script(
    "flow-logs-deleted",
    Text("The flow logs of production's network were deleted", "Os logs de fluxo da rede de produção foram excluídos"),
    Text(
        "fabio.nunes deleted the flow logs, which told who spoke with whom; new ones came a quarter of an hour later.",
        "fabio.nunes excluiu os logs de fluxo, que diziam quem falou com quem; outros vieram um quarto de hora depois.",
    ),
    LOGGING,
    Deed(
        company.FABIO,
        (13, 14, 9),
        (_flow_logs_deleted(),),
        ("logging.service_logging_disabled",),
        (
            Lookalike(Text("Flow logs were made.", "Logs de fluxo foram criados."), _flow_logs_created()),
            refused(
                company.CARLA,
                _flow_logs_deleted(),
                "ec2:DeleteFlowLogs",
                f"arn:aws:ec2:{_REGION}:{Account.PRODUCTION}:vpc-flow-log/{_FLOW_LOG}",
            ),
        ),
    ),
)
LOGS_KEPT_A_WEEK = Script(
    "logs-kept-a-week",
    Text("The card application's logs are kept for a week", "Os logs do autorizador passaram a durar uma semana"),
    Text(
        "bruno.lima cut the retention of the card application's log group from a year to seven days.",
        "bruno.lima reduziu a retenção do grupo de logs do autorizador de um ano para sete dias.",
    ),
    LOGGING,
    Deed(
        company.BRUNO,
        (13, 15, 21),
        (_retention(7),),
        ("logging.cloudwatch_loss",),
        (Lookalike(Text("Kept for more than a year.", "Guardados por mais de um ano."), _retention(400)),),
    ),
)
ALARM_SILENCED = Script(
    "alarm-silenced",
    Text("The alarm on root's use was silenced", "O alarme de uso do root foi silenciado"),
    Text(
        "ana.souza switched the actions of the alarm off that tells security when root is used.",
        "ana.souza desligou as ações do alarme que avisa a segurança quando o root é usado.",
    ),
    ALERTING,
    Deed(
        company.ANA,
        (14, 9, 52),
        (_alarm("DisableAlarmActions"),),
        ("logging.alerting_changes",),
        (Lookalike(Text("The alarm speaks again.", "O alarme voltou a avisar."), _alarm("EnableAlarmActions")),),
    ),
)
PASSWORD_POLICY = Script(
    "password-policy-weakened",
    Text("Passwords of eight characters are enough", "Senhas de oito caracteres passaram a bastar"),
    Text(
        "ana.souza lowered the least length of passwords from fourteen to eight for a supplier's tool.",
        "ana.souza reduziu o tamanho mínimo das senhas de quatorze para oito por causa da ferramenta de um fornecedor.",
    ),
    PASSWORDS,
    Deed(
        company.ANA,
        (6, 10, 57),
        (_passwords(8),),
        ("credentials.password_policy_weakened",),
        (Lookalike(Text("Fourteen characters again.", "De volta a quatorze caracteres."), _passwords(14)),),
    ),
)
