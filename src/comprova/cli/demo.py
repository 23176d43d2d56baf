"""`comprova demo`: reports on generated logs of an invented company."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from comprova.cli.run import tell

MONTH = "2026-10"
"""The month that the demo reports on; fixed, so that everyone sees the same report."""


def demo(
    out: Annotated[Path, typer.Option("--out", help="Where logs and reports are written.")] = Path("out"),
    seed: Annotated[int, typer.Option("--seed", help="Of the generated logs; the same seed gives the same bytes.")] = 7,
) -> None:
    """Generate three months of logs of an invented Brazilian payments company, and report on the last.

    The company, its people and its incidents are invented; the shapes of the events are those of real ones.
    """
    from comprova.cli.content import roots
    from comprova.cli.progress import shown_progress
    from comprova.jobs.preparation import Choices, prepare
    from comprova.jobs.run import exit_code, run_job
    from comprova.sample import generate

    logs, truth = out / f"demo-logs-{seed}", out / f"demo-truth-{seed}.json"
    with shown_progress() as progress:
        if not truth.is_file():
            shutil.rmtree(logs, ignore_errors=True)  # what an interrupted demo left of it
            progress.begin("sample logs")
            facts = generate(logs, seed=seed, last_month=MONTH)
            # Beside the logs it would be read as one of them.
            (logs / "truth.json").replace(truth)
            progress.end("sample logs", events=facts.events, files=facts.files)
        choices = Choices(period=MONTH, logs=logs, out=out)
        prepared = prepare("demo", roots(), choices, datetime.now(UTC))
        result = run_job(prepared, lambda: datetime.now(UTC), progress, revise=True)
    code = exit_code(result.evidence, prepared.job.job.limits, fail_on_exceptions=False)
    tell(result, code, as_json=False)
    typer.echo(f"What was planted in these logs: {truth}")
    raise typer.Exit(code)
