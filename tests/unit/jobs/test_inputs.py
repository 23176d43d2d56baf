"""The fingerprint of a run changes with everything that its evidence depends on, and with nothing else."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from comprova.evidence.model import LogFile
from comprova.jobs.content_copy import content_of
from comprova.jobs.inputs import inputs_of
from comprova.jobs.preparation import Choices, prepare
from content_builder import ACTIVITY, BUILTIN, FRAMEWORK, JOB, KEY_AGE, PACK, PARAMETERS, REPORT, changed, write_root
from languages import PORTUGUESE
from unit.jobs.read_logs import logs_of

NOW = datetime(2026, 11, 4, tzinfo=UTC)
LOG = LogFile(log_file="a.json.gz", state="read", bytes=1, sha256="1" * 64, records=1, unreadable=0)


def inputs(
    path: Path,
    files: Mapping[str, str] = BUILTIN,
    log: LogFile = LOG,
    *,
    closed: bool = True,
    choices: Choices | None = None,
) -> dict[str, str]:
    """Return the inputs of the monthly job over one log file."""
    prepared = prepare("monthly", [write_root(path, files)], choices or Choices(period="2026-10"), NOW)
    return inputs_of(prepared, content_of(prepared), logs_of(log, closed=closed))


def differences(path: Path, files: Mapping[str, str] = BUILTIN, log: LogFile = LOG, *, closed: bool = True) -> set[str]:
    """Return the parts that change with the content or the logs."""
    before, after = inputs(path / "before"), inputs(path / "after", files, log, closed=closed)
    return {name for name in before if before[name] != after[name]}


@pytest.mark.parametrize(
    ("name", "old", "new", "parts"),
    [
        (KEY_AGE, "SELECT event_id", "SELECT  event_id", {"content", "queries"}),
        (ACTIVITY, "1 AS one", "2 AS one", {"content", "views"}),
        (PACK, "First.", "The first.", {"content"}),
        (PARAMETERS, "example = 90", "example = 60", {"content"}),
        (PARAMETERS, "default = 90", "default = 60", {"content", "parameters"}),
        (FRAMEWORK, "An authority", "The authority", {"content", "frameworks"}),
        (REPORT, "extract_rows = 5", "extract_rows = 6", {"content", "report"}),
        (JOB, "gap_percent = 1", "gap_percent = 2", {"content", "job"}),
    ],
)
def test_content_that_changes_is_named(tmp_path: Path, name: str, old: str, new: str, parts: set[str]) -> None:
    """Every file that goes into the evidence counts, prose too."""
    assert differences(tmp_path, changed(BUILTIN, name, old, new)) == parts


@pytest.mark.parametrize("change", [{"sha256": "2" * 64}, {"state": "gzip_cut"}, {"log_file": "b.json.gz"}])
def test_logs_that_change_are_named(tmp_path: Path, change: dict[str, str]) -> None:
    """Other bytes, another state or another name are other logs."""
    assert differences(tmp_path, log=LOG.model_copy(update=change)) == {"logs"}


def test_a_file_in_s3_changes_with_its_etag_or_size(tmp_path: Path) -> None:
    """What Athena reads has no SHA-256: S3's ETag stands for the content."""
    log = LOG.model_copy(update={"sha256": "", "etag": "a"})
    before = inputs(tmp_path / "before", log=log)
    for changed_log in (log.model_copy(update={"etag": "b"}), log.model_copy(update={"bytes": 2})):
        assert inputs(tmp_path / f"{changed_log.etag}{changed_log.bytes}", log=changed_log)["logs"] != before["logs"]


def test_a_period_that_closes_is_another_input(tmp_path: Path) -> None:
    """Absence can be claimed only once it has closed."""
    assert differences(tmp_path, closed=False) == {"period-open"}


def test_looks_and_languages_are_no_inputs(tmp_path: Path) -> None:
    """Rendering in another language or with other templates needs no new revision."""
    other = Choices(period="2026-10", languages=(PORTUGUESE,), out=Path("elsewhere"))
    files = {**BUILTIN, "templates/body.html.j2": "<body>other</body>\n"}
    assert inputs(tmp_path / "a") == inputs(tmp_path / "b", files, choices=other)
