"""From what the engine counted to what is said of queries: absence is claimed only where it is proven."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from comprova.collect.asking import Question
from comprova.collect.measured import EventCount, Measured
from comprova.evidence.canonical import write_whole
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.model import Assessment, AssuranceReport, LogFile, QueryResult, Totals
from comprova.evidence.outcomes import Outcome, ReasonCode
from comprova.jobs.judging import Judge
from comprova.jobs.ledger import QueryEntry
from comprova.jobs.logs import Logs
from comprova.jobs.preparation import Choices, prepare
from content_builder import BUILTIN, JOB, PARAMETERS, ROOT_USE, changed, parameter, query_file, write_root

if TYPE_CHECKING:
    from comprova.trail.report import LoadReport

NOW = datetime(2026, 11, 4, tzinfo=UTC)
ACCOUNT, REGION, QUERY = "111122223333", "sa-east-1", "identity.root_use"
DAYS = [date(2026, 10, 1) + timedelta(days=number) for number in range(31)]
BUCKETS = parameter("buckets", "array(varchar)", '["a"]', 'required = true\nresources_of = "data:s3"')
NOTHING: Mapping[str, object] = {
    "data_resources": {},
    "history": {},
    "read": 31,
    "in_period": 31,
    "look_back": 0,
    "duplicates": 0,
    "outside": 0,
    "undated": 0,
    "conflicting_ids": 0,
    "unreadable_requests": 0,
    "unreadable_responses": 0,
}


def judged(path: Path, columns: frozenset[str] = frozenset(), buckets: str = '["a"]', **facts: object) -> QueryResult:
    """Judge a query without rows over a month in which every cell has an event, and return what is said of it."""
    query = query_file(QUERY, more='parameters = ["buckets"]\n').replace('["management:write"]', '["data:s3"]')
    files = {**BUILTIN, ROOT_USE: query, PARAMETERS: BUILTIN[PARAMETERS] + BUCKETS}
    files = changed(files, JOB, "approved =", f"buckets = {buckets}\napproved =")
    prepared = prepare("monthly", [write_root(path / "content", files)], Choices(period="2026-10"), NOW)
    file = LogFile(log_file="a.json.gz", state="read", bytes=1, sha256="1" * 64, records=31, unreadable=0)
    logs = Logs((), cast("LoadReport", None), (file,), frozenset({ACCOUNT}), {}, {}, 0, closed=True, engine="duckdb")
    counts = tuple(EventCount(ACCOUNT, REGION, day, "management:write", 1, 0) for day in DAYS)
    measured = Measured(**{**NOTHING, "counts": counts, **facts})  # type: ignore[arg-type]
    entries = {query.id: QueryEntry(rows=0, seconds=0) for query in prepared.queries}
    layout = EvidenceLayout(path / "evidence")
    write_whole(layout.root / "here", b"")
    questions = [Question(query, None, (), columns) for query in prepared.queries]
    Judge(prepared, logs, measured, entries, layout).write(questions)
    AssuranceReport.model_validate_json(layout.assurance.read_bytes())
    assert Totals.model_validate_json(layout.totals.read_bytes()).balanced
    assessment = Assessment.model_validate_json(layout.assessment.read_bytes())
    return next(result for result in assessment.queries if result.id == QUERY)


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
    assert judged(tmp_path, buckets=buckets, data_resources={"data:s3": frozenset(logged)}).outcome is outcome


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
    logged = {"data:s3": frozenset({"a"})}
    result = judged(tmp_path, frozenset(columns), data_resources=logged, unreadable_requests=3)
    assert result.outcome is outcome
    codes = {reason.code for reason in result.reasons}
    assert (ReasonCode.UNREADABLE_PAYLOADS in codes) == (outcome is Outcome.INCONCLUSIVE)
