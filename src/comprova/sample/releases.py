"""Deployments by the pipeline: a role that GitHub Actions assumes with an OpenID Connect token, without any key."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from comprova.sample import company
from comprova.sample.callers import Caller, JsonObject, Role, session_context, session_identity
from comprova.sample.company import Account, Region
from comprova.sample.ids import Chance
from comprova.sample.records import Call, api_call, assumed, resource
from comprova.sample.rhythm import OFFICE_HOURS, is_business_day, times

_REGION = Region.SAO_PAULO
_AGENT = "aws-sdk-js/3.901.0 ua/2.1 os/linux#6.11 lang/js md/nodejs#22.20.0 api/ecs#3.901.0"
_PROVIDER = "token.actions.githubusercontent.com"


def release_records(chance: Chance, day: date) -> Iterator[JsonObject]:
    """Yield a local day's deployments: some in development, fewer in production, none out of office hours."""
    if not is_business_day(day):
        return
    for account, most in ((Account.DEVELOPMENT, 3), (Account.PRODUCTION, 2)):
        for moment in times(chance, day, OFFICE_HOURS, chance.randrange(1, most + 1)):
            yield from _release(chance, account, moment)


def _release(chance: Chance, account: Account, moment: datetime) -> Iterator[JsonObject]:
    role = Role(account, company.PIPELINE)
    service = chance.choice(company.SERVICES)
    session = f"GitHubActions-{chance.randrange(10**10):010d}"
    subject = f"repo:pagamentos-ipe/{service}:ref:refs/heads/main"
    yield pipeline_sign_in(chance, role, subject, session, moment)
    caller = Caller(_by_token(role, session, moment), account, company.CI_ADDRESS, _AGENT)
    revision = chance.randrange(40, 400)
    for seconds, call in _steps(account, service, revision, chance.hexadecimal(12)):
        yield api_call(chance, caller, moment + timedelta(seconds=seconds), call)
    if service == "antifraude":
        yield from _function_release(chance, caller, moment + timedelta(seconds=95))


def pipeline_sign_in(chance: Chance, role: Role, subject: str, session: str, moment: datetime) -> JsonObject:
    """Return how a workload of GitHub obtains the role of the pipeline.

    Args:
        chance: Draws the ids of the record.
        role: The pipeline's.
        subject: What the token says of the workload: repository and branch.
        session: Name of the session.
        moment: When, in UTC.
    """
    provider = _provider(role.account)
    web: JsonObject = {
        "type": "WebIdentityUser",
        "principalId": workload_id(role.account, subject),
        "userName": subject,
        "identityProvider": provider,
    }
    asked: JsonObject = {"roleArn": role.arn, "roleSessionName": session, "durationSeconds": 3600}
    answer = assumed(role, session, moment) | {
        "subjectFromWebIdentityToken": subject,
        "provider": provider,
        "audience": "sts.amazonaws.com",
    }
    owned = (resource("AWS::IAM::Role", role.arn, role.account),)
    call = Call("sts", "AssumeRoleWithWebIdentity", _REGION, asked, answer, owned)
    return api_call(chance, Caller(web, role.account, company.CI_ADDRESS, _AGENT), moment, call)


def workload_id(account: Account, subject: str) -> str:
    """Return the principal id of a workload of GitHub in an account."""
    return f"{_provider(account)}:sts.amazonaws.com:{subject}"


def _provider(account: Account) -> str:
    return f"arn:aws:iam::{account}:oidc-provider/{_PROVIDER}"


def _by_token(role: Role, session: str, moment: datetime) -> JsonObject:
    """Return the identity of the pipeline's session, which names the token's issuer."""
    provider = _provider(role.account)
    federation: JsonObject = {"webIdFederationData": {"federatedProvider": provider, "attributes": {}}}
    return session_identity(role, session, moment) | {"sessionContext": session_context(role, moment) | federation}


def _steps(account: Account, service: str, revision: int, image: str) -> Iterator[tuple[int, Call]]:
    """Yield the calls of a container release, with the seconds after its start."""
    family = f"{service}:{revision}"
    definition = f"arn:aws:ecs:{_REGION}:{account}:task-definition/{family}"
    container: JsonObject = {
        "name": service,
        "image": f"{account}.dkr.ecr.{_REGION}.amazonaws.com/{service}:{image}",
        "essential": True,
    }
    task: JsonObject = {
        "family": service,
        "taskRoleArn": Role(account, f"ecs-{service}").arn,
        "networkMode": "awsvpc",
        "containerDefinitions": [container],
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "512",
        "memory": "1024",
    }
    registered: JsonObject = {"taskDefinition": task | {"taskDefinitionArn": definition, "revision": revision}}
    wanted: JsonObject = {"cluster": company.CLUSTER, "service": service, "taskDefinition": definition}
    running: JsonObject = {"service": {"serviceName": service, "status": "ACTIVE", "taskDefinition": definition}}
    described: JsonObject = {"cluster": company.CLUSTER, "services": [service]}
    yield 2, Call("ecr", "GetAuthorizationToken", _REGION, {})
    yield 31, Call("ecs", "RegisterTaskDefinition", _REGION, task, registered)
    yield 34, Call("ecs", "UpdateService", _REGION, wanted, running)
    for seconds in (40, 70, 100, 130):
        yield seconds, Call("ecs", "DescribeServices", _REGION, described)


def _function_release(chance: Chance, caller: Caller, moment: datetime) -> Iterator[JsonObject]:
    """Yield the release of a function by a change set; CloudFormation calls Lambda in the pipeline's name."""
    stack = f"arn:aws:cloudformation:{_REGION}:{caller.account}:stack/antifraude/{chance.uuid()}"
    change = f"implantacao-{chance.hexadecimal(8)}"
    asked: JsonObject = {"stackName": "antifraude", "changeSetName": change, "changeSetType": "UPDATE"}
    made: JsonObject = {"id": stack.replace(":stack/", ":changeSet/"), "stackId": stack}
    yield api_call(chance, caller, moment, Call("cloudformation", "CreateChangeSet", _REGION, asked, made))
    run: JsonObject = {"stackName": "antifraude", "changeSetName": change}
    yield api_call(
        chance, caller, moment + timedelta(seconds=9), Call("cloudformation", "ExecuteChangeSet", _REGION, run)
    )
    name = "cloudformation.amazonaws.com"
    on_behalf = replace(caller, identity=caller.identity | {"invokedBy": name}, address=name, agent=name)
    code: JsonObject = {
        "functionName": "antifraude",
        "s3Bucket": f"ipe-artefatos-{caller.account}",
        "s3Key": f"antifraude/{change}.zip",
        "publish": False,
        "dryRun": False,
    }
    arn = f"arn:aws:lambda:{_REGION}:{caller.account}:function:antifraude"
    updated: JsonObject = {"functionName": "antifraude", "functionArn": arn, "version": "$LATEST"}
    yield api_call(
        chance,
        on_behalf,
        moment + timedelta(seconds=15),
        Call("lambda", "UpdateFunctionCode20150331v2", _REGION, code, updated),
    )
