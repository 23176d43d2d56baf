"""What both engines are asked about: the case files, generated logs, and real ones where there are some."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import assert_never

from athena_endpoint.endpoint import Endpoint
from case_bench import case_paths, read_cases, read_parameters, read_query_file
from comprova.catalog.catalog import Catalog, load_catalog
from comprova.catalog.parameters import Bindings, Value, bind
from comprova.content import builtin_root
from comprova.jobs.case_bench import LONGEST_LOOKBACK, compile_case, write_trail
from comprova.jobs.definition import find_job
from comprova.period import Period
from comprova.sample import generate
from comprova.sql.compile import compile_query
from comprova.sql.statement import Scope
from engines.activity_traps import trap_records
from engines.trino.both_engines import Asked, Pair, on_both_engines
from engines.trino.trail_folder import TrailFolder, Window, accounts_of, dates_of
from engines.whole_records import log_file

_TIME_ZONE = "America/Sao_Paulo"
_DEMO_MONTH = "2026-10"
_ORGANISATION = "o-equality"


@dataclass(frozen=True, slots=True)
class Questioned:
    """Both engines over one window on a data set.

    Attributes:
        pair: The engines.
        window: The window.
        accounts: Whose logs they have loaded.
        queries: That are asked of it.
    """

    pair: Pair
    window: Window
    accounts: frozenset[str]
    queries: tuple[Asked, ...]


class DataSet(StrEnum):
    """What is loaded together."""

    CASES = "cases"
    """The records of all case files, each case in an account of its own; each query sees that of its case."""
    LOGS = "logs"
    """A month of generated logs, the traps for `activity`, every folder of real ones; each query sees all of them.

    The period runs from the first to the last date on which anything was delivered.
    """


def real_logs() -> list[Path]:
    """Return the folders of real logs that there are on this machine."""
    folder = os.environ.get("COMPROVA_REAL_LOGS")
    return sorted(path for path in Path(folder).iterdir() if (path / "AWSLogs").is_dir()) if folder else []


@contextmanager
def opened(data_set: DataSet, endpoint: Endpoint, work: Path) -> Iterator[list[Questioned]]:
    """Load a data set on both engines, and make the tables of each window on it."""
    match data_set:
        case DataSet.CASES:
            folder, windows = _cases(work / "trail")
        case DataSet.LOGS:
            folder, windows = _logs(work / "trail", work / "made")
        case _:
            assert_never(data_set)
    accounts = accounts_of(folder.listing())
    with on_both_engines(endpoint, f"equality-{data_set}", folder, work / "loaded", [*windows]) as pairs:
        yield [
            Questioned(pair, window, accounts, asked)
            for pair, (window, asked) in zip(pairs, windows.items(), strict=True)
        ]


def _logs(trail: Path, made: Path) -> tuple[TrailFolder, dict[Window, tuple[Asked, ...]]]:
    """Put all logs into one trail: that of an organisation to which all accounts belong."""
    generate(made / "demo", last_month=_DEMO_MONTH, months=1)
    write_trail(made / "traps", [(log_file(), record) for record in trap_records().values()])
    for folder in (made / "demo", made / "traps", *real_logs()):
        for file in TrailFolder(folder).listing().files:
            below = file.key.log_file.partition(f"/{file.key.log_account}/")[2]
            path = trail / "AWSLogs" / _ORGANISATION / str(file.key.log_account) / below
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as copy:  # one that is there is of another folder
                copy.write(Path(file.path).read_bytes())
    whole = TrailFolder(trail, _ORGANISATION)
    first, last = dates_of(whole.listing())
    period = Period.parse(f"{first}..{last}", _TIME_ZONE)
    return whole, {Window(period, period.start - LONGEST_LOOKBACK): _catalog_questions(period)}


def _cases(trail: Path) -> tuple[TrailFolder, dict[Window, tuple[Asked, ...]]]:
    cases, parameters = read_cases(case_paths()), read_parameters()
    write_trail(trail, [(record.log_file, record.record) for case in cases for record in case.records])
    windows: dict[Window, tuple[Asked, ...]] = {}
    for case in cases:
        query = read_query_file(case.query)
        statement = compile_case(case, query, parameters)
        window = Window(case.period, case.period.start - LONGEST_LOOKBACK)
        windows[window] = (*windows.get(window, ()), Asked(statement, query.block.column))
    return TrailFolder(trail), windows


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
