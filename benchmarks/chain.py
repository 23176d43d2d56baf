"""Measures the whole chain against `zcat` of the same files: `python -m benchmarks.chain --events 5000000`.

The chain is `comprova run` from its start until the evidence is sealed: content, statements, raw logs → records →
activity → all queries of the catalog. Documents are left out: a run is stopped where they begin. A second run finds
the same logs and the sealed evidence.
"""

import argparse
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Measure, Stopwatch, Target, alone, best, log_options, logs_of, tell, zcat

from comprova.content import builtin_root
from comprova.jobs.preparation import Choices, prepare
from comprova.jobs.run import run_job

_JOB = "chain"
_PERIOD = "2026-10"
_NOW = datetime(2026, 11, 10, tzinfo=UTC)
_STEPS = {
    "log files": "load",
    "activity": "activity",
    "queries": "queries",
}
_DOCUMENTS = "documents"


class _SealedError(Exception):
    """The evidence is sealed, and documents would begin."""


class _Steps:
    """Measures the steps of a run, and stops it when documents begin."""

    def __init__(self) -> None:
        self.parts: dict[str, Measure] = {}
        self._between = "content and statements"
        self._watch = Stopwatch()

    def begin(self, step: str, total: int | None = None) -> None:
        """A step begins, and with it ends what came before."""
        del total
        self._part(self._between)
        if step == _DOCUMENTS:
            raise _SealedError

    def advance(self, part: str) -> None:
        """One part of a step is over."""

    def end(self, step: str, **_facts: str | float) -> None:
        """A step is over."""
        self._part(step)
        self._between = f"after {step}"

    def _part(self, name: str) -> None:
        self.parts[name] = self._watch.stop()
        self._watch = Stopwatch()


def run(logs: Path, out: Path) -> None:
    """Run a job over all queries until its evidence is sealed, and tell what the steps took."""
    steps = _Steps()
    job = out / "jobs" / f"{_JOB}.toml"
    job.parent.mkdir(parents=True, exist_ok=True)
    # Of the demo, whose parameters no query lacks.
    jobs = builtin_root().folder("jobs")
    demo = (jobs / "demo.toml").read_text(encoding="utf-8")
    job.write_text(demo.replace('"demo"', f'"{_JOB}"', 1), encoding="utf-8")
    shutil.copy(jobs / "demo.acceptances.toml", job.parent)
    prepared = prepare(str(job), [builtin_root()], Choices(period=_PERIOD, logs=logs, out=out), _NOW)
    try:
        run_job(prepared, lambda: _NOW, steps)
    except _SealedError:
        tell(steps.parts)


def compare(logs: Path, repeat: int) -> list[Target]:
    """Measure zcat, a first run and a run with nothing new in turns."""
    plain, first, again = [], [], []
    for _ in range(repeat):
        plain.append(zcat(logs))
        with tempfile.TemporaryDirectory(prefix="comprova-benchmark-") as out:
            command = ("benchmarks.chain", "--logs", logs, "--out", out)
            first.append(alone(*command))
            again.append(alone(*command))
    inflated = best(plain)
    print(f"{'zcat':<32}{inflated}")
    for title, runs in (("first run", first), ("nothing new", again)):
        print(f"{title:<32}{best([one.whole for one in runs])}")
        for part in runs[0].parts:
            print(f"  {part:<30}{best([one.parts[part] for one in runs])}")
    return [
        Target("raw to evidence, wall ÷ zcat", best([one.whole for one in first]).wall / inflated.wall, 1.5),
        Target("raw to evidence, peak memory in MB", max(one.peak for one in first) / 1e6, 1_000),
        Target("nothing new, wall ÷ zcat", best([one.whole for one in again]).wall / inflated.wall, 0.4),
    ]


def main() -> None:
    """Write logs, or take a folder of them, and print what a run over them takes beside the targets."""
    parser = argparse.ArgumentParser(description="Measure the whole chain against zcat.")
    log_options(parser, repeat=1)
    parser.add_argument("--out", type=Path, help="only run --logs into this folder and print what it took")
    options = parser.parse_args()
    if options.out:
        run(options.logs, options.out)
        return
    with logs_of(options) as logs:
        for target in compare(logs, options.repeat):
            print(target)


if __name__ == "__main__":
    main()
