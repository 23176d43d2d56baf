"""pytest's fixtures of the endpoint; a conftest imports them where tests need them."""

from collections.abc import Iterator

import pytest

from athena_endpoint.caller import Caller
from athena_endpoint.endpoint import Endpoint
from athena_endpoint.trino_home import reason_missing


@pytest.fixture(scope="session")
def running_athena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Run AWS on loopback, with Athena on Trino, for the whole session."""
    if reason := reason_missing():
        pytest.skip(reason)
    with Endpoint(tmp_path_factory.mktemp("athena")) as endpoint:
        yield endpoint


@pytest.fixture
def athena(running_athena: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """Give AWS on loopback, with the environment set for it; nothing goes wrong that the test does not want to."""
    for name, value in running_athena.environment.items():
        monkeypatch.setenv(name, value)
    yield running_athena
    running_athena.faults.reset()


@pytest.fixture
def caller(athena: Endpoint) -> Caller:
    """Give somebody with a database, a workgroup and a bucket of their own."""
    return Caller(athena)
