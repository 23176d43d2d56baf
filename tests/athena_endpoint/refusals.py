"""How calls are refused and statements fail, in AWS's words.

Texts and numbers: Athena API reference, Athena User Guide ("Athena error catalog", "Troubleshooting in Athena"), and
what others measured on AWS (see the README beside this file).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from athena_endpoint.trino_client import TrinoError


class State(StrEnum):
    """Of an execution."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def is_final(self) -> bool:
        """Whether it does not change any more."""
        return self not in {State.QUEUED, State.RUNNING}


class Category(IntEnum):
    """Whose fault a failure is."""

    SYSTEM = 1
    USER = 2


class RefusedError(Exception):
    """A call that is refused.

    Attributes:
        code: Such as InvalidRequestException.
        message: What it says.
        details: Further members of the answer: AthenaErrorCode, Reason.
    """

    def __init__(self, code: str, message: str, **details: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details


def invalid(message: str, code: str = "INVALID_INPUT") -> RefusedError:
    """Return an InvalidRequestException; AWS tells its code twice."""
    return RefusedError("InvalidRequestException", message, AthenaErrorCode=code, ErrorCode=code)


@dataclass(frozen=True, slots=True)
class Ending:
    """How an execution ended that did not succeed.

    Attributes:
        state: FAILED or CANCELLED.
        reason: What Athena says.
        category, error_type: Of Athena's error catalog; a cancelled execution has none.
        retryable: Whether Athena says that the same statement may succeed later.
    """

    state: State
    reason: str
    category: Category = Category.USER
    error_type: int = 1000
    retryable: bool = False


class EndedError(Exception):
    """A statement that did not succeed."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.reason)
        self.ending = ending


def failed(reason: str, error_type: int = 1000) -> EndedError:
    """Return the failure of a statement."""
    return EndedError(Ending(State.FAILED, reason, error_type=error_type))


CANCELLED_BY_USER = Ending(State.CANCELLED, "Query cancelled by user")
CUT_OFF = Ending(State.CANCELLED, "Bytes scanned limit was exceeded")

DDL_TASK_FAILED = 1003
NOT_SUPPORTED = 1200
_PERMISSION = 1501
_RESULTS_NOT_WRITTEN = 401
_INTERNAL = 200

_ERROR_TYPES: Mapping[str, int] = {
    "TABLE_NOT_FOUND": 1301,
    "SCHEMA_NOT_FOUND": 1301,
    "COLUMN_NOT_FOUND": 1006,
    "SYNTAX_ERROR": 1006,
    "MISSING_COLUMN_NAME": 1006,
    "TYPE_MISMATCH": 1002,
    "FUNCTION_NOT_FOUND": 1303,
    "DIVISION_BY_ZERO": 1001,
    "INVALID_CAST_ARGUMENT": 1100,
    "INVALID_FUNCTION_ARGUMENT": 1106,
    "NOT_SUPPORTED": NOT_SUPPORTED,
    "HIVE_BAD_DATA": 1001,
    "HIVE_CURSOR_ERROR": 1001,
    "HIVE_CANNOT_OPEN_SPLIT": 1001,
}
_NOT_AUTHORISED = " or requester is not authorized to access requested resources"


def trino_ending(error: TrinoError) -> Ending:
    """Return how Athena tells a failure of Trino."""
    if error.name == "USER_CANCELED":
        return CANCELLED_BY_USER
    suffix = _NOT_AUTHORISED if error.name == "COLUMN_NOT_FOUND" else ""
    reason = f"{error.name}: {error.message}{suffix}"
    if error.kind == "INSUFFICIENT_RESOURCES":
        exhausted = f"Query exhausted resources at this scale factor: {reason}"
        return Ending(State.FAILED, exhausted, Category.SYSTEM, 0, retryable=False)
    if error.kind == "INTERNAL_ERROR":
        return Ending(State.FAILED, reason, Category.SYSTEM, _INTERNAL, retryable=False)
    return Ending(State.FAILED, reason, error_type=_ERROR_TYPES.get(error.name, 1000))


def denied(uri: str) -> EndedError:
    """Return the failure of a statement that may not read or list a place."""
    return EndedError(Ending(State.FAILED, f"Permission denied on S3 path: {uri}", error_type=_PERMISSION))


def key_denied(uri: str, key: str) -> EndedError:
    """Return the failure of a statement that may read an object, but not use the key that it is encrypted with."""
    reason = (
        "HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split "
        f"{uri} (offset=0, length=0): com.amazonaws.services.s3.model.AmazonS3Exception: User: {CALLER} is not "
        f"authorized to perform: kms:Decrypt on resource: {key} because no identity-based policy allows the "
        "kms:Decrypt action (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)"
    )
    return EndedError(Ending(State.FAILED, reason, error_type=_PERMISSION))


CALLER = "arn:aws:sts::123456789012:assumed-role/comprova/run"
"""As whom every call is made, in messages."""


def output_region() -> RefusedError:
    """Return the refusal of a statement whose rows would go into another region."""
    return invalid(
        "The S3 location provided to save your query results is invalid. Please check your S3 location is correct and "
        "is in the same region and try again. If you continue to see the issue, contact customer support for further "
        "assistance."
    )


def other_region(uri: str) -> EndedError:
    """Return the failure of a statement over a bucket in another region."""
    reason = (
        f"HIVE_FILESYSTEM_ERROR: Error listing {uri}: com.amazonaws.services.s3.model.AmazonS3Exception: The bucket is "
        "in another region. Please use that region to retry the request (Service: Amazon S3; Status Code: 301; Error "
        "Code: PermanentRedirect)"
    )
    return EndedError(Ending(State.FAILED, reason))


def result_denied(uri: str) -> EndedError:
    """Return the failure of a statement whose rows may not be written."""
    reason = (
        f"Access denied when writing output to url: {uri} . Please ensure you are allowed to access the S3 bucket. If "
        "you are encrypting query results with KMS key, please ensure you are allowed to access your KMS key"
    )
    return EndedError(Ending(State.FAILED, reason, error_type=_RESULTS_NOT_WRITTEN))


def path_not_empty(uri: str) -> EndedError:
    """Return the failure of an UNLOAD into a place that holds something."""
    return failed(f"HIVE_PATH_ALREADY_EXISTS: Target directory for table already exists: {uri}", 1000)


def bucket_missing(uri: str) -> EndedError:
    """Return the failure of a statement over a bucket that is not there."""
    reason = (
        f"HIVE_FILESYSTEM_ERROR: Error listing {uri}: The specified bucket does not exist (Service: Amazon S3; Status "
        "Code: 404; Error Code: NoSuchBucket)"
    )
    return failed(reason, 1306)
