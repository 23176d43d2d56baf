"""Processes that work beside the one that was started: Ctrl-C is left to that one, and none of them outlives it."""

import os
import signal
import threading
from multiprocessing import parent_process


def obey_parent() -> None:
    """Begin a process that another one started: leave Ctrl-C to that one, and end when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
