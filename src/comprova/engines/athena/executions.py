"""Runs a statement to its end: found again where an earlier attempt started it, else started, awaited, tried again."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyathena.error
from pyathena.model import AthenaQueryExecution

from comprova.engines.athena.budget import Budget
from comprova.engines.athena.calls import Patience, jittered
from comprova.engines.athena.cursor import Conduct, PatientConnection
from comprova.engines.athena.faults import AWS_ERRORS, Fault, aws_error, execution_error, fault_of
from comprova.engines.athena.journal import Finished, State
from comprova.engines.athena.memory import Memory, Sent
from comprova.engines.athena.notes import FolderSpentError
from comprova.engines.athena.place import AthenaPlace
from comprova.errors import EngineError, Problem

_TRIES = 3  # of a statement that Athena says may succeed when it is sent again
_FIRST_LOOK, _LOOKS_GROW, _LAST_LOOK = 0.25, 1.5, 5.0  # seconds between two looks at a state
_LOOKS_AFTER_STOP = 5

_FREE = re.compile(
    r"\s*(CREATE\s+(EXTERNAL|DATABASE|SCHEMA)|DROP|ALTER|MSCK|SHOW|DESCRIBE|EXPLAIN\s+\(?TYPE)\b", re.IGNORECASE
)
"""Statements that scan nothing: DDL, and EXPLAIN that only validates (Athena User Guide, "Using EXPLAIN")."""


class Executions:
    """The executions of one session.

    Args:
        connection: To Athena.
        place: Where they run.
        memory: Remembers them.
        patience: Time.
        budget: What they may scan.
    """

    def __init__(
        self, connection: PatientConnection, place: AthenaPlace, memory: Memory, patience: Patience, budget: Budget
    ) -> None:
        self._connection = connection
        self._place = place
        self._memory = memory
        self._patience = patience
        self._budget = budget
        self._settings = threading.Lock()
        self._cutoff: int | None = None

    def finish(self, sent: Sent) -> Finished:
        """Return the execution of a statement that has succeeded, after any number of attempts.

        What an earlier attempt of the run started is used if it succeeded and awaited if it has not ended; a new
        execution is started in place of one that failed, was cancelled or is no longer known. Of a statement that
        writes, only of the last: what was stopped may be writing still.

        Raises:
            BudgetError: It was not started, because the run might scan too much.
            FolderSpentError: It writes, and is to be started anew into another folder.
            EngineError: Athena refused it, or it did not end in time.
            RunStoppedError: The run cannot go on.
        """
        attempts, failures = self._memory.attempts(sent), 0
        while True:
            token, known = next(attempts)
            execution = self._ended(sent, token, known)
            if execution is None:
                continue
            if execution.state == State.CANCELLED:
                self._patience.check()  # what the run itself stopped has not failed
            finished = self._finished(sent, execution)
            if finished.state is State.SUCCEEDED:
                if known is None or self._is_readable(sent, execution):
                    return finished
            elif known is None:
                failures += 1
                if not execution.retryable or failures == _TRIES:
                    raise execution_error(execution, sent.name)
                self._patience.rest(jittered(failures))
            if sent.writes and finished.state is not State.SUCCEEDED:
                raise FolderSpentError(execution_error(execution, sent.name).problems)

    def ended(self, finished: Finished) -> AthenaQueryExecution:
        """Return what Athena says of an execution that has succeeded.

        Raises:
            EngineError: It has not; its rows are never read.
            RunStoppedError: The run cannot go on.
        """
        with _told(finished.name):
            response = self._connection.client.get_query_execution(QueryExecutionId=finished.execution_id)
            execution = AthenaQueryExecution(response)
        if execution.state != State.SUCCEEDED:
            raise execution_error(execution, finished.name)
        return execution

    def output_rows(self, execution_id: str, name: str) -> int | None:
        """Return how many rows an execution returned; None where Athena does not tell, or not yet.

        "The remaining non-timeline statistics … are updated asynchronously and may not be available immediately after
        a query completes or, in some cases, may not be returned" (Athena API Reference, GetQueryRuntimeStatistics).
        """
        try:
            response = self._connection.client.get_query_runtime_statistics(QueryExecutionId=execution_id)
        except AWS_ERRORS as error:
            if fault_of(error).stops_the_run:
                raise aws_error(error, name) from error
            return None
        rows = response["QueryRuntimeStatistics"].get("Rows", {}).get("OutputRows")
        return None if rows is None else int(rows)

    def stop(self) -> tuple[str, ...]:
        """Stop all executions that have not ended; return the ids of those that could not be stopped."""
        return tuple(execution_id for execution_id in self._memory.under_way if not self._stop(execution_id))

    def _ended(self, sent: Sent, token: str, known: str | None) -> AthenaQueryExecution | None:
        """Start an execution, or take the known one, and wait for its end; None where Athena has forgotten it."""
        with self._budget.room(sent.name, self._at_most(sent), started=known is not None):
            conduct = Conduct(token, known, self._beginning(token, known), self._resting(sent))
            cursor = self._connection.statement_cursor(sent.database, conduct)
            try:
                cursor.execute(sent.sql, None)
            except pyathena.error.Error as error:
                if cursor.last is None or cursor.last.state not in AthenaQueryExecution.TERMINAL_STATES:
                    if known is not None and error.__cause__ and fault_of(error.__cause__) is Fault.FORGOTTEN:
                        self._memory.forgot(known)
                        return None
                    raise aws_error(error, sent.name) from error
            execution = cursor.last
            if execution is None or execution.query_id is None:
                raise EngineError(Problem(sent.name, "Athena to tell the state of an execution", "none"))
            self._budget.spend(execution.query_id, execution.data_scanned_in_bytes or 0)
        return execution

    def _at_most(self, sent: Sent) -> int | None:
        if _FREE.match(sent.sql):
            return 0
        if sent.at_most is not None or self._budget.limit is None:
            return sent.at_most
        return self._workgroup_cutoff()

    def _workgroup_cutoff(self) -> int | None:
        with self._settings:
            if self._cutoff is None:
                with _told(f"workgroup {self._place.workgroup}"):
                    response = self._connection.client.get_work_group(WorkGroup=self._place.workgroup)
                self._cutoff = response["WorkGroup"].get("Configuration", {}).get("BytesScannedCutoffPerQuery")
            return self._cutoff

    def _beginning(self, token: str, known: str | None) -> Callable[[str], None]:
        def began(execution_id: str) -> None:
            self._memory.began(token, execution_id, found=known is not None)
            if self._patience.stopping:  # asked for while the call was under way, and the id not known to stop()
                self._stop(execution_id)

        return began

    def _resting(self, sent: Sent) -> Callable[[str], None]:
        seconds, end = _FIRST_LOOK, self._patience.now() + self._place.deadline

        def rest(execution_id: str) -> None:
            nonlocal seconds
            if self._patience.now() >= end:
                self._give_up(sent, execution_id)
            self._patience.rest(seconds)
            seconds = min(seconds * _LOOKS_GROW, _LAST_LOOK)

        return rest

    def _give_up(self, sent: Sent, execution_id: str) -> None:
        """Stop a statement that takes too long, and learn what it has scanned; return if it has just succeeded.

        Raises:
            EngineError: It has not.
        """
        self._stop(execution_id)
        for _ in range(_LOOKS_AFTER_STOP):
            with _told(sent.name):
                response = self._connection.client.get_query_execution(QueryExecutionId=execution_id)
            execution = AthenaQueryExecution(response)
            if execution.state == State.SUCCEEDED:
                return
            if execution.state in AthenaQueryExecution.TERMINAL_STATES:
                self._budget.spend(execution_id, execution.data_scanned_in_bytes or 0)
                self._finished(sent, execution)
                break
            self._patience.rest(1)
        hint = "Raise the job's query_minutes, or narrow the question."
        found = f"none; execution {execution_id} was stopped"
        raise EngineError(Problem(sent.name, f"an answer within {self._place.deadline}", found, hint))

    def _stop(self, execution_id: str) -> bool:
        """Stop an execution; tell whether AWS took the request. One that has ended stays as it is."""
        try:
            self._connection.client.stop_query_execution(QueryExecutionId=execution_id)
        except AWS_ERRORS:
            return False
        return True

    def _finished(self, sent: Sent, execution: AthenaQueryExecution) -> Finished:
        """Take down how an execution ended."""
        execution_id, state = str(execution.query_id), State(str(execution.state))
        rows = None
        if state is State.SUCCEEDED:
            if execution.reused_previous_result:
                raise EngineError(Problem(sent.name, "a result of its own", f"a reused one (execution {execution_id})"))
            rows = None if _FREE.match(sent.sql) else self.output_rows(execution_id, sent.name)
        finished = Finished(
            name=sent.name,
            execution_id=execution_id,
            state=state,
            bytes_scanned=execution.data_scanned_in_bytes or 0,
            milliseconds=execution.total_execution_time_in_millis or 0,
            output_rows=rows,
            engine_version=execution.effective_engine_version or "",
        )
        self._memory.ended(finished)
        return finished

    def _is_readable(self, sent: Sent, execution: AthenaQueryExecution) -> bool:
        """Tell whether the rows of an execution that was found again are still there; other statements leave none."""
        if execution.substatement_type not in (None, "SELECT") or _FREE.match(sent.sql):
            return True
        try:
            self._connection.client.get_query_results(QueryExecutionId=execution.query_id, MaxResults=1)
        except AWS_ERRORS as error:
            if fault_of(error) is Fault.GONE:
                return False
            raise aws_error(error, sent.name) from error
        return True


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Tell what AWS says is wrong as an error of the statement or of the run."""
    try:
        yield
    except AWS_ERRORS as error:
        raise aws_error(error, where) from error
