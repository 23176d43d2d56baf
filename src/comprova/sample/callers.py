"""Who calls, in the forms of `userIdentity`: people, IAM users, root, roles, services and strangers.

The forms are those of the AWS documentation ("CloudTrail userIdentity element") and of real records.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeAlias

from comprova.sample import company
from comprova.sample.company import Account, PermissionSet, Person, Region
from comprova.sample.ids import fixed_hex, fixed_id

JsonObject: TypeAlias = dict[str, object]

BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
)
CLI = "aws-cli/2.31.6 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.7 md/installer#exe"
JAVA_SDK = "aws-sdk-java/2.34.0 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1 lang/java#21.0.8 exec-env/AWS_ECS_FARGATE"
PYTHON_SDK = "Boto3/1.40.45 md/Botocore#1.40.45 ua/2.1 os/linux#5.10 lang/python#3.13 exec-env/AWS_Lambda_python3.13"
OLD_SDK = "aws-sdk-java/1.12.780 Linux/4.18.0 OpenJDK_64-Bit_Server_VM/11.0.25 java/11.0.25"
_SSM_AGENT = "aws-sdk-go/1.55.5 (go1.22.5; linux; amd64) amazon-ssm-agent/"

SSO_REGION = Region.SAO_PAULO


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone or something that calls AWS.

    Attributes:
        identity: The record's `userIdentity`.
        account: The account in which the call is recorded.
        address: `sourceIPAddress`: an address, or the name of a service.
        agent: `userAgent`.
        console: The credentials come from a console session.
        endpoint: The VPC endpoint the call came through, if any.
        old_tls: The client speaks TLS 1.2 only.
    """

    identity: JsonObject
    account: Account
    address: str
    agent: str
    console: bool = False
    endpoint: str | None = None
    old_tls: bool = False

    @property
    def arn(self) -> str:
        """The caller's ARN, as messages of refusal name it."""
        return str(self.identity.get("arn", self.identity.get("invokedBy", "")))


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role.

    Attributes:
        account: Where it lives.
        name: Its name.
        path: Its path, `/` unless AWS made it.
    """

    account: Account
    name: str
    path: str = "/"

    @property
    def arn(self) -> str:
        """The ARN with the path."""
        return f"arn:aws:iam::{self.account}:role{self.path}{self.name}"

    @property
    def unique_id(self) -> str:
        """The AROA… id."""
        return fixed_id("AROA", f"{self.account}/{self.name}")

    def session_arn(self, session: str) -> str:
        """Return the ARN of a session; it leaves out the path."""
        return f"arn:aws:sts::{self.account}:assumed-role/{self.name}/{session}"


def sso_role(account: Account, permission_set: PermissionSet) -> Role:
    """Return the role that Identity Center made for a permission set in an account."""
    suffix = fixed_hex(f"{account}/{permission_set}", 16)
    name = f"AWSReservedSSO_{permission_set}_{suffix}"
    return Role(account, name, f"/aws-reserved/sso.amazonaws.com/{SSO_REGION}/")


def service_linked_role(account: Account, service: str, name: str) -> Role:
    """Return the role that a service made for itself."""
    return Role(account, name, f"/aws-service-role/{service}.amazonaws.com/")


def stamp(moment: datetime) -> str:
    """Write a moment as CloudTrail does."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


@lru_cache(maxsize=1024)
def session_identity(role: Role, session: str, created: datetime) -> JsonObject:
    """Return the `userIdentity` of a session of a role; records share it, so nobody may change it."""
    return {
        "type": "AssumedRole",
        "principalId": f"{role.unique_id}:{session}",
        "arn": role.session_arn(session),
        "accountId": role.account,
        "accessKeyId": fixed_id("ASIA", f"{role.arn}/{session}/{created.isoformat()}"),
        "sessionContext": session_context(role, created),
    }


def session_context(role: Role, created: datetime) -> JsonObject:
    """Return the `sessionContext` of a session of a role."""
    return {
        "sessionIssuer": {
            "type": "Role",
            "principalId": role.unique_id,
            "arn": role.arn,
            "accountId": role.account,
            "userName": role.name,
        },
        "attributes": {"creationDate": stamp(created), "mfaAuthenticated": "false"},
    }


def workload(role: Role, session: str, moment: datetime, *, agent: str = JAVA_SDK) -> Caller:
    """Return a program that runs under a role; its credentials change every six hours."""
    return Caller(session_identity(role, session, _renewed(moment)), role.account, company.EGRESS_ADDRESS, agent)


def instance(role: Role, instance_id: str, moment: datetime) -> Caller:
    """Return a program on an EC2 instance with a role, by the instance metadata service version 2."""
    created = _renewed(moment)
    context = session_context(role, created) | {"ec2RoleDelivery": "2.0"}
    identity = session_identity(role, instance_id, created) | {"sessionContext": context}
    return Caller(identity, role.account, company.EGRESS_ADDRESS, _SSM_AGENT)


def service_role(role: Role, service: str, moment: datetime) -> Caller:
    """Return a service that works under its service-linked role."""
    name = f"{service}.amazonaws.com"
    identity = session_identity(role, role.name.removeprefix("AWSServiceRoleFor"), _renewed(moment)) | {
        "invokedBy": name
    }
    return Caller(identity, role.account, name, name)


def aws_service(account: Account, service: str) -> Caller:
    """Return a service that acts for itself in an account."""
    name = f"{service}.amazonaws.com"
    return Caller({"type": "AWSService", "invokedBy": name}, account, name, name)


def sso_person(person: Person, account: Account, created: datetime, *, address: str = company.OFFICE_ADDRESS) -> Caller:
    """Return a person in a console session that Identity Center opened."""
    identity = session_identity(sso_role(account, person.permission_set), person.email, created) | {
        "onBehalfOf": {"userId": person.user_id, "identityStoreArn": company.IDENTITY_STORE}
    }
    return Caller(identity, account, address, BROWSER, console=True)


def iam_user(account: Account, name: str) -> JsonObject:
    """Return the `userIdentity` of an IAM user without credentials, as sign-ins have it."""
    return {
        "type": "IAMUser",
        "principalId": fixed_id("AIDA", f"{account}/{name}"),
        "arn": f"arn:aws:iam::{account}:user/{name}",
        "accountId": account,
        "userName": name,
    }


def key_holder(account: Account, name: str) -> Caller:
    """Return a program that signs with the long-term key of an IAM user, from the data centre."""
    identity = iam_user(account, name) | {"accessKeyId": fixed_id("AKIA", f"{account}/{name}")}
    return Caller(identity, account, company.DATA_CENTRE_ADDRESS, OLD_SDK, old_tls=True)


def console_user(account: Account, name: str, created: datetime, *, mfa: bool, address: str) -> Caller:
    """Return an IAM user in a console session."""
    identity = iam_user(account, name) | _console_session(f"{account}/{name}", created, mfa=mfa)
    return Caller(identity, account, address, BROWSER, console=True)


def root(account: Account, created: datetime | None, *, mfa: bool, address: str) -> Caller:
    """Return the root user: in a console session, or at the sign-in page when `created` is None."""
    identity: JsonObject = {
        "type": "Root",
        "principalId": account,
        "arn": f"arn:aws:iam::{account}:root",
        "accountId": account,
    }
    if created is not None:
        identity |= _console_session(f"{account}/root", created, mfa=mfa)
    return Caller(identity, account, address, BROWSER, console=created is not None)


def vendor(account: Account) -> Caller:
    """Return the monitoring vendor, as the account that it reaches sees it: no ARN, only its account."""
    identity: JsonObject = {
        "type": "AWSAccount",
        "principalId": f"{fixed_id('AROA', 'vendor')}:coletor",
        "accountId": company.VENDOR_ACCOUNT,
    }
    return Caller(identity, account, company.VENDOR_ADDRESS, PYTHON_SDK)


def _console_session(name: str, created: datetime, *, mfa: bool) -> JsonObject:
    return {
        "accessKeyId": fixed_id("ASIA", f"{name}/{created.isoformat()}"),
        "sessionContext": {
            "attributes": {"creationDate": stamp(created), "mfaAuthenticated": "true" if mfa else "false"},
        },
    }


def _renewed(moment: datetime) -> datetime:
    """Return when the credentials in use at a moment were issued."""
    return moment.replace(hour=moment.hour - moment.hour % 6, minute=0, second=0) - timedelta(minutes=7)
