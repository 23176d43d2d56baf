"""Whether the statements of a run would be taken: by the data catalog, by Athena's parser, on today's columns.

Definitions are made in a database that is dropped again; all else is EXPLAIN (TYPE VALIDATE), which scans nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from comprova.catalog.column_types import ColumnType, PlainColumn
from comprova.collect.measured import MEASURES
from comprova.engines.athena import ddl
from comprova.engines.athena.iam import PROBE_DATABASE
from comprova.engines.athena.loads import RawFile, load_select
from comprova.errors import ComprovaError
from comprova.jobs.athena_setup import raw_table_of
from comprova.jobs.collection import compose_questions
from comprova.jobs.diagnosis import Diagnosis, Verdict, tried
from comprova.jobs.measuring import compiled_measures
from comprova.jobs.preparation import Prepared
from comprova.jobs.sources import AthenaSource
from comprova.sql.compile import compile_view

if TYPE_CHECKING:
    from comprova.engines.athena.session import AthenaSession

Sessions = Callable[[], AbstractContextManager["AthenaSession"]]
"""Opens a connection to Athena; each group of statements has its own, because one refusal may end a connection."""

_ONE = PlainColumn("one", ColumnType.BIGINT)
_FILE_RECORDS = "file_records"
_ANY_ACCOUNT = "0" * 12


@dataclass(frozen=True, slots=True)
class _Check:
    """A statement that is checked without being run."""

    name: str
    sql: str
    database: str


def select_one(sessions: Sessions) -> str:
    """Run `SELECT 1` and read its row; say which engine answered.

    Raises:
        ComprovaError: Athena did not take it, or its row cannot be read.
    """
    with sessions() as session:
        finished = session.execute("SELECT 1 AS one", "", name="doctor: select one")
        answers = [one for batch in session.batches(finished, [_ONE]) for one in batch.column(0).to_pylist()]
    return f"{finished.engine_version} answered SELECT 1: {answers} (execution {finished.execution_id})"


def diagnose_statements(
    prepared: Prepared,
    source: AthenaSource,
    sessions: Sessions,
    *,
    has_table: bool,
) -> Iterator[Diagnosis]:
    """Define the tables of a run, empty, check every statement of the run against them, and drop them.

    Args:
        prepared: The run.
        source: What it reads.
        sessions: Open connections.
        has_table: Whether there is a raw table.
    """
    database = f"{ddl.run_databases(source.database, prepared.job.job.id)}{PROBE_DATABASE}"
    made = tried("databases of runs", lambda: _make_tables(source, sessions, database))
    yield made
    if made.verdict is Verdict.OK:
        checks = [*_views(prepared, database), *_measures(prepared, database), *_questions(prepared, database)]
        yield from _checked(sessions, "queries", checks)
        yield tried("dropping databases", lambda: _drop(sessions, database))
    else:
        yield Diagnosis("queries", Verdict.UNKNOWN, "there are no tables to check them against")
    if has_table:
        yield from _checked(sessions, "loading", [_loading(source, prepared.period.start.date())])
    else:
        yield Diagnosis("loading", Verdict.UNKNOWN, "there is no raw table to check its statement against")


def _make_tables(source: AthenaSource, sessions: Sessions, database: str) -> str:
    place = source.place().store.below("doctor", "tables")
    with sessions() as session:
        for name, sql in (
            ("database", ddl.create_database(database)),
            ("records", ddl.records_table(database, place.below("records"))),
            ("files", ddl.files_table(database, place.below("files"))),
            ("activity", ddl.activity_table(database, place.below("activity"))),
            ("deliveries", ddl.deliveries_table(database, place.below("deliveries"))),
        ):
            session.execute(sql, "", name=f"doctor: define {name}")
    return f"made {database} with empty tables"


def _drop(sessions: Sessions, database: str) -> str:
    with sessions() as session:
        session.execute(ddl.drop_database(database), "", name="doctor: drop database")
    return f"dropped {database}"


def _views(prepared: Prepared, database: str) -> Iterator[_Check]:
    period = prepared.period
    bounds = {"history_start": prepared.history_start, "period_start": period.start, "period_end": period.end}
    for name in ("activity", "deliveries"):
        yield _Check(name, compile_view(prepared.catalog.views[name], bounds).athena, database)


def _measures(prepared: Prepared, database: str) -> Iterator[_Check]:
    for name, statement in compiled_measures(prepared, [*MEASURES, _FILE_RECORDS]).items():
        yield _Check(name, statement.athena, database)


def _questions(prepared: Prepared, database: str) -> Iterator[_Check]:
    for question in compose_questions(prepared):
        if question.statement is not None:
            yield _Check(question.query.id, question.statement.athena, database)


def _loading(source: AthenaSource, day: date) -> _Check:
    raw = raw_table_of(source)
    account = raw.accounts[0] if raw.accounts else _ANY_ACCOUNT
    file = RawFile(uri="", log_file="", account=account, region=raw.regions[0], etag="", bytes=0)
    return _Check("the statement that loads a date", load_select(source.database, day, [file], ()), source.database)


def _checked(sessions: Sessions, name: str, checks: Sequence[_Check]) -> Iterator[Diagnosis]:
    """Have statements checked, side by side; yield those that are refused, or one line for all."""
    refused = []
    with sessions() as session:
        started = [
            session.start(ddl.explain(one.sql), one.database, name=f"doctor: explain {one.name}") for one in checks
        ]
        for check, future in zip(checks, started, strict=True):
            try:
                future.result()
            except ComprovaError as error:
                problem = error.problems[0]
                refused.append(Diagnosis(f"{name}: {check.name}", Verdict.NOT, problem.found, problem.hint))
    yield from refused
    if not refused:
        yield Diagnosis(name, Verdict.OK, f"EXPLAIN (TYPE VALIDATE) of {len(checks)} statements: all valid")
