"""Trino, as Athena, and DuckDB give the same rows: the same values, types, NULLs and order, over all logs there are.

Nobody lists here what is asked: tables come from the schema, measures from their folder, queries from the catalog and
cases from their files, so that what is added later is covered by itself.
"""

from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import pytest

from athena_endpoint.endpoint import Endpoint
from comprova.catalog.parameters import Bindings
from comprova.collect.measured import FILE_RECORDS, MEASURES, measure_sql
from comprova.collect.scope_values import SCOPE_VALUES
from comprova.sql.compile import compile_measure
from comprova.sql.statement import Scope
from engines.trino.both_engines import Asked
from engines.trino.data_sets import DataSet, Questioned, opened, real_logs
from engines.trino.trail_folder import TrailFolder
from engines.trino.whole_tables import TABLES, accounts_of, whole

pytestmark = pytest.mark.trino

Windows = list[Questioned]

_COLUMNS = {**MEASURES, "file_records": FILE_RECORDS, "scope_values": SCOPE_VALUES}


@pytest.fixture(scope="module", params=list(DataSet))
def windows(
    request: pytest.FixtureRequest, running_athena: Endpoint, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Windows]:
    """Give the windows on a data set, loaded once on both engines."""
    data_set: DataSet = request.param
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in running_athena.environment.items():
            patch.setenv(variable, value)
        with opened(data_set, running_athena, tmp_path_factory.mktemp(data_set)) as questioned:
            yield questioned


def differences(windows: Windows, asked: Callable[[Questioned], Sequence[Asked]]) -> str:
    """Return a line for each difference between the engines, whatever is asked of each window."""
    return "\n".join(
        f"over {one.window.period.label}, {one.window.period.time_zone}: {said}"
        for one in windows
        for said in one.pair.differences(asked(one))
    )


def same(found: str) -> None:
    """Require that there is no difference; all that are found are told, and not the first alone."""
    if found:
        pytest.fail(f"DuckDB and Athena differ:\n{found}", pytrace=False)


def measures(one: Questioned) -> list[Asked]:
    """Compile every measure there is."""
    folder = files("comprova.collect") / "measures"
    names = sorted(path.name.removesuffix(".sql") for path in folder.iterdir() if path.name.endswith(".sql"))
    bindings, scope = Bindings({"history_start": one.window.history_start}, frozenset()), Scope(one.window.period)
    return [Asked(compile_measure(name, measure_sql(name), bindings, scope), _COLUMNS[name]) for name in names]


def test_tables_are_the_same(windows: Windows) -> None:
    """`records`, `activity` and `deliveries` hold the same rows, down to each field of a column."""
    same(differences(windows, lambda one: [whole(table, one.window.period) for table in TABLES]))


def test_every_account_is_in_every_table(windows: Windows) -> None:
    """Nothing is equal only because there is nothing: rows of each account were compared."""
    missing = [
        f"{table} over {one.window.period}: {account}"
        for one in windows
        for table in TABLES
        for account in one.accounts
        - {str(row["log_account"]) for row in one.pair.rows(accounts_of(table, one.window.period))}
    ]
    assert missing == []


def test_measures_are_the_same(windows: Windows) -> None:
    """What the engine measures of the logs is the same."""
    same(differences(windows, measures))


def test_queries_return_the_same_rows(windows: Windows) -> None:
    """Every query returns the same rows in the same order."""
    same(differences(windows, lambda one: one.queries))


_NO_REAL_LOGS = pytest.param(Path(), marks=pytest.mark.skip(reason="COMPROVA_REAL_LOGS names no folder of real logs"))


@pytest.mark.parametrize("folder", real_logs() or [_NO_REAL_LOGS], ids=lambda folder: folder.name)
def test_real_logs_are_among_what_is_compared(folder: Path) -> None:
    """Each folder of real logs holds files that lie as CloudTrail delivers them: only these are compared."""
    assert TrailFolder(folder).listing().files
