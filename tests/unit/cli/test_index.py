"""`comprova index`, and the overview after a run."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from comprova.cli.app import app
from comprova.cli.index import remake_index
from evidence_factory import make_evidence


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Give an output folder with one run."""
    make_evidence(tmp_path / "out" / "monthly" / "2026-10" / "r1" / "evidence")
    return tmp_path / "out"


def test_the_command_names_the_pages_it_wrote(out: Path) -> None:
    """One line for each page, all of them there."""
    done = CliRunner().invoke(app, ["index", str(out)])
    assert done.exit_code == 0
    pages = [Path(line) for line in done.stdout.splitlines()]
    assert pages[0] == out / "index.html"
    assert all(page.is_file() for page in pages)


def test_a_run_tells_where_all_runs_are(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After a run the overview is there, and where is said, unless a machine reads what the run says."""
    remake_index(out, quiet=True)
    assert capsys.readouterr().out == ""
    remake_index(out)
    assert capsys.readouterr().out == f"All runs: {out / 'index.html'}\n"


def test_a_run_does_not_fail_for_its_overview(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the page cannot be written the run says so, with what to do, and goes on to its own end."""
    (out / "index.html").write_text("mine", encoding="utf-8")
    remake_index(out)
    assert "was not written" in capsys.readouterr().err
    (out / "index.html").unlink()
    (out / "index.html").mkdir()
    remake_index(out)
    assert "was not written" in capsys.readouterr().err
