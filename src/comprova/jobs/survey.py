"""Looks through all logs of a folder for what a new job may want to name."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from comprova.catalog.catalog import Catalog
from comprova.catalog.parameters import Bindings
from comprova.collect.measured import measure_sql
from comprova.collect.scope_values import MEASURE, SCOPE_VALUES, ScopeValues, Topic, read_scope_values
from comprova.engines.duckdb import DuckDBEngine
from comprova.jobs.folder_logs import ENGINE_MEMORY
from comprova.jobs.measuring import asked_of
from comprova.jobs.progress import Progress
from comprova.period import Period
from comprova.sql.compile import compile_measure, compile_view
from comprova.sql.statement import Scope
from comprova.trail.listing import Listing
from comprova.trail.store import RecordStore

_ALL_TIMES = "2000-01-01..2999-12-30"


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found.

    Attributes:
        found: The values of each topic that has any.
        files: Log files that the folder holds.
    """

    found: Mapping[Topic, ScopeValues] = field(default_factory=dict)
    files: int = 0

    def of(self, topic: Topic) -> ScopeValues:
        """Return the values of a topic."""
        return self.found.get(topic, ScopeValues())


def survey(listing: Listing, records: Path, time_zone: str, catalog: Catalog, progress: Progress) -> Survey:
    """Read logs into records, which the first run then finds, and ask what they hold.

    Args:
        listing: Of the folder of logs.
        records: Where its records are kept; beside it, tables are made that are gone afterwards.
        time_zone: In which hours, weekdays and months are told.
        catalog: Of which the views are taken.
        progress: Told of each step.

    Raises:
        EngineError: The engine refused a statement.
        RunStoppedError: A reading process died.
    """
    period = Period.parse(_ALL_TIMES, time_zone)
    bounds = {"history_start": period.start, "period_start": period.start, "period_end": period.end}
    bindings = Bindings(MappingProxyType({"history_start": period.start}), frozenset())
    statement = compile_measure(MEASURE, measure_sql(MEASURE), bindings, Scope(period))
    progress.begin("log files", len(listing.files))
    with RecordStore(records) as store, tempfile.TemporaryDirectory(dir=records.parent) as work:
        report = store.load(listing)
        progress.end("log files", read=report.files_loaded)
        files = Path(work) / "files.parquet"
        report.write_files(files)
        progress.begin("what the logs hold")
        engine = DuckDBEngine(report.parquet_files, files, Path(work), ENGINE_MEMORY, os.cpu_count() or 1)
        with closing(engine):
            engine.build(*(compile_view(catalog.views[name], bounds) for name in ("activity", "deliveries")))
            rows = asked_of(engine, {MEASURE: statement})(MEASURE, SCOPE_VALUES)
    found = read_scope_values(rows)
    progress.end("what the logs hold", values=sum(len(values.values) for values in found.values()))
    return Survey(found, len(listing.files))
