"""What the benchmarks share: stopwatches, `zcat` to compare with, targets.

Machines differ and are shared, so only ratios count, of what was measured in turns in one run. What is measured is a
process of its own. Memory is the greatest sum of the resident sizes of it and of those that it starts, in which what
they share counts twice.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from benchmarks.logs import write

_SAMPLE_SECONDS = 0.02
_FILES_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class Measure:
    """What a piece of work took.

    Attributes:
        wall: Seconds that passed.
        cpu: Seconds of all processors, user and system, of all its processes.
    """

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:8.2f} s wall{self.cpu:8.2f} s CPU"


@dataclass(frozen=True, slots=True)
class Alone:
    """What a process took.

    Attributes:
        whole: From its start to its end.
        parts: Pieces of its work, as it measured them itself.
        peak: Bytes of memory.
    """

    whole: Measure
    parts: Mapping[str, Measure]
    peak: int


@dataclass(frozen=True, slots=True)
class Target:
    """A figure and its limit."""

    name: str
    figure: float
    limit: float

    def __str__(self) -> str:
        verdict = "met" if self.figure <= self.limit else "missed"
        return f"[target] {self.name:<40}{self.figure:8.2f}   at most {self.limit:8.2f}   {verdict}"


class Stopwatch:
    """Measures this process and its children from when it is made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), _cpu()

    def stop(self) -> Measure:
        """Return what was taken since; children count once they have ended."""
        return Measure(time.perf_counter() - self._wall, _cpu() - self._cpu)


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def zcat(logs: Path) -> Measure:
    """Measure what one core needs to inflate the logs with zcat."""
    files = sorted(map(str, logs.rglob("*.gz")))
    watch = Stopwatch()
    for start in range(0, len(files), _FILES_AT_A_TIME):
        subprocess.run(  # noqa: S603  files of our own
            ["zcat", *files[start : start + _FILES_AT_A_TIME]],  # noqa: S607
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return watch.stop()


def tell(parts: Mapping[str, Measure]) -> None:
    """Print what parts of this process's work took, for `alone` in the process that started it."""
    print(json.dumps({name: asdict(measure) for name, measure in parts.items()}))


def alone(module: str, *arguments: str | Path) -> Alone:
    """Run a module in a process of its own that ends with `tell`."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    watch, peak = Stopwatch(), 0
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603  our own command
        while process.poll() is None:
            peak = max(peak, _resident(process.pid))
            time.sleep(_SAMPLE_SECONDS)
        output = process.stdout.read() if process.stdout else b""
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    parts = {name: Measure(**measure) for name, measure in json.loads(output).items()}
    return Alone(watch.stop(), parts, peak)


def _resident(pid: int) -> int:
    total = 0
    try:
        process = psutil.Process(pid)
        for one in [process, *process.children(recursive=True)]:
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        return total  # it ended while it was looked at
    return total


def best(measures: Sequence[Measure]) -> Measure:
    """Return the least of what the same work took."""
    return Measure(min(one.wall for one in measures), min(one.cpu for one in measures))


def log_options(parser: argparse.ArgumentParser, repeat: int) -> None:
    """Add the options that say of which logs, and how often, to measure."""
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--events-per-file", type=int, help="the same in each file; default: as real trails have")
    parser.add_argument("--repeat", type=int, default=repeat)
    parser.add_argument("--logs", type=Path, help="a folder of logs, instead of written ones")


@contextmanager
def logs_of(options: argparse.Namespace) -> Iterator[Path]:
    """Write logs, or take the folder that the options name, and say what is measured."""
    with tempfile.TemporaryDirectory(prefix="comprova-benchmark-") as folder:
        logs = options.logs or Path(folder) / "logs"
        if options.logs is None:
            files = write(logs, options.events, events_per_file=options.events_per_file)
            print(f"{options.events:,} events in {files:,} files")
        print(f"best of {options.repeat}", flush=True)
        yield logs
