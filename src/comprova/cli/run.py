"""`comprova run`: runs a job for a period."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comprova.catalog.text import Language
from comprova.errors import ExitCode

if TYPE_CHECKING:
    from comprova.jobs.preparation import Choices
    from comprova.jobs.run import RunResult


class FailOn(StrEnum):
    """What besides failure makes the exit code other than 0."""

    NOTHING = "nothing"
    EXCEPTIONS = "exceptions"


JobName = Annotated[str, typer.Argument(metavar="JOB", help="A TOML file, or the name of one in jobs/.")]
PeriodLabel = Annotated[
    str | None,
    typer.Option("--period", help="2026-10, 2026-Q3 or 2026-10-01..2026-10-15; default: the month before this one."),
]
Logs = Annotated[
    Path | None, typer.Option("--logs", help="A folder of CloudTrail files, in place of the job's source.")
]
Frameworks = Annotated[str | None, typer.Option("--frameworks", help="Comma-separated: lgpd,pci-dss@4.0.1.")]
Languages = Annotated[str | None, typer.Option("--languages", help="Comma-separated: en,pt-BR.")]
Out = Annotated[Path | None, typer.Option("--out", help="Where runs are written.")]
MaxScan = Annotated[
    str | None,
    typer.Option(
        "--max-scan", metavar="SIZE", help="What the run may scan on Athena, such as 500GB; the rest is not run."
    ),
]


def run(
    job: JobName,
    period: PeriodLabel = None,
    logs: Logs = None,
    frameworks: Frameworks = None,
    languages: Languages = None,
    out: Out = None,
    max_scan: MaxScan = None,
    revise: Annotated[
        bool, typer.Option("--revise", help="Make a new revision if the inputs have changed or a question failed.")
    ] = False,
    evidence_only: Annotated[
        bool,
        typer.Option("--evidence-only", help="Render nothing; `comprova render`, or the command without it, does."),
    ] = False,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="Exit with code 10 on exceptions.")] = FailOn.NOTHING,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Read logs, ask every question, seal the evidence and render the documents of one period.

    The same command goes on where an interrupted run ended, and does nothing where everything is there already.
    """
    from comprova.cli.clock import steady_clock
    from comprova.cli.content import roots
    from comprova.cli.index import remake_index
    from comprova.cli.progress import shown_progress
    from comprova.jobs.preparation import prepare
    from comprova.jobs.run import exit_code, run_job

    clock = steady_clock()
    prepared = prepare(job, roots(), choices(period, logs, frameworks, languages, out, max_scan), clock())
    with shown_progress() as progress:
        result = run_job(prepared, clock, progress, revise=revise, documents=not evidence_only)
    code = exit_code(result.evidence, prepared.job.job.limits, fail_on_exceptions=fail_on is FailOn.EXCEPTIONS)
    tell(result, code, as_json=as_json)
    remake_index(prepared.out, quiet=as_json)
    raise typer.Exit(code)


def choices(
    period: str | None,
    logs: Path | None,
    frameworks: str | None,
    languages: str | None,
    out: Path | None,
    max_scan: str | None = None,
) -> "Choices":
    """Return what the options choose in place of the job file."""
    from comprova.jobs.preparation import Choices

    return Choices(
        period=period,
        logs=logs,
        frameworks=names(frameworks, "--frameworks"),
        languages=languages_of(languages),
        out=out,
        max_scan=_size(max_scan, "--max-scan"),
    )


def _size(text: str | None, option: str) -> int | None:
    from comprova.jobs.sizes import bytes_of

    if text is None:
        return None
    try:
        return bytes_of(text)
    except ValueError as error:
        message = f"expected {error}, found {text!r}"
        raise typer.BadParameter(message, param_hint=option) from error


def names(text: str | None, option: str) -> tuple[str, ...] | None:
    """Return the parts of a comma-separated option; None where it is not given.

    Raises:
        typer.BadParameter: It names nothing, or something twice.
    """
    if text is None:
        return None
    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    if not parts or len(set(parts)) != len(parts):
        message = f"expected one name or more, each once, found {text!r}"
        raise typer.BadParameter(message, param_hint=option)
    return parts


def language_of(text: str) -> Language:
    """Return the language of an option, by its locale name or its tag.

    Raises:
        typer.BadParameter: It is no name of a language.
    """
    try:
        return Language(text.replace("-", "_"))
    except ValueError as error:
        message = f"expected {error}, found {text!r}"
        raise typer.BadParameter(message) from error


def languages_of(text: str | None) -> tuple[Language, ...] | None:
    """Return the languages of an option; None where it is not given.

    Raises:
        typer.BadParameter: One of them is not known.
    """
    parts = names(text, "--languages")
    if parts is None:
        return None
    return tuple(dict.fromkeys(map(language_of, parts)))


def tell(result: "RunResult", code: ExitCode, *, as_json: bool) -> None:
    """Print what a run came to: outcomes, and where evidence and documents lie."""
    assessment = result.evidence.assessment
    counts: dict[str, int] = {}
    for query in assessment.queries:
        counts[query.outcome.value] = counts.get(query.outcome.value, 0) + 1
    if as_json:
        said = {
            "job": assessment.scope.job,
            "period": assessment.scope.period,
            "run": str(result.layout.root),
            "outcomes": counts,
            "assurance": result.evidence.assurance.assurance.value,
            "documents": list(result.documents),
            "untouched": result.untouched,
            "compared_with": result.compared_with,
            "newer": result.newer,
            "exit_code": int(code),
        }
        typer.echo(json.dumps(said, indent=2, sort_keys=True))
        return
    if result.untouched:
        typer.echo("Nothing to do: evidence and documents of the same inputs are there.")
    if result.newer:
        typer.echo(f"Findings were compared with {result.compared_with}. --revise compares with {result.newer}.")
    typer.echo(f"{assessment.scope.period}: {', '.join(f'{count} {name}' for name, count in sorted(counts.items()))}")
    typer.echo(f"Evidence: {result.layout.evidence.root}")
    if result.documents:
        typer.echo(f"Documents: {result.layout.documents}")
    for name in result.documents:
        typer.echo(f"  {name}")
