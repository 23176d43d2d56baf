"""What AWS services and the monitoring vendor do in the company's accounts, day and night."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime

from comprova.sample import company
from comprova.sample.callers import (
    PYTHON_SDK,
    Caller,
    JsonObject,
    Role,
    aws_service,
    service_linked_role,
    service_role,
    vendor,
    workload,
)
from comprova.sample.company import Account, Region
from comprova.sample.ids import Chance
from comprova.sample.programs import ANTIFRAUD, AUTHORISER, REGISTER
from comprova.sample.records import Call, api_call, assumed, resource, service_event
from comprova.sample.rhythm import PAYMENT_HOURS, SWEEP_HOURS, at, batch_times, count_of, is_business_day
from comprova.sample.routine import Routine, reads

_REGION = Region.SAO_PAULO
_ROTATION_DAY = (10, 5)
"""Month and day on which the customers' key was made; it rotates every year."""

COLLECTOR = Role(Account.PRODUCTION, "vigia-coletor")
"""The role that the vendor may assume."""


def service_records(chance: Chance, day: date) -> Iterator[JsonObject]:
    """Yield what services and the vendor do on a local day."""
    yield from _service_assumptions(chance, day, 18 * (1.0 if is_business_day(day) else 0.6))
    yield from _vendor_assumptions(chance, day)
    for routine in _ROUTINES:
        yield from routine.records(chance, day)
    if (day.month, day.day) == _ROTATION_DAY:
        yield _key_rotation(chance, day)


def _service_assumptions(chance: Chance, day: date, mean: float) -> Iterator[JsonObject]:
    for moment in batch_times(chance, day, PAYMENT_HOURS, count_of(chance, mean)):
        service, role = chance.choice((("ecs-tasks", AUTHORISER), ("ecs-tasks", REGISTER), ("lambda", ANTIFRAUD)))
        session = chance.hexadecimal(32)
        request: JsonObject = {"roleArn": role.arn, "roleSessionName": session}
        call = Call(
            "sts",
            "AssumeRole",
            Region.SAO_PAULO,
            request,
            assumed(role, session, moment),
            (resource("AWS::IAM::Role", role.arn, role.account),),
            shared_id=chance.uuid(),
        )
        yield api_call(chance, aws_service(role.account, service), moment, call)


def _vendor_assumptions(chance: Chance, day: date) -> Iterator[JsonObject]:
    for hour in range(0, 24, 6):
        moment = at(day, hour, 11, chance.randrange(60))
        request: JsonObject = {
            "roleArn": COLLECTOR.arn,
            "roleSessionName": "coletor",
            "externalId": "ipe-3f9c",
            "durationSeconds": 3600,
        }
        role = resource("AWS::IAM::Role", COLLECTOR.arn, COLLECTOR.account)
        call = Call(
            "sts",
            "AssumeRole",
            Region.VIRGINIA,
            request,
            assumed(COLLECTOR, "coletor", moment),
            (role,),
            shared_id=chance.uuid(),
        )
        yield api_call(chance, vendor(COLLECTOR.account), moment, call)


def _key_rotation(chance: Chance, day: date) -> JsonObject:
    key = company.key_arn("clientes")
    call = Call("kms", "RotateKey", Region.SAO_PAULO, resources=(resource("AWS::KMS::Key", key, Account.PRODUCTION),))
    details: JsonObject = {"rotationType": "AUTOMATIC", "keyOrigin": "AWS_KMS", "keyId": key}
    return service_event(chance, Account.PRODUCTION, at(day, 5, 17), call, details)


def _linked(account: Account, service: str, name: str) -> Callable[[datetime], Caller]:
    role = service_linked_role(account, service, name)
    return lambda moment: service_role(role, service, moment)


def _collector(moment: datetime) -> Caller:
    caller = workload(COLLECTOR, "coletor", moment, agent=PYTHON_SDK)
    return replace(caller, address=company.VENDOR_ADDRESS)


def _sweeps(account: Account, region: Region) -> Iterator[Routine]:
    """Yield the inspections of an account in a region by Config and GuardDuty."""
    calls = (
        *reads("ec2", region, "DescribeInstances", "DescribeVolumes", "DescribeSecurityGroups"),
        *reads("ec2", region, "DescribeNetworkAcls", "DescribeRouteTables", "DescribeVpcs"),
        *reads("rds", region, "DescribeDBInstances", "DescribeDBSnapshots"),
        *reads("kms", region, "ListKeys", "ListAliases"),
        *reads("lambda", region, "ListFunctions20150331"),
    )
    recorder = _linked(account, "config", "AWSServiceRoleForConfig")
    yield Routine(recorder, calls, 18 if region is _REGION else 9, burst=6, hours=SWEEP_HOURS)
    if region is Region.VIRGINIA:
        iam = reads("iam", region, "ListUsers", "ListRoles", "GetAccountSummary", "GetAccountPasswordPolicy")
        yield Routine(recorder, iam, 8, burst=4, hours=SWEEP_HOURS)
    detector = _linked(account, "guardduty", "AWSServiceRoleForAmazonGuardDuty")
    seen = reads("ec2", region, "DescribeInstances", "DescribeSubnets", "DescribeNetworkInterfaces")
    yield Routine(detector, seen, 3, burst=3, hours=SWEEP_HOURS)


def _bucket_check(region: Region) -> Routine:
    """Return how CloudTrail looks whether it may still write to its bucket."""
    request: JsonObject = {
        "bucketName": company.TRAIL_BUCKET,
        "Host": f"{company.TRAIL_BUCKET}.s3.{_REGION}.amazonaws.com",
        "acl": "",
    }
    bucket = resource("AWS::S3::Bucket", f"arn:aws:s3:::{company.TRAIL_BUCKET}", Account.SECURITY)
    check = Call("s3", "GetBucketAcl", region, request, resources=(bucket,))
    caller = aws_service(Account.SECURITY, "cloudtrail")
    return Routine(lambda _: caller, (check,), 3, hours=SWEEP_HOURS)


def _watchers() -> Iterator[Routine]:
    """Yield the vendor, which is throttled now and then, and the services that follow the containers and findings."""
    services: JsonObject = {"cluster": company.CLUSTER, "services": list(company.SERVICES)}
    watched = (
        Call("ecs", "DescribeServices", _REGION, services),
        *reads("ec2", _REGION, "DescribeInstances", "DescribeTags"),
        *reads("monitoring", _REGION, "DescribeAlarms"),
        *reads("rds", _REGION, "DescribeDBInstances"),
    )
    yield Routine(_collector, watched, 24, burst=4, throttled=0.04)
    targets = reads("elasticloadbalancing", _REGION, "DescribeTargetHealth", "DescribeTargetGroups")
    yield Routine(_linked(Account.PRODUCTION, "ecs", "AWSServiceRoleForECS"), targets, 18, 0.8, 3)
    hub = _linked(Account.SECURITY, "securityhub", "AWSServiceRoleForSecurityHub")
    members = reads("organizations", Region.VIRGINIA, "ListAccounts", "DescribeOrganization")
    yield Routine(hub, members, 4, burst=2, hours=SWEEP_HOURS)


_ROUTINES = (
    *(routine for account in Account for region in Region for routine in _sweeps(account, region)),
    *(_bucket_check(region) for region in Region),
    *_watchers(),
)
