"""PyAthena as this package uses it: its requests, its polling, its result sets, with what it leaves no option for."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from pyathena.connection import Connection
from pyathena.cursor import Cursor
from pyathena.model import AthenaQueryExecution
from pyathena.options import ExecuteOptions
from pyathena.util import RetryConfig

from comprova.engines.athena.calls import Patience, PatientClient
from comprova.engines.athena.place import AthenaPlace

# PyAthena logs every error with its traceback before it raises it; without a handler Python prints that.
logging.getLogger("pyathena").addHandler(logging.NullHandler())

_CALLS_TO_SPARE = 4  # beside one call for each statement under way: pages, statistics, stopping
_CONNECT_SECONDS, _READ_SECONDS = 10, 60


@dataclass(frozen=True, slots=True)
class Conduct:
    """How one execution is started and waited for.

    Attributes:
        token: ClientRequestToken: with the same one Athena starts one execution, however often it is asked (Athena API
            Reference, StartQueryExecution).
        known: Id of the execution that was started with it before; None if it is to be started.
        began: Told the id, before the first wait.
        rest: Waits between two looks at the state; may raise.
    """

    token: str
    known: str | None
    began: Callable[[str], None]
    rest: Callable[[str], None]


class StatementCursor(Cursor):
    """A cursor for one execution.

    Args:
        conduct: How it is started and waited for.
        owner: Account that must own the bucket of the results; empty leaves that unchecked.
        options: Of PyAthena's cursor.

    Attributes:
        last: What Athena said last of the execution; None before the first look.
    """

    def __init__(self, *, conduct: Conduct, owner: str, **options: Any) -> None:
        super().__init__(**{**options, "on_poll": self._look})
        self._conduct = conduct
        self._owner = owner
        self._result_set_kwargs = {"_pre_fetch": False}  # rows are read when they are asked for, page by page
        self.last: AthenaQueryExecution | None = None

    def _look(self, execution: object) -> None:
        if isinstance(execution, AthenaQueryExecution):
            self.last = execution

    def _build_start_query_execution_request(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        request = super()._build_start_query_execution_request(*args, **kwargs)
        request["ClientRequestToken"] = self._conduct.token
        # Evidence is what the statement finds now, not what an equal one found before.
        request["ResultReuseConfiguration"] = {"ResultReuseByAgeConfiguration": {"Enabled": False}}
        if self._owner:
            request["ResultConfiguration"]["ExpectedBucketOwner"] = self._owner
        return request

    def _execute(self, operation: str, parameters: Any = None, *, options: ExecuteOptions | None = None) -> str:
        known = self._conduct.known
        execution_id = super()._execute(operation, parameters, options=options) if known is None else known
        self._conduct.began(execution_id)
        return execution_id

    def _wait_poll_interval(self) -> None:
        self._conduct.rest(str(self.query_id))


class PatientConnection(Connection[Cursor]):
    """A connection whose every call to Athena goes through a PatientClient.

    Args:
        place: Where it leads.
        patience: Time.
    """

    def __init__(self, place: AthenaPlace, patience: Patience) -> None:
        super().__init__(
            session=boto3.Session(region_name=place.region),
            region_name=place.region,
            work_group=place.workgroup,
            s3_staging_dir=f"{place.results.uri}/",
            encryption_option="SSE_KMS" if place.kms_key else "SSE_S3",
            kms_key=place.kms_key or None,
            kill_on_interrupt=False,  # the session stops its executions itself
            retry_config=RetryConfig(attempt=1),
            config=Config(
                retries={"total_max_attempts": 1, "mode": "standard"},
                max_pool_connections=place.concurrency + _CALLS_TO_SPARE,
                connect_timeout=_CONNECT_SECONDS,
                read_timeout=_READ_SECONDS,
            ),
        )
        self._owner = place.store_owner
        self._patient = PatientClient(self._client, patience, place.deadline)

    @property
    def client(self) -> PatientClient:  # type: ignore[override] # PyAthena calls it as it calls boto3's
        """Athena's API."""
        return self._patient

    def statement_cursor(self, database: str, conduct: Conduct) -> StatementCursor:
        """Return a cursor for one execution.

        Args:
            database: In which names without one are looked up; empty for none.
            conduct: How it is started and waited for.
        """
        return self.cursor(StatementCursor, schema_name=database or None, conduct=conduct, owner=self._owner)
