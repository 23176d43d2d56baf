"""A run that is stopped goes on, and two runs of one job and period do not meet."""

import fcntl
import json
import shutil
from pathlib import Path

import pytest

from comprova.sample import generate
from installed import Installed
from monthly_project import JOB, write_monthly

ARGUMENTS = ("run", JOB, "--period", "2026-10", "--logs", "logs", "--frameworks", "lgpd", "--languages", "en")
RUN = Path(f"out/{JOB}/2026-10/r1")


@pytest.fixture(scope="module")
def finished(comprova: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the monthly job once on a generated month, for the screen, and return the folder it ran in."""
    folder = tmp_path_factory.mktemp("monthly")
    write_monthly(folder)
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
    comprova(*ARGUMENTS, "--evidence-only", cwd=copied)
    assert kept.stat().st_mtime_ns == before
    assert lost.is_file()
    assert (copied / RUN / "evidence" / "manifest-sha256.txt").read_bytes() == seal
    assert len(json.loads((copied / RUN / "run.json").read_text())["attempts"]) == 2


def state_of(folder: Path) -> dict[Path, tuple[int, int, int]]:
    """Return size, time of last modification and inode of everything below a folder."""
    states = {path: path.lstat() for path in folder.rglob("*")}
    return {path: (state.st_size, state.st_mtime_ns, state.st_ino) for path, state in states.items()}


@pytest.mark.parametrize(
    "arguments",
    [ARGUMENTS, (*ARGUMENTS, "--revise"), ("render", str(RUN)), ("render", str(RUN), "--languages", "pt_BR")],
    ids=["run", "revise", "render", "render another language"],
)
def test_a_second_run_at_once_is_told(comprova: Installed, copied: Path, arguments: tuple[str, ...]) -> None:
    """While another process holds the job and period, a run or a rendering exits with 13 and touches nothing."""
    before = state_of(copied / "out")
    with (copied / RUN.parent / ".lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = comprova(*arguments, cwd=copied, code=13).stderr
    assert "no other run of this job and period" in said
    assert state_of(copied / "out") == before


def test_a_second_demo_at_once_is_told(comprova: Installed, tmp_path: Path) -> None:
    """A demo leaves alone the logs that another one is just writing."""
    half = tmp_path / "out" / "demo-logs-7" / "half.json.gz"
    for path in (half, tmp_path / "out" / "demo" / ".lock"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    before = state_of(tmp_path)
    with (tmp_path / "out" / "demo" / ".lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        comprova("demo", cwd=tmp_path, code=13)
    assert state_of(tmp_path) == before


def test_changed_logs_need_a_decision(comprova: Installed, copied: Path) -> None:
    """Sealed evidence of other logs is left alone; --revise makes a second revision beside it."""
    log = next((copied / "logs").rglob("*_20261005T*.json.gz"))
    log.unlink()
    assert "found other logs" in comprova(*ARGUMENTS, cwd=copied, code=2).stderr
    seal = (copied / RUN / "evidence" / "manifest-sha256.txt").read_bytes()
    comprova(*ARGUMENTS, "--revise", cwd=copied)
    assert (copied / RUN / "evidence" / "manifest-sha256.txt").read_bytes() == seal
    assert (copied / RUN.parent / "r2" / "documents" / "manifest-sha256.txt").is_file()


def test_a_query_that_is_refused_leaves_nothing_beside_sealed_evidence(comprova: Installed, copied: Path) -> None:
    """Values too long for a statement are told before a revision is begun, so that taking them back is all it takes."""
    job, (_, _, *options) = write_monthly(copied, id_="acme.mine"), ARGUMENTS
    text = job.read_text(encoding="utf-8")
    comprova("run", "acme.mine", *options, "--evidence-only", cwd=copied)
    buckets = ", ".join(f'"bucket-{number:060}"' for number in range(5_000))
    job.write_text(f"{text}sensitive_buckets = [{buckets}]\n", encoding="utf-8")
    said = comprova("run", "acme.mine", *options, "--revise", cwd=copied, code=2).stderr
    assert "a statement of at most 262,144 bytes" in said
    assert (copied / "out/acme.mine/2026-10/r1").exists()
    assert not (copied / "out/acme.mine/2026-10/r2").exists()


def test_a_file_that_cannot_be_read_is_told_everywhere(comprova: Installed, copied: Path) -> None:
    """A cut log file makes the run incomplete and absence inconclusive, and is listed with its reason."""
    log = next((copied / "logs").rglob("*_20261006T*.json.gz"))
    log.write_bytes(log.read_bytes()[:-20])
    said = json.loads(comprova(*ARGUMENTS, "--revise", "--evidence-only", "--json", cwd=copied, code=11).stdout)
    evidence = copied / RUN.parent / "r2" / "evidence"
    assert f'{log.name}","gzip_cut"' in (evidence / "files.csv").read_text()
    assert "no-exceptions" not in said["outcomes"]
    assert "nothing-recorded" not in said["outcomes"]


def test_a_run_killed_right_after_it_sealed_names_its_seal(comprova: Installed, copied: Path) -> None:
    """The ledger gets the seal from the command that goes on, and nothing sealed changes."""
    run = copied / RUN
    before = json.loads((run / "run.json").read_text())
    after_seal = before | {"status": "open", "seal": "", "sealed_at": None}
    (run / "run.json").write_text(json.dumps(after_seal))
    (run / "work").mkdir()
    comprova(*ARGUMENTS, cwd=copied)
    ledger = json.loads((run / "run.json").read_text())
    assert (ledger["status"], ledger["seal"]) == ("rendered", before["seal"])
    assert ledger["sealed_at"] is not None
    assert not (run / "work").exists()


def test_what_an_interrupted_run_left_is_not_sealed(comprova: Installed, copied: Path) -> None:
    """Half files and rows of a query that was not finished are no evidence."""
    run = copied / RUN
    seal = (run / "evidence" / "manifest-sha256.txt").read_bytes()
    unseal(run)
    (run / "evidence" / "results" / ".x.parquet.part").write_bytes(b"half")
    (run / "evidence" / "results" / "pack.unknown.csv").write_bytes(b"row")
    comprova(*ARGUMENTS, "--evidence-only", cwd=copied)
    assert (run / "evidence" / "manifest-sha256.txt").read_bytes() == seal


def test_a_changed_seal_is_refused(comprova: Installed, copied: Path) -> None:
    """A manifest other than the one that the ledger names is told, and neither is rendered from nor mended."""
    with (copied / RUN / "evidence" / "manifest-sha256.txt").open("a") as manifest:
        manifest.write("\n")
    assert "the SHA-256 that run.json names" in comprova(*ARGUMENTS, cwd=copied, code=12).stderr


def test_changed_evidence_is_not_rendered(comprova: Installed, copied: Path) -> None:
    """A document would give a changed row the look of a sealed one."""
    with next((copied / RUN / "evidence" / "results").glob("*.csv")).open("a") as rows:
        rows.write("one more\n")
    assert "expected evidence as it was sealed" in comprova("render", str(RUN), cwd=copied, code=12).stderr


def test_documents_of_any_selection_live_together(comprova: Installed, copied: Path) -> None:
    """Another language is rendered beside the first; the run that made the first has nothing to do after it."""
    documents = copied / RUN / "documents"
    before = {path.name: path.read_bytes() for path in documents.glob("*.html")}
    comprova("render", str(RUN), "--languages", "pt_BR", cwd=copied)
    assert {name: (documents / name).read_bytes() for name in before} == before
    assert "Nothing to do" in comprova(*ARGUMENTS, cwd=copied).stdout
    assert "FAULT" not in comprova("verify", str(RUN), cwd=copied).stdout


def test_a_changed_document_is_rendered_again(comprova: Installed, copied: Path) -> None:
    """Documents are pure functions of the evidence: what somebody changed comes back as it was."""
    document = next((copied / RUN / "documents").glob("*.html"))
    before = document.read_bytes()
    document.write_bytes(b"no exceptions at all")
    comprova(*ARGUMENTS, cwd=copied)
    assert document.read_bytes() == before


def test_a_folder_of_other_things_gets_no_documents(comprova: Installed, copied: Path) -> None:
    """Rendering seals its folder, and must not put its name to what others wrote."""
    (copied / "mine").mkdir()
    (copied / "mine" / "note.txt").write_text("x")
    said = comprova("render", str(RUN), "--out", "mine", cwd=copied, code=2).stderr
    assert "an empty folder, or documents of this evidence" in said
