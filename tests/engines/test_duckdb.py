"""The embedded engine: what it builds, what it answers, what it refuses."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from case_bench import load_records, read_view_file
from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.catalog.query import QueryRef
from comprova.engines.duckdb import DuckDBEngine
from comprova.errors import EngineError
from comprova.jobs.case_bench import write_trail
from comprova.sql.compile import compile_view
from comprova.sql.schema import ACTIVITY, DELIVERIES
from comprova.sql.statement import Statement
from comprova.sql.types import Type
from engines.built import PERIOD, read_rows, read_views
from engines.whole_records import KEY_CALL, ROLE_CALL, SIGN_IN, log_file

_BOUNDS = {"history_start": PERIOD.start - timedelta(days=90), "period_start": PERIOD.start, "period_end": PERIOD.end}
_LONG = "SELECT i * j AS n FROM range(100000000) AS a(i), range(100000) AS b(j) WHERE (i * j) % 1000003 = 1"
_N = (PlainColumn("n", ColumnType.BIGINT),)


def _statement(sql: str) -> Statement:
    return Statement(QueryRef("test.statement", 1), sql, sql, {}, "1")


def _build(engine: DuckDBEngine) -> None:
    engine.build(*(compile_view(read_view_file(name), _BOUNDS) for name in ("activity", "deliveries")))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[Path, ...], Path]:
    """Give the Parquet files of some records and of their file list."""
    folder = tmp_path_factory.mktemp("loaded")
    write_trail(folder / "trail", [(log_file(), record) for record in (SIGN_IN, KEY_CALL, ROLE_CALL)])
    return load_records(folder / "trail", folder / "work")


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that the engine fills."""
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def engine(loaded: tuple[tuple[Path, ...], Path], work: Path) -> Iterator[DuckDBEngine]:
    """Give an engine over these records, with both tables built."""
    engine = DuckDBEngine(*loaded, work, memory_limit="500MB", threads=1)
    _build(engine)
    yield engine
    engine.close()


def _arrow(kind: Type) -> pa.DataType:
    match kind.name:
        case "row":
            return pa.struct([(name, _arrow(of)) for name, of in zip(kind.fields, kind.of, strict=True)])
        case "array":
            return pa.list_(_arrow(kind.of[0]))
        case name:
            return {
                "varchar": pa.string(),
                "bigint": pa.int64(),
                "boolean": pa.bool_(),
                "date": pa.date32(),
                "timestamp": pa.timestamp("us"),
            }[name]


@pytest.mark.parametrize(("table", "declared"), [("activity", ACTIVITY), ("deliveries", DELIVERIES)])
@pytest.mark.usefixtures("engine")
def test_tables_have_the_columns_of_the_design(work: Path, table: str, declared: dict[str, Type]) -> None:
    """Names, order and types of both views are exactly those that queries are checked against."""
    schema = pq.read_schema(work / f"{table}.parquet")
    assert list(zip(schema.names, schema.types, strict=True)) == [
        (name, _arrow(kind)) for name, kind in declared.items()
    ]


@pytest.mark.usefixtures("engine")
def test_activity_lies_clustered_by_kind_of_event(work: Path) -> None:
    """Rows lie by source and name of the event, whatever their order in the logs."""
    table = pq.read_table(work / "activity.parquet", columns=["event_source"])
    assert table.column(0).to_pylist() == ["ec2.amazonaws.com", "s3.amazonaws.com", "signin.amazonaws.com"]


def test_tables_are_built_once(loaded: tuple[tuple[Path, ...], Path], engine: DuckDBEngine, work: Path) -> None:
    """A second engine over the same records takes the tables that are there."""
    built = {path: path.stat().st_mtime_ns for path in work.glob("*.parquet")}
    again = DuckDBEngine(*loaded, work, memory_limit=None, threads=1)
    _build(again)
    assert {path: path.stat().st_mtime_ns for path in work.glob("*.parquet")} == built
    assert read_views(again) == read_views(engine)
    again.close()


@pytest.mark.parametrize("left", [0, 100])
def test_a_table_that_was_cut_is_built_anew(
    loaded: tuple[tuple[Path, ...], Path], engine: DuckDBEngine, work: Path, tmp_path: Path, left: int
) -> None:
    """A crash of the machine can leave part of a table; it is made again, and the answers are the same."""
    table = tmp_path / "activity.parquet"
    table.write_bytes((work / "activity.parquet").read_bytes()[:left])
    with closing(DuckDBEngine(*loaded, tmp_path, memory_limit=None, threads=1)) as again:
        _build(again)
        assert read_views(again) == read_views(engine)


def test_tables_are_built_anew_when_records_change(loaded: tuple[tuple[Path, ...], Path], tmp_path: Path) -> None:
    """Other records make other tables."""
    write_trail(tmp_path / "more", [(log_file(name="more"), {**KEY_CALL, "eventID": "e-more"})])
    more, _ = load_records(tmp_path / "more", tmp_path / "more-work")
    counts = []
    for records in (loaded[0], (*loaded[0], *more)):
        engine = DuckDBEngine(records, loaded[1], tmp_path / "engine", memory_limit=None, threads=1)
        _build(engine)
        counts.append(len(read_views(engine).activity))
        engine.close()
    assert counts == [3, 4]


def test_files_that_were_not_listed_are_told(loaded: tuple[tuple[Path, ...], Path], tmp_path: Path) -> None:
    """Records from a file that the list lacks have a row, and a file that was not read says why."""
    listed = pq.read_table(loaded[1])
    row = {**listed.to_pylist()[0], "log_file": "AWSLogs/x", "state": "gzip_cut", "unreadable": 7}
    files = tmp_path / "files.parquet"
    pq.write_table(pa.Table.from_pylist([row], listed.schema), files)
    engine = DuckDBEngine(loaded[0], files, tmp_path / "engine", memory_limit=None, threads=1)
    _build(engine)
    names = ("log_file", "log_account", "delivery_date", "records", "unreadable", "state")
    assert [tuple(row[name] for name in names) for row in read_views(engine).deliveries] == [
        (log_file(), "111122223333", date(2026, 10, 5), 3, None, "not listed"),
        ("AWSLogs/x", "111122223333", date(2026, 10, 5), 0, 7, "gzip_cut"),
    ]
    engine.close()


def test_answers_have_the_declared_types(engine: DuckDBEngine) -> None:
    """Each type arrives as evidence stores it, NULL apart from the empty text."""
    columns = (
        PlainColumn("text", ColumnType.VARCHAR),
        PlainColumn("empty", ColumnType.VARCHAR),
        PlainColumn("nothing", ColumnType.VARCHAR),
        PlainColumn("total", ColumnType.BIGINT),
        PlainColumn("share", ColumnType.DOUBLE),
        PlainColumn("truth", ColumnType.BOOLEAN),
        PlainColumn("day", ColumnType.DATE),
        PlainColumn("moment", ColumnType.TIMESTAMP),
        PlainColumn("names", ColumnType.VARCHAR_ARRAY),
    )
    sql = """
    SELECT max('a') AS text, max('') AS empty, CAST(NULL AS varchar) AS nothing, sum(copies) AS total,
      CAST(1 AS double) / 4 AS share, bool_or(in_period) AS truth, max(delivery_date) AS day, max(event_time) AS moment,
      array_agg(event_id ORDER BY event_id) AS names
    FROM activity
    """
    assert read_rows(engine, sql, columns) == [
        {
            "text": "a",
            "empty": "",
            "nothing": None,
            "total": 3,
            "share": 0.25,
            "truth": True,
            "day": date(2026, 10, 5),
            "moment": datetime(2026, 10, 5, 12, tzinfo=UTC).replace(tzinfo=None),
            "names": ["e-key", "e-role", "e-signin"],
        }
    ]


def test_answers_say_how_they_were_made(engine: DuckDBEngine) -> None:
    """Engine and version are part of a result's provenance."""
    answer = engine.run(_statement("SELECT 1 AS n"), _N)
    assert (answer.execution.engine, answer.execution.engine_version[:2]) == ("duckdb", "2.")
    assert [batch.to_pylist() for batch in answer.batches] == [[{"n": 1}]]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT 'one' AS n", "test.statement@1: n: expected bigint, found VARCHAR"),
        ("SELECT 1.5 AS n", "test.statement@1: n: expected bigint, found DECIMAL(2,1)"),
        ("SELECT 1 AS other", "test.statement@1: expected the columns n, found other"),
        ("SELECT 1 AS n, 2 AS o", "test.statement@1: expected the columns n, found n, o"),
        ("SELECT nothing AS n FROM activity", 'Referenced column "nothing" not found'),
        ("SELECT n FROM nowhere", "nowhere"),
    ],
)
def test_answers_other_than_declared_are_refused(engine: DuckDBEngine, sql: str, message: str) -> None:
    """Wrong columns, wrong types and what DuckDB itself refuses are EngineErrors that say which statement."""
    with pytest.raises(EngineError) as raised:
        engine.run(_statement(sql), _N)
    assert message in str(raised.value)
    assert "test.statement@1" in str(raised.value)


def test_a_fault_halfway_is_an_engine_error(engine: DuckDBEngine) -> None:
    """An error while rows are read is told as one at the start is, and the engine goes on."""
    sql = "SELECT CASE WHEN i > 500000 THEN error('halfway') ELSE i END::BIGINT AS n FROM range(1000000) AS t(i)"
    with pytest.raises(EngineError, match="halfway"):
        list(engine.run(_statement(sql), _N).batches)
    assert read_rows(engine, "SELECT count(*) AS n FROM activity", _N) == [{"n": 3}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 AS n FROM read_text('/etc/hostname')",
        "SELECT 1 AS n FROM read_csv('https://example.com/x.csv')",
        "SELECT 1 AS n FROM glob('/*')",
        "COPY (SELECT 1 AS n) TO 'must-not-be-written.csv'",
        "ATTACH 'must-not-be-written.db'",
        "SET memory_limit = '1GB'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "LOAD httpfs",
    ],
)
def test_statements_reach_nothing_but_the_records(engine: DuckDBEngine, sql: str) -> None:
    """Other files, the network, extensions and the settings are out of reach."""
    with pytest.raises(EngineError):
        list(engine.run(_statement(sql), _N).batches)


def test_an_answer_can_be_interrupted(engine: DuckDBEngine) -> None:
    """Another thread stops the statement in progress; the engine goes on afterwards."""
    timer = threading.Timer(0.2, engine.interrupt)
    timer.start()
    with pytest.raises(EngineError, match=r"(?i)interrupt"):
        list(engine.run(_statement(_LONG), _N).batches)
    timer.join()
    assert read_rows(engine, "SELECT count(*) AS n FROM activity", _N) == [{"n": 3}]


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_stops_a_statement_as_it_stops_python(engine: DuckDBEngine) -> None:
    """DuckDB swallows the signal while it works; whoever called must still see a KeyboardInterrupt."""
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        list(engine.run(_statement(_LONG), _N).batches)
    timer.join()


def test_an_unbuilt_table_leaves_nothing_behind(loaded: tuple[tuple[Path, ...], Path], tmp_path: Path) -> None:
    """A statement that fails while a table is written leaves no table that a later run would take."""
    engine = DuckDBEngine(*loaded, tmp_path / "engine", memory_limit=None, threads=1)
    with pytest.raises(EngineError, match="halfway"):
        engine.build(
            _statement("SELECT error('halfway') AS event_source, 1 AS event_name"), _statement("SELECT 1 AS log_file")
        )
    assert not (tmp_path / "engine" / "activity.parquet").exists()
    engine.close()
