"""Starts the processes that render, two at a time, and takes their files from them."""

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO, Generic, TypeVar

from comprova.documents.isolation import scrubbed
from comprova.documents.process import AnyTask
from comprova.errors import ContentError, EngineError, Problem

AT_A_TIME = 2
"""Each may need some hundred megabytes."""

_MODULE = "comprova.documents.process"

KeyT = TypeVar("KeyT")


def rendered(tasks: Mapping[KeyT, AnyTask]) -> Generator[tuple[KeyT, Mapping[str, bytes]]]:
    """Yield the files of each task as they are done; if one fails, or the caller leaves, the others are stopped.

    Raises:
        ContentError: A document cannot be made: what it found and expected.
        EngineError: A process died, most likely for want of memory.
    """
    with tempfile.TemporaryDirectory(prefix="comprova-home-") as home, ThreadPoolExecutor(AT_A_TIME) as pool:
        processes = _Processes[KeyT](Path(home))
        waiting = {pool.submit(processes.run, key, task): key for key, task in tasks.items()}
        try:
            for done in as_completed(waiting):
                yield waiting.pop(done), done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            processes.stop()


class _Processes(Generic[KeyT]):
    """The processes under way, each for one task."""

    def __init__(self, home: Path) -> None:
        self._environment = scrubbed(os.environ, home)
        self._running: dict[KeyT, subprocess.Popen[bytes]] = {}
        self._stopped = False
        self._lock = Lock()

    def run(self, key: KeyT, task: AnyTask) -> Mapping[str, bytes]:
        """Render one document in a process of its own, and return its files by name."""
        with self._lock:
            if self._stopped:
                return {}
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", _MODULE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=self._environment,
                start_new_session=True,  # Ctrl-C is for this process, which stops the others itself
            )
            self._running[key] = process
        try:
            with process:
                return _files(process, task)
        finally:
            process.kill()
            with self._lock:
                del self._running[key]

    def stop(self) -> None:
        """End what is under way: whoever asked to stop does not wait for it."""
        with self._lock:
            self._stopped = True
            for process in self._running.values():
                process.kill()


def _files(process: subprocess.Popen[bytes], task: AnyTask) -> Mapping[str, bytes]:
    asked, answers = _piped(process.stdin), _piped(process.stdout)
    try:
        asked.write(pickle.dumps(task))
        asked.flush()  # and left open: its end would end the process
        said = json.loads(answers.readline() or b"{}")
        files = {name: answers.read(size) for name, size in said.get("files", {}).items()}
    except BrokenPipeError:
        said, files = {}, {}
        with suppress(BrokenPipeError):
            asked.close()  # what it never read
    if "fault" in said:
        raise RuntimeError(said["fault"])
    if "problems" in said:
        raise ContentError(Problem(*problem) for problem in said["problems"])
    if not said or any(len(files[name]) != size for name, size in said["files"].items()):
        raise EngineError(
            Problem("documents", "processes that end their work", "one that died", "Is there enough memory?")
        )
    return files


def _piped(end: IO[bytes] | None) -> IO[bytes]:
    if end is None:
        message = "the process was started without a pipe"
        raise TypeError(message)
    return end
