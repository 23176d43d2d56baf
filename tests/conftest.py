"""What holds for all tests."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# A machine that does other work is no fault of the code: properties are judged by what they find, not by how fast.
settings.register_profile("comprova", deadline=None)
settings.load_profile("comprova")


_LONG = Path(__file__).with_name("end_to_end")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take minutes, in their random order, so that all processes end with short ones."""
    items.sort(key=lambda item: _LONG not in item.path.parents)


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Have SIGINT raise KeyboardInterrupt, also where the tests were started in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
