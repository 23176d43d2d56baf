"""Trino, as Athena, and DuckDB give the same rows: the same values, types, NULLs and order, over all logs there are.

Nobody lists here what is asked: tables come from the schema, measures from their folder, queries from the catalog and
cases from their files, so that what is added later is covered by itself.
"""

from collections.abc import Iterator, Sequence
from importlib.resources import files

import pytest

from athena_endpoint.endpoint import Endpoint
from comprova.catalog.parameters import Bindings
from comprova.collect.measured import FILE_RECORDS, MEASURES, measure_sql
from comprova.sql.compile import compile_measure
from comprova.sql.statement import Scope
from engines.trino.both_engines import Asked
from engines.trino.data_sets import REAL_LOGS, Questioned, names, opened
from engines.trino.whole_tables import TABLES, whole

pytestmark = pytest.mark.trino

_COLUMNS = {**MEASURES, "file_records": FILE_RECORDS}


@pytest.fixture(scope="module", params=names())
def data_set(
    request: pytest.FixtureRequest, running_athena: Endpoint, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Questioned]]:
    """Give a data set, loaded once on both engines."""
    name: str = request.param
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in running_athena.environment.items():
            patch.setenv(variable, value)
        with opened(name, running_athena, tmp_path_factory.mktemp(name)) as windows:
            yield windows


def _differences(window: Questioned, asked: Sequence[Asked]) -> dict[str, str]:
    return {f"{name} over {window.period.label}": said for name, said in window.pair.differences(asked).items()}


def _measures(window: Questioned) -> list[Asked]:
    folder = files("comprova.collect") / "measures"
    found = sorted(path.name.removesuffix(".sql") for path in folder.iterdir() if path.name.endswith(".sql"))
    bindings = Bindings({"history_start": window.history_start}, frozenset())
    scope = Scope(window.period)
    return [Asked(compile_measure(name, measure_sql(name), bindings, scope), _COLUMNS[name]) for name in found]


def test_tables_are_the_same(data_set: list[Questioned]) -> None:
    """`records`, `activity` and `deliveries` hold the same rows, down to each field of a column."""
    said = [_differences(window, [whole(table, window.period) for table in TABLES]) for window in data_set]
    assert said == [{}] * len(data_set)


def test_tables_are_not_empty(data_set: list[Questioned]) -> None:
    """Nothing is equal only because there is nothing."""
    empty = [table for window in data_set for table in TABLES if not window.pair.rows(whole(table, window.period))]
    assert empty == []


def test_measures_are_the_same(data_set: list[Questioned]) -> None:
    """What the engine measures of the logs is the same."""
    said = [_differences(window, _measures(window)) for window in data_set]
    assert said == [{}] * len(data_set)


def test_queries_return_the_same_rows(data_set: list[Questioned]) -> None:
    """Every query returns the same rows in the same order."""
    said = [_differences(window, window.queries) for window in data_set]
    assert said == [{}] * len(data_set)


@pytest.mark.skipif(not REAL_LOGS.name, reason="COMPROVA_REAL_LOGS names no folder of real logs")
def test_real_logs_are_among_the_data_sets() -> None:
    """A folder without data sets would pass in silence."""
    assert len(names()) > 2
