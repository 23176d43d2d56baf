"""One run per job and period at a time, one writer of a file at a time: locks that end with the process."""

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


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Wait until no other command changes the files of a folder that people edit; nothing is left behind in it."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
