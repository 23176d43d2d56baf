"""Setting a job up makes what is missing, tells what differs, and changes nothing unless asked to."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import pytest

from athena_jobs import RAW, REGION, SOURCE, athena_content, aws_account, make_table
from comprova.content import builtin_root
from comprova.engines.athena.access import Access
from comprova.engines.athena.regions import cloudtrail_regions, partition_of
from comprova.errors import ComprovaError, ContentError
from comprova.jobs.athena_setup import (
    Setup,
    Standing,
    athena_source,
    grants_of,
    raw_table_of,
    statements,
    workgroup_settings,
)
from comprova.jobs.definition import JobFile, find_job
from comprova.jobs.sources import AthenaSource
from content_builder import write_root


@pytest.fixture(autouse=True)
def _account(tmp_path: Path) -> Iterator[None]:
    with aws_account(tmp_path):
        yield


def job(path: Path, source: str = SOURCE) -> JobFile:
    """Return the job."""
    return find_job("monthly", [write_root(path / "content", athena_content(source))])


def source_of(path: Path, source: str = SOURCE) -> AthenaSource:
    """Return the job's source."""
    return athena_source(job(path, source))


@dataclass
class Catalog:
    """Runs definitions by writing what they say into moto's data catalog."""

    ran: list[str] = field(default_factory=list)

    def execute(self, sql: str, database: str, name: str) -> None:
        """Run a statement."""
        glue = boto3.client("glue", region_name=REGION)
        self.ran.append(name)
        if sql.startswith("CREATE DATABASE"):
            glue.create_database(DatabaseInput={"Name": sql.rsplit(maxsplit=1)[-1]})
        elif sql.startswith("CREATE EXTERNAL TABLE"):
            make_table()
        else:
            assert sql == "DROP TABLE IF EXISTS comprova.cloudtrail_logs"
            glue.delete_table(DatabaseName=database, Name="cloudtrail_logs")


def set_up(source: AthenaSource, *, dry: bool = False, update: bool = False) -> tuple[list[Standing], list[str]]:
    """Set up; return what became of workgroup, database and table, and the statements that were run."""
    catalog = Catalog()
    parts = Setup(source, Access(source.place()), catalog.execute, dry=dry, update=update).apply()
    return [part.standing for part in parts], catalog.ran


def workgroup() -> Any:
    """Return the workgroup's settings."""
    return boto3.client("athena", region_name=REGION).get_work_group(WorkGroup="comprova")["WorkGroup"]["Configuration"]


def test_what_is_missing_is_made_and_then_is_there(tmp_path: Path) -> None:
    """The same command again does nothing."""
    source = source_of(tmp_path)
    made, ran = set_up(source)
    assert made == [Standing.CREATED] * 3
    assert ran == ["create database comprova", "create table cloudtrail_logs"]
    assert workgroup()["BytesScannedCutoffPerQuery"] == 500 * 10**9
    assert set_up(source) == ([Standing.THERE] * 3, [])


def test_a_dry_run_makes_nothing(tmp_path: Path) -> None:
    """It says the same as the run after it would."""
    source = source_of(tmp_path)
    assert set_up(source, dry=True) == ([Standing.CREATED] * 3, [])
    assert set_up(source)[0] == [Standing.CREATED] * 3
    make_wider = source.model_copy(update={"accounts": (*source.accounts, "777788889999")})
    assert set_up(make_wider, dry=True, update=True) == ([Standing.THERE, Standing.THERE, Standing.UPDATED], [])


def test_what_differs_is_told_and_left_alone(tmp_path: Path) -> None:
    """Somebody may rely on it."""
    source = source_of(tmp_path)
    set_up(source)
    wider = source.model_copy(update={"accounts": (*source.accounts, "777788889999"), "query_cutoff": "1 TB"})
    parts = list(Setup(wider, Access(wider.place()), Catalog().execute, dry=False, update=False).apply())
    assert [part.standing for part in parts] == [Standing.DIFFERS, Standing.THERE, Standing.DIFFERS]
    assert [one.name for part in parts for one in part.differences] == [
        "BytesScannedCutoffPerQuery",
        "projection.account.values",
    ]
    assert parts[2].as_json()["differences"] == [
        {"name": "projection.account.values", "wanted": "also 777788889999", "found": "a list without them"}
    ]
    assert workgroup()["BytesScannedCutoffPerQuery"] == 500 * 10**9


def test_what_differs_is_changed_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are replaced; the table's definition is dropped and made anew."""
    changed: list[Any] = []
    monkeypatch.setattr(Access, "update_workgroup", lambda _, updates: changed.append(updates))
    source = source_of(tmp_path)
    set_up(source.model_copy(update={"query_cutoff": "1 TB"}))
    glue = boto3.client("glue", region_name=REGION)
    glue.delete_table(DatabaseName="comprova", Name="cloudtrail_logs")
    make_table(replace(RAW, regions=("us-east-1",)))
    standings, ran = set_up(source, update=True)
    assert standings == [Standing.UPDATED, Standing.THERE, Standing.UPDATED]
    assert ran == ["drop table cloudtrail_logs", "create table cloudtrail_logs"]
    assert [one["BytesScannedCutoffPerQuery"] for one in changed] == [500 * 10**9]


def test_a_table_of_the_name_that_is_another_is_told_whole(tmp_path: Path) -> None:
    """One that somebody made of AWS's old template: nothing of it is taken for granted."""
    make_table(Parameters={}, PartitionKeys=[])
    [_, database, table] = Setup(
        source_of(tmp_path), Access(source_of(tmp_path).place()), Catalog().execute, dry=True, update=False
    ).apply()
    assert (database.standing, table.standing) == (Standing.THERE, Standing.DIFFERS)
    assert {one.name for one in table.differences} == {"partitions", *RAW.properties}


def test_the_statements_are_those_that_are_printed(tmp_path: Path) -> None:
    """`athena ddl` shows what `athena setup` runs."""
    source = source_of(tmp_path)
    database, table = statements(source)
    assert database == "CREATE DATABASE IF NOT EXISTS comprova"
    assert table.startswith("CREATE EXTERNAL TABLE IF NOT EXISTS comprova.cloudtrail_logs")
    assert workgroup_settings(source)["BytesScannedCutoffPerQuery"] == 500 * 10**9


def test_without_regions_the_table_shows_all_that_have_cloudtrail(tmp_path: Path) -> None:
    """Those of the job's partition, which botocore knows."""
    text = "".join(line for line in SOURCE.splitlines(keepends=True) if not line.startswith("regions"))
    regions = raw_table_of(source_of(tmp_path, text)).regions
    assert regions == cloudtrail_regions("us-east-1")
    assert {"us-east-1", "sa-east-1"} <= set(regions)
    assert cloudtrail_regions("us-gov-west-1") == ("us-gov-east-1", "us-gov-west-1")
    with pytest.raises(ComprovaError, match="a region that botocore knows"):
        partition_of("xx-nowhere-1")


def test_a_job_that_reads_a_folder_has_nothing_to_set_up() -> None:
    """It is told which job shows the other kind."""
    with pytest.raises(ContentError, match=r"source\.kind: expected 'athena', found 'folder'.*athena\.toml"):
        athena_source(find_job("monthly", [builtin_root()]))


def test_permissions_need_the_account_that_runs_athena(tmp_path: Path) -> None:
    """From the command line, else from the source."""
    file = job(tmp_path)
    with pytest.raises(ComprovaError, match=r"--account: expected the id of the account in which Athena runs"):
        grants_of(file.job, athena_source(file), "")
    assert grants_of(file.job, athena_source(file), "999988887777").account == "999988887777"
    owned = athena_source(file).model_copy(update={"store_owner": "111111111111"})
    assert grants_of(file.job, owned, "").account == "111111111111"
    key = athena_source(file).model_copy(update={"kms_key": f"arn:aws:kms:{REGION}:222222222222:key/1"})
    grants = grants_of(file.job, key, "")
    assert (grants.account, grants.partition, grants.run_databases) == ("222222222222", "aws", "comprova_monthly_")
