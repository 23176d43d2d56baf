"""`comprova queries test`: what a case file expects beside what its query returns."""

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from case_bench import CASES
from comprova.cli.app import app
from comprova.errors import ComprovaError

QUERY = "identity.root_activity"
CASE = Path("identity") / "root_activity.toml"


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of a case file, in a project in the current folder."""
    path = tmp_path / "tests" / "cases" / CASE
    path.parent.mkdir(parents=True)
    path.write_bytes((CASES / CASE).read_bytes())
    (tmp_path / "jobs").mkdir()
    monkeypatch.chdir(tmp_path)
    return path


def answered(*arguments: str) -> Result:
    """Run the command; faults are raised."""
    return CliRunner().invoke(app, ["queries", "test", *arguments], catch_exceptions=False)


def altered(case: Path, old: str, new: str) -> None:
    """Replace a text after the first `[[row]]`, once."""
    head, row, rows = case.read_text(encoding="utf-8").partition("[[row]]")
    assert old in rows
    case.write_text(head + row + rows.replace(old, new, 1), encoding="utf-8")


def test_rows_as_expected(case: Path) -> None:
    """Every row is told, and the exit code is 0."""
    rows = len(tomllib.loads(case.read_text(encoding="utf-8"))["row"])
    done = answered(QUERY)
    assert done.exit_code == 0
    assert f"{QUERY}@1: {rows} rows expected, {rows} found" in done.stdout
    assert done.stdout.count("as expected") == rows
    assert answered().stdout == done.stdout


def test_rows_that_differ_are_told_with_both_values(case: Path) -> None:
    """A value that is not the expected one, a row too few and one too many: exit code 2."""
    altered(case, 'event_name = "', 'event_name = "Other')
    done = answered(QUERY)
    assert done.exit_code == 2
    assert "row 1: differs" in done.stdout
    assert "event_name: expected 'Other" in done.stdout
    text = case.read_text(encoding="utf-8")
    case.write_text(text[: text.rindex("[[row]]")], encoding="utf-8")
    assert "found, not expected" in answered(QUERY).stdout
    case.write_text(text + "\n" + text[text.rindex("[[row]]") :], encoding="utf-8")
    assert "expected, not found" in answered(QUERY).stdout


def test_rows_can_be_printed_as_a_case_file_has_them(case: Path) -> None:
    """With --toml they are tables, under the account of the file, with the values that the query returns."""
    text = case.read_text(encoding="utf-8")
    printed = tomllib.loads(answered(QUERY, "--toml").stdout)["row"]
    assert printed == tomllib.loads(text)["row"]


def test_a_case_file_that_proves_little_is_refused(case: Path) -> None:
    """Without a near miss it does not show where the question ends."""
    text = case.read_text(encoding="utf-8")
    case.write_text(text.replace('role = "near-miss"', 'role = "context"'), encoding="utf-8")
    with pytest.raises(ComprovaError, match="expected a record of the role near-miss, found none"):
        answered(QUERY)


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"\xff", "a readable UTF-8 file"), (b"query = 1", "query"), (None, "case files, <pack>/<name>.toml")],
)
def test_what_is_no_case_file_is_told(case: Path, data: bytes | None, said: str) -> None:
    """The message names the file, or says that there is none."""
    case.write_bytes(data) if data is not None else case.unlink()
    with pytest.raises(ComprovaError, match=said):
        answered()
    if data is None:
        with pytest.raises(ComprovaError, match=r"root_activity\.toml: expected a case file"):
            answered(QUERY)
