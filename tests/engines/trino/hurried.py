"""A clock for tests whose faults take long."""

import threading
import time
from datetime import UTC, datetime, timedelta


class Hurried:
    """Waits a hundredth of what is asked, and lets all of it pass for the thread that waited."""

    def __init__(self) -> None:
        self._passed = threading.local()

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.now(UTC) + timedelta(seconds=getattr(self._passed, "seconds", 0.0))

    def sleep(self, seconds: float) -> None:
        """Wait a little."""
        time.sleep(seconds / 100)
        self._passed.seconds = getattr(self._passed, "seconds", 0.0) + seconds
