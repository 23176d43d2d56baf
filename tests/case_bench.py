"""Comprova's own case files and content by their files, and engines over small trails."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from comprova.catalog.case_file import Case
from comprova.catalog.parameters import Parameter, Parameters
from comprova.catalog.query import Query, QueryRef, View, read_query, read_view
from comprova.catalog.toml_reader import read_toml
from comprova.engines.duckdb import DuckDBEngine
from comprova.errors import ContentError
from comprova.jobs import case_bench
from comprova.period import Period
from comprova.sql.compile import compile_view
from comprova.trail.listing import list_folder
from comprova.trail.store import RecordStore

ROOT = Path(__file__).resolve().parents[1]
QUERIES = ROOT / "queries"
CASES = ROOT / "tests" / "cases"


def case_paths() -> list[Path]:
    """Return every case file, by name."""
    return sorted(CASES.glob("*/*.toml"))


def read_cases(paths: Sequence[Path]) -> list[Case]:
    """Read case files and give each an account of its own."""
    return case_bench.read_cases((_name(path), path.read_text(encoding="utf-8")) for path in paths)


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


def _name(path: Path) -> str:
    path = path.resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)
