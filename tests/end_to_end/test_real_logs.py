"""Every real data set runs through the whole job without an error, and every oddity is reported.

Documents are those for the screen; what is printed of the same logs is held in `test_pdf_standards_of_logs.py`.
"""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from installed import Installed
from monthly_project import JOB, write_monthly

REAL_LOGS = os.environ.get("COMPROVA_REAL_LOGS")
PERIODS = {
    "flaws_org": "2020-09-30..2020-10-01",
    "grycap_2017": "2017-06",
    "invictus_stratus": "2023-07",
    "stratus_grimoire": "2024-07-01..2024-12-31",
    "trailscraper_2017": "2017-12",
}


@pytest.mark.skipif(REAL_LOGS is None, reason="COMPROVA_REAL_LOGS names no folder of real logs")
@pytest.mark.parametrize("name", sorted(PERIODS))
def test_a_real_data_set(comprova: Installed, tmp_path: Path, name: str) -> None:
    """The totals count every record of the files, no query fails, and evidence and documents verify."""
    logs = Path(str(REAL_LOGS)) / name
    made = ("--frameworks", "pci-dss@4.0.1", "--languages", "pt-BR")  # the logs are older than any edition in force
    write_monthly(tmp_path)
    arguments = ("run", JOB, "--period", PERIODS[name], "--logs", str(logs), *made, "--json")
    said = json.loads(comprova(*arguments, cwd=tmp_path, code=11).stdout)
    run = tmp_path / said["run"]
    totals = json.loads((run / "evidence" / "totals.json").read_text())
    assert set(said["outcomes"]) & {"failed", "not-run"} == set()
    assert totals["in_period"] > 0
    assert totals["files"] == Counter({"read": len(list(logs.rglob("*.json.gz"))), "no_records": 1})
    assert len(said["documents"]) == 1
    comprova("verify", str(run), cwd=tmp_path)


@pytest.mark.skipif(REAL_LOGS is None, reason="COMPROVA_REAL_LOGS names no folder of real logs")
def test_a_folder_of_digests_holds_no_logs(comprova: Installed, tmp_path: Path) -> None:
    """Loose digest files are no event logs: each is a finding about the logs, and nothing else is claimed."""
    logs = Path(str(REAL_LOGS)) / "digests"
    arguments = ("run", "monthly", "--period", "2020-09", "--logs", str(logs), "--frameworks", "lgpd")
    said = json.loads(comprova(*arguments, "--evidence-only", "--json", cwd=tmp_path, code=11).stdout)
    totals = json.loads((tmp_path / said["run"] / "evidence" / "totals.json").read_text())
    assert totals["files"] == {"no_records": 3}
    assert set(said["outcomes"]) == {"inconclusive", "exceptions"}
    assert said["outcomes"]["exceptions"] == 1
