"""The whole job through PyAthena: from an empty bucket to sealed evidence, after interruptions, and with faults."""

import gzip
import json
import shutil
import signal
from collections import Counter
from pathlib import Path

import pytest
from pypdf import PdfReader

from athena_endpoint.endpoint import Endpoint
from comprova.evidence.reader import open_evidence
from engines.trino.job_runs import ACCOUNTS, DELIVERED, PERIOD, SETUP, JobRuns, organisation_of
from sealed_apart_from_provenance import sealed_apart_from_provenance

pytestmark = pytest.mark.trino

DATE = DELIVERED[1].replace("/", "-")


EDITIONS = ("gdpr-2016", "hipaa-2013", "lgpd-2018", "pci-dss-4.0.1")
LANGUAGES = {"en": "statements scanned", "pt_BR": "comandos varreram"}
"""How documents begin to say what a run cost."""


def test_one_command_makes_sixteen_documents(athena: Endpoint, tmp_path: Path, logs: Path) -> None:
    """From an empty bucket, with the job that comes with comprova, in which only names are filled in."""
    job = JobRuns.over(athena, tmp_path / "job", logs)
    (job.folder / "acme.toml").write_text(filled_in(job, logs), encoding="utf-8")
    job.command("athena", "setup", "./acme.toml")
    store = athena.client("s3").list_objects_v2(Bucket=job.store)
    assert [item["Key"] for item in store.get("Contents", ()) if "/results/" not in item["Key"]] == []
    said = json.loads(job.command("run", "./acme.toml", "--period", PERIOD, "--json").stdout)
    documents = {f"{PERIOD}_{one}_{language}": language for one in EDITIONS for language in LANGUAGES}
    assert said["documents"] == sorted(f"{name}.{form}" for name in documents for form in ("html", "pdf"))
    run = job.folder / said["run"]
    cost = open_evidence(run / "evidence").cost
    assert cost is not None
    for name, language in documents.items():
        words = f"{cost.statements} {LANGUAGES[language]}"
        assert words in " ".join((run / "documents" / f"{name}.html").read_text(encoding="utf-8").split())
        pages = PdfReader(run / "documents" / f"{name}.pdf").pages[:6]
        assert any(words in " ".join(page.extract_text().split()) for page in pages), name


def filled_in(job: JobRuns, logs: Path) -> str:
    """Return the text of jobs/athena.toml with the names of a job in place of its own."""
    text = (Path(__file__).resolve().parents[3] / "jobs" / "athena.toml").read_text(encoding="utf-8")
    accounts = json.dumps(ACCOUNTS)
    for example, name in (
        ('= "athena"\ntitle', '= "acme"\ntitle'),
        ('"sa-east-1"\n\n# The place', '"us-east-1"\n\n# The place'),
        ("s3://example-org-trail", f"s3://{job.trail}/audit"),
        ("o-a1b2c3d4e5", organisation_of(logs)),
        ("s3://example-evidence-store/", f"s3://{job.store}/"),
        ('database  = "comprova"', f'database  = "{job.database}"'),
        ('workgroup = "comprova"', f'workgroup = "{job.workgroup}"'),
    ):
        assert text.count(example) == 1, example
        text = text.replace(example, name)
    return text.replace('["111122223333", "444455556666"]', accounts)


def test_the_whole_job_seals_what_the_embedded_engine_seals(athena: Endpoint, tmp_path: Path, logs: Path) -> None:
    """From an empty bucket to documents, with all questions of an edition; only provenance differs."""
    job = JobRuns.over(athena, tmp_path / "job", logs, framework="lgpd-2018")
    job.command(*SETUP)
    said = job.run()
    assert said["documents"] == ["2026-10-02..2026-10-03_lgpd-2018_en.html"]
    job.sound()
    on_athena = sealed_apart_from_provenance(job.evidence())
    shutil.rmtree(job.period)
    job.run("--logs", str(logs))
    embedded = sealed_apart_from_provenance(job.evidence())
    assert on_athena.keys() == embedded.keys()
    assert [name for name in embedded if on_athena[name] != embedded[name]] == []


def test_a_run_says_what_it_cost_and_a_second_does_nothing(runs: JobRuns) -> None:
    """Evidence and ledger say what was scanned, and by which executions; the same command then sends no statement."""
    runs.run()
    evidence = open_evidence(runs.evidence())
    assert evidence.cost is not None
    steps = {step.step: step for step in evidence.cost.steps}
    assert list(steps)[:4] == ["load", "activity", "deliveries", "measures"]
    raw = sum(int(row["bytes"]) for row in runs.files().values())
    assert steps["load"].bytes_scanned == raw
    ledger = json.loads((runs.period / "r1" / "run.json").read_text())
    assert ledger["cost"] == json.loads((runs.evidence() / "cost.json").read_text())
    provenance = json.loads((runs.evidence() / "provenance.json").read_text())
    assert len(provenance["loads"]) == len(DELIVERED)
    asked = {item["name"]: item["execution_id"] for item in provenance["statements"]}
    assert ledger["queries"]["identity.root_activity"]["execution_id"] == asked["identity.root_activity@1"]
    assert (runs.period / "r1" / "athena" / "executions.jsonl").is_file()
    runs.endpoint.faults.reset()
    assert runs.run()["untouched"] is True
    assert set(runs.endpoint.faults.calls) == {"ListObjectsV2", "GetObject", "GetTable"}
    assert sorted(path.name for path in runs.period.iterdir() if not path.name.startswith(".")) == ["r1"]


def test_a_request_to_stop_stops_what_is_under_way(runs: JobRuns, embedded: JobRuns) -> None:
    """SIGTERM ends the statements that were started, also in a throttled account; the same command goes on."""
    runs.endpoint.faults.throttle("StopQueryExecution", 2)
    said = runs.interrupted(r"UNLOAD.*/activity/", signal.SIGTERM)
    assert "the same command goes on" in said
    assert runs.endpoint.faults.calls["StopQueryExecution"] >= 3  # an answer that is late is asked for again
    runs.run()
    tokens = runs.tokens_by_statement()
    assert len([sql for sql in tokens if "/activity/" in sql and "UNLOAD" in sql]) == 2  # into two folders
    assert {len(one) for one in tokens.values()} == {1}
    assert runs.differing(embedded) == []


def test_a_late_log_is_another_revision_that_loads_one_date(runs: JobRuns, logs: Path) -> None:
    """Sealed evidence stays; with --revise the date of the late file is read again, and no other."""
    runs.run()
    sealed = (runs.evidence() / "manifest-sha256.txt").read_bytes()
    name = late(runs, logs)
    runs.endpoint.faults.reset()
    runs.command("run", "./job.toml", "--period", PERIOD, code=2)
    assert [sql for sql in runs.sent() if "UNLOAD" not in sql] == []
    runs.run("--revise")
    assert [DELIVERED[1] in sql for sql in runs.sent() if "cloudtrail_logs" in sql] == [True]
    assert (runs.evidence() / "manifest-sha256.txt").read_bytes() == sealed
    assert name not in runs.files()
    assert runs.files(2)[name]["state"] == "read"
    runs.sound(2)


def test_an_account_that_the_table_does_not_show_is_noticed(athena: Endpoint, tmp_path: Path, logs: Path) -> None:
    """Athena answers nothing about it, and no error: the run says that it was not examined, and claims no absence."""
    shown = ", ".join(f'"{account}"' for account in ACCOUNTS[1:])
    job = JobRuns.over(athena, tmp_path / "job", logs, more=f"accounts = [{shown}]")
    job.command(*SETUP)
    said = job.run(code=11)
    unseen = {name: row["state"] for name, row in job.files().items() if ACCOUNTS[0] in name}
    assert unseen
    assert all(name.endswith("/") and state == "not_in_table" for name, state in unseen.items())
    assert not {"no-exceptions", "nothing-recorded"} & set(said["outcomes"])


def test_a_table_that_shows_less_than_the_job_reads_is_noticed(athena: Endpoint, tmp_path: Path, logs: Path) -> None:
    """A table that was made for fewer regions: log files of the others are told, though nobody refused anything."""
    job = JobRuns.over(athena, tmp_path / "job", logs, more='regions = ["us-east-1"]')
    job.command(*SETUP)
    definition = job.folder / "job.toml"
    definition.write_text(definition.read_text().replace('regions = ["us-east-1"]', ""))
    job.run(code=11)
    states = {row["state"] for name, row in job.files().items() if "/sa-east-1/" in name}
    assert states == {"not_in_table"}


def test_a_folder_that_must_not_be_listed_is_told(runs: JobRuns, logs: Path) -> None:
    """What S3 denies on one prefix was not examined, and the rest of the trail was."""
    (organisation,) = (path.name for path in (logs / "AWSLogs").iterdir())
    denied = f"AWSLogs/{organisation}/{ACCOUNTS[0]}/CloudTrail/sa-east-1/"
    runs.endpoint.faults.denied.add(f"s3://{runs.trail}/audit/{denied}")
    said = runs.run(code=11)
    assert runs.files()[denied]["state"] == "unreadable"
    assert Counter(row["state"] for row in runs.files().values()).keys() == {"read", "unreadable"}
    assert not {"no-exceptions", "nothing-recorded"} & set(said["outcomes"])
    runs.sound()


def test_a_trail_without_logs_is_a_run_without_claims(athena: Endpoint, tmp_path: Path, logs: Path) -> None:
    """An empty bucket is no failure, and nothing is said to be absent from it."""
    job = JobRuns.over(athena, tmp_path / "job", logs)
    job.command(*SETUP)
    s3 = athena.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=job.trail):
        for item in page["Contents"]:
            s3.delete_object(Bucket=job.trail, Key=item["Key"])
    said = job.run(code=11)
    assert set(said["outcomes"]) == {"inconclusive"}
    assert job.files() == {}
    job.sound()


def test_records_that_have_gone_are_noticed(runs: JobRuns) -> None:
    """Loads and tables that are not whole any more, as after a rule that removes old objects, are not read as whole."""
    runs.run()
    s3 = runs.endpoint.client("s3")
    loaded = s3.list_objects_v2(Bucket=runs.store, Prefix=f"comprova/records/delivery_date={DATE}/")["Contents"]
    s3.delete_object(Bucket=runs.store, Key=loaded[0]["Key"])
    other_period = ("run", "./job.toml", "--period", "2026-10-02..2026-10-02")
    assert f"Delete loads/{DATE}.json" in runs.command(*other_period, code=11).stderr
    s3.delete_object(Bucket=runs.store, Key=f"comprova/loads/{DATE}.json")
    runs.killed_at("comprova.jobs.collection:measure", other_period)
    written = s3.list_objects_v2(Bucket=runs.store, Prefix="comprova/runs/job/2026-10-02..2026-10-02/r1/activity/")
    s3.delete_object(Bucket=runs.store, Key=written["Contents"][0]["Key"])
    begun = runs.period.parent / "2026-10-02..2026-10-02" / "athena"
    assert "Move the folder athena/ of this run away" in runs.command(*other_period, code=11).stderr
    shutil.rmtree(begun)
    runs.command(*other_period)


def test_a_file_without_rows_is_not_taken_for_read(runs: JobRuns) -> None:
    """Athena cannot tell an empty log file from one that it did not look at."""
    key = empty(runs)
    runs.run(code=11)
    assert (runs.files()[key]["state"], runs.files()[key]["records"]) == ("no_rows", "0")


def test_a_damaged_file_is_left_out_and_told(runs: JobRuns) -> None:
    """The date is loaded without it, the list of files names it, and the run is incomplete."""
    key = damaged(runs)
    said = runs.run(code=11)
    assert runs.files()[key]["state"] == "damaged"
    assert Counter(row["state"] for row in runs.files().values())["damaged"] == 1
    assert not {"no-exceptions", "nothing-recorded"} & set(said["outcomes"])
    provenance = json.loads((runs.evidence() / "provenance.json").read_text())
    assert [key in load["left_out"] for load in provenance["loads"]].count(True) == 1
    runs.sound()


def test_a_budget_is_not_passed(runs: JobRuns) -> None:
    """What may not be scanned was not run, and says so; nothing was scanned beyond the limit."""
    said = runs.run("--max-scan", "1 kB", code=11)
    assert set(said["outcomes"]) == {"not-run"}
    assert {row["state"] for row in runs.files().values()} == {"over_budget"}
    cost = json.loads((runs.evidence() / "cost.json").read_text())
    assert sum(step["bytes_scanned"] for step in cost["steps"]) <= 1000
    runs.sound()


def late(job: JobRuns, logs: Path) -> str:
    """Deliver another log file on the second date, and return its name."""
    path = next(path for path in sorted(logs.rglob("*.gz")) if f"/{DELIVERED[1]}/" in path.as_posix())
    records = json.loads(gzip.decompress(path.read_bytes()))["Records"]
    for record in records:
        record["eventID"] = f"late-{record['eventID']}"
    name = path.relative_to(logs).as_posix().replace(".json.gz", "Late.json.gz")
    body = gzip.compress(json.dumps({"Records": records}).encode())
    job.endpoint.client("s3").put_object(Bucket=job.trail, Key=f"audit/{name}", Body=body)
    return name


def damaged(job: JobRuns) -> str:
    """Cut one log file of the second date short, and return its name."""
    s3 = job.endpoint.client("s3")
    key = delivered(job)[0]
    body = s3.get_object(Bucket=job.trail, Key=key)["Body"].read()
    s3.put_object(Bucket=job.trail, Key=key, Body=body[: len(body) // 2])
    return key.removeprefix("audit/")


def empty(job: JobRuns) -> str:
    """Deliver a log file without records on the second date, and return its name."""
    s3 = job.endpoint.client("s3")
    key = delivered(job)[0].replace(".json.gz", "Empty.json.gz")
    s3.put_object(Bucket=job.trail, Key=key, Body=gzip.compress(b'{"Records":[]}'))
    return key.removeprefix("audit/")


def delivered(job: JobRuns) -> list[str]:
    """Return the keys of the log files of the second date."""
    pages = job.endpoint.client("s3").get_paginator("list_objects_v2").paginate(Bucket=job.trail)
    return [item["Key"] for page in pages for item in page["Contents"] if f"/{DELIVERED[1]}/" in item["Key"]]
