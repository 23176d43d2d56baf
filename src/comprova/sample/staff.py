"""What people do in office hours: sign in, look around, and make the changes that nobody minds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from comprova.sample import company
from comprova.sample.callers import BROWSER, CLI, Caller, JsonObject, console_user, iam_user, sso_person
from comprova.sample.company import Account, PermissionSet, Person, Region
from comprova.sample.ids import Chance, fixed_hex
from comprova.sample.records import Call, api_call, denied, look
from comprova.sample.rhythm import OFFICE_HOURS, at, is_business_day, times
from comprova.sample.signin import console_login, sso_sign_in

_REGION = Region.SAO_PAULO
_COMMAND_LINE_USERS = frozenset({PermissionSet.ADMINISTRATOR, PermissionSet.DEVELOPER})
_TUESDAY, _THURSDAY = 1, 3

# shares of days, sessions and pages
_AT_WORK = 0.8
_IN_OFFICE = 0.6
_FIRST_ACCOUNT = 0.7
_BY_COMMAND_LINE = 0.4
_REFUSED_PAGES = 0.02
_TEST_MACHINES = 0.3


def staff_records(chance: Chance, day: date) -> Iterator[JsonObject]:
    """Yield what people do on a local day; nothing on weekends and holidays."""
    if not is_business_day(day):
        return
    for person in company.PEOPLE:
        if chance.random() < _AT_WORK:
            yield from _session(chance, person, day)
    if day.weekday() == _TUESDAY:
        yield from _legacy_session(chance, company.MARCOS, at(day, 9, 41, 20))
    if day.weekday() == _THURSDAY:
        yield from _legacy_session(chance, company.LUCIA, at(day, 14, 2, 51))


def _session(chance: Chance, person: Person, day: date) -> Iterator[JsonObject]:
    account = person.accounts[0] if chance.random() < _FIRST_ACCOUNT else person.accounts[-1]
    address = company.OFFICE_ADDRESS if chance.random() < _IN_OFFICE else person.home
    moments = times(chance, day, OFFICE_HOURS, chance.randrange(3, 7))
    start = moments[0] - timedelta(minutes=2)
    yield from sso_sign_in(chance, person, account, start, address=address)
    caller = sso_person(person, account, start, address=address)
    if person.permission_set in _COMMAND_LINE_USERS and chance.random() < _BY_COMMAND_LINE:
        caller = replace(caller, agent=CLI, console=False)
    for moment in moments:
        yield from _look(chance, caller, moment, person)
    if person.permission_set is PermissionSet.DEVELOPER and account is Account.DEVELOPMENT:
        yield from _develop(chance, caller, moments)


def _look(chance: Chance, caller: Caller, moment: datetime, person: Person) -> Iterator[JsonObject]:
    """Yield what one page of the console calls."""
    for number, (service, name) in enumerate(chance.sample(_PAGES[person.permission_set], k=3)):
        region = Region.VIRGINIA if service in {"iam", "ce", "organizations", "health"} else _REGION
        yield api_call(chance, caller, moment + timedelta(seconds=number), look(service, name, region))
    if chance.random() < _REFUSED_PAGES:
        arn = f"arn:aws:ce:{Region.VIRGINIA}:{caller.account}:/GetCostAndUsage"
        refusal = denied(caller, "ce:GetCostAndUsage", arn, code="AccessDeniedException")
        call = Call("ce", "GetCostAndUsage", Region.VIRGINIA, refusal=refusal)
        yield api_call(chance, caller, moment + timedelta(seconds=2), call)


def _develop(chance: Chance, caller: Caller, moments: list[datetime]) -> Iterator[JsonObject]:
    """Yield a developer's changes in the development account."""
    name = chance.choice(("antifraude-dev", "notificacoes-dev", "cadastro-dev"))
    arn = f"arn:aws:lambda:{_REGION}:{caller.account}:function:{name}"
    updated: JsonObject = {
        "functionName": name,
        "functionArn": arn,
        "runtime": "python3.13",
        "codeSha256": chance.letters(43) + "=",
        "version": "$LATEST",
        "revisionId": chance.uuid(),
    }
    asked: JsonObject = {"functionName": name, "publish": False, "dryRun": False}
    yield api_call(chance, caller, moments[-1], Call("lambda", "UpdateFunctionCode20150331v2", _REGION, asked, updated))
    if chance.random() < _TEST_MACHINES:
        machine = f"i-{fixed_hex(str(caller.identity['principalId']), 17)}"
        items = {"items": [{"instanceId": machine}]}
        done: JsonObject = {"requestId": chance.uuid(), "instancesSet": items}
        yield api_call(
            chance, caller, moments[0], Call("ec2", "StartInstances", _REGION, {"instancesSet": items}, done)
        )
        yield api_call(
            chance,
            caller,
            moments[-1] + timedelta(minutes=3),
            Call("ec2", "StopInstances", _REGION, {"instancesSet": items, "force": False}, done),
        )


def _legacy_session(chance: Chance, user: str, moment: datetime) -> Iterator[JsonObject]:
    """Yield the session of an IAM user who signs in at the console page with MFA."""
    page = Caller(iam_user(Account.PRODUCTION, user), Account.PRODUCTION, company.OFFICE_ADDRESS, BROWSER)
    yield console_login(chance, page, moment, mfa=True)
    caller = console_user(Account.PRODUCTION, user, moment, mfa=True, address=company.OFFICE_ADDRESS)
    for minutes in (1, 4, 9):
        call = look("rds", "DescribeDBInstances", _REGION)
        yield api_call(chance, caller, moment + timedelta(minutes=minutes), call)


_COMMON = (
    ("health", "DescribeEventAggregates"),
    ("monitoring", "DescribeAlarms"),
    ("logs", "DescribeLogGroups"),
    ("ec2", "DescribeInstances"),
    ("ec2", "DescribeVpcs"),
)
_PAGES: dict[PermissionSet, tuple[tuple[str, str], ...]] = {
    PermissionSet.ADMINISTRATOR: (*_COMMON, ("iam", "ListRoles"), ("iam", "ListUsers"), ("ecs", "ListServices")),
    PermissionSet.DEVELOPER: (
        *_COMMON,
        ("lambda", "ListFunctions20150331"),
        ("ecs", "ListTasks"),
        ("logs", "DescribeQueries"),
    ),
    PermissionSet.DATA_ANALYST: (
        ("athena", "ListWorkGroups"),
        ("athena", "ListQueryExecutions"),
        ("glue", "GetDatabases"),
    ),
    PermissionSet.DATABASE: (("rds", "DescribeDBInstances"), ("rds", "DescribeEvents"), ("rds", "DescribeDBSnapshots")),
    PermissionSet.AUDITOR: (
        ("cloudtrail", "DescribeTrails"),
        ("cloudtrail", "LookupEvents"),
        ("guardduty", "ListFindings"),
        ("iam", "GetAccountSummary"),
        ("iam", "ListAccessKeys"),
    ),
    PermissionSet.SUPPORT: (*_COMMON, ("ecs", "ListTasks"), ("logs", "FilterLogEvents")),
    PermissionSet.BILLING: (("ce", "GetCostAndUsage"), ("ce", "GetCostForecast"), ("organizations", "ListAccounts")),
}
