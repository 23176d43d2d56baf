"""`comprova athena`: shows and sets up what a job needs on Amazon Athena, and which permissions it needs."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from comprova.cli.run import JobName
from comprova.errors import ExitCode

if TYPE_CHECKING:
    from comprova.jobs.athena_setup import SetUp

app = typer.Typer(no_args_is_help=True, help="What a job needs on Amazon Athena: table, workgroup, permissions.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("ddl")
def ddl(job: JobName, as_json: Json = False) -> None:
    """Print the workgroup and the statements that `setup` would make, without a call to AWS."""
    from comprova.cli.content import roots
    from comprova.jobs.athena_setup import athena_source, statements, workgroup_settings
    from comprova.jobs.definition import find_job

    source = athena_source(find_job(job, roots()))
    settings, made = workgroup_settings(source), statements(source)
    if as_json:
        workgroup = {"Name": source.workgroup, "Configuration": settings}
        typer.echo(json.dumps({"workgroup": workgroup, "statements": list(made)}, indent=2))
        return
    typer.echo(f"-- Workgroup {source.workgroup}, in {source.region}:")
    for line in json.dumps(settings, indent=2).splitlines():
        typer.echo(f"-- {line}")
    for statement in made:
        typer.echo(f"\n{statement};")


@app.command("setup")
def setup(
    job: JobName,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    update: Annotated[
        bool,
        typer.Option(
            "--update", help="Change what differs: workgroup settings; the table's definition, which is made anew."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Make the workgroup, the database and the table over the trail's bucket, where they are not there yet.

    What is there stays as it is, and differences are told; --update changes it. Neither touches a log file.
    """
    from comprova.cli.content import roots
    from comprova.engines.athena.access import Access
    from comprova.jobs.athena_setup import Setup, Standing, athena_source
    from comprova.jobs.athena_statements import passing_session
    from comprova.jobs.definition import find_job

    source = athena_source(find_job(job, roots()))
    place = source.place()
    parts = []
    with passing_session(place) as session:

        def execute(sql: str, database: str, name: str) -> object:
            return session.execute(sql, database, name=name)

        for part in Setup(source, Access(place), execute, dry=dry_run, update=update).apply():
            parts.append(part)
            if not as_json:
                _tell(part, dry=dry_run)
    if as_json:
        typer.echo(json.dumps({"dry_run": dry_run, "parts": [part.as_json() for part in parts]}, indent=2))
    differs = any(part.standing is Standing.DIFFERS for part in parts)
    if differs and not as_json:
        typer.echo("Nothing that is there was changed; --update changes it.")
    raise typer.Exit(ExitCode.USAGE if differs else ExitCode.COMPLETE)


def _tell(part: "SetUp", *, dry: bool) -> None:
    from comprova.jobs.athena_setup import Standing

    would = "would be " if dry and part.standing in {Standing.CREATED, Standing.UPDATED} else ""
    typer.echo(f"{part.part.value} {part.name}: {would}{part.standing.value}")
    for one in part.differences:
        typer.echo(f"  {one.name}: expected {one.wanted}, found {one.found}")


@app.command("iam")
def iam(
    job: JobName,
    account: Annotated[
        str, typer.Option("--account", help="In which Athena runs; default: the account that the job's source names.")
    ] = "",
    with_setup: Annotated[bool, typer.Option("--setup", help="With what `athena setup` needs besides.")] = False,
    reasons: Annotated[bool, typer.Option("--reasons", help="Print why each statement is in it.")] = False,
) -> None:
    """Print the smallest IAM policy for the role that runs the job, as JSON; nothing is called."""
    from comprova.cli.content import roots
    from comprova.engines.athena.iam import policy, run_permissions, setup_permissions
    from comprova.jobs.athena_setup import athena_source, grants_of
    from comprova.jobs.definition import find_job

    file = find_job(job, roots())
    grants = grants_of(file.job, athena_source(file), account)
    permissions = run_permissions(grants) + (setup_permissions(grants) if with_setup else ())
    if reasons:
        for permission in permissions:
            typer.echo(f"{permission.sid}: {permission.reason}")
        return
    typer.echo(json.dumps(policy(permissions), indent=2))
