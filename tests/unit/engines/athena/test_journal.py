"""The journal in a file remembers across kills."""

from pathlib import Path

import pytest

from comprova.engines.athena.journal import FileJournal, Finished, State
from comprova.errors import ComprovaError

FIRST = Finished("asked@1", "id-1", State.SUCCEEDED, 10, 7, 3, "Athena engine version 3")
SECOND = Finished("asked@2", "id-2", State.FAILED, 20, 9, None, "")


def test_everything_is_read_back(tmp_path: Path) -> None:
    """Tokens, ends and what was scanned are there for the next attempt, each execution once."""
    path = tmp_path / "executions.jsonl"
    journal = FileJournal(path)
    journal.started("token 1", "id-1")
    journal.finished(FIRST)
    journal.finished(SECOND)
    journal.finished(FIRST)
    for seen in (journal, FileJournal(path)):
        assert (seen.known("token 1"), seen.known("token 2")) == ("id-1", None)
        assert seen.executions == (FIRST, SECOND)
        assert seen.scanned() == {"id-1": 10, "id-2": 20}


def test_what_was_learned_later_counts(tmp_path: Path) -> None:
    """AWS may tell the number of rows only when it is asked again."""
    journal = FileJournal(tmp_path / "executions.jsonl")
    later = Finished("asked@2", "id-2", State.FAILED, 21, 9, 5, "")
    journal.finished(SECOND)
    journal.finished(later)
    assert FileJournal(tmp_path / "executions.jsonl").executions == (later,)


def test_a_line_that_a_kill_cut_is_cut_off(tmp_path: Path) -> None:
    """Whole lines count, and the next entry begins a line of its own."""
    path = tmp_path / "executions.jsonl"
    FileJournal(path).started("token 1", "id-1")
    with path.open("ab") as file:
        file.write(b'{"started":{"token":"tok')
    journal = FileJournal(path)
    journal.started("token 2", "id-2")
    again = FileJournal(path)
    assert (again.known("token 1"), again.known("token 2")) == ("id-1", "id-2")


@pytest.mark.parametrize(
    "line", ["no JSON", "[]", '{"other":1}', '{"started":{"token":"t"}}', '{"finished":{"name":"n"}}']
)
def test_another_file_is_not_taken_for_a_journal(tmp_path: Path, line: str) -> None:
    """A file that was damaged is told by line, not skipped."""
    path = tmp_path / "executions.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(ComprovaError, match=r"executions.jsonl:1.*Move it away"):
        FileJournal(path)
