"""The database of a run: its own, over exactly the loads that count, and the same after a restart."""

import io
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from comprova.catalog.query import QueryRef
from comprova.engines.athena.loads import LoadRecord
from comprova.engines.athena.notes import FolderSpentError
from comprova.engines.athena.place import AthenaPlace, S3Place
from comprova.engines.athena.run_database import RunDatabase, claim_database
from comprova.engines.athena.store import Store
from comprova.errors import BudgetError, EngineError, Problem
from comprova.sql.statement import Statement
from s3_server import emptied, running_s3
from unit.engines.athena.stub_session import Ran, StubNotes, StubSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

PLACE = AthenaPlace("us-east-1", "comprova", S3Place("store", "comprova"))
NAME = "base_monthly_2026_10_r1"
FOLDER = ("runs", "monthly", "2026-10", "r1")


def load(day: int, load_id: str = "l1") -> LoadRecord:
    """Return the load record of a day of October 2026."""
    return LoadRecord(
        delivery_date=date(2026, 10, day),
        load_id=load_id,
        fingerprint="f",
        files=1,
        bytes=100,
        excluded=(),
        rows=1,
        parquet_bytes=50,
        execution_id="e",
        bytes_scanned=100,
    )


def statement(name: str, sql: str) -> Statement:
    """Return a compiled statement."""
    return Statement(QueryRef(name, 1), sql, "", {}, "")


ACTIVITY = statement("activity", "SELECT 1 AS one FROM records AS logged\nJOIN records USING (eventid)\n")
DELIVERIES = statement("deliveries", "SELECT 1 AS one FROM files\n")
FILES = pa.table({"log_file": ["a"]})


@pytest.fixture(scope="module")
def server() -> "Iterator[S3Client]":
    """Give a client to an S3 of this module's own."""
    with running_s3() as s3:
        yield s3


@pytest.fixture
def s3(server: "S3Client") -> "S3Client":
    """Give a client to an S3 with an empty store."""
    return emptied(server, "store")


def database(s3: "S3Client", session: StubSession, notes: StubNotes | None = None) -> RunDatabase:
    """Return a database whose ids say how many were given."""
    ids = count(1)
    return RunDatabase(NAME, session, Store(s3, PLACE), FOLDER, notes or StubNotes(), lambda: f"id{next(ids)}")


def made(s3: "S3Client", session: StubSession, notes: StubNotes | None = None) -> RunDatabase:
    """Make all tables."""
    tables = database(s3, session, notes)
    tables.open("base", [load(1), load(2, "l2")])
    tables.list_files(FILES)
    tables.make(ACTIVITY, DELIVERIES)
    return tables


def test_tables_are_made_in_an_order_that_they_can_be_read_in(s3: "S3Client") -> None:
    """The database first; the rows of a table before its definition; everything but the first in the run's own."""
    session = StubSession(s3)
    made(s3, session)
    assert [ran.name for ran in session.ran] == [
        f"load: define {NAME}",
        "load: define records",
        "load: define partitions 1 of records",
        "deliveries: define files",
        "activity",
        "activity: define activity",
        "activity: define partitions 1 of activity",
        "deliveries",
        "deliveries: define deliveries",
    ]
    assert [ran.database for ran in session.ran] == ["base", *[NAME] * 8]


def test_records_are_the_loads_that_count(s3: "S3Client") -> None:
    """Each date is one partition, at the folder of its load; a date without a load has none."""
    session = StubSession(s3)
    database(s3, session).open("base", [load(1), load(3, "l3")])
    partitions = session.ran[-1].sql
    assert partitions.count("PARTITION (") == 2
    assert "(delivery_date = '2026-10-01')" in partitions
    assert "records/delivery_date=2026-10-03/load_id=l3" in partitions
    database(s3, without := StubSession(s3)).open("base", [])
    assert not [ran for ran in without.ran if "partitions" in ran.name]


def test_groups_of_activity_are_the_folders_that_were_written(s3: "S3Client") -> None:
    """Each group of events is one partition, at the folder that UNLOAD made for it; deliveries have none."""
    session = StubSession(s3)
    made(s3, session)
    by_name = {ran.name: ran for ran in session.ran}
    assert by_name["activity"].sql.endswith("partitioned_by = ARRAY['event_group'])")
    assert "partitioned_by" not in by_name["deliveries"].sql
    folder = f"s3://store/{by_name['activity'].folder}event_group=iam-changes/"
    assert by_name["activity: define partitions 1 of activity"].sql == (
        f"ALTER TABLE {NAME}.activity ADD IF NOT EXISTS\n  PARTITION (event_group = 'iam-changes') LOCATION '{folder}'"
    )


@pytest.mark.parametrize("name", ["part", "event_group=", "event_group=one/part", "_temporary/0/part"])
def test_a_folder_that_is_no_group_is_refused(s3: "S3Client", name: str) -> None:
    """Rows that lie where no group does would be read twice, or by nobody; what shows a folder is no file."""
    session = StubSession(s3)

    def beside(ran: Ran) -> None:
        if ran.name == "activity":
            s3.put_object(Bucket="store", Key=ran.folder, Body=b"")
            s3.put_object(Bucket="store", Key=f"{ran.folder}{name}", Body=b"rows")

    session.answers = beside
    with pytest.raises(EngineError, match="folders event_group=… of groups alone"):
        made(s3, session)


def test_the_list_of_files_lies_where_its_table_looks(s3: "S3Client") -> None:
    """The rows are written whole before the table is defined over their folder."""
    session = StubSession(s3)
    database(s3, session).list_files(FILES)
    (item,) = s3.list_objects_v2(Bucket="store", Prefix="comprova/runs/")["Contents"]
    body = s3.get_object(Bucket="store", Key=item["Key"])["Body"].read()
    assert pq.read_table(io.BytesIO(body)) == FILES
    assert f"LOCATION 's3://store/{item['Key'].rpartition('/')[0]}/'" in session.ran[0].sql


def test_rows_are_written_in_the_order_that_statements_ask_for(s3: "S3Client") -> None:
    """Clustered, so that few row groups are read; the table is over the folder that UNLOAD wrote to."""
    session = StubSession(s3)
    made(s3, session)
    by_name = {ran.name: ran for ran in session.ran}
    assert "JOIN records USING (eventid)\nORDER BY event_source, event_name, event_time\n)" in by_name["activity"].sql
    assert "FROM files\nORDER BY log_file\n)" in by_name["deliveries"].sql
    for table in ("activity", "deliveries"):
        folder = by_name[table].folder
        assert folder.startswith(f"comprova/runs/monthly/2026-10/r1/{table}/")
        assert f"LOCATION 's3://store/{folder}'" in by_name[f"{table}: define {table}"].sql


def test_a_restart_gives_the_same_statements(s3: "S3Client") -> None:
    """The session then finds every one of them done, and nothing is written or paid twice."""
    notes = StubNotes()
    made(s3, killed := StubSession(s3), notes)
    made(s3, again := StubSession(s3), notes)
    assert again.ran == killed.ran


def test_a_table_that_failed_is_written_elsewhere_the_next_time(s3: "S3Client") -> None:
    """Its folder may hold half of it."""

    def refuse(ran: Ran) -> None:
        if ran.name == "activity":
            raise EngineError(Problem(ran.name, "Athena to answer", "GENERIC_INTERNAL_ERROR"))

    notes = StubNotes()
    failed = StubSession(s3, refuse)
    with pytest.raises(EngineError):
        made(s3, failed, notes)
    tables = RunDatabase(NAME, again := StubSession(s3), Store(s3, PLACE), FOLDER, notes, lambda: "another")
    tables.make(ACTIVITY, DELIVERIES)
    folders = {ran.name: ran.folder for ran in again.ran}
    before = {ran.name: ran.folder for ran in failed.ran}
    assert folders["activity"] == "comprova/runs/monthly/2026-10/r1/activity/another/" != before["activity"]


def test_a_table_that_has_lost_rows_is_not_taken_for_whole(s3: "S3Client") -> None:
    """What was answered before they went, and what would be asked now, do not belong together."""
    notes = StubNotes()
    made(s3, session := StubSession(s3), notes)
    made(s3, session, notes)
    folder = next(ran.folder for ran in session.ran if ran.name == "activity")
    smaller = StubSession(s3, rows=1)
    with pytest.raises(EngineError, match=rf"{folder.rstrip('/')}: expected the \d+ bytes that were written"):
        made(s3, smaller, notes)


def test_a_folder_that_may_hold_something_is_left(s3: "S3Client") -> None:
    """As after a statement that was stopped, and may be writing still: another is filled at once, and stays the one."""
    refused: list[Ran] = []

    def refuse(ran: Ran) -> None:
        if ran.name == "activity" and not refused:
            refused.append(ran)
            raise FolderSpentError(Problem(ran.name, "Athena to answer", "CANCELLED, Query cancelled by user"))

    notes = StubNotes()
    made(s3, StubSession(s3, refuse), notes)
    made(s3, again := StubSession(s3), notes)
    assert [ran.folder for ran in again.ran if ran.name == "activity"] == [
        "comprova/runs/monthly/2026-10/r1/activity/id3/"
    ]
    assert refused[0].folder == "comprova/runs/monthly/2026-10/r1/activity/id2/"


def test_a_folder_that_holds_something_is_left(s3: "S3Client") -> None:
    """As after a statement that was stopped: the rows are written elsewhere at once."""
    refused: list[Ran] = []

    def refuse(ran: Ran) -> None:
        if ran.name == "activity" and not refused:
            refused.append(ran)
            raise EngineError(Problem(ran.name, "Athena to answer", "HIVE_PATH_ALREADY_EXISTS"))

    made(s3, session := StubSession(s3, refuse))
    folders = [ran.folder for ran in session.ran if ran.name == "activity"]
    assert len(set(folders)) == 2
    definition = next(ran.sql for ran in session.ran if ran.name == "activity: define activity")
    assert f"LOCATION 's3://store/{folders[1]}'" in definition


def test_a_budget_leaves_no_table(s3: "S3Client") -> None:
    """What was not started has written nothing: with a larger budget the same statement is started."""

    def refuse(ran: Ran) -> None:
        if ran.name == "activity":
            raise BudgetError(Problem(ran.name, "at most 1 byte", "2"))

    notes = StubNotes()
    with pytest.raises(BudgetError):
        made(s3, refused := StubSession(s3, refuse), notes)
    assert "activity: define activity" not in [ran.name for ran in refused.ran]
    made(s3, again := StubSession(s3), notes)
    assert again.ran[4] == refused.ran[4]


def test_a_statement_is_bounded_by_what_it_names(s3: "S3Client") -> None:
    """Each time it reads a table it may read all of it, also through a table expression that is used twice."""
    session = StubSession(s3)
    tables = made(s3, session)
    assert {ran.name: ran.at_most for ran in session.ran if ran.folder}["activity"] == 200  # records, twice
    size = s3.head_object(Bucket="store", Key=f"{session.ran[4].folder}event_group=iam-changes/part")["ContentLength"]
    scoped = "WITH activity_in_scope AS (SELECT * FROM activity) SELECT a.one FROM activity_in_scope AS a"
    assert tables.at_most(statement("q", scoped)) == size
    assert tables.at_most(statement("q", f"{scoped}, activity_in_scope AS b")) == 2 * size
    assert tables.at_most(statement("q", "SELECT one FROM activity JOIN\n deliveries ON TRUE")) == 2 * size
    assert tables.at_most(statement("q", "SELECT records FROM activity_of_mine")) == 0
    for groups, bytes_ in (("'iam-changes', 'iam-uses'", size), ("'iam-uses'", 0)):
        assert tables.at_most(statement("q", f"{scoped} WHERE a.event_group IN ({groups})")) == bytes_


def test_a_database_is_claimed_once(s3: "S3Client") -> None:
    """Another folder of runs gets another name, the same run keeps its own, and other inputs are another run."""
    store, notes, others = Store(s3, PLACE), StubNotes(), StubNotes()
    assert claim_database(store, notes, NAME, "build", lambda: "a") == NAME
    assert claim_database(store, notes, NAME, "build", lambda: "b") == NAME
    assert claim_database(store, others, NAME, "build", lambda: "c") == f"{NAME}_2"
    assert claim_database(store, notes, NAME, "other", lambda: "d") == f"{NAME}_3"
    assert claim_database(store, others, NAME, "build", lambda: "e") == f"{NAME}_2"
