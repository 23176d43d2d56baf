"""A session runs each statement once and to its end, whatever AWS does meanwhile, and pays for none twice."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from comprova.engines.athena.journal import FileJournal, Finished, State
from comprova.engines.athena.session import AthenaSession
from comprova.errors import EngineError, ExitCode, RunStoppedError
from unit.engines.athena.athena_service import ENGINE, AthenaService, Script
from unit.engines.athena.conftest import PLACE, OpenSession, Time

SQL = "SELECT 1 AS n"
SLOW = Script(states=("QUEUED", "RUNNING"))
HASTY = replace(PLACE, deadline=timedelta(minutes=3))


def execute(session: AthenaSession, sql: str = SQL, name: str = "identity.asked@1") -> Finished:
    """Run a statement in the run's database."""
    return session.execute(sql, "run", name=name)


def test_a_statement_is_run_to_its_end(session: AthenaSession, service: AthenaService) -> None:
    """What comes back says which execution it was, what it scanned and how long it took."""
    service.script("", Script(states=("QUEUED", "RUNNING", "RUNNING", "SUCCEEDED"), rows=[["1"]], scanned=345))
    finished = execute(session)
    (started,) = service.started()
    assert finished == Finished("identity.asked@1", started.id, State.SUCCEEDED, 345, 7, 1, ENGINE)


def test_a_request_says_where_and_how(session: AthenaSession, service: AthenaService) -> None:
    """The text goes as it is, percent signs too, into the run's database; no earlier result is taken for its own."""
    execute(session, "SELECT 'a%s' LIKE 'a%' AS n")
    (started,) = service.started()
    request = dict(started.request)
    token = request.pop("ClientRequestToken")
    assert 32 <= len(token) <= 128
    assert request == {
        "QueryString": "SELECT 'a%s' LIKE 'a%' AS n",
        "QueryExecutionContext": {"Database": "run", "Catalog": "awsdatacatalog"},
        "WorkGroup": "comprova",
        "ResultConfiguration": {
            "OutputLocation": "s3://acme-store/comprova/results/",
            "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
            "ExpectedBucketOwner": "111122223333",
        },
        "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": False}},
    }


def test_results_are_encrypted_with_the_key_of_the_place(open_session: OpenSession, service: AthenaService) -> None:
    """A key of the customer's own stands in each request, and no owner where none is to be checked."""
    execute(open_session(replace(PLACE, kms_key="arn:aws:kms:sa-east-1:111122223333:key/k", store_owner="")))
    assert service.started()[0].request["ResultConfiguration"] == {
        "OutputLocation": "s3://acme-store/comprova/results/",
        "EncryptionConfiguration": {
            "EncryptionOption": "SSE_KMS",
            "KmsKey": "arn:aws:kms:sa-east-1:111122223333:key/k",
        },
    }


OPERATIONS = ("StartQueryExecution", "GetQueryExecution", "GetQueryRuntimeStatistics")
PASSING = (
    ("ThrottlingException", 400),
    ("TooManyRequestsException", 400),
    ("InternalServerException", 500),
    ("ServiceUnavailable", 503),
)


@pytest.mark.parametrize(("code", "status"), PASSING)
def test_what_passes_is_waited_out(
    session: AthenaSession, service: AthenaService, time: Time, code: str, status: int
) -> None:
    """Throttling and faults of AWS on every call delay a statement, and start it no second time."""
    for operation in OPERATIONS:
        service.refuse(operation, code, "Rate exceeded", times=4, status=status)
    assert execute(session).state is State.SUCCEEDED
    assert [service.count(operation) for operation in OPERATIONS] == [5, 5, 5]
    assert len(service.started()) == 1
    assert time.waited > 0


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_does_not_pass_in_time_stops_the_run(
    open_session: OpenSession, service: AthenaService, time: Time, operation: str
) -> None:
    """Throttling without end is no answer to the question: nothing failed, and the same command goes on."""
    service.refuse(operation, "ThrottlingException", "Rate exceeded")
    began = time.moment
    with pytest.raises(RunStoppedError, match=r"Rate exceeded.*the same command goes on where this one ended"):
        execute(open_session(HASTY))
    assert HASTY.deadline <= time.moment - began < HASTY.deadline + timedelta(minutes=1)


def test_an_address_that_nobody_answers_is_told_soon(
    session: AthenaSession, service: AthenaService, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network that is down, or a region that was mistyped, is not waited for as long as a throttled account."""
    del service, session
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # discard: nothing listens there
    began = time.moment
    with (
        AthenaSession(PLACE, NoJournal(), scope="run", clock=time.now, sleep=time.sleep) as unreachable,
        pytest.raises(RunStoppedError, match="Check the network and the job's region"),
    ):
        execute(unreachable)
    assert time.moment - began < timedelta(minutes=3)


class NoJournal:
    """Remembers nothing."""

    def known(self, _token: str) -> None:
        """Know nothing."""

    def started(self, token: str, execution_id: str) -> None:
        """Forget it."""

    def finished(self, finished: Finished) -> None:
        """Forget it."""

    def scanned(self) -> dict[str, int]:
        """Know of nothing."""
        return {}


def test_what_athena_calls_retryable_is_sent_again(session: AthenaSession, service: AthenaService) -> None:
    """A failure that may not come back costs another execution, with a token of its own; three at most."""
    service.script("", Script(states=("RUNNING", "FAILED"), reason="Query exhausted resources", retryable=True))
    with pytest.raises(EngineError, match="FAILED, Query exhausted resources"):
        execute(session)
    assert len(service.started()) == 3
    assert len({started.request["ClientRequestToken"] for started in service.started()}) == 3


@pytest.mark.parametrize("retryable", [False, None])
def test_any_other_failure_is_final(session: AthenaSession, service: AthenaService, *, retryable: bool | None) -> None:
    """A statement that Athena refuses is refused once; its rows are not asked for."""
    reason = "COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved or requester is not authorized to access it"
    service.script("", Script(states=("FAILED",), reason=reason, retryable=retryable))
    with pytest.raises(EngineError, match="COLUMN_NOT_FOUND") as caught:
        execute(session)
    assert caught.value.problems[0].where == "identity.asked@1"
    assert len(service.started()) == 1
    assert service.count("GetQueryResults") == 0


def test_text_that_is_no_sql_is_refused_at_once(session: AthenaSession, service: AthenaService) -> None:
    """Athena starts nothing then, and says so in another way."""
    message, malformed = "line 1:8: mismatched input 'AccessDenied'", {"AthenaErrorCode": "MALFORMED_QUERY"}
    service.refuse("StartQueryExecution", "InvalidRequestException", message, more=malformed)
    with pytest.raises(EngineError, match="mismatched input"):
        execute(session)


def test_a_statement_that_takes_too_long_is_stopped(
    open_session: OpenSession, service: AthenaService, time: Time, journal_file: Path
) -> None:
    """The deadline ends it, with StopQueryExecution, and what it scanned until then is remembered."""
    service.script("", replace(SLOW, scanned=77))
    began = time.moment
    with pytest.raises(EngineError, match=r"an answer within 0:03:00.*Raise the job's query_minutes"):
        execute(open_session(HASTY))
    assert HASTY.deadline <= time.moment - began < HASTY.deadline + timedelta(minutes=1)
    assert [started.stopped for started in service.started()] == [True]
    (remembered,) = FileJournal(journal_file).executions
    assert (remembered.state, remembered.bytes_scanned) == (State.CANCELLED, 77)


CANCELLED = (
    ("CANCELLED", "Bytes scanned limit was exceeded", "Raise the job's query_cutoff, run comprova athena setup"),
    ("FAILED", "Query cancelled! : Bytes scanned limit was exceeded", "Raise the job's query_cutoff"),
    ("CANCELLED", "Query cancelled by user", "give the same command again; where the evidence is sealed"),
)


@pytest.mark.parametrize(("state", "reason", "hint"), CANCELLED)
def test_a_statement_that_was_cut_off_or_cancelled_has_no_rows(
    session: AthenaSession, service: AthenaService, state: str, reason: str, hint: str
) -> None:
    """Whoever ended it, its result is not read, and the message says what to do."""
    service.script("", Script(states=("RUNNING", state), rows=[["1"]], reason=reason))
    with pytest.raises(EngineError, match=hint):
        execute(session)
    assert service.count("GetQueryResults") == 0


INVALID = "InvalidRequestException"
NO_PLACE = (
    "The S3 location provided to save your query results is invalid. Please check your S3 location is correct and is "
    "in the same region and try again."
)
STOPPING = (
    ("ExpiredTokenException", "The security token included in the request is expired", "Renew the AWS credentials"),
    ("UnrecognizedClientException", "The security token included in the request is invalid.", "Renew"),
    ("AccessDeniedException", "You are not authorized to perform: athena:StartQueryExecution", "Grant what"),
    (INVALID, "WorkGroup comprova is disabled.", "comprova athena setup"),
    (INVALID, "WorkGroup is not found.", "comprova athena setup"),
    (INVALID, NO_PLACE, "in the job's region"),
)


@pytest.mark.parametrize(("code", "message", "hint"), STOPPING)
def test_what_the_next_statement_would_meet_too_stops_the_run(
    session: AthenaSession, service: AthenaService, code: str, message: str, hint: str
) -> None:
    """It is no failure of a question: those that wait are not sent, and the run ends as an unfinished one."""
    service.refuse("StartQueryExecution", code, message, more={"AthenaErrorCode": "INVALID_INPUT"})
    waiting = [session.start(f"SELECT {n} AS n", "run", name=f"asked.{n}@1") for n in range(20)]
    errors = [future.exception() for future in waiting]
    assert {type(error) for error in errors} == {RunStoppedError}
    assert hint in str(errors[0])
    assert service.count("StartQueryExecution") <= PLACE.concurrency
    assert RunStoppedError.exit_code is ExitCode.INCOMPLETE


DENIED_IN_AN_EXECUTION = (
    "Permission denied on S3 path: s3://acme-store/comprova/runs/x",
    "Access denied when writing output to url: s3://acme-store/comprova/results/1.csv . Please ensure you are allowed",
    "Insufficient permissions to execute the query. User is not authorized to perform: glue:GetTable",
    "HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split s3://b/k: Access Denied (Service: Amazon S3; Status Code: 403)",
    "PERMISSION_DENIED: Access Denied: kms:Decrypt",
    "HIVE_CURSOR_ERROR: The bucket is in another region (Service: Amazon S3; Status Code: 301)",
    "GENERIC_INTERNAL_ERROR: ExpiredToken: The provided token has expired (Service: Amazon S3; Status Code: 400)",
)


@pytest.mark.parametrize("reason", DENIED_IN_AN_EXECUTION)
def test_an_execution_that_may_not_read_or_write_stops_the_run(
    session: AthenaSession, service: AthenaService, reason: str
) -> None:
    """Permissions are the same for all statements: forty-one questions must not fail for one missing grant."""
    service.script("", Script(states=("FAILED",), reason=reason, retryable=False))
    with pytest.raises(RunStoppedError):
        execute(session)


LOGGED = (
    "INVALID_CAST_ARGUMENT: Cannot cast 'AccessDenied (Service: Amazon S3; Status Code: 403)' to BIGINT",
    "HIVE_BAD_DATA: Error parsing field value 'Access Denied (Service: S3; Status Code: 403)' for field 3",
    "SYNTAX_ERROR: line 3:7: '=' cannot be applied to varchar('PermanentRedirect'), bigint",
)


@pytest.mark.parametrize("reason", LOGGED)
def test_words_of_logged_data_do_not_stop_the_run(session: AthenaSession, service: AthenaService, reason: str) -> None:
    """CloudTrail logs are full of denials; one that an error quotes was told to someone else."""
    service.script("", Script(states=("FAILED",), reason=reason, retryable=False))
    with pytest.raises(EngineError):
        execute(session)


def test_a_reused_result_is_refused(session: AthenaSession, service: AthenaService) -> None:
    """Were a workgroup to reuse results, evidence would be of another day."""
    plain = service._GetQueryExecution

    def reused(request: Any) -> Any:
        answer = plain(request)
        answer["QueryExecution"]["Statistics"]["ResultReuseInformation"] = {"ReusedPreviousResult": True}
        return answer

    service._GetQueryExecution = reused  # type: ignore[method-assign] # for this test only
    with pytest.raises(EngineError, match="a result of its own"):
        execute(session)


def test_no_more_statements_are_under_way_than_the_place_allows(
    open_session: OpenSession, service: AthenaService
) -> None:
    """Twenty statements, three at once, each of them once and in the order of the calls."""
    session = open_session(replace(PLACE, concurrency=3))
    service.script("", Script(states=("QUEUED", "RUNNING", "RUNNING", "SUCCEEDED")))
    waiting = [session.start(f"SELECT {n} AS n", "run", name="asked@1") for n in range(20)]
    assert [future.result().state for future in waiting] == [State.SUCCEEDED] * 20
    assert service.most_under_way <= 3
    assert len(service.started()) == 20


def held_at(service: AthenaService, operation: str, calls: int) -> tuple[threading.Event, threading.Event]:
    """Hold calls of an operation; return what is set when so many have come, and what lets them pass."""
    reached, passing = threading.Event(), threading.Event()
    seen: list[object] = []

    def hold(called: str, _request: object) -> None:
        if called == operation and not passing.is_set():
            seen.append(called)
            if len(seen) == calls:
                reached.set()
            passing.wait(10)

    service.on_call = hold
    return reached, passing


def test_stop_stops_what_was_started_and_starts_no_more(open_session: OpenSession, service: AthenaService) -> None:
    """Two statements under way are stopped at AWS, eighteen that wait are never sent, and whoever waits is told."""
    session = open_session(replace(PLACE, concurrency=2))
    service.script("", SLOW)
    reached, passing = held_at(service, "GetQueryExecution", 2)
    waiting = [session.start(f"SELECT {n} AS n", "run", name="asked@1") for n in range(20)]
    assert reached.wait(10)
    passing.set()
    assert session.stop() == ()
    assert [started.stopped for started in service.started()] == [True, True]
    assert {type(future.exception()) for future in waiting} == {RunStoppedError}
    with pytest.raises(RunStoppedError, match="a request to stop"):
        execute(session)


def test_a_statement_whose_start_is_under_way_is_stopped_too(session: AthenaSession, service: AthenaService) -> None:
    """Between the request and its id nobody else could stop it."""
    service.script("", SLOW)
    reached, passing = held_at(service, "StartQueryExecution", 1)
    waiting = session.start(SQL, "run", name="asked@1")
    assert reached.wait(10)
    stopping = threading.Thread(target=session.stop)
    stopping.start()
    while not session._patience.stopping:
        pass
    passing.set()
    stopping.join(10)
    assert isinstance(waiting.exception(), RunStoppedError)
    assert [started.stopped for started in service.started()] == [True]


def test_whatever_ends_the_block_stops_what_is_under_way(open_session: OpenSession, service: AthenaService) -> None:
    """Ctrl-C, SIGTERM and errors all leave the block of the session by an exception."""
    service.script("", SLOW)
    reached, passing = held_at(service, "GetQueryExecution", 1)

    def interrupted() -> None:
        with open_session() as session:
            session.start(SQL, "run", name="asked@1")
            assert reached.wait(10)
            passing.set()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [started.stopped for started in service.started()] == [True]


def test_what_could_not_be_stopped_is_told(session: AthenaSession, service: AthenaService) -> None:
    """Without credentials nothing can be stopped: the statement goes on, and the next attempt finds it."""
    service.script("", SLOW)
    service.refuse("StopQueryExecution", "ExpiredTokenException")
    reached, passing = held_at(service, "GetQueryExecution", 1)
    waiting = session.start(SQL, "run", name="asked@1")
    assert reached.wait(10)
    passing.set()
    assert session.stop() == tuple(started.id for started in service.started())
    assert isinstance(waiting.exception(), RunStoppedError)


def test_stopping_does_not_wait_long_for_a_throttled_account(
    session: AthenaSession, service: AthenaService, time: Time
) -> None:
    """Whoever asked a process to stop kills it soon after."""
    service.script("", SLOW)
    service.refuse("StopQueryExecution", "ThrottlingException")
    reached, passing = held_at(service, "GetQueryExecution", 5)
    waiting = [session.start(f"SELECT {n} AS n", "run", name="asked@1") for n in range(5)]
    assert reached.wait(10)
    passing.set()
    began = time.moment
    assert len(session.stop()) == 5
    assert time.moment - began < timedelta(seconds=60)
    assert {type(future.exception()) for future in waiting} == {RunStoppedError}


def test_a_throttled_request_to_stop_is_made_again(session: AthenaSession, service: AthenaService) -> None:
    """A statement that goes on is billed."""
    service.script("", SLOW)
    service.refuse("StopQueryExecution", "ThrottlingException", times=2)
    reached, passing = held_at(service, "GetQueryExecution", 1)
    session.start(SQL, "run", name="asked@1")
    assert reached.wait(10)
    passing.set()
    assert session.stop() == ()
    assert service.started()[0].stopped


def test_a_statement_that_ends_while_it_is_given_up_is_answered(
    open_session: OpenSession, service: AthenaService, time: Time
) -> None:
    """What Athena has answered counts, though the request to stop it was on its way."""
    service.script("", SLOW)
    session = open_session(HASTY)

    def succeed(called: str, _request: object) -> None:
        if called == "StopQueryExecution":
            service.started()[0].script = Script()

    service.on_call = succeed
    assert execute(session).state is State.SUCCEEDED
    assert time.waited >= HASTY.deadline.total_seconds()


def test_clients_of_other_services_are_made_once(session: AthenaSession) -> None:
    """Storage and catalog are reached with the credentials and the region of the session."""
    assert [session.s3.meta.region_name, session.glue.meta.region_name] == ["sa-east-1", "sa-east-1"]
    assert session.s3 is session.s3


def test_a_profile_that_is_not_there_is_told(
    monkeypatch: pytest.MonkeyPatch, service: AthenaService, time: Time
) -> None:
    """Credentials that cannot be found are a matter of the machine, told before anything is sent."""
    del service
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(RunStoppedError, match="Renew the AWS credentials"):
        AthenaSession(PLACE, NoJournal(), scope="run", clock=time.now, sleep=time.sleep)
