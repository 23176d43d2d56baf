"""What AWS says is wrong, and what that means: for a statement, for the run, and for whoever mends it.

Codes and texts are those of the Amazon Athena API Reference (Common Errors, StartQueryExecution, GetQueryResults), of
the Athena User Guide ("Athena error catalog", "Troubleshooting in Athena"), and of the error responses of Amazon S3 and
AWS STS.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import botocore.exceptions as aws
from botocore.parsers import ResponseParserError

from comprova.errors import ComprovaError, EngineError, Problem, RunStoppedError

if TYPE_CHECKING:
    from pyathena.model import AthenaQueryExecution


AWS_ERRORS = (aws.ClientError, aws.BotoCoreError, ResponseParserError)
"""What boto3's clients raise."""


class Fault(StrEnum):
    """What is wrong."""

    THROTTLED = "throttled"
    """Too many calls, or too many statements at once in the account."""
    SERVICE = "service"
    """AWS itself failed to answer."""
    UNREACHABLE = "unreachable"
    """No connection, or none that lasted."""
    CREDENTIALS = "credentials"
    """None, or expired, or not accepted."""
    DENIED = "denied"
    """The credentials may not do this."""
    WORKGROUP = "workgroup"
    """It is disabled, is not there, or has nowhere to write results."""
    REGION = "region"
    """A bucket or an endpoint is not where the job says."""
    FORGOTTEN = "forgotten"
    """Athena does not know the execution; it keeps them for 45 days (Athena User Guide, "View query history")."""
    GONE = "gone"
    """The rows of an execution, or another object, are no longer there."""
    CUTOFF = "cutoff"
    """The statement scanned as much as the workgroup allows."""
    CANCELLED = "cancelled"
    """Someone stopped the statement."""
    REFUSED = "refused"
    """Athena answered, and the answer is no."""

    @property
    def stops_the_run(self) -> bool:
        """Whether it says nothing of the statement, and the next one would meet it too."""
        return self in _STOPS

    @property
    def passes(self) -> bool:
        """Whether the same call may succeed a little later."""
        return self in _PASSES


_PASSES = frozenset({Fault.THROTTLED, Fault.SERVICE, Fault.UNREACHABLE})
_STOPS = _PASSES | {Fault.CREDENTIALS, Fault.DENIED, Fault.WORKGROUP, Fault.REGION}

_GO_ON = "the same command goes on where this one ended"
AGAIN = "give the same command again; where the evidence is sealed already, with --revise"
"""What to do about a statement that failed, as part of a sentence."""

_HINTS: Mapping[Fault, str] = {
    Fault.THROTTLED: f"Lower the job's concurrency, or ask AWS for a higher quota; {_GO_ON}.",
    Fault.SERVICE: f"Wait until AWS is well (AWS Health Dashboard); {_GO_ON}.",
    Fault.UNREACHABLE: f"Check the network and the job's region; {_GO_ON}.",
    Fault.CREDENTIALS: f"Renew the AWS credentials; {_GO_ON}.",
    Fault.WORKGROUP: f"Enable it, or run comprova athena setup JOB --update, in the job's region; {_GO_ON}.",
    Fault.REGION: f"Check the buckets' names and that they are in the job's region; {_GO_ON}.",
    Fault.FORGOTTEN: f"Athena keeps executions for 45 days: {AGAIN}.",
    Fault.GONE: f"Let what the store holds live until the run has ended, and {AGAIN}.",
    Fault.CUTOFF: f"Raise the job's query_cutoff, run comprova athena setup JOB --update, and {AGAIN}.",
    Fault.CANCELLED: f"Find out who or what stopped it, and {AGAIN}.",
    Fault.REFUSED: f"When its cause is mended, {AGAIN}.",
}


@dataclass(frozen=True, slots=True)
class _Call:
    """A call to a service.

    Attributes:
        expected: Of the service.
        grant: The IAM action that allows it; empty where no single one does.
    """

    expected: str
    grant: str


_OF_ATHENA, _UNHEARD = _Call("Athena to answer", ""), _Call("AWS to answer", "")
_CALLS: Mapping[str, _Call] = {
    "ListObjectsV2": _Call("S3 to list what lies there", "s3:ListBucket"),
    "GetObject": _Call("S3 to give this object", "s3:GetObject"),
    "PutObject": _Call("S3 to take this object", "s3:PutObject"),
    "DeleteObject": _Call("S3 to delete this object", "s3:DeleteObject"),
    "GetBucketLocation": _Call("S3 to tell the bucket's region", "s3:GetBucketLocation"),
    "GetDatabase": _Call("the Glue Data Catalog to tell of it", "glue:GetDatabase"),
    "GetTable": _Call("the Glue Data Catalog to tell of it", "glue:GetTable"),
}
_OF_KEY = re.compile(r"\bkms:[A-Z][A-Za-z*]+")

_CODES_OF: Mapping[Fault, str] = {
    Fault.THROTTLED: "ThrottlingException TooManyRequestsException Throttling ThrottledException RequestThrottled "
    "RequestThrottledException RequestLimitExceeded BandwidthLimitExceeded SlowDown",
    Fault.SERVICE: "InternalServerException InternalServerError InternalFailure InternalError ServiceUnavailable",
    Fault.UNREACHABLE: "RequestTimeout RequestTimeoutException",
    Fault.CREDENTIALS: "ExpiredToken ExpiredTokenException RequestExpired UnrecognizedClientException InvalidToken "
    "InvalidClientTokenId InvalidAccessKeyId TokenRefreshRequired MissingAuthenticationToken AuthFailure "
    "MissingAuthenticationTokenException IncompleteSignature IncompleteSignatureException InvalidSignatureException "
    "SignatureDoesNotMatch RequestTimeTooSkewed",
    Fault.DENIED: "AccessDenied AccessDeniedException UnauthorizedOperation OptInRequired NotAuthorized 403",
    Fault.REGION: "PermanentRedirect 301 AuthorizationHeaderMalformed IllegalLocationConstraintException NoSuchBucket",
    Fault.GONE: "NoSuchKey 404",
}
_CODES: Mapping[str, Fault] = {code: fault for fault, codes in _CODES_OF.items() for code in codes.split()}
_SERVER_ERROR = 500  # the first of HTTP's statuses that put the blame on the server

_ATHENA_CODES: Mapping[str, Fault] = {
    "MALFORMED_QUERY": Fault.REFUSED,
    "QUERY_EXECUTION_NOT_FOUND": Fault.FORGOTTEN,
    "RESULT_NOT_FOUND": Fault.GONE,
}
"""`AthenaErrorCode` of an InvalidRequestException, where it alone says what is wrong."""

_REQUEST_TEXTS = (
    (re.compile(r"\bwork ?group\b.*\b(disabled|not found|not active)\b", re.IGNORECASE), Fault.WORKGROUP),
    (re.compile(r"no output location provided", re.IGNORECASE), Fault.WORKGROUP),
    (re.compile(r"QueryExecution \S+ was not found", re.IGNORECASE), Fault.FORGOTTEN),
    (re.compile(r"could not find results|no longer exists?\b", re.IGNORECASE), Fault.GONE),
    (
        re.compile(r"access denied|not authorized|(do not|don't) (seem to )?have (access|permission)", re.IGNORECASE),
        Fault.DENIED,
    ),
    (re.compile(r"unable to verify/create output bucket", re.IGNORECASE), Fault.DENIED),
    (re.compile(r"\bin the same region\b|\bbucket\b.*\bregion\b", re.IGNORECASE), Fault.REGION),
    (re.compile(r"security token\b.*\b(expired|invalid)", re.IGNORECASE), Fault.CREDENTIALS),
    (re.compile(r"rate exceeded", re.IGNORECASE), Fault.THROTTLED),
)
"""What an InvalidRequestException says. Texts of AWS that were not seen at work fall to REFUSED, the answer no."""

_ABOUT_DATA = re.compile(
    r"(INVALID_[A-Z_]+|HIVE_BAD_DATA|DIVISION_BY_ZERO|NUMERIC_VALUE_OUT_OF_RANGE|[A-Z]+_NOT_FOUND|SYNTAX_ERROR"
    r"|TYPE_MISMATCH|EXCEEDED_[A-Z_]+)\b"
)
"""Errors whose text quotes logged data or the statement: an `AccessDenied` in it is what someone else was told."""

_EXECUTION_TEXTS = (
    (re.compile(r"ExpiredToken|security token included in the request is expired", re.IGNORECASE), Fault.CREDENTIALS),
    (
        re.compile(
            r"^(permission denied on |access denied\b|insufficient (permissions?|lake formation)|PERMISSION_DENIED\b)"
            r"|\bStatus Code: 403\b|\bAccess Denied \(Service\b|\bnot authorized to perform\b"
            r"|^(HIVE_(?!CURSOR_ERROR)[A-Z_]+|GENERIC_INTERNAL_ERROR)\b.*\b(access ?denied|forbidden)\b",
            re.IGNORECASE,
        ),
        Fault.DENIED,
    ),
    (re.compile(r"PermanentRedirect|\bStatus Code: 301\b|\bin the same region\b", re.IGNORECASE), Fault.REGION),
    (re.compile(r"\bNoSuchBucket\b|The specified bucket does not exist", re.IGNORECASE), Fault.REGION),
)
_CUTOFF = re.compile(r"bytes scanned limit was exceeded", re.IGNORECASE)

_NO_CREDENTIALS = (
    aws.NoCredentialsError,
    aws.PartialCredentialsError,
    aws.CredentialRetrievalError,
    aws.TokenRetrievalError,
    aws.NoAuthTokenError,
    aws.SSOError,
    aws.LoginError,
    aws.RefreshWithMFAUnsupportedError,
    aws.ProfileNotFound,
)
_NO_ENDPOINT = (aws.NoRegionError, aws.InvalidRegionError, aws.EndpointProviderError, aws.UnknownEndpointError)
_NO_CONNECTION = (aws.HTTPClientError, aws.ConnectionError, aws.IncompleteReadError)


def fault_of(error: BaseException) -> Fault:
    """Tell what an error of a call to AWS is; one that did not come from AWS is REFUSED."""
    if isinstance(error, aws.ClientError):
        return _of_response(error.response)
    if isinstance(error, _NO_CREDENTIALS):
        return Fault.CREDENTIALS
    if isinstance(error, _NO_ENDPOINT):
        return Fault.REGION
    if isinstance(error, _NO_CONNECTION):
        return Fault.UNREACHABLE
    if isinstance(error, ResponseParserError):
        return Fault.SERVICE
    return Fault.REFUSED


def _of_response(response: Mapping[str, Any]) -> Fault:
    said = response.get("Error", {})
    code, message = str(said.get("Code", "")), str(said.get("Message", ""))
    if code in _CODES:
        return _CODES[code]
    if response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= _SERVER_ERROR:
        return Fault.SERVICE
    if (athena_code := str(response.get("AthenaErrorCode", ""))) in _ATHENA_CODES:
        return _ATHENA_CODES[athena_code]
    return next((fault for text, fault in _REQUEST_TEXTS if text.search(message)), Fault.REFUSED)


def execution_fault(execution: "AthenaQueryExecution") -> Fault:
    """Tell why an execution did not succeed, by what Athena says of it."""
    reason = _reason(execution)
    if _CUTOFF.search(reason):
        return Fault.CUTOFF
    if execution.state == execution.STATE_CANCELLED:
        return Fault.CANCELLED
    if _ABOUT_DATA.match(reason):
        return Fault.REFUSED
    return next((fault for text, fault in _EXECUTION_TEXTS if text.search(reason)), Fault.REFUSED)


def _reason(execution: "AthenaQueryExecution") -> str:
    return execution.error_message or execution.state_change_reason or str(execution.state)


def aws_error(error: BaseException, where: str) -> ComprovaError:
    """Return what to raise for an error of a call to AWS.

    Args:
        error: Of boto3, or of PyAthena, which keeps boto3's as its cause.
        where: What was to be done: the name of a statement, the address of an object.

    Returns:
        A RunStoppedError where the run cannot go on, else an EngineError.
    """
    cause = error.__cause__ if error.__cause__ is not None else error
    if isinstance(cause, ComprovaError):
        return cause
    fault, words = fault_of(cause), _words(cause)
    call = _CALLS.get(cause.operation_name, _OF_ATHENA) if isinstance(cause, aws.ClientError) else _UNHEARD
    return told(fault, where, words, call)


def _hint(fault: Fault, call: _Call, words: str) -> str:
    match fault:
        case Fault.DENIED:
            key = _OF_KEY.search(words)
            what = f"{call.grant} on it" if call.grant else "what docs/athena.md lists"
            what = f"{key[0]} on the key of what is read or written there" if key else what
            return f"Grant {what} to this role (comprova doctor JOB shows what is missing); {_GO_ON}."
        case Fault.THROTTLED if call.grant:
            return f"Run it when fewer others use the bucket or the catalog; {_GO_ON}."
        case Fault.REGION if call.grant:
            return f"Check that the bucket is there, is named as in the job, and is in the job's region; {_GO_ON}."
        case _:
            return _HINTS[fault]


def _words(error: BaseException) -> str:
    if isinstance(error, aws.ClientError):
        said = error.response.get("Error", {})
        return f"{said.get('Code')} of {error.operation_name}: {said.get('Message')}"
    return str(error) or type(error).__name__


def execution_error(execution: "AthenaQueryExecution", where: str) -> ComprovaError:
    """Return what to raise for an execution that failed or was cancelled."""
    found = f"{execution.state}, {_reason(execution)} (execution {execution.query_id})"
    return told(execution_fault(execution), where, found)


def told(fault: Fault, where: str, found: str, call: _Call = _OF_ATHENA) -> ComprovaError:
    """Return the error of a fault: of the run where it stops the run, else of the statement.

    Args:
        fault: What is wrong.
        where: What was to be done.
        found: What AWS said.
        call: That it was said about.
    """
    said = " ".join(found.split()).removesuffix(".")
    problem = Problem(where, call.expected, said, _hint(fault, call, said))
    return RunStoppedError(problem) if fault.stops_the_run else EngineError(problem)
