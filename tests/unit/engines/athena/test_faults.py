"""What AWS says is told apart: of the statement, or of the run; passing, or not."""

import botocore.exceptions as aws
import pytest

from comprova.engines.athena.faults import Fault, aws_error, fault_of, told
from comprova.errors import EngineError, RunStoppedError


def refused(code: str, message: str = "", status: int = 400) -> aws.ClientError:
    """Return boto3's error of a refused call."""
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return aws.ClientError(response, "GetObject")  # type: ignore[arg-type] # a response has more members


FAULTS: tuple[tuple[BaseException, Fault], ...] = (
    (refused("SlowDown", status=503), Fault.THROTTLED),
    (refused("ThrottlingException"), Fault.THROTTLED),
    (refused("InternalError", status=500), Fault.SERVICE),
    (refused("Unheard", status=502), Fault.SERVICE),
    (refused("ExpiredToken"), Fault.CREDENTIALS),
    (refused("SignatureDoesNotMatch", status=403), Fault.CREDENTIALS),
    (refused("AccessDenied", status=403), Fault.DENIED),
    (refused("403", status=403), Fault.DENIED),
    (refused("PermanentRedirect", status=301), Fault.REGION),
    (refused("NoSuchBucket", status=404), Fault.REGION),
    (refused("NoSuchKey", status=404), Fault.GONE),
    (refused("InvalidRequestException", "Unable to verify/create output bucket acme-store"), Fault.DENIED),
    (refused("InvalidRequestException", "No output location provided."), Fault.WORKGROUP),
    (refused("InvalidRequestException", "Rate exceeded"), Fault.THROTTLED),
    (refused("InvalidRequestException", "Queries of this type are not supported"), Fault.REFUSED),
    (refused("PreconditionFailed", status=412), Fault.REFUSED),
    (aws.NoCredentialsError(), Fault.CREDENTIALS),
    (aws.TokenRetrievalError(provider="sso", error_msg="expired"), Fault.CREDENTIALS),
    (aws.UnauthorizedSSOTokenError(), Fault.CREDENTIALS),
    (aws.NoRegionError(), Fault.REGION),
    (aws.EndpointConnectionError(endpoint_url="https://athena"), Fault.UNREACHABLE),
    (aws.ReadTimeoutError(endpoint_url="https://athena"), Fault.UNREACHABLE),
    (aws.ConnectionClosedError(endpoint_url="https://athena"), Fault.UNREACHABLE),
    (aws.IncompleteReadError(actual_bytes=1, expected_bytes=2), Fault.UNREACHABLE),
    (ValueError("not of AWS"), Fault.REFUSED),
)


def test_errors_of_calls_are_told_apart() -> None:
    """Codes of Athena, S3 and STS, and what botocore itself finds wrong."""
    found = [(repr(error), fault_of(error)) for error, _ in FAULTS]
    assert found == [(repr(error), fault) for error, fault in FAULTS]


def test_what_stops_the_run_and_what_the_statement() -> None:
    """A fault that the next statement would meet too is the run's; each tells what to do, or what Athena said."""
    stopping = {fault for fault in Fault if fault.stops_the_run}
    assert stopping == {
        Fault.THROTTLED,
        Fault.SERVICE,
        Fault.UNREACHABLE,
        Fault.CREDENTIALS,
        Fault.DENIED,
        Fault.WORKGROUP,
        Fault.REGION,
    }
    assert {type(told(fault, "x", "y")) for fault in stopping} == {RunStoppedError}
    assert {type(told(fault, "x", "y")) for fault in set(Fault) - stopping} == {EngineError}
    assert all("the same command goes on" in str(told(fault, "x", "y")) for fault in stopping)


KEY_DENIED = "User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: kms:Decrypt on the resource"
TOLD = (
    ("GetObject", "AccessDenied", "Access Denied", "expected S3 to give this object", "Grant s3:GetObject on it"),
    ("PutObject", "AccessDenied", "Access Denied", "expected S3 to take this object", "Grant s3:PutObject on it"),
    ("ListObjectsV2", "AccessDenied", "Access Denied", "expected S3 to list", "Grant s3:ListBucket on it"),
    ("GetObject", "AccessDenied", KEY_DENIED, "expected S3 to give", "Grant kms:Decrypt on the key of what is read"),
    ("GetTable", "AccessDeniedException", "no", "expected the Glue Data Catalog", "Grant glue:GetTable on it"),
    ("PutObject", "SlowDown", "Reduce your rate", "expected S3 to take", "Run it when fewer others use the bucket"),
    ("PutObject", "NoSuchBucket", "none", "expected S3 to take", "Check that the bucket is there"),
    ("PutObject", "ExpiredToken", "expired", "expected S3 to take", "Renew the AWS credentials"),
    ("StartQueryExecution", "AccessDeniedException", "no", "expected Athena to answer", "Grant what docs/athena.md"),
)


@pytest.mark.parametrize(("operation", "code", "message", "expected", "hint"), TOLD)
def test_an_error_says_where_it_happened_and_what_to_do(
    operation: str, code: str, message: str, expected: str, hint: str
) -> None:
    """The object, bucket or table, what was asked of which service, what AWS said, what to grant or to check."""
    error = aws.ClientError({"Error": {"Code": code, "Message": message}}, operation)
    said = str(aws_error(error, "s3://acme-store/comprova/loads/1.json"))
    assert said.startswith(f"s3://acme-store/comprova/loads/1.json: {expected}")
    assert f"found {code} of {operation}: {message}. {hint}" in said
    assert said.endswith("the same command goes on where this one ended.")


def test_an_error_without_an_answer_says_where_it_happened() -> None:
    """No service is named that nobody heard of."""
    error = aws.EndpointConnectionError(endpoint_url="https://s3")
    assert str(aws_error(error, "s3://acme-store/x")).startswith("s3://acme-store/x: expected AWS to answer, found ")


def test_an_error_that_was_told_already_stays_as_it_is() -> None:
    """PyAthena wraps whatever it meets; what is meant lies within."""
    first = RunStoppedError(told(Fault.DENIED, "x", "y").problems)
    second = ValueError("wrapped")
    second.__cause__ = first
    assert aws_error(second, "z") is first
