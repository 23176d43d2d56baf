"""Answers queries over the records of their case files: all loaded side by side, each case in an account of its own."""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from comprova.catalog.case_file import REQUIRED_ROLES, Case, Row, read_case
from comprova.catalog.catalog import Catalog
from comprova.catalog.parameters import Parameter, bind
from comprova.catalog.query import Query
from comprova.content import ContentRoot
from comprova.engines.duckdb import DuckDBEngine
from comprova.errors import ComprovaError, ContentError, Problem
from comprova.jobs.folder_logs import ENGINE_MEMORY
from comprova.period import Period
from comprova.sql.compile import compile_query, compile_view
from comprova.sql.statement import Scope, Statement
from comprova.trail.listing import list_folder
from comprova.trail.store import RecordStore

LONGEST_LOOKBACK = timedelta(days=3660)
"""More than any query looks back."""

_FIRST_ACCOUNT = 200_000_000_001  # sorts, like 111122223333, before the foreign account 444455556666
_THREADS = 2


@dataclass(frozen=True, slots=True)
class CaseAnswer:
    """What a query returned over the records of a case.

    Attributes:
        case: The case.
        query: The query at the version that the case names.
        expected: The rows of the case file, as an engine returns them.
        returned: The rows.
    """

    case: Case
    query: Query
    expected: tuple[Row, ...]
    returned: tuple[Row, ...]

    @property
    def agrees(self) -> bool:
        """Whether values, types, NULL and order are those of the case file."""
        return self.expected == self.returned and [[*map(type, row)] for row in self.expected] == [
            [*map(type, row)] for row in self.returned
        ]


def case_paths(root: ContentRoot, catalog: Catalog, names: Sequence[str]) -> list[Path]:
    """Return the case files of a root's queries, by name.

    Args:
        root: Whose `tests/cases/` is looked into.
        catalog: All content.
        names: Ids of queries; none for every case file that there is.

    Raises:
        ContentError: There is none, or one that is asked for is not there.
    """
    folder = root.path / "tests" / "cases"
    if not names:
        if found := sorted(folder.glob("*/*.toml")):
            return found
        raise ContentError(Problem(str(folder), "case files, <pack>/<name>.toml", "none"))
    queries = [catalog.query(name) for name in names]
    paths = [folder / query.pack.rpartition(".")[2] / f"{query.id.rpartition('.')[2]}.toml" for query in queries]
    if problems := [Problem(str(path), "a case file", "none") for path in paths if not path.is_file()]:
        raise ContentError(problems)
    return paths


def read_cases(texts: Iterable[tuple[str, str]]) -> list[Case]:
    """Read case files, of (name in messages, text) pairs, and give each an account of its own.

    Raises:
        ComprovaError: One of them is not as it should be.
    """
    return [read_case(text, name, str(_FIRST_ACCOUNT + number)) for number, (name, text) in enumerate(texts)]


def read_case_files(root: ContentRoot, paths: Sequence[Path]) -> list[Case]:
    """Read the case files of a root.

    Raises:
        ComprovaError: One of them cannot be read, or is not as it should be.
    """
    texts = []
    for path in paths:
        try:
            texts.append((root.relative(path), path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise ContentError(Problem(root.relative(path), "a readable UTF-8 file", str(error))) from error
    return read_cases(texts)


def missing_roles(case: Case) -> list[Problem]:
    """Tell which kinds of records a case lacks: without them it proves little."""
    missing = REQUIRED_ROLES - {record.role for record in case.records}
    return [Problem(case.path, f"a record of the role {role.value}", "none") for role in sorted(missing)]


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


def compile_case(case: Case, query: Query, parameters: Mapping[str, Parameter]) -> Statement:
    """Compile the query of a case with its parameters, over its account.

    Raises:
        ComprovaError: The query or the case is refused.
    """
    given = {name for name, parameter in parameters.items() if parameter.given is not None}
    bindings = bind(
        parameters,
        {name: value for name, value in case.parameters.items() if name not in given},
        {name: value for name, value in case.parameters.items() if name in given},
        case.path,
    )
    return compile_query(query, parameters, bindings, Scope(case.period, accounts=(case.account,)))


class CaseBench:
    """The records of cases, loaded once for each period that the cases ask about.

    Args:
        cases: Each in an account of its own.
        catalog: Views, queries and parameters.
        folder: Which the bench may fill.
    """

    def __init__(self, cases: Sequence[Case], catalog: Catalog, folder: Path) -> None:
        self._catalog = catalog
        self._engines: dict[Period, DuckDBEngine] = {}
        for number, period in enumerate(dict.fromkeys(case.period for case in cases)):
            trail = folder / str(number) / "trail"
            held = [record for case in cases if case.period == period for record in case.records]
            write_trail(trail, [(record.log_file, record.record) for record in held])
            self._engines[period] = self._engine(trail, folder / str(number) / "work", period)

    def _engine(self, trail: Path, work: Path, period: Period) -> DuckDBEngine:
        with closing(RecordStore(work / "records")) as store:
            report = store.load(list_folder(trail), workers=1)
        files = work / "files.parquet"
        report.write_files(files)
        engine = DuckDBEngine(report.parquet_files, files, work / "engine", ENGINE_MEMORY, _THREADS)
        start = period.start - LONGEST_LOOKBACK
        bounds = {"history_start": start, "period_start": period.start, "period_end": period.end}
        engine.build(*(compile_view(self._catalog.views[name], bounds) for name in ("activity", "deliveries")))
        return engine

    def answer(self, case: Case) -> CaseAnswer:
        """Run the query of a case.

        Raises:
            ComprovaError: The query or the case is refused, or the engine fails.
        """
        query = self._catalog.queries.get(case.query)
        if query is None:
            raise ComprovaError(Problem(case.path, "a query that exists", str(case.query)))
        columns = query.block.column
        answer = self._engines[case.period].run(compile_case(case, query, self._catalog.parameters), columns)
        returned = tuple(tuple(row.values()) for batch in answer.batches for row in batch.to_pylist())
        return CaseAnswer(case, query, tuple(case.expected(columns)), returned)

    def close(self) -> None:
        """Close the engines."""
        for engine in self._engines.values():
            engine.close()
