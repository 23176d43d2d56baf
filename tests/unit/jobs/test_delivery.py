"""Which delivery dates belong to a run."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from comprova.jobs.delivery import delivered_in, delivery_dates
from comprova.jobs.preparation import Choices, prepare
from content_builder import BUILTIN, JOB, changed, write_root

NOW = datetime(2026, 11, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time_zone", "last"),
    [("UTC", date(2026, 11, 2)), ("America/Sao_Paulo", date(2026, 11, 3)), ("Asia/Kolkata", date(2026, 11, 2))],
)
def test_two_days_after_the_period_are_read_too(tmp_path: Path, time_zone: str, last: date) -> None:
    """A file dated D may hold events of the days before it, so a run reads until two days after its period's end."""
    job = changed(BUILTIN, JOB, "America/Sao_Paulo", time_zone)
    run = prepare("monthly", [write_root(tmp_path, job)], Choices(period="2026-10"), NOW)
    assert delivery_dates(run) == (run.history_start.date(), last)


def test_a_loose_file_without_a_date_always_belongs() -> None:
    """Nobody can tell of when its events are before it is read."""
    dates = (date(2026, 10, 1), date(2026, 11, 3))
    asked = (None, date(2026, 9, 30), date(2026, 10, 1), date(2026, 11, 3), date(2026, 11, 4))
    assert [delivered_in(day, dates) for day in asked] == [True, False, True, True, False]
