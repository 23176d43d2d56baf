"""What a role may not do, what is missing, and what the raw table does not show is found before the first run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest

from athena_jobs import (
    ACCOUNT,
    ORGANISATION,
    OTHER_ACCOUNT,
    RAW,
    REGION,
    SOURCE,
    STORE,
    TRAIL,
    TakingSession,
    athena_content,
    aws_account,
    make_bucket,
    make_table,
)
from comprova.engines.athena.access import Access
from comprova.engines.athena.place import AthenaPlace
from comprova.errors import ComprovaError, EngineError, Problem
from comprova.jobs.athena_doctor import diagnose
from comprova.jobs.athena_setup import workgroup_settings
from comprova.jobs.diagnosis import Diagnosis, Verdict
from comprova.jobs.preparation import Choices, Prepared, prepare
from comprova.jobs.sources import AthenaSource
from content_builder import write_root
from s3_server import refusing

NOW = datetime.now(UTC)
STATEMENTS = ("statements", "databases of runs", "queries", "dropping databases", "loading")


@pytest.fixture(autouse=True)
def _account(tmp_path: Path) -> Iterator[None]:
    with aws_account(tmp_path):
        yield


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    """Give the run of a job whose account has everything that it needs."""
    run = run_of(tmp_path)
    assert isinstance(run.source, AthenaSource)
    for bucket in (TRAIL, STORE):
        make_bucket(bucket)
    make_table()
    make_workgroup(run.source)
    deliver(ACCOUNT, "us-east-1")
    deliver(OTHER_ACCOUNT, REGION)
    return run


def run_of(path: Path, source: str = SOURCE) -> Prepared:
    """Prepare the job."""
    return prepare("monthly", [write_root(path / "content", athena_content(source))], Choices(period="2026-10"), NOW)


def make_workgroup(source: AthenaSource, **changes: Any) -> None:
    """Make the workgroup as setting up would, with changes."""
    configuration: Any = {**workgroup_settings(source), **changes}
    boto3.client("athena", region_name=REGION).create_work_group(Name="comprova", Configuration=configuration)


def deliver(account: str, region: str, day: datetime = NOW, **options: Any) -> None:
    """Put a log file into the trail's bucket."""
    folder = f"audit/AWSLogs/{ORGANISATION}/{account}/CloudTrail/{region}/{day:%Y/%m/%d}"
    key = f"{folder}/{account}_CloudTrail_{region}_{day:%Y%m%dT%H%M}Z_abcdefabcdefabcd.json.gz"
    boto3.client("s3", region_name=REGION).put_object(Bucket=TRAIL, Key=key, Body=b"x", **options)


@cache
def access_of(place: AthenaPlace) -> Access:
    """Return AWS as a job sees it; its clients serve every test, because making them takes most of the time."""
    return Access(place)


def diagnoses(
    prepared: Prepared, session: TakingSession | None = None, access: Access | None = None
) -> list[Diagnosis]:
    """Return all that is found."""
    assert isinstance(prepared.source, AthenaSource)
    used = session or TakingSession()

    @contextmanager
    def sessions() -> Iterator[Any]:
        yield used

    return list(diagnose(prepared, prepared.source, access or access_of(prepared.source.place()), sessions, NOW))


def not_well(found: list[Diagnosis]) -> dict[str, str]:
    """Return what does not work or is not known, by name."""
    return {one.name: f"{one.verdict}: {one.found}" for one in found if one.verdict is not Verdict.OK}


def test_an_account_that_has_everything_is_well(prepared: Prepared) -> None:
    """Every line says ok, and nothing that was made to try things out is left."""
    session = TakingSession()
    found = diagnoses(prepared, session)
    assert not_well(found) == {}
    assert {one.name for one in found} > {"credentials", "workgroup comprova", "database", *STATEMENTS}
    objects = boto3.client("s3", region_name=REGION).list_objects_v2(Bucket=STORE)
    assert objects["KeyCount"] == 0
    assert session.ran[-2] == "DROP DATABASE IF EXISTS comprova_monthly_doctor CASCADE"


def test_nothing_is_scanned(prepared: Prepared) -> None:
    """Every statement over a table is an EXPLAIN or a definition."""
    session = TakingSession()
    diagnoses(prepared, session)
    beginnings = ("SELECT 1 AS one", "CREATE ", "DROP ", "EXPLAIN (TYPE VALIDATE) ")
    assert [sql for sql in session.ran if not sql.startswith(beginnings)] == []
    explained = "\n".join(sql for sql in session.ran if sql.startswith("EXPLAIN"))
    assert [name for name in ("root_use", "key_age") if f"/* {name}" in explained] == []
    assert explained.count("EXPLAIN (TYPE VALIDATE)") == 2 + 8 + 2 + 1  # views, measures, queries, loading
    assert "FROM comprova.cloudtrail_logs" in explained


def test_without_credentials_nothing_else_is_tried(prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lines say so."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert isinstance(prepared.source, AthenaSource)
    found = diagnoses(prepared, access=Access(prepared.source.place()))
    assert [(one.name, one.verdict) for one in found] == [("credentials", "not"), ("all else", "unknown")]
    assert found[0].hint


def test_an_empty_account_lacks_everything_that_setup_makes(tmp_path: Path) -> None:
    """Each line says what to do."""
    make_bucket(STORE)
    make_bucket(TRAIL)
    found = {one.name: one for one in diagnoses(run_of(tmp_path))}
    missing = ("workgroup comprova", "database", "table comprova.cloudtrail_logs")
    assert [(found[name].verdict, found[name].hint) for name in missing] == [
        (Verdict.NOT, "Run `comprova athena setup JOB`.")
    ] * 3
    assert found["loading"].verdict is Verdict.UNKNOWN
    assert found[f"account {ACCOUNT}"].found == "no log file in 3 days"


def test_a_workgroup_that_leaves_clients_a_say_is_told(prepared: Prepared) -> None:
    """With the settings that differ."""
    boto3.client("athena", region_name=REGION).delete_work_group(WorkGroup="comprova")
    assert isinstance(prepared.source, AthenaSource)
    make_workgroup(prepared.source, EnforceWorkGroupConfiguration=False)
    assert not_well(diagnoses(prepared)) == {
        "workgroup comprova": "not: EnforceWorkGroupConfiguration: expected true, found false"
    }


@pytest.mark.parametrize(
    ("table", "bucket_says"),
    [
        (replace(RAW, accounts=(ACCOUNT,)), f"{ORGANISATION}/{OTHER_ACCOUNT}/CloudTrail/{REGION}/"),
        (replace(RAW, regions=(REGION,)), f"{ORGANISATION}/{ACCOUNT}/CloudTrail/us-east-1/"),
    ],
)
def test_what_the_projection_leaves_out_is_found_in_the_bucket(
    prepared: Prepared, table: Any, bucket_says: str
) -> None:
    """Athena would answer zero rows, and no error, about logs that lie there."""
    boto3.client("glue", region_name=REGION).delete_table(DatabaseName="comprova", Name="cloudtrail_logs")
    make_table(table)
    found = not_well(diagnoses(prepared))
    assert "a list without them" in found["table comprova.cloudtrail_logs"]
    lying = f"trail s3://acme-trail/audit: AWSLogs/{bucket_says}"
    assert found[lying].startswith("not: log files lie there that the raw table does not show")


def test_an_account_or_region_that_the_job_does_not_name_is_found(prepared: Prepared) -> None:
    """Also where table and job agree with each other."""
    deliver("777788889999", REGION)
    deliver(ACCOUNT, "eu-west-1")
    named = [name.rpartition("AWSLogs/")[2] for name in not_well(diagnoses(prepared))]
    assert named == [
        f"{ORGANISATION}/{ACCOUNT}/CloudTrail/eu-west-1/",
        f"{ORGANISATION}/777788889999/CloudTrail/{REGION}/",
    ]


def test_logs_beside_those_of_the_job_are_told(tmp_path: Path, prepared: Prepared) -> None:
    """Those of another organisation and of accounts outside; and a job that forgot to name its organisation."""
    s3 = boto3.client("s3", region_name=REGION)
    for folder in ("o-zzzzzzzzzz/111122223333", "777788889999"):
        s3.put_object(Bucket=TRAIL, Key=f"audit/AWSLogs/{folder}/CloudTrail/us-east-1/x.json.gz", Body=b"x")
    trail, which = "trail s3://acme-trail/audit", "which this job does not read"
    assert not_well(diagnoses(prepared)) == {
        f"{trail}: AWSLogs/o-zzzzzzzzzz/": "unknown: logs of an organisation that this job does not read",
        f"{trail}: AWSLogs/": f"unknown: logs of 1 accounts outside of the organisation, {which}",
    }
    forgetful = run_of(tmp_path / "other", SOURCE.replace(f'organisation = "{ORGANISATION}"\n', ""))
    found = not_well(diagnoses(forgetful))
    assert found[f"{trail}: AWSLogs/{ORGANISATION}/"].startswith("not: logs of an organisation")


def test_an_account_that_has_fallen_silent_is_told(tmp_path: Path, prepared: Prepared) -> None:
    """The age of the newest log stands beside each account."""
    del prepared
    s3 = boto3.client("s3", region_name=REGION)
    for item in s3.list_objects_v2(Bucket=TRAIL)["Contents"]:
        if OTHER_ACCOUNT in item["Key"]:
            s3.delete_object(Bucket=TRAIL, Key=item["Key"])
    deliver(OTHER_ACCOUNT, REGION, NOW - timedelta(days=9))
    found = diagnoses(run_of(tmp_path))
    assert not_well(found) == {f"account {OTHER_ACCOUNT}": "not: no log file in 3 days"}
    [known] = [one for one in found if one.name == f"account {ACCOUNT}"]
    assert known.found == "its newest log file is 0 minutes old"


def test_archived_logs_are_told(prepared: Prepared) -> None:
    """Athena passes them over without a word."""
    deliver(ACCOUNT, REGION, NOW - timedelta(minutes=2), StorageClass="GLACIER")
    [(name, said)] = not_well(diagnoses(prepared)).items()
    assert f"{ACCOUNT}_CloudTrail_{REGION}" in name
    assert said == "not: it is in a storage class that Athena passes over"


def test_a_trail_that_may_not_be_listed_is_told(prepared: Prepared) -> None:
    """As a whole, or one account of it."""
    assert isinstance(prepared.source, AthenaSource)
    access = access_of(prepared.source.place())
    with refusing(access.s3, "ListObjectsV2", f"{ACCOUNT}/"):
        names = not_well(diagnoses(prepared, access=access))
    assert {name for name in names if "AWSLogs" in name} == {
        f"trail s3://acme-trail/audit: AWSLogs/{ORGANISATION}/{ACCOUNT}/"
    }
    with refusing(access.s3, "ListObjectsV2", "AWSLogs"):
        said = not_well(diagnoses(prepared, access=access))
    assert "AccessDenied" in said["trail s3://acme-trail/audit: list"]


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("PutObject", "store: write"),
        ("GetObject", "store: read"),
        ("DeleteObject", "store: delete"),
    ],
)
def test_what_the_store_refuses_is_told(prepared: Prepared, operation: str, name: str) -> None:
    """Writing, reading and deleting are tried by themselves."""
    assert isinstance(prepared.source, AthenaSource)
    access = access_of(prepared.source.place())
    with refusing(access.s3, operation, "doctor/probe"):
        found = not_well(diagnoses(prepared, access=access))
    assert "AccessDenied" in found.pop(name)
    assert found == ({"store: all else": "unknown: nothing could be written to try it with"} if "write" in name else {})


def test_a_key_that_may_not_be_used_is_told(tmp_path: Path, prepared: Prepared) -> None:
    """The object that is tried is encrypted with the job's key."""
    del prepared
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1111-2222"
    run = run_of(tmp_path, f'{SOURCE}kms_key = "{key}"\ntrail_kms_key = "{key}"\n')
    assert isinstance(run.source, AthenaSource)
    access = Access(run.source.place())
    sent: list[Any] = []
    access.s3.meta.events.register("provide-client-params.s3.PutObject", lambda params, **_: sent.append({**params}))
    with refusing(access.s3, "PutObject", "doctor/probe", code="KMS.DisabledException"):
        found = not_well(diagnoses(run, access=access))
    assert sent[0]["SSEKMSKeyId"] == key
    assert "KMS.DisabledException" in found["store: write"]
    assert found["trail s3://acme-trail/audit: decrypt"].startswith("unknown: only Athena reads log files")


def test_buckets_that_are_not_there_or_elsewhere_are_told(tmp_path: Path) -> None:
    """A store in another region than Athena's, and no trail at all."""
    make_bucket(STORE, "eu-west-1")
    found = not_well(diagnoses(run_of(tmp_path)))
    assert found["store's region"] == "not: s3://acme-store: in eu-west-1"
    assert "NoSuchBucket" in found["trail s3://acme-trail/audit: region"]
    assert "NoSuchBucket" in found["trail s3://acme-trail/audit: list"]


def test_a_store_that_writes_twice_is_told(prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loads are published on condition that they are the first; without that two could be."""
    monkeypatch.setattr(Access, "put", lambda *_, **__: True)
    monkeypatch.setattr(Access, "get", lambda *_: b"other")
    monkeypatch.setattr(Access, "holds", lambda *_: False)
    found = not_well(diagnoses(prepared))
    assert {name: said.partition(": ")[2].partition(": ")[2] for name, said in found.items()} == {
        "store: write once": "written again",
        "store: read": "something else",
        "store: list": "no such key in the listing",
    }


def refusal(part: str, found: str) -> Callable[[str], ComprovaError | None]:
    """Refuse statements that hold a text."""

    def refused(statement: str) -> ComprovaError | None:
        return EngineError(Problem("statement", "Athena to answer", found, "Mend it.")) if part in statement else None

    return refused


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("doctor: explain identity.root_use", {"queries: identity.root_use": "not: COLUMN_NOT_FOUND"}),
        ("doctor: explain activity\n", {"queries: activity": "not: COLUMN_NOT_FOUND"}),
        ("explain the statement that loads", {"loading: the statement that loads a date": "not: COLUMN_NOT_FOUND"}),
        (
            "CREATE DATABASE",
            {
                "databases of runs": "not: statement: COLUMN_NOT_FOUND",
                "queries": "unknown: there are no tables to check them against",
            },
        ),
        (
            "SELECT 1 AS one",
            {"statements": "not: statement: COLUMN_NOT_FOUND", "queries": "unknown: no statement can be run"},
        ),
        ("DROP DATABASE", {"dropping databases": "not: statement: COLUMN_NOT_FOUND"}),
    ],
)
def test_a_statement_that_is_refused_is_named(prepared: Prepared, part: str, expected: dict[str, str]) -> None:
    """Each query by itself, with what Athena says of it."""
    found = diagnoses(prepared, TakingSession(refusal(part, "COLUMN_NOT_FOUND")))
    assert not_well(found) == expected
