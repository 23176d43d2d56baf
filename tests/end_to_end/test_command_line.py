"""The command line, as a user of the installed package meets it."""

import json
import re
from pathlib import Path

import pytest

from installed import Installed


def test_the_wheel_is_what_runs(comprova: Installed, tmp_path: Path) -> None:
    """The installed package brings its own content, and nothing of the checkout is on its path."""
    assert (comprova.site / "comprova" / "_content" / "queries" / "activity.sql").is_file()
    said = comprova("doctor", "--out", str(tmp_path), cwd=tmp_path).stdout
    assert [line for line in said.splitlines() if not line.startswith("ok ")] == []
    assert re.search(r"ok +content: \d+ queries, 4 frameworks", said)


def test_help_names_every_command(comprova: Installed, tmp_path: Path) -> None:
    """`--help` shows every command family."""
    said = comprova("--help", cwd=tmp_path).stdout
    families = ("queries", "frameworks", "athena", "doctor", "review")
    commands = ("demo", "init", "plan", "run", "render", "index", "verify", "accept", *families)
    missing = [name for name in commands if not re.search(rf"^ +{name} ", said, re.MULTILINE)]
    assert missing == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("init", "acme", "--prefix", "Acme & Co"), "a prefix of at most 32 small letters"),
        (("init", "acme", "--language", "en,pt-BR"), "the name of a language"),
        (("init", "acme", "--language", "es"), "languages that have a catalogue (en, pt_BR)"),
        (("run", "no-such-job"), "a TOML file, or one of"),
        (("run", "monthly", "--period", "2026-13", "--logs", "."), "a month (2026-10)"),
        (("run", "monthly", "--period", "2026-10", "--logs", "no-such-folder"), "a folder of CloudTrail files"),
        (("run", "monthly", "--period", "2026-10", "--logs", ".", "--frameworks", "iso"), "gdpr@2016"),
        (("run", "monthly", "--logs", ".", "--frameworks", ","), "one name or more"),
        (("run", "monthly", "--logs", ".", "--languages", "en,en"), "each once"),
        (("run", "monthly", "--period", "2026-10", "--logs", "."), "not inside that of the logs"),
        (("verify", "."), "manifest-sha256.txt"),
        (("render", "."), "a sealed evidence folder"),
        (("run", "monthly", "--logs", "logs", "--max-scan", "1 GB"), "an Athena source"),
        (("athena", "setup", "monthly"), "source.kind: expected 'athena', found 'folder'"),
        (("queries", "show", "nothing.here"), "the id of a query"),
        (("frameworks", "show", "lgpd", "Art. 999"), "an id of lgpd-2018"),
    ],
)
def test_every_mistake_has_an_answer(
    comprova: Installed, tmp_path: Path, arguments: tuple[str, ...], expected: str
) -> None:
    """A wrong word ends with code 2 and a message that says what was expected."""
    assert expected in comprova(*arguments, cwd=tmp_path, code=2).stderr


def test_a_folder_without_logs_claims_nothing(comprova: Installed, tmp_path: Path) -> None:
    """No logs make every outcome inconclusive, and the run incomplete."""
    (tmp_path / "logs").mkdir()
    arguments = ("run", "monthly", "--period", "2026-10", "--logs", "logs", "--frameworks", "lgpd", "--evidence-only")
    said = json.loads(comprova(*arguments, "--json", cwd=tmp_path, code=11).stdout)
    assert set(said["outcomes"]) == {"inconclusive"}


def test_the_lists_agree_with_each_other(comprova: Installed, tmp_path: Path) -> None:
    """The coverage of frameworks counts what their list shows."""
    coverage = json.loads(comprova("frameworks", "coverage", "--json", cwd=tmp_path).stdout)["editions"]
    listed = json.loads(comprova("frameworks", "list", "--json", cwd=tmp_path).stdout)
    levels = ("full", "partial", "supporting", "none")
    assert {item["key"]: item["requirements"] for item in listed} == {
        key: sum(counts[level] for level in levels) for key, counts in coverage.items()
    }
