"""One run per job and period at a time, by a lock that the system releases when the process dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comprova.errors import BusyError, Problem


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the lock of a job's period folder.

    Raises:
        BusyError: Another process holds it; nothing was touched.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(
                Problem(
                    str(folder), "no other run of this job and period", "one that is running", "Wait until it ends."
                )
            ) from error
        yield
    finally:
        os.close(descriptor)
