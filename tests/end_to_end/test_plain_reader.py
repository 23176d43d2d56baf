"""The sealed rows of real and of generated logs are those that an independent reading of the raw records gives.

On the real logs, every exception that any query finds was looked at: `real_exceptions.toml` says how many rows each
query has, and why they are right. It holds no value of the logs.
"""

import ast
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from pyarrow import parquet

from comprova.catalog.catalog import load_catalog
from comprova.catalog.query import Kind
from comprova.content import builtin_root
from comprova.sample import generate
from comprova.sample.generate import story
from comprova.sample.ids import Chance
from comprova.sample.writer import write_day
from end_to_end.plain.answers import all_answers
from end_to_end.plain.events import Row, Trail, read_plainly
from end_to_end.plain.parameters import PARAMETERS
from end_to_end.real_logs_job import REAL_LOGS, TIME_ZONE, Asked, run_over

REAL = {
    "flaws_org": (date(2020, 9, 30), date(2020, 9, 30)),  # the local day goes on after midnight in UTC
    "grycap_2017": (date(2017, 6, 1), date(2017, 6, 30)),
    "invictus_stratus": (date(2023, 7, 1), date(2023, 7, 31)),
    "stratus_grimoire": (date(2024, 7, 31), date(2024, 8, 31)),  # of events from July 30 to November 30
    "trailscraper_2017": (date(2017, 12, 1), date(2017, 12, 31)),
}
GENERATED, PLANTED = "generated", "planted"
PERIODS = {
    **REAL,
    GENERATED: (date(2026, 10, 1), date(2026, 10, 31)),
    PLANTED: (date(2026, 5, 1), date(2026, 10, 31)),
}
EXPECTED = Path(__file__).with_name("real_exceptions.toml")
PLAIN = Path(__file__).with_name("plain")
needs_real_logs = pytest.mark.skipif(REAL_LOGS is None, reason="COMPROVA_REAL_LOGS names no folder of real logs")
EVERY_SET = [*(pytest.param(name, marks=needs_real_logs) for name in sorted(REAL)), GENERATED, PLANTED]


@dataclass(frozen=True, slots=True)
class Reading:
    """One data set, read twice.

    Attributes:
        results: The folder of the sealed rows.
        trail: What the plain reader finds in the same files.
    """

    results: Path
    trail: Trail

    def sealed(self, query: str) -> list[Row]:
        """Return the sealed rows of a query."""
        rows: list[Row] = parquet.read_table(self.results / f"{query}.parquet").to_pylist()
        return rows


@cache
def exception_refs() -> tuple[str, ...]:
    """Return every current exception query, with its version."""
    current = load_catalog([builtin_root()]).current
    return tuple(f"{query.id}@{query.block.version}" for query in current if query.block.kind is Kind.EXCEPTION)


def write_planted(logs: Path) -> None:
    """Write what the demo plants in six months, and nothing of what surrounds it."""
    for day, planted in story().days.items():
        if planted.records:
            write_day(logs, Chance(str(day)), planted.records, planted.files, planted.doubled)


@pytest.fixture(scope="module")
def read_twice(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Reading]:
    """Give a function that asks every exception query of a data set, and reads its files plainly, both once."""

    @cache
    def reading(name: str) -> Reading:
        logs = Path(str(REAL_LOGS)) / name if name in REAL else tmp_path_factory.mktemp("logs")
        if name == GENERATED:
            generate(logs, months=2)  # the first for the look-back
            (logs / "truth.json").unlink()
        elif name == PLANTED:
            write_planted(logs)
        asked = Asked(sorted({*all_answers(), *exception_refs()}), PARAMETERS)
        results = run_over(tmp_path_factory.mktemp(name), logs, PERIODS[name], asked)
        return Reading(results, read_plainly(logs, *PERIODS[name], TIME_ZONE))

    return reading


@pytest.mark.parametrize("name", EVERY_SET)
def test_the_sealed_rows_are_those_of_a_plain_reading(read_twice: Callable[[str], Reading], name: str) -> None:
    """Every row of every query that is read twice has the same values, absent ones included, in the same place."""
    reading = read_twice(name)
    offenders = [
        difference
        for ref, answer in all_answers().items()
        for difference in _differences(ref, reading.sealed(ref.partition("@")[0]), answer(reading.trail))
    ]

    assert not offenders, "\n".join(offenders)


@needs_real_logs
@pytest.mark.parametrize("name", sorted(REAL))
def test_every_exception_in_real_logs_was_looked_at(read_twice: Callable[[str], Reading], name: str) -> None:
    """Each exception query has as many rows as are written down with a reason, and the others have none."""
    reading = read_twice(name)
    counts = {ref.partition("@")[0]: len(reading.sealed(ref.partition("@")[0])) for ref in exception_refs()}
    found = {query: count for query, count in counts.items() if count}
    looked_at = {query: entry["rows"] for query, entry in _looked_at().get(name, {}).items()}

    offenders = [
        f"{name} {query}: {found.get(query, 0)} rows, {looked_at.get(query, 0)} looked at"
        for query in sorted(found.keys() | looked_at.keys())
        if found.get(query) != looked_at.get(query)
    ]
    assert not offenders, "\n".join(offenders)


def test_what_was_looked_at_says_why_it_is_right() -> None:
    """Every entry is of an exception query and a data set that there are, with a count and a reason."""
    queries = {ref.partition("@")[0] for ref in exception_refs()}
    faults = [
        f"{name} {query}"
        for name, entries in _looked_at().items()
        for query, entry in entries.items()
        if name not in REAL or query not in queries or set(entry) != {"rows", "why"} or not entry["why"]
    ]

    assert not faults


def test_every_exception_query_is_read_a_second_time() -> None:
    """Answers are to queries that there are, at their present version, and no exception query is without one."""
    current = {f"{query.id}@{query.block.version}" for query in load_catalog([builtin_root()]).current}

    assert sorted(all_answers().keys() - current) == []
    assert sorted(set(exception_refs()) - all_answers().keys()) == []


def test_the_second_reading_shares_nothing_with_the_project() -> None:
    """A module of it imports the standard library, and other modules of it, and nothing else."""
    own = ("end_to_end.plain", "engines.activity_oracle")
    modules = [*sorted(PLAIN.rglob("*.py")), PLAIN.parents[1] / "engines" / "activity_oracle.py"]
    offenders = [
        f"{path.name}: {imported}"
        for path in modules
        for imported in _imports(path)
        if imported.partition(".")[0] not in sys.stdlib_module_names and not imported.startswith(own)
    ]

    assert len(modules) > 1
    assert not offenders


def _looked_at() -> Mapping[str, Mapping[str, Mapping[str, int | str]]]:
    """Return, by data set and query, how many rows were looked at and why they are right."""
    return tomllib.loads(EXPECTED.read_text(encoding="utf-8"))


def _differences(ref: str, sealed: list[Row], plain: list[Row]) -> Iterator[str]:
    """Yield what tells two readings apart, and the first rows that do."""
    if sealed != plain:
        yield f"{ref}: {len(sealed)} rows sealed, {len(plain)} read plainly"
        yield from (f"  only sealed: {row}" for row in [row for row in sealed if row not in plain][:2])
        yield from (f"  only plain: {row}" for row in [row for row in plain if row not in sealed][:2])


def _imports(path: Path) -> Iterator[str]:
    """Yield the modules that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
