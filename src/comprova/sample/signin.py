"""Sign-ins: the console page of root and IAM users, and the chain of records that Identity Center leaves.

Forms: AWS documentation, "AWS Management Console sign-in events" and "Understanding IAM Identity Center sign-in
events".
"""

import base64
from datetime import datetime, timedelta

from comprova.sample import company
from comprova.sample.callers import BROWSER, SSO_REGION, Caller, JsonObject, iam_user, session_context, sso_role, stamp
from comprova.sample.company import Account, Person, Region
from comprova.sample.ids import Chance, fixed_hex
from comprova.sample.records import Call, api_call, assumed, resource, tls_details

_LOGIN_TO = "https://console.aws.amazon.com/console/home?hashArgs=%23&isauthcode=true"


def console_login(chance: Chance, caller: Caller, moment: datetime, *, mfa: bool, success: bool = True) -> JsonObject:
    """Return a ConsoleLogin of root or of an IAM user.

    A refused sign-in has `errorMessage` but no `errorCode`; the region is us-east-1 by the global sign-in page.
    """
    extra: JsonObject = {"LoginTo": _LOGIN_TO, "MobileVersion": "No", "MFAUsed": "Yes" if mfa else "No"}
    if mfa and success:
        extra["MFAIdentifier"] = f"arn:aws:iam::{caller.account}:mfa/{caller.identity.get('userName', 'root')}"
    record = _sign_in(chance, caller, moment, "ConsoleLogin") | {
        "responseElements": {"ConsoleLogin": "Success" if success else "Failure"},
        "additionalEventData": extra,
    }
    if not success:
        record["errorMessage"] = "Failed authentication"
    return record


def unknown_user_login(chance: Chance, account: Account, moment: datetime, address: str) -> JsonObject:
    """Return a failed ConsoleLogin for a user name that does not exist; CloudTrail hides what was typed."""
    identity = iam_user(account, "HIDDEN_DUE_TO_SECURITY_REASONS") | {"principalId": "", "accessKeyId": ""}
    del identity["arn"]
    record = console_login(chance, Caller(identity, account, address, BROWSER), moment, mfa=False, success=False)
    record["errorMessage"] = "No username found in supplied account"
    return record


def sso_sign_in(
    chance: Chance, person: Person, account: Account, moment: datetime, *, address: str
) -> list[JsonObject]:
    """Return what a sign-in through Identity Center records: authentication, federation, role, console."""
    role = sso_role(account, person.permission_set)
    center: JsonObject = {
        "type": "IdentityCenterUser",
        "accountId": Account.SECURITY,
        "onBehalfOf": {"userId": person.user_id, "identityStoreArn": company.IDENTITY_STORE},
        "credentialId": chance.uuid(),
    }
    at_center = Caller(center, Account.SECURITY, address, BROWSER)
    workflow = chance.uuid()
    authentication = _sign_in(chance, at_center, moment, "UserAuthentication") | {
        "awsRegion": SSO_REGION,
        "eventType": "AwsServiceEvent",
        "additionalEventData": {
            "AuthWorkflowID": workflow,
            "LoginTo": "https://pagamentosipe.awsapps.com/start/",
            "CredentialType": "EXTERNAL_IDP",
            "UserName": person.email,
        },
        "serviceEventDetails": {"UserAuthentication": "Success"},
    }
    federation = _sign_in(chance, at_center, moment + timedelta(seconds=4), "Federate") | {
        "eventSource": "sso.amazonaws.com",
        "awsRegion": SSO_REGION,
        "eventType": "AwsServiceEvent",
        "serviceEventDetails": {"role_name": person.permission_set, "account_id": account},
    }
    provider = f"arn:aws:iam::{account}:saml-provider/AWSSSO_{fixed_hex(account, 16)}_DO_NOT_DELETE"
    saml: JsonObject = {
        "type": "SAMLUser",
        "principalId": f"{base64.b64encode(provider[-28:].encode()).decode()}:{person.email}",
        "userName": person.email,
        "identityProvider": base64.b64encode(provider[-28:].encode()).decode(),
    }
    request: JsonObject = {
        "sAMLAssertionID": f"_{chance.uuid()}",
        "roleSessionName": person.email,
        "durationSeconds": 28800,
        "roleArn": role.arn,
        "principalArn": provider,
    }
    answer = assumed(role, person.email, moment, hours=8) | {
        "subject": person.email,
        "subjectType": "persistent",
        "issuer": "https://portal.sso.sa-east-1.amazonaws.com/saml/assertion/ipe",
        "audience": "https://signin.aws.amazon.com/saml",
    }
    roles = (resource("AWS::IAM::Role", role.arn, account), resource("AWS::IAM::SAMLProvider", provider, account))
    assumption = api_call(
        chance,
        Caller(saml, account, address, BROWSER),
        moment + timedelta(seconds=5),
        Call("sts", "AssumeRoleWithSAML", SSO_REGION, request, answer, roles),
    )
    federated: JsonObject = {
        "type": "AssumedRole",
        "principalId": f"{role.unique_id}:{person.email}",
        "arn": role.session_arn(person.email),
        "accountId": account,
        "sessionContext": session_context(role, moment),
    }
    at_console = Caller(federated, account, address, BROWSER)
    login = _sign_in(chance, at_console, moment + timedelta(seconds=7), "ConsoleLogin") | {
        "awsRegion": SSO_REGION,
        "responseElements": {"ConsoleLogin": "Success"},
        "additionalEventData": {"MobileVersion": "No", "MFAUsed": "No", "SamlProviderArn": provider},
    }
    return [authentication, federation, assumption, login]


def _sign_in(chance: Chance, caller: Caller, moment: datetime, name: str) -> JsonObject:
    return {
        "eventVersion": "1.09",
        "userIdentity": caller.identity,
        "eventTime": stamp(moment),
        "eventSource": "signin.amazonaws.com",
        "eventName": name,
        "awsRegion": Region.VIRGINIA,
        "sourceIPAddress": caller.address,
        "userAgent": caller.agent,
        "requestParameters": None,
        "responseElements": None,
        "eventID": chance.uuid(),
        "readOnly": False,
        "eventType": "AwsConsoleSignIn",
        "managementEvent": True,
        "recipientAccountId": caller.account,
        "eventCategory": "Management",
        "tlsDetails": tls_details("signin.aws.amazon.com"),
    }
