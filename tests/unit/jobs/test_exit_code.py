"""How a run ends follows from its evidence alone."""

from dataclasses import replace

import pytest

from comprova.errors import ExitCode
from comprova.evidence.outcomes import Outcome
from comprova.evidence.reader import Evidence, open_evidence
from comprova.jobs.definition import JobLimits
from comprova.jobs.run import exit_code
from evidence_factory import make_evidence

FORGIVING = JobLimits(gap_percent=100, unreadable_files=1, unreadable_records=9)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Return evidence with a query of every outcome, gaps in 4 of its 186 cells, and one file that was not read."""
    return open_evidence(make_evidence(tmp_path_factory.mktemp("run") / "evidence").root)


def only(evidence: Evidence, *outcomes: Outcome) -> Evidence:
    """Return the evidence with the queries of some outcomes."""
    queries = tuple(query for query in evidence.assessment.queries if query.outcome in outcomes)
    return replace(evidence, assessment=evidence.assessment.model_copy(update={"queries": queries}))


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_failed_or_was_not_run_is_incomplete(evidence: Evidence, outcome: Outcome) -> None:
    """Every other outcome is an answer, also one that concludes nothing."""
    incomplete = outcome in {Outcome.FAILED, Outcome.NOT_RUN}
    expected = ExitCode.INCOMPLETE if incomplete else ExitCode.COMPLETE
    assert exit_code(only(evidence, outcome), FORGIVING, fail_on_exceptions=False) is expected


def test_exceptions_count_only_where_asked(evidence: Evidence) -> None:
    """And what failed weighs more."""
    found = only(evidence, Outcome.EXCEPTIONS, Outcome.RECORDED)
    assert exit_code(found, FORGIVING, fail_on_exceptions=True) is ExitCode.EXCEPTIONS
    assert exit_code(found, FORGIVING, fail_on_exceptions=False) is ExitCode.COMPLETE
    both = only(evidence, Outcome.EXCEPTIONS, Outcome.FAILED)
    assert exit_code(both, FORGIVING, fail_on_exceptions=True) is ExitCode.INCOMPLETE


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (JobLimits(gap_percent=2.2, unreadable_files=1, unreadable_records=9), ExitCode.COMPLETE),
        (JobLimits(gap_percent=2.1, unreadable_files=1, unreadable_records=9), ExitCode.INCOMPLETE),
        (JobLimits(gap_percent=2.2, unreadable_files=0, unreadable_records=9), ExitCode.INCOMPLETE),
        (JobLimits(gap_percent=2.2, unreadable_files=1, unreadable_records=0), ExitCode.INCOMPLETE),
    ],
)
def test_the_job_says_how_much_may_be_missing(evidence: Evidence, limits: JobLimits, code: ExitCode) -> None:
    """Gaps in 4 of 186 cells are 2.15 percent."""
    assert exit_code(only(evidence, Outcome.RECORDED), limits, fail_on_exceptions=False) is code


def test_a_trail_without_a_cell_is_missing_whole(evidence: Evidence) -> None:
    """No limit forgives that nothing was there."""
    empty = replace(only(evidence), assurance=evidence.assurance.model_copy(update={"cells": ()}))
    assert exit_code(empty, FORGIVING, fail_on_exceptions=False) is ExitCode.INCOMPLETE
