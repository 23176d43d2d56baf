"""A run that is denied room, permission, memory, a steady clock or logs that hold still says so, and loses nothing."""

import csv
import errno
import gzip
import os
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from signal import SIGKILL

import pytest

from comprova.evidence.manifest import sha256_file
from comprova.evidence.outcomes import Outcome
from content_builder import FRAMEWORK, PACK, framework_file, mapped, pack_file, query_file, requirement
from disturbance import ANY, FIRST, Request
from disturbed_runs import (
    ARGUMENTS,
    DAYS,
    PERIOD,
    Runs,
    Said,
    answered,
    evidence_of,
    half_files,
    ledger_of,
    small_runs,
    write_logs,
)
from unit.trail.log_files import key_of, record, text_of

_LARGE = "identity.large"
_LONG = f"concat({', '.join(['a.person'] * 30)})"
_LARGE_SQL = f"""WITH combined AS (
    SELECT array_agg({_LONG} ORDER BY a.event_id, b.event_id, c.event_id) AS texts
    FROM activity AS a
    CROSS JOIN activity AS b
    CROSS JOIN activity AS c
)

SELECT
    CAST(cardinality(texts) AS varchar) AS event_id,
    element_at(texts, 1) AS person
FROM combined
ORDER BY event_id
"""  # noqa: S608 - our own text
"""A question whose one row takes much memory: a list with a long text for each combination of three events."""
_SMALL_SQL = "SELECT event_id, person\nFROM activity\nORDER BY event_id\n"
_QUESTIONS = ("identity.key_age", _LARGE, "identity.root_use")
_CONTENT = {
    "queries/identity/large.sql": query_file(_LARGE, kind="metric").replace(_SMALL_SQL, _LARGE_SQL),
    PACK: pack_file("identity", tuple(f"{name}@1" for name in _QUESTIONS)),
    FRAMEWORK: framework_file(
        "acts", "2026", *(requirement(str(number), mapped(f"{name}@1")) for number, name in enumerate(_QUESTIONS, 1))
    ),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Run the command on content of two questions."""
    with small_runs(tmp_path_factory.mktemp("small") / "site", {}) as runs:
        yield runs


@pytest.fixture(scope="module")
def undisturbed(runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run that nothing happened to."""
    folder = write_logs(tmp_path_factory.mktemp("undisturbed"))
    assert runs(Request(str(folder), list(ARGUMENTS), steps=str(folder / "steps.txt"))).code == 0
    return folder


@pytest.fixture
def folder(undisturbed: Path, tmp_path: Path) -> Path:
    """Return a folder with the same logs in which nothing was run yet."""
    shutil.copytree(undisturbed / "logs", tmp_path / "logs")
    return tmp_path


def _steps(folder: Path) -> list[str]:
    return [FIRST, *(folder / "steps.txt").read_text(encoding="utf-8").splitlines()]


def _whole_run(runs: Runs, folder: Path, undisturbed: Path) -> None:
    """Check that the same command goes on to what an undisturbed run seals."""
    said = runs(Request(str(folder), list(ARGUMENTS)))
    assert said == Said(0, "")
    assert evidence_of(folder) == evidence_of(undisturbed)
    assert not (folder / PERIOD / "r2").exists()


def test_a_full_disk_is_told_and_mended(runs: Runs, undisturbed: Path, folder: Path) -> None:
    """Wherever the room ends, the run says so and exits with 11; with room again, it goes on from there."""
    sealed = evidence_of(undisturbed)
    writes = [pair for pair in pairwise(_steps(undisturbed)) if pair[1].startswith("rename ")]
    left, log = set(writes[::4]), folder / "steps.txt"
    assert len(left) > 9
    for _ in range(len(left)):
        before = answered(folder)
        log.unlink(missing_ok=True)
        request = Request(str(folder), list(ARGUMENTS), steps=str(log), targets=list(left), error=errno.ENOSPC)
        said = runs(request)
        met = left.intersection(pairwise(_steps(folder)))
        assert (said.code, len(met)) in {(11, 1), (0, 0)}, said
        if not met:
            break  # what leads to the others was done before
        left -= met
        assert "expected to be read and written, found no space left on device" in said.error
        assert "give the same command again" in said.error
        assert half_files(folder, sealed) == []
        assert before <= answered(folder)
    assert len(left) < 3
    _whole_run(runs, folder, undisturbed)


@pytest.mark.parametrize(
    ("step", "named"),
    [
        ("mkdir monthly/2026-10/r1/work", ".parquet"),
        ("build", "activity@1: expected DuckDB"),
        ("ask identity.key_age@1", "results/identity.key_age."),
    ],
)
def test_a_file_that_cannot_grow_is_named(runs: Runs, tmp_path: Path, step: str, named: str) -> None:
    """Whichever library meets the end of the room while it writes, the run names the file, and keeps no half of it."""
    folder = write_logs(tmp_path, events=500)
    log = str(folder / "steps.txt")
    if not step.startswith("mkdir"):
        assert runs(Request(str(folder), list(ARGUMENTS), steps=log, targets=[(ANY, step)])).code == -SIGKILL
    said = runs(Request(str(folder), list(ARGUMENTS), file_bytes=1 << 13))
    assert said.code == 11
    assert named in said.error
    assert "file too large" in said.error.lower()
    held = evidence_of(folder)
    assert runs(Request(str(folder), list(ARGUMENTS))) == Said(0, "")
    sealed = evidence_of(folder)
    assert held.items() <= sealed.items()
    assert half_files(folder, sealed) == []


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_folder_that_cannot_be_written_is_told(runs: Runs, undisturbed: Path, folder: Path, number: int) -> None:
    """Where nothing may be written, the run exits with 2 and leaves nothing; where it may be again, it runs."""
    first = next(iter(pairwise(_steps(undisturbed))))
    request = Request(str(folder), list(ARGUMENTS), steps=str(folder / "steps.txt"), targets=[first], error=number)
    said = runs(request)
    assert said.code == 2
    assert os.strerror(number).lower() in said.error
    assert not (folder / "out").exists()
    _whole_run(runs, folder, undisturbed)


@pytest.mark.parametrize("step", ["mkdir .records/2026-10-01", "ask identity.key_age@1"])
def test_a_run_without_memory_is_told(runs: Runs, undisturbed: Path, folder: Path, step: str) -> None:
    """Where memory ends outside the engine, the run says so and exits with 11; with more, it goes on from there."""
    log = str(folder / "steps.txt")
    said = runs(Request(str(folder), list(ARGUMENTS), steps=log, targets=[(ANY, step)], error=errno.ENOMEM))
    assert said.code == 11
    assert "memory: expected enough to go on, found none left" in said.error
    assert half_files(folder, evidence_of(undisturbed)) == []
    _whole_run(runs, folder, undisturbed)


@pytest.mark.parametrize("place", ["out", "out/monthly", "out/.records"])
def test_a_file_where_a_folder_belongs_is_told(runs: Runs, undisturbed: Path, folder: Path, place: str) -> None:
    """A file in the way stays as it is, and the run exits with 2."""
    (folder / place).parent.mkdir(exist_ok=True)
    (folder / place).write_text("mine", encoding="utf-8")
    said = runs(Request(str(folder), list(ARGUMENTS)))
    assert said.code == 2
    assert f"{place}" in said.error
    assert (folder / place).read_text(encoding="utf-8") == "mine"
    (folder / place).unlink()
    _whole_run(runs, folder, undisturbed)


def _answers(folder: Path, revision: str) -> dict[str, str]:
    """Return the files of evidence but those that tell it apart from the revision before."""
    differing = {"changes.json", "manifest-sha256.txt"}
    return {name: found for name, found in evidence_of(folder, revision).items() if name not in differing}


@pytest.fixture
def hungry_runs(tmp_path: Path) -> Iterator[Runs]:
    """Run the command on content of three questions, one of which takes memory."""
    with small_runs(tmp_path / "site", _CONTENT) as runs:
        yield runs


def test_a_question_that_wants_too_much_memory_fails_alone(hungry_runs: Runs, tmp_path: Path) -> None:
    """It is `failed` with the engine's reason, the others are answered, and --revise asks that one question only.

    Answers are taken over only from evidence that is as it was sealed.
    """
    runs, folder = hungry_runs, write_logs(tmp_path)
    little = {"memory_limit": "48MB", "max_temp_directory_size": "0KB", "threads": "1"}
    assert runs(Request(str(folder), list(ARGUMENTS), engine=little)) == Said(11, "")
    ledger = ledger_of(folder)
    assert ledger is not None
    assert {name: entry.outcome for name, entry in ledger.queries.items()} == {
        name: Outcome.FAILED if name == _LARGE else None for name in _QUESTIONS
    }
    assert "memory" in ledger.queries[_LARGE].message.lower()
    before = evidence_of(folder)

    assert runs(Request(str(folder), list(ARGUMENTS))) == Said(11, "")
    steps = folder / "steps.txt"
    assert runs(Request(str(folder), [*ARGUMENTS, "--revise"], steps=str(steps))) == Said(0, "")
    asked = [step for step in _steps(folder) if step.startswith("ask identity.")]
    assert asked == [f"ask {_LARGE}@1"]
    assert evidence_of(folder) == before
    revised = _answers(folder, "r2")

    shutil.rmtree(folder / PERIOD / "r2")
    with (folder / PERIOD / "r1" / "evidence" / "results" / "identity.key_age.csv").open("a") as rows:
        rows.write("one more\n")
    steps.unlink()
    assert runs(Request(str(folder), [*ARGUMENTS, "--revise"], steps=str(steps))) == Said(0, "")
    assert {f"ask {name}@1" for name in _QUESTIONS} <= set(_steps(folder))
    assert _answers(folder, "r2") == revised

    shutil.rmtree(folder / "out")
    assert runs(Request(str(folder), list(ARGUMENTS))) == Said(0, "")
    assert _answers(folder, "r1") == revised


def test_a_clock_that_is_set_back_confuses_nothing(runs: Runs, undisturbed: Path, folder: Path) -> None:
    """Attempts stay in their order, nothing takes less than no time, and the seal's time is that of the manifest."""
    last = list(pairwise(_steps(undisturbed)))[-20]
    log = str(folder / "steps.txt")
    assert runs(Request(str(folder), list(ARGUMENTS), steps=log, targets=[last])).code < 0
    earlier = ledger_of(folder)
    assert earlier is not None
    assert runs(Request(str(folder), list(ARGUMENTS), clock=7_200)) == Said(0, "")
    ledger = ledger_of(folder)
    assert ledger is not None
    assert ledger.attempts[0] == earlier.attempts[0]
    assert ledger.attempts[1].started < ledger.attempts[0].started
    assert ledger.attempts[1].ended is not None
    assert ledger.attempts[1].ended > ledger.attempts[1].started
    assert min(entry.seconds for entry in ledger.queries.values()) >= 0
    manifest = folder / PERIOD / "r1" / "evidence" / "manifest-sha256.txt"
    assert ledger.sealed_at is not None
    assert ledger.sealed_at.timestamp() == pytest.approx(manifest.stat().st_mtime, abs=0.001)
    assert evidence_of(folder) == evidence_of(undisturbed)
    assert runs(Request(str(folder), list(ARGUMENTS), clock=1_000_000)) == Said(0, "")
    assert ledger_of(folder) == ledger


def _files_csv(folder: Path, revision: str) -> dict[str, dict[str, str]]:
    path = folder / PERIOD / revision / "evidence" / "files.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["log_file"]: row for row in csv.DictReader(file)}


def test_logs_that_change_while_they_are_read_are_told(runs: Runs, folder: Path) -> None:
    """A file that grows, is cut, replaced or removed once it was listed is not read, and says so, until the next run.

    Every hash in the list of files is that of the bytes that were read.
    """
    keys = {name: key_of(DAYS[0], f"changed-{name}") for name in ("grown", "cut", "replaced", "removed")}
    whole = gzip.compress(text_of(record(900)), mtime=0)
    later = {"grown": whole + whole, "cut": whole[:-20], "replaced": gzip.compress(text_of(record(901)), mtime=0)}
    changes = {}
    for name, key in keys.items():
        (folder / "logs" / key).write_bytes(whole)
        os.utime(folder / "logs" / key, (0, 0))
        changes[str(folder / "logs" / key)] = str(folder / name) if name in later else ""
    for name, data in later.items():
        (folder / name).write_bytes(data)

    assert runs(Request(str(folder), list(ARGUMENTS), changes=changes)) == Said(11, "")
    files = _files_csv(folder, "r1")
    assert {key: (files[key]["state"], files[key]["sha256"], files[key]["records"]) for key in keys.values()} == (
        dict.fromkeys(keys.values(), ("changed", "", "0"))
    )
    unchanged = {key: row["sha256"] for key, row in files.items() if row["state"] == "read"}
    assert len(unchanged) == 2 * len(DAYS)
    assert unchanged == {key: sha256_file(folder / "logs" / key) for key in unchanged}

    assert runs(Request(str(folder), [*ARGUMENTS, "--revise"])) == Said(11, "")
    again = _files_csv(folder, "r2")
    states = {name: again[key]["state"] for name, key in keys.items() if key in again}
    assert states == {"grown": "gzip_followed", "cut": "gzip_cut", "replaced": "read"}
    assert all(row["sha256"] == sha256_file(folder / "logs" / key) for key, row in again.items())
