"""The sealed rows of real logs are those that an independent reading of the raw records gives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from pyarrow import parquet

from end_to_end.plain.answers import all_answers
from end_to_end.plain.events import Row, Trail, read_plainly
from end_to_end.plain.parameters import PARAMETERS
from end_to_end.real_logs_job import REAL_LOGS, TIME_ZONE, Asked, run_over
from installed import Installed

PERIODS = {
    "flaws_org": (date(2020, 9, 30), date(2020, 9, 30)),  # the local day goes on after midnight in UTC
    "grycap_2017": (date(2017, 6, 1), date(2017, 6, 30)),
    "invictus_stratus": (date(2023, 7, 1), date(2023, 7, 31)),
    "stratus_grimoire": (date(2024, 7, 31), date(2024, 8, 31)),  # of events from July 30 to November 30
    "trailscraper_2017": (date(2017, 12, 1), date(2017, 12, 31)),
}

pytestmark = pytest.mark.skipif(REAL_LOGS is None, reason="COMPROVA_REAL_LOGS names no folder of real logs")


@dataclass(frozen=True, slots=True)
class Reading:
    """One data set, read twice.

    Attributes:
        results: The folder of the sealed rows.
        trail: What the plain reader finds in the same files.
    """

    results: Path
    trail: Trail


@pytest.fixture(scope="module")
def read_twice(comprova: Installed, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Reading]:
    """Give a function that runs a job with these queries over a data set, and reads its files plainly, both once."""

    @cache
    def reading(name: str) -> Reading:
        logs = Path(str(REAL_LOGS)) / name
        folder, asked = tmp_path_factory.mktemp(name), Asked(all_answers(), PARAMETERS)
        results = run_over(comprova, folder, logs, PERIODS[name], asked)
        return Reading(results, read_plainly(logs, *PERIODS[name], TIME_ZONE))

    return reading


@pytest.mark.parametrize("ref", sorted(all_answers()))
@pytest.mark.parametrize("name", sorted(PERIODS))
def test_the_sealed_rows_are_those_of_a_plain_reading(
    read_twice: Callable[[str], Reading], name: str, ref: str
) -> None:
    """Every row has the same values, absent ones included, and stands in the same place."""
    reading = read_twice(name)
    sealed: list[Row] = parquet.read_table(reading.results / f"{ref.partition('@')[0]}.parquet").to_pylist()
    assert sealed == all_answers()[ref](reading.trail)
