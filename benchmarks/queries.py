"""Measures every query of the catalog over one `activity`: `python -m benchmarks.queries --events 1000000`.

The embedded engine, as a run uses it. What all questions together take is compared with what building `activity` from
records took: the price of the whole catalog stays in proportion to that of typing and deduplicating the events once.
Every query is asked, mapped or not, with the demo's parameters and the examples of those that it does not set.

Bytes are those that the process read from files while a query was answered, Parquet columns mostly: a query that
reads two columns is not charged for JSON text. They are counted by Linux alone (proc(5), `rchar`).
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.logs import write
from benchmarks.measure import Measure, Stopwatch, Target

from comprova.catalog.catalog import Catalog, load_catalog
from comprova.catalog.parameters import Bindings, Value, bind
from comprova.catalog.query import Query
from comprova.content import builtin_root
from comprova.engines.duckdb import DuckDBEngine
from comprova.jobs.definition import find_job
from comprova.period import Period
from comprova.sql.compile import compile_query, compile_view
from comprova.sql.statement import Scope
from comprova.trail.listing import list_folder
from comprova.trail.store import RecordStore

_PERIOD = Period.parse("2026-10", "America/Sao_Paulo")
_HISTORY = timedelta(days=90)
_MEMORY = "800MB"
_SLOWEST = 10
_COUNTERS = Path("/proc/self/io")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one question took.

    Attributes:
        query: That was asked.
        measure: From its statement to its last row.
        bytes_read: From files.
        rows: Of its answer.
    """

    query: Query
    measure: Measure
    bytes_read: int
    rows: int

    def __str__(self) -> str:
        return f"{self.query.id:<44}{self.measure}{self.bytes_read / 1e6:10.1f} MB{self.rows:12,} rows"


def bindings_of(catalog: Catalog) -> Bindings:
    """Bind every parameter, so that no question waits for one: as the demo does, else by default, else by example."""
    known = catalog.parameters
    chosen: dict[str, Value] = {name: one.example for name, one in known.items() if one.required}
    given: dict[str, Value] = {name: one.example for name, one in known.items() if one.given == "calendar"}
    job: Mapping[str, Value] = find_job("demo", [builtin_root()]).job.parameters
    return bind(known, {**chosen, **job}, given, "the demo's job")


def ask_all(engine: DuckDBEngine, catalog: Catalog) -> Iterator[Cost]:
    """Ask every query, and yield what each took."""
    bindings = bindings_of(catalog)
    for query in catalog.current:
        statement = compile_query(query, catalog.parameters, bindings, Scope(_PERIOD))
        watch, before = Stopwatch(), _bytes_read()
        answer = engine.run(statement, query.block.column)
        rows = sum(batch.num_rows for batch in answer.batches)
        yield Cost(query, watch.stop(), _bytes_read() - before, rows)


def _bytes_read() -> int:
    counters = dict(line.split(": ") for line in _COUNTERS.read_text(encoding="ascii").splitlines())
    return int(counters["rchar"])


def measure(logs: Path, work: Path) -> list[Target]:
    """Load logs, build `activity`, ask every query; print the totals and the slowest, and return the target."""
    catalog = load_catalog([builtin_root()])
    with RecordStore(work / "records") as store:
        report = store.load(list_folder(logs))
    files = work / "files.parquet"
    report.write_files(files)
    bounds = {
        "history_start": _PERIOD.start - _HISTORY,
        "period_start": _PERIOD.start,
        "period_end": _PERIOD.end,
    }
    views = (compile_view(catalog.views[name], bounds) for name in ("activity", "deliveries"))
    engine = DuckDBEngine(report.parquet_files, files, work / "engine", _MEMORY, os.cpu_count() or 1)
    with closing(engine):
        watch = Stopwatch()
        engine.build(*views)
        built = watch.stop()
        costs = list(ask_all(engine, catalog))
    table = (work / "engine" / "activity.parquet").stat().st_size
    whole = Measure(sum(cost.measure.wall for cost in costs), sum(cost.measure.cpu for cost in costs))
    read = sum(cost.bytes_read for cost in costs)
    print(f"{'activity':<44}{built}{table / 1e6:10.1f} MB")
    print(f"{f'all {len(costs)} queries':<44}{whole}{read / 1e6:10.1f} MB")
    print(f"the slowest {_SLOWEST}")
    for cost in sorted(costs, key=lambda cost: -cost.measure.cpu)[:_SLOWEST]:
        print(f"  {cost}")
    print("every query, by bytes")
    for cost in sorted(costs, key=lambda cost: (-cost.bytes_read, cost.query.id)):
        print(f"  {cost}")
    return [Target("all queries, CPU ÷ activity", whole.cpu / built.cpu, 1.0)]


def main() -> None:
    """Write logs, or take a folder of them, and print what the queries take beside the target."""
    parser = argparse.ArgumentParser(description="Measure every query over one activity.")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--logs", type=Path, help="a folder of logs, instead of written ones")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="comprova-benchmark-") as name:
        folder = Path(name)
        logs = options.logs or folder / "logs"
        if options.logs is None:
            files = write(logs, options.events)
            print(f"{options.events:,} events in {files:,} files", flush=True)
        for target in measure(logs, folder / "work"):
            print(target)


if __name__ == "__main__":
    main()
