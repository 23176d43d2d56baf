"""`comprova accept`: records that a finding is tolerated."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from comprova.errors import ContentError, Problem

EvidencePath = Annotated[Path, typer.Argument(help="An evidence folder, or the folder of the run around it.")]


def accept(
    evidence: EvidencePath,
    finding: Annotated[str, typer.Argument(help="Its name, such as 4t0hq-m2r8c; documents print it beside rows.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is tolerated.")],
    approver: Annotated[str, typer.Option("--approver", help="Who decided.")],
    preparer: Annotated[str, typer.Option("--preparer", help="Who writes the entry; somebody else.")],
    ticket: Annotated[str, typer.Option("--ticket", help="Where the decision is recorded.")],
    expires_on: Annotated[
        datetime, typer.Option("--expires-on", formats=["%Y-%m-%d"], help="The last day on which it holds.")
    ],
    approved_on: Annotated[
        datetime | None, typer.Option("--approved-on", formats=["%Y-%m-%d"], help="Default: today, in UTC.")
    ] = None,
    entry_id: Annotated[str | None, typer.Option("--id", help="Default: the next of ACC-1, ACC-2 and so on.")] = None,
    job: Annotated[str | None, typer.Option("--job", help="The job's file; default: the one in jobs/.")] = None,
) -> None:
    """Write an acceptance of a finding into the file that the job names as `acceptances`.

    The file's other entries and comments stay as they are. Sealed evidence does not change: the next run of the job
    reads the file, and `run --revise` makes a new revision of a month that was run before.
    """
    from comprova.catalog.catalog import load_catalog
    from comprova.cli.content import roots
    from comprova.evidence.reader import open_evidence
    from comprova.jobs.accepting import Decision, find_finding
    from comprova.jobs.accepting import accept as write_acceptance
    from comprova.jobs.definition import find_job

    opened = open_evidence(evidence)
    found = find_finding(opened.findings, finding)
    job_id = opened.assessment.scope.job
    job_file = find_job(job or job_id, roots())
    if job_file.job.id != job_id:
        raise ContentError(Problem("--job", f"the job of this evidence, {job_id}", job_file.job.id))
    decision = Decision(
        id=entry_id,
        reason=reason,
        approver=approver,
        preparer=preparer,
        ticket=ticket,
        approved_on=(approved_on or datetime.now(UTC)).date(),
        expires_on=expires_on.date(),
    )
    written, path = write_acceptance(found, decision, job_file, load_catalog(roots()))
    typer.echo(f"{written}: {found.id} of {found.query}, until {decision.expires_on}, in {path}")
