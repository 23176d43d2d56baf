"""Loads the records of many case files side by side, each case in an account of its own, and runs their queries."""

import gzip
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from case_file import Case, Row, read_case
from comprova.catalog.parameters import Parameter, Parameters, bind
from comprova.catalog.query import Query, QueryRef, View, read_query, read_view
from comprova.catalog.toml_reader import read_toml
from comprova.engines.duckdb import DuckDBEngine
from comprova.errors import ContentError
from comprova.period import Period
from comprova.sql.compile import compile_query, compile_view
from comprova.sql.statement import Scope, Statement
from comprova.trail.listing import list_folder
from comprova.trail.store import RecordStore

ROOT = Path(__file__).resolve().parents[1]
QUERIES = ROOT / "queries"
CASES = ROOT / "tests" / "cases"
LONGEST_LOOKBACK = timedelta(days=3660)
"""More than any query looks back."""
_FIRST_ACCOUNT = 200_000_000_001  # sorts, like 111122223333, before the foreign account 444455556666


def case_paths() -> list[Path]:
    """Return every case file, by name."""
    return sorted(CASES.glob("*/*.toml"))


def read_cases(paths: Sequence[Path]) -> list[Case]:
    """Read case files and give each an account of its own."""
    return [
        read_case(path.read_text(encoding="utf-8"), _name(path), str(_FIRST_ACCOUNT + number))
        for number, path in enumerate(paths)
    ]


def read_parameters() -> Mapping[str, Parameter]:
    """Return the declared parameters."""
    path = QUERIES / "parameters.toml"
    parameters = read_toml(path.read_text(encoding="utf-8"), Parameters, _name(path))
    if isinstance(parameters, list):
        raise ContentError(parameters)
    return parameters.root


def read_query_file(ref: QueryRef) -> Query:
    """Return a query at a version: the current one, or a superseded one."""
    pack, _, name = ref.id.rpartition(".")
    current = QUERIES / pack / f"{name}.sql"
    replaced = QUERIES / pack / "superseded" / f"{name}.v{ref.version}.sql"
    path = replaced if replaced.is_file() else current
    query = read_query(path.read_text(encoding="utf-8"), _name(path), builtin=True)
    if isinstance(query, list):
        raise ContentError(query)
    return query


def read_view_file(name: str) -> View:
    """Return `activity` or `deliveries`."""
    path = QUERIES / f"{name}.sql"
    view = read_view(path.read_text(encoding="utf-8"), _name(path))
    if isinstance(view, list):
        raise ContentError(view)
    return view


def write_trail(folder: Path, records: Sequence[tuple[str, Mapping[str, Any]]], empty: Sequence[str] = ()) -> None:
    """Write log files as CloudTrail does: of (key, record) pairs, those of one key in one file; some files `empty`."""
    files: dict[str, list[Mapping[str, Any]]] = {key: [] for key in empty}
    for key, record in records:
        files.setdefault(key, []).append(record)
    for key, held in files.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"Records": held}, separators=(",", ":"), ensure_ascii=False)
        path.write_bytes(gzip.compress(text.encode(), mtime=0))


def load_records(trail: Path, work: Path) -> tuple[tuple[Path, ...], Path]:
    """Load a folder of log files; return the Parquet files of `records`, and that of `files`."""
    with RecordStore(work / "records") as store:
        report = store.load(list_folder(trail), workers=1)
    files = work / "files.parquet"
    report.write_files(files)
    return report.parquet_files, files


def open_engine(trail: Path, work: Path, period: Period, history_start: datetime) -> DuckDBEngine:
    """Load a folder of log files and make `activity` and `deliveries` of it."""
    records, files = load_records(trail, work)
    engine = DuckDBEngine(records, files, work / "engine", memory_limit=None, threads=2)
    bounds = {"history_start": history_start, "period_start": period.start, "period_end": period.end}
    engine.build(*(compile_view(read_view_file(name), bounds) for name in ("activity", "deliveries")))
    return engine


def compile_case(case: Case, parameters: Mapping[str, Parameter]) -> tuple[Query, Statement]:
    """Compile the query of a case with its parameters, over its account; return both.

    Raises:
        ComprovaError: The query or the case is refused.
    """
    query = read_query_file(case.query)
    given = {name for name, parameter in parameters.items() if parameter.given is not None}
    bindings = bind(
        parameters,
        {name: value for name, value in case.parameters.items() if name not in given},
        {name: value for name, value in case.parameters.items() if name in given},
        case.path,
    )
    return query, compile_query(query, parameters, bindings, Scope(case.period, accounts=(case.account,)))


class CaseBench:
    """The records of cases, loaded once for each period that the cases ask about."""

    def __init__(self, cases: Sequence[Case], folder: Path) -> None:
        self._parameters = read_parameters()
        self._engines: dict[Period, DuckDBEngine] = {}
        for number, period in enumerate(dict.fromkeys(case.period for case in cases)):
            trail = folder / str(number) / "trail"
            records = [
                (record.log_file, record.record) for case in cases if case.period == period for record in case.records
            ]
            write_trail(trail, records)
            self._engines[period] = open_engine(
                trail, folder / str(number) / "work", period, period.start - LONGEST_LOOKBACK
            )

    def rows(self, case: Case) -> tuple[list[Row], list[Row]]:
        """Return the rows that a case expects and those that its query returns.

        Raises:
            ComprovaError: The query or the case is refused, or the engine fails.
        """
        query, statement = compile_case(case, self._parameters)
        columns = query.block.column
        answer = self._engines[case.period].run(statement, columns)
        got = [tuple(row.values()) for batch in answer.batches for row in batch.to_pylist()]
        return case.expected(columns), got

    def close(self) -> None:
        """Close the engines."""
        for engine in self._engines.values():
            engine.close()


def _name(path: Path) -> str:
    path = path.resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)
