"""One endpoint, one Trino, for all tests that need them."""

from athena_endpoint.fixtures import athena, caller, running_athena
from engines.trino.job_fixtures import embedded, logs, runs

__all__ = ["athena", "caller", "embedded", "logs", "running_athena", "runs"]
