"""Daily loads: read once, published whole, and never half, twice or of other files than are listed."""

import io
import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from comprova.engines.athena.loading import DateLoader, FilesByDate, Loaded, load_dates
from comprova.engines.athena.loads import LoadRecord, RawFile, blamed, fingerprint, load_select
from comprova.engines.athena.notes import FolderSpentError
from comprova.engines.athena.place import AthenaPlace, S3Place
from comprova.engines.athena.store import Store, Written
from comprova.errors import BudgetError, EngineError, Problem, RunStoppedError
from comprova.trail.keys import parse_key
from s3_server import emptied, running_s3
from unit.engines.athena.stub_session import Ran, StubNotes, StubSession
from unit.trail.log_files import ACCOUNT, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_s3 import S3Client

FIRST, SECOND = date(2026, 10, 1), date(2026, 10, 2)
PLACE = AthenaPlace("us-east-1", "comprova", S3Place("store", "comprova"))


@pytest.fixture(scope="module")
def server() -> "Iterator[S3Client]":
    """Give a client to an S3 of this module's own."""
    with running_s3() as s3:
        yield s3


@pytest.fixture
def s3(server: "S3Client") -> "S3Client":
    """Give a client to an S3 with an empty store."""
    return emptied(server, "store")


def raw(day: date, *names: str, etag: str = "e") -> tuple[RawFile, ...]:
    """Return log files of a date."""
    keys = [key_of(day.isoformat(), name) for name in names]
    return tuple(RawFile(f"s3://trail/audit/{key}", key, ACCOUNT, "us-east-1", etag, 100) for key in keys)


TWO_DAYS: FilesByDate = {FIRST: raw(FIRST, "a", "b"), SECOND: raw(SECOND, "c")}


def loader(s3: "S3Client", session: StubSession, notes: StubNotes | None = None) -> DateLoader:
    """Return a loader whose ids no other loader gives."""
    return DateLoader(session, Store(s3, PLACE), "base", notes or StubNotes(), lambda: uuid4().hex)


def loaded(
    s3: "S3Client", session: StubSession, *listings: FilesByDate, notes: StubNotes | None = None, at_once: int = 1
) -> Loaded:
    """Load; the bucket lists one thing after another, and the last one from then on."""
    left = list(listings)

    def listing() -> FilesByDate:
        return left.pop(0) if len(left) > 1 else left[0]

    return load_dates(loader(s3, session, notes), listing, at_once, lambda _: None, lambda: None)


def record(s3: "S3Client", day: date) -> LoadRecord:
    """Return the load record that the store holds for a date."""
    body = s3.get_object(Bucket="store", Key=f"comprova/loads/{day}.json")["Body"].read()
    return LoadRecord.model_validate_json(body)


def published(s3: "S3Client") -> list[str]:
    """Return the keys of all load records."""
    found = s3.list_objects_v2(Bucket="store", Prefix="comprova/loads/")
    return [item["Key"] for item in found.get("Contents", ())]


def failing(*messages: str) -> "Callable[[Ran], None]":
    """Return what fails one statement after another, until the messages are used up."""
    left = list(messages)

    def answer(ran: Ran) -> None:
        if left:
            raise EngineError(Problem(ran.name, "Athena to answer", left.pop(0)))

    return answer


def test_each_date_is_read_once_and_recorded(s3: "S3Client") -> None:
    """One UNLOAD for each date into a folder of its own; the record says of which files, and what it cost."""
    session = StubSession(s3)
    result = loaded(s3, session, TWO_DAYS)
    assert [ran.name for ran in session.ran] == ["load: 2026-10-01", "load: 2026-10-02"]
    assert [ran.at_most for ran in session.ran] == [200, 100]
    first = record(s3, FIRST)
    assert result.records == {FIRST: first, SECOND: record(s3, SECOND)}
    assert session.ran[0].folder == f"comprova/records/delivery_date=2026-10-01/load_id={first.load_id}/"
    written = s3.head_object(Bucket="store", Key=f"{session.ran[0].folder}part")["ContentLength"]
    assert (first.files, first.bytes, first.rows, first.parquet_bytes) == (2, 200, 7, written)
    assert (first.execution_id, first.bytes_scanned, first.excluded) == ("execution-0", 10, ())


@pytest.mark.parametrize("columns", [1, 900])
def test_rows_are_counted_in_the_footers(s3: "S3Client", columns: int) -> None:
    """Of all files of a folder, also where a footer is longer than what is read at first."""
    file = io.BytesIO()
    pq.write_table(pa.table({f"a rather long name of a column {n}": [1, 2, 3] for n in range(columns)}), file)
    for name in ("a", "b"):
        s3.put_object(Bucket="store", Key=f"comprova/x/{name}", Body=file.getvalue())
    store = Store(s3, PLACE)
    assert store.parquet("x") == Written(6, 2 * len(file.getvalue()))
    assert store.parquet("nothing") == Written(0, 0)
    s3.put_object(Bucket="store", Key="comprova/x/c", Body=b"no rows at all")
    with pytest.raises(EngineError, match="a Parquet file"):
        store.parquet("x")


def test_a_date_that_is_loaded_is_not_loaded_again(s3: "S3Client") -> None:
    """Whoever comes later, another run or another machine, finds the load record and reads nothing."""
    before = loaded(s3, StubSession(s3), TWO_DAYS)
    session = StubSession(s3)
    after = loaded(s3, session, TWO_DAYS)
    assert session.ran == []
    assert (after.records, after.new, before.new) == (before.records, 0, 2)


@pytest.mark.parametrize("changed", [raw(FIRST, "a", "b", "late"), raw(FIRST, "a"), raw(FIRST, "a", "b", etag="other")])
def test_a_late_or_changed_file_loads_its_date_again(s3: "S3Client", changed: tuple[RawFile, ...]) -> None:
    """Only that date, into another folder; the record is replaced, and the old folder is left alone."""
    before = loaded(s3, StubSession(s3), TWO_DAYS)
    session = StubSession(s3)
    after = loaded(s3, session, {**TWO_DAYS, FIRST: changed})
    assert [ran.name for ran in session.ran] == ["load: 2026-10-01"]
    assert after.records[SECOND] == before.records[SECOND]
    assert record(s3, FIRST) == after.records[FIRST]
    assert after.records[FIRST].load_id != before.records[FIRST].load_id
    assert after.records[FIRST].fingerprint == fingerprint(changed)


def test_a_file_that_arrives_during_a_load_is_loaded(s3: "S3Client") -> None:
    """The bucket is listed again after loading; what was not settled then is loaded once more, the rest is not."""
    session = StubSession(s3)
    late = {**TWO_DAYS, FIRST: raw(FIRST, "a", "b", "late")}
    result = loaded(s3, session, TWO_DAYS, late)
    assert [ran.name for ran in session.ran] == ["load: 2026-10-01", "load: 2026-10-02", "load: 2026-10-01"]
    assert len({ran.folder for ran in session.ran}) == 3
    assert record(s3, FIRST).fingerprint == fingerprint(late[FIRST])
    assert result.records == {day: record(s3, day) for day in (FIRST, SECOND)}


def test_a_date_that_never_rests_is_read_and_not_published(s3: "S3Client") -> None:
    """After three attempts the run uses the last, and no other run takes it for the whole date."""
    session = StubSession(s3)
    listings = [{FIRST: raw(FIRST, *"abcdefg"[: number + 1])} for number in range(7)]
    result = loaded(s3, session, *listings)
    assert len(session.ran) == 3
    assert published(s3) == []
    assert result.records[FIRST].fingerprint == fingerprint(listings[2][FIRST])


def test_a_crash_before_publishing_leaves_nothing_that_counts(s3: "S3Client") -> None:
    """What an attempt wrote and did not publish is named by nobody; another machine loads the date anew."""
    session = StubSession(s3)
    loader(s3, session).load(FIRST, TWO_DAYS[FIRST])
    assert published(s3) == []
    other = StubSession(s3)
    result = loaded(s3, other, {FIRST: TWO_DAYS[FIRST]})
    assert result.records[FIRST].load_id not in session.ran[0].folder
    assert record(s3, FIRST) == result.records[FIRST]


def test_a_restart_gives_the_same_statement(s3: "S3Client") -> None:
    """With the notes of the attempt that was killed, the session is asked for the same execution, and pays for none."""
    notes = StubNotes()
    killed, again = StubSession(s3), StubSession(s3)
    loader(s3, killed, notes).load(FIRST, TWO_DAYS[FIRST])
    loaded(s3, again, {FIRST: TWO_DAYS[FIRST]}, notes=notes)
    assert again.ran == killed.ran
    assert notes.kept == {}  # all know of it now: if the record goes, the date is loaded anew


def test_a_load_is_remembered_until_it_is_published(s3: "S3Client") -> None:
    """A kill on either side of the conditional write costs nothing, and leaves nothing to be taken for a later load."""
    notes, session = StubNotes(), StubSession(s3)
    first = loader(s3, session, notes)
    made = first.load(FIRST, TWO_DAYS[FIRST])
    kept = dict(notes.kept)
    assert kept
    first.publish(made)
    assert notes.kept == {}
    notes.kept |= kept  # as after a kill between publishing and forgetting
    assert loader(s3, session, notes).published(FIRST, TWO_DAYS[FIRST]) == made
    assert notes.kept == {}


def test_what_an_earlier_attempt_met_is_no_fault_of_a_file(s3: "S3Client") -> None:
    """A key that was denied is granted by now: the date is read again, elsewhere, and with all its files."""
    blaming = f"FAILED, Error opening Hive split {TWO_DAYS[FIRST][0].uri} (offset=0): kms:Decrypt (Status Code: 403)"
    left = [blaming]

    def refuse(ran: Ran) -> None:
        if left:
            raise FolderSpentError(Problem(ran.name, "Athena to answer", left.pop()))

    session = StubSession(s3, refuse)
    result = loaded(s3, session, {FIRST: TWO_DAYS[FIRST]})
    assert result.records[FIRST].excluded == ()
    assert result.records[FIRST].load_id in session.ran[1].folder


def test_of_two_loaders_at_once_one_counts(s3: "S3Client") -> None:
    """Both have loaded the same files; the one that publishes second takes the record of the first."""
    first, second = loader(s3, StubSession(s3)), loader(s3, StubSession(s3))
    mine, others = first.load(FIRST, TWO_DAYS[FIRST]), second.load(FIRST, TWO_DAYS[FIRST])
    assert first.publish(mine) == mine
    assert second.publish(others) == mine
    assert record(s3, FIRST) == mine


def test_a_loader_of_newer_files_wins_whoever_is_first(s3: "S3Client") -> None:
    """A record of other files is replaced, and only by who has read it: nobody overwrites what they did not see."""
    first, second = loader(s3, StubSession(s3)), loader(s3, StubSession(s3))
    older, newer = first.load(FIRST, raw(FIRST, "a")), second.load(FIRST, raw(FIRST, "a", "b"))
    assert first.publish(older) == older
    assert second.publish(newer) == newer
    assert record(s3, FIRST) == newer
    store = Store(s3, PLACE)
    assert not store.publish(b"{}", "loads", f"{FIRST}.json", instead_of=None)


def test_loading_twice_counts_once(s3: "S3Client") -> None:
    """A date that was loaded twice has two folders, and its record names one of them."""
    session = StubSession(s3)
    loaded(s3, session, {FIRST: TWO_DAYS[FIRST]})
    s3.delete_object(Bucket="store", Key=f"comprova/loads/{FIRST}.json")
    result = loaded(s3, session, {FIRST: TWO_DAYS[FIRST]})
    folders = [ran.folder for ran in session.ran]
    assert len(set(folders)) == 2
    assert [result.records[FIRST].load_id in folder for folder in folders] == [False, True]


def test_a_record_of_another_format_is_replaced(s3: "S3Client") -> None:
    """What an older version wrote, or nobody can read, is no load."""
    for body in (b"{", json.dumps({"format": 0}).encode()):
        s3.put_object(Bucket="store", Key=f"comprova/loads/{FIRST}.json", Body=body)
        result = loaded(s3, StubSession(s3), {FIRST: TWO_DAYS[FIRST]})
        assert record(s3, FIRST) == result.records[FIRST]


def test_a_damaged_file_is_left_out_and_named(s3: "S3Client") -> None:
    """The file that Athena's error names is not opened again; the load record says so, with what Athena said."""
    damaged, other = TWO_DAYS[FIRST]
    message = f"HIVE_CURSOR_ERROR: Error opening {damaged.uri} (offset=0, length=100): incorrect header check"
    session = StubSession(s3, failing(message))
    result = loaded(s3, session, {FIRST: TWO_DAYS[FIRST]})
    assert f"\"$path\" NOT IN ('{damaged.uri}')" in session.ran[1].sql
    assert session.ran[0].folder != session.ran[1].folder
    (excluded,) = result.records[FIRST].excluded
    assert excluded.log_file == damaged.log_file != other.log_file
    assert "incorrect header check" in excluded.reason
    again = StubSession(s3)
    assert loaded(s3, again, {FIRST: TWO_DAYS[FIRST]}).records == result.records
    assert again.ran == []


def test_too_many_damaged_files_leave_the_date_out(s3: "S3Client") -> None:
    """After twenty files the date is given up, with what Athena said, and the others are loaded."""
    files = {FIRST: raw(FIRST, *(f"{number:02}" for number in range(30))), SECOND: TWO_DAYS[SECOND]}
    session = StubSession(s3, failing(*(f"HIVE_BAD_DATA: {file.uri}: no" for file in files[FIRST][:21])))
    result = loaded(s3, session, files)
    assert list(result.records) == [SECOND]
    assert "at most 20 log files that Athena cannot read, found 21" in result.refused[FIRST]


@pytest.mark.parametrize("error", [EngineError, RunStoppedError])
def test_a_refusal_that_names_no_file_stops_the_run(s3: "S3Client", error: type[EngineError]) -> None:
    """A missing column, credentials that expire: no log file is blamed, and the next attempt begins elsewhere."""
    notes = StubNotes()

    def refuse(ran: Ran) -> None:
        raise error(Problem(ran.name, "Athena to answer", "COLUMN_NOT_FOUND: eventcontext"))

    with pytest.raises(error, match="COLUMN_NOT_FOUND"):
        loaded(s3, StubSession(s3, refuse), TWO_DAYS, notes=notes)
    assert published(s3) == []
    kept = len(notes.kept)
    assert kept == 0 if error is EngineError else kept > 0


def test_a_folder_that_a_failed_attempt_filled_is_not_used(s3: "S3Client") -> None:
    """Athena writes into empty folders only; a statement that it tried again by itself may have filled one."""
    session = StubSession(s3, failing("HIVE_PATH_ALREADY_EXISTS: Target directory already exists: s3://store/x"))
    result = loaded(s3, session, {FIRST: TWO_DAYS[FIRST]})
    assert result.records[FIRST].load_id in session.ran[1].folder
    assert result.records[FIRST].excluded == ()


def test_a_budget_leaves_dates_out_and_the_others_stay(s3: "S3Client") -> None:
    """What is not loaded for its size is told apart from what was."""

    def refuse(ran: Ran) -> None:
        if "2026-10-02" in ran.name:
            raise BudgetError(Problem(ran.name, "at most 1 byte", "2"))

    result = loaded(s3, StubSession(s3, refuse), TWO_DAYS)
    assert (list(result.records), result.over_budget) == ([FIRST], frozenset({SECOND}))


def test_a_request_to_stop_stops_what_was_started(s3: "S3Client") -> None:
    """Ctrl-C does not wait for a load to end."""
    stopped: list[bool] = []

    def interrupt(_: Ran) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_dates(
            loader(s3, StubSession(s3, interrupt)),
            lambda: TWO_DAYS,
            1,
            lambda _: None,
            lambda: stopped.append(True),
        )
    assert stopped


def test_no_files_are_no_loads(s3: "S3Client") -> None:
    """A period without log files needs no statement."""
    session = StubSession(s3)
    assert loaded(s3, session, {}) == Loaded({}, frozenset(), {}, 0)
    assert session.ran == []


def test_accounts_and_regions_of_the_date_are_named() -> None:
    """A projection answers about those that a statement names, and the name of the file is as keys give it."""
    files = (*raw(FIRST, "a"), replace(raw(FIRST, "b")[0], account="444455556666", region="sa-east-1"))
    sql = load_select("base", FIRST, files, ["s3://trail/it's"])
    assert f"WHERE account IN ('{ACCOUNT}', '444455556666')" in sql
    assert "AND region IN ('sa-east-1', 'us-east-1')" in sql
    assert "AND \"timestamp\" = '2026/10/01'" in sql
    assert "AND \"$path\" NOT IN ('s3://trail/it''s')" in sql
    uri = files[0].uri
    assert uri[uri.index("/AWSLogs/") + 1 :] == parse_key(uri.removeprefix("s3://trail/")).log_file


def test_a_folder_that_is_not_listed_is_not_read() -> None:
    """Accounts and regions are named apart, and both of a folder that S3 denies may be named for other folders."""
    files = (*raw(FIRST, "a"), replace(raw(FIRST, "b")[0], account="444455556666", region="sa-east-1"))
    sql = load_select("base", FIRST, files, (), [(ACCOUNT, "sa-east-1"), (ACCOUNT, "eu-west-3")])
    assert f"AND NOT (account = '{ACCOUNT}' AND region = 'sa-east-1')" in sql
    assert "eu-west-3" not in sql


@pytest.mark.parametrize("around", ["{}", "Error opening {}: cut", "({})", "'{}',", "path={}.", "{} (offset=0)"])
def test_the_file_that_an_error_names_is_found(around: str) -> None:
    """Whatever stands around its address; a file that is not listed is not blamed."""
    files = raw(FIRST, "a", "b")
    assert blamed(around.format(files[0].uri), files) == {files[0].uri}
    assert blamed(around.format("s3://trail/other.json.gz"), files) == frozenset()


def test_a_fingerprint_does_not_depend_on_the_order() -> None:
    """S3 lists accounts in any order."""
    files = raw(FIRST, "a", "b")
    assert fingerprint(files) == fingerprint(reversed(files))
