"""Athena's API over HTTP, told by each test what to answer: boto3 and PyAthena talk to it as they talk to AWS."""

import json
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TARGET = "AmazonAthena."
ENGINE = "Athena engine version 3"
CUTOFF = 1_000_000

Cells = Sequence[str | None]


@dataclass(frozen=True)
class Script:
    """What becomes of a statement.

    Attributes:
        states: At each look at it; the last one stays.
        columns: Name and Athena type; `decimal(38,0)` gives precision and scale.
        rows: Its rows, as GetQueryResults writes them.
        scanned: Bytes.
        told_rows: OutputRows for each time that they are asked for; the last one stays; `len(rows)` by default.
        reason: StateChangeReason.
        retryable: AthenaError.Retryable of a failure; None for a state without AthenaError.
    """

    states: Sequence[str] = ("SUCCEEDED",)
    columns: Sequence[tuple[str, str]] = (("n", "bigint"),)
    rows: Sequence[Cells] = ()
    scanned: int = 10
    told_rows: Sequence[int | None] | None = None
    reason: str = ""
    retryable: bool | None = None


@dataclass
class Execution:
    """One execution that was started."""

    id: str
    request: Mapping[str, Any]
    script: Script
    looks: int = 0
    asked_rows: int = 0
    stopped: bool = False

    @property
    def sql(self) -> str:
        """Its text."""
        return str(self.request["QueryString"])

    @property
    def state(self) -> str:
        """Its state at this look."""
        state = self.script.states[min(self.looks, len(self.script.states) - 1)]
        return "CANCELLED" if self.stopped and state in ("QUEUED", "RUNNING") else state


@dataclass
class Refusal:
    """An error in place of answers to calls of one operation.

    Attributes:
        operation: Such as `StartQueryExecution`.
        code, message, status: Of the error.
        times: How many calls; None for all.
        when: Of which requests.
        more: Further members of the error.
    """

    operation: str
    code: str
    message: str
    status: int = 400
    times: int | None = None
    when: Callable[[Mapping[str, Any]], bool] = lambda _: True
    more: Mapping[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """What AWS answers instead."""

    def __init__(self, code: str, message: str, status: int = 400, **more: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"__type": code, "Message": message, **more}


@dataclass
class AthenaService:
    """The service: scripts in, calls and executions out."""

    scripts: list[tuple[str, Script]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    calls: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    executions: dict[str, Execution] = field(default_factory=dict)
    cutoff: int | None = CUTOFF
    most_under_way: int = 0
    on_call: Callable[[str, Mapping[str, Any]], None] = lambda _operation, _request: None

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._tokens: dict[str, str] = {}

    def script(self, part: str, script: Script) -> None:
        """Tell what becomes of statements whose text holds a part; the one told last counts."""
        self.scripts.insert(0, (part, script))

    def refuse(self, operation: str, code: str, message: str = "", **how: Any) -> None:
        """Answer calls of an operation with an error; `how` as in Refusal."""
        self.refusals.append(Refusal(operation, code, message or code, **how))

    def count(self, operation: str) -> int:
        """Return how many calls of an operation came."""
        return sum(1 for called, _ in self.calls if called == operation)

    def started(self, part: str = "") -> list[Execution]:
        """Return the executions of statements whose text holds a part."""
        return [execution for execution in self.executions.values() if part in execution.sql]

    def answer(self, operation: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer one call."""
        self.on_call(operation, request)
        with self._lock:
            self.calls.append((operation, request))
            for refusal in self.refusals:
                if refusal.operation == operation and refusal.times != 0 and refusal.when(request):
                    if refusal.times is not None:
                        refusal.times -= 1
                    raise RefusedError(refusal.code, refusal.message, refusal.status, **refusal.more)
            answer: Mapping[str, Any] = getattr(self, f"_{operation}")(request)
            return answer

    def _StartQueryExecution(self, request: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N802 - as AWS calls it
        token, sql = request["ClientRequestToken"], request["QueryString"]
        if token in self._tokens:
            execution = self.executions[self._tokens[token]]
            if execution.sql != sql or execution.request["QueryExecutionContext"] != request["QueryExecutionContext"]:
                raise RefusedError("InvalidRequestException", "Idempotent parameters do not match")
            return {"QueryExecutionId": execution.id}
        script = next((script for part, script in self.scripts if part in sql), Script())
        execution = Execution(str(uuid.uuid4()), request, script)
        self.executions[execution.id] = execution
        self._tokens[token] = execution.id
        under_way = sum(1 for item in self.executions.values() if item.state in ("QUEUED", "RUNNING"))
        self.most_under_way = max(self.most_under_way, under_way)
        return {"QueryExecutionId": execution.id}

    def _known(self, request: Mapping[str, Any]) -> Execution:
        execution_id = request["QueryExecutionId"]
        if execution_id not in self.executions:
            message = f"QueryExecution {execution_id} was not found"
            raise RefusedError("InvalidRequestException", message, AthenaErrorCode="QUERY_EXECUTION_NOT_FOUND")
        return self.executions[execution_id]

    def _GetQueryExecution(self, request: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N802
        execution = self._known(request)
        state, script = execution.state, execution.script
        execution.looks += 1
        status: dict[str, Any] = {"State": state, "SubmissionDateTime": 0.0}
        if reason := script.reason or ("Query cancelled by user" if execution.stopped else ""):
            status["StateChangeReason"] = reason
        if state == "FAILED" and script.retryable is not None:
            status["AthenaError"] = {
                "ErrorCategory": 1 if script.retryable else 2,
                "ErrorType": 200,
                "Retryable": script.retryable,
                "ErrorMessage": reason,
            }
        return {
            "QueryExecution": {
                "QueryExecutionId": execution.id,
                "Query": execution.sql,
                "StatementType": "DML",
                "SubstatementType": "SELECT",
                "QueryExecutionContext": execution.request["QueryExecutionContext"],
                "WorkGroup": execution.request["WorkGroup"],
                "Status": status,
                "Statistics": {"DataScannedInBytes": script.scanned, "TotalExecutionTimeInMillis": 7},
                "EngineVersion": {"EffectiveEngineVersion": ENGINE},
            }
        }

    def _GetQueryResults(self, request: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N802
        execution = self._known(request)
        if execution.state != "SUCCEEDED":
            raise RefusedError("InvalidRequestException", f"Query did not finish. Current state: {execution.state}")
        names = [name for name, _ in execution.script.columns]
        first = int(request.get("NextToken", 0))
        lines: list[Cells] = [names, *execution.script.rows]
        page = lines[first : first + request.get("MaxResults", 1000)]
        answer: dict[str, Any] = {
            "UpdateCount": 0,
            "ResultSet": {
                "Rows": [{"Data": [{} if cell is None else {"VarCharValue": cell} for cell in row]} for row in page],
                "ResultSetMetadata": {"ColumnInfo": [_column(*column) for column in execution.script.columns]},
            },
        }
        if first + len(page) < len(lines):
            answer["NextToken"] = str(first + len(page))
        return answer

    def _GetQueryRuntimeStatistics(self, request: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N802
        execution = self._known(request)
        told = execution.script.told_rows or (len(execution.script.rows),)
        rows = told[min(execution.asked_rows, len(told) - 1)]
        execution.asked_rows += 1
        statistics: dict[str, Any] = {"Timeline": {"TotalExecutionTimeInMillis": 7}}
        if rows is not None:
            statistics["Rows"] = {"InputRows": 0, "InputBytes": 0, "OutputBytes": 0, "OutputRows": rows}
        return {"QueryRuntimeStatistics": statistics}

    def _StopQueryExecution(self, request: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N802
        self._known(request).stopped = True
        return {}

    def _GetWorkGroup(self, request: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N802
        settings = {} if self.cutoff is None else {"BytesScannedCutoffPerQuery": self.cutoff}
        return {"WorkGroup": {"Name": request["WorkGroup"], "State": "ENABLED", "Configuration": settings}}


def _column(name: str, type_: str) -> Mapping[str, Any]:
    kind, _, size = type_.partition("(")
    precision, _, scale = size.removesuffix(")").partition(",")
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": kind,
        "Precision": int(precision or 0),
        "Scale": int(scale or 0),
        "Nullable": "UNKNOWN",
        "CaseSensitive": kind == "varchar",
    }


@contextmanager
def serving(service: AthenaService) -> Iterator[str]:
    """Serve on loopback; yield the URL."""

    class Handler(BaseHTTPRequestHandler):
        """Answers calls as boto3 makes them: JSON in, JSON out, the operation in a header."""

        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Answer a call."""
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                status, body = 200, service.answer(self.headers["X-Amz-Target"].removeprefix(TARGET), request)
            except RefusedError as error:
                status, body = error.status, error.body
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing of it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
