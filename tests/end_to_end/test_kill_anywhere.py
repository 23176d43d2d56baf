"""A run that is killed, wherever that is, goes on as if nothing had happened, and shows nobody half a file."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from signal import SIGKILL

import psutil  # type: ignore[import-untyped] # it ships none
import pytest

from comprova.jobs.ledger import Status
from disturbance import ANY, FIRST, Request
from disturbed_runs import (
    ARGUMENTS,
    PERIOD,
    Runs,
    answered,
    evidence_of,
    half_files,
    ledger_of,
    small_runs,
    write_logs,
)

_PATIENCE = 60
"""Seconds after which a process is said to go on for ever."""


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A run that nothing happened to.

    Attributes:
        folder: In which it ran.
        steps: What it did, in order.
        sealed: SHA-256 of each file of its evidence.
    """

    folder: Path
    steps: list[str]
    sealed: dict[str, str]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Run the command on content of two questions."""
    with small_runs(tmp_path_factory.mktemp("small") / "site", {}) as runs:
        yield runs


@pytest.fixture(scope="module")
def undisturbed(runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """Run the job once from beginning to end."""
    folder = write_logs(tmp_path_factory.mktemp("undisturbed"))
    assert runs(Request(str(folder), list(ARGUMENTS), steps=str(folder / "steps.txt"))).code == 0
    return Undisturbed(folder, _steps(folder), evidence_of(folder))


@pytest.fixture
def folder(undisturbed: Undisturbed, tmp_path: Path) -> Path:
    """Return a folder with the same logs in which nothing was run yet."""
    shutil.copytree(undisturbed.folder / "logs", tmp_path / "logs")
    return tmp_path


def _steps(folder: Path) -> list[str]:
    return [FIRST, *(folder / "steps.txt").read_text(encoding="utf-8").splitlines()]


def _go_on(runs: Runs, folder: Path, sealed: dict[str, str], targets: dict[tuple[str, str], None]) -> bool:
    """Run the command until it meets a target, which is taken out, or ends; tell whether it was killed.

    Whichever it is, there is no half file, and no query that had an answer was asked again.
    """
    before, log = answered(folder), folder / "steps.txt"
    log.unlink(missing_ok=True)
    said = runs(Request(str(folder), list(ARGUMENTS), steps=str(log), targets=list(targets)))
    steps = _steps(folder)
    assert half_files(folder, sealed) == [], steps[-2:]
    asked = {step.removeprefix("ask ").partition("@")[0] for step in steps if step.startswith("ask ")}
    assert asked.isdisjoint(before), steps[-2:]
    if said.code == -SIGKILL:
        targets.pop((steps[-2], steps[-1]), None)
        targets.pop((ANY, steps[-1]), None)
        return True
    assert said.code == 0, said.error
    return False


def _whole_run(folder: Path, undisturbed: Undisturbed, attempts: int) -> None:
    """Check that a run which was killed left what one leaves to which nothing happened."""
    assert evidence_of(folder) == undisturbed.sealed
    ledger = ledger_of(folder)
    assert ledger is not None
    assert (ledger.status, answered(folder)) == (Status.RENDERED, answered(undisturbed.folder))
    assert len(ledger.attempts) <= attempts
    names = [
        [path.relative_to(one).as_posix() for path in (one / PERIOD).rglob("*")] for one in (folder, undisturbed.folder)
    ]
    assert sorted(names[0]) == sorted(names[1])
    assert "r2" not in {path.name for path in (folder / PERIOD).iterdir()}


def test_killed_at_every_step(runs: Runs, undisturbed: Undisturbed, folder: Path, tmp_path: Path) -> None:
    """Killed at each write and each call of the engine in turn, and started again, it seals what it would have sealed.

    One run is killed at its first step, goes on, is killed at the next one, and so on. What it did not meet, because
    an earlier attempt had done it, is met by a run of its own.
    """
    targets = dict.fromkeys(pairwise(undisturbed.steps))
    assert len(targets) > 80
    attempts = 1
    while _go_on(runs, folder, undisturbed.sealed, targets):
        attempts += 1
    _whole_run(folder, undisturbed, attempts)
    for number, target in enumerate(list(targets)):
        alone = tmp_path / f"alone-{number}"
        shutil.copytree(folder / "logs", alone / "logs")
        assert _go_on(runs, alone, undisturbed.sealed, {target: None})
        assert not _go_on(runs, alone, undisturbed.sealed, {})
        _whole_run(alone, undisturbed, 2)


def test_killed_while_it_clears_up(runs: Runs, undisturbed: Undisturbed, folder: Path) -> None:
    """Taking away what a killed run left unfinished can be killed at every step too."""
    last = next(step for step in undisturbed.steps if step.endswith("evidence/manifest-sha256.txt"))
    assert _go_on(runs, folder, undisturbed.sealed, {(ANY, last): None})
    out, evidence = folder / "out", folder / PERIOD / "r1" / "evidence"
    left = [path for path in evidence.rglob("*") if path.is_file() and path.parent.name != "results"]
    assert evidence / ".manifest-sha256.txt.part" in left
    targets = {(ANY, f"remove {path.relative_to(out).as_posix()}"): None for path in left}
    attempts = 2
    while _go_on(runs, folder, undisturbed.sealed, targets):
        attempts += 1
    assert (targets, attempts) == ({}, len(left) + 2)
    _whole_run(folder, undisturbed, attempts)


def test_a_killed_run_leaves_no_process_behind(runs: Runs, undisturbed: Undisturbed, folder: Path) -> None:
    """Processes that read logs end with the run that started them; the next run goes on."""
    request = Request(str(folder), list(ARGUMENTS), workers=True, orphaned=True)
    assert runs(request).code == -SIGKILL
    for number in (folder / "workers.txt").read_text(encoding="utf-8").split():
        try:
            psutil.Process(int(number)).wait(_PATIENCE)
        except psutil.NoSuchProcess:
            continue
    assert half_files(folder, undisturbed.sealed) == []
    assert not _go_on(runs, folder, undisturbed.sealed, {})
    _whole_run(folder, undisturbed, 2)


def test_a_process_that_is_killed_beside_the_run_is_told(runs: Runs, undisturbed: Undisturbed, folder: Path) -> None:
    """When the system kills a reader for want of memory, the run says so, exits with 11, and can be given again."""
    said = runs(Request(str(folder), list(ARGUMENTS), workers=True))
    assert said.code == 11
    assert "comprova: loading records: expected processes that end their work, found one that was killed" in said.error
    assert "give the same command again" in said.error
    assert half_files(folder, undisturbed.sealed) == []
    assert not _go_on(runs, folder, undisturbed.sealed, {})
    _whole_run(folder, undisturbed, 2)
