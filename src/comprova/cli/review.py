"""`comprova review`: findings by name, and what people say of them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comprova.cli.accept import EvidencePath
from comprova.errors import ContentError, Problem

if TYPE_CHECKING:
    from datetime import date

    from comprova.catalog.toml_writer import Written
    from comprova.evidence.findings import FindingsReport
    from comprova.evidence.layout import RunLayout
    from comprova.evidence.subject import SubjectValue

app = typer.Typer(help="List the findings of a run, and record what people say of them.", no_args_is_help=True)

On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Default: today, in UTC.")]


@app.command("list")
def list_findings(
    evidence: EvidencePath,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """List every finding with its name, whether it is new or recurs, and the acceptances that cover it."""
    from comprova.evidence.reader import open_evidence

    report = open_evidence(evidence).findings
    if as_json:
        typer.echo(json.dumps(report.model_dump(mode="json"), indent=2))
        return
    for one in report.findings:
        values = ", ".join(f"{name} = {_said(value)}" for name, value in one.subject.items())
        covered = f" accepted by {', '.join(one.acceptances)}" if one.acceptances else ""
        typer.echo(f"{one.id} {one.recurrence.value:<9} {one.query} ({one.rows}){covered}: {values}")


@app.command()
def note(
    evidence: EvidencePath,
    finding: Annotated[str, typer.Argument(help="Its name, such as 4t0hq-m2r8c.")],
    text: Annotated[str, typer.Option("--text", help="What was found out and done.")],
    by: Annotated[str, typer.Option("--by", help="Who says so.")],
    on: On = None,
) -> None:
    """Record a reviewer's disposition of a finding in `review.toml` beside the evidence."""
    from comprova.jobs.accepting import find_finding
    from comprova.jobs.reviewing import add_to_review

    run, report = _opened(evidence)
    values: dict[str, Written] = {"finding": find_finding(report, finding).id, "text": text, "by": by, "on": _day(on)}
    _tell(add_to_review(run, "disposition", values, {one.id for one in report.findings}))


@app.command()
def aware(
    evidence: EvidencePath,
    findings: Annotated[list[str], typer.Argument(help="Names of the findings that show the incident.")],
    incident: Annotated[str, typer.Option("--incident", help="What it is called.")],
    at: Annotated[str, typer.Option("--at", help="The moment, such as 2026-11-03T14:20:00-03:00.")],
    by: Annotated[str, typer.Option("--by", help="Who declares it.")],
    on: On = None,
) -> None:
    """Record when somebody became aware of an incident, from which documents count the legal deadlines.

    Whether the incident must be notified at all is not decided by it.
    """
    from comprova.jobs.accepting import find_finding
    from comprova.jobs.reviewing import add_to_review

    run, report = _opened(evidence)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        expected = "a moment with its offset, such as 2026-11-03T14:20:00-03:00"
        raise ContentError(Problem("--at", expected, repr(at))) from error
    values: dict[str, Written] = {
        "incident": incident,
        "findings": tuple(dict.fromkeys(find_finding(report, name).id for name in findings)),
        "aware_at": moment,
        "declared_by": by,
        "declared_on": _day(on),
    }
    _tell(add_to_review(run, "knowledge", values, {one.id for one in report.findings}))


def _opened(evidence: Path) -> "tuple[RunLayout, FindingsReport]":
    from comprova.evidence.layout import RunLayout
    from comprova.evidence.reader import open_evidence

    opened = open_evidence(evidence)
    return RunLayout(opened.layout.root.resolve().parent), opened.findings


def _said(value: "SubjectValue") -> str:
    """Return a value that a stranger may have written so that no terminal takes a part of it for a command."""
    from comprova.catalog.toml_writer import toml

    match value:
        case None:
            return "NULL"
        case tuple():
            return f"[{', '.join(_said(item) for item in value)}]"
        case _:
            return toml(value)


def _day(on: datetime | None) -> "date":
    return (on or datetime.now(UTC)).date()


def _tell(path: Path) -> None:
    typer.echo(f"Recorded in {path}. `comprova render` puts it into the documents; the evidence stays as it is sealed.")
