"""One execution of a statement, as Athena tells of it."""

import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from athena_endpoint.faults import ResultFault
from athena_endpoint.refusals import CANCELLED_BY_USER, Ending, State, invalid
from athena_endpoint.runner import Asked, Outcome, Taken
from athena_endpoint.statements import Kind
from athena_endpoint.storage import split_uri
from athena_endpoint.workgroups import ENGINE_VERSION, Workgroup

_FILE_NAMES = {Kind.SELECT: "{}.csv", Kind.UNLOAD: "{}", Kind.CREATE_TABLE_AS_SELECT: "tables/{}"}
_OTHER_FILE_NAME = "{}.txt"


@dataclass
class Execution:
    """An execution.

    Attributes:
        request: Of StartQueryExecution.
        workgroup: It runs in.
        kind: What the statement is; None where this endpoint does not know it.
        results: The result configuration that counts.
        id: Its id.
        taken: What Trino does about it.
        outcome: What it gave.
        ending: Why it did not succeed.
        scanned: Bytes.
        result_fault: What happens to its rows.
        cancelled: Set when somebody stops it.
        ended: Set when it has ended.
        patient: Whether whoever asks for its state is let wait for its end a little.
    """

    request: Mapping[str, Any]
    workgroup: Workgroup
    kind: Kind | None
    results: Mapping[str, Any]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    taken: Taken | None = None
    outcome: Outcome | None = None
    ending: Ending | None = None
    scanned: int = 0
    result_fault: ResultFault | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    patient: bool = True
    _state: State = State.QUEUED
    _times: dict[State, float] = field(default_factory=lambda: {State.QUEUED: time.time()})
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def state(self) -> State:
        """Where it is."""
        return self._state

    @property
    def asked(self) -> Asked:
        """The statement."""
        encryption = self.results.get("EncryptionConfiguration", {})
        return Asked(
            self.request["QueryString"],
            self.request.get("QueryExecutionContext", {}).get("Database", "default").lower(),
            tuple(self.request.get("ExecutionParameters", ())),
            f"{self._folder}tables/{self.id}/",
            encryption.get("KmsKey") if encryption.get("EncryptionOption") == "SSE_KMS" else None,
        )

    @property
    def output_location(self) -> str:
        """Where its rows lie; where it writes none, where they would."""
        name = _FILE_NAMES.get(self.kind, _OTHER_FILE_NAME) if self.kind else _OTHER_FILE_NAME
        return self._folder + name.format(self.id)

    @property
    def manifest_location(self) -> str:
        """Where the list of the files lies that it wrote."""
        return f"{self._folder}{self.id}-manifest.csv"

    @property
    def output_key(self) -> tuple[str, str]:
        """Bucket and key of its rows."""
        return split_uri(self.output_location)

    @property
    def _folder(self) -> str:
        return f"{self.results['OutputLocation'].rstrip('/')}/"

    def become(self, state: State, ending: Ending | None = None) -> bool:
        """Go on to a state, unless it has ended; tell whether it did."""
        with self._lock:
            if self._state.is_final:
                return False
            self._state, self.ending = state, ending
            self._times[state] = time.time()
        if state.is_final:
            self.ended.set()
        return True

    def stop(self) -> None:
        """Cancel it; one that has ended stays as it is."""
        if self.become(State.CANCELLED, CANCELLED_BY_USER):
            self.cancelled.set()
            if self.taken and self.taken.statement:
                self.taken.statement.cancel()

    def check_readable(self) -> Outcome:
        """Return what it gave.

        Raises:
            RefusedError: It has not succeeded.
        """
        if self.state is State.SUCCEEDED and self.outcome is not None:
            return self.outcome
        if not self.state.is_final:
            message = f"Query has not yet finished. Current state: {self.state}"
            raise invalid(message, "INVALID_QUERY_EXECUTION_STATE")
        if self.state is State.CANCELLED:
            raise invalid("Could not find results", "RESULT_NOT_FOUND")
        message = f"Query did not finish successfully. Final query state: {self.state}"
        raise invalid(message, "INVALID_QUERY_EXECUTION_STATE")

    def timeline(self) -> dict[str, int]:
        """Return how long it took, in milliseconds."""
        queued = self._times[State.QUEUED]
        ended = next((at for state, at in self._times.items() if state.is_final), time.time())
        running = self._times.get(State.RUNNING, ended)
        return {
            "QueryQueueTimeInMillis": int((running - queued) * 1000),
            "EngineExecutionTimeInMillis": int((ended - running) * 1000),
            "TotalExecutionTimeInMillis": int((ended - queued) * 1000),
            "ServiceProcessingTimeInMillis": 1,
        }

    def describe(self) -> dict[str, Any]:
        """Return it as GetQueryExecution does."""
        with self._lock:
            state, ending, times = self._state, self.ending, dict(self._times)
        status: dict[str, Any] = {"State": state, "SubmissionDateTime": times[State.QUEUED]}
        if state.is_final:
            status["CompletionDateTime"] = times[state]
        if ending:
            status["StateChangeReason"] = ending.reason
        if ending and state is State.FAILED:
            status["AthenaError"] = {
                "ErrorCategory": ending.category,
                "ErrorType": ending.error_type,
                "Retryable": ending.retryable,
                "ErrorMessage": ending.reason,
            }
        reuse = {"ResultReuseInformation": {"ReusedPreviousResult": False}}
        statistics = {**self.timeline(), "DataScannedInBytes": self.scanned, **reuse}
        if self.outcome and self.outcome.written is not None:
            statistics["DataManifestLocation"] = self.manifest_location
        return {
            "QueryExecutionId": self.id,
            "Query": self.request["QueryString"],
            "StatementType": self.kind.statement_type if self.kind else "DDL",
            **({"SubstatementType": self.kind} if self.kind else {}),
            "ResultConfiguration": {**self.results, "OutputLocation": self.output_location},
            "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": False}},
            "QueryExecutionContext": dict(self.request.get("QueryExecutionContext", {})),
            "Status": status,
            "Statistics": statistics,
            "WorkGroup": self.workgroup.name,
            "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": ENGINE_VERSION},
        }
