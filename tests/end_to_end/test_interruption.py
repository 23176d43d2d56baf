"""A run that is stopped goes on, and two runs of one job and period do not meet."""

import fcntl
import json
import shutil
from pathlib import Path

import pytest

from comprova.sample import generate
from installed import Installed

ARGUMENTS = ("run", "monthly", "--period", "2026-10", "--logs", "logs", "--frameworks", "lgpd", "--languages", "en")
RUN = Path("out/monthly/2026-10/r1")


@pytest.fixture(scope="module")
def finished(comprova: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the monthly job once on a generated month, and return the folder it ran in."""
    folder = tmp_path_factory.mktemp("monthly")
    generate(folder / "logs", months=1)
    (folder / "logs" / "truth.json").unlink()
    comprova(*ARGUMENTS, cwd=folder)
    return folder


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    """Return a copy of the finished run that a test may harm."""
    shutil.copytree(finished, tmp_path / "copy")
    return tmp_path / "copy"


def unseal(run: Path) -> None:
    """Put a run back to where it was before it was sealed."""
    shutil.rmtree(run / "documents")
    (run / "evidence" / "manifest-sha256.txt").unlink()
    ledger = json.loads((run / "run.json").read_text())
    ledger |= {"status": "open", "seal": "", "sealed_at": None}
    (run / "run.json").write_text(json.dumps(ledger))


def test_finished_queries_are_not_asked_again(comprova: Installed, copied: Path) -> None:
    """An interrupted run asks only what it has no result of, and seals what an undisturbed run seals."""
    seal = (copied / RUN / "evidence" / "manifest-sha256.txt").read_bytes()
    unseal(copied / RUN)
    kept, lost = sorted((copied / RUN / "evidence" / "results").glob("*.parquet"))[:2]
    before = kept.stat().st_mtime_ns
    lost.unlink()
    comprova(*ARGUMENTS, cwd=copied)
    assert kept.stat().st_mtime_ns == before
    assert lost.is_file()
    assert (copied / RUN / "evidence" / "manifest-sha256.txt").read_bytes() == seal
    assert len(json.loads((copied / RUN / "run.json").read_text())["attempts"]) == 2


def test_a_second_run_at_once_is_told(comprova: Installed, copied: Path) -> None:
    """While another process holds the job and period, a run exits with 13 and touches nothing."""
    held = copied / RUN.parent / ".lock"
    before = sorted(path.stat().st_mtime_ns for path in (copied / "out").rglob("*"))
    with held.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = comprova(*ARGUMENTS, cwd=copied, code=13).stderr
    assert "no other run of this job and period" in said
    assert sorted(path.stat().st_mtime_ns for path in (copied / "out").rglob("*")) == before


def test_changed_logs_need_a_decision(comprova: Installed, copied: Path) -> None:
    """Sealed evidence of other logs is left alone; --revise makes a second revision beside it."""
    log = next((copied / "logs").rglob("*_20261005T*.json.gz"))
    log.unlink()
    assert "found other logs" in comprova(*ARGUMENTS, cwd=copied, code=2).stderr
    seal = (copied / RUN / "evidence" / "manifest-sha256.txt").read_bytes()
    comprova(*ARGUMENTS, "--revise", cwd=copied)
    assert (copied / RUN / "evidence" / "manifest-sha256.txt").read_bytes() == seal
    assert (copied / RUN.parent / "r2" / "documents" / "manifest-sha256.txt").is_file()


def test_a_file_that_cannot_be_read_is_told_everywhere(comprova: Installed, copied: Path) -> None:
    """A cut log file makes the run incomplete and absence inconclusive, and is listed with its reason."""
    log = next((copied / "logs").rglob("*_20261006T*.json.gz"))
    log.write_bytes(log.read_bytes()[:-20])
    said = json.loads(comprova(*ARGUMENTS, "--revise", "--json", cwd=copied, code=11).stdout)
    evidence = copied / RUN.parent / "r2" / "evidence"
    assert f'{log.name}","gzip_cut"' in (evidence / "files.csv").read_text()
    assert "no-exceptions" not in said["outcomes"]
    assert "nothing-recorded" not in said["outcomes"]
