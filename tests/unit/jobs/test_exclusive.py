"""One run per job and period at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from comprova.errors import BusyError, ExitCode
from comprova.jobs.exclusive import exclusive

HOLD = """
import sys
from pathlib import Path
from comprova.jobs.exclusive import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    """Start a process that holds the lock until its input ends, and wait until it does."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_told_at_once(tmp_path: Path) -> None:
    """While one process holds the folder another is refused, with an exit code of its own; afterwards it is free."""
    with holder(tmp_path / "job") as process:
        with (
            pytest.raises(BusyError, match="no other run of this job and period") as raised,
            exclusive(tmp_path / "job"),
        ):
            pytest.fail("two processes held one lock")
        assert raised.value.exit_code is ExitCode.BUSY
        process.communicate("")
    with exclusive(tmp_path / "job"):
        pass


def test_the_system_releases_the_lock_of_a_process_that_was_killed(tmp_path: Path) -> None:
    """A run that was killed leaves nothing to clean up by hand."""
    with holder(tmp_path) as process:
        process.kill()
        process.wait()
        with exclusive(tmp_path):
            pass


def test_other_periods_are_not_held(tmp_path: Path) -> None:
    """The lock is of one folder."""
    with exclusive(tmp_path / "2026-09"), exclusive(tmp_path / "2026-10"):
        assert (tmp_path / "2026-10").is_dir()


def test_a_fault_inside_releases_the_lock(tmp_path: Path) -> None:
    """The next attempt of the same process is not refused."""
    with pytest.raises(KeyError), exclusive(tmp_path):
        raise KeyError
    with exclusive(tmp_path):
        pass
