"""The clock of a command: the one place that reads it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic


def steady_clock() -> Callable[[], datetime]:
    """Return a clock of aware moments that starts at the system's time and never goes back.

    The system's own clock may be set back while a run is under way: then a query would take less than no time, and an
    attempt would end before it began.
    """
    start, begun = datetime.now(UTC), monotonic()
    return lambda: start + timedelta(seconds=monotonic() - begun)
