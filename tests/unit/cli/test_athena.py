"""The command line about a job on Athena: what it prints, what a machine reads, and with which code it ends."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner, Result

from athena_jobs import (
    ACCOUNT,
    REGION,
    STORE,
    TRAIL,
    TakingSession,
    athena_content,
    aws_account,
    make_bucket,
    make_table,
)
from comprova.cli import content
from comprova.cli.app import app
from comprova.errors import ComprovaError
from comprova.jobs import athena_statements
from content_builder import BUILTIN, JOB, write_root


@pytest.fixture(autouse=True)
def _content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give small content with a job on Athena and one over a folder, and an empty account."""
    folder_job = BUILTIN[JOB].replace('id = "monthly"', 'id = "folder"')
    root = write_root(tmp_path / "content", {**athena_content(), "jobs/folder.toml": folder_job})
    monkeypatch.setattr(content, "roots", lambda: (root,))
    monkeypatch.chdir(tmp_path)
    with aws_account(tmp_path):
        yield


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> TakingSession:
    """Give a session that takes every statement, in place of Athena's."""
    session = TakingSession()

    @contextmanager
    def sessions(_place: object) -> Iterator[Any]:
        yield session

    monkeypatch.setattr(athena_statements, "passing_session", sessions)
    return session


def comprova(*arguments: str, code: int = 0) -> Result:
    """Run a command that must end with a code."""
    result = CliRunner().invoke(app, [*arguments], catch_exceptions=True)
    assert result.exit_code == code, (result.output, result.exception)
    return result


def refused(*arguments: str) -> str:
    """Return the message with which a command is refused."""
    error = CliRunner().invoke(app, [*arguments]).exception
    assert isinstance(error, ComprovaError), error
    return str(error)


def lines(result: Result, *beginnings: str) -> Sequence[str]:
    """Return the lines that begin with one of some words."""
    return [line for line in result.output.splitlines() if line.startswith(beginnings)]


def test_ddl_is_printed_and_can_be_pasted() -> None:
    """Comments say what the workgroup is; the rest are statements with semicolons."""
    printed = comprova("athena", "ddl", "monthly").output
    statements = "".join(line for line in printed.splitlines(keepends=True) if not line.startswith("--"))
    made = [statement.strip() for statement in statements.split(";") if statement.strip()]
    assert [statement.split("(")[0].strip() for statement in made] == [
        "CREATE DATABASE IF NOT EXISTS comprova",
        "CREATE EXTERNAL TABLE IF NOT EXISTS comprova.cloudtrail_logs",
    ]
    assert f"-- Workgroup comprova, in {REGION}:" in printed
    said = json.loads(comprova("athena", "ddl", "monthly", "--json").output)
    assert said["statements"] == made
    assert said["workgroup"]["Configuration"]["EnforceWorkGroupConfiguration"] is True


def test_the_policy_is_printed_with_its_reasons() -> None:
    """JSON on its own, or a line for each statement."""
    document = json.loads(comprova("athena", "iam", "monthly", "--account", ACCOUNT).output)
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert "ReadLogsThroughAthena" in sids
    assert "MakeRawTable" not in sids
    reasons = comprova("athena", "iam", "monthly", "--account", ACCOUNT, "--setup", "--reasons").output
    assert [line.split(":")[0] for line in reasons.splitlines()] == [*sids, "MakeWorkgroup", "MakeRawTable"]
    assert "--account" in refused("athena", "iam", "monthly")


def test_setup_says_what_it_did(ran: TakingSession) -> None:
    """What it would do, what it did, and that all is there."""
    would = comprova("athena", "setup", "monthly", "--dry-run")
    assert would.output.splitlines() == [
        "workgroup comprova: would be created",
        "database comprova: would be created",
        "table comprova.cloudtrail_logs: would be created",
    ]
    assert ran.ran == []
    done = comprova("athena", "setup", "monthly")
    assert done.output == would.output.replace("would be ", "")
    assert [sql.split("(")[0].strip() for sql in ran.ran] == [
        "CREATE DATABASE IF NOT EXISTS comprova",
        "CREATE EXTERNAL TABLE IF NOT EXISTS comprova.cloudtrail_logs",
    ]
    make_table()
    assert {line.rpartition(": ")[2] for line in comprova("athena", "setup", "monthly").output.splitlines()} == {
        "there"
    }


def test_setup_ends_with_code_2_where_something_differs(ran: TakingSession) -> None:
    """It tells the difference and how to change it; a machine reads the same."""
    comprova("athena", "setup", "monthly")
    make_table(Parameters={})
    said = comprova("athena", "setup", "monthly", code=2).output
    assert "table comprova.cloudtrail_logs: differs" in said
    assert "  projection.enabled: expected true, found none" in said
    assert said.endswith("--update changes it.\n")
    parts = json.loads(comprova("athena", "setup", "monthly", "--json", code=2).output)["parts"]
    assert [part["standing"] for part in parts] == ["there", "there", "differs"]
    ran.ran.clear()
    would = comprova("athena", "setup", "monthly", "--update", "--dry-run").output
    assert "table comprova.cloudtrail_logs: would be updated" in would
    assert ran.ran == []


def test_a_job_over_a_folder_has_nothing_to_set_up() -> None:
    """Each command of the family says so."""
    for command in ("ddl", "setup", "iam"):
        assert "source.kind: expected 'athena', found 'folder'" in refused("athena", command, "folder")


def test_doctor_tells_line_by_line(ran: TakingSession) -> None:
    """Ok, not or unknown, what was tried and what to do; code 2 if anything does not work."""
    make_bucket(STORE)
    make_bucket(TRAIL)
    said = comprova("doctor", "monthly", "--period", "2026-10", code=2)
    assert lines(said, "ok      credentials: account 123456789012")
    assert lines(said, "not     workgroup comprova: it is not there")
    assert lines(said, "        Run `comprova athena setup JOB`.")
    assert lines(said, "unknown loading: there is no raw table")
    comprova("athena", "setup", "monthly")
    make_table()
    ran.ran.clear()
    found = json.loads(comprova("doctor", "monthly", "--period", "2026-10", "--json", code=2).output)
    assert {one["name"] for one in found if one["verdict"] == "not"} == {f"account {ACCOUNT}", "account 444455556666"}
    assert any(sql.startswith("EXPLAIN") for sql in ran.ran)


def test_doctor_without_a_job_looks_at_the_machine() -> None:
    """And of a job over a folder, at the folder."""
    assert not lines(comprova("doctor"), "not", "unknown")
    assert lines(comprova("doctor", "folder", code=2), "not     logs: folder logs")


def test_plan_prices_the_run() -> None:
    """Bytes to load, statements, requests and the price, before anything runs."""
    make_bucket(STORE)
    make_bucket(TRAIL)
    key = f"audit/AWSLogs/o-a1b2c3d4e5/{ACCOUNT}/CloudTrail/{REGION}/2026/10/01/a_CloudTrail_x_20261001T0000Z_a.json.gz"
    boto3.client("s3", region_name=REGION).put_object(Bucket=TRAIL, Key=key, Body=b"x" * 1000)
    said = comprova("plan", "monthly", "--period", "2026-10", "--max-scan", "1 kB").output
    assert "To load: 1 log files of 1 delivery dates, 1 kB; 0 dates are loaded" in said
    assert "  load: 1 statements, 1 kB scanned" in said
    assert "Requests for log files: 8 LIST, 1 GET, USD 0.0000" in said
    assert "Together: about USD 0.00" in said
    assert "That is more than 1 kB, which the run may scan" in said
    scan = json.loads(comprova("plan", "monthly", "--period", "2026-10", "--json").output)["scan"]
    assert (scan["bytes_to_load"], scan["max_scan"]) == (1000, None)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--max-scan", "much"), "a size such as 500 GB"),
        (("--max-scan", "5"), "a size such as 500 GB"),
    ],
)
def test_a_size_that_is_none_is_refused(arguments: Sequence[str], expected: str) -> None:
    """With what a size looks like."""
    assert expected in " ".join(comprova("run", "monthly", *arguments, code=2).output.split())


def test_a_folder_costs_nothing_to_scan(tmp_path: Path) -> None:
    """A limit on what is free would promise something that nobody keeps."""
    said = refused("run", "monthly", "--logs", str(tmp_path / "logs"), "--max-scan", "1 GB", "--out", "out")
    assert "--max-scan: expected an Athena source, whose scanning is paid for" in said
