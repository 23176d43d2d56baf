"""The connection of one run to Athena."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from botocore.config import Config

from comprova.catalog.column_types import ColumnType, PlainColumn, TypedColumn
from comprova.engines.athena.budget import Budget
from comprova.engines.athena.calls import Clock, Patience, Sleep, jittered
from comprova.engines.athena.cursor import PatientConnection
from comprova.engines.athena.executions import Executions
from comprova.engines.athena.faults import AGAIN, AWS_ERRORS, aws_error
from comprova.engines.athena.journal import Finished, Journal
from comprova.engines.athena.memory import Memory, Sent
from comprova.engines.athena.place import AthenaPlace
from comprova.engines.athena.results import open_result
from comprova.errors import EngineError, Problem, RunStoppedError

if TYPE_CHECKING:
    import pyarrow as pa
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client
    from pyathena.model import AthenaQueryExecution

__all__ = ["AthenaSession", "Finished", "Journal"]

_STATISTICS_TRIES = 4
_COUNT = PlainColumn("row_count", ColumnType.BIGINT)


class AthenaSession:
    """One connection to Athena for one run; its methods may be called from several threads.

    A context manager: whatever it started and has not ended is stopped when the block is left, also by Ctrl-C or
    SIGTERM, which must raise in the thread that entered it.

    Args:
        place: Where statements run, and what they may take.
        journal: Remembers executions from one attempt of the run to the next.
        scope: The same text in all attempts of one revision and in no other run. An equal statement of the same scope
            is the same execution, so whatever changes what it would find must change the scope, the text or the name.
        clock: Gives the aware moment.
        sleep: Waits so many seconds.

    Raises:
        RunStoppedError: There is no such region, or no way to get credentials.
    """

    def __init__(self, place: AthenaPlace, journal: Journal, *, scope: str, clock: Clock, sleep: Sleep) -> None:
        self._place = place
        self._patience = Patience(clock, sleep)
        try:
            self._connection = PatientConnection(place, self._patience)
        except AWS_ERRORS as error:
            raise aws_error(error, "AWS") from error
        self._budget = Budget(place.max_scan, journal.scanned(), self._patience)
        memory = Memory(journal, scope, place)
        self._executions = Executions(self._connection, place, memory, self._patience, self._budget)
        self._pool = ThreadPoolExecutor(place.concurrency, "athena")
        self._clients = threading.Lock()
        self._halt: RunStoppedError | None = None

    @cached_property
    def s3(self) -> "S3Client":
        """A client of S3, with botocore's own retries."""
        with self._clients:  # boto3 sessions make one client at a time
            return self._connection.session.client("s3", config=_RETRYING)

    @cached_property
    def glue(self) -> "GlueClient":
        """A client of the Glue Data Catalog, with botocore's own retries."""
        with self._clients:
            return self._connection.session.client("glue", config=_RETRYING)

    def execute(
        self, sql: str, database: str, *, name: str, at_most: int | None = None, writes: bool = False
    ) -> Finished:
        """Run a statement, or find what an earlier attempt of the run started, and wait for its end.

        Args:
            sql: Its text.
            database: In which names without one are looked up; empty for none.
            name: What the run calls it, in the journal and in messages.
            at_most: Bytes that it may scan, as far as the caller knows; None where only the workgroup bounds it.
            writes: Whether it fills a folder that must be empty. It is not started a second time there, unless Athena
                no longer knows the first.

        Returns:
            An execution that has succeeded.

        Raises:
            BudgetError: It was not started: the run might scan more than it may.
            FolderSpentError: It writes, and an execution that did not succeed may have left something in its folder.
            EngineError: Athena refused it, or did not end it in time.
            RunStoppedError: The run cannot go on.
        """
        return self.start(sql, database, name=name, at_most=at_most, writes=writes).result()

    def start(
        self, sql: str, database: str, *, name: str, at_most: int | None = None, writes: bool = False
    ) -> Future[Finished]:
        """Do what `execute` does, in the background: as many at once as the place says, in the order of the calls.

        Raises:
            RunStoppedError: The session was asked to stop.
        """
        self._patience.check()
        return self._pool.submit(self._finish, Sent(name, sql, database, at_most, writes))

    def batches(self, finished: Finished, columns: Sequence[TypedColumn]) -> Iterator["pa.RecordBatch"]:
        """Return the rows of an execution, with the types of `arrow_schema(columns)`; they are read as they are taken.

        After the last row their number is compared with what Athena says it returned, or where it does not say so,
        or says something else, with a count that runs over the same statement.

        Raises:
            EngineError: The columns are not the declared ones, or the rows cannot be read whole; also while taken.
            RunStoppedError: The run cannot go on; also while taken.
        """
        execution = self._executions.ended(finished)
        return self._counted(open_result(self._connection, execution, columns, finished.name), finished, execution)

    def stop(self) -> tuple[str, ...]:
        """Stop what this session started and what has not ended; nothing can be started any more.

        Returns:
            Ids of executions that AWS did not take the request for: they go on, and the next attempt finds them.
        """
        self._patience.stop()
        self._budget.wake()
        self._pool.shutdown(wait=False)  # what waits in it ends at once, as stopped
        left = self._executions.stop()
        self._pool.shutdown(wait=True)
        return left

    def close(self) -> None:
        """Stop, and close the connections; what AWS did not let it stop, the next attempt finds."""
        self.stop()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _finish(self, sent: Sent) -> Finished:
        self._patience.check()
        if self._halt is not None:
            # What stopped the run for one statement stops it for those that wait.
            raise RunStoppedError(self._halt.problems)
        try:
            return self._executions.finish(sent)
        except RunStoppedError as error:
            self._halt = error
            raise

    def _counted(
        self, batches: Iterator["pa.RecordBatch"], finished: Finished, execution: "AthenaQueryExecution"
    ) -> Iterator["pa.RecordBatch"]:
        rows = 0
        for batch in batches:
            rows += batch.num_rows
            yield batch
        if rows != self._told_rows(finished):
            expected = self._count(finished, execution)
            if rows != expected:
                found = f"{rows:,} (execution {finished.execution_id})"
                hint = f"Report it if it comes back when you {AGAIN}."
                raise EngineError(Problem(finished.name, f"the {expected:,} rows that a count finds", found, hint))

    def _told_rows(self, finished: Finished) -> int | None:
        rows = finished.output_rows
        for attempt in range(_STATISTICS_TRIES):
            if rows is not None:
                break
            self._patience.rest(jittered(attempt))
            rows = self._executions.output_rows(finished.execution_id, finished.name)
        return rows

    def _count(self, finished: Finished, execution: "AthenaQueryExecution") -> int:
        text = (execution.query or "").rstrip().removesuffix(";")
        sql = f"SELECT count(*) AS {_COUNT.name} FROM (\n{text}\n)"  # noqa: S608 - the statement that was run
        counted = self.execute(
            sql, execution.database or "", name=f"{finished.name}: count", at_most=finished.bytes_scanned
        )
        rows = open_result(self._connection, self._executions.ended(counted), (_COUNT,), counted.name)
        return sum(int(value) for batch in rows for value in batch.column(0).to_pylist())


_RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 8}, connect_timeout=10, read_timeout=60)
