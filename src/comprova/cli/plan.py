"""`comprova plan`: shows what a run would do, without reading a log."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from comprova.cli.run import Frameworks, JobName, Languages, Logs, MaxScan, Out, PeriodLabel, choices

if TYPE_CHECKING:
    from comprova.jobs.athena_plan import ScanPlan

_MOST_SHOWN = 5


def plan(
    job: JobName,
    period: PeriodLabel = None,
    logs: Logs = None,
    frameworks: Frameworks = None,
    languages: Languages = None,
    out: Out = None,
    max_scan: MaxScan = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
) -> None:
    """Show which questions a run would ask of which log files, which parameters are missing, and what it would cost.

    No log is read. For a job on Athena the bucket is listed, and no statement runs.
    """
    from comprova.cli.content import roots
    from comprova.jobs.plan import plan_of
    from comprova.jobs.preparation import prepare

    prepared = prepare(job, roots(), choices(period, logs, frameworks, languages, out, max_scan), datetime.now(UTC))
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
    for reason, unread in planned.unread.items():
        shown = [*unread[:_MOST_SHOWN], *(["…"] if len(unread) > _MOST_SHOWN else [])]
        typer.echo(f"May hold logs, and would not be read ({reason}): {len(unread)}: {', '.join(shown)}")
    typer.echo(f"Documents: {len(planned.documents)} in {planned.folder}")
    if planned.scan is not None:
        _tell_scan(planned.scan)


def _tell_scan(scan: "ScanPlan") -> None:
    from comprova.engines.athena.foretelling import STEPS
    from comprova.jobs.sizes import size_of

    to_load = f"{scan.files_to_load} log files of {scan.dates_to_load} delivery dates, {size_of(scan.bytes_to_load)}"
    typer.echo(f"To load: {to_load}; {scan.dates - scan.dates_to_load} dates are loaded")
    parts: dict[str, list[int]] = {}
    for step in scan.steps:
        name = step.step if step.step in STEPS else "queries"
        statements, scanned = parts.setdefault(name, [0, 0])
        parts[name] = [statements + step.statements, scanned + step.bytes_scanned]
    for name, (statements, scanned) in parts.items():
        about = "" if name == "load" else "about "
        typer.echo(f"  {name}: {statements} statements, {about}{size_of(scanned)} scanned")
    typer.echo(f"Scanning: about {size_of(scan.bytes_scanned)}, {scan.currency} {scan.amount:.4f}")
    requests = scan.requests
    typer.echo(f"Requests for log files: {requests.lists} LIST, {requests.gets} GET, USD {requests.usd:.4f}")
    if scan.total is not None:
        typer.echo(f"Together: about {scan.currency} {scan.total:.4f}")
    if not scan.fits and scan.max_scan is not None:
        typer.echo(f"That is more than {size_of(scan.max_scan)}, which the run may scan: part of it would not be run.")
