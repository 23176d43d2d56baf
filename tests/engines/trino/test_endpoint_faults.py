"""Whatever a test wants to go wrong goes wrong as it does on AWS, once, and is over afterwards."""

import pytest
from botocore.exceptions import ClientError

from athena_endpoint.caller import Caller
from athena_endpoint.endpoint import Endpoint
from athena_endpoint.faults import TOO_MANY_QUERIES, ResultFault

pytestmark = pytest.mark.trino


def _code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_calls_are_throttled_and_counted(athena: Endpoint, caller: Caller) -> None:
    """So many calls of an action are refused, others are not; all are counted."""
    athena.faults.throttle("StartQueryExecution", 2)
    athena.faults.refuse("StartQueryExecution", TOO_MANY_QUERIES)
    athena.faults.throttle("GetObject")
    refused = []
    for _ in range(3):
        with pytest.raises(ClientError) as caught:
            caller.start("SELECT 1")
        refused.append((_code(caught), caught.value.response.get("Reason")))
    with pytest.raises(ClientError) as slow_down:
        caller.s3.get_object(Bucket=caller.store, Key="nothing")

    assert refused == [
        ("ThrottlingException", None),
        ("ThrottlingException", None),
        ("TooManyRequestsException", "CONCURRENT_QUERY_LIMIT_EXCEEDED"),
    ]
    assert _code(slow_down) == "SlowDown"
    assert caller.rows("SELECT 1") == [("1",)]
    assert athena.faults.calls["StartQueryExecution"] == 5  # with the database of the caller
    assert athena.faults.started[-1]["QueryString"] == "SELECT 1"


def test_more_executions_than_allowed_are_refused(athena: Endpoint, caller: Caller) -> None:
    """The account's limit counts what is queued or running."""
    athena.faults.active_limit = 1
    with athena.faults.held("slow"):
        held = caller.start("SELECT 'slow'")
        with pytest.raises(ClientError) as caught:
            caller.start("SELECT 1")

    assert _code(caught) == "TooManyRequestsException"
    assert caller.wait(held).rows == [("slow",)]
    assert athena.faults.most_active == 1


def test_held_statement_runs_until_it_is_let_go(athena: Endpoint, caller: Caller) -> None:
    """It stays in RUNNING, has no rows until then, and is executed afterwards."""
    with athena.faults.held("slow"):
        execution_id = caller.start("SELECT 'slow'")
        states = {
            caller.athena.get_query_execution(QueryExecutionId=execution_id)["QueryExecution"]["Status"]["State"]
            for _ in range(20)
        }
        with pytest.raises(ClientError, match="Query has not yet finished"):
            caller.athena.get_query_results(QueryExecutionId=execution_id)

    assert states <= {"QUEUED", "RUNNING"}
    assert caller.wait(execution_id).rows == [("slow",)]


def test_stopped_statement_is_cancelled_on_trino(caller: Caller) -> None:
    """A statement that would run for minutes ends at once, and stays cancelled."""
    execution_id = caller.start(
        "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a (n) CROSS JOIN UNNEST(sequence(1, 10000)) b (n) "
        "CROSS JOIN UNNEST(sequence(1, 10000)) c (n)"
    )
    caller.athena.stop_query_execution(QueryExecutionId=execution_id)

    ended = caller.wait(execution_id)

    on_trino = "SELECT state FROM system.runtime.queries WHERE query LIKE 'SELECT count(*) FROM UNNEST%CROSS JOIN%'"
    states = next((rows for _ in range(100) if (rows := caller.rows(on_trino)) == [("FAILED",)]), None)
    assert (ended.state, ended.reason) == ("CANCELLED", "Query cancelled by user")
    assert states is not None
    with pytest.raises(ClientError, match="Could not find results"):
        caller.athena.get_query_results(QueryExecutionId=execution_id)
    assert caller.rows("SELECT 1") == [("1",)]


def test_stopping_what_has_ended_changes_nothing(caller: Caller) -> None:
    """A statement that has succeeded stays so."""
    execution_id = caller.start("SELECT 1")
    caller.wait(execution_id)

    caller.athena.stop_query_execution(QueryExecutionId=execution_id)

    assert caller.wait(execution_id).state == "SUCCEEDED"


def test_statement_ends_as_the_test_wants(athena: Endpoint, caller: Caller) -> None:
    """It fails, retryable or not, is cancelled, or reaches the cutoff; the next one is well."""
    athena.faults.fail("SELECT 1", "Query exhausted resources at this scale factor", retryable=True)
    athena.faults.cancel("SELECT 1")
    athena.faults.cut_off("SELECT 1")

    ended = [caller.run("SELECT 1") for _ in range(4)]

    assert [(each.state, each.reason) for each in ended] == [
        ("FAILED", "Query exhausted resources at this scale factor"),
        ("CANCELLED", "Query cancelled by user"),
        ("CANCELLED", "Bytes scanned limit was exceeded"),
        ("SUCCEEDED", ""),
    ]
    assert ended[0].execution["Status"]["AthenaError"]["Retryable"] is True


@pytest.mark.parametrize(
    ("fault", "message"),
    [(ResultFault.LOST, "Could not find results"), (ResultFault.DENIED, "Access denied when reading query results")],
)
def test_result_is_gone_or_denied(athena: Endpoint, caller: Caller, fault: ResultFault, message: str) -> None:
    """The statement succeeds, and its rows cannot be read."""
    athena.faults.spoil_result("SELECT 1", fault)

    with pytest.raises(ClientError, match=message):
        caller.run("SELECT 1")


def test_result_is_cut(athena: Endpoint, caller: Caller) -> None:
    """Rows are missing, and only the statistics tell."""
    athena.faults.spoil_result("sequence", ResultFault.CUT)
    execution_id = caller.start("SELECT n FROM UNNEST(sequence(1, 10)) t (n)")

    ended = caller.wait(execution_id)

    statistics = caller.athena.get_query_runtime_statistics(QueryExecutionId=execution_id)["QueryRuntimeStatistics"]
    assert (ended.rows, statistics["Rows"]["OutputRows"]) == ([("1",)], 10)


def test_result_object_that_was_deleted_cannot_be_read(caller: Caller) -> None:
    """Rows are read from the output location."""
    execution_id = caller.start("SELECT 1")
    location = caller.wait(execution_id).execution["ResultConfiguration"]["OutputLocation"]
    caller.s3.delete_object(Bucket=caller.store, Key=location.removeprefix(f"s3://{caller.store}/"))

    with pytest.raises(ClientError, match="Could not find results"):
        caller.athena.get_query_results(QueryExecutionId=execution_id)


def _table(caller: Caller) -> None:
    caller.run(f"UNLOAD (SELECT 1 AS n) TO 's3://{caller.store}/table/' WITH (format = 'PARQUET')")
    caller.run(f"CREATE EXTERNAL TABLE t (n integer) STORED AS PARQUET LOCATION 's3://{caller.store}/table/'")


def test_denied_place_is_denied_to_everybody(athena: Endpoint, caller: Caller) -> None:
    """S3 says 403 to callers; statements that read, list or write there fail, others do not."""
    _table(caller)
    place = f"s3://{caller.store}/table"
    athena.faults.denied.add(place)

    with pytest.raises(ClientError) as reading:
        caller.s3.get_object(Bucket=caller.store, Key="table/x")
    with pytest.raises(ClientError) as writing:
        caller.s3.put_object(Bucket=caller.store, Key="table/x", Body=b"")
    with pytest.raises(ClientError) as listing:
        caller.s3.list_objects_v2(Bucket=caller.store, Prefix="table/")

    assert [_code(caught) for caught in (reading, writing, listing)] == ["AccessDenied"] * 3
    assert caller.run("SELECT * FROM t").reason.startswith(f"Permission denied on S3 path: {place}")
    assert caller.run(f"UNLOAD (SELECT 1 AS n) TO '{place}/b/' WITH (format = 'PARQUET')").state == "FAILED"
    assert caller.rows("SELECT 1") == [("1",)]


def test_denied_output_location_fails_the_statement(athena: Endpoint, caller: Caller) -> None:
    """A statement whose rows may not be written fails."""
    athena.faults.denied.add(f"s3://{caller.store}/results")

    assert caller.run("SELECT 1").reason.startswith(f"Access denied when writing output to url: s3://{caller.store}")


def test_denied_key_keeps_objects_shut(athena: Endpoint, caller: Caller) -> None:
    """Objects can be listed, not read: by callers, nor by statements."""
    _table(caller)
    athena.faults.key_denied.add(f"s3://{caller.store}/table/")
    key = caller.s3.list_objects_v2(Bucket=caller.store, Prefix="table/")["Contents"][0]["Key"]

    with pytest.raises(ClientError, match="not authorized to perform: kms:Decrypt"):
        caller.s3.get_object(Bucket=caller.store, Key=key)
    assert "kms:Decrypt" in caller.run("SELECT * FROM t").reason


def test_bucket_in_another_region_redirects(athena: Endpoint, caller: Caller) -> None:
    """S3's clients find it where it is; statements over it fail, and none is started that would write there."""
    _table(caller)
    elsewhere = Caller(athena)
    athena.faults.moved.add(caller.store)
    there = {"Database": caller.database}

    with pytest.raises(ClientError, match="in the same region"):
        caller.start("SELECT 1")

    assert caller.s3.get_bucket_location(Bucket=caller.store)["LocationConstraint"] == "eu-central-1"
    assert caller.s3.list_objects_v2(Bucket=caller.store)["KeyCount"] > 0
    assert "PermanentRedirect" in elsewhere.run("SELECT * FROM t", QueryExecutionContext=there).reason


def test_credentials_expire_in_the_middle(athena: Endpoint, caller: Caller) -> None:
    """After so many calls those in use are refused everywhere; others are good."""
    athena.faults.expire_after(1)
    caller.s3.list_buckets()
    with pytest.raises(ClientError) as by_athena:
        caller.start("SELECT 1")
    with pytest.raises(ClientError) as by_s3:
        caller.s3.list_buckets()

    renewed = athena.client("athena", access_key="renewed")
    assert (_code(by_athena), _code(by_s3)) == ("ExpiredTokenException", "ExpiredToken")
    assert renewed.list_work_groups()["WorkGroups"]


def test_workgroup_cuts_off_disables_and_decides(athena: Endpoint, caller: Caller) -> None:
    """Its cutoff cancels, its state refuses, and where results go is its say alone."""
    _table(caller)
    athena.faults.scan_factor = 1_000_000
    caller.athena.update_work_group(
        WorkGroup=caller.workgroup, ConfigurationUpdates={"BytesScannedCutoffPerQuery": 10_000_000}
    )
    cut_off = caller.run("SELECT max(n) FROM t")
    other_place = {"OutputLocation": f"s3://{caller.store}/elsewhere/"}
    placed = caller.run("SELECT 1", ResultConfiguration=other_place).execution["ResultConfiguration"]["OutputLocation"]
    caller.athena.update_work_group(WorkGroup=caller.workgroup, State="DISABLED")
    with pytest.raises(ClientError, match="disabled"):
        caller.start("SELECT 1")

    assert (cut_off.state, cut_off.reason) == ("CANCELLED", "Bytes scanned limit was exceeded")
    assert cut_off.scanned > 10_000_000
    assert placed.startswith(f"s3://{caller.store}/results/")


def test_all_is_well_after_a_reset(athena: Endpoint, caller: Caller) -> None:
    """What was set is forgotten, what was held is let go."""
    with athena.faults.held("slow") as release:
        execution_id = caller.start("SELECT 'slow'")
        athena.faults.denied.add("s3://")
        athena.faults.expire_after(0)
        athena.faults.reset()

        assert release.is_set()
        assert caller.wait(execution_id).rows == [("slow",)]
