"""From an empty account to one that is well: real definitions and real EXPLAINs, through the command line."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from athena_endpoint.endpoint import REGION, Endpoint
from athena_jobs import ACCOUNT
from comprova.cli.app import app
from comprova.content import builtin_root
from comprova.engines.athena.ddl import drop_table, raw_table
from comprova.jobs.athena_setup import athena_source, raw_table_of
from comprova.jobs.athena_statements import passing_session
from comprova.jobs.definition import find_job

pytestmark = pytest.mark.trino

JOB = """
id = "acme.small"
title.en = "Small"
title.pt_BR = "Pequeno"
organisation = "Acme"
report = "monthly"
frameworks = ["lgpd"]
languages = ["en"]
time_zone = "UTC"

[source]
kind = "athena"
name.en = "Trail"
name.pt_BR = "Trilha"
region = "{region}"
trail = "s3://{trail}"
accounts = ["{account}"]
regions = ["{region}"]
start = 2020-01-01
database = "{database}"
workgroup = "{database}"
store = "s3://{store}/comprova"
"""


@pytest.fixture
def job(athena: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a job over a trail with one log file of today, in an account without anything else."""
    names = {name: athena.fresh(f"setup{name}") for name in ("trail", "store", "database")}
    s3 = athena.client("s3")
    for bucket in (names["trail"], names["store"]):
        s3.create_bucket(Bucket=bucket)
    now = datetime.now(UTC)
    folder = f"AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/{now:%Y/%m/%d}"
    key = f"{folder}/{ACCOUNT}_CloudTrail_{REGION}_{now:%Y%m%dT%H%M}Z_abcdefabcdefabcd.json.gz"
    s3.put_object(Bucket=names["trail"], Key=key, Body=b"not opened")
    file = tmp_path / "acme.small.toml"
    file.write_text(JOB.format(region=REGION, account=ACCOUNT, **names), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return file


def standings(job: Path, *options: str, code: int = 0) -> list[str]:
    """Set up; return what became of workgroup, database and table."""
    result = CliRunner().invoke(app, ["athena", "setup", str(job), "--json", *options])
    assert result.exit_code == code, (result.output, result.exception)
    return [part["standing"] for part in json.loads(result.stdout)["parts"]]


def not_well(job: Path) -> Mapping[str, str]:
    """Diagnose; return what does not work or is not known, by name."""
    result = CliRunner().invoke(app, ["doctor", str(job), "--json"])
    found: Sequence[dict[str, Any]] = json.loads(result.stdout)
    return {one["name"]: one["found"] for one in found if one["verdict"] != "ok"}


def test_an_account_is_set_up_and_is_well(job: Path, athena: Endpoint) -> None:
    """Every query, view, measure and the load is valid on Trino; the second setup finds everything there."""
    assert standings(job) == ["created", "created", "created"]
    assert standings(job) == ["there", "there", "there"]
    assert not_well(job) == {}
    source = athena_source(find_job(str(job), [builtin_root()]))
    left = athena.client("s3").list_objects_v2(Bucket=source.place().store.bucket, Prefix="comprova/doctor/")
    assert left["KeyCount"] == 0
    databases = athena.client("glue").get_databases()["DatabaseList"]
    assert [one["Name"] for one in databases if one["Name"].startswith(f"{source.database}_")] == []


def test_a_table_of_older_columns_is_found_and_made_anew(job: Path) -> None:
    """Athena's own answer to the load, and the table's definition, say the same; --update mends both."""
    standings(job)
    source = athena_source(find_job(str(job), [builtin_root()]))
    with passing_session(source.place()) as session:
        session.execute(drop_table(source.database, "cloudtrail_logs"), source.database, name="drop")
        older = raw_table(raw_table_of(source)).replace(",\n  eventcontext string", "")
        session.execute(older, source.database, name="create")
    found = not_well(job)
    assert found[f"table {source.database}.cloudtrail_logs"] == "column eventcontext: expected there, found none"
    assert "eventcontext" in found["loading: the statement that loads a date"]
    assert standings(job, code=2) == ["there", "there", "differs"]
    assert standings(job, "--update") == ["there", "there", "updated"]
    assert not_well(job) == {}
