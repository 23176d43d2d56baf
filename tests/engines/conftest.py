"""Builds `activity` and `deliveries` of whole records."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from case_bench import open_engine
from comprova.jobs.case_bench import write_trail
from engines.built import PERIOD, Built, read_views

Build = Callable[..., Built]


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Give a function that writes (log file, record) pairs as a trail, and returns both views over October 2026."""

    def build_views(
        records: Sequence[tuple[str, Mapping[str, Any]]],
        history_start: datetime = PERIOD.start,
        empty: Sequence[str] = (),
    ) -> Built:
        folder = tmp_path_factory.mktemp("trail")
        write_trail(folder / "trail", records, empty)
        engine = open_engine(folder / "trail", folder / "work", PERIOD, history_start)
        try:
            return read_views(engine)
        finally:
            engine.close()

    return build_views
