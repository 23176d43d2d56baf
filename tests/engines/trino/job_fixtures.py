"""pytest's fixtures of whole jobs: log files, a job that is set up, and what the embedded engine seals of the same."""

from pathlib import Path

import pytest

from athena_endpoint.endpoint import Endpoint
from engines.trino.job_runs import SETUP, JobRuns, generated_logs


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate the log files of a few days, once."""
    return generated_logs(tmp_path_factory.mktemp("generated"))


@pytest.fixture
def runs(athena: Endpoint, tmp_path: Path, logs: Path) -> JobRuns:
    """Give a job that asks four questions, set up, and not run yet."""
    job = JobRuns.over(athena, tmp_path / "job", logs)
    job.command(*SETUP)
    athena.faults.reset()
    return job


@pytest.fixture(scope="session")
def embedded(running_athena: Endpoint, logs: Path, tmp_path_factory: pytest.TempPathFactory) -> JobRuns:
    """Run the same job once with the embedded engine, over the same logs."""
    job = JobRuns.over(running_athena, tmp_path_factory.mktemp("embedded"), logs)
    job.run("--logs", str(logs))
    return job
