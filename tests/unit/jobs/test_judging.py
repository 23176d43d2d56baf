"""From what the engine counted to what is said of queries: absence is claimed only where it is proven."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from comprova.collect.asking import Question
from comprova.collect.measured import EventCount, Measured, ResourceDay
from comprova.evidence.canonical import write_whole
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.model import Assessment, AssuranceReport, LogFile, QueryResult, Reason, Totals
from comprova.evidence.outcomes import Outcome, ReasonCode
from comprova.jobs.judging import Judge
from comprova.jobs.ledger import QueryEntry
from comprova.jobs.logs import Logs
from comprova.jobs.preparation import Choices, prepare
from content_builder import BUILTIN, JOB, PARAMETERS, ROOT_USE, changed, parameter, query_file, write_root
from unit.jobs.read_logs import ACCOUNT, ATHENA, NO_EARLIER, logs_of

NOW = datetime(2026, 11, 4, tzinfo=UTC)
REGION, QUERY = "sa-east-1", "identity.root_use"
DAYS = [date(2026, 10, 1) + timedelta(days=number) for number in range(31)]
BUCKETS = parameter("buckets", "array(varchar)", '["a"]', 'required = true\nresources_of = "data:s3"')
NOTHING: Mapping[str, object] = {
    "trail_calls": (),
    "data_resources": {},
    "history": {},
    "read": 31,
    "in_period": 31,
    "look_back": 0,
    "duplicates": 0,
    "outside": 0,
    "undated": 0,
    "conflicting_ids": 0,
    "without_id": 0,
    "unreadable_requests": 0,
    "unreadable_responses": 0,
}
LOG = LogFile(log_file="a.json.gz", state="read", bytes=1, sha256="1" * 64, records=31, unreadable=0)
IN_S3 = LogFile(log_file="a.json.gz", state="read", bytes=1, sha256="", records=31, unreadable=None, etag="e")
LOGS = logs_of(LOG)
NO_ROWS = QueryEntry(rows=0, seconds=0)


def seen(*buckets: str) -> Mapping[str, Mapping[str, tuple[ResourceDay, ...]]]:
    """Return one data event on each of some buckets."""
    moment = datetime(2026, 10, 9, 12, tzinfo=UTC)
    return {"data:s3": {bucket: (ResourceDay(moment.date(), moment, moment),) for bucket in buckets}}


LOGGED = seen("a")


@dataclass(frozen=True)
class Judged:
    """What is said of a query, of the trail, and in total; and the list of log files."""

    result: QueryResult
    assurance: AssuranceReport
    totals: Totals
    files: str


def judged(
    path: Path,
    columns: frozenset[str] = frozenset(),
    buckets: str = '["a"]',
    *,
    logs: Logs = LOGS,
    entry: QueryEntry = NO_ROWS,
    **facts: object,
) -> Judged:
    """Judge a query, without rows if not told otherwise, over a month in which every cell has an event."""
    query = query_file(QUERY, more='parameters = ["buckets"]\n').replace('["management:write"]', '["data:s3"]')
    files = {**BUILTIN, ROOT_USE: query, PARAMETERS: BUILTIN[PARAMETERS] + BUCKETS}
    files = changed(files, JOB, "approved =", f"buckets = {buckets}\napproved =")
    prepared = prepare("monthly", [write_root(path / "content", files)], Choices(period="2026-10"), NOW)
    prepared = replace(prepared, max_scan=10**9)
    counts = tuple(EventCount(ACCOUNT, REGION, day, "management:write", 1, 0) for day in DAYS)
    measured = Measured(**{**NOTHING, "counts": counts, **facts})  # type: ignore[arg-type]
    entries = dict.fromkeys((query.id for query in prepared.queries), entry)
    layout = EvidenceLayout(path / "evidence")
    write_whole(layout.root / "here", b"")
    questions = [Question(query, None, (), columns) for query in prepared.queries]
    Judge(prepared, logs, measured, entries, layout).write(questions, NO_EARLIER)
    assurance = AssuranceReport.model_validate_json(layout.assurance.read_bytes())
    totals = Totals.model_validate_json(layout.totals.read_bytes())
    assert totals.balanced
    assessment = Assessment.model_validate_json(layout.assessment.read_bytes())
    result = next(result for result in assessment.queries if result.id == QUERY)
    return Judged(result, assurance, totals, layout.files.read_text())


@pytest.mark.parametrize(
    ("buckets", "logged", "outcome"),
    [
        ('["a"]', {"a"}, Outcome.NO_EXCEPTIONS),
        ('["a", "b"]', {"a"}, Outcome.INCONCLUSIVE),
        ('["a"]', set(), Outcome.INCONCLUSIVE),
        ("[]", {"a"}, Outcome.INCONCLUSIVE),
    ],
)
def test_data_events_are_proven_per_resource(tmp_path: Path, buckets: str, logged: set[str], outcome: Outcome) -> None:
    """Each bucket that the job names needs an event of its own; where it names none, nothing was examined."""
    assert judged(tmp_path, buckets=buckets, data_resources=seen(*logged)).result.outcome is outcome


@pytest.mark.parametrize(
    ("columns", "outcome"),
    [
        ({"event_id"}, Outcome.NO_EXCEPTIONS),
        ({"request"}, Outcome.INCONCLUSIVE),
        ({"request", "request_state"}, Outcome.NO_EXCEPTIONS),
        ({"response"}, Outcome.NO_EXCEPTIONS),
    ],
)
def test_an_omitted_request_counts_for_queries_that_read_it(
    tmp_path: Path, columns: set[str], outcome: Outcome
) -> None:
    """A query that reads the state of requests too says itself what it makes of those that nobody can read."""
    result = judged(tmp_path, frozenset(columns), data_resources=LOGGED, unreadable_requests=3).result
    assert result.outcome is outcome
    codes = {reason.code for reason in result.reasons}
    assert (ReasonCode.UNREADABLE_PAYLOADS in codes) == (outcome is Outcome.INCONCLUSIVE)


def test_what_athena_cannot_count_is_not_zero(tmp_path: Path) -> None:
    """Neither figures nor the list of files say zero, and assurance says which figures are missing."""
    said = judged(tmp_path, logs=logs_of(IN_S3, of=ATHENA), data_resources=LOGGED)
    assert (said.totals.misfits, said.totals.unreadable_records) == (None, None)
    assert said.files.splitlines()[1] == '"a.json.gz","read","1","","31","","e"'
    figures = Reason(code=ReasonCode.NOT_COUNTED, facts={"figures": ("misfits", "unreadable-records")})
    assert figures in said.assurance.reasons
    assert said.result.outcome is Outcome.NO_EXCEPTIONS  # it is the assurance that is lower, not what was examined


def test_the_embedded_engine_counts_everything(tmp_path: Path) -> None:
    """It read every file itself, so zero is a figure."""
    said = judged(tmp_path, data_resources=LOGGED)
    assert (said.totals.misfits, said.totals.unreadable_records) == ({}, 0)
    assert ReasonCode.NOT_COUNTED not in {reason.code for reason in said.assurance.reasons}
    assert said.files.splitlines()[1] == f'"a.json.gz","read","1","{"1" * 64}","31","0",""'


@pytest.mark.parametrize("state", ["no_rows", "damaged", "not_loaded", "over_budget", "not_in_table", "unreadable"])
def test_a_file_that_was_not_read_leaves_absence_open(tmp_path: Path, state: str) -> None:
    """Whatever the reason, nothing is claimed to be absent from what nobody examined."""
    said = judged(tmp_path, logs=logs_of(IN_S3.model_copy(update={"state": state}), of=ATHENA), data_resources=LOGGED)
    assert said.result.outcome is Outcome.INCONCLUSIVE
    assert Reason(code=ReasonCode.UNREADABLE_FILES, facts={"files": 1}) in said.assurance.reasons


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome.NOT_RUN, Reason(code=ReasonCode.OVER_BUDGET, facts={"limit": 10**9})),
        (Outcome.FAILED, Reason(code=ReasonCode.ENGINE, facts={"message": "no"})),
    ],
)
def test_why_there_is_no_result_is_told(tmp_path: Path, outcome: Outcome, reason: Reason) -> None:
    """A query that was over budget says the limit, one that the engine refused what it said."""
    entry = QueryEntry(outcome=outcome, message="no", seconds=0)
    said = judged(tmp_path, entry=entry)
    assert (said.result.outcome, said.result.reasons, said.result.rows) == (outcome, (reason,), None)
