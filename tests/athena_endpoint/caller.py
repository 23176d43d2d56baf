"""Calls Athena as a program would, for tests: sends a statement, waits for its end, reads its rows."""

from dataclasses import dataclass
from typing import Any

from athena_endpoint.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class Ended:
    """How a statement ended.

    Attributes:
        execution: As GetQueryExecution tells of it.
        rows: Of a SELECT without its header; None where it did not succeed.
        columns: Types by name.
    """

    execution: dict[str, Any]
    rows: list[tuple[str | None, ...]] | None
    columns: dict[str, str]

    @property
    def state(self) -> str:
        """In which it ended."""
        return str(self.execution["Status"]["State"])

    @property
    def reason(self) -> str:
        """Why it ended so."""
        return str(self.execution["Status"].get("StateChangeReason", ""))

    @property
    def scanned(self) -> int:
        """Bytes."""
        return int(self.execution["Statistics"]["DataScannedInBytes"])


class Caller:
    """Sends statements in a database and a workgroup of its own.

    Args:
        endpoint: Where.

    Attributes:
        athena, s3: boto3's clients.
        database: Its name.
        store: The bucket that results go to.
        workgroup: The workgroup's name.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.athena = endpoint.client("athena")
        self.s3 = endpoint.client("s3")
        self.database = endpoint.fresh("database")
        self.store = endpoint.fresh("store")
        self.workgroup = endpoint.fresh("workgroup")
        self.s3.create_bucket(Bucket=self.store)
        results = {"OutputLocation": f"s3://{self.store}/results/"}
        self.athena.create_work_group(Name=self.workgroup, Configuration={"ResultConfiguration": results})
        self.run(f"CREATE DATABASE {self.database}")

    def start(self, sql: str, **request: Any) -> str:
        """Start a statement; return the id of its execution."""
        context = {"Database": self.database}
        request = {"WorkGroup": self.workgroup, "QueryExecutionContext": context, **request}
        return str(self.athena.start_query_execution(QueryString=sql, **request)["QueryExecutionId"])

    def wait(self, execution_id: str) -> Ended:
        """Wait for the end of an execution."""
        while True:
            execution = self.athena.get_query_execution(QueryExecutionId=execution_id)["QueryExecution"]
            if execution["Status"]["State"] not in {"QUEUED", "RUNNING"}:
                break
        if execution["Status"]["State"] != "SUCCEEDED":
            return Ended(execution, None, {})
        pages = list(self.athena.get_paginator("get_query_results").paginate(QueryExecutionId=execution_id))
        columns = pages[0]["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
        rows = [
            tuple(value.get("VarCharValue") for value in row["Data"])
            for page in pages
            for row in page["ResultSet"]["Rows"]
        ]
        header = 1 if execution.get("SubstatementType") == "SELECT" else 0
        return Ended(execution, rows[header:], {column["Name"]: column["Type"] for column in columns})

    def run(self, sql: str, **request: Any) -> Ended:
        """Run a statement to its end."""
        return self.wait(self.start(sql, **request))

    def rows(self, sql: str) -> list[tuple[str | None, ...]]:
        """Return the rows of a statement that succeeds."""
        ended = self.run(sql)
        assert ended.rows is not None, ended.reason
        return ended.rows
