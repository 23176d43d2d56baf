"""The same log files on both engines, asked the same statements."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from athena_endpoint.endpoint import Endpoint
from comprova.catalog.column_types import TypedColumn
from comprova.engines.athena.engine import AthenaEngine
from comprova.engines.duckdb import DuckDBEngine
from comprova.engines.interface import Engine
from comprova.errors import EngineError
from comprova.evidence.results import arrow_schema
from comprova.sql.statement import Statement
from comprova.trail.store import RecordStore
from engines.differences import differences
from engines.trino.on_athena import loaded_trail
from engines.trino.trail_folder import TrailFolder, Window


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement, and the columns that its rows must have."""

    statement: Statement
    columns: Sequence[TypedColumn]


class Pair:
    """Both engines over the same tables.

    Args:
        embedded: DuckDB.
        athena: Athena.
    """

    def __init__(self, embedded: DuckDBEngine, athena: AthenaEngine) -> None:
        self._embedded = embedded
        self._athena = athena

    def rows(self, asked: Asked) -> list[dict[str, object]]:
        """Return what DuckDB answers."""
        rows: list[dict[str, object]] = _answer(self._embedded, asked).to_pylist()
        return rows

    def differences(self, several: Sequence[Asked]) -> list[str]:
        """Ask both engines; return, each with the name of its statement, in what their answers differ."""
        self._athena.announce([asked.statement for asked in several])
        return [f"{asked.statement.ref}: {said}" for asked in several for said in self._differences(asked)]

    def _differences(self, asked: Asked) -> list[str]:
        answers, errors = [], []
        for name, engine in (("DuckDB", self._embedded), ("Athena", self._athena)):
            try:
                answers.append(_answer(engine, asked))
            except EngineError as error:
                errors.append(f"{name} fails: {error}")
        return errors or differences(*answers)


@contextmanager
def on_both_engines(
    endpoint: Endpoint, name: str, folder: TrailFolder, work: Path, windows: Sequence[Window]
) -> Iterator[list[Pair]]:
    """Load the log files of a folder on both engines, and make the tables of each window.

    Args:
        endpoint: Running; its environment is set.
        name: Of its own, among all that are loaded at the endpoint.
        folder: The log files.
        work: A folder that may be filled.
        windows: On the logs.
    """
    with ExitStack() as stack:
        report = stack.enter_context(RecordStore(work / "records")).load(folder.listing(), workers=1)
        trail = stack.enter_context(loaded_trail(endpoint, name, folder, work))
        pairs = []
        for number, window in enumerate(windows):
            own = work / str(number)
            own.mkdir()
            files = own / "files.parquet"
            report.write_files(files)
            counted = parquet.read_table(files, columns=["log_file", "unreadable"]).to_pylist()
            embedded = DuckDBEngine(report.parquet_files, files, own, memory_limit=None, threads=2)
            stack.callback(embedded.close)
            embedded.build(*window.views)
            athena = trail.engine(window, {row["log_file"]: row["unreadable"] for row in counted})
            stack.callback(athena.close)
            pairs.append(Pair(embedded, athena))
        yield pairs


def _answer(engine: Engine, asked: Asked) -> pa.Table:
    answer = engine.run(asked.statement, asked.columns)
    return pa.Table.from_batches(answer.batches, arrow_schema(asked.columns))
