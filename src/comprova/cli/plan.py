"""`comprova plan`: shows what a run would do, without reading a log."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from comprova.cli.run import Frameworks, JobName, Languages, Logs, Out, PeriodLabel, choices


def plan(
    job: JobName,
    period: PeriodLabel = None,
    logs: Logs = None,
    frameworks: Frameworks = None,
    languages: Languages = None,
    out: Out = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
) -> None:
    """Show which questions a run would ask of which log files, and which parameters are missing."""
    from comprova.cli.content import roots
    from comprova.jobs.plan import plan_of
    from comprova.jobs.preparation import prepare

    prepared = prepare(job, roots(), choices(period, logs, frameworks, languages, out), datetime.now(UTC))
    planned = plan_of(prepared, datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps(planned.as_json(), indent=2))
        return
    typer.echo(
        f"{prepared.job.job.id}, period {prepared.period.label}: {prepared.period.start} to {prepared.period.end}"
    )
    if not planned.closed:
        typer.echo("The period is not closed: its last events may still be delivered, so absence cannot be claimed.")
    typer.echo(f"Frameworks: {', '.join(planned.frameworks)}")
    typer.echo(f"Queries: {len(planned.queries)}")
    for name, queries in planned.unset.items():
        typer.echo(f"  parameter {name} is not set; inconclusive without it: {', '.join(queries)}")
    typer.echo(
        f"Log files: {planned.files}, {planned.bytes} bytes, delivered {planned.first_date} to {planned.last_date}"
    )
    typer.echo(f"Accounts: {', '.join(planned.accounts) or 'none'}")
    for kind, count in planned.skipped.items():
        typer.echo(f"Not event logs ({kind}): {count}")
    typer.echo(f"Documents: {len(planned.documents)} in {planned.folder}")
