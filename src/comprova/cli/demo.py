"""`comprova demo`: reports on generated logs of an invented company."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from comprova.cli.run import tell
from comprova.period import Period

JOB = "demo"
MONTH = "2026-10"
"""The month that the demo reports on; fixed, so that everyone sees the same report."""

_MONTHS = 6
"""Of generated logs."""

_EXAMINED = 3
"""Months of which evidence is made unless the user wants more: each costs some twelve seconds of processor time."""


def demo(
    out: Annotated[Path, typer.Option("--out", help="Where logs and reports are written.")] = Path("out"),
    seed: Annotated[int, typer.Option("--seed", help="Of the generated logs; the same seed gives the same bytes.")] = 7,
    months: Annotated[
        int, typer.Option("--months", min=1, max=_MONTHS, help="Of which evidence is made, the last included.")
    ] = _EXAMINED,
    logs_only: Annotated[bool, typer.Option("--logs-only", help="Generate the logs, and report on nothing.")] = False,
) -> None:
    """Generate six months of logs of an invented Brazilian payments company, and report on the last.

    The company, its people and its incidents are invented; the shapes of the events are those of real ones. Evidence is
    made of the months before too, so that the report can say what is new, what recurs and what is gone.
    """
    from comprova.cli.clock import steady_clock
    from comprova.cli.content import roots
    from comprova.cli.index import remake_index
    from comprova.cli.progress import shown_progress
    from comprova.jobs.exclusive import exclusive
    from comprova.jobs.preparation import Choices, prepare
    from comprova.jobs.run import exit_code, run_job
    from comprova.sample import generate

    logs, truth = out / f"demo-logs-{seed}", out / f"demo-truth-{seed}.json"
    # Another demo would take these logs for what an interrupted one left.
    with exclusive(out / JOB), shown_progress() as progress:
        if not truth.is_file():
            shutil.rmtree(logs, ignore_errors=True)  # what an interrupted demo left of it
            progress.begin("sample logs")
            facts = generate(logs, seed=seed, last_month=MONTH, months=_MONTHS)
            # Beside the logs it would be read as one of them.
            (logs / "truth.json").replace(truth)
            progress.end("sample logs", events=facts.events, files=facts.files)
        if logs_only:
            typer.echo(logs)
            return
        clock = steady_clock()
        for period in _months_before(months - 1):
            earlier = prepare(JOB, roots(), Choices(period=period, logs=logs, out=out), clock())
            run_job(earlier, clock, progress, revise=True, documents=False)
        prepared = prepare(JOB, roots(), Choices(period=MONTH, logs=logs, out=out), clock())
        result = run_job(prepared, clock, progress, revise=True)
    code = exit_code(result.evidence, prepared.job.job.limits, fail_on_exceptions=False)
    tell(result, code, as_json=False)
    remake_index(out)
    typer.echo(f"What was planted in these logs: {truth}")
    raise typer.Exit(code)


def _months_before(count: int) -> list[str]:
    """Return the names of so many months before the last, oldest first: each is compared with the one before it."""
    periods = [Period.parse(MONTH, "UTC")]
    while len(periods) <= count:
        periods.insert(0, periods[0].before)
    return [period.label for period in periods[:-1]]
