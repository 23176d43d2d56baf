"""Measures raw logs → records against `zcat` of the same files in the same run: `python -m benchmarks.load --events
1000000`.

Machines differ and are shared, so only ratios are compared: zcat and the load take turns, and the best of each counts.
The load is measured from the start of its interpreter to its end, with all its processes; memory is the greatest sum of
their resident sizes, in which what they share counts twice.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

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
        peak: Bytes of memory at most.
    """

    wall: float
    cpu: float
    peak: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """A figure and its limit."""

    name: str
    figure: float
    limit: float

    def __str__(self) -> str:
        verdict = "met" if self.figure <= self.limit else "missed"
        return f"[target] {self.name:<44}{self.figure:8.2f}   at most {self.limit:6.2f}   {verdict}"


def measured(commands: Sequence[Sequence[str]]) -> Measure:
    """Run commands one after another and measure them with their child processes."""
    before, start, peak = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), 0
    for command in commands:
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # noqa: S603  our own commands
            while process.poll() is None:
                peak = max(peak, _resident(process.pid))
                time.sleep(_SAMPLE_SECONDS)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Measure(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak)


def _resident(pid: int) -> int:
    total = 0
    try:
        process = psutil.Process(pid)
        for one in [process, *process.children(recursive=True)]:
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        pass  # it ended while it was looked at; the sample is as good as none
    return total


def zcat(logs: Path) -> Measure:
    """Measure what one core needs to inflate the logs with zcat."""
    files = sorted(map(str, logs.rglob("*.gz")))
    return measured(
        [["zcat", *files[start : start + _FILES_AT_A_TIME]] for start in range(0, len(files), _FILES_AT_A_TIME)]
    )


def load(logs: Path, store: Path, workers: int) -> Measure:
    """Measure a process that loads the logs into a store."""
    return measured(
        [
            [
                sys.executable,
                "-m",
                "benchmarks.load",
                "--logs",
                str(logs),
                "--store",
                str(store),
                "--workers",
                str(workers),
            ]
        ]
    )


def compare(logs: Path, repeat: int, workers: int) -> list[Target]:
    """Measure zcat, a first load and a load with nothing new in turns."""
    plain, first, again = [], [], []
    for _ in range(repeat):
        plain.append(zcat(logs))
        with tempfile.TemporaryDirectory(prefix="comprova-benchmark-") as folder:
            first.append(load(logs, Path(folder), workers))
            again.append(load(logs, Path(folder), workers))
    wall, cpu = min(one.wall for one in plain), min(one.cpu for one in plain)
    print(f"zcat            {wall:7.2f} s wall   {cpu:7.2f} s CPU")
    for name, several in (("load", first), ("nothing new", again)):
        best = min(several, key=lambda one: one.wall)
        print(f"{name:<16}{best.wall:7.2f} s wall   {min(one.cpu for one in several):7.2f} s CPU")
    return [
        Target("raw to records, wall ÷ zcat", min(one.wall for one in first) / wall, 1.0),
        Target("raw to records, CPU ÷ zcat", min(one.cpu for one in first) / cpu, 2.0),
        Target("raw to records, peak memory in MB", max(one.peak for one in first) / 1e6, 600),
        Target("nothing new, wall ÷ zcat", min(one.wall for one in again) / wall, 0.4),
    ]


def main() -> None:
    """Load a folder, if one is named; otherwise write logs, measure, and print the figures beside their targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--events-per-file", type=int, help="the same in each file; default: as real trails have")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--logs", type=Path, help="a folder of logs, instead of written ones")
    parser.add_argument("--store", type=Path, help="load --logs into this folder, and measure nothing")
    options = parser.parse_args()
    if options.store:
        with RecordStore(options.store) as store:
            report = store.load(list_folder(options.logs), workers=options.workers)
        print(report.records)
        return
    with tempfile.TemporaryDirectory(prefix="comprova-benchmark-") as folder:
        logs = options.logs or Path(folder) / "logs"
        if options.logs is None:
            files = write(logs, options.events, events_per_file=options.events_per_file)
            print(
                f"{options.events:,} events in {files:,} files, {options.workers} processes, best of {options.repeat}"
            )
        for target in compare(logs, options.repeat, options.workers):
            print(target)


if __name__ == "__main__":
    main()
