"""All executions: started once per token, run side by side, kept until the endpoint ends."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from athena_endpoint.execution import Execution
from athena_endpoint.faults import TOO_MANY_QUERIES, Faults, ResultFault, StatementFault
from athena_endpoint.refusals import (
    CUT_OFF,
    Category,
    EndedError,
    Ending,
    RefusedError,
    State,
    invalid,
    output_region,
    result_denied,
)
from athena_endpoint.runner import Outcome, Runner, Taken
from athena_endpoint.statements import Kind, kind_of
from athena_endpoint.storage import Storage, split_uri
from athena_endpoint.tokens import NotUnderstoodError
from athena_endpoint.values import result_csv
from athena_endpoint.workgroups import Workgroups

_MOST_BYTES = 262_144
_SHORTEST_TOKEN, _LONGEST_TOKEN = 32, 128
_SIDE_BY_SIDE = 16
_CONSTRAINT = "1 validation error detected: Value at '{}' failed to satisfy constraint: Member must have length {}"


class Executions:
    """All executions.

    Args:
        runner: Runs statements.
        workgroups: In which they run.
        storage: Where results go.
        faults: What goes wrong.
    """

    def __init__(self, runner: Runner, workgroups: Workgroups, storage: Storage, faults: Faults) -> None:
        self._runner = runner
        self._workgroups = workgroups
        self._storage = storage
        self._faults = faults
        self._all: dict[str, Execution] = {}
        self._by_token: dict[str, Execution] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(_SIDE_BY_SIDE, "athena")

    def start(self, request: Mapping[str, Any]) -> Execution:
        """Start a statement, or return the execution that was started with the same token.

        Raises:
            RefusedError: The request is not accepted.
        """
        _check(request)
        workgroup = self._workgroups.usable(request.get("WorkGroup"))
        execution = Execution(
            request,
            workgroup,
            _known_kind(request["QueryString"]),
            workgroup.result_configuration(request.get("ResultConfiguration", {})),
        )
        bucket, _ = execution.output_key
        if not self._storage.has_bucket(bucket):
            raise invalid(f"Unable to verify/create output bucket {bucket}")
        if bucket in self._faults.moved:
            raise output_region()
        token = request["ClientRequestToken"]
        with self._lock:
            if earlier := self._by_token.get(token):
                if _identity(earlier.request) != _identity(request):
                    raise invalid("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH")
                return earlier
            active = sum(not each.state.is_final for each in self._all.values())
            if self._faults.active_limit is not None and active >= self._faults.active_limit:
                raise TOO_MANY_QUERIES
            self._faults.most_active = max(self._faults.most_active, active + 1)
            self._all[execution.id] = self._by_token[token] = execution
        try:
            self._begin(execution)
        except RefusedError:
            with self._lock:
                del self._all[execution.id], self._by_token[token]
            raise
        return execution

    def find(self, execution_id: str) -> Execution:
        """Return an execution.

        Raises:
            RefusedError: There is none of its id.
        """
        found = self._all.get(execution_id)
        if found is None:
            raise invalid(f"QueryExecution {execution_id} was not found", "QUERY_EXECUTION_NOT_FOUND")
        return found

    def of_workgroup(self, name: str) -> list[str]:
        """Return the ids of the executions in a workgroup, the newest first."""
        return [each.id for each in reversed(list(self._all.values())) if each.workgroup.name == name]

    def close(self) -> None:
        """Stop what is under way."""
        for execution in list(self._all.values()):
            execution.stop()
        self._pool.shutdown(cancel_futures=True)

    def _begin(self, execution: Execution) -> None:
        fault = self._faults.of_statement(execution.asked.sql)
        if fault and (fault.hold or fault.ending):
            execution.patient = fault.hold is None
        else:
            try:
                execution.taken = self._runner.take(execution.asked)
            except EndedError as error:
                fault = StatementFault("", ending=error.ending)
        self._pool.submit(self._run, execution, fault)

    def _run(self, execution: Execution, fault: StatementFault | None) -> None:
        execution.become(State.RUNNING)
        try:
            self._finish(execution, fault)
        except EndedError as error:
            execution.become(error.ending.state, error.ending)
        except RefusedError as error:
            execution.become(State.FAILED, Ending(State.FAILED, f"SYNTAX_ERROR: {error.message}"))
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever waits must learn of it
            reason = f"GENERIC_INTERNAL_ERROR: the test endpoint itself failed: {error!r}"
            execution.become(State.FAILED, Ending(State.FAILED, reason, Category.SYSTEM, 200))

    def _finish(self, execution: Execution, fault: StatementFault | None) -> None:
        if fault and fault.hold:
            while not (fault.hold.wait(0.01) or execution.cancelled.is_set()):
                pass
        if fault and fault.ending:
            raise EndedError(fault.ending)
        if execution.cancelled.is_set():
            return
        taken = execution.taken or self._runner.take(execution.asked)
        execution.taken = taken
        if execution.cancelled.is_set() and taken.statement:
            taken.statement.cancel()
        try:
            outcome = self._runner.finish(taken)
        finally:
            execution.scanned = self._runner.scanned(taken)
        cutoff = execution.workgroup.cutoff
        if cutoff is not None and execution.scanned > cutoff:
            raise EndedError(CUT_OFF)
        self._write_results(execution, taken, outcome)
        execution.outcome, execution.result_fault = outcome, fault.result if fault else None
        if execution.result_fault is ResultFault.LOST:
            self._storage.delete(*execution.output_key)
        execution.become(State.SUCCEEDED)

    def _write_results(self, execution: Execution, taken: Taken, outcome: Outcome) -> None:
        uri = execution.output_location
        if self._faults.place_denied(uri) or self._faults.place_key_denied(uri):
            raise result_denied(uri)
        kms_key = execution.asked.kms_key
        bucket, key = execution.output_key
        if outcome.written is not None:
            manifest = "".join(f"{written}\n" for written in outcome.written).encode()
            self._storage.put(*split_uri(execution.manifest_location), manifest, kms_key)
        elif taken.kind is Kind.SELECT:
            header = [column["Name"] for column in outcome.columns]
            self._storage.put(bucket, key, result_csv(header, outcome.rows), kms_key)
        else:
            lines = "\n".join("\t".join(value or "" for value in row) for row in outcome.rows)
            self._storage.put(bucket, key, lines.encode(), kms_key)
        if outcome.columns:
            self._storage.put(bucket, f"{key}.metadata", execution.id.encode(), kms_key)


def _known_kind(sql: str) -> Kind | None:
    try:
        return kind_of(sql)
    except NotUnderstoodError:
        return None


def _identity(request: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what must be the same where the token is: workgroup and parameters are not compared."""
    return (
        request["QueryString"],
        request.get("QueryExecutionContext", {}).get("Database"),
        request.get("ResultConfiguration", {}).get("OutputLocation"),
    )


def _check(request: Mapping[str, Any]) -> None:
    if len(request["QueryString"].encode()) > _MOST_BYTES:
        raise invalid(_CONSTRAINT.format("queryString", f"less than or equal to {_MOST_BYTES}"))
    token = request.get("ClientRequestToken")
    if token is None:
        raise invalid("clientRequestToken is null or empty")
    if len(token) < _SHORTEST_TOKEN:
        raise invalid(_CONSTRAINT.format("clientRequestToken", f"greater than or equal to {_SHORTEST_TOKEN}"))
    if len(token) > _LONGEST_TOKEN:
        raise invalid(_CONSTRAINT.format("clientRequestToken", f"less than or equal to {_LONGEST_TOKEN}"))
