"""`comprova render`: which documents it makes of sealed evidence."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comprova.cli.app import app
from comprova.content import builtin_root
from comprova.errors import ComprovaError
from evidence_factory import make_evidence


def rendered(folder: Path, framework: str) -> list[str]:
    """Render the covers of an edition as it is named, and return the names of the files."""
    evidence = make_evidence(folder / "evidence").root
    report = folder / "short.toml"
    text = (builtin_root().folder("reports") / "monthly.toml").read_text(encoding="utf-8")
    text = re.sub(r"section = \[.*?\]", 'section = ["cover"]', text, count=1, flags=re.DOTALL)
    report.write_text(re.sub(r"formats\s*=.*", 'formats = ["html"]', text.replace('"monthly"', '"short"')))
    arguments = ["render", str(evidence), "--frameworks", framework, "--languages", "en"]
    done = CliRunner().invoke(app, [*arguments, "--report", str(report), "--out", str(folder / "made")])
    if isinstance(done.exception, ComprovaError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return sorted(path.name for path in (folder / "made").glob("*.html"))


@pytest.mark.parametrize("framework", ["acts", "acts-2026", "acts@2026"])
def test_an_edition_is_named_as_for_a_run(tmp_path: Path, framework: str) -> None:
    """By its id, its key, or its id with the edition."""
    assert rendered(tmp_path, framework) == ["2026-10_acts-2026_en.html"]


def test_an_edition_that_the_run_did_not_assess_is_refused(tmp_path: Path) -> None:
    """The message names those that it did."""
    with pytest.raises(ComprovaError, match=r"expected frameworks of this evidence \(acts-2026\), found acts@2025"):
        rendered(tmp_path, "acts@2025")
