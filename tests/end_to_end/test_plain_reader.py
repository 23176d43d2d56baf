"""The sealed rows of real logs are those that an independent reading of the raw records gives."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from pyarrow import parquet

from content_builder import framework_file, mapped, requirement, text_of, write_root
from end_to_end.plain.answers import all_answers
from end_to_end.plain.events import Row, Trail, read_plainly
from end_to_end.plain.parameters import PARAMETERS
from installed import Installed

REAL_LOGS = os.environ.get("COMPROVA_REAL_LOGS")
TIME_ZONE = "America/Sao_Paulo"
PERIODS = {
    "flaws_org": (date(2020, 9, 30), date(2020, 9, 30)),  # the local day goes on after midnight in UTC
    "grycap_2017": (date(2017, 6, 1), date(2017, 6, 30)),
    "invictus_stratus": (date(2023, 7, 1), date(2023, 7, 31)),
    "stratus_grimoire": (date(2024, 7, 31), date(2024, 8, 31)),  # of events from July 30 to November 30
    "trailscraper_2017": (date(2017, 12, 1), date(2017, 12, 31)),
}
PROJECT = {
    "queries/frameworks/acme.agreement-1.toml": framework_file(
        "acme.agreement", "1", *(requirement(ref, mapped(ref)) for ref in all_answers())
    ),
    "reports/cover.toml": (
        f'id = "cover"\n{text_of("title")}{text_of("audience")}section = ["cover"]\nattention_items = 1\n'
        'finding_rows = 1\nextract_rows = 0\nsql_lines = 1\nvalue_characters = 20\nformats = ["html"]\n'
    ),
    "jobs/agreement.toml": (
        f'id = "agreement"\n{text_of("title")}organisation = "Acme"\nreport = "cover"\n'
        f'frameworks = ["acme.agreement"]\nlanguages = ["en"]\ntime_zone = "{TIME_ZONE}"\n\n'
        '[source]\nkind = "folder"\nname.en = "Real logs"\nname.pt_BR = "Registros reais"\nlogs = "logs"\n\n'
        "[limits]\ngap_percent = 100\nunreadable_files = 1\n\n"
        "[parameters]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in PARAMETERS.items())
    ),
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
        folder = tmp_path_factory.mktemp(name)
        write_root(folder, PROJECT)
        logs = Path(str(REAL_LOGS)) / name
        first_day, last_day = PERIODS[name]
        arguments = ("run", "agreement", "--period", f"{first_day}..{last_day}", "--logs", str(logs), "--json")
        run = folder / json.loads(comprova(*arguments, cwd=folder).stdout)["run"]
        return Reading(run / "evidence" / "results", read_plainly(logs, first_day, last_day, TIME_ZONE))

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
