"""Somebody looks at everything there is, with a tool made for it."""

from dataclasses import replace
from datetime import timedelta

from comprova.sample import company
from comprova.sample.callers import sso_role
from comprova.sample.company import Account, Region
from comprova.sample.facts import Row, Text
from comprova.sample.incidents.requirements import SCANNING
from comprova.sample.incidents.scene import Scene, Script
from comprova.sample.records import Call, look

_REGION = Region.SAO_PAULO
_TOOL = "Boto3/1.40.45 md/Botocore#1.40.45 ua/2.1 os/linux#6.8.0 lang/python#3.12.3 Prowler/5.12.1"
_LOOKS = {
    "ec2": (
        *("DescribeAddresses", "DescribeImages", "DescribeInstances", "DescribeInternetGateways", "DescribeKeyPairs"),
        *("DescribeLaunchTemplates", "DescribeNatGateways", "DescribeNetworkAcls", "DescribeNetworkInterfaces"),
        *("DescribeRegions", "DescribeRouteTables", "DescribeSecurityGroups", "DescribeSnapshots", "DescribeSubnets"),
        *("DescribeVolumes", "DescribeVpcEndpoints", "DescribeVpcPeeringConnections", "DescribeVpcs"),
    ),
    "iam": (
        *("GetAccountAuthorizationDetails", "GetAccountPasswordPolicy", "GetAccountSummary", "GetCredentialReport"),
        *("ListAccessKeys", "ListGroups", "ListMFADevices", "ListPolicies", "ListRoles", "ListSAMLProviders"),
        *("ListUsers", "ListVirtualMFADevices"),
    ),
    "rds": ("DescribeDBClusters", "DescribeDBInstances", "DescribeDBParameterGroups", "DescribeDBSnapshots"),
    "kms": ("ListAliases", "ListGrants", "ListKeys"),
    "lambda": ("ListFunctions20150331", "ListLayers20181031"),
    "ecs": ("ListClusters", "ListServices", "ListTaskDefinitions"),
    "sns": ("ListSubscriptions", "ListTopics"),
    "sqs": ("ListQueues",),
    "cloudtrail": ("DescribeTrails", "GetTrailStatus"),
    "config": ("DescribeConfigurationRecorders", "DescribeDeliveryChannels"),
    "guardduty": ("ListDetectors", "ListFindings"),
    "secretsmanager": ("ListSecrets",),
    "elasticloadbalancing": ("DescribeLoadBalancers", "DescribeListeners"),
}
"""What the tool asks, by service: more than fifty kinds of calls."""


def scan(scene: Scene) -> None:
    """A developer lets a scanner loose on development."""
    moment = scene.when(15, 10, 33)
    joao = replace(scene.person(company.JOAO, Account.DEVELOPMENT, moment), agent=_TOOL, console=False)
    calls = [_look(service, name) for service, names in _LOOKS.items() for name in names]
    scene.show(joao, moment, *calls, first=("behaviour.unusual_tools",))
    role = sso_role(Account.DEVELOPMENT, company.JOAO.permission_set)
    scene.rows.append(Row("behaviour.enumeration_bursts", f"{Account.DEVELOPMENT} {role.arn} {company.JOAO.email}"))
    henrique = scene.person(company.HENRIQUE, Account.DEVELOPMENT, moment)
    reason = Text("Someone looks for a machine in the console.", "Alguém procura uma máquina no console.")
    scene.miss(reason, henrique, moment + timedelta(minutes=40), *calls[:12])


def _look(service: str, name: str) -> Call:
    return look(service, name, Region.VIRGINIA if service == "iam" else _REGION)


SCAN = Script(
    "development-scanned",
    Text("A scanner looked at everything in development", "Uma ferramenta vasculhou toda a conta de desenvolvimento"),
    Text(
        "joao.teixeira ran Prowler on his own account: more than fifty kinds of calls within minutes, told to nobody.",
        "joao.teixeira rodou o Prowler na conta em que trabalha: mais de cinquenta tipos de chamada em minutos, sem "
        "avisar ninguém.",
    ),
    SCANNING,
    scan,
)
