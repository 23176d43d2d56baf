"""No terminal takes what strangers wrote for a command."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from comprova.cli import app
from comprova.cli.terminal import on_lines, on_one_line
from comprova.errors import ComprovaError, ExitCode, Problem
from evidence_factory import make_evidence

HOSTILE = "\x1b[2A\x1b[2Kok    all\r\u202ex\x9b0m\x1b]0;t\x07"


def test_names_of_files_are_shown_by_their_codes(tmp_path: Path) -> None:
    """A file in foreign evidence whose name moves the cursor, or is no text, cannot hide what is said of it."""
    make_evidence(tmp_path)
    (tmp_path / f"{HOSTILE}.csv").write_text("x")
    (tmp_path / os.fsdecode(b"\xff\n.csv")).write_text("x")
    result = CliRunner().invoke(app.app, ["verify", str(tmp_path)])
    assert result.exit_code == ExitCode.VERIFICATION
    assert [char for char in result.output if not char.isprintable() and char != "\n"] == []
    assert "\\u{1B}[2A" in result.output
    assert "\\u{DCFF}\\u{A}" in result.output


def test_messages_are_shown_so_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A fault that quotes a name tells it by its codes."""

    def fail() -> None:
        raise ComprovaError(Problem(HOSTILE, "a record", "none"))

    monkeypatch.setattr(app, "app", fail)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit):
        app.main()
    assert capsys.readouterr().err.startswith("comprova: \\u{1B}[2A\\u{1B}[2Kok    all\\u{D}\\u{202E}x")


@given(st.text())
def test_only_ends_of_lines_and_tabs_stay(text: str) -> None:
    """Whatever is not printed is a code; what is printed stays."""
    lines = on_lines(text)
    assert not [char for char in lines if not char.isprintable() and char not in "\n\t\u00a0\u202f"]
    assert on_one_line(text) == lines.replace("\n", "\\u{A}").replace("\t", "\\u{9}")
