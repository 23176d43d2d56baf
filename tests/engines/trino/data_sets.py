"""What both engines are asked about: the case files, generated logs, and real ones where there are some."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from athena_endpoint.endpoint import Endpoint
from case_bench import LONGEST_LOOKBACK, case_paths, compile_case, read_cases, read_parameters, write_trail
from comprova.catalog.catalog import Catalog, load_catalog
from comprova.catalog.parameters import Bindings, Value, bind
from comprova.content import builtin_root
from comprova.jobs.definition import find_job
from comprova.period import Period
from comprova.sample import generate
from comprova.sql.compile import compile_query
from comprova.sql.statement import Scope
from comprova.trail.listing import list_folder
from engines.trino.both_engines import Asked, BothEngines, Pair, Window

REAL_LOGS = Path(os.environ.get("COMPROVA_REAL_LOGS", ""))
"""A folder of folders that hold `AWSLogs/`."""

_TIME_ZONE = "America/Sao_Paulo"
_DEMO_MONTH = "2026-10"


@dataclass(frozen=True, slots=True)
class Questioned:
    """Both engines over one window on a data set, and the queries that are asked of it."""

    pair: Pair
    period: Period
    history_start: datetime
    queries: tuple[Asked, ...]


Questions = Callable[[Period], tuple[Asked, ...]]


def names() -> list[str]:
    """Return the names of all data sets that there are on this machine."""
    real = [path.name for path in REAL_LOGS.iterdir() if (path / "AWSLogs").is_dir()] if REAL_LOGS.name else []
    return ["cases", "demo", *sorted(real)]


@contextmanager
def opened(name: str, endpoint: Endpoint, work: Path) -> Iterator[list[Questioned]]:
    """Load a data set on both engines, and make the tables of each window on it."""
    logs, windows = _prepared(name, work / "logs")
    organisations = {path.name for path in (logs / "AWSLogs").iterdir() if path.name.startswith("o-")}
    with ExitStack() as stack:
        both = BothEngines(endpoint, f"equality_{name}", logs, work, organisation="".join(organisations))
        stack.enter_context(both)
        yield [
            Questioned(stack.enter_context(both.over(window)), window.period, window.history_start, queries)
            for window, queries in windows
        ]


def _prepared(name: str, folder: Path) -> tuple[Path, list[tuple[Window, tuple[Asked, ...]]]]:
    if name == "cases":
        return folder, _cases(folder)
    if name == "demo":
        generate(folder, last_month=_DEMO_MONTH, months=1)
        (folder / "truth.json").unlink()
        period = Period.parse(_DEMO_MONTH, _TIME_ZONE)
    else:
        folder = REAL_LOGS / name
        days = [file.key.delivery_date for file in list_folder(folder).files if file.key.delivery_date]
        period = Period.parse(f"{min(days)}..{max(days)}", _TIME_ZONE)
    return folder, [(Window(period, period.start - LONGEST_LOOKBACK), _catalog_questions(period))]


def _cases(folder: Path) -> list[tuple[Window, tuple[Asked, ...]]]:
    """Write the records of all case files, each in an account of its own; each query sees that of its case only."""
    cases, parameters = read_cases(case_paths()), read_parameters()
    write_trail(folder, [(record.log_file, record.record) for case in cases for record in case.records])
    windows = []
    for period in dict.fromkeys(case.period for case in cases):
        compiled = (compile_case(case, parameters) for case in cases if case.period == period)
        asked = tuple(Asked(statement, query.block.column) for query, statement in compiled)
        windows.append((Window(period, period.start - LONGEST_LOOKBACK), asked))
    return windows


def _catalog_questions(period: Period) -> tuple[Asked, ...]:
    """Compile every query of the catalog, superseded ones too."""
    catalog = _catalog()
    return tuple(
        Asked(compile_query(query, catalog.parameters, _bindings(), Scope(period)), query.block.column)
        for _, query in sorted(catalog.queries.items())
    )


@cache
def _catalog() -> Catalog:
    return load_catalog([builtin_root()])


@cache
def _bindings() -> Bindings:
    """Bind every parameter: as the demo's job does, else by its default, else by its example."""
    parameters = _catalog().parameters
    chosen: dict[str, Value] = {name: one.example for name, one in parameters.items() if one.required}
    given: dict[str, Value] = {name: one.example for name, one in parameters.items() if one.given == "calendar"}
    job: Mapping[str, Value] = find_job("demo", [builtin_root()]).job.parameters
    return bind(parameters, {**chosen, **job}, given, "the demo's job")


