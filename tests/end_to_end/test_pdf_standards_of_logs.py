"""veraPDF on documents of real logs, and of logs that strangers filled with what could break a document."""

import json
import os
from itertools import cycle
from pathlib import Path

import pytest

from end_to_end.pdf_standards import failures, needs_verapdf
from end_to_end.test_real_logs import PERIODS
from hostile_logs import PERIOD, write_hostile_logs
from installed import Installed
from languages import LANGUAGES

REAL_LOGS = os.environ.get("COMPROVA_REAL_LOGS")

pytestmark = needs_verapdf


def test_hostile_logs(comprova: Installed, tmp_path: Path) -> None:
    """CJK, emoji, control, bidi and private-use characters and 64 KB values break no standard, and show as rows."""
    assert write_hostile_logs(tmp_path / "logs") > 500
    arguments = ("run", "monthly", "--period", PERIOD, "--logs", "logs", "--frameworks", "lgpd", "--json")
    said = json.loads(comprova(*arguments, cwd=tmp_path, code=11).stdout)
    assert said["outcomes"]["exceptions"] > 10
    comprova("render", said["run"], "--listings", "identity.root_activity", cwd=tmp_path)
    files = sorted((tmp_path / said["run"] / "documents").glob("*.pdf"))
    assert len(files) == 4
    assert failures(files) == []


@pytest.mark.skipif(REAL_LOGS is None, reason="COMPROVA_REAL_LOGS names no folder of real logs")
def test_real_logs(comprova: Installed, tmp_path: Path) -> None:
    """The document of every real data set keeps both standards, each in the language after that of the one before.

    Those of hostile logs and of the demo are held in every language.
    """
    files = []
    for (name, period), language in zip(PERIODS.items(), cycle(LANGUAGES), strict=False):
        (folder := tmp_path / name).mkdir()
        arguments = ("run", "monthly", "--period", period, "--logs", str(Path(str(REAL_LOGS)) / name))
        asked = ("--frameworks", "lgpd@2018", "--languages", language, "--json")
        said = json.loads(comprova(*arguments, *asked, cwd=folder, code=11).stdout)
        files += (folder / said["run"] / "documents").glob("*.pdf")
    assert len(files) == len(PERIODS)
    assert failures(files) == []
