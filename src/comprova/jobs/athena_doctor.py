"""What the credentials in use may and may not do for a job on Athena, and what is missing: tried out before a run.

Nothing is scanned: statements are `SELECT 1`, definitions of empty tables in a database that is dropped again, and
EXPLAIN (TYPE VALIDATE), which is not billed. What was tried in the store is removed.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from comprova.engines.athena import ddl
from comprova.engines.athena.access import Access
from comprova.engines.athena.raw_table_check import FoundTable
from comprova.engines.athena.raw_table_check import differences as table_differences
from comprova.engines.athena.workgroup import Difference
from comprova.engines.athena.workgroup import differences as workgroup_differences
from comprova.errors import ComprovaError, Problem
from comprova.jobs.athena_setup import raw_table_of, workgroup_settings
from comprova.jobs.athena_statement_doctor import Sessions, diagnose_statements, select_one
from comprova.jobs.athena_store_doctor import diagnose_store
from comprova.jobs.athena_trail_doctor import diagnose_trail
from comprova.jobs.diagnosis import Diagnosis, Verdict, tried
from comprova.jobs.preparation import Prepared
from comprova.jobs.sources import AthenaSource

_SET_UP = "Run `comprova athena setup JOB`."
_UPDATE = "Run `comprova athena setup JOB --update`, once the job says what it should."


def diagnose(
    prepared: Prepared, source: AthenaSource, access: Access, sessions: Sessions, now: datetime
) -> Iterator[Diagnosis]:
    """Try everything that a run does.

    Args:
        prepared: The run.
        source: What it reads.
        access: AWS.
        sessions: Open connections to Athena.
        now: An aware moment, against which the age of logs is told.
    """
    credentials = tried("credentials", lambda: _identity(access))
    yield credentials
    if credentials.verdict is not Verdict.OK:
        yield Diagnosis("all else", Verdict.UNKNOWN, "without credentials nothing else can be tried")
        return
    yield _workgroup(source, access)
    statements = tried("statements", lambda: select_one(sessions))
    yield statements
    yield tried("database", lambda: _database(source, access))
    table, diagnosis = _raw_table(source, access)
    yield diagnosis
    yield from diagnose_trail(prepared, source, access, table, now)
    yield from diagnose_store(source, access)
    if statements.verdict is Verdict.OK:
        yield from diagnose_statements(prepared, source, sessions, has_table=table is not None)
    else:
        yield Diagnosis("queries", Verdict.UNKNOWN, "no statement can be run")


def _identity(access: Access) -> str:
    identity = access.identity()
    return f"account {identity.account}, {identity.arn}"


def _workgroup(source: AthenaSource, access: Access) -> Diagnosis:
    name = f"workgroup {source.workgroup}"
    try:
        found = access.workgroup()
    except ComprovaError as error:
        return Diagnosis(name, Verdict.NOT, error.problems[0].found, error.problems[0].hint)
    if found is None:
        return Diagnosis(name, Verdict.NOT, f"it is not there in {source.region}", _SET_UP)
    lacking = workgroup_differences(workgroup_settings(source), found)
    if lacking:
        return Diagnosis(name, Verdict.NOT, _said(lacking), _UPDATE)
    return Diagnosis(name, Verdict.OK, f"enabled, enforces its settings, stops a statement at {source.query_cutoff}")


def _database(source: AthenaSource, access: Access) -> str:
    if not access.has_database(source.database):
        raise ComprovaError(Problem(source.database, "the database of the raw table", "it is not there", _SET_UP))
    return f"{source.database} is in the data catalog"


def _raw_table(source: AthenaSource, access: Access) -> tuple[FoundTable | None, Diagnosis]:
    name = f"table {source.database}.{ddl.RAW_TABLE}"
    try:
        table = access.table(source.database, ddl.RAW_TABLE)
    except ComprovaError as error:
        return None, Diagnosis(name, Verdict.NOT, error.problems[0].found, error.problems[0].hint)
    if table is None:
        return None, Diagnosis(name, Verdict.NOT, "it is not there", _SET_UP)
    lacking = table_differences(raw_table_of(source), table)
    if lacking:
        return table, Diagnosis(name, Verdict.NOT, _said(lacking), _UPDATE)
    return table, Diagnosis(name, Verdict.OK, "has today's columns, and shows the job's accounts, regions and dates")


def _said(differences: Sequence[Difference]) -> str:
    return "; ".join(f"{one.name}: expected {one.wanted}, found {one.found}" for one in differences)
