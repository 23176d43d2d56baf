"""A run scans no more than it may: statements that might pass the limit are not started."""

from dataclasses import replace

import pytest

from comprova.errors import BudgetError, RunStoppedError
from unit.engines.athena.athena_service import CUTOFF, AthenaService, Script
from unit.engines.athena.conftest import PLACE, OpenSession
from unit.engines.athena.test_session import SLOW, held_at


def test_a_statement_that_might_pass_the_limit_is_not_started(
    open_session: OpenSession, service: AthenaService
) -> None:
    """What was scanned counts, and what the next one may scan at most; the message gives both."""
    session = open_session(replace(PLACE, max_scan=1000))
    service.script("", Script(scanned=600))
    session.execute("SELECT 1 AS n", "run", name="first@1", at_most=900)
    with pytest.raises(BudgetError, match=r"at most 1,000 bytes.*found 600 bytes scanned so far and up to 401 by this"):
        session.execute("SELECT 2 AS n", "run", name="second@1", at_most=401)
    session.execute("SELECT 3 AS n", "run", name="third@1", at_most=400)
    assert [started.sql for started in service.started()] == ["SELECT 1 AS n", "SELECT 3 AS n"]


def test_what_earlier_attempts_scanned_counts(open_session: OpenSession, service: AthenaService) -> None:
    """The limit is the run's, not the attempt's; failed statements scanned too, and one found again counts once."""
    place = replace(PLACE, max_scan=1000)
    service.script("", Script(scanned=300))
    service.script("nonsense", Script(states=("FAILED",), scanned=300, reason="SYNTAX_ERROR: no"))
    first = open_session(place)
    first.execute("SELECT 1 AS n", "run", name="first@1", at_most=300)
    assert first.start("SELECT nonsense", "run", name="second@1", at_most=300).exception() is not None
    second = open_session(place)
    second.execute("SELECT 1 AS n", "run", name="first@1", at_most=300)
    with pytest.raises(BudgetError, match="600 bytes scanned so far"):
        second.execute("SELECT 3 AS n", "run", name="third@1", at_most=401)


def test_without_an_estimate_the_cutoff_of_the_workgroup_counts(
    open_session: OpenSession, service: AthenaService
) -> None:
    """A statement that may scan as much as the workgroup lets it needs that much room; DDL needs none."""
    session = open_session(replace(PLACE, max_scan=CUTOFF))
    service.script("CREATE", Script(scanned=0))
    session.execute("CREATE EXTERNAL TABLE t (n bigint)", "run", name="table")
    session.execute("SELECT 1 AS n", "run", name="first@1")
    with pytest.raises(BudgetError, match="up to 1,000,000 by this statement"):
        session.execute("SELECT 2 AS n", "run", name="second@1")
    assert service.count("GetWorkGroup") == 1


def test_what_nothing_bounds_is_not_started(open_session: OpenSession, service: AthenaService) -> None:
    """A limit that cannot be kept is not pretended."""
    service.cutoff = None
    with pytest.raises(BudgetError, match="Set the job's query_cutoff"):
        open_session(replace(PLACE, max_scan=CUTOFF)).execute("SELECT 1 AS n", "run", name="first@1")
    assert service.started() == []


def test_without_a_limit_nothing_is_asked(open_session: OpenSession, service: AthenaService) -> None:
    """Runs without max_scan need no permission to read the workgroup."""
    open_session().execute("SELECT 1 AS n", "run", name="first@1", at_most=10**15)
    assert service.count("GetWorkGroup") == 0


def test_statements_wait_for_the_room_of_others(open_session: OpenSession, service: AthenaService) -> None:
    """Each may scan 600 of 1,000 bytes and scans 100: one after the other they all fit."""
    session = open_session(replace(PLACE, max_scan=1000, concurrency=4))
    service.script("", Script(states=("RUNNING", "SUCCEEDED"), scanned=100))
    waiting = [session.start(f"SELECT {n} AS n", "run", name="asked@1", at_most=600) for n in range(5)]
    assert [future.result().bytes_scanned for future in waiting] == [100] * 5
    assert service.most_under_way == 1


def test_who_waits_for_room_hears_a_request_to_stop(open_session: OpenSession, service: AthenaService) -> None:
    """A statement that was never started ends with the run."""
    session = open_session(replace(PLACE, max_scan=1000, concurrency=2))
    service.script("", SLOW)
    reached, passing = held_at(service, "GetQueryExecution", 1)
    waiting = [session.start(f"SELECT {n} AS n", "run", name="asked@1", at_most=600) for n in range(2)]
    assert reached.wait(10)
    passing.set()
    session.stop()
    assert {type(future.exception()) for future in waiting} == {RunStoppedError}
    assert len(service.started()) == 1
