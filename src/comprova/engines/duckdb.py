"""The embedded engine: DuckDB over the Parquet files of records, shut off from network and other files."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa

from comprova.catalog.column_types import ColumnType, TypedColumn
from comprova.engines.columns import check_columns
from comprova.engines.interface import Answer, Execution
from comprova.errors import EngineError, Problem
from comprova.evidence.results import arrow_schema
from comprova.sql.duckdb_layer import FUNCTIONS, MACROS, SETTINGS
from comprova.sql.statement import Statement

DoneT = TypeVar("DoneT")

_BATCH_ROWS = 65_536
_FORMAT = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 16384"  # of a built table
_INPUTS = "inputs"  # key of a built table's Parquet metadata: a hash of all that it was made from

_ACCEPTED = {
    ColumnType.VARCHAR: {"VARCHAR"},
    # Athena's count, sum and integer literals are bigint or integer; DuckDB sums to HUGEINT.
    ColumnType.BIGINT: {"BIGINT", "INTEGER", "HUGEINT"},
    ColumnType.DOUBLE: {"DOUBLE"},
    ColumnType.BOOLEAN: {"BOOLEAN"},
    ColumnType.DATE: {"DATE"},
    ColumnType.TIMESTAMP: {"TIMESTAMP"},
    ColumnType.VARCHAR_ARRAY: {"VARCHAR[]"},
}


class DuckDBEngine:
    """Answers statements with DuckDB.

    Args:
        records: Parquet files of records, at least one.
        files: The Parquet file of the file list.
        work: A folder that the engine may fill; `activity` and `deliveries` stay there for the next run over the same
            records.
        memory_limit: Memory that DuckDB may use before it spills to `work`, such as `1GB`; None for its default.
        threads: Threads that it may use.
    """

    def __init__(
        self, records: Sequence[Path], files: Path, work: Path, memory_limit: str | None, threads: int
    ) -> None:
        self._records = [path.resolve() for path in records]
        self._files = files.resolve()
        self._work = work.resolve()
        spill = self._work / "spill"
        spill.mkdir(parents=True, exist_ok=True)
        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
        if memory_limit is not None:
            config["memory_limit"] = memory_limit
        self._connection = duckdb.connect(config=config)
        self._worker = ThreadPoolExecutor(1, "duckdb")
        self._prepare()

    def _prepare(self) -> None:
        for setting in (*SETTINGS, "SET enable_progress_bar = false"):
            self._connection.execute(setting)
        for function in FUNCTIONS:
            self._connection.create_function(  # type: ignore[call-overload] # it checks what the call returns itself
                function.name, function.call, list(function.parameters), function.result, null_handling="special"
            )
        for macro in MACROS:
            self._connection.execute(macro)
        self._connection.execute(f"CREATE VIEW records AS {_rows_of(*self._records)}")
        self._connection.execute(f"CREATE VIEW files AS {_rows_of(self._files)}")
        # What is logged, and project content, is not trusted: statements reach these files and nothing else.
        allowed = ", ".join(map(_text, (*self._records, self._files)))
        self._connection.execute(f"SET allowed_paths = [{allowed}]")
        self._connection.execute(f"SET allowed_directories = [{_text(self._work)}]")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def build(self, activity: Statement, deliveries: Statement) -> None:
        """Make `activity` and `deliveries`, or take those that an earlier run made from the same records.

        Rows stay in the order of the records, which are sorted by source and name within each file; those whose id
        repeats follow. Sorting all would cost four times what all queries gain from it (benchmarks/README.md).

        Raises:
            EngineError: DuckDB refused one of them.
        """
        self._build("activity", [activity])
        self._build("deliveries", [deliveries, activity])

    def _build(self, name: str, made_of: Sequence[Statement]) -> None:
        """Make a table by the first of some statements; it reads what the others made."""
        table, statement = self._work / f"{name}.parquet", made_of[0]
        inputs = self._fingerprint([one.duckdb for one in made_of])
        if not (table.is_file() and self._made_from(table) == inputs):
            part = table.with_name(f".{table.name}.part")
            options = f"{_FORMAT}, KV_METADATA {{{_INPUTS}: '{inputs}'}}"
            copy = f"COPY ({statement.duckdb}) TO {_text(part)} ({options})"
            with _refusals(statement):
                self._await(lambda: self._connection.execute(copy))
            part.replace(table)
        self._connection.execute(f"CREATE OR REPLACE VIEW {name} AS {_rows_of(table)}")

    def _fingerprint(self, statements: Sequence[str]) -> str:
        """Hash what a table is made from. Files of records never change; the file list is written anew by each run."""
        records = [[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in self._records]
        files = hashlib.sha256(self._files.read_bytes()).hexdigest()
        return hashlib.sha256(json.dumps([duckdb.__version__, statements, records, files]).encode()).hexdigest()

    def _made_from(self, table: Path) -> str | None:
        """Return what a table says of itself; None of one that a crash of the machine has cut: it is made again."""
        try:
            entries = self._connection.execute("SELECT key, value FROM parquet_kv_metadata(?)", [str(table)]).fetchall()
        except duckdb.Error:
            return None
        return {bytes(key).decode(): bytes(value).decode() for key, value in entries}.get(_INPUTS)

    def announce(self, statements: Sequence[Statement]) -> None:
        """Do nothing: each statement takes all threads while it runs."""

    def run(self, statement: Statement, columns: Sequence[TypedColumn]) -> Answer:
        """Answer a statement; its rows are read from DuckDB as they are taken.

        Raises:
            EngineError: DuckDB refused it, or its columns are not the declared ones.
        """
        with _refusals(statement):
            relation = self._connection.sql(statement.duckdb)
            found = [(name, str(kind)) for name, kind in zip(relation.columns, relation.types, strict=True)]
            check_columns(str(statement.ref), found, columns, _ACCEPTED)
            reader = self._await(lambda: relation.to_arrow_reader(_BATCH_ROWS))
        execution = Execution("duckdb", duckdb.__version__, None, None, None)
        return Answer(execution, self._batches(reader, statement, arrow_schema(columns)))

    def _batches(
        self, reader: pa.RecordBatchReader, statement: Statement, schema: pa.Schema
    ) -> Iterator[pa.RecordBatch]:
        with _refusals(statement), reader:
            while (batch := self._await(lambda: next(reader, None))) is not None:
                yield batch.cast(schema)

    def _await(self, work: Callable[[], DoneT]) -> DoneT:
        """Let another thread work, because a signal (Ctrl-C) reaches Python only while this one waits for it.

        Whatever the signal raises stops the statement first.
        """
        future = self._worker.submit(work)
        try:
            return future.result()
        finally:
            if not future.done():
                self._connection.interrupt()
                wait([future])

    def interrupt(self) -> None:
        """Stop the statement in progress, from another thread; whoever reads it gets an EngineError."""
        self._connection.interrupt()

    def close(self) -> None:
        """Close the connection; the built tables stay."""
        self._worker.shutdown()
        self._connection.close()


@contextmanager
def _refusals(statement: Statement) -> Iterator[None]:
    """Tell as an EngineError what DuckDB, or Arrow while it reads from DuckDB, says is wrong."""
    try:
        yield
    except (duckdb.Error, OSError, pa.ArrowException) as error:
        message = " ".join(str(error).split())
        raise EngineError(Problem(str(statement.ref), f"DuckDB {duckdb.__version__} to answer", message)) from error


def _rows_of(*paths: Path) -> str:
    return f"SELECT * FROM read_parquet([{', '.join(map(_text, paths))}])"  # noqa: S608 - paths are quoted


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
