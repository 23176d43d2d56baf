"""Athena's actions: a JSON request in, a JSON answer out."""

from collections.abc import Callable, Mapping
from typing import Any

from athena_endpoint.execution import Execution
from athena_endpoint.executions import Executions
from athena_endpoint.faults import Faults, ResultFault
from athena_endpoint.refusals import RefusedError, invalid
from athena_endpoint.runner import Outcome
from athena_endpoint.statements import Kind
from athena_endpoint.storage import Storage
from athena_endpoint.values import Row
from athena_endpoint.workgroups import Workgroups

Request = Mapping[str, Any]
Answer = dict[str, Any]

_PAGE = 1000
_MOST_IDS = 50
_PATIENCE = 0.25
"""Seconds that whoever asks for a state is let wait for the end: tests ask seldom, and most statements end by then."""


class AthenaApi:
    """Athena's API, as much of it as there is here.

    Args:
        executions: Of statements.
        workgroups: In which they run.
        storage: Where results lie.
        faults: What goes wrong.
    """

    def __init__(self, executions: Executions, workgroups: Workgroups, storage: Storage, faults: Faults) -> None:
        self._executions = executions
        self._storage = storage
        self._faults = faults
        self._actions: dict[str, Callable[[Request], Answer]] = {
            "StartQueryExecution": self._start,
            "GetQueryExecution": self._get,
            "BatchGetQueryExecution": self._batch_get,
            "GetQueryResults": self._results,
            "GetQueryRuntimeStatistics": self._runtime_statistics,
            "StopQueryExecution": self._stop,
            "ListQueryExecutions": self._list,
            "CreateWorkGroup": workgroups.create,
            "GetWorkGroup": workgroups.get,
            "UpdateWorkGroup": workgroups.update,
            "DeleteWorkGroup": workgroups.delete,
            "ListWorkGroups": workgroups.list,
        }

    def call(self, action: str, request: Request) -> Answer:
        """Answer a request.

        Raises:
            RefusedError: It is refused.
        """
        if action not in self._actions:
            raise RefusedError("UnknownOperationException", "")
        return self._actions[action](request)

    def _start(self, request: Request) -> Answer:
        self._faults.started.append(dict(request))
        return {"QueryExecutionId": self._executions.start(request).id}

    def _get(self, request: Request) -> Answer:
        execution = self._executions.find(request["QueryExecutionId"])
        if execution.patient:
            execution.ended.wait(_PATIENCE)
        return {"QueryExecution": execution.describe()}

    def _batch_get(self, request: Request) -> Answer:
        ids = request["QueryExecutionIds"]
        if len(ids) > _MOST_IDS:
            raise invalid(f"1 validation error detected: at most {_MOST_IDS} ids")
        found, unknown = [], []
        for execution_id in ids:
            try:
                found.append(self._executions.find(execution_id).describe())
            except RefusedError as error:
                unprocessed = {"ErrorCode": error.details["ErrorCode"], "ErrorMessage": error.message}
                unknown.append({"QueryExecutionId": execution_id, **unprocessed})
        return {"QueryExecutions": found, "UnprocessedQueryExecutionIds": unknown}

    def _results(self, request: Request) -> Answer:
        execution = self._executions.find(request["QueryExecutionId"])
        outcome = execution.check_readable()
        rows = self._readable_rows(execution, outcome)
        size = min(int(request.get("MaxResults", _PAGE)), _PAGE)
        start = int(request.get("NextToken", "0"))
        answer = {
            "UpdateCount": outcome.update_count or 0,
            "ResultSet": {
                "Rows": [{"Data": [_datum(value) for value in row]} for row in rows[start : start + size]],
                "ResultSetMetadata": {"ColumnInfo": outcome.columns},
            },
        }
        return {**answer, **({"NextToken": str(start + size)} if start + size < len(rows) else {})}

    def _readable_rows(self, execution: Execution, outcome: Outcome) -> list[Row]:
        uri = execution.output_location
        unreadable = self._faults.place_denied(uri) or self._faults.place_key_denied(uri)
        if execution.result_fault is ResultFault.DENIED or unreadable:
            raise invalid(f"Access denied when reading query results at url: {uri}", "AUTHORIZATION_ERROR")
        if outcome.written is None and self._storage.head(*execution.output_key) is None:
            raise invalid("Could not find results", "RESULT_NOT_FOUND")
        header = [[column["Name"] for column in outcome.columns]] if execution.kind is Kind.SELECT else []
        rows: list[Row] = [*header, *outcome.rows]
        return rows[: len(header) + 1] if execution.result_fault is ResultFault.CUT else rows

    def _runtime_statistics(self, request: Request) -> Answer:
        execution = self._executions.find(request["QueryExecutionId"])
        statistics: Answer = {"Timeline": execution.timeline()}
        if execution.outcome and execution.kind and execution.kind.reads:
            outcome = execution.outcome
            count = len(outcome.rows) if outcome.update_count is None else outcome.update_count
            statistics["Rows"] = {
                "InputRows": 0,
                "InputBytes": execution.scanned,
                "OutputBytes": 0,
                "OutputRows": count,
            }
        return {"QueryRuntimeStatistics": statistics}

    def _stop(self, request: Request) -> Answer:
        self._executions.find(request["QueryExecutionId"]).stop()
        return {}

    def _list(self, request: Request) -> Answer:
        ids = self._executions.of_workgroup(request.get("WorkGroup", "primary"))
        size, start = int(request.get("MaxResults", _MOST_IDS)), int(request.get("NextToken", "0"))
        page = {"QueryExecutionIds": ids[start : start + size]}
        return {**page, **({"NextToken": str(start + size)} if start + size < len(ids) else {})}


def _datum(value: str | None) -> dict[str, str]:
    return {} if value is None else {"VarCharValue": value}
