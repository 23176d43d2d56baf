"""Which delivery dates belong to a run: a log file dated D may hold events of the days before it."""

from datetime import date, timedelta

from comprova.jobs.preparation import Prepared
from comprova.jobs.sources import AthenaSource
from comprova.period import CLOSING_DELAY


def delivery_dates(prepared: Prepared) -> tuple[date, date]:
    """Return the first and last UTC delivery date, both included, that can hold events of the period or look-back.

    On Athena none is before the first that the raw table shows: look-back is held from there on, and says so.
    """
    first, source = prepared.history_start.date(), prepared.source
    if isinstance(source, AthenaSource):
        first = max(first, source.start)
    last_instant = prepared.period.end + CLOSING_DELAY - timedelta(microseconds=1)
    return first, last_instant.date()


def delivered_in(day: date | None, dates: tuple[date, date]) -> bool:
    """Tell whether a delivery date belongs to the run; a loose file without a date always does."""
    return day is None or dates[0] <= day <= dates[1]
