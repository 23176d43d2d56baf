"""A new project has its folders, and a job that explains every parameter and sets none."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comprova.catalog.case_file import ACCOUNT
from comprova.catalog.catalog import Catalog, load_catalog
from comprova.catalog.parameters import bind
from comprova.catalog.phrases import Phrases
from comprova.catalog.text import Language
from comprova.catalog.toml_reader import read_toml
from comprova.catalog.translations import Domain
from comprova.collect.scope_values import LONGEST, Topic, read_scope_values
from comprova.content import FOLDERS, builtin_root, project_root, templates_of
from comprova.errors import ComprovaError
from comprova.jobs.case_bench import write_trail
from comprova.jobs.definition import Job
from comprova.jobs.plan import plan_of
from comprova.jobs.preparation import Choices, prepare
from comprova.jobs.starter import MadeProject, NewProject, make_project
from comprova.jobs.starter_job import NewJob, job_text, working_hours
from comprova.jobs.survey import Survey
from languages import ENGLISH, LANGUAGES
from third_language import MARK, SPANISH, write_spanish

TEMPLATES = builtin_root().folder("templates")
NOW = datetime(2026, 11, 4, tzinfo=UTC)
RIGHT_TO_LEFT = "cards\u202eprod"


class Silent:
    """Progress that is not shown."""

    def begin(self, step: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, part: str) -> None:
        """Say nothing."""

    def end(self, step: str, **facts: str | float) -> None:
        """Say nothing."""


@cache
def catalog() -> Catalog:
    """Return comprova's own content."""
    return load_catalog([builtin_root()])


@cache
def phrases(language: Language) -> Phrases:
    """Return the words of projects in a language."""
    return Phrases(TEMPLATES, language, Domain.PROJECT)


def job(text: str) -> Job:
    """Read a job; it must be one."""
    read = read_toml(text, Job, "jobs/acme.monthly.toml")
    assert isinstance(read, Job), read
    return read


def put_in_force(text: str) -> Job:
    """Read a job of which every setting is put in force, as its head says how."""
    return job(re.sub(r"^#(?=[^ \n])", "", text, flags=re.MULTILINE))


def text_of(values: Sequence[tuple[Topic, str]], language: Language = ENGLISH) -> str:
    """Return the job file that suggests these values."""
    rows: list[dict[str, Any]] = [
        {"topic": topic.value, "named": text, "events": 3, "last_seen": datetime(2026, 10, 1, 2), "of_values": 9}  # noqa: DTZ001 - as engines answer
        for topic, text in values
    ]
    new = NewJob("acme.monthly", "America/Sao_Paulo", "logs")
    return job_text(new, phrases(language), catalog(), Survey(read_scope_values(rows), 1))


@cache
def without_findings(language: Language) -> str:
    """Return the job file where nothing was found."""
    return text_of([], language)


names = st.text(max_size=LONGEST + 9) | st.sampled_from(
    ['"', "\\", '",\n[parameters]\nx = 1 #', "a\r\nb", "]", "# ", "${x} {y}", RIGHT_TO_LEFT, "'''", "\ud7ff", "\x1b[2J"]
)
listed = st.sampled_from([Topic.BUCKET, Topic.LOG_BUCKET, Topic.BREAK_GLASS, Topic.TABLE, Topic.ADMINISTRATOR])
found = st.lists(st.tuples(listed, names.filter(lambda text: not re.search("[\ud800-\udfff]", text))), max_size=8)


@settings(max_examples=50)
@given(found, st.sampled_from(LANGUAGES))
def test_whatever_strangers_wrote_sets_nothing_and_reads_back(
    values: list[tuple[Topic, str]], language: Language
) -> None:
    """No value from a log changes the job as it stands; put in force, it is the value that was logged or not there."""
    text = text_of(values, language)
    plain = without_findings(language)
    assert job(text) == job(plain)
    assert dict(job(text).parameters) == {}
    shown = {topic: tuple(dict.fromkeys(text for of, text in values if of is topic)) for topic in Topic}
    parameters = put_in_force(text).parameters
    assert parameters.keys() == put_in_force(plain).parameters.keys()
    for topic, name in ((Topic.BUCKET, "sensitive_buckets"), (Topic.BREAK_GLASS, "break_glass_principals")):
        written = tuple(value for value in shown[topic] if value.isprintable() and 0 < len(value) <= LONGEST)
        if written:
            assert parameters[name] == written


def test_every_parameter_that_a_job_may_set_is_there_once() -> None:
    """With its meaning in the language asked for; all of them in force are values of their types."""
    for language in LANGUAGES:
        text = text_of([], language)
        settable = {name: one for name, one in catalog().parameters.items() if one.given is None}
        assert set(put_in_force(text).parameters) == set(settable)
        flat = " ".join(line.removeprefix("# ") for line in text.splitlines())
        missing = [name for name, one in settable.items() if one.meaning.of(language) not in flat]
        assert missing == []
        assert bind(catalog().parameters, put_in_force(text).parameters, {}, "job").unset <= {
            name for name, one in catalog().parameters.items() if one.given is not None
        }


def test_accounts_that_are_none_are_not_suggested_for_the_scope() -> None:
    """A scope that was put in force is one that a job may have."""
    scope = put_in_force(text_of([(Topic.ACCOUNT, "anonymous"), (Topic.ACCOUNT, ACCOUNT), (Topic.REGION, "x")])).scope
    assert scope.accounts == (ACCOUNT,)
    assert "x" not in scope.regions


@pytest.mark.parametrize(
    ("counts", "hours"), [({9: 50, 10: 50}, (9, 11)), ({3: 1, 8: 50, 17: 49}, (8, 18)), ({0: 1}, (0, 1))]
)
def test_working_hours_leave_out_what_is_rare(counts: dict[int, int], hours: tuple[int, int]) -> None:
    """The shortest span that holds nearly all of what people did."""
    assert working_hours(counts) == hours


def console_read(bucket: str, hour: int = 14, **changed: Any) -> tuple[str, dict[str, Any]]:
    """Return a record of somebody who looks into a bucket, and the key of its file."""
    record = {
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/ana", "accountId": ACCOUNT},
        "eventTime": f"2026-10-07T{hour:02}:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetBucketAcl",
        "awsRegion": "sa-east-1",
        "sourceIPAddress": "203.0.113.7",
        "sessionCredentialFromConsole": "true",
        "requestParameters": {"bucketName": bucket},
        "eventID": f"00000000-0000-4000-8000-{crc32(f'{bucket} {hour}'.encode()):012}",
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "eventCategory": "Management",
        "recipientAccountId": ACCOUNT,
        **changed,
    }
    folder = f"AWSLogs/{ACCOUNT}/CloudTrail/sa-east-1/2026/10/07"
    return f"{folder}/{ACCOUNT}_CloudTrail_sa-east-1_20261007T2355Z_aaaaaaaaaaaaaaaa.json.gz", record


def made(folder: Path, logs: Path | None = None, prefix: str | None = "acme") -> MadeProject:
    """Make a project."""
    return make_project(NewProject(folder, prefix, logs, ENGLISH, "America/Sao_Paulo"), TEMPLATES, Silent())


def test_a_project_is_read_and_planned_as_it_stands(tmp_path: Path) -> None:
    """Its four folders are there, its content can be read, and its job be planned."""
    (tmp_path / "acme" / "logs").mkdir(parents=True)
    project = made(tmp_path / "acme", prefix=None)
    root = project_root(tmp_path / "acme")
    assert root is not None
    assert [name for name in FOLDERS if not (root.path / name).is_dir()] == []
    roots = [builtin_root(), root]
    content = load_catalog(roots)
    prepared = prepare(project.job, roots, Choices(period="2026-10", logs=tmp_path / "acme" / "logs"), NOW)
    assert plan_of(prepared, NOW).frameworks == tuple(sorted(content.frameworks))


def test_what_the_logs_hold_is_suggested(tmp_path: Path) -> None:
    """Buckets, accounts, networks and hours, read by way of records and activity; a refused call suggests nothing."""
    refused = console_read("not-there", errorCode="AccessDenied")
    records = [console_read("cards-prod"), console_read("cards-prod", 15), console_read(RIGHT_TO_LEFT), refused]
    write_trail(tmp_path / "logs", records)
    project = made(tmp_path / "acme", tmp_path / "logs")
    text = project.files[0].read_text(encoding="utf-8")
    assert '#"cards-prod",  # 2 events, last on 2026-10-07' in text
    assert "not-there" not in text
    assert RIGHT_TO_LEFT not in text
    assert "Left out: 1 value from" in text
    assert '#"203.0.113.7/32",' in text
    assert "12=1" in text.partition("#business_start = 11")[0].rpartition("Events of people")[2]
    assert put_in_force(text).scope.accounts == (ACCOUNT,)
    assert job(text).source.kind == "folder"
    assert (tmp_path / "acme" / "out" / ".records").is_dir()


def console_call(source: str, name: str, request: dict[str, Any] | None, **changed: Any) -> tuple[str, dict[str, Any]]:
    """Return a record of another call, which no person made."""
    number = crc32(f"{source} {name} {request} {changed}".encode())
    identity = {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/app/i-1",
        "accountId": ACCOUNT,
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/app"}},
    }
    same = {"sessionCredentialFromConsole": None, "eventID": f"00000000-0000-4000-8000-{number:012}"}
    key, record = console_read("", eventSource=source, eventName=name, requestParameters=request, userIdentity=identity)
    return key, {**record, **same, **changed}


def role(name: str) -> dict[str, Any]:
    """Return the identity of a session of a role."""
    return {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/x",
        "accountId": ACCOUNT,
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/{name}"}},
    }


def test_each_topic_is_suggested_for_its_parameter(tmp_path: Path) -> None:
    """Log buckets, tables, keys, secrets and who reads them, administrators, emergency roles, providers, accounts."""
    table = f"arn:aws:dynamodb:sa-east-1:{ACCOUNT}:table/clients"
    key = f"arn:aws:kms:sa-east-1:{ACCOUNT}:key/1"
    secret = f"arn:aws:secretsmanager:sa-east-1:{ACCOUNT}:secret:prod-1"
    provider = f"arn:aws:iam::{ACCOUNT}:saml-provider/Okta"
    other = "444455556666"
    service = {"type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com"}
    saml = {"type": "SAMLUser", "principalId": "x:ana", "userName": "ana", "identityProvider": "x"}
    records = [
        console_call("s3.amazonaws.com", "PutObject", {"bucketName": "trail"}, userIdentity=service),
        console_call("cloudtrail.amazonaws.com", "CreateTrail", {"s3BucketName": "second-trail"}),
        console_call("dynamodb.amazonaws.com", "GetItem", None, resources=[{"ARN": f"{table}/index/a", "type": "T"}]),
        console_call("kms.amazonaws.com", "Decrypt", None, resources=[{"ARN": key, "type": "K"}]),
        console_call("secretsmanager.amazonaws.com", "GetSecretValue", {"secretId": secret}),
        console_call("secretsmanager.amazonaws.com", "GetSecretValue", {"secretId": "by-name"}),
        console_call("ec2.amazonaws.com", "DescribeVpcs", None, userIdentity=role("Platform-Admin")),
        console_call("ec2.amazonaws.com", "DescribeVpcs", None, userIdentity=role("BreakGlass")),
        console_call("sts.amazonaws.com", "AssumeRoleWithSAML", {"principalArn": provider}, userIdentity=saml),
        console_call("sts.amazonaws.com", "AssumeRole", {"roleArn": f"arn:aws:iam::{other}:role/x"}),
    ]
    write_trail(tmp_path / "logs", records)
    found = put_in_force(made(tmp_path / "acme", tmp_path / "logs").files[0].read_text(encoding="utf-8")).parameters
    names = ("audit_log_buckets", "sensitive_tables", "sensitive_keys", "sensitive_resources")
    assert {name: found[name] for name in names} == {
        "audit_log_buckets": ("second-trail", "trail"),
        "sensitive_tables": (table,),
        "sensitive_keys": (key,),
        "sensitive_resources": (secret,),
    }
    assert found["approved_secret_readers"] == (f"arn:aws:iam::{ACCOUNT}:role/app",)
    assert found["privileged_principals"] == (f"arn:aws:iam::{ACCOUNT}:role/Platform-Admin",)
    assert found["break_glass_principals"] == (f"arn:aws:iam::{ACCOUNT}:role/BreakGlass",)
    assert found["approved_identity_providers"] == (provider,)
    assert found["trusted_accounts"] == (other, ACCOUNT)


def test_logs_without_events_suggest_nothing(tmp_path: Path) -> None:
    """The job is that of a project whose logs nobody looked through, but for the folder that it names."""
    (tmp_path / "logs").mkdir()
    looked = made(tmp_path / "a", tmp_path / "logs").files[0].read_text(encoding="utf-8")
    unseen = made(tmp_path / "b").files[0].read_text(encoding="utf-8")
    assert looked.replace(str(tmp_path / "logs"), "logs") == unseen


def test_a_third_language_has_projects_by_its_catalogue_alone(tmp_path: Path) -> None:
    """Every comment and folder is explained in it, documents are wanted in it first, and the job is one."""
    with templates_of((builtin_root(), write_spanish(tmp_path / "own"))) as templates:
        new = NewProject(tmp_path / "acme", None, None, SPANISH, "America/Sao_Paulo")
        texts = [path.read_text(encoding="utf-8") for path in make_project(new, templates, Silent()).files]
    read = job(texts[0])
    assert read.languages == (SPANISH, *LANGUAGES)
    assert read.title.of(SPANISH) == f"{MARK}Monthly evidence report»"
    assert read.organisation == f"{MARK}Organisation not named»"
    assert [text for text in texts if not text.startswith((MARK, f"# {MARK}", "*"))] == []
    after_head = texts[0].partition("\nid = ")[2]
    explained = [one for one in re.split(r"\n(?!# )", after_head) if re.search(r"^# ", one, re.MULTILINE)]
    assert [one for one in explained if MARK not in one and "[en]" not in one] == []


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    """Where a file of the project is there, it stays, nothing else is written, and the message names it."""
    mine = tmp_path / "queries" / "README.md"
    mine.parent.mkdir()
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(ComprovaError, match=r"queries/README\.md: expected no file of this name yet"):
        made(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    """The name is taken, whatever it leads to."""
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "acme.monthly.toml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ComprovaError, match=r"acme\.monthly\.toml"):
        made(tmp_path)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("folder", "prefix", "logs", "said"),
    [
        ("Acme & Co", None, None, "small letters and digits"),
        ("acme", "Acme", None, "small letters and digits"),
        ("acme", "acme.x", None, "small letters and digits"),
        ("acme", "acme", "nowhere", "a folder of CloudTrail files"),
        ("acme", "acme", ".", "where runs are written"),
        ("acme", "acme", "a\nb", "a path that a file can name"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_written(
    tmp_path: Path, folder: str, prefix: str | None, logs: str | None, said: str
) -> None:
    """The message says what was expected, and no file is left behind."""
    with pytest.raises(ComprovaError, match=said):
        made(tmp_path / folder, None if logs is None else tmp_path / logs, prefix)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
