"""A small job on Athena: that of `content_builder` with another source, and an account in AWS, made by moto."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
import pyarrow as pa
from moto import mock_aws
from moto.athena.models import AthenaBackend
from moto.core.exceptions import JsonRESTError

from comprova.engines.athena.ddl import RAW_COLUMNS, RAW_PARTITIONS, RAW_TABLE, RawTable, hive_type
from comprova.engines.athena.journal import Finished, State
from comprova.engines.athena.place import S3Place
from comprova.errors import ComprovaError
from content_builder import BUILTIN, JOB, KEY_AGE, query_file

REGION = "sa-east-1"
ACCOUNT, OTHER_ACCOUNT = "111122223333", "444455556666"
ORGANISATION = "o-a1b2c3d4e5"
TRAIL, STORE = "acme-trail", "acme-store"

SOURCE = f"""[source]
kind = "athena"
name.en = "Trail of Acme"
name.pt_BR = "Trilha da Acme"
region = "{REGION}"
trail = "s3://{TRAIL}/audit"
organisation = "{ORGANISATION}"
accounts = ["{ACCOUNT}", "{OTHER_ACCOUNT}"]
regions = ["{REGION}", "us-east-1"]
start = 2026-01-01
store = "s3://{STORE}/comprova"
query_cutoff = "500 GB"
"""

RAW = RawTable(
    database="comprova",
    trail=S3Place(TRAIL, "audit"),
    organisation=ORGANISATION,
    accounts=(ACCOUNT, OTHER_ACCOUNT),
    regions=(REGION, "us-east-1"),
    start=date(2026, 1, 1),
)
"""What the job's raw table has to show."""


def athena_job(source: str = SOURCE) -> str:
    """Return the job of `content_builder`, with a source on Athena."""
    text = BUILTIN[JOB]
    return text[: text.index("[source]")] + source + "\n" + text[text.index("[scope]") :]


def athena_content(source: str = SOURCE) -> Mapping[str, str]:
    """Return built-in content whose monthly job reads with Athena, and whose queries compile."""
    return {**BUILTIN, KEY_AGE: query_file("identity.key_age"), JOB: athena_job(source)}


_work_group_of_moto = AthenaBackend.get_work_group


def _work_group(backend: AthenaBackend, name: str) -> dict[str, Any]:
    """Answer about a workgroup that is not there as AWS does; moto says nothing."""
    found = _work_group_of_moto(backend, name)
    if found is None:
        raise JsonRESTError("InvalidRequestException", f"WorkGroup {name} is not found.")
    return found


@contextmanager
def aws_account(path: Path) -> Iterator[None]:
    """Give an empty AWS account to all clients of this process, and no way to another one."""
    environment = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(path / "none"),
    }
    with patch.dict(os.environ, environment), mock_aws(), patch.object(AthenaBackend, "get_work_group", _work_group):
        yield


def make_bucket(name: str, region: str = REGION) -> None:
    """Make a bucket."""
    boto3.client("s3", region_name=region).create_bucket(
        Bucket=name,
        CreateBucketConfiguration={"LocationConstraint": region},  # type: ignore[typeddict-item] # a region's name
    )


def make_table(raw: RawTable = RAW, **changes: Any) -> None:
    """Put the raw table into the data catalog, as its definition would, with changes of what Glue tells of it."""
    glue = boto3.client("glue", region_name=REGION)
    if not any(database["Name"] == raw.database for database in glue.get_databases()["DatabaseList"]):
        glue.create_database(DatabaseInput={"Name": raw.database})
    table: Any = {**glue_table(raw), **changes}
    glue.create_table(DatabaseName=raw.database, TableInput=table)


def glue_table(raw: RawTable = RAW) -> dict[str, Any]:
    """Return the raw table as Glue tells of it."""
    return {
        "Name": RAW_TABLE,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", **raw.properties},
        "PartitionKeys": [{"Name": name, "Type": "string"} for name in RAW_PARTITIONS],
        "StorageDescriptor": {
            "Columns": [{"Name": name, "Type": hive_type(type_)} for name, type_ in RAW_COLUMNS.items()],
            "Location": f"{raw.location.uri}/",
            "InputFormat": "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {"SerializationLibrary": "org.apache.hive.hcatalog.data.JsonSerDe"},
        },
    }


@dataclass
class TakingSession:
    """In place of Athena: takes every statement but those that it is told to refuse, and runs none."""

    refused: Callable[[str], ComprovaError | None] = lambda _: None
    ran: list[str] = field(default_factory=list)

    def execute(
        self, sql: str, database: str, *, name: str, at_most: int | None = None, writes: bool = False
    ) -> Finished:
        """Run a statement."""
        del database, at_most, writes
        self.ran.append(sql)
        if error := self.refused(f"{name}\n{sql}"):
            raise error
        return Finished(name, "id", State.SUCCEEDED, 0, 1, 1, "Athena engine version 3")

    def start(self, sql: str, database: str, *, name: str) -> "Future[Finished]":
        """Do the same in what could be the background."""
        future: Future[Finished] = Future()
        try:
            future.set_result(self.execute(sql, database, name=name))
        except ComprovaError as error:
            future.set_exception(error)
        return future

    def batches(self, _finished: Finished, _columns: Sequence[object]) -> Iterator[pa.RecordBatch]:
        """Return the row of SELECT 1."""
        yield pa.RecordBatch.from_pylist([{"one": 1}])
