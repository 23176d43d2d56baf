"""What goes wrong on the way of a whole job: nothing is lost, and nothing that was not examined looks examined."""

import json
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from athena_endpoint.endpoint import Endpoint
from athena_endpoint.faults import TOO_MANY_QUERIES, ResultFault
from athena_endpoint.refusals import RefusedError
from comprova.cli.app import app
from comprova.content import builtin_root
from comprova.engines.athena.ddl import drop_table, raw_table
from comprova.engines.athena.journal import FileJournal, State
from comprova.engines.athena.session import AthenaSession
from comprova.jobs.athena_setup import athena_source, raw_table_of
from comprova.jobs.athena_statements import passing_session
from comprova.jobs.definition import find_job
from comprova.jobs.ledger import read_ledger
from engines.trino.hurried import Hurried
from engines.trino.job_runs import RUN, SETUP, JobRuns

pytestmark = pytest.mark.trino

ROOT = r"actor_kind IN \('root', 'assumed_root'\)"
MEASURE = r"AS conflicting_ids\s+FROM shared"
THROTTLED_IN_SETUP = ("GetWorkGroup", "CreateWorkGroup", "GetDatabase")
THROTTLED = (
    *("StartQueryExecution", "GetQueryExecution", "GetQueryResults", "GetQueryRuntimeStatistics"),
    *("ListObjectsV2", "GetObject", "PutObject", "GetTable"),
)


def test_throttling_on_every_call_and_a_slow_query_cost_time_only(
    athena: Endpoint, tmp_path: Path, logs: Path, embedded: JobRuns
) -> None:
    """There is no kind of call that is not throttled here; while one query is slow the others are answered."""
    job, faults = JobRuns.over(athena, tmp_path / "job", logs), athena.faults
    for call in (*THROTTLED_IN_SETUP, "GetTable", "StartQueryExecution", "GetQueryExecution"):
        faults.throttle(call, 2)
    job.command(*SETUP)
    faults.calls.clear()
    faults.refuse("StartQueryExecution", TOO_MANY_QUERIES, 2)
    for call in THROTTLED:
        faults.throttle(call, 2)
    with faults.held(ROOT) as release, job.started(*RUN) as process:
        job.wait_for("records_not_read", process)
        release.set()
        assert process.communicate()[1].count("comprova: ") == 0
    assert process.returncode == 0
    assert set(faults.calls) == set(THROTTLED)
    assert job.differing(embedded) == []


KILLED_AT = (
    "UNLOAD.*delivery_date=2026-10-03",
    "comprova.engines.athena.store:Store.publish",
    "comprova.engines.athena.run_database:RunDatabase.list_files",
    "UNLOAD.*/activity/",
    "UNLOAD.*/deliveries/",
    MEASURE,
    "comprova.collect.asking:write_result",
    "comprova.collect.asking:sha256_file",
    "comprova.jobs.judging:Judge.write",
    "comprova.jobs.run:copy_content",
    "comprova.jobs.run:seal",
    "comprova.jobs.run:_sealed",
    "comprova.jobs.run:render_documents",
    "comprova.jobs.athena_memory:RunMemory.leave",
)
"""Statements while they run, and functions before they begin: between the end of the loads and the load records,
between a result and the ledger, between evidence and seal, between seal and ledger, after all is done."""


def test_a_run_that_is_killed_at_each_step_goes_on(runs: JobRuns, embedded: JobRuns) -> None:
    """Kill -9, and the same command: at the end lies what an undisturbed run seals, and nothing was paid twice."""
    for where in KILLED_AT:
        if where.startswith("comprova."):
            runs.killed_at(where)
        else:
            runs.interrupted(where, signal.SIGKILL)
    assert runs.run()["untouched"] is True
    runs.sound()
    assert {sql: tokens for sql, tokens in runs.tokens_by_statement().items() if len(tokens) > 1} == {}
    assert runs.differing(embedded) == []
    ledger = read_ledger(runs.period / "r1" / "run.json")
    assert ledger is not None
    assert len(ledger.attempts) == len(KILLED_AT) - KILLED_AT.index("UNLOAD.*/activity/") + 1


def state(name: str) -> Callable[[JobRuns], object]:
    """Return what enables or disables the workgroup of a job."""
    return lambda runs: runs.endpoint.client("athena").update_work_group(WorkGroup=runs.workgroup, State=name)


def denied(place: str) -> Callable[[JobRuns], object]:
    """Return what denies a place of a job to everybody."""
    return lambda runs: runs.endpoint.faults.denied.add(place.format(trail=runs.trail, store=runs.store))


def key_denied(place: str) -> Callable[[JobRuns], object]:
    """Return what denies the key of the objects at a place of a job."""
    return lambda runs: runs.endpoint.faults.key_denied.add(place.format(trail=runs.trail, store=runs.store))


NOT_AUTHORISED = RefusedError("AccessDeniedException", "User: run is not authorized to perform: glue:GetTable")
GO_ON = "the same command goes on where this one ended"
STOPS: tuple[tuple[Callable[[JobRuns], object], tuple[str, ...]], ...] = (
    (lambda runs: runs.endpoint.faults.refuse("GetTable", NOT_AUTHORISED), ("cloudtrail_logs", "Grant glue:GetTable")),
    (denied("s3://{trail}/audit/AWSLogs/"), ("s3://{trail}/audit/AWSLogs/", "Grant s3:ListBucket", GO_ON)),
    (denied("s3://{store}/comprova/loads/"), ("s3://{store}/comprova/loads/2026", "Grant s3:GetObject", GO_ON)),
    (state("DISABLED"), ("load: 2026-10-0", "disabled", "comprova athena setup JOB --update", GO_ON)),
    (lambda runs: runs.endpoint.faults.moved.add(runs.store), ("load: 2026-10-0", "in the job's region", GO_ON)),
    (key_denied("s3://{trail}/audit/"), ("load: 2026-10-0", "Grant kms:Decrypt on the key", GO_ON)),
    (denied("s3://{store}/comprova/records/"), ("Permission denied on S3 path: s3://{store}/comprova/records/", GO_ON)),
    (denied("s3://{store}/comprova/results/"), ("Access denied when writing output to url: s3://{store}", GO_ON)),
    (
        lambda runs: runs.endpoint.faults.cancel("UNLOAD.*delivery_date=2026-10-04"),
        ("load: 2026-10-04", "Query cancelled by user", "give the same command again"),
    ),
    (key_denied("s3://{store}/comprova/databases/"), ("s3://{store}/comprova/databases/", "Grant kms:", GO_ON)),
    (denied("s3://{store}/comprova/runs/"), ("s3://{store}/comprova/runs/", "Grant s3:PutObject", GO_ON)),
    (
        lambda runs: runs.endpoint.faults.cut_off("UNLOAD.*/activity/"),
        ("activity", "Bytes scanned limit was exceeded", "Raise the job's query_cutoff", "give the same command again"),
    ),
    (
        lambda runs: runs.endpoint.faults.fail(MEASURE, "GENERIC_INTERNAL_ERROR: no"),
        ("conflicting_ids@1", "GENERIC_INTERNAL_ERROR: no", "give the same command again"),
    ),
)
"""What stops a run, in the order in which a run meets it; and what is said."""


def test_a_run_that_is_stopped_at_each_step_goes_on(runs: JobRuns, embedded: JobRuns) -> None:
    """Each fault is told with where it is and what to do; when it is mended, the same command goes on to the end."""
    faults = runs.endpoint.faults
    for begin, words in STOPS:
        begin(runs)
        said = runs.stopped()
        assert [word for word in words if word.format(trail=runs.trail, store=runs.store) not in said] == [], said
        for places in (faults.denied, faults.key_denied, faults.moved):
            places.clear()
        state("ENABLED")(runs)
    assert "is disabled" in disabled_in_the_middle(runs)
    runs.killed_at("comprova.collect.asking:write_result")
    faults.denied.add(f"s3://{runs.store}/comprova/results/")
    said = runs.stopped()
    assert "Access denied when reading query results" in said
    assert GO_ON in said
    faults.denied.clear()
    runs.run()
    runs.sound()
    assert runs.differing(embedded) == []
    assert paid_twice(runs) == []


def disabled_in_the_middle(runs: JobRuns) -> str:
    """Disable the workgroup while a statement runs, and enable it when the run has ended; return what that said."""
    with runs.endpoint.faults.held("UNLOAD.*/deliveries/") as release, runs.started(*RUN) as process:
        runs.wait_for("UNLOAD.*/deliveries/", process)
        state("DISABLED")(runs)
        release.set()
        said = process.communicate()[1]
    state("ENABLED")(runs)
    assert process.returncode == 11
    return said


def paid_twice(runs: JobRuns) -> list[str]:
    """Return the names of the statements of which more than one execution has succeeded."""
    journal = FileJournal(runs.period / "r1" / "athena" / "executions.jsonl")
    done = Counter(one.name for one in journal.executions if one.state is State.SUCCEEDED)
    return [name for name, times in done.items() if times > 1]


CALLS = 30
"""Those that the first credentials are good for; each renewed ones are good for so many more. A run makes some 200."""


def test_credentials_that_expire_again_and_again_lose_nothing(runs: JobRuns, embedded: JobRuns) -> None:
    """Each time the run says so, and with new ones it goes on; no statement is started anew."""
    faults = runs.endpoint.faults
    ends = []
    for life in range(1, 9):
        faults.expire_after(life * CALLS)
        with replace(runs, access_key=f"renewed{life}").started(*RUN) as process:
            said = process.communicate()[1].splitlines()[-1]
        ends.append(process.returncode)
        if ends[-1] == 0:
            break
        assert said.startswith("comprova: ")
        assert "credentials" in said
        assert GO_ON in said
    assert ends == [*[11] * (len(ends) - 1), 0]
    assert len(ends) > 3
    runs.sound()
    assert {sql: tokens for sql, tokens in runs.tokens_by_statement().items() if len(tokens) > 1} == {}
    assert runs.differing(embedded) == []


def test_a_table_of_older_columns_is_noticed_before_anything_is_paid(runs: JobRuns) -> None:
    """The columns that the table lacks are named, and `athena setup --update` mends it."""
    source = athena_source(find_job(str(runs.folder / "job.toml"), [builtin_root()]))
    older = raw_table(raw_table_of(source)).replace(",\n  eventcontext string", "")
    with pytest.MonkeyPatch.context() as patched, passing_session(source.place()) as session:
        del patched
        session.execute(drop_table(source.database, "cloudtrail_logs"), source.database, name="drop")
        session.execute(older, source.database, name="create")
    runs.endpoint.faults.reset()
    said = runs.stopped(code=2)
    assert "cloudtrail_logs: expected the columns of today's records, found column eventcontext: none" in said
    assert "athena setup JOB --update" in said
    assert runs.sent() == []
    runs.command(*SETUP, "--update")


ASKED = {
    "identity.root_activity": ROOT,
    "credentials.access_key_events": "'UpdateAccessKey', 'DeleteAccessKey'",
    "logging.trail_changes": "file_validation",
    "logs.late_deliveries": "records_not_read",
    "logs.duplicates": "shared_within_account",
    "logs.coverage_daily": "unmarked_events",
}
"""What befalls these queries, and what tells their statements from others."""

SAID = {
    "identity.root_activity": "GENERIC_INTERNAL_ERROR: no",
    "credentials.access_key_events": "Query cancelled by user",
    "logging.trail_changes": "Bytes scanned limit was exceeded",
    "logs.late_deliveries": "query_minutes",
    "logs.duplicates": "Could not find results",
    "logs.coverage_daily": "rows that a count finds",
}


def test_each_query_that_befalls_something_has_failed_and_the_others_are_answered(
    athena: Endpoint, tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failed, cancelled, cut off, too slow, its rows gone or fewer than there are: no answer, and a reason each.

    The same command does nothing more; with --revise all is asked again, of the same loads.
    """
    job, faults = (
        JobRuns.over(athena, tmp_path / "job", logs, framework="acme.more-1", more="query_minutes = 10"),
        athena.faults,
    )
    job.command(*SETUP)
    faults.fail(ASKED["identity.root_activity"], SAID["identity.root_activity"])
    faults.cancel(ASKED["credentials.access_key_events"])
    faults.cut_off(ASKED["logging.trail_changes"])
    faults.spoil_result(ASKED["logs.duplicates"], ResultFault.LOST)
    faults.spoil_result(ASKED["logs.coverage_daily"], ResultFault.CUT)
    with faults.held(ASKED["logs.late_deliveries"]):
        in_a_hurry(job, monkeypatch)
    ledger = read_ledger(job.period / "r1" / "run.json")
    assert ledger is not None
    failed = {name: entry.message for name, entry in ledger.queries.items() if entry.outcome is not None}
    assert failed.keys() == SAID.keys()
    assert [name for name, words in SAID.items() if words not in failed[name]] == []
    assert {entry.outcome for entry in ledger.queries.values()} == {"failed", None}
    assert outcomes(job) == {**dict.fromkeys(SAID, "failed"), **ANSWERED}
    job.sound()

    faults.started.clear()
    assert job.run(code=11)["untouched"] is True
    assert job.sent() == []
    assert "failed" not in job.run("--revise")["outcomes"]
    assert [sql for sql in job.sent() if "cloudtrail_logs" in sql] == []
    assert outcomes(job, 2).items() >= ANSWERED.items()


ANSWERED = {"logging.logging_stopped": "no-exceptions", "permissions.denied_calls": "recorded"}


def in_a_hurry(job: JobRuns, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a job in this process, with waits that take a hundredth of their time; it ends with code 11."""
    clock = Hurried()

    def hurried(*arguments: Any, **named: Any) -> AthenaSession:
        return AthenaSession(*arguments, **{**named, "clock": clock.now, "sleep": clock.sleep})

    monkeypatch.chdir(job.folder)
    monkeypatch.setattr("comprova.jobs.athena_logs.AthenaSession", hurried)
    result = CliRunner().invoke(app, RUN)
    assert result.exit_code == 11, (result.output, result.exception)


def outcomes(job: JobRuns, revision: int = 1) -> dict[str, str]:
    """Return the outcome of each query of a revision."""
    assessment = json.loads((job.evidence(revision) / "assessment.json").read_text())
    return {query["id"]: query["outcome"] for query in assessment["queries"]}
