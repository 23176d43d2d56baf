"""Measures raw logs → records against `zcat` of the same files: `python -m benchmarks.load --events 1000000`.

A load is measured from where it lists the folder to where the records are there; what it takes until its own imports
are done is printed beside it, because every run pays that once.
"""

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks.measure import Measure, Stopwatch, Target, alone, best, log_options, logs_of, tell, zcat

from comprova.trail.listing import list_folder
from comprova.trail.store import RecordStore

_LOAD = "load"


def compare(logs: Path, repeat: int, workers: int) -> list[Target]:
    """Measure zcat, a first load and a load with nothing new in turns."""
    plain, first, again = [], [], []
    for _ in range(repeat):
        plain.append(zcat(logs))
        with tempfile.TemporaryDirectory(prefix="comprova-benchmark-") as store:
            command = ("benchmarks.load", "--workers", str(workers), "--logs", logs, "--store", store)
            first.append(alone(*command))
            again.append(alone(*command))
    rows: dict[str, Measure] = {
        "zcat": best(plain),
        "load": best([one.parts[_LOAD] for one in first]),
        "  whole process": best([one.whole for one in first]),
        "nothing new": best([one.parts[_LOAD] for one in again]),
        "  its whole process": best([one.whole for one in again]),
    }
    for name, measure in rows.items():
        print(f"{name:<22}{measure}")
    return [
        Target("raw to records, wall ÷ zcat", rows["load"].wall / rows["zcat"].wall, 1.0),
        Target("raw to records, CPU ÷ zcat", rows["load"].cpu / rows["zcat"].cpu, 2.0),
        Target("raw to records, peak memory in MB", max(one.peak for one in first) / 1e6, 600),
        Target("nothing new, wall ÷ zcat", rows["nothing new"].wall / rows["zcat"].wall, 0.4),
    ]


def main() -> None:
    """Write logs, or take a folder of them, and print what loading them takes beside the targets."""
    parser = argparse.ArgumentParser(description="Measure raw logs to records against zcat.")
    log_options(parser, repeat=3)
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--store", type=Path, help="only load --logs into this folder and print what it took")
    options = parser.parse_args()
    if options.store:
        watch = Stopwatch()
        with RecordStore(options.store) as store:
            store.load(list_folder(options.logs), workers=options.workers)
        tell({_LOAD: watch.stop()})
        return
    with logs_of(options) as logs:
        for target in compare(logs, options.repeat, options.workers):
            print(target)


if __name__ == "__main__":
    main()
