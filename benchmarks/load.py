"""Measures raw logs → records against `zcat` of the same files: `python -m benchmarks.load --events 1000000`.

Machines differ and are shared, so only ratios count: zcat and the load take turns, and the best of each is compared. A
load is a process of its own, measured from where it lists the folder to where the records are there, with all of the
processes that it starts; what it takes until its own imports are done is printed beside it, because every run pays that
once. Memory is the greatest sum of the processes' resident sizes, in which what they share counts twice.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from benchmarks.logs import write

from comprova.trail.listing import list_folder
from comprova.trail.store import RecordStore

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


@dataclass(frozen=True, slots=True)
class Target:
    """A figure and its limit."""

    name: str
    figure: float
    limit: float

    def __str__(self) -> str:
        verdict = "met" if self.figure <= self.limit else "missed"
        return f"[target] {self.name:<40}{self.figure:8.2f}   at most {self.limit:6.2f}   {verdict}"


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


def load(logs: Path, store: Path, workers: int) -> tuple[Measure, Measure, int]:
    """Load logs in a process of their own; return the load, the whole process, and its peak memory in bytes."""
    command = [sys.executable, "-m", "benchmarks.load", "--workers", str(workers)]
    command += ["--logs", str(logs), "--store", str(store)]
    watch, peak = Stopwatch(), 0
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603  our own command
        while process.poll() is None:
            peak = max(peak, _resident(process.pid))
            time.sleep(_SAMPLE_SECONDS)
        output = process.stdout.read() if process.stdout else b""
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Measure(**json.loads(output)), watch.stop(), peak


def _resident(pid: int) -> int:
    total = 0
    try:
        process = psutil.Process(pid)
        for one in [process, *process.children(recursive=True)]:
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        return total  # it ended while it was looked at
    return total


def compare(logs: Path, repeat: int, workers: int) -> list[Target]:
    """Measure zcat, a first load and a load with nothing new in turns."""
    plain, first, again = [], [], []
    for _ in range(repeat):
        plain.append(zcat(logs))
        with tempfile.TemporaryDirectory(prefix="comprova-benchmark-") as folder:
            first.append(load(logs, Path(folder), workers))
            again.append(load(logs, Path(folder), workers))
    rows = {
        "zcat": plain,
        "load": [step for step, _, _ in first],
        "  whole process": [whole for _, whole, _ in first],
        "nothing new": [step for step, _, _ in again],
        "  its whole process": [whole for _, whole, _ in again],
    }
    best = {
        name: Measure(min(one.wall for one in several), min(one.cpu for one in several))
        for name, several in rows.items()
    }
    for name, measure in best.items():
        print(f"{name:<22}{measure.wall:8.2f} s wall{measure.cpu:8.2f} s CPU")
    return [
        Target("raw to records, wall ÷ zcat", best["load"].wall / best["zcat"].wall, 1.0),
        Target("raw to records, CPU ÷ zcat", best["load"].cpu / best["zcat"].cpu, 2.0),
        Target("raw to records, peak memory in MB", max(peak for _, _, peak in first) / 1e6, 600),
        Target("nothing new, wall ÷ zcat", best["nothing new"].wall / best["zcat"].wall, 0.4),
    ]


def main() -> None:
    """Write logs, or take a folder of them, and print what loading them takes beside the targets."""
    parser = argparse.ArgumentParser(description="Measure raw logs to records against zcat.")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--events-per-file", type=int, help="the same in each file; default: as real trails have")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--logs", type=Path, help="a folder of logs, instead of written ones")
    parser.add_argument("--store", type=Path, help="only load --logs into this folder and print what it took")
    options = parser.parse_args()
    if options.store:
        watch = Stopwatch()
        with RecordStore(options.store) as store:
            store.load(list_folder(options.logs), workers=options.workers)
        measure = watch.stop()
        print(json.dumps({"wall": measure.wall, "cpu": measure.cpu}))
        return
    with tempfile.TemporaryDirectory(prefix="comprova-benchmark-") as folder:
        logs = options.logs or Path(folder) / "logs"
        if options.logs is None:
            files = write(logs, options.events, events_per_file=options.events_per_file)
            print(f"{options.events:,} events in {files:,} files")
        print(f"{options.workers} processes, best of {options.repeat}")
        for target in compare(logs, options.repeat, options.workers):
            print(target)


if __name__ == "__main__":
    main()
