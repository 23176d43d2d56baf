"""What runs on Athena remember between attempts, and when they stop."""

from pathlib import Path

import pytest

from comprova.engines.athena.journal import Finished, State
from comprova.errors import ComprovaError
from comprova.evidence.layout import RunLayout
from comprova.jobs.athena_memory import FileNotes, RunMemory
from comprova.jobs.revisions import newest_revision

FINISHED = Finished("load: 2026-10-01", "id", State.SUCCEEDED, 5, 1, 2, "Athena engine version 3")


def sealed(folder: Path, revision: str) -> Path:
    """Make a revision whose evidence is sealed, and return its folder."""
    manifest = folder / revision / "evidence" / "manifest-sha256.txt"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("")
    return folder / revision


def test_notes_are_there_for_the_next_attempt(tmp_path: Path) -> None:
    """On disk before the call returns: whoever is killed right after it finds them again."""
    notes = FileNotes(tmp_path / "notes.json")
    notes.note("a", "1")
    notes.note("b", "2")
    notes.note("a", "3")
    notes.forget("b")
    notes.forget("never noted")
    again = FileNotes(tmp_path / "notes.json")
    assert (again.recall("a"), again.recall("b")) == ("3", None)


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}'])
def test_a_file_of_other_things_is_told(tmp_path: Path, text: str) -> None:
    """It may be all that is known of executions that cost money, so it is not replaced in silence."""
    (tmp_path / "notes.json").write_text(text)
    with pytest.raises(ComprovaError, match=r"notes\.json.*notes of a run on Athena"):
        FileNotes(tmp_path / "notes.json")


def test_attempts_of_a_run_share_a_scope(tmp_path: Path) -> None:
    """It is what lets a restart find its own executions, and no other run's."""
    scope = RunMemory(tmp_path / "a").scope
    assert RunMemory(tmp_path / "a").scope == scope
    assert RunMemory(tmp_path / "b").scope != scope


def test_a_sealed_revision_keeps_what_was_remembered(tmp_path: Path) -> None:
    """Executions and cost go with the evidence that they made; the next run begins anew."""
    memory = RunMemory(tmp_path)
    memory.journal.finished(FINISHED)
    scope = memory.scope
    run = sealed(tmp_path, "r1")
    memory.serves(newest_layout(tmp_path))
    memory.leave()
    assert (run / "athena" / "executions.jsonl").is_file()
    later = RunMemory(tmp_path)
    assert later.scope != scope
    assert later.journal.executions == ()


def test_an_open_revision_goes_on_with_what_was_remembered(tmp_path: Path) -> None:
    """Nothing moves before the seal: a restart pays for nothing twice."""
    memory = RunMemory(tmp_path)
    memory.journal.finished(FINISHED)
    scope = memory.scope
    (tmp_path / "r1").mkdir()
    memory.serves(newest_layout(tmp_path))
    memory.leave()
    again = RunMemory(tmp_path)
    assert (again.scope, again.journal.executions) == (scope, (FINISHED,))


def test_a_run_that_was_killed_after_it_sealed_is_settled_by_the_next(tmp_path: Path) -> None:
    """What it spent is not counted to the revision that comes after."""
    memory = RunMemory(tmp_path)
    memory.journal.finished(FINISHED)
    run = sealed(tmp_path, "r1")
    memory.serves(newest_layout(tmp_path))
    assert RunMemory(tmp_path).journal.executions == ()
    assert (run / "athena" / "notes.json").is_file()


def test_a_run_that_began_nothing_leaves_nothing(tmp_path: Path) -> None:
    """A run that finds everything done leaves the folder as it was."""
    memory = RunMemory(tmp_path)
    assert memory.scope
    memory.leave()
    assert list(tmp_path.iterdir()) == []


def newest_layout(folder: Path) -> RunLayout:
    """Return where the newest revision lies."""
    revision = newest_revision(folder)
    assert revision is not None
    return revision.layout
