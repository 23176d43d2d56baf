"""One endpoint, one Trino, for all tests that need them."""

from athena_endpoint.fixtures import athena, caller, running_athena

__all__ = ["athena", "caller", "running_athena"]
